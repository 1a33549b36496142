"""The app's name for Django; tells `records` that this kind is here."""

from django.apps import AppConfig


class Visits(AppConfig):
    name = "lianxin.kinds.visits"
    label = "visits"
