"""Pages of who belongs to a body, who works with it from outside the county, and whose turn it is to host."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import Span, now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.asking import FormPage
from lianxin.desk.choosing import FIND
from lianxin.desk.organisations import queries
from lianxin.desk.organisations.forms import (
    chosen_turns,
    day_of,
    leaving_form,
    member_form,
    partner_form,
    rota_form,
)
from lianxin.desk.organisations.shown import OUT_OF_SIGHT, crumbs_of
from lianxin.kinds.listings.bodies import admit_member, release_member
from lianxin.net.alliances import MemberDraft, PartnerDraft, add_partner, end_partner, hosts_of, set_rota
from lianxin.net.models import Member, Organisation, Partner, Rota
from lianxin.net.organisations import organisation_for
from lianxin.records.kinds import Subject
from lianxin.records.subjects import subject_names
from lianxin.ui.forms import Field, Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Crumb
from lianxin.ui.screen import Screen

WHO = "who"


@dataclass(frozen=True, slots=True)
class HitsPage:
    """The member form as a page, and its hits alone for the search line."""

    title: str
    gist: str
    submit: str
    form: Form
    crumbs: tuple[Crumb, ...]
    who: Field
    has_place: bool = False


class _OfOneBody(Screen, abstract=True):
    """What the forms of one body share: found for the reader, writable by her, shown with its crumbs."""

    def found(self, key: str) -> Organisation:
        body = organisation_for(self.actor, key)
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        if body.dissolved_on is not None:
            raise Unseen(f"“{body.name}”已经撤销，不能再改。")
        return body

    def page(
        self, body: Organisation, form: Form, gist: str, *, submit: str = "登记", status: int = 200
    ) -> HttpResponse:
        page = FormPage(self.title, gist, submit, form, crumbs_of(body, self.title))
        return self.render(page, status=status)


class NewMember(_OfOneBody):
    """An organisation or a person of the register joins a body."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记成员"
    room = "users"
    fragments = {"f-who-hits": "desk/organisations/_who_hits.html"}

    def get(self, request: object, key: str) -> HttpResponse:
        body = self.found(key)
        return self._page(body, self._form(body, self.request.GET.get(f"{WHO}-find", ""), ""))

    def post(self, request: object, key: str) -> HttpResponse:
        body = self.found(key)
        sought, chosen = self.request.POST.get(f"{WHO}-find", ""), self.request.POST.get(WHO, "")
        form = self._form(body, sought, chosen).bind(self.request.POST)
        if FIND in self.request.POST:
            return self._page(body, form)
        try:
            kind, _, who = form.chosen(WHO).partition(":")
            if not who:
                raise Refused("请先查找，再从找到的里面选一个。", field=WHO)
            starts = day_of(form, "starts", missing="请填加入日期。")
            draft = MemberDraft(body, starts, role=form.raw("role"), **{_KEYS[kind]: who})
            admit_member(self.actor, draft, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"登记好了，{say_day(starts)}加入“{body.name}”。")
        return redirect("organisation", key=body.pk)

    def _form(self, body: Organisation, sought: str, chosen: str) -> Form:
        options = queries.who_may_join(self.actor, body, sought.strip()[:40], chosen, on=today())
        find_url = reverse("organisation-member-new", args=[body.pk])
        return member_form(bodies=options, sought=sought, find_url=find_url, today=today())

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        gist = f"“{body.name}”的成员：本区域里的单位，或者册子里的人。外县的，请登作共建伙伴。"
        crumbs = crumbs_of(body, self.title)
        return self.render(HitsPage(self.title, gist, "登记", form, crumbs, who=form[WHO]), status=status)


_KEYS = {"organisation": "body", "person": "person"}


