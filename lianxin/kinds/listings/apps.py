"""The app's name for Django; tells `records` that this kind is here."""

from django.apps import AppConfig


class Listings(AppConfig):
    name = "lianxin.kinds.listings"
    label = "listings"
