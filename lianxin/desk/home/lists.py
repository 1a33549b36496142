"""What waits on the lists: files to look at again, children who turn an age or have outgrown their list."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.kinds.listings.ages import turnings
from lianxin.kinds.listings.readings import how_many_due
from lianxin.ui.parts import Line

MONTHS = 6


def list_lines(actor: Actor, *, today: dt.date) -> tuple[Line, ...]:
    """Nothing for who may not change what stands on a list, and nothing where nothing waits."""
    if not actor.may(Verb.LISTING_AMEND):
        return ()
    lines = []
    if due := how_many_due(actor, on=today):
        lines.append(
            Line(text=f"{due:,} 份档案该复核了", note="去看看还是不是这样，看过记一笔", href=reverse("listings-due"))
        )
    found = turnings(actor, on=today, months=MONTHS)
    if found:
        over = sum(each.is_over for each in found)
        soon = len(found) - over
        said = [f"{over} 个孩子超龄还在册"] if over else []
        said += [f"{soon} 个半年内满 14、16、18 周岁"] if soon else []
        lines.append(Line(text="，".join(said), note="该离册的离册，该换册的换册", href=reverse("listings-ages")))
    return tuple(lines)
