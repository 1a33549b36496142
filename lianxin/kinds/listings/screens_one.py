"""One subject on one list: what is known, when it was looked at, when it is due, which care it calls for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import age_on, birthday, months_after, now, say_day, today
from lianxin.base.errors import Unseen
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.files.shelf import of_seen
from lianxin.files.shown import FilesPart, files_part
from lianxin.kinds.listings.actions import KIND
from lianxin.kinds.listings.checked import births_of, may_confirm, may_regrade, may_take_off, review_months
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import list_name
from lianxin.kinds.listings.readings import place_of, place_words
from lianxin.kinds.listings.stays import followed_lists, laid_lists
from lianxin.kinds.listings.values import ListingValues, Outcome
from lianxin.net.regions import path_name
from lianxin.records.answers import said_answers
from lianxin.records.history import values_at
from lianxin.records.kinds import Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.records.watched import note_view
from lianxin.ui.parts import Event, Known, Line
from lianxin.ui.screen import Screen

RULES = {"statutory": "法定", "local": "本地规则"}


@dataclass(frozen=True, slots=True)
class ListingPage:
    title: str
    listing: Listing
    name: SubjectName
    heading: str
    tone: str
    tone_word: str
    facts: tuple[Known, ...]
    events: tuple[Event, ...]
    cares: tuple[Line, ...]
    clock: tuple[str, ...]
    files: FilesPart
    age: str
    back: str
    may_amend: bool
    may_review: bool
    may_withdraw: bool
    kept: str


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
        note_view(self.actor, "listing", key, region=listing.region, seal=listing.seal, at=now())
        return self.render(_page(self.actor, listing))


def _page(actor: Actor, listing: Listing) -> ListingPage:
    subject = Subject(listing.subject_type, listing.subject)
    name = subject_names(actor, [subject])[listing.subject]
    spec = catalog().find_programme(listing.programme, listing.programme_version)
    raw = values_at(actor, KIND, listing.key, listing.revision)
    values = KIND.recall(raw) if raw else None
    tone, word = state_of(listing)
    stands = tone in ("green", "yellow")
    kept = kept_by(listing.programme)
    may = not kept and _may(actor, Verb.LISTING_AMEND, listing)
    return ListingPage(
        title=list_name(listing.programme),
        listing=listing,
        name=name,
        heading=listing.headline or name.name,
        tone=tone,
        tone_word=word,
        facts=tuple(_facts(listing, spec, name)),
        events=tuple(_events(spec, values)) if values else (),
        cares=tuple(_cares(actor, spec, subject)) if spec and stands and name.is_seen else (),
        clock=tuple(_clock(spec, values)) if spec and values and stands else (),
        files=files_part(of_seen(listing, KIND), record=listing.key, address="listing-file", may_amend=may),
        age=_age(actor, listing, spec) if stands else "",
        back=subject_href(actor, name),
        may_amend=may,
        may_review=stands and not kept and (may or _may_confirm(actor, listing, spec)),
        may_withdraw=not kept
        and _may(actor, Verb.LISTING_VOID, listing)
        and (spec is None or may_take_off(actor, spec, listing.region)),
        kept=kept,
    )


def kept_by(programme: str) -> str:
    """Who keeps a list that nobody changes by hand, in a sentence; "" for all others."""
    if programme in followed_lists():
        return "这一份跟着组织走，要改请到组织的页面。"
    return "换届时自动记下，名单有错的当天撤回换届。" if programme in laid_lists() else ""


def _may(actor: Actor, verb: Verb, listing: Listing) -> bool:
    seal = Seal(listing.seal)
    return not listing.is_void and bool(actor.may(verb, region=listing.region, programme=listing.programme, seal=seal))


def _may_confirm(actor: Actor, listing: Listing, spec: ProgrammeSpec | None) -> bool:
    return spec is not None and not listing.is_void and may_confirm(actor, spec, listing.region)


def subject_href(actor: Actor, name: SubjectName) -> str:
    if not name.is_seen:
        return ""
    if name.type == "organisation":
        return reverse("organisation", args=[name.key]) if actor.may(Verb.ORGANISATION_READ) else ""
    return reverse(name.type, args=[name.key]) if actor.may(Verb.REGISTER_READ) else ""


def state_of(listing: Listing) -> tuple[str, str]:
    """Tone and word of how it stands today."""
    on = today()
    if listing.is_void:
        return "red", "已撤回"
    if listing.off_day:
        return "soft", "已离册"
    if listing.ends and listing.ends <= on:
        return "yellow", "有效期过了"
    if listing.review_on and listing.review_on < on:
        return "yellow", "该复核了"
    return "green", "在册"


def _facts(listing: Listing, spec: ProgrammeSpec | None, name: SubjectName) -> Iterable[Known]:
    category, level, grade = place_words(spec, place_of(listing))
    papers = {paper.code: paper.name for paper in spec.papers} if spec else {}
    said = [listing.paper_number, say_day(listing.paper_day) if listing.paper_day else ""]
    paper = " ".join(filter(None, [papers.get(listing.paper, listing.paper), *said]))
    known = (
        ("登给谁", name.name if listing.headline else ""),
        ("哪里", path_name(listing.region)),
        ("上册", say_day(listing.day)),
        ("类别", category),
        ("级别", level),
        ("等级", grade),
        ("看过", paper),
        ("有效期", f"到{say_day(listing.valid_to)}" if listing.valid_to else ""),
        ("离册", f"{say_day(listing.off_day)}：{listing.off_why}" if listing.off_day else ""),
        ("备注", listing.note),
    )
    yield from (Known(label, text) for label, text in known if text)
    answers = said_answers([spec] if spec else [], listing.answers)
    yield from (Known(question, answer) for question, answer in answers if answer != listing.headline)


def _events(spec: ProgrammeSpec | None, values: ListingValues) -> Iterable[Event]:
    """What happened, oldest first; what is due ahead, dotted."""
    begun = "、".join(filter(None, place_words(spec, values.place)))
    yield Event(day=say_day(values.on_day), title="上册", text=begun)
    for review in values.reviews:
        place = "、".join(filter(None, place_words(spec, review.place))) if review.outcome is Outcome.CHANGED else ""
        text = "。".join(filter(None, (f"改为{place}" if place else "", review.note)))
        yield Event(day=say_day(review.day), title=f"复核：{review.outcome.label}", text=text)
    if values.off_day:
        yield Event(day=say_day(values.off_day), title="离册", text=values.off_why)
        return
    on = today()
    ahead = [(values.ends, "有效期满"), (values.review_on, "该复核")]
    for day, title in sorted((day, title) for day, title in ahead if day):
        yield Event(day=say_day(day), title=title, state="now" if day <= on else "next")


def _cares(actor: Actor, spec: ProgrammeSpec, subject: Subject) -> Iterable[Line]:
    may = bool(actor.may(Verb.VISIT_RECORD))
    for care in spec.cares:
        programme = catalog().find_programme(care.programme)
        often = f"{care.every_months} 个月至少一次" if care.every_months else ""
        note = " · ".join(filter(None, (programme.name if programme else "", often)))
        href = reverse("visit-record", args=[subject.type, subject.key]) if may else ""
        if programme and programme.is_open_on(today()):
            yield Line(text=care.says, note=note, href=href)


def _clock(spec: ProgrammeSpec, values: ListingValues) -> Iterable[str]:
    """How often somebody looks again, and by what rule: never a number without its source."""
    months = review_months(spec, values.last_place)
    if months is None:
        return
    yield f"每 {months} 个月复核一次（{RULES[spec.review_rule]}）。{spec.review_source or spec.source}"


def _age(actor: Actor, listing: Listing, spec: ProgrammeSpec | None) -> str:
    """That a child turns an age that matters within a year, or has outgrown the list."""
    if spec is None or listing.subject_type != "person" or not (spec.ages or spec.age_limit):
        return ""
    birth, on = births_of(actor, [listing.subject]).get(listing.subject), today()
    if birth is None:
        return "册上没有出生日期，满几岁提醒不了，请补上。"
    if spec.age_limit is not None and age_on(birth, on) >= spec.age_limit:
        return f"{say_day(birthday(birth, spec.age_limit))}已满 {spec.age_limit} 周岁，该离册了。"
    soon = [(birthday(birth, age), age) for age in sorted({*spec.ages, *filter(None, [spec.age_limit])})]
    near = [(day, age) for day, age in soon if on < day <= months_after(on, 12)]
    return f"{say_day(near[0][0])}满 {near[0][1]} 周岁。" if near else ""


def reviewing(actor: Actor, listing: Listing, spec: ProgrammeSpec) -> tuple[bool, bool]:
    """(may regrade, may take off) this listing."""
    return may_regrade(actor, spec, listing.region), may_take_off(actor, spec, listing.region)
