"""Accounts: open, switch off and on, passwords, appearance. Roles at places are granted in `appointments`."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.base.codes import NATION
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.text import clean_line, half_width
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind, Sitting, Theme
from lianxin.net.signin import LONGEST_PASSWORD, forgive

_USERNAME = re.compile(r"[a-z0-9._-]{3,40}")
# Without 0 o 1 l i: a temporary password is read aloud over the telephone.
SPOKEN = "abcdefghjkmnpqrstuvwxyz23456789"

# Our words for what Django's validators object to; its own are only half translated.
_WEAK = {
    "password_too_short": "密码太短，至少要 10 个字符。",
    "password_too_common": "这个密码太常见，容易被猜到，请换一个。",
    "password_too_similar": "密码和账号或姓名太像，请换一个。",
    "password_entirely_numeric": "密码不能全是数字，请加上字母。",
}


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """A new account and, when none was given, the password to hand over: shown once, kept nowhere."""

    account: Account
    temporary_password: str = ""


# ── who is seen, who is in one's charge ──────────────────────────────────────


def accounts_seen_by(actor: Actor, verb: Verb = Verb.USER_READ) -> QuerySet[Account]:
    """Accounts ever appointed where the actor may use the verb, and those she opened that nobody has appointed yet."""
    appointments = Appointment.objects.filter(account=OuterRef("pk"))
    reach = actor.reach(verb, REGION_ONLY)
    mine = Q(created_by=actor.account) & ~Exists(appointments) if actor.may(verb) else Q(pk__in=[])
    everyone = NATION in actor.regions(verb)
    seen = Q() if everyone else Exists(appointments.filter(reach)) | mine
    return Account.objects.filter(seen).order_by("username")


def account_for(actor: Actor, key: str) -> Account:
    """One account; Unseen where the actor may not look."""
    row = accounts_seen_by(actor).filter(pk=key).first()
    if row is None:
        raise Unseen("没有这个账号，或者它不在您负责的区域里。")
    return row


def changes_of(actor: Actor, account: Account) -> list[AccountChange]:
    """What was done to an account, newest first. Needs user.read over it."""
    account_for(actor, account.pk)
    return list(AccountChange.objects.filter(account=account.pk).order_by("-at", "-id"))


def require_charge(actor: Actor, account: Account, *, today: dt.date) -> None:
    """Forbidden unless user.manage reaches every place where the account is or will be appointed.

    Otherwise whoever manages one village could take over a county officer who also helps out there.
    """
    actor.require(Verb.USER_MANAGE)
    if account.pk == actor.account:
        raise Forbidden("自己的账号请由另一位管理员来办；改密码请到“我的账号”。")
    if not accounts_seen_by(actor, Verb.USER_MANAGE).filter(pk=account.pk).exists():
        raise Unseen("没有这个账号，或者它不在您负责的区域里。")
    held = Appointment.objects.filter(account=account)
    running = held.filter(Q(ends__isnull=True) | Q(ends__gt=today))
    places = set((running if running.exists() else held).values_list("region", flat=True))
    if not all(actor.may(Verb.USER_MANAGE, region=place) for place in places):
        raise Forbidden("这个账号在别处也有岗位，请找上一级管理员；您可以结束它在本区域的岗位。")


# ── opening and switching off ────────────────────────────────────────────────


def create_account(
    actor: Actor,
    *,
    username: str,
    name: str,
    password: str | None = None,
    must_change_password: bool = True,
    person: str = "",
    is_demo: bool = False,
) -> OpenedAccount:
    """Open an account that may do nothing yet; appoint it next. Without a password a temporary one is made.

    Needs user.manage somewhere.
    """
    actor.require(Verb.USER_MANAGE)
    account = Account(
        username=checked_username(username),
        name=_checked_name(name),
        person=person,
        must_change_password=must_change_password or password is None,
        created_by=actor.account,
        is_demo=is_demo,
    )
    chosen = password or temporary_password()
    check_password_strength(chosen, account)
    account.set_password(chosen)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            note_change(actor, ChangeKind.CREATED, account)
    except IntegrityError:  # asked of the database, so that two administrators at once cannot both have the name
        raise Refused(f"账号“{account.username}”已经有人用了，请换一个。", field="username") from None
    return OpenedAccount(account, "" if password else chosen)


def checked_username(text: str) -> str:
    """Small letters, digits, dot, underscore, hyphen; 3 to 40 of them. Capitals and full-width letters are folded."""
    username = half_width(text).strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Refused("账号用 3 到 40 个小写字母、数字、点、横线或下划线。", field="username")
    return username


def _checked_name(text: str) -> str:
    name = clean_line(text, field="name", limit=40)
    if not name:
        raise Refused("请填显示名，例如本人姓名。", field="name")
    return name


def rename_account(actor: Actor, account: Account, *, name: str, today: dt.date) -> bool:
    """Another display name; False when she has it already. The log keeps the old one. Needs charge of the account."""
    require_charge(actor, account, today=today)
    cleaned = _checked_name(name)
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account.pk)
        if row.name == cleaned:
            return False
        was, row.name = row.name, cleaned
        row.save(update_fields=["name"])
        note_change(actor, ChangeKind.RENAMED, row, was=was)
    account.name = cleaned
    return True


def deactivate(actor: Actor, account: Account, *, today: dt.date) -> None:
    """Switch an account off: she is signed out at her next click. Needs charge of it."""
    _switch(actor, account, today=today, on=False)


def reactivate(actor: Actor, account: Account, *, today: dt.date) -> None:
    """Switch it on again. Needs charge of it."""
    _switch(actor, account, today=today, on=True)


def _switch(actor: Actor, account: Account, *, today: dt.date, on: bool) -> None:
    require_charge(actor, account, today=today)
    with transaction.atomic():
        changed = Account.objects.filter(pk=account.pk, is_active=not on).update(is_active=on)
        if changed:
            Sitting.objects.filter(account=account.pk).delete()
            note_change(actor, ChangeKind.REACTIVATED if on else ChangeKind.DEACTIVATED, account)
    account.is_active = on


# ── passwords ────────────────────────────────────────────────────────────────


def reset_password(actor: Actor, account: Account, *, today: dt.date) -> str:
    """A new temporary password, shown once; ends every session and lifts a lock-out. Needs charge of the account."""
    require_charge(actor, account, today=today)
    password = temporary_password()
    account.set_password(password)
    account.must_change_password = True
    with transaction.atomic():
        account.save(update_fields=["password", "must_change_password"])
        forgive(account.username)
        Sitting.objects.filter(account=account.pk).delete()
        note_change(actor, ChangeKind.PASSWORD_RESET, account)
    return password


def change_own_password(account: Account, *, old: str, new: str) -> None:
    """Refused at the field that is wrong. The caller keeps the session alive (update_session_auth_hash)."""
    if not account.check_password(old):
        raise Refused("原密码不对，请再输一次。", field="old")
    if old == new:
        raise Refused("新密码不能和原密码一样。", field="new")
    check_password_strength(new, account, field="new")
    account.set_password(new)
    account.must_change_password = False
    with transaction.atomic():
        account.save(update_fields=["password", "must_change_password"])
        AccountChange.objects.create(by=account.pk, kind=ChangeKind.PASSWORD_CHANGED, account=account.pk)


def temporary_password() -> str:
    """Fifty-nine bits in three groups of four: kx7m-2bqd-9fhw."""
    return "-".join("".join(secrets.choice(SPOKEN) for _ in range(4)) for _ in range(3))


def check_password_strength(password: str, account: Account, *, field: str = "password") -> None:
    """Refused, with everything the validators of the settings object to."""
    if len(password) > LONGEST_PASSWORD:
        raise Refused(f"密码最多 {LONGEST_PASSWORD} 个字符。", field=field)
    try:
        validate_password(password, account)
    except ValidationError as error:
        said = [_WEAK.get(str(one.code), "") or "".join(one.messages) for one in error.error_list]
        raise Refused("".join(said), field=field) from None


# ── her own choices ──────────────────────────────────────────────────────────


def choose_appearance(account: Account, *, theme: Theme, elder: bool) -> None:
    account.theme, account.elder = theme, elder
    account.save(update_fields=["theme", "elder"])


def note_change(
    actor: Actor, kind: ChangeKind, account: Account, *, appointment: str = "", was: str = "", because: str = ""
) -> None:
    """One line of the log that is never rewritten, and an entry of the access log. Needs a transaction."""
    change = AccountChange.objects.create(
        by=actor.account, kind=kind, account=account.pk, appointment=appointment, was=was, because=because
    )
    note(actor, Act.RIGHTS, at=change.at, about=Thing("account", account.pk), what=kind.value)
