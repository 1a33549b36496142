"""Pages of a change as a whole: the list, a new one, one with its committees, its hour, giving it up, undoing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI, now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for
from lianxin.desk.asking import FormPage
from lianxin.desk.terms.forms import hour_form, new_form, typed_hour, undo_form
from lianxin.net.regions import path_name, region_name
from lianxin.terms.carrying import carry_due, undo_change
from lianxin.terms.handing import Waiting, waiting
from lianxin.terms.models import Committee, State, TermChange
from lianxin.terms.preparing import change_for, drop_change, prepare_change, set_hour, unset_hour
from lianxin.terms.reading import (
    Makeup,
    SeatLine,
    changes_seen_by,
    committees_seen_by,
    is_open,
    makeup_of,
    names_of,
    seat_lines,
)
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Crumb, Known, Row, Table, share
from lianxin.ui.screen import Screen

TONES = {State.PREPARING: "yellow", State.SET: "blue", State.CARRIED: "green"}
CLOSED = "soft"


@dataclass(frozen=True, slots=True)
class TermsPage:
    table: Table
    export: str


class Terms(Screen):
    """Every change that touches her place."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/terms.html"
    title = "换届"
    room = "users"

    def get(self, request: object) -> HttpResponse:
        rows = tuple(
            Row(
                (
                    Cell(text=change.name, href=reverse("term", args=[change.pk])),
                    f"{region_name(change.region)}，{Level(change.level).label}",
                    Cell(text=State(change.state).label, tone=tone_of(change)),
                    said_hour(change),
                )
            )
            for change in changes_seen_by(self.actor)[:100]
        )
        columns = (Column(label="名称", is_key=True), Column(label="范围"), Column(label="状态"), Column(label="时间"))
        empty = "还没有办过换届。换届时先在这里筹备：名单定好，看清楚谁来谁走，再定时间，到点一起换。"
        export = reverse("terms-export") if self.actor.may_take_out(Verb.ORGANISATION_WRITE) else ""
        return self.render(TermsPage(Table(caption="换届", columns=columns, rows=rows, empty=empty), export))


class NewTerm(Screen):
    """Prepare a change: for a village, a town, or all of the county."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/new.html"
    title = "筹备换届"
    room = "users"
    fragments = {"place": "desk/accounts/_place.html"}

    def get(self, request: object) -> HttpResponse:
        return self._page(new_form(self.actor))

    def post(self, request: object) -> HttpResponse:
        typed = new_form(self.actor).bind(self.request.POST)
        form = new_form(self.actor, typed=typed)
        if NARROW in self.request.POST:
            return self._page(form)
        try:
            change = self._prepare(form)
        except (Refused, Problems) as error:
            return self._page(form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, "筹备好了：在任的都先列在名单里，逐个改好，再定名单。")
        return redirect("term", key=change.pk)

    def _prepare(self, form: Form) -> TermChange:
        region, level = chosen_place(form), form.chosen("level")
        if not region:
            raise Refused("请选在哪里。", field="region")
        if not level:
            raise Refused("请选换哪一级。", field="level")
        return prepare_change(self.actor, region=region, level=Level(int(level)), name=form.raw("name"), now=now())

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "先筹备，谁也不受影响；到了定好的时间，任职和岗位一起换，当天可以整个撤回。"
        crumbs = (Crumb("换届", reverse("terms")), Crumb(self.title))
        return self.render(
            FormPage(self.title, gist, "开始筹备", form, crumbs, whole=names_of_steps(form, "全部")), status=status
        )


@dataclass(frozen=True, slots=True)
class TermPage:
    title: str
    state: tuple[str, str]
    gist: str
    table: Table
    facts: tuple[Known, ...]
    makeup: tuple[Known, ...]
    key: str
    is_preparing: bool
    is_set: bool
    may_set: bool
    may_drop: bool
    may_undo: bool
    waiting: Waiting
    export: str
    crumbs: tuple[Crumb, ...]


class OneTerm(Screen):
    """One change: which committees are ready, how the new ones are made up, and the next act."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/term.html"
    title = "换届"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        change = change_for(self.actor, key)
        committees = committees_seen_by(self.actor, change)
        lines = seat_lines(self.actor, committees, today=today())
        makeup = makeup_of(line for each in lines.values() for line in each)
        manages = bool(self.actor.may(Verb.USER_MANAGE, region=change.region))
        page = TermPage(
            title=change.name,
            state=(tone_of(change), State(change.state).label),
            gist=_gist(change, committees),
            table=_table(change, committees, lines),
            facts=_facts(change, committees),
            makeup=makeup_facts(makeup),
            key=change.pk,
            is_preparing=change.state == State.PREPARING,
            is_set=change.state == State.SET,
            may_set=manages and change.state in (State.PREPARING, State.SET),
            may_drop=is_open(change) and bool(self.actor.may(Verb.ORGANISATION_WRITE, region=change.region)),
            may_undo=manages and _is_carried_today(change),
            waiting=waiting(self.actor, change),
            export=reverse("term-export", args=[change.pk]) if self.actor.may_take_out(Verb.ORGANISATION_WRITE) else "",
            crumbs=(Crumb("换届", reverse("terms")), Crumb(change.name)),
        )
        return self.render(page)


