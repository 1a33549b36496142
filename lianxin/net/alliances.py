"""Who belongs to a body, who works with it from outside the county, and whose turn it is to host 轮值."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import is_under
from lianxin.base.days import Period, Span, checked_past_day, steps_between
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.net.models import Member, Organisation, OrganisationChange, Partner, Rota
from lianxin.vault.masks import mask_free_text

MOST_IN_ROTA = 40


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """Who joins: an organisation's key or a person's, never both."""

    organisation: Organisation
    starts: dt.date
    body: str = ""
    person: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class PartnerDraft:
    """A body outside the county: who, where, what for, since when."""

    organisation: Organisation
    name: str
    place: str
    starts: dt.date
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Turns:
    """Who hosts today and next, by key of a member body, partner or federation; the periods they host."""

    today: str
    today_period: Period
    next: str
    next_period: Period


def held_on(day: dt.date) -> Q:
    """Members and partners of a day: starts ≤ day < ends."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def add_member(actor: Actor, draft: MemberDraft, *, today: dt.date) -> Member:
    """Somebody joins. Needs organisation.write at the body that is joined; members are of its own area."""
    organisation = _writable(actor, draft.organisation)
    role = mask_free_text(clean_line(draft.role, field="role", limit=40))
    checked_past_day(draft.starts, today=today, field="starts")
    if bool(draft.body) == bool(draft.person):
        raise Refused("请选一个成员：一个组织，或者一个人。", field="who")
    if organisation.founded_on and draft.starts < organisation.founded_on:
        raise Refused("加入日期不能早于它成立的日期。", field="starts")
    with transaction.atomic():
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        body = _joining(organisation, draft) if draft.body else None
        rivals = Member.objects.filter(organisation=organisation, body=body, person=draft.person)
        if rivals.filter(Q(ends__isnull=True) | Q(ends__gt=draft.starts)).exists():
            raise Refused("它（她）已经是成员了，不用再登记。", field="who")
        return Member.objects.create(
            organisation=organisation, body=body, person=draft.person, role=role, starts=draft.starts
        )


def _joining(organisation: Organisation, draft: MemberDraft) -> Organisation:
    body = Organisation.objects.filter(pk=draft.body, dissolved_on__isnull=True).first()
    if body is None:
        raise Refused("没有这个组织，或它已经撤销，请重新选。", field="who")
    if body.pk == organisation.pk:
        raise Refused("组织不能当自己的成员。", field="who")
    if not is_under(body.region, organisation.region):
        raise Refused("成员单位要在本组织的区域里；别处的，请登作共建伙伴。", field="who")
    if body.founded_on and draft.starts < body.founded_on:
        raise Refused(f"加入日期不能早于“{body.name}”成立的日期。", field="starts")
    return body


def end_member(actor: Actor, member: Member, *, on: dt.date, today: dt.date) -> Member:
    """A member leaves; `on` is the first day it no longer belongs."""
    _writable(actor, member.organisation)
    _check_end(member.starts, member.ends, on, today=today)
    member.ends = on
    member.save(update_fields=["ends"])
    return member


def add_partner(actor: Actor, draft: PartnerDraft, *, today: dt.date) -> Partner:
    """An outside body to work with. Needs organisation.write."""
    organisation = _writable(actor, draft.organisation)
    name = mask_free_text(clean_line(draft.name, field="name", limit=80))
    place = mask_free_text(clean_line(draft.place, field="place", limit=60))
    purpose = mask_free_text(clean_line(draft.purpose, field="purpose", limit=200))
    if not name:
        raise Refused("请填对方的名称，例如“某县妇联”。", field="name")
    if not place:
        raise Refused("请填对方在哪里，例如“浙江省湖州市安吉县”。", field="place")
    checked_past_day(draft.starts, today=today, field="starts")
    if Partner.objects.filter(held_on(draft.starts), organisation=organisation, name=name).exists():
        raise Refused(f"“{name}”已经是共建伙伴了。", field="name")
    return Partner.objects.create(
        organisation=organisation, name=name, place=place, purpose=purpose, starts=draft.starts
    )


def end_partner(actor: Actor, partner: Partner, *, on: dt.date, today: dt.date) -> Partner:
    """The work together ends; `on` is the first day without it."""
    _writable(actor, partner.organisation)
    _check_end(partner.starts, partner.ends, on, today=today)
    partner.ends = on
    partner.save(update_fields=["ends"])
    return partner


def set_rota(
    actor: Actor, organisation: Organisation, *, period: Span, starts: dt.date, order: Sequence[str]
) -> Rota | None:
    """Who hosts, one period each, over and over; an empty order takes the rota away. Needs organisation.write."""
    organisation = _writable(actor, organisation)
    known = set(hosts_of(organisation, on=starts)) | set(hosts_of(organisation, on=None))
    if len(order) > MOST_IN_ROTA or len(set(order)) != len(order) or not set(order) <= known:
        raise Refused("轮值的各家请从成员和共建伙伴里选，一家只排一次。", field="order")
    with transaction.atomic():
        Rota.objects.filter(organisation=organisation).delete()
        names = hosts_of(organisation, on=None)
        said = {"轮值": ["", " → ".join(names.get(key, key) for key in order)]}
        OrganisationChange.objects.create(by=actor.account, organisation=organisation.pk, what="排轮值", said=said)
        if not order:
            return None
        first = Period.holding(starts, period).start
        return Rota.objects.create(organisation=organisation, period=period.value, starts=first, order=list(order))


def hosts_of(organisation: Organisation, *, on: dt.date | None) -> dict[str, str]:
    """Key → name of those who may host: the body's leader or itself, member bodies and partners (of a day, or ever)."""
    of_day = held_on(on) if on else Q()
    hosts = {organisation.pk: organisation.name}
    if organisation.parent is not None:
        hosts[organisation.parent.pk] = organisation.parent.name
    members = Member.objects.filter(of_day, organisation=organisation, body__isnull=False)
    hosts |= dict(members.order_by("starts", "id").values_list("body_id", "body__name"))
    partners = Partner.objects.filter(of_day, organisation=organisation)
    return hosts | dict(partners.order_by("starts", "id").values_list("id", "name"))


def turns_on(rota: Rota, day: dt.date) -> Turns | None:
    """Whose turn it is on a day, and whose next; None before the first turn."""
    span = Span(rota.period)
    now = Period.holding(day, span)
    gone = steps_between(Period.holding(rota.starts, span), now)
    if gone < 0 or not rota.order:
        return None
    after = Period.holding(now.end, span)
    size = len(rota.order)
    return Turns(rota.order[gone % size], now, rota.order[(gone + 1) % size], after)


def _writable(actor: Actor, organisation: Organisation) -> Organisation:
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    if organisation.dissolved_on is not None:
        raise Refused(f"“{organisation.name}”已经撤销，不能再改。")
    return organisation


def _check_end(starts: dt.date, ends: dt.date | None, on: dt.date, *, today: dt.date) -> None:
    if ends is not None:
        raise Refused("已经登记过退出了。")
    checked_past_day(on, today=today, field="ends")
    if on <= starts:
        raise Refused("退出日期要晚于加入日期。", field="ends")
