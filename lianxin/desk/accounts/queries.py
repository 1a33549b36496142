"""Reading accounts and organisations for the desk: lists, narrowed and page by page. Who may look is asked of `net`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import range_under
from lianxin.net.accounts import accounts_seen_by
from lianxin.net.actors import in_force, known_roles
from lianxin.net.models import Account, AccountChange, Appointment
from lianxin.net.regions import path_name

PAGE = 30
ENDING_SOON = dt.timedelta(days=30)


class AccountState(StrEnum):
    """What an account may be looked for by. FRESH: still has its temporary password; IDLE: may do nothing today."""

    ACTIVE = "active"
    OFF = "off"
    FRESH = "fresh"
    IDLE = "idle"

    @property
    def label(self) -> str:
        return {"active": "在用", "off": "停用", "fresh": "临时密码没改", "idle": "没有岗位"}[self.value]


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """How the list of accounts is narrowed. Empty means: not by this."""

    words: str = ""
    role: str = ""
    region: str = ""
    state: AccountState | None = None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account and what it is appointed to today, as far as the reader may see."""

    account: Account
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page in order of the account's name; `after` begins the next one."""

    lines: tuple[AccountLine, ...]
    count: int
    after: str = ""


def accounts_page(
    actor: Actor, chosen: AccountFilter, *, today: dt.date, after: str = "", size: int = PAGE
) -> AccountPage:
    rows = _narrowed(accounts_seen_by(actor), actor, chosen, today=today)
    count = rows.count()
    found = list(rows.filter(username__gt=after)[: size + 1])
    shown = found[:size]
    held = held_today(actor, [account.pk for account in shown], today=today)
    lines = tuple(AccountLine(account, held.get(account.pk, ())) for account in shown)
    return AccountPage(lines, count, after=shown[-1].username if len(found) > size else "")


def all_accounts(actor: Actor, chosen: AccountFilter, *, today: dt.date) -> Iterable[AccountLine]:
    """Every account that matches, for the ledger."""
    accounts = list(_narrowed(accounts_seen_by(actor), actor, chosen, today=today))
    held = held_today(actor, None, today=today)
    return (AccountLine(account, held.get(account.pk, ())) for account in accounts)


def _narrowed(rows: QuerySet[Account], actor: Actor, chosen: AccountFilter, *, today: dt.date) -> QuerySet[Account]:
    held = _held(actor, today).filter(account=OuterRef("pk"))
    if chosen.words:
        rows = rows.filter(Q(username__icontains=chosen.words) | Q(name__icontains=chosen.words))
    if chosen.role or chosen.region:
        rows = rows.filter(Exists(held.filter(_at(chosen.region), **({"role": chosen.role} if chosen.role else {}))))
    match chosen.state:
        case AccountState.ACTIVE:
            return rows.filter(is_active=True)
        case AccountState.OFF:
            return rows.filter(is_active=False)
        case AccountState.FRESH:
            return rows.filter(is_active=True, must_change_password=True)
        case AccountState.IDLE:
            return rows.filter(~Exists(held), is_active=True)
        case _:
            return rows


def _held(actor: Actor, today: dt.date) -> QuerySet[Appointment]:
    """Appointments in force where the reader may look: one elsewhere must not be found by searching for it."""
    return Appointment.objects.filter(actor.reach(Verb.USER_READ, REGION_ONLY), in_force(today))


def _at(region: str) -> Q:
    if not region:
        return Q()
    low, high = range_under(region)
    return Q(region__gte=low, region__lt=high)


def held_today(actor: Actor, accounts: Collection[str] | None, *, today: dt.date) -> dict[str, tuple[str, ...]]:
    """Account → what it is appointed to, said in words; None asks for all that the reader may see."""
    rows = _held(actor, today)
    if accounts is not None:
        rows = rows.filter(account__in=accounts)
    found: dict[str, list[str]] = {}
    for key, role, region in rows.order_by("starts", "id").values_list("account_id", "role", "region"):
        found.setdefault(key, []).append(said_appointment(role, region))
    return {key: tuple(said) for key, said in found.items()}


def said_appointment(role: str, region: str) -> str:
    """村（社区）执委 · 凤桥镇联丰村."""
    known = known_roles().get(role)
    return f"{known.name if known else role} · {path_name(region)}"


def own_appointments(account: Account) -> tuple[Appointment, ...]:
    """What she was ever appointed to, newest first; hers to see without any verb."""
    rows = Appointment.objects.filter(account=account).select_related("organisation")
    return tuple(rows.order_by("-starts", "-id"))


@dataclass(frozen=True, slots=True)
class Sample:
    """An account of the demonstration, to try."""

    role: str
    username: str


def demo_samples(*, today: dt.date) -> tuple[Sample, ...]:
    """One invented account for each role, for the sign-in page of a demonstration."""
    rows = Appointment.objects.filter(in_force(today), account__is_demo=True, account__is_active=True)
    first: dict[str, str] = {}
    for role, username in rows.order_by("account__created_at", "account_id").values_list("role", "account__username"):
        first.setdefault(role, username)
    return tuple(Sample(role.name, first[code]) for code, role in known_roles().items() if code in first)


# ── what an administrator should look at ─────────────────────────────────────


def fresh_accounts(actor: Actor) -> QuerySet[Account]:
    """Accounts whose temporary password was never changed, oldest first."""
    rows = accounts_seen_by(actor).filter(is_active=True, must_change_password=True)
    return rows.order_by("created_at", "pk")


def idle_accounts(actor: Actor, *, today: dt.date) -> QuerySet[Account]:
    """Accounts that nobody has given anything to do, or no longer."""
    rows = _narrowed(accounts_seen_by(actor), actor, AccountFilter(state=AccountState.IDLE), today=today)
    return rows.filter(must_change_password=False)


def ending_appointments(actor: Actor, *, today: dt.date) -> QuerySet[Appointment]:
    """Appointments that end within a month, soonest first."""
    rows = _held(actor, today).filter(ends__lte=today + ENDING_SOON).select_related("account")
    return rows.order_by("ends", "pk")


def recent_changes(actor: Actor) -> QuerySet[AccountChange]:
    """What was done to the accounts she may see, newest first."""
    return AccountChange.objects.filter(account__in=accounts_seen_by(actor).values("pk")).order_by("-at", "-pk")
