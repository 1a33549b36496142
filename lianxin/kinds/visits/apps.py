"""The app's name for Django."""

from django.apps import AppConfig


class Visits(AppConfig):
    name = "lianxin.kinds.visits"
    label = "visits"
    verbose_name = "走访"
