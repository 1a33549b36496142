"""The app's name for Django."""

from django.apps import AppConfig


class Records(AppConfig):
    name = "lianxin.records"
    label = "records"
    verbose_name = "记录"
