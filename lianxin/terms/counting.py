"""What a change of term puts on its lists at the hour, so that it is counted: the renewal, and a listing a seat.

No names: who sits where is said by the posts. Undoing takes all of it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from lianxin.access.actor import Actor
from lianxin.base.codes import level_of
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Refused
from lianxin.kinds.listings import laid
from lianxin.kinds.listings.laid import Laid
from lianxin.net.models import Organisation, Post
from lianxin.net.posts import held_on
from lianxin.terms.accounts import known_at_the_hour
from lianxin.terms.models import Act, Done, Seat, TermChange

RENEWALS, SEATS = "term-renewals", "term-seats"
_AGES = ((35, "under-35"), (45, "under-45"), (55, "under-55"))
_OLDER = "from-55"


def count_renewal(
    actor: Actor, change: TermChange, body: Organisation, seats: Sequence[Seat], *, at: dt.datetime
) -> list[Done]:
    """Lay the renewal and its seats, let those of the term before leave. Before the posts change: who is new shows."""
    today = at.astimezone(SHANGHAI).date()
    before = laid.standing_laid(actor, body.region, body.pk)
    if any(listing.day >= today for listing in before):
        raise Refused("今天已经换过一次届；换错了请先撤回那一次。")
    laid.leave(actor, before, why="换届", at=at)
    level = level_of(body.region).name.lower()
    drafts = [Laid(RENEWALS, body.pk, level=level, answers={"change": change.name})]
    drafts += [
        Laid(SEATS, body.pk, category=rank_of(seat.title), level=level, answers=answers)
        for seat, answers in zip(seats, _answers(body, seats, today), strict=True)
    ]
    keys = laid.lay(actor, body.region, drafts, at=at)
    return [
        *(Done(act=Act.LEFT, key=listing.key) for listing in before),
        *(Done(act=Act.LISTED, key=key) for key in keys),
    ]


def _answers(body: Organisation, seats: Sequence[Seat], today: dt.date) -> Iterable[dict[str, str]]:
    known = known_at_the_hour([seat.person for seat in seats], on=today)
    serving = set(Post.objects.filter(held_on(today), organisation=body).values_list("person", flat=True))
    for seat in seats:
        age = known.get(seat.person, ("", None))[1]
        yield {
            "title": seat.title,
            "age": "" if age is None else age_class(age),
            "schooling": seat.schooling,
            "both": "yes" if seat.sits_in_both else "no",
            "new": "no" if seat.person in serving else "yes",
        }


def age_class(age: int) -> str:
    """The class of a full age in years."""
    return next((code for limit, code in _AGES if age < limit), _OLDER)


def rank_of(title: str) -> str:
    """Chair, deputy or member, by the words of a title."""
    if "主席" not in title:
        return "member"
    return "deputy" if "副" in title else "chair"


def uncount_renewals(actor: Actor, done: Iterable[Done], *, because: str, at: dt.datetime) -> None:
    """Take back what was laid, and put back on what had left."""
    ours = [each for each in done if each.act in (Act.LISTED, Act.LEFT)]
    for region, group in groupby(sorted(ours, key=lambda each: each.region), key=lambda each: each.region):
        acts = list(group)
        laid.lift(
            actor,
            region,
            laid=[each.key for each in acts if each.act == Act.LISTED],
            left=[each.key for each in acts if each.act == Act.LEFT],
            because=because,
            at=at,
        )
