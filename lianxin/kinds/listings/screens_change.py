"""Putting on a list, changing, looking again, taking off, withdrawing: a form each, a call of the door."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Forbidden, Problem, Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings import actions
from lianxin.kinds.listings.checked import may_confirm, may_put_on, may_take_off
from lianxin.kinds.listings.forms import amend_form, listing_form, review_form, typed_review, typed_values
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.readings import place_of
from lianxin.kinds.listings.screens_one import reviewing, subject_href
from lianxin.kinds.listings.stays import followed_lists, laid_lists
from lianxin.kinds.listings.values import PLACE_KEYS, Outcome
from lianxin.records.history import values_at
from lianxin.records.kinds import Subject
from lianxin.records.subjects import subject_names
from lianxin.records.watched import note_view
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

FOLD = "有变化的，改成哪一类、哪一级"


@dataclass(frozen=True, slots=True)
class ListingFormPage:
    title: str
    about: str
    back: str
    form: Form
    key: str = ""
    base: int = 0
    submit: str = "保存"
    help: str = ""
    folded: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """(summary of what is folded, or "", fields) in the order of the page: 有变化 opens what has changed."""
        inner = tuple(field for field in self.form.fields if field.name in self.folded)
        if not inner:
            return (("", self.form.fields),)
        at = self.form.fields.index(inner[0])
        after = tuple(field for field in self.form.fields[at:] if field.name not in self.folded)
        return (("", self.form.fields[:at]), (FOLD, inner), ("", after))

    @property
    def is_unfolded(self) -> bool:
        """Open where it was answered, and where something in it is wrong."""
        names = self.folded
        wrong = any(field.error for field in self.form.fields if field.name in names)
        return wrong or ("outcome" in self.form and self.form.raw("outcome") == Outcome.CHANGED.value)


class NewListing(Screen):
    """Putting a household, a person or an organisation on a list: first which, then what it asks."""

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
            form = self._which(about).refuse(Refused("请选一本册子。", field="list"))
            return self._page(about, None, form, new_id(), 400)
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
        kept = followed_lists() | laid_lists()
        return [
            spec
            for spec in catalog().of_kind("listing", on=today())
            if about.type in spec.subjects and spec.code not in kept and may_put_on(self.actor, spec)
        ]

    def _which(self, about: Subject) -> Form:
        options = tuple(Option(spec.code, spec.name, note=spec.help) for spec in self._lists(about))
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
        back = subject_href(self.actor, name)
        page = ListingFormPage(title, name.name, back, form, key, help=spec.help if spec else "")
        return self.render(page, status=status)


class Changing(Screen, abstract=True):
    """What the pages that change one listing have in common."""

    template = "listings/form.html"
    room = "households"

    def found(self, key: str, verb: Verb) -> tuple[Listing, ProgrammeSpec]:
        listing = Listing.objects.seen_by(self.actor, verb).filter(key=key, is_void=False).first()
        if listing is None:
            raise Unseen("没有这份档案，或不归您修改。")
        if self.request.method == "GET":
            note_view(self.actor, "listing", key, region=listing.region, seal=listing.seal, at=now())
        return listing, catalog().programme(listing.programme, listing.programme_version)

    @property
    def base(self) -> int:
        """The revision she was looking at."""
        text = self.request.POST.get("base", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def page(
        self, listing: Listing, title: str, form: Form, *, submit: str = "保存", status: int = 200
    ) -> HttpResponse:
        name = subject_names(self.actor, [Subject(listing.subject_type, listing.subject)])[listing.subject]
        about = f"{listing.headline} · {name.name}" if listing.headline else name.name
        back = reverse("listing", args=[listing.key])
        folded = PLACE_KEYS if "outcome" in form else ()
        page = ListingFormPage(title, about, back, form, listing.key, listing.revision, submit, folded=folded)
        return self.render(page, status=status)


class AmendListing(Changing):
    """Changing a listing, or taking it off the list with a day and a reason."""

    needs = Verb.LISTING_AMEND
    title = "改档案"

    def get(self, request: object, key: str) -> HttpResponse:
        listing, spec = self.found(key, self.needs)
        values = values_at(self.actor, actions.KIND, key, listing.revision) or {}
        known: dict[str, str | tuple[str, ...]] = {
            name: value for name, value in values.items() if isinstance(value, str)
        }
        known |= {"also": tuple(values.get("also", ()))}
        known |= {name: _typed(value) for name, value in values.get("answers", {}).items()}
        return self.page(listing, self.title, self._form(listing, spec).fill(known))

    def post(self, request: object, key: str) -> HttpResponse:
        listing, spec = self.found(key, self.needs)
        form = self._form(listing, spec).bind(self.request.POST)
        try:
            values, because = typed_values(spec, form), form.raw("because")
            actions.amend_listing(self.actor, key=key, base=self.base, values=values, because=because, at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self.page(listing, self.title, form.refuse(error), status=400)
        tell(self.request, "改好了，数字跟着重算了。")
        return redirect("listing", key=key)

    def _form(self, listing: Listing, spec: ProgrammeSpec) -> Form:
        return amend_form(spec, may_take_off=may_take_off(self.actor, spec, listing.region))


def _typed(answer: object) -> str | tuple[str, ...]:
    """An answer as a form shows it again."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return tuple(map(str, answer)) if isinstance(answer, list) else str(answer)


