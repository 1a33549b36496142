"""Pages of listings: who stands on a list, one listing, putting on, taking off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings import actions
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import ListingFilter, list_name, listings_matching
from lianxin.kinds.listings.stays import followed_lists
from lianxin.net.regions import path_name
from lianxin.records.answers import answer_name, said_answers
from lianxin.records.history import values_at
from lianxin.records.kinds import Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.ui.forms import Field, FieldType, Form, Option, field_of
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Known, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 20
STATES = (("standing", "在册"), ("closed", "已离册"))


def filter_from(asked: QueryDict) -> ListingFilter:
    """The filter that an address names; what is unknown narrows nothing."""
    programme = asked.get("list", "")
    state = asked.get("state", "standing")
    region = asked.get("region", "")
    return ListingFilter(
        programme=programme if programme in catalog().programmes else "",
        category=asked.get("category", "")[:40],
        state=state if state in dict(STATES) else "standing",
        region=region if region.isdigit() else "",
    )


@dataclass(frozen=True, slots=True)
class ListingsPage:
    table: Table
    pages: Pages
    lists: tuple[Chip, ...]
    states: tuple[Chip, ...]
    export: str


class Listings(Screen):
    """Who stands on which list."""

    needs = Verb.LISTING_READ
    template = "listings/listings.html"
    title = "档案"
    room = "households"
    fragments = {"list": "listings/_listings.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        chosen = filter_from(asked)
        start = int(asked["from"]) if asked.get("from", "").isdigit() and len(asked["from"]) < 7 else 0
        rows = listings_matching(self.actor, chosen)
        shown = list(rows[start : start + PAGE + 1])
        names = subject_names(self.actor, (Subject(row.subject_type, row.subject) for row in shown))
        older = _with(asked, **{"from": str(start + PAGE)}) if len(shown) > PAGE else ""
        page = ListingsPage(
            table=_table(shown[:PAGE], names),
            pages=Pages(
                says=f"一共 {rows.count():,} 份", older=older, newer=_with(asked, **{"from": ""}) if start else ""
            ),
            lists=tuple(
                _chip(asked, "list", spec.code, spec.name, is_on=chosen.programme == spec.code)
                for spec in catalog().of_kind("listing")
                if self.actor.may(Verb.LISTING_READ, seal=Seal(spec.seal))
            ),
            states=tuple(_chip(asked, "state", state, label, is_on=chosen.state == state) for state, label in STATES),
            export=f"{reverse('listings-export')}?{asked.urlencode()}"
            if self.actor.may_take_out(Verb.LISTING_READ)
            else "",
        )
        return self.render(page)


def _with(asked: QueryDict, **changes: str) -> str:
    merged = {name: asked[name] for name in asked} | changes
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def _chip(asked: QueryDict, name: str, value: str, label: str, *, is_on: bool) -> Chip:
    return Chip(label=label, href=_with(asked, **{name: "" if is_on else value, "from": ""}), is_on=is_on)


def _table(listings: list[Listing], names: dict[str, SubjectName]) -> Table:
    return Table(
        caption="档案",
        columns=(
            Column(label="谁", is_key=True),
            Column(label="册子"),
            Column(label="类别"),
            Column(label="哪天建的", kind="day"),
            Column(label="现在"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(
                        text=names[row.subject].name,
                        href=reverse("listing", args=[row.key]),
                        note=path_name(row.region),
                    ),
                    list_name(row.programme),
                    option_name(row, row.category),
                    say_day(row.day),
                    _state_cell(row),
                )
            )
            for row in listings
        ),
        empty="这里还没有档案。打开一户人家或一个人，点“建档”。",
    )


def option_name(listing: Listing, code: str) -> str:
    """A category's or grade's name in the version the listing was made under."""
    spec = catalog().find_programme(listing.programme, listing.programme_version)
    options = (*spec.categories, *spec.grades) if spec else ()
    return next((option.name for option in options if option.code == code), code)


def _state_cell(listing: Listing) -> Cell:
    if listing.off_day:
        return Cell(text="已离册", note=f"{say_day(listing.off_day)} {listing.off_why}", tone="soft")
    if listing.review_on and listing.review_on < today():
        return Cell(text="该复核了", note=say_day(listing.review_on), tone="yellow")
    return Cell(text="在册", tone="green")


@dataclass(frozen=True, slots=True)
class ListingPage:
    title: str
    listing: Listing
    name: SubjectName
    facts: tuple[Known, ...]
    back: str
    may_amend: bool
    may_withdraw: bool


class OneListing(Screen):
    """One subject on one list."""

    needs = Verb.LISTING_READ
    template = "listings/listing.html"
    title = "一份档案"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        listing = Listing.objects.seen_by(self.actor).filter(key=key).first()
        if listing is None:
            raise Unseen("没有这份档案，或不在您的区域。")
        name = subject_names(self.actor, [Subject(listing.subject_type, listing.subject)])[listing.subject]
        page = ListingPage(
            title=list_name(listing.programme),
            listing=listing,
            name=name,
            facts=_facts(listing),
            back=_subject_href(self.actor, name),
            may_amend=_may(self.actor, Verb.LISTING_AMEND, listing),
            may_withdraw=_may(self.actor, Verb.LISTING_VOID, listing),
        )
        return self.render(page)


def _may(actor: Actor, verb: Verb, listing: Listing) -> bool:
    seal = Seal(listing.seal)
    return not listing.is_void and bool(actor.may(verb, region=listing.region, programme=listing.programme, seal=seal))


def _subject_href(actor: Actor, name: SubjectName) -> str:
    if not name.is_seen or not actor.may(Verb.REGISTER_READ) or name.type == "organisation":
        return ""
    return reverse(name.type, args=[name.key])


def _facts(listing: Listing) -> tuple[Known, ...]:
    spec = catalog().find_programme(listing.programme, listing.programme_version)
    facts = [Known("建档", say_day(listing.day)), Known("哪里", path_name(listing.region))]
    facts += [Known("类别", option_name(listing, listing.category))] if listing.category else []
    facts += [Known("等级", option_name(listing, listing.grade))] if listing.grade else []
    facts += [Known("复核", say_day(listing.review_on))] if listing.review_on else []
    facts += [Known("离册", f"{say_day(listing.off_day)}：{listing.off_why}")] if listing.off_day else []
    facts += [Known("备注", listing.note)] if listing.note else []
    facts += [Known(question, answer) for question, answer in said_answers([spec] if spec else [], listing.answers)]
    return tuple(facts)


@dataclass(frozen=True, slots=True)
class ListingFormPage:
    title: str
    about: str
    back: str
    form: Form
    key: str = ""
    base: int = 0
    submit: str = "保存"


def listing_form(spec: ProgrammeSpec) -> Form:
    """What a list asks: days, category and grade where it has them, its own questions."""
    fields = [Field(name="on_day", label="哪天建档", type=FieldType.DAY, values=(today().isoformat(),), required=True)]
    for name, label, options in (("category", "哪一类", spec.categories), ("grade", "哪一级", spec.grades)):
        if options:
            choices = tuple(Option(option.code, option.name) for option in options)
            fields.append(Field(name=name, label=label, type=FieldType.CHOICE, options=choices))
    fields.append(Field(name="review_on", label="哪天复核", type=FieldType.DAY, values=(_review_day(spec),)))
    fields += [field_of(field, prefix=f"{spec.code}.") for field in spec.fields]
    fields.append(Field(name="note", label="备注", type=FieldType.NOTE, limit=500))
    return Form(tuple(fields))


def _review_day(spec: ProgrammeSpec) -> str:
    if spec.review_months is None:
        return ""
    months = today().year * 12 + today().month - 1 + spec.review_months
    return dt.date(months // 12, months % 12 + 1, min(today().day, 28)).isoformat()


def typed_values(spec: ProgrammeSpec, form: Form) -> dict[str, Any]:
    """What a listing's form says, as the door takes it."""
    plain = ("on_day", "off_day", "off_why", "category", "grade", "review_on", "note")
    values: dict[str, Any] = {name: form.raw(name) for name in plain if name in form}
    names = [answer_name(spec, field) for field in spec.fields]
    return values | {
        "answers": {name: list(form.raws(name)) if len(form.raws(name)) > 1 else form.raw(name) for name in names}
    }


