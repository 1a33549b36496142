"""The app's name for Django."""

from django.apps import AppConfig


class Quality(AppConfig):
    name = "lianxin.quality"
    label = "quality"
    verbose_name = "数据质量"
