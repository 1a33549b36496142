"""Cases that may be of the same person: proposed with the reasons; joined, or told apart, by whoever works on it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.kinds.cases import actions
from lianxin.kinds.cases.life import Stage
from lianxin.kinds.cases.matching_rows import Alike, alike, keep_apart, take_back_apart, told_apart
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.screens_one import case_for
from lianxin.kinds.cases.steps import Step
from lianxin.net.regions import path_name
from lianxin.ui.forms import Field
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """One case that may be of the same person, in words."""

    key: str
    number: str
    href: str
    gist: str
    where: str
    words: str
    reasons: str
    against: str
    because: Field


@dataclass(frozen=True, slots=True)
class ApartLine:
    key: str
    number: str
    href: str
    because: str


@dataclass(frozen=True, slots=True)
class AlikePage:
    title: str
    gist: str
    back: str
    lines: tuple[AlikeLine, ...]
    apart: tuple[ApartLine, ...]
    may_join: bool
    may_work: bool


class AlikeCases(Screen):
    """Nothing is joined by itself; what was joined or told apart can be undone."""

    needs = Verb.CASE_READ
    template = "cases/alike.html"
    title = "可能是同一个人的"
    room = "cases"

    def get(self, request: object, key: str) -> HttpResponse:
        row, _ = case_for(self.actor, key)
        return self._page(row)

    def post(self, request: object, key: str) -> HttpResponse:
        self.actor.require(Verb.CASE_WORK)
        row, _ = case_for(self.actor, key)
        typed = self.request.POST
        other = typed.get("other", "")
        because = typed.get(f"because-{other}", "")
        try:
            said = self._done(row, typed.get("act", ""), other, because)
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            message = error.items[0].message if isinstance(error, Problems) else error.message
            return self._page(row, typed=(other, because, message), status=400)
        tell(self.request, said)
        return redirect("case", key=row.key) if typed.get("act") == "join" else redirect("case-alike", key=row.key)

    def _done(self, row: Case, act: str, other: str, because: str) -> str:
        if act == "join":
            there, _ = case_for(self.actor, other)
            step = {"act": Step.JOIN.value, "case": there.key, "note": because}
            actions.take_step(self.actor, key=row.key, base=row.revision, step=step, at=now())
            return f"并到 {there.number} 去办了。弄错了可以分开另办。"
        if act == "apart":
            keep_apart(self.actor, row, other, because=because, at=now())
            return "记下了，不再提。"
        if act == "again":
            take_back_apart(self.actor, row, other)
            return "撤回了，以后还会提。"
        raise Refused("请选是同一件，还是不是同一个人。")

    def _page(self, row: Case, *, typed: tuple[str, str, str] = ("", "", ""), status: int = 200) -> HttpResponse:
        may_work = bool(self.actor.may(Verb.CASE_WORK)) and not row.is_void
        page = AlikePage(
            title=self.title,
            gist="只是像，是不是由您定。您看不到的个案也在比对，有像的，由两边都看得到的上级处理。",
            back=reverse("case", args=[row.key]),
            lines=tuple(_line(each, typed) for each in alike(self.actor, row)),
            apart=tuple(
                ApartLine(case.key, case.number, reverse("case", args=[case.key]), because)
                for case, because in told_apart(self.actor, row)
            ),
            may_join=may_work and row.stage in (Stage.REPORTED, Stage.WORKING, Stage.ASKED),
            may_work=may_work,
        )
        return self.render(page, status=status)


def _line(each: Alike, typed: tuple[str, str, str]) -> AlikeLine:
    other, because, message = typed
    case, is_typed = each.case, each.case.key == other
    return AlikeLine(
        key=case.key,
        number=case.number,
        href=reverse("case", args=[case.key]),
        gist=case.gist,
        where=f"{path_name(case.region)} · {say_day(case.day)} · {Stage(case.stage).label}",
        words=each.likeness.words,
        reasons="、".join(each.likeness.reasons),
        against="、".join(each.likeness.against),
        because=Field(
            name=f"because-{case.key}",
            label="为什么",
            values=(because,) if is_typed else (),
            error=message if is_typed else "",
            limit=500,
        ),
    )
