"""The kinds of import there are."""

from __future__ import annotations

from lianxin.base.errors import Refused
from lianxin.exchange.imports.kinds import Kind
from lianxin.exchange.imports.listings import Listings
from lianxin.exchange.imports.organisations import Organisations
from lianxin.exchange.imports.people import Households, Persons

KINDS: dict[str, Kind] = {kind.code: kind for kind in (Persons(), Households(), Organisations(), Listings())}
_ALSO = {
    "person": "persons",
    "people": "persons",
    "household": "households",
    "organisation": "organisations",
    "organizations": "organisations",
    "organization": "organisations",
    "listing": "listings",
}


def kind_of(code: str) -> Kind:
    """By its code; Refused for none."""
    kind = KINDS.get(_ALSO.get(code.lower(), code.lower()))
    if kind is None:
        names = "、".join(f"{each.code}（{each.name}）" for each in KINDS.values())
        raise Refused(f"不能导入“{code}”，可以导入的有：{names}。", field="kind")
    return kind
