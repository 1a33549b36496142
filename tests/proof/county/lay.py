"""Plays the sheets through the front door in the order in which people wrote them down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, Period
from lianxin.base.ids import new_id
from lianxin.ledger.seals import seal_period
from lianxin.net.actors import actor_of
from lianxin.net.models import UNIT, Account, Appointment, Organisation, Region
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.models import History
from lianxin.register.actions import move_household, register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.register.models import Membership
from tests.cast import COUNTY, Cast
from tests.proof.county.sheets import REGIONS, day_of, rows, visit_values

REGISTRAR = operator(Verb.REGISTER_READ, Verb.REGISTER_WRITE, because="the county counted by hand")
SEALS = {"2021-03": "2021-04-15", "2021": "2022-01-20"}


@dataclass
class Laid:
    """The county as it stands after the last event: keys by the sheets' numbers."""

    cast: Cast
    keys: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return actor_of(self.cast.accounts[who], today=dt.date(2021, 12, 24))


def lay(cast: Cast) -> Laid:
    """Everything the sheets say, each event at half past six of its day; of one day, moves and seals come first."""
    _far_away(cast)
    laid = Laid(cast)
    _households(laid)
    events: list[tuple[dt.date, int, str, Callable[[dt.datetime], None]]] = []
    for row in rows("households.csv"):
        if row["moves"]:
            day, village = row["moves"].split()
            events.append((day_of(day), 0, row["no"], _moving(laid, row["no"], village, day)))
    for period, day in SEALS.items():
        events.append((day_of(day), 1, period, _sealing(laid, period)))
    for row in rows("visits.csv"):
        written = day_of(row["written"] or row["day"])
        events.append((written, 2, row["no"], _recording(laid, "visit", row)))
        if " " in row["later"] and row["later"][:4].isdigit():
            events.append((day_of(row["later"].split()[0]), 3, row["no"], _later(laid, "visit", row)))
    for row in rows("listings.csv"):
        events.append((day_of(row["on"]), 2, row["no"], _recording(laid, "listing", row)))
        if row["later"]:
            events.append((day_of(row["later"].split()[0]), 3, row["no"], _later(laid, "listing", row)))
    for day, _, _, event in sorted(events, key=lambda event: event[:3]):
        event(dt.datetime.combine(day, dt.time(18, 30), tzinfo=SHANGHAI))
    return laid


def _far_away(cast: Cast) -> None:
    """A village in another city of the province, with a member of its own; and a firm in 三星."""
    for code, name in (
        ("3301", "杭州市"),
        ("330106", "西湖区"),
        ("330106002", "北山街道"),
        ("330106002051", "上保社区"),
    ):
        Region.objects.create(code=code, name=name, level={4: 2, 6: 3, 9: 4, 12: 5}[len(code)], parent="")
    account = Account.objects.create_user("cast.hangzhou", "cast-Lian-2021", name="示例hangzhou")
    Appointment.objects.create(
        account=account, role="village-member", region=REGIONS["上保"], starts=dt.date(2020, 1, 1), granted_by="cast"
    )
    cast.accounts["hangzhou"] = account


def _households(laid: Laid) -> None:
    at = dt.datetime(2020, 12, 1, 9, 0, tzinfo=SHANGHAI)
    for row in rows("households.csv"):
        members = [MemberDraft(name=row["head"], relation=Relation.HEAD, sex="female")]
        if row["also"]:
            members.append(MemberDraft(name=f"{row['head'][0]}小禾", relation=Relation.CHILD, birth="2013-03-03"))
        key = register_household(
            REGISTRAR,
            HouseholdDraft(region=REGIONS[row["village"]], since=dt.date(2020, 12, 1), members=tuple(members)),
            at=at,
        )
        laid.keys[row["no"]] = key
        for member in Membership.objects.unscoped("the county counted by hand").filter(household=key):
            laid.keys["P" + row["no"][1:] if member.relation == Relation.HEAD else row["also"]] = member.person_id
    firm = Organisation.objects.create(name="三星村工坊", type=UNIT, level=5, region=REGIONS["三星"], parent=None)
    laid.keys["F01"] = firm.pk


def _moving(laid: Laid, number: str, village: str, day: str) -> Callable[[dt.datetime], None]:
    def move(at: dt.datetime) -> None:
        move_household(REGISTRAR, laid.keys[number], to=REGIONS[village], on=day, at=at)

    return move


def _sealing(laid: Laid, period: str) -> Callable[[dt.datetime], None]:
    def seal(at: dt.datetime) -> None:
        with transaction.atomic():
            seal_period(laid.actor("officer"), region=COUNTY, period=Period.parse(period), because="已上报", at=at)

    return seal


def _recording(laid: Laid, kind: str, row: dict[str, str]) -> Callable[[dt.datetime], None]:
    def record(at: dt.datetime) -> None:
        who, *colleagues = row["by"].split()
        if kind == "visit":
            raw = visit_values(row, laid.keys, [laid.cast.accounts[name].pk for name in colleagues])
        else:
            raw = {
                "list": row["list"],
                "subject_type": "household" if row["subject"][0] == "H" else "person",
                "subject": laid.keys[row["subject"]],
                "on_day": row["on"],
                "category": row["category"],
            }
        because = "补登" if "correction" in row["later"] else ""
        _submit(laid, kind, row["no"], who, raw, Act.RECORD, at, because=because)

    return record


def _later(laid: Laid, kind: str, row: dict[str, str]) -> Callable[[dt.datetime], None]:
    """“2021-05-06 officer correct people=3”: when, who, what, and how."""

    def act(at: dt.datetime) -> None:
        day, who, what, *how = row["later"].split()
        raw = dict(
            History.objects.unscoped("the county counted by hand")
            .get(record=laid.keys[row["no"]], revision=laid.revisions[row["no"]])
            .values
        )
        if "withdraw" in (what, *how):
            _submit(laid, kind, row["no"], who, {}, Act.VOID, at, because="登错了", correcting=what == "correct")
            return
        if what == "off":
            raw |= {"off_day": day, "off_why": "搬走了"}
        elif what == "follow-up":
            _solve(raw["difficulties"][int(how[0]) - 1], day)
        else:
            for change in how:
                name, _, value = change.partition("=")
                raw[name] = laid.keys.get(value, value)
        action = Act.FOLLOW_UP if what in ("off", "follow-up") else Act.AMEND
        _submit(laid, kind, row["no"], who, raw, action, at, because="更正" if what == "correct" else "")

    return act


def _solve(difficulty: dict[str, Any], day: str) -> None:
    difficulty.update(state="solved", handling_on=day, solved_on=day, handler="村妇联")


def _submit(
    laid: Laid,
    kind: str,
    number: str,
    who: str,
    raw: dict[str, Any],
    act: Act,
    at: dt.datetime,
    *,
    because: str,
    correcting: bool | None = None,
) -> None:
    """An ordinary change gives no reason; one with a reason is a correction unless told otherwise."""
    key = laid.keys.setdefault(number, new_id())
    meant = bool(because) if correcting is None else correcting
    draft = Draft(kind, key, raw, act, laid.revisions.get(number, 0), because, meant)
    laid.revisions[number] = submit(laid.actor(who), [draft], at=at)[0].record.revision
