"""The app's name for Django; tells `records` that this kind is here."""

from django.apps import AppConfig


class Visits(AppConfig):
    name = "lianxin.kinds.visits"
    label = "visits"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded its apps.
        from lianxin.kinds.visits.kind import VisitKind  # noqa: PLC0415
        from lianxin.records.kinds import install  # noqa: PLC0415

        install(VisitKind())
