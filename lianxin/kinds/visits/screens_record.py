"""Pages that record visits: the form at the door, somebody new, amending. Choosing whom stands in screens_who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import now, today
from lianxin.base.errors import Problem, Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.kinds.visits import actions
from lianxin.kinds.visits.forms import VisitForm, differences, refused, visit_form
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.panel import SubjectPanel, subject_panel
from lianxin.kinds.visits.wire import LISTS, posted_from, raw_values
from lianxin.net.colleagues import colleagues
from lianxin.net.regions import path_name, subtree
from lianxin.records.drafts import Conflict
from lianxin.records.history import values_at
from lianxin.records.kinds import Subject
from lianxin.records.saved import forget_typed, keep_typed, typed_before
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.records.watched import note_view
from lianxin.register.doubles import ELSEWHERE, Asked, Double, Doubles, doubles_of
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Line
from lianxin.ui.screen import Screen

NOT_FOUND = {
    "household": "册子里没有找到这一户，可能已迁走或不在您的区域。",
    "person": "册子里没有找到这个人，可能已迁走或不在您的区域。",
    "organisation": "没有找到这个单位，可能已撤销或不在您的区域。",
}

Posted = dict[str, list[str]]

NOT_KEPT = frozenset({"csrfmiddlewaretoken", "add", "draft_form", "somebody-else"})


def posted_of(query: QueryDict) -> Posted:
    """Everything typed, and nothing of the machinery."""
    return {name: query.getlist(name) for name in query if name not in NOT_KEPT}


@dataclass(frozen=True, slots=True)
class RecordPage:
    title: str
    key: str
    base: int
    subject: Subject
    name: SubjectName
    panel: SubjectPanel | None
    asked: VisitForm
    draft_form: str
    draft_from: dt.datetime | None
    newcomer: Form | None = None
    alike: tuple[Line, ...] = ()
    elsewhere: str = ""
    theirs: tuple[tuple[str, str, str], ...] = ()
    because: Field | None = None
    back: str = ""
    lists: tuple[str, ...] = LISTS


class _Recording(Screen, abstract=True):
    """What recording, registering at the door and amending share: one form, kept through errors and closed browsers."""

    room = "visit-new"
    template = "visits/record.html"
    fragments = {"lines": "visits/_lines.html"}

    def asked(
        self,
        posted: Posted | None,
        *,
        about: str = "household",
        day: dt.date | None = None,
        one_more: str = "",
    ) -> VisitForm:
        """The form for a household, a person or an organisation: with those lines of work that take one."""
        moment = today()
        programmes = [each for each in catalog().of_kind("visit", on=day or moment) if about in each.subjects]
        options = [Option(key, name) for key, name in colleagues(self.actor, today=moment).items()]
        return visit_form(programmes, today=moment, colleagues=options, posted=posted, one_more=one_more)

    def wants_a_line(self) -> str:
        """Which list another empty line was asked for: nothing is saved then."""
        add = self.request.POST.get("add", "")
        return add if add in LISTS or add == "asked" else ""


class RecordVisit(_Recording):
    """The form at the door, for a subject already known."""

    needs = Verb.VISIT_RECORD
    title = "走访登记"

    def get(self, request: object, subject_type: str, subject: str) -> HttpResponse:
        about = Subject(subject_type, subject.upper())
        typed = typed_before(self.actor, _draft_form(about), now=now())
        posted = dict(typed.fields) if typed else None
        return self._page(about, self.asked(posted, about=about.type), posted, draft_from=typed.at if typed else None)

    def post(self, request: object, subject_type: str, subject: str) -> HttpResponse:
        about = Subject(subject_type, subject.upper())
        posted = posted_of(self.request.POST)
        if one_more := self.wants_a_line():
            return self._page(about, self.asked(posted, about=about.type, one_more=one_more), posted)
        values = raw_values(posted) | {"subject_type": about.type, "subject": about.key}
        because = _because(posted)
        try:
            outcome = actions.record_visit(self.actor, key=_id(posted), values=values, because=because.value, at=now())
        except (Refused, Problems) as error:
            shown = refused(self.asked(posted, about=about.type), error)
            return self._page(about, shown, posted, because=_refused_because(because, error), status=400)
        forget_typed(self.actor, _draft_form(about))
        if not outcome.is_replay:
            undo = reverse("visit-undo", args=[outcome.record.key])
            tell(self.request, "走访已保存，几张表的数都跟着有了。", undo=undo)
        return redirect("visit", key=outcome.record.key)

    def _page(
        self,
        about: Subject,
        asked: VisitForm,
        posted: Posted | None,
        *,
        because: Field | None = None,
        draft_from: dt.datetime | None = None,
        status: int = 200,
    ) -> HttpResponse:
        panel = subject_panel(self.actor, about, today=today())
        if panel is None:
            raise Unseen(NOT_FOUND.get(about.type, NOT_FOUND["household"]))
        page = RecordPage(
            title="走访登记",
            key=_id(posted or {}),
            base=0,
            subject=about,
            name=panel.name,
            panel=panel,
            asked=asked,
            draft_form=_draft_form(about),
            draft_from=draft_from,
            # Asked only where it is wanted: into a sealed period goes nothing but a correction.
            because=because if because and (because.value or because.error) else None,
            back=reverse("visit-new"),
        )
        return self.render(page, status=status)


def _draft_form(about: Subject) -> str:
    return f"visit:new:{about.type}:{about.key}"


def _id(posted: Mapping[str, list[str]]) -> str:
    """The id the form came with, so that a second click answers the same record; a new one for a new form."""
    values = posted.get("id", [])
    return values[-1] if values and values[-1] else new_id()


class RecordNewcomer(_Recording):
    """Somebody who is not in the register yet: registered and visited in one breath."""

    needs = Verb.VISIT_RECORD
    title = "新登一户"

    def get(self, request: object) -> HttpResponse:
        typed = typed_before(self.actor, "visit:new:someone", now=now())
        posted = dict(typed.fields) if typed else {"n.name": [self.request.GET.get("name", "")[:40]]}
        return self._page(self.asked(posted), self._newcomer().fill(posted), posted, typed.at if typed else None)

    def post(self, request: object) -> HttpResponse:
        posted = posted_of(self.request.POST)
        newcomer = self._newcomer().bind(self.request.POST)
        if one_more := self.wants_a_line():
            return self._page(self.asked(posted, one_more=one_more), newcomer, posted)
        try:
            household = HouseholdDraft(
                head=newcomer.raw("n.name"),
                region=newcomer.chosen("n.region"),
                place=newcomer.raw("n.place"),
                phone=newcomer.raw("n.phone"),
                since=today(),
            )
            doubles = self._unasked(household, key=_id(posted))
            if doubles and self.request.POST.get("somebody-else") != "yes":
                return self._page(self.asked(posted), newcomer, posted, doubles=doubles, status=400)
            outcome = actions.record_newcomer(
                self.actor,
                household,
                key=_id(posted),
                values=raw_values(posted),
                apart_from=[double.key for double in doubles.near],
                at=now(),
            )
        except (Refused, Problems) as error:
            error = _in_this_form(error)
            shown = self.asked(posted)
            form = refused(shown, error)
            return self._page(form, newcomer.refuse(_only(error, newcomer)), posted, status=400)
        forget_typed(self.actor, "visit:new:someone")
        tell(self.request, "这一户已登进册子，走访也存好了。", undo=reverse("visit-undo", args=[outcome.record.key]))
        return redirect("visit", key=outcome.record.key)

    def _unasked(self, household: HouseholdDraft, *, key: str) -> Doubles:
        """Whoever in the register may be this head; nobody at a second click, which finds the first one's household."""
        if not (household.head.strip() and household.region):
            return Doubles()
        if Visit.objects.seen_by(self.actor).filter(key=key).exists():
            return Doubles()
        head = MemberDraft(name=household.head, relation=Relation.HEAD, phone=household.phone)
        return doubles_of(self.actor, [Asked.of(head, region=household.region)])[0]

    def _newcomer(self) -> Form:
        villages = [
            village
            for top in self.actor.regions(Verb.REGISTER_WRITE)
            for village in (
                [top] if level_of(top) == Level.VILLAGE else [row.code for row in subtree(top, Level.VILLAGE)]
            )
        ]
        options = tuple(Option(code, path_name(code)) for code in villages)
        return Form(
            (
                Field(name="n.name", label="户主姓名", required=True, limit=40),
                Field(name="n.place", label="门牌", limit=60, placeholder="3组17号"),
                Field(name="n.phone", label="电话", help="可以先不填"),
                Field(
                    name="n.region",
                    label="哪个村（社区）",
                    type=FieldType.CHOICE if len(options) > 1 else FieldType.HIDDEN,
                    options=options,
                    values=(options[0].value,) if len(options) == 1 else (),
                    required=True,
                ),
            )
        )

    def _page(
        self,
        asked: VisitForm,
        newcomer: Form,
        posted: Posted,
        draft_from: dt.datetime | None = None,
        *,
        doubles: Doubles | None = None,
        status: int = 200,
    ) -> HttpResponse:
        page = RecordPage(
            title="新登一户",
            key=_id(posted),
            base=0,
            subject=Subject("household", ""),
            name=SubjectName("", "household", ""),
            panel=None,
            asked=asked,
            draft_form="visit:new:someone",
            draft_from=draft_from,
            newcomer=newcomer,
            alike=tuple(map(_alike, doubles.near)) if doubles else (),
            elsewhere=ELSEWHERE if doubles and doubles.is_elsewhere else "",
            back=reverse("visit-new"),
        )
        return self.render(page, status=status)