class EndMember(_OfOneBody):
    """The first day on which a member no longer belongs."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记退出"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        member = self._member(key)
        return self.page(member.organisation, self._form(), self._gist(member), submit=self.title)

    def post(self, request: object, key: str) -> HttpResponse:
        member = self._member(key)
        form = self._form().bind(self.request.POST)
        try:
            on = day_of(form, "ends", missing="请填退出日期。")
            release_member(self.actor, member, on=on, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            refused = form.refuse(mendable(error))
            return self.page(member.organisation, refused, self._gist(member), submit=self.title, status=400)
        tell(self.request, "退出登记好了。")
        return redirect("organisation", key=member.organisation_id)

    def _form(self) -> Form:
        return leaving_form(label="退出日期", today=today())

    def _member(self, key: str) -> Member:
        rows = Member.objects.select_related("organisation", "body").filter(pk=key, ends__isnull=True)
        member = rows.first()
        if member is None:
            raise Unseen("没有这个成员，或者已经退出。")
        self.found(member.organisation_id)
        return member

    def _gist(self, member: Member) -> str:
        if member.body:
            name = member.body.name
        else:
            known = subject_names(self.actor, [Subject("person", member.person)])[member.person]
            name = known.name if known.is_seen else OUT_OF_SIGHT
        return f"{name}，{say_day(member.starts)}加入“{member.organisation.name}”。"


class NewPartner(_OfOneBody):
    """A body outside the county that works together with ours."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记共建伙伴"
    room = "users"

    GIST = "外县的妇联、院校、单位：写明是谁、在哪里、一起做什么。不在本县，不单独计数。"

    def get(self, request: object, key: str) -> HttpResponse:
        return self.page(self.found(key), partner_form(today=today()), self.GIST)

    def post(self, request: object, key: str) -> HttpResponse:
        body = self.found(key)
        form = partner_form(today=today()).bind(self.request.POST)
        try:
            starts = day_of(form, "starts", missing="请填从哪天起。")
            draft = PartnerDraft(body, form.raw("name"), form.raw("place"), starts, form.raw("purpose"))
            partner = add_partner(self.actor, draft, today=today())
        except (Refused, Problems) as error:
            return self.page(body, form.refuse(mendable(error)), self.GIST, status=400)
        tell(self.request, f"登记好了：和“{partner.name}”共建。")
        return redirect("organisation", key=body.pk)


class EndPartner(_OfOneBody):
    """The first day on which two bodies no longer work together."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记结束共建"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        partner = self._partner(key)
        return self.page(partner.organisation, self._form(), self._gist(partner), submit=self.title)

    def post(self, request: object, key: str) -> HttpResponse:
        partner = self._partner(key)
        form = self._form().bind(self.request.POST)
        try:
            on = day_of(form, "ends", missing="请填结束日期。")
            end_partner(self.actor, partner, on=on, today=today())
        except (Refused, Problems) as error:
            refused = form.refuse(mendable(error))
            return self.page(partner.organisation, refused, self._gist(partner), submit=self.title, status=400)
        tell(self.request, f"和“{partner.name}”的共建登记结束了。")
        return redirect("organisation", key=partner.organisation_id)

    def _form(self) -> Form:
        form = leaving_form(label="从哪天起不再共建", today=today())
        return replace(form, fields=form.fields[:1])

    def _partner(self, key: str) -> Partner:
        partner = Partner.objects.select_related("organisation").filter(pk=key, ends__isnull=True).first()
        if partner is None:
            raise Unseen("没有这个共建伙伴，或者已经结束。")
        self.found(partner.organisation_id)
        return partner

    def _gist(self, partner: Partner) -> str:
        return f"“{partner.organisation.name}”和{partner.name}（{partner.place}），{say_day(partner.starts)}起。"


class SetRota(_OfOneBody):
    """Who hosts, one period each, over and over."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "排轮值"
    room = "users"

    GIST = "从成员单位和共建伙伴里按次序选，一家一轮，轮完再从头；全部空着，就不轮值。"

    def get(self, request: object, key: str) -> HttpResponse:
        body = self.found(key)
        return self.page(body, self._form(body), self.GIST, submit="保存")

    def post(self, request: object, key: str) -> HttpResponse:
        body = self.found(key)
        form = self._form(body).bind(self.request.POST)
        try:
            if form.raw("period") not in Span.__members__.values():
                raise Refused("请选多久换一家。", field="period")
            starts = day_of(form, "starts", missing="请填第一家从哪天开始。")
            order = chosen_turns(form)
            set_rota(self.actor, body, period=Span(form.raw("period")), starts=starts, order=order)
        except (Refused, Problems) as error:
            return self.page(body, form.refuse(mendable(error, order="turn-1")), self.GIST, submit="保存", status=400)
        tell(self.request, "轮值排好了。" if order else "不再轮值了。")
        return redirect("organisation", key=body.pk)

    def _form(self, body: Organisation) -> Form:
        rota = Rota.objects.filter(organisation=body).first()
        chosen = tuple(rota.order) if rota else ()
        begun = rota.starts if rota else today()
        hosts = hosts_of(body, on=today()) | {
            key: name for key, name in hosts_of(body, on=None).items() if key in chosen
        }
        return rota_form(hosts, chosen=chosen, period=rota.period if rota else "", starts=begun.isoformat())
