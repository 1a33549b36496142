"""The app's name for Django."""

from django.apps import AppConfig


class Ui(AppConfig):
    name = "lianxin.ui"
    label = "ui"
    verbose_name = "界面"
