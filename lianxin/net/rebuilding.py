"""改建: a body becomes one of another type on a day, with whoever serves in it; and the other type or place put right.

Pages call `kinds.listings.bodies`, which also lays what is counted of both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import is_under, level_of
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.current import catalog
from lianxin.net.models import FEDERATION, Appointment, Member, Organisation, Partner, Post
from lianxin.net.organisations import (
    OrganisationDraft,
    checked_draft,
    dissolve_organisation,
    found_organisation,
    leader_of,
    plain_values,
    refuse_same_name,
    require_day,
    standing_organisation,
    standing_row,
    take_back_organisation,
    type_for,
    type_name,
    write_change,
)
from lianxin.net.regions import standing_region
from lianxin.vault.masks import mask_free_text


def types_from(code: str, *, on: dt.date) -> tuple[OrganisationTypeSpec, ...]:
    """What a body of this type may be rebuilt into."""
    specs = catalog().organisation_types.values()
    return tuple(spec for spec in specs if code in spec.rebuilt_from and spec.is_open_on(on))


def rebuild_organisation(
    actor: Actor, organisation: Organisation, draft: OrganisationDraft, *, today: dt.date
) -> Organisation:
    """Dissolve the body on `draft.founded_on` and found one of `draft.type` in its place, the same day.

    Posts, members, partners, bodies below and rights in its name go on with the new one. Needs organisation.write.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    if draft.founded_on is None:
        raise Refused("请填改建日期。", field="founded_on")
    with transaction.atomic():
        old = standing_row(organisation)
        if draft.type not in {spec.code for spec in types_from(old.type, on=today)}:
            raise Refused(f"“{type_name(old.type)}”不能改建成这一类，请从列出的选项里选。", field="type")
        hangs = _Hanging(old, draft.founded_on)
        hangs.let_go(draft.type)
        dissolve_organisation(actor, old, on=draft.founded_on, today=today)
        new = found_organisation(actor, replace(draft, region=old.region), today=today)
        new.rebuilt_from = old
        new.save(update_fields=["rebuilt_from"])
        hangs.hang_on(new)
    return new


class _Hanging:
    """What hangs on a body on a day, to be hung on another."""

    def __init__(self, body: Organisation, on: dt.date) -> None:
        running = Q(ends__isnull=True) | Q(ends__gt=on)
        self.body, self.on = body, on
        self.below = list(Organisation.objects.filter(parent=body, dissolved_on__isnull=True))
        self.posts = list(Post.objects.filter(running, organisation=body))
        self.members = list(Member.objects.filter(running, organisation=body, starts__lt=on))
        self.within = list(Member.objects.filter(running, body=body, starts__lt=on))
        self.partners = list(Partner.objects.filter(running, organisation=body, starts__lt=on))
        self.rights = [row.pk for row in Appointment.objects.filter(running, organisation=body)]

    def let_go(self, type_code: str) -> None:
        """So that the body can be dissolved. Refused for what the new type may not lead, or who came on that day."""
        for row in self.below:
            spec = catalog().organisation_types.get(row.type)
            if spec and spec.led_by and type_code not in spec.led_by:
                raise Refused(f"下面的“{row.name}”不能归{type_name(type_code)}管，请先改它的上级组织。", field="type")
        if any(post.starts >= self.on for post in self.posts):
            raise Refused("改建那天或以后还有人开始任职，请核对改建日期。", field="founded_on")
        Organisation.objects.filter(pk__in=[row.pk for row in self.below]).update(parent=None)
        Post.objects.filter(pk__in=[post.pk for post in self.posts]).update(ends=self.on)

    def hang_on(self, new: Organisation) -> None:
        Organisation.objects.filter(pk__in=[row.pk for row in self.below]).update(parent=new)
        Organisation.objects.filter(host=self.body, dissolved_on__isnull=True).update(host=new)
        Appointment.objects.filter(pk__in=self.rights).update(organisation=new)
        Post.objects.bulk_create(
            Post(person=p.person, account_id=p.account_id, organisation=new, title=p.title, starts=self.on)
            for p in self.posts
        )
        Member.objects.bulk_create(
            Member(organisation=new, body_id=m.body_id, person=m.person, role=m.role, starts=self.on)
            for m in self.members
        )
        Member.objects.bulk_create(
            Member(organisation_id=m.organisation_id, body=new, role=m.role, starts=self.on) for m in self.within
        )
        Partner.objects.bulk_create(
            Partner(organisation=new, name=p.name, place=p.place, purpose=p.purpose, starts=self.on)
            for p in self.partners
        )


