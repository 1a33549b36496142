"""The app's name for Django."""

from django.apps import AppConfig


class Ledger(AppConfig):
    name = "lianxin.ledger"
    label = "ledger"
    verbose_name = "底账"