class ReviewListing(Changing):
    """Looking again: still so, changed, or left. The next review falls due from there."""

    needs = Verb.LISTING_RECORD
    title = "复核"

    def found(self, key: str, verb: Verb) -> tuple[Listing, ProgrammeSpec]:
        """Hers to amend; or of a list whose file lets members say that nothing has changed."""
        if Listing.objects.seen_by(self.actor, Verb.LISTING_AMEND).filter(key=key).exists():
            return super().found(key, Verb.LISTING_AMEND)
        listing, spec = super().found(key, verb)
        if not may_confirm(self.actor, spec, listing.region):
            raise Forbidden("这本册子由主席和镇里的妇联干部复核，看到有变化请告诉她们。")
        return listing, spec

    def get(self, request: object, key: str) -> HttpResponse:
        listing, spec = self.found(key, self.needs)
        return self.page(listing, self.title, _review(self.actor, listing, spec), submit="记下来")

    def post(self, request: object, key: str) -> HttpResponse:
        listing, spec = self.found(key, self.needs)
        form = _review(self.actor, listing, spec).bind(self.request.POST)
        review = typed_review(form, line=new_id())
        off_why = form.raw("off_why") if "off_why" in form else ""
        try:
            outcome = actions.review_listing(
                self.actor, key=key, base=self.base, review=review, off_why=off_why, at=now()
            )
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self.page(listing, self.title, form.refuse(_by_field(error)), submit="记下来", status=400)
        after = outcome.record
        next_on = after.review_on if isinstance(after, Listing) and review["outcome"] != Outcome.LEFT else None
        tell(self.request, f"记下了，下次{say_day(next_on)}复核。" if next_on else "记下了。")
        return redirect("listing", key=key)


def _review(actor: Actor, listing: Listing, spec: ProgrammeSpec) -> Form:
    regrade, take_off = reviewing(actor, listing, spec)
    return review_form(spec, place_of(listing), may_regrade=regrade, may_take_off=take_off)


def _by_field(error: Refused | Problems) -> Refused | Problems:
    """What is wrong with the review that was just typed is told at its own questions: reviews.2.day is day."""
    if not isinstance(error, Problems):
        return error
    return Problems([Problem(item.field.rsplit(".", 1)[-1], item.message) for item in error.items])


class WithdrawListing(Changing):
    """A listing that should never have been."""

    needs = Verb.LISTING_VOID
    title = "撤回档案"

    def get(self, request: object, key: str) -> HttpResponse:
        return self.page(self.found(key, self.needs)[0], self.title, _why(), submit="撤回")

    def post(self, request: object, key: str) -> HttpResponse:
        listing, _ = self.found(key, self.needs)
        form = _why().bind(self.request.POST)
        try:
            actions.withdraw_listing(self.actor, key=key, base=self.base, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self.page(listing, self.title, form.refuse(error), submit="撤回", status=400)
        tell(self.request, "这份档案已撤回。")
        return redirect("listings")


def _why() -> Form:
    return Form((Field(name="because", label="为什么撤回", type=FieldType.NOTE, required=True, limit=500),))
