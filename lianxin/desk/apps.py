"""The app's name for Django."""

from django.apps import AppConfig


class Desk(AppConfig):
    name = "lianxin.desk"
    label = "desk"
    verbose_name = "工作台"