def tone_of(change: TermChange) -> str:
    return TONES.get(State(change.state), CLOSED)


def said_hour(change: TermChange) -> str:
    at = change.carried_at or change.at
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{say_day(local.date())} {local:%H:%M}"


def _is_carried_today(change: TermChange) -> bool:
    carried = change.carried_at
    return change.state == State.CARRIED and carried is not None and carried.astimezone(SHANGHAI).date() == today()


def _gist(change: TermChange, committees: Sequence[Committee]) -> str:
    ready, every = sum(each.is_ready for each in committees), len(committees)
    match State(change.state):
        case State.PREPARING:
            return f"{every} 个组织，{ready} 个名单已定。名单没有定的，到时不换，可以另外再办。"
        case State.SET:
            return f"{said_hour(change)}起，{ready} 个组织按名单换届，任职和岗位一起变。"
        case State.CARRIED:
            return f"{said_hour(change)}办成，{sum(each.is_renewed for each in committees)} 个组织换了届。"
        case State.UNDONE:
            return f"已撤回：{change.undone_why}。任职和岗位都恢复原样。"
        case _:
            return "已取消，什么都没有变。"


def _facts(change: TermChange, committees: Sequence[Committee]) -> tuple[Known, ...]:
    facts = [Known("范围", f"{path_name(change.region)}，{Level(change.level).label}")]
    facts.append(Known("名单已定", f"{sum(each.is_ready for each in committees)} / {len(committees)} 个组织"))
    if hour := said_hour(change):
        facts.append(Known("时间", hour))
    return tuple(facts)


def makeup_facts(makeup: Makeup) -> tuple[Known, ...]:
    """How the new committees are made up, in the words of the annual summary."""
    if not makeup.people:
        return ()
    facts = [Known("人数", f"{makeup.people} 人，其中新进 {makeup.new} 人")]
    if makeup.mean_age is not None:
        young = f"45 岁以下 {makeup.young} 人（{share(makeup.young, makeup.aged)}）"
        facts.append(Known("年龄", f"平均 {makeup.mean_age} 岁，{young}"))
    if makeup.schooling:
        facts.append(Known("文化程度", "、".join(f"{label} {count} 人" for label, count in makeup.schooling)))
    facts.append(Known("进“两委”", f"{makeup.in_both} 人（{share(makeup.in_both, makeup.people)}）"))
    if makeup.chairs:
        in_both = share(makeup.chairs_in_both, makeup.chairs)
        facts.append(Known("主席进“两委”", f"{makeup.chairs_in_both} / {makeup.chairs}（{in_both}）"))
    return tuple(facts)


