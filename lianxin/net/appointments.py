"""Appointments: a role, at a place, from a day to before a day; granted and ended by whoever manages that place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.roles import Role
from lianxin.access.verbs import SEPARATED, Verb
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.catalog.current import catalog
from lianxin.net.accounts import accounts_seen_by, note_change
from lianxin.net.actors import known_roles
from lianxin.net.models import Account, Appointment, ChangeKind, Organisation
from lianxin.net.organisations import federation_of
from lianxin.net.regions import standing_region
from lianxin.vault.masks import mask_free_text


def appointments_of(actor: Actor, account: Account) -> QuerySet[Appointment]:
    """An account's appointments where the actor has user.read, newest first; ended ones among them."""
    reach = actor.reach(Verb.USER_READ, REGION_ONLY)
    rows = Appointment.objects.filter(reach, account=account).select_related("organisation")
    return rows.order_by("-starts", "-id")


def appoint(
    actor: Actor,
    account: Account,
    *,
    role: str,
    region: str,
    starts: dt.date,
    ends: dt.date | None = None,
    programmes: Collection[str] | None = None,
    organisation: Organisation | None = None,
    because: str = "",
) -> Appointment:
    """Grant a role at a place. Without an organisation it is the place's own federation 妇联, where there is one.

    Needs user.manage at that place; nobody appoints herself.
    """
    _check_right(actor, account, region)
    granted = _checked_role(role, region)
    if ends is not None and ends <= starts:
        raise Refused("结束日期要晚于开始日期。", field="ends")
    _check_programmes(programmes, granted)
    _check_organisation(actor, organisation)
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        _check_beside_others(locked, granted, region, starts=starts, ends=ends)
        appointment = Appointment.objects.create(
            account=locked,
            role=granted.code,
            region=region,
            programmes=None if programmes is None else sorted(set(programmes)),
            organisation=organisation or federation_of(region),
            starts=starts,
            ends=ends,
            granted_by=actor.account,
            because=mask_free_text(clean_line(because, field="because", limit=200)),
        )
        note_change(actor, ChangeKind.APPOINTED, locked, appointment=appointment.pk)
    return appointment


def end_appointment(actor: Actor, appointment: Appointment, *, on: dt.date, today: dt.date) -> Appointment:
    """`on` is the first day it no longer holds. Needs user.manage at its place; nobody ends her own."""
    if appointment.account_id == actor.account:
        raise Forbidden("自己的岗位请由另一位管理员来结束。")
    actor.require(Verb.USER_MANAGE, region=appointment.region)
    with transaction.atomic():
        row = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
        if row.ends is not None and row.ends <= today:
            raise Refused("这个岗位已经结束了。")
        if on < row.starts:
            raise Refused("结束日期不能早于开始日期。", field="ends")
        row.ends = on
        row.save(update_fields=["ends"])
        note_change(actor, ChangeKind.ENDED, row.account, appointment=row.pk)
    return row


def _check_right(actor: Actor, account: Account, region: str) -> None:
    actor.require(Verb.USER_MANAGE, region=region)
    if account.pk == actor.account:
        raise Forbidden("不能给自己授岗位，请由另一位管理员来办。")
    if not accounts_seen_by(actor, Verb.USER_MANAGE).filter(pk=account.pk).exists():
        raise Unseen("没有这个账号，或者它不在您负责的区域里。")
    if not account.is_active:
        raise Refused("这个账号已经停用，请先恢复。")


def _checked_role(code: str, region: str) -> Role:
    role = known_roles().get(code)
    if role is None:
        raise Refused("没有这个角色，请从列表里选。", field="role")
    level = level_of(region)
    if region != NATION:
        standing_region(region)
    if level < role.level:
        raise Refused(f"“{role.name}”只能授到{role.level.label}或以下，不能授到{level.label}。", field="region")
    if level > Level.VILLAGE:
        raise Refused("岗位授到村（社区）为止，不授到网格。", field="region")
    return role


def _check_programmes(programmes: Collection[str] | None, role: Role) -> None:
    if role.by_programme and not programmes:
        raise Refused(f"“{role.name}”只为指定的工作而设，请写明是哪几项工作。", field="programmes")
    if programmes is None:
        return
    if not programmes:
        raise Refused("请至少选一项工作；不限工作就不要勾选“限于”。", field="programmes")
    unknown = [code for code in programmes if catalog().find_programme(code) is None]
    if unknown:
        raise Refused(f"没有“{'、'.join(unknown)}”这项工作，请从列表里选。", field="programmes")


def _check_organisation(actor: Actor, organisation: Organisation | None) -> None:
    if organisation is None:
        return
    if organisation.dissolved_on is not None:
        raise Refused(f"“{organisation.name}”已经撤销，请选别的组织。", field="organisation")
    if not actor.may(Verb.USER_MANAGE, region=organisation.region):
        raise Refused("只能选您负责的区域里的组织。", field="organisation")


def _check_beside_others(account: Account, role: Role, region: str, *, starts: dt.date, ends: dt.date | None) -> None:
    others = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=starts), account=account)
    if ends is not None:
        others = others.filter(starts__lt=ends)
    known = known_roles()
    for other in others:
        if other.role == role.code and other.region == region:
            raise Refused("她这段时间已经有这个岗位，不用再授。", field="role")
        held = known.get(other.role)
        if held and len((role.verbs | held.verbs) & SEPARATED) > 1:
            raise Refused(f"“{role.name}”和“{held.name}”不能是同一个人，请授给别人。", field="role")
