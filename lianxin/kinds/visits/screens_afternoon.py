"""One afternoon's households in one go: what they share is asked once, what each said in a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect

from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Problem, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.kinds.visits import actions
from lianxin.kinds.visits.forms import ChipGroup, visit_form
from lianxin.kinds.visits.panel import recent_faces
from lianxin.kinds.visits.screens_record import Posted, posted_of
from lianxin.kinds.visits.wire import purposes_chosen
from lianxin.net.regions import path_name
from lianxin.records.drafts import Rejected
from lianxin.records.kinds import Subject
from lianxin.records.subjects import subject_names
from lianxin.register.queries import find_subjects
from lianxin.ui.forms import Field, FieldType, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

MOST = 40
_ROW = re.compile(r"v\.(\d{1,3})\.subject")


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household of the afternoon: whether somebody was there, and what was heard."""

    number: int
    key: str
    subject: str
    name: str
    note: str
    is_on: bool
    heard: Field
    error: str = ""


@dataclass(frozen=True, slots=True)
class AfternoonPage:
    form: Form
    why: tuple[ChipGroup, ...]
    rows: tuple[HouseholdRow, ...]
    search: Field


class RecordAfternoon(Screen):
    """Tick the households, one line each, one 保存 for all: all are kept or none."""

    needs = Verb.VISIT_RECORD
    template = "visits/afternoon.html"
    title = "一次登几户"
    room = "visit-new"
    fragments = {"households": "visits/_households.html"}

    def get(self, request: object) -> HttpResponse:
        faces = recent_faces(self.actor, types=("household",))
        rows = [_row(number, new_id(), face.key, face.name, face.note) for number, face in enumerate(faces)]
        return self._page({}, rows)

    def post(self, request: object) -> HttpResponse:
        posted = posted_of(self.request.POST)
        rows = self._rows(posted)
        if self.request.POST.get("add") == "search":
            return self._searched(posted, rows)
        chosen = [row for row in rows if row.is_on]
        if not chosen:
            return self._page(posted, rows, Refused("请至少勾一户。"))
        shared = {"day": _first(posted, "day"), "mode": _first(posted, "mode")}
        shared_values = {**shared, "purposes": purposes_chosen(posted.get("why", ()))}
        visits = [
            (row.key, {**shared_values, "subject_type": "household", "subject": row.subject, "heard": row.heard.value})
            for row in chosen
        ]
        try:
            kept = actions.record_afternoon(self.actor, visits, at=now())
        except Rejected as rejected:
            return self._rejected(posted, rows, chosen, rejected)
        except Refused as refused:
            return self._page(posted, rows, refused)
        tell(self.request, f"{len(kept)} 户的走访都存好了。")
        return redirect("visits")

    def _rows(self, posted: Posted) -> list[HouseholdRow]:
        numbers = sorted({int(match[1]) for name in posted if (match := _ROW.fullmatch(name))})[:MOST]
        keys = [_first(posted, f"v.{number}.subject") for number in numbers]
        names = subject_names(self.actor, (Subject("household", key) for key in keys if key))
        return [
            _row(
                number,
                _first(posted, f"v.{number}.id") or new_id(),
                key,
                names[key].name,
                _first(posted, f"v.{number}.note"),
                is_on=_first(posted, f"v.{number}.on") == "yes",
                heard=_first(posted, f"v.{number}.heard"),
            )
            for number, key in zip(numbers, keys, strict=True)
            if key in names and names[key].is_seen
        ]

    def _searched(self, posted: Posted, rows: list[HouseholdRow]) -> HttpResponse:
        """What was sought joins the list, ticked already when it is one household."""
        sought = _first(posted, "q").strip()[:40]
        present = {row.subject for row in rows}
        try:
            hits = (
                [hit for hit in find_subjects(self.actor, sought, limit=8) if hit.kind == "household"] if sought else []
            )
        except Refused as refused:
            return self._page(posted, rows, refused)
        fresh = [hit for hit in hits if hit.key not in present]
        start = max((row.number for row in rows), default=-1) + 1
        found = [
            _row(
                start + at,
                new_id(),
                hit.key,
                f"{hit.name}家",
                f"{path_name(hit.region)} {hit.place}".strip(),
                is_on=len(fresh) == 1,
            )
            for at, hit in enumerate(fresh)
        ]
        error = None if fresh or not sought else Refused(f"没有找到别的“{sought}”。", field="q")
        return self._page(posted, [*found, *rows], error, status=200)

    def _rejected(
        self, posted: Posted, rows: list[HouseholdRow], chosen: Sequence[HouseholdRow], rejected: Rejected
    ) -> HttpResponse:
        """What is wrong with all stands above; what is wrong with one stands in its line."""
        own = {chosen[place].number: problems for place, problems in rejected.problems.items()}
        shared: dict[str, Problem] = {}
        marked = []
        for row in rows:
            items = own[row.number].items if row.number in own else []
            for item in items:
                if item.field in ("day", "mode", "purposes"):
                    field = "why" if item.field == "purposes" else item.field
                    shared[item.message] = Problem(field, item.message)
            words = " ".join(item.message for item in items if item.message not in shared)
            marked.append(replace(row, error=words))
        return self._page(posted, marked, Problems(list(shared.values())) if shared else rejected)

    def _page(
        self, posted: Posted, rows: list[HouseholdRow], error: Refused | Problems | None = None, *, status: int = 0
    ) -> HttpResponse:
        shown = visit_form(catalog().of_kind("visit", on=today()), today=today(), posted=posted)
        search = Field(name="q", label="找一户加进来", placeholder="姓名、首字母、尾号、门牌", values=())
        form = Form((shown.form["day"], shown.form["mode"], shown.form["why"], search))
        if error is not None:
            form = form.refuse(error)
        page = AfternoonPage(form, shown.why, tuple(rows), form["q"])
        return self.render(page, status=status or (400 if error else 200))


def _row(
    number: int, key: str, subject: str, name: str, note: str, *, is_on: bool = False, heard: str = ""
) -> HouseholdRow:
    field = Field(name=f"v.{number}.heard", label="听到什么", type=FieldType.LINE, values=(heard,), limit=5000)
    return HouseholdRow(number, key, subject, name, note, is_on, field)


def _first(posted: Posted, name: str) -> str:
    values = posted.get(name)
    return values[-1] if values else ""
