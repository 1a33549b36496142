"""Reading listings: who stands on which list. Every read names the actor, but for the one uniqueness question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal
from lianxin.base.days import say_day, today
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.models import Listing
from lianxin.records.kinds import Card
from lianxin.records.models import SCOPE
from lianxin.register.aliases import same_as


def standing(asked: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """(list, subject) → the record that stands open there, for (list, subject, record key) asked about."""
    asked = list(asked)
    heads: dict[str, list[str]] = {}
    for subject, keys in same_as({subject for _, subject, _ in asked}).items():
        for key in keys:
            heads.setdefault(key, []).append(subject)
    rows = Listing.objects.unscoped("whether somebody stands on a list already is asked over all regions").filter(
        is_void=False,
        off_day__isnull=True,
        subject__in=heads,
        programme__in={programme for programme, _, _ in asked},
    )
    found = rows.values_list("programme", "subject", "key")
    return {(programme, asked_for): key for programme, subject, key in found for asked_for in heads[subject]}


def on_same_list(ours: Collection[str], theirs: Collection[str]) -> str:
    """A list on which both stand and may stand but once, "" for none."""
    rows = Listing.objects.unscoped("whether somebody stands on a list already is asked over all regions")
    rows = rows.filter(is_void=False, off_day__isnull=True, slot="")
    mine = set(rows.filter(subject__in=ours).values_list("programme", flat=True))
    return min(mine.intersection(rows.filter(subject__in=theirs).values_list("programme", flat=True)), default="")


def listings_of(actor: Actor, subjects: Sequence[str]) -> tuple[Listing, ...]:
    """The lists that these subjects stand or stood on, newest first. Whoever is merged comes under each of her keys."""
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
    named = f"：{listing.headline}" if listing.headline else ""
    return Card(
        key=listing.key,
        kind="listing",
        day=listing.day,
        region=listing.region,
        title=f"建档 · {list_name(listing.programme)}{named}",
        detail=detail,
        url_name="listing",
        is_void=listing.is_void,
        is_delicate=listing.seal != Seal.OPEN.value,
    )


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """How a list of listings is narrowed. Empty means: not by this.

    `state`: standing, due (a review is overdue), lapsed (no longer valid) or closed; `on`: who stood on that ISO day.
    """

    programme: str = ""
    category: str = ""
    level: str = ""
    grade: str = ""
    state: str = "standing"
    region: str = ""
    on: str = ""


def stands(day: date) -> Q:
    """On the list on a day: put on, not taken off, still valid."""
    return Q(is_void=False, day__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def in_state(chosen: ListingFilter, day: date) -> Q:
    match chosen.state:
        case "due":
            return stands(day) & Q(review_on__lt=day)
        case "lapsed":
            return Q(is_void=False, off_day__isnull=True, ends__lte=day)
        case "closed":
            return Q(is_void=False, off_day__isnull=False)
        case "standing":
            return stands(day)
        case _:
            return Q(is_void=False)


def listings_matching(actor: Actor, chosen: ListingFilter) -> QuerySet[Listing]:
    """The listings that a filter chooses as they stand now, newest first; those overdue longest first."""
    rows = Listing.objects.seen_by(actor).filter(in_state(chosen, today()), narrowed(chosen))
    return rows.order_by("review_on", "seq") if chosen.state == "due" else rows.order_by("-day", "-seq")


def narrowed(chosen: ListingFilter) -> Q:
    """By everything but the state: the same columns of listings and of spells."""
    found = Q()
    if chosen.programme:
        found &= Q(programme=chosen.programme)
    if chosen.category:
        codes = _with_sub_classes(chosen)
        asked = Q(category__in=codes)
        for code in codes:
            asked |= Q(also__contains=f";{code};")
        found &= asked
    for name in ("level", "grade"):
        if value := getattr(chosen, name):
            found &= Q(**{name: value})
    if chosen.region:
        found &= SCOPE.area(chosen.region)
    return found


def _with_sub_classes(chosen: ListingFilter) -> list[str]:
    specs = [catalog().find_programme(chosen.programme)] if chosen.programme else catalog().of_kind("listing")
    under = [each.code for spec in specs if spec for each in spec.categories if each.under == chosen.category]
    return [chosen.category, *under]
