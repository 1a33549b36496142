"""The app's name for Django."""

from django.apps import AppConfig


class Terms(AppConfig):
    name = "lianxin.terms"
    label = "terms"
    verbose_name = "换届"
