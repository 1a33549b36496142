"""Every address of the house, as the resolver knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL pattern; `view` is the Screen class, or the plain function."""

    name: str
    route: str
    view: Any

    @property
    def has_arguments(self) -> bool:
        return "<" in self.route


def addresses() -> tuple[Address, ...]:
    return tuple(_walked(get_resolver(), ""))


def _walked(resolver: URLResolver, before: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(entry.name or "", route, getattr(entry.callback, "view_class", entry.callback))
        else:
            yield from _walked(entry, route)
