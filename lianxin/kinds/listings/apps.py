"""The app's name for Django; tells `records` that this kind is here."""

from django.apps import AppConfig


class Listings(AppConfig):
    name = "lianxin.kinds.listings"
    label = "listings"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded its apps.
        from lianxin.kinds.listings.kind import ListingKind  # noqa: PLC0415
        from lianxin.records.kinds import install  # noqa: PLC0415

        install(ListingKind())
