"""The app's name for Django, and what open work of this room hangs on an account."""

from django.apps import AppConfig


class Terms(AppConfig):
    name = "lianxin.terms"
    label = "terms"
    verbose_name = "换届"

    def ready(self) -> None:
        from lianxin.net.leaving import hand_over_with  # noqa: PLC0415 — models are ready only now
        from lianxin.terms.leaving import SetChanges  # noqa: PLC0415

        hand_over_with(SetChanges())
