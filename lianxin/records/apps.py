"""The app's name for Django; tells the guard whose team a record is."""

from django.apps import AppConfig


class Records(AppConfig):
    name = "lianxin.records"
    label = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        # Models can be imported only once Django has loaded its apps.
        from lianxin.access.circle import install  # noqa: PLC0415
        from lianxin.records.circle import TeamCircle  # noqa: PLC0415

        install(TeamCircle())
