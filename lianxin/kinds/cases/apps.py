"""The app's name for Django; tells `records` that this kind is here."""

from django.apps import AppConfig


class Cases(AppConfig):
    name = "lianxin.kinds.cases"
    label = "cases"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded its apps.
        from lianxin.kinds.cases.kind import CaseKind  # noqa: PLC0415
        from lianxin.records.kinds import install  # noqa: PLC0415

        install(CaseKind())