def _alike(double: Double) -> Line:
    """Somebody who may be the same: a tap and the visit is recorded for her."""
    subject = ("household", double.household) if double.household else ("person", double.key)
    text = f"{double.name}（{path_name(double.region)}）· 记她家的走访"
    return Line(text=text, note="、".join(double.reasons), href=reverse("visit-record", args=subject))


_NEWCOMER_FIELDS = {"head": "n.name", "name": "n.name", "region": "n.region", "place": "n.place", "phone": "n.phone"}


def _in_this_form(error: Refused | Problems) -> Refused | Problems:
    """The register's names of its fields as this form has them."""
    if isinstance(error, Problems):
        return Problems([replace(item, field=_NEWCOMER_FIELDS.get(item.field, item.field)) for item in error.items])
    error.field = _NEWCOMER_FIELDS.get(error.field, error.field)
    return error


def _only(error: Refused | Problems, form: Form) -> Problems:
    """Those mistakes that are this part's; the rest is said by the visit's own form."""
    items = error.items if isinstance(error, Problems) else []
    mine = [item for item in items if item.field in form]
    if isinstance(error, Refused) and error.field in form:
        return Problems().with_item(error.field, error.message)
    return Problems(mine)


class AmendVisit(_Recording):
    """Changing a visit: from its last revision, or with both versions side by side when somebody was quicker."""

    needs = Verb.VISIT_AMEND
    title = "改走访"
    room = "visits"

    def get(self, request: object, key: str) -> HttpResponse:
        visit = self._visit(key)
        note_view(self.actor, "visit", key, region=visit.region, seal=visit.seal, at=now())
        typed = typed_before(self.actor, f"visit:amend:{key}", now=now())
        posted = dict(typed.fields) if typed else posted_from(self._values(visit))
        because = _because(posted)
        return self._page(
            visit,
            self.asked(posted, about=visit.subject_type, day=visit.day),
            because,
            draft_from=typed.at if typed else None,
        )

    def post(self, request: object, key: str) -> HttpResponse:
        visit = self._visit(key)
        posted = posted_of(self.request.POST)
        because = _because(posted)
        if one_more := self.wants_a_line():
            return self._page(
                visit,
                self.asked(posted, about=visit.subject_type, day=visit.day, one_more=one_more),
                because,
                base=_base(posted),
            )
        values = raw_values(posted) | {"subject_type": visit.subject_type, "subject": visit.subject}
        try:
            actions.amend_visit(
                self.actor,
                key=key,
                base=_base(posted),
                values=values,
                because=because.value,
                at=now(),
            )
        except Conflict as conflict:
            forget_typed(self.actor, f"visit:amend:{key}")
            return self._conflict(visit, posted, conflict)
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            shown = refused(self.asked(posted, about=visit.subject_type, day=visit.day), error)
            because = _refused_because(because, error)
            return self._page(visit, shown, because, base=_base(posted), status=400)
        forget_typed(self.actor, f"visit:amend:{key}")
        tell(self.request, "改好了，数字跟着重算了。")
        return redirect("visit", key=key)

    def _visit(self, key: str) -> Visit:
        visit = Visit.objects.seen_by(self.actor, Verb.VISIT_AMEND).filter(key=key, is_void=False).first()
        if visit is None:
            raise Unseen("没有这次走访，可能已撤回，或不归您修改。")
        return visit

    def _values(self, visit: Visit) -> dict[str, Any]:
        return values_at(self.actor, actions.KIND, visit.key, visit.revision) or {}

    def _conflict(self, visit: Visit, mine: Posted, conflict: Conflict) -> HttpResponse:
        """Both versions: hers in the form, the other beside each field that differs."""
        theirs = posted_from(self._values(visit))
        shown = self.asked(mine, about=visit.subject_type, day=visit.day)
        differing = differences(shown, self.asked(theirs, about=visit.subject_type, day=visit.day))
        form = refused(shown, Refused(conflict.message))
        return self._page(visit, form, _because(mine), theirs=differing, status=409)

    def _page(
        self,
        visit: Visit,
        asked: VisitForm,
        because: Field,
        *,
        base: int | None = None,
        draft_from: dt.datetime | None = None,
        theirs: tuple[tuple[str, str, str], ...] = (),
        status: int = 200,
    ) -> HttpResponse:
        about = Subject(visit.subject_type, visit.subject)
        page = RecordPage(
            title="改走访",
            key=visit.key,
            base=visit.revision if base is None else base,
            subject=about,
            name=subject_names(self.actor, [about])[about.key],
            panel=None,
            asked=asked,
            draft_form=f"visit:amend:{visit.key}",
            draft_from=draft_from,
            theirs=theirs,
            because=because,
            back=reverse("visit", args=[visit.key]),
        )
        return self.render(page, status=status)


