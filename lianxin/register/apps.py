"""The app's name for Django."""

from django.apps import AppConfig


class Register(AppConfig):
    name = "lianxin.register"
    label = "register"
    verbose_name = "户与人"
