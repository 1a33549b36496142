"""The app's name for Django."""

from django.apps import AppConfig


class Listings(AppConfig):
    name = "lianxin.kinds.listings"
    label = "listings"
    verbose_name = "建档"