class NewListing(Screen):
    """Putting a household or a person on a list: first which, then what it asks."""

    needs = Verb.LISTING_RECORD
    template = "listings/form.html"
    title = "建档"
    room = "households"

    def get(self, request: object, subject_type: str, subject: str) -> HttpResponse:
        about = Subject(subject_type, subject.upper())
        spec = self._spec(about, self.request.GET.get("list", ""))
        form = listing_form(spec) if spec else self._which(about)
        return self._page(about, spec, form, new_id())

    def post(self, request: object, subject_type: str, subject: str) -> HttpResponse:
        about = Subject(subject_type, subject.upper())
        spec = self._spec(about, self.request.POST.get("list", ""))
        if spec is None:
            return self._page(
                about, None, self._which(about).refuse(Refused("请选一本册子。", field="list")), new_id(), 400
            )
        form = listing_form(spec).bind(self.request.POST)
        key = self.request.POST.get("id", "")
        values = typed_values(spec, form) | {"list": spec.code, "subject_type": about.type, "subject": about.key}
        try:
            outcome = actions.put_on_list(self.actor, key=key, values=values, at=now())
        except (Refused, Problems) as error:
            return self._page(about, spec, form.refuse(error), key, 400)
        tell(self.request, f"{spec.name}建好了。")
        return redirect("listing", key=outcome.record.key)

    def _spec(self, about: Subject, code: str) -> ProgrammeSpec | None:
        return next((spec for spec in self._lists(about) if spec.code == code), None)

    def _lists(self, about: Subject) -> list[ProgrammeSpec]:
        return [
            spec
            for spec in catalog().of_kind("listing", on=today())
            if about.type in spec.subjects
            and spec.code not in followed_lists()
            and self.actor.may(Verb.LISTING_RECORD, seal=Seal(spec.seal))
        ]

    def _which(self, about: Subject) -> Form:
        options = tuple(Option(spec.code, spec.name) for spec in self._lists(about))
        return Form((Field(name="list", label="建进哪本册子", type=FieldType.CHOICE, options=options, required=True),))

    def _page(
        self, about: Subject, spec: ProgrammeSpec | None, form: Form, key: str, status: int = 200
    ) -> HttpResponse:
        name = subject_names(self.actor, [about]).get(about.key)
        if name is None or not name.is_seen:
            raise Unseen("没有找到这一户（人），可能已迁走或不在您的区域。")
        if spec:
            form = Form(
                (Field(name="list", label="", type=FieldType.HIDDEN, values=(spec.code,)), *form.fields), form.errors
            )
        title = f"建{spec.name}" if spec else "建档"
        page = ListingFormPage(title, name.name, _subject_href(self.actor, name), form, key)
        return self.render(page, status=status)


