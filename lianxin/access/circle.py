"""Who is in the circle of a record that only its team may read. The rows stand in `records`, which installs itself.

Not here: what a supervisor may do (Actor.reach); when a kind of record is kept for its team (the catalogue's `seal`).
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import QuerySet


class Circle(Protocol):
    """Three questions about one account, each answered with a subquery of record keys, asked anew at every read."""

    def seated(self, account: str) -> QuerySet[Any]:
        """Records whose team she is in now, or that she opened by breaking the glass."""

    def recused(self, account: str) -> QuerySet[Any]:
        """Records that she was taken off for a conflict of interest."""

    def of_kin(self, person: str) -> QuerySet[Any]:
        """Records with a party of her own household or family, now or ever."""


_installed: list[Circle] = []


def install(circle: Circle) -> None:
    """Called once, by the room that keeps the rows, when Django starts."""
    _installed[:] = [circle]


def circle() -> Circle:
    return _installed[0]