def _table(change: TermChange, committees: Sequence[Committee], lines: Mapping[str, Sequence[SeatLine]]) -> Table:
    names = names_of(committees)
    rows = tuple(
        Row(
            (
                Cell(text=names.get(each.organisation, "组织"), href=reverse("term-committee", args=[each.pk])),
                Cell(text=str(len(lines[each.pk])), unit="人"),
                "、".join(line.name for line in lines[each.pk] if line.is_chair),
                _standing(change, each),
            )
        )
        for each in committees
    )
    columns = (
        Column(label="组织", is_key=True),
        Column(label="名单", kind="number"),
        Column(label="主席"),
        Column(label="状态"),
    )
    return Table(caption="换届的组织", columns=columns, rows=rows, empty="这里没有您负责的组织。")


def _standing(change: TermChange, committee: Committee) -> Cell:
    if committee.trouble:
        return Cell(text="没有换成", tone="red", note=committee.trouble)
    if committee.is_renewed:
        return Cell(text="已换届", tone="green")
    if committee.is_ready:
        return Cell(text="名单已定", tone="blue")
    word = "名单没有定" if is_open(change) else "没有换"
    return Cell(text=word, tone="yellow" if is_open(change) else CLOSED)


class SetHour(Screen):
    """From which hour the new committees serve; now will do as well."""

    needs = Verb.USER_MANAGE
    template = "desk/form.html"
    title = "定换届时间"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(change_for(self.actor, key), hour_form(now=now()))

    def post(self, request: object, key: str) -> HttpResponse:
        change = change_for(self.actor, key)
        form = hour_form(now=now()).bind(self.request.POST)
        try:
            at = typed_hour(form)
            set_hour(self.actor, change, at=at, now=now())
        except (Refused, Problems) as error:
            return self._page(change, form.refuse(mendable(error, at="hour")), status=400)
        carried = carry_due(now()) if at <= now() else 0
        tell(self.request, "换届办好了。" if carried else f"时间定好了：{say_day(at.date())} {at:%H:%M}，到点一起换。")
        return redirect("term", key=change.pk)

    def _page(self, change: TermChange, form: Form, *, status: int = 200) -> HttpResponse:
        committees = committees_seen_by(self.actor, change)
        ready = sum(each.is_ready for each in committees)
        gist = (
            f"名单已定的 {ready} 个组织，到这个时间任职和岗位一起换，没有账号的一起开；"
            f"没有定的 {len(committees) - ready} 个不动。"
        )
        return self.render(FormPage(self.title, gist, "定下时间", form, crumbs_of(change, self.title)), status=status)


class UnsetHour(Screen):
    """Open the lists again, as long as the hour has not come."""

    needs = Verb.USER_MANAGE
    template = "desk/terms/term.html"
    title = "取消时间"

    def post(self, request: object, key: str) -> HttpResponse:
        change = change_for(self.actor, key)
        unset_hour(self.actor, change)
        tell(self.request, "时间取消了，名单可以再改。")
        return redirect("term", key=change.pk)


class DropTerm(Screen):
    """Give a change up before it was carried out."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/term.html"
    title = "取消换届"

    def post(self, request: object, key: str) -> HttpResponse:
        drop_change(self.actor, change_for(self.actor, key))
        tell(self.request, "取消了，什么都没有变。")
        return redirect("terms")


class UndoTerm(Screen):
    """Put everything back on the day it was done."""

    needs = Verb.USER_MANAGE
    template = "desk/form.html"
    title = "撤回换届"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(change_for(self.actor, key), undo_form())

    def post(self, request: object, key: str) -> HttpResponse:
        change = change_for(self.actor, key)
        form = undo_form().bind(self.request.POST)
        try:
            left = undo_change(self.actor, change, because=form.raw("because"), now=now())
        except (Refused, Problems) as error:
            return self._page(change, form.refuse(mendable(error)), status=400)
        tell(self.request, "撤回了，任职和岗位都恢复原样。" + "".join(f"{each}。" for each in left))
        return redirect("term", key=change.pk)

    def _page(self, change: TermChange, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "今天换的任职和岗位全部恢复原样；换届以后别人另外改过的，不动它，并告诉您。"
        return self.render(FormPage(self.title, gist, "撤回", form, crumbs_of(change, self.title)), status=status)


def crumbs_of(change: TermChange, last: str) -> tuple[Crumb, ...]:
    return (Crumb("换届", reverse("terms")), Crumb(change.name, reverse("term", args=[change.pk])), Crumb(last))
