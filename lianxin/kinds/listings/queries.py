"""Reading listings: who stands on which list. Every read names the actor, but for the one uniqueness question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from lianxin.access.actor import Actor
from lianxin.base.days import say_day
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.models import Listing
from lianxin.records.kinds import Card


def standing(asked: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """(list, subject) → the record that stands open there, for (list, subject, record key) asked about."""
    asked = list(asked)
    rows = Listing.objects.unscoped("whether somebody stands on a list already is asked over all regions").filter(
        is_void=False,
        off_day__isnull=True,
        subject__in={subject for _, subject, _ in asked},
        programme__in={programme for programme, _, _ in asked},
    )
    return {(programme, subject): key for programme, subject, key in rows.values_list("programme", "subject", "key")}


def listings_of(actor: Actor, subjects: Sequence[str]) -> tuple[Listing, ...]:
    """The lists that these subjects stand or stood on, newest first."""
    rows = Listing.objects.seen_by(actor).filter(is_void=False, subject__in=subjects)
    return tuple(rows.order_by("-day", "-seq"))


def listing_cards(actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
    """These listings in two lines each, as far as the actor may see them."""
    return {row.key: _card(row) for row in Listing.objects.seen_by(actor).filter(key__in=keys)}


def list_name(code: str) -> str:
    """What a list is called today; its code when it has left the catalogue."""
    programme = catalog().find_programme(code)
    return programme.name if programme else code


def _card(listing: Listing) -> Card:
    detail = f"{say_day(listing.off_day)}离册：{listing.off_why}" if listing.off_day else listing.note
    return Card(
        key=listing.key,
        kind="listing",
        day=listing.day,
        region=listing.region,
        title=f"建档 · {list_name(listing.programme)}",
        detail=detail,
        url_name="listing",
        is_void=listing.is_void,
    )


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """How a list of listings is narrowed. Empty means: not by this; `state` is standing, closed or due."""

    programme: str = ""
    category: str = ""
    state: str = "standing"
    region: str = ""


def listings_matching(actor: Actor, chosen: ListingFilter) -> QuerySet[Listing]:
    """The listings that a filter chooses, newest first."""
    rows = Listing.objects.seen_by(actor).filter(is_void=False)
    if chosen.programme:
        rows = rows.filter(programme=chosen.programme)
    if chosen.category:
        rows = rows.filter(category=chosen.category)
    if chosen.state:
        rows = rows.filter(off_day__isnull=chosen.state == "standing")
    if exact := {6: "county", 9: "town", 12: "region"}.get(len(chosen.region)):
        rows = rows.filter(**{exact: chosen.region})
    return rows.order_by("-day", "-seq")
