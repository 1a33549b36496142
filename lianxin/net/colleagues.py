"""What accounts are called, and who works beside whom: for “by” lines and for “who came along”."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION
from lianxin.net.actors import in_force
from lianxin.net.models import Account, Appointment

MOST = 12


def account_names(keys: Iterable[str]) -> dict[str, str]:
    """Account id → display name, for those that exist; one query."""
    wanted = {key for key in keys if key}
    return dict(Account.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def usernames(keys: Iterable[str]) -> dict[str, str]:
    """Account id → what she signs in as; one query."""
    return dict(Account.objects.filter(id__in=list(keys)).values_list("id", "username"))


def colleagues(actor: Actor, *, today: dt.date) -> dict[str, str]:
    """Account id → name of those appointed to the very same places, herself left out; at most MOST."""
    places = [region for region in actor.regions(Verb.VISIT_RECORD) if region != NATION]
    if not places:
        return {}
    rows = Appointment.objects.filter(in_force(today), region__in=places, account__is_active=True)
    rows = rows.exclude(account=actor.account).order_by("account__name")
    return dict(rows.values_list("account_id", "account__name").distinct()[:MOST])
