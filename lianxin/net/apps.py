"""The app's name for Django."""

from django.apps import AppConfig


class Net(AppConfig):
    name = "lianxin.net"
    label = "net"
    verbose_name = "网络"