def _because(posted: Mapping[str, list[str]]) -> Field:
    values = tuple(posted.get("because", ()))
    return Field(name="because", label="为什么改", limit=500, help="改的是封账前的事，请写明原因", values=values)


def _refused_because(because: Field, error: Refused | Problems) -> Field:
    items = error.items if isinstance(error, Problems) else [Problem(error.field, error.message)]
    return replace(because, error=" ".join(item.message for item in items if item.field == "because"))


def _base(posted: Mapping[str, list[str]]) -> int:
    text = (posted.get("base") or [""])[-1]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class KeepDraft(Screen):
    """Keeps what stands in a form; answers nothing."""

    needs = Verb.VISIT_RECORD
    template = "visits/record.html"
    title = "草稿"
    http_method_names = ["post"]

    def post(self, request: object) -> HttpResponse:
        form = self.request.POST.get("draft_form", "")
        if not form.startswith("visit:") or len(form) > 80:
            raise Refused("这份草稿认不出是哪张表的，没有保存。")
        posted = posted_of(self.request.POST)
        if self._is_saved(form, posted):
            forget_typed(self.actor, form)
            return HttpResponse(status=204)
        kept = keep_typed(self.actor, form, posted, at=now())
        return HttpResponse(status=204 if kept else 413)

    def _is_saved(self, form: str, posted: Posted) -> bool:
        """Whether a draft came after the form it belongs to: on a slow line the two may overtake each other."""
        visit = Visit.objects.seen_by(self.actor).filter(key=_id(posted)).first()
        return visit is not None and (form.startswith("visit:new:") or visit.revision > _base(posted))