def undo_rebuilding(actor: Actor, organisation: Organisation, *, because: str, today: dt.date) -> Organisation:
    """The rebuilding was a mistake: the old body stands as before, the new one never stood. Returns the old one."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    with transaction.atomic():
        new = standing_row(organisation)
        old, on = new.rebuilt_from, new.founded_on
        if old is None or on is None or old.dissolved_on != on:
            raise Refused("原来的组织此后又改过，不能撤回改建；请分别改两个组织的资料。")
        later = Q(starts__gt=on)
        for rows in (Post.objects.filter(organisation=new), Member.objects.filter(Q(organisation=new) | Q(body=new))):
            if rows.filter(later).exists():
                raise Refused("改建以后又有人任职、加入，请先办离任、退出，再撤回。")
        Post.objects.filter(organisation=new).update(ends=on)  # equal days: it never was held
        Member.objects.filter(Q(organisation=new) | Q(body=new)).delete()
        Partner.objects.filter(organisation=new).delete()
        Organisation.objects.filter(parent=new).update(parent=old)
        Organisation.objects.filter(host=new).update(host=old)
        Appointment.objects.filter(organisation=new).update(organisation=old)
        take_back_organisation(actor, new, because=because, today=today)
        write_change(actor, old, "撤回改建", {"dissolved_on": None})
        Post.objects.filter(organisation=old, ends=on).update(ends=None)
        Member.objects.filter(Q(organisation=old) | Q(body=old), ends=on).update(ends=None)
        Partner.objects.filter(organisation=old, ends=on).update(ends=None)
    return old


def put_elsewhere(
    actor: Actor, organisation: Organisation, draft: OrganisationDraft, *, because: str, today: dt.date
) -> Organisation:
    """The type or the place was entered wrong: it always was what the draft says. Needs organisation.write at both."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    actor.require(Verb.ORGANISATION_WRITE, region=draft.region)
    why = mask_free_text(clean_line(because, field="because", limit=200))
    if not why:
        raise Refused("请写明为什么改，例如：登记时选错了村。", field="because")
    if FEDERATION in (organisation.type, draft.type):
        raise Refused("妇联的类型和地方跟着区划走，登错了的请撤回登记，再重新登。", field="type")
    standing_region(draft.region)
    with transaction.atomic():
        row = standing_row(organisation)
        if row.rebuilt_from_id and draft.type != row.type:
            raise Refused("它是改建来的，类型错了请撤回改建，再重新办。", field="type")
        spec = type_for(draft, today=today)
        said = checked_draft(draft, spec, today=today)
        refuse_same_name(said, besides=row.pk)
        require_day(said, spec)
        leader_of(said, spec, itself=row.pk)
        if said.host:
            standing_organisation(said.host, field="host")
        _refuse_misled(row, said)
        places = {"type": spec.code, "level": int(level_of(said.region)), "region": said.region}
        keys = {"parent_id": said.parent or None, "host_id": said.host or None}
        write_change(actor, row, f"改类型、地方：{why}"[:20], places | keys | plain_values(said))
    return row


def _refuse_misled(row: Organisation, said: OrganisationDraft) -> None:
    """What stands below it must still be able to."""
    for below in Organisation.objects.filter(parent=row, dissolved_on__isnull=True):
        spec = catalog().organisation_types.get(below.type)
        if not is_under(below.region, said.region):
            raise Refused(f"下面的“{below.name}”不在那里，请先改它的上级组织。", field="region")
        if spec and spec.led_by and said.type not in spec.led_by:
            raise Refused(f"下面的“{below.name}”不能归{type_name(said.type)}管，请先改它的上级组织。", field="type")
