"""The app's name for Django."""

from django.apps import AppConfig


class Audit(AppConfig):
    name = "lianxin.audit"
    label = "audit"
    verbose_name = "查阅记录"
