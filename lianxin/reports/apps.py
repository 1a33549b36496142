"""The app's name for Django."""

from django.apps import AppConfig


class Reports(AppConfig):
    name = "lianxin.reports"
    label = "reports"
    verbose_name = "报告"