class AmendListing(Screen):
    """Changing a listing, or taking it off the list with a day and a reason."""

    needs = Verb.LISTING_AMEND
    template = "listings/form.html"
    title = "改档案"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        listing, spec = self._found(key)
        values = values_at(self.actor, actions.KIND, key, listing.revision) or {}
        known = {name: str(value) for name, value in values.items() if isinstance(value, str)}
        known |= {name: value for name, value in values.get("answers", {}).items() if isinstance(value, str)}
        return self._page(listing, _amend_form(spec).fill(known), listing.revision)

    def post(self, request: object, key: str) -> HttpResponse:
        listing, spec = self._found(key)
        form = _amend_form(spec).bind(self.request.POST)
        base = self.request.POST.get("base", "")
        number = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
        try:
            actions.amend_listing(
                self.actor,
                key=key,
                base=number,
                values=typed_values(spec, form),
                because=form.raw("because"),
                at=now(),
            )
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(listing, form.refuse(error), listing.revision, status=400)
        tell(self.request, "改好了，数字跟着重算了。")
        return redirect("listing", key=key)

    def _found(self, key: str) -> tuple[Listing, ProgrammeSpec]:
        listing = Listing.objects.seen_by(self.actor, Verb.LISTING_AMEND).filter(key=key, is_void=False).first()
        if listing is None:
            raise Unseen("没有这份档案，或不归您修改。")
        return listing, catalog().programme(listing.programme, listing.programme_version)

    def _page(self, listing: Listing, form: Form, base: int, *, status: int = 200) -> HttpResponse:
        name = subject_names(self.actor, [Subject(listing.subject_type, listing.subject)])[listing.subject]
        back = reverse("listing", args=[listing.key])
        return self.render(ListingFormPage("改档案", name.name, back, form, listing.key, base), status=status)


def _amend_form(spec: ProgrammeSpec) -> Form:
    leaving = (
        Field(name="off_day", label="哪天离册", type=FieldType.DAY, help="还在册就空着"),
        Field(name="off_why", label="为什么离册", limit=60),
        Field(name="because", label="为什么改", limit=500),
    )
    return Form((*listing_form(spec).fields, *leaving))


class WithdrawListing(Screen):
    """A listing that should never have been."""

    needs = Verb.LISTING_VOID
    template = "listings/form.html"
    title = "撤回档案"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(key, _why())

    def post(self, request: object, key: str) -> HttpResponse:
        form = _why().bind(self.request.POST)
        base = self.request.POST.get("base", "")
        number = int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0
        try:
            actions.withdraw_listing(
                self.actor,
                key=key,
                base=number,
                because=form.raw("because"),
                at=now(),
            )
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(key, form.refuse(error), status=400)
        tell(self.request, "这份档案已撤回。")
        return redirect("listings")

    def _page(self, key: str, form: Form, *, status: int = 200) -> HttpResponse:
        listing = Listing.objects.seen_by(self.actor, Verb.LISTING_VOID).filter(key=key, is_void=False).first()
        if listing is None:
            raise Unseen("没有这份档案，可能已经撤回。")
        name = subject_names(self.actor, [Subject(listing.subject_type, listing.subject)])[listing.subject]
        back = reverse("listing", args=[key])
        page = ListingFormPage("撤回档案", name.name, back, form, key, listing.revision, "撤回")
        return self.render(page, status=status)


def _why() -> Form:
    return Form((Field(name="because", label="为什么撤回", type=FieldType.NOTE, required=True, limit=500),))
