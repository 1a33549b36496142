"""What somebody has typed and not yet saved, sealed on the server: a closed browser or a shared phone holds nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.access.actor import Actor
from lianxin.records.models import SavedDraft
from lianxin.vault.box import seal, unseal

KEPT_FOR = dt.timedelta(days=30)
SIZE_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Typed:
    """The posted fields of one form, as typed, and when."""

    fields: Mapping[str, list[str]]
    at: dt.datetime


def keep_typed(actor: Actor, form: str, fields: Mapping[str, list[str]], *, at: dt.datetime) -> bool:
    """Keep what stands in a form now; False when it is too large to be anybody's form."""
    text = json.dumps(dict(fields), ensure_ascii=False)
    if len(text) > SIZE_MOST:
        return False
    SavedDraft.objects.update_or_create(
        account=actor.account,
        form=form,
        defaults={"payload": seal(text, context=_context(actor, form)), "at": at},
    )
    return True


def typed_before(actor: Actor, form: str, *, now: dt.datetime) -> Typed | None:
    """What was typed into this form last time, unless saved, thrown away, or older than a month."""
    row = SavedDraft.objects.filter(account=actor.account, form=form, at__gt=now - KEPT_FOR).first()
    if row is None:
        return None
    fields: dict[str, Any] = json.loads(unseal(bytes(row.payload), context=_context(actor, form)))
    return Typed({name: [str(value) for value in values] for name, values in fields.items()}, row.at)


def forget_typed(actor: Actor, form: str) -> None:
    kept = SavedDraft.objects.filter(account=actor.account, form=form)
    if kept.exists():  # most forms are saved at once; nobody has to wait for nothing to be deleted
        kept.delete()


def clear_old_drafts(*, now: dt.datetime) -> int:
    """Drafts nobody came back to; called when the house is prepared. Returns how many."""
    return SavedDraft.objects.filter(at__lte=now - KEPT_FOR).delete()[0]


def _context(actor: Actor, form: str) -> str:
    return f"draft:{actor.account}:{form}"
