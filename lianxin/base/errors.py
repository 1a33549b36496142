"""The one family of errors whose words are written for the person who sees them."""

from __future__ import annotations

from dataclasses import dataclass, field


class Refused(Exception):
    """Something asked for cannot be done; `str()` is a Chinese sentence that says what to do instead.

    `field` names the form field it belongs to ("" for the whole form).
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Forbidden(Refused):
    """The actor may see the thing but not do this to it (403)."""


class Unseen(Refused):
    """For this actor the thing does not exist (404)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one field of a form or one row of a file."""

    field: str
    message: str


@dataclass
class Problems(Exception):
    """Everything that is wrong with one input, collected, so that nobody mends a form one error at a time."""

    items: list[Problem] = field(default_factory=list)

    def add(self, field: str, message: str) -> None:
        self.items.append(Problem(field, message))

    def with_item(self, field: str, message: str) -> Problems:
        self.add(field, message)
        return self

    def raise_if_any(self) -> None:
        if self.items:
            raise self

    def __str__(self) -> str:
        return "；".join(item.message for item in self.items)
