"""The app's name for Django."""

from django.apps import AppConfig


class Exchange(AppConfig):
    name = "lianxin.exchange"
    label = "exchange"
    verbose_name = "导入导出"
