"""Files of minors and the like: whoever opens one, or a list of them, leaves an entry in the access log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import nullcontext

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.catalog.current import catalog


def note_view(actor: Actor, kind: str, key: str, *, region: str, seal: str, at: dt.datetime) -> None:
    """Call it before the page is made: where the log takes no more, the file is not shown."""
    if seal == Seal.OPEN:
        return
    with transaction.atomic():
        note(actor, Act.VIEW, at=at, about=Thing(kind, key, region))


def note_lists(actor: Actor, programmes: Iterable[str], *, at: dt.datetime) -> None:
    """The same for a page of lists: one entry for each of these that is protected."""
    found = (catalog().find_programme(code) for code in sorted(set(programmes)))
    watched = [spec.code for spec in found if spec and spec.seal != Seal.OPEN.value]
    with transaction.atomic() if watched else nullcontext():
        for code in watched:
            note(actor, Act.VIEW, at=at, about=Thing("list", code))
