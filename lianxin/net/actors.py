"""From an account to the Actor of a request: its open appointments become grants, in one query."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from lianxin.access.actor import Actor, Grant
from lianxin.access.roles import Role, roles
from lianxin.base.codes import Level, level_of
from lianxin.net.models import Account, Appointment

log = logging.getLogger(__name__)

NOBODY = Actor(account="", name="")


def known_roles() -> dict[str, Role]:
    """The roles of this installation, by code."""
    return roles(settings.CATALOG_DIR / "roles.toml")


def in_force(today: dt.date) -> Q:
    """Appointments that count on a day: starts ≤ day < ends."""
    return Q(starts__lte=today) & (Q(ends__isnull=True) | Q(ends__gt=today))


def actor_of(account: Account, *, today: dt.date) -> Actor:
    """The account as an actor today. Switched-off accounts and ended appointments grant nothing."""
    if not account.is_active:
        return Actor(account=account.pk, name=account.name, person=account.person)
    appointments = list(
        Appointment.objects.filter(in_force(today), account=account)
        .select_related("organisation")
        .order_by("starts", "id")
    )
    organisation = next((row.organisation for row in appointments if row.organisation), None)
    level = Level(organisation.level) if organisation else _level_of_first(appointments)
    return Actor(
        account=account.pk,
        name=account.name,
        grants=tuple(_grants(appointments)),
        organisation=organisation.pk if organisation else "",
        level=level,
        person=account.person,
    )


def _level_of_first(appointments: list[Appointment]) -> Level:
    return level_of(appointments[0].region) if appointments else Level.VILLAGE


def _grants(appointments: Iterable[Appointment]) -> Iterable[Grant]:
    known = known_roles()
    for row in appointments:
        role = known.get(row.role)
        if role is None:
            # roles.toml no longer has it: she may do less than before, never more.
            log.warning("appointment %s names the unknown role %s", row.pk, row.role)
            continue
        # Granted before the role asked for a list, it is for no line of work, never for all of them.
        unlisted: frozenset[str] | None = frozenset() if role.by_programme else None
        programmes = unlisted if row.programmes is None else frozenset(row.programmes)
        yield Grant(role=role.code, verbs=role.verbs, region=row.region, seals=role.seals, programmes=programmes)
