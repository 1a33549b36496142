"""The app's name for Django."""

from django.apps import AppConfig


class Outreach(AppConfig):
    name = "lianxin.outreach"
    label = "outreach"
    verbose_name = "联络"
