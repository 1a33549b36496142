"""Changes of term as ledgers: all that touch her place, and one with everybody on its lists."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import now, today
from lianxin.desk.people.exports import where_of
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.net.regions import path_name
from lianxin.terms.models import Committee, State
from lianxin.terms.preparing import change_for
from lianxin.terms.reading import changes_seen_by, committees_seen_by, names_of, seat_lines

MOST = 2_000  # changes of one ledger


class TermsExport(TakeOut):
    """Every change that touches her place: its state, how many committees, what held some up."""

    title = "导出换届台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.ORGANISATION_WRITE)
        title = "换届台账"
        columns = (
            Column("名称", width=30),
            Column("范围", width=24),
            Column("哪一级", width=14),
            Column("状态", Kind.NAME),
            Column("换届时间", Kind.MOMENT),
            Column("组织", Kind.WHOLE),
            Column("名单已定", Kind.WHOLE, 11),
            Column("已换届", Kind.WHOLE),
            Column("没有换成的原因", Kind.LONG),
        )
        says = say_export(what=title, where=where_of(actor), period="", by=actor.name, at=now())
        return LedgerSheet(title, says, columns, _changes(actor), is_numbered=True)


def _changes(actor: Actor) -> Iterator[tuple[Value, ...]]:
    changes = list(changes_seen_by(actor)[:MOST])
    committees: dict[str, list[Committee]] = {change.pk: [] for change in changes}
    for row in Committee.objects.seen_by(actor).filter(change_id__in=list(committees)).order_by("region", "id"):
        committees[row.change_id].append(row)
    for change in changes:
        rows = committees[change.pk]
        yield (
            change.name,
            path_name(change.region),
            Level(change.level).label,
            State(change.state).label,
            change.carried_at or change.at,
            len(rows),
            sum(row.is_ready for row in rows),
            sum(row.is_renewed for row in rows),
            "；".join(dict.fromkeys(row.trouble for row in rows if row.trouble)),
        )


class TermExport(TakeOut):
    """One change: everybody on the lists of the committees in her charge, as far as she sees names and ages."""

    title = "导出换届名单"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.ORGANISATION_WRITE)
        change = change_for(actor, str(self.kwargs["key"]))
        columns = (
            Column("村（社区）", width=22),
            Column("组织", width=24),
            Column("姓名", Kind.NAME),
            Column("职务"),
            Column("年龄", Kind.WHOLE),
            Column("文化程度", width=14),
            Column("进两委", Kind.NAME),
            Column("新进", Kind.NAME),
            Column("换届后能办什么", width=22),
        )
        title = f"{change.name}名单"
        says = say_export(what=title, where=path_name(change.region), period="", by=actor.name, at=now())
        committees = committees_seen_by(actor, change)
        return LedgerSheet(title, says, columns, _seats(actor, committees), is_numbered=True)


def _seats(actor: Actor, committees: list[Committee]) -> Iterator[tuple[Value, ...]]:
    names = names_of(committees)
    lines = seat_lines(actor, committees, today=today())
    for committee in committees:
        for line in lines[committee.pk]:
            yield (
                path_name(committee.region),
                names.get(committee.organisation, ""),
                line.name,
                line.title,
                line.age,
                line.schooling,
                "进" if line.sits_in_both else "",
                "是" if line.is_new else "",
                line.role,
            )
