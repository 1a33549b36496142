"""The ledger against the recount in plain SQL: on the county counted by hand, and on random lives of records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, Period, Span
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.indicators.tables import by_month_all
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Visit
from lianxin.ledger.seals import seal_period
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.kinds import Subject
from lianxin.records.models import History, Record
from lianxin.records.reground import reground
from lianxin.register.actions import correct_home, move_household
from tests.cast import COUNTY, LIANFENG, MUQIAO, NEXT_TOWN, OTHER_COUNTY, SANXING, TOWN, YONGLI, Cast
from tests.proof.county.lay import REGISTRAR, lay
from tests.proof.county.sheets import LEVELS, REGIONS, expected
from tests.proof.recount import home_on, indicators, recount
from tests.proof.test_county_by_hand import EVERYBODYS_EYES, counted, said

pytestmark = pytest.mark.django_db
ASKED = indicators()
PHASES = (
    Phase.explicit,
    Phase.generate,
)  # making a found life shorter takes minutes: add Phase.shrink when you need it
Deed = tuple[str, str, int, Any]
AT = dt.datetime(2022, 3, 1, 9, 0, tzinfo=SHANGHAI)


# ── the county counted by hand ───────────────────────────────────────────────


def test_the_recount_agrees_with_what_was_counted_by_hand(cast: Cast) -> None:
    """Three opinions: the pencil, plain SQL, and the ledger."""
    lay(cast)
    wrong = []
    for row, cells in expected():
        for code, text in cells.items():
            period = Period.parse(code)
            found = recount(
                ASKED[row["indicator"]],
                region=REGIONS[row["region"]],
                first=period.start,
                last=period.last_day,
                own=LEVELS[row["level"]],
            )
            if said(found) != counted(text):
                wrong.append(f"{row['region']} {row['level']} {row['indicator']} {code}: {text}, recounted {found}")

    assert wrong == []


def test_every_indicator_agrees_on_the_county_counted_by_hand(cast: Cast) -> None:
    lay(cast)

    regions = [REGIONS[name] for name in ("联丰", "凤桥", "南湖", "浙江")]
    assert disagreements(regions, ASKED, spans=(Span.YEAR, Span.QUARTER)) == []


def test_the_recount_knows_every_indicator_of_the_catalogue() -> None:
    of_cases = {spec.code for spec in catalog().whole_indicators if spec.measure.startswith("case.")}
    ratios = {spec.code for spec in catalog().whole_indicators if spec.numerator in of_cases}
    assert of_cases
    assert set(ASKED) | of_cases | ratios == {spec.code for spec in catalog().whole_indicators}


# ── random lives ─────────────────────────────────────────────────────────────

VILLAGES = (LIANFENG, SANXING, YONGLI, MUQIAO)
AREAS = (*VILLAGES, TOWN, NEXT_TOWN, COUNTY, OTHER_COUNTY, "3304", "33")
NEAREST = {LIANFENG: "chair", SANXING: "clerk", YONGLI: "next_clerk", MUQIAO: "strange_officer"}
PEOPLE = ("nearest", "nearest", "nearest", "officer", "member", "clerk")
DAYS = tuple(
    map(
        dt.date.fromisoformat,
        (
            "2020-12-31",
            "2021-01-01",
            "2021-02-28",
            "2021-03-01",
            "2021-03-31",
            "2021-06-30",
            "2021-07-01",
            "2021-12-31",
            "2022-01-01",
        ),
    )
)
days = st.sampled_from(DAYS)
waits = st.sampled_from([0, 1, 31, 200])
difficulties = st.fixed_dictionaries(
    {"text": st.just("一件难事"), "found": st.sampled_from([0, 0, -30]), "solved": st.none() | waits}
)
visits = st.fixed_dictionaries(
    {
        "day": days,
        "mode": st.sampled_from(["door", "door", "phone", "office"]),
        "purposes": st.lists(
            st.sampled_from(
                [
                    "four-musts/hardship",
                    "grid-walk/deeds",
                    "front-line/rights",
                    "festival-care/new-year",
                    "duty-contact",
                    "minors-in-court/after",
                ]
            ),
            min_size=1,
            max_size=2,
            unique=True,
        ),
        "people": st.sampled_from([0, 1, 2, 5]),
        "ideas": st.lists(st.booleans(), max_size=2),
        "difficulties": st.lists(difficulties, max_size=2),
        "deliveries": st.lists(st.tuples(st.sampled_from(["law", "care"]), st.sampled_from([1, 3])), max_size=2),
        "givings": st.lists(
            st.tuples(st.sampled_from(["money", "goods"]), st.sampled_from(["0.01", "100", "33.33"])), max_size=2
        ),
    }
)
files = st.fixed_dictionaries({"on_day": days, "stays": st.none() | waits})
which = st.integers(0, 7)
people = st.sampled_from(PEOPLE)
first_acts = st.tuples(st.just("visit"), people, which, visits)
acts = st.one_of(
    first_acts,
    st.tuples(st.just("amend"), people, which, visits),
    st.tuples(st.just("withdraw"), people, which, st.none()),
    st.tuples(st.just("follow up"), people, which, waits),
    st.tuples(st.just("file"), people, which, files),
    st.tuples(st.just("take off"), people, which, waits),
    st.tuples(st.just("move"), st.sampled_from(VILLAGES), which, days),
    st.tuples(st.just("correct home"), st.sampled_from(VILLAGES), which, st.none()),
    st.tuples(st.just("seal"), st.sampled_from(["2021-03", "2021-03", "2021-Q1", "2021"]), which, st.none()),
)
lives = st.tuples(st.lists(first_acts, min_size=2, max_size=5), st.lists(acts, min_size=6, max_size=14))


@dataclass
class Life:
    """What has been recorded so far. An act that the house refuses changes nothing and is no failure."""

    cast: Cast
    done: Counter[str]
    visits: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def act(self, what: str, who: str, number: int, values: Any) -> None:
        steps: dict[str, Callable[[str, int, Any], None]] = {
            "visit": self.visit,
            "amend": self.amend,
            "withdraw": self.withdraw,
            "follow up": self.follow_up,
            "file": self.file,
            "take off": self.take_off,
            "move": self.move,
            "correct home": self.correct_home,
            "seal": self.seal,
        }
        try:
            with transaction.atomic():
                steps[what](who, number, values)
        except (Refused, Problems):
            self.done[f"{what} refused"] += 1
        else:
            self.done[what] += 1

    def visit(self, who: str, number: int, values: Any) -> None:
        raw = as_raw(values) | {"subject": self.household(number)}
        actor = self.actor(who, home_on(raw["subject"], values["day"]))
        self.visits.append(self.through_the_door(actor, Draft("visit", new_id(), raw)))

    def amend(self, who: str, number: int, values: Any) -> None:
        record = pick(Visit, self.visits, number)
        raw = self.last(record) | as_raw(values)
        draft = Draft("visit", record.key, raw, Act.AMEND, record.revision, *self.reason(who))
        self.through_the_door(self.actor(who, record.region), draft)

    def withdraw(self, who: str, number: int, values: Any) -> None:
        record = pick(Visit, self.visits, number)
        draft = Draft("visit", record.key, {}, Act.VOID, record.revision, "登错了", who == "officer")
        submit(self.actor(who, record.region), [draft], at=AT)

    def follow_up(self, who: str, number: int, wait: Any) -> None:
        record = pick(Visit, self.visits, number)
        raw = self.last(record)
        if not raw["difficulties"]:
            raise Refused("nothing to solve")
        solved_on = later(raw["difficulties"][0]["found_on"], wait)
        raw["difficulties"][0] |= {"state": "solved", "handling_on": "", "solved_on": solved_on}
        draft = Draft("visit", record.key, raw, Act.FOLLOW_UP, record.revision)
        self.through_the_door(self.actor(who, record.region), draft)

    def file(self, who: str, number: int, values: Any) -> None:
        on_day, stays = values["on_day"], values["stays"]
        raw = {
            "list": "family-file",
            "subject_type": "household",
            "subject": self.household(number),
            "on_day": on_day.isoformat(),
            "off_day": later(on_day.isoformat(), stays) if stays else "",
            "off_why": "搬走了" if stays else "",
        }
        actor = self.actor(who, home_on(raw["subject"], on_day))
        self.files.append(self.through_the_door(actor, Draft("listing", new_id(), raw)))

    def take_off(self, who: str, number: int, wait: Any) -> None:
        record = pick(Listing, self.files, number)
        raw = self.last(record) | {"off_day": later(record.day.isoformat(), wait), "off_why": "搬走了"}
        draft = Draft("listing", record.key, raw, Act.FOLLOW_UP, record.revision)
        self.through_the_door(self.actor(who, record.region), draft)

    def move(self, to: str, number: int, day: Any) -> None:
        move_household(REGISTRAR, self.household(number), to=to, on=day, at=AT)

    def correct_home(self, to: str, number: int, _: Any) -> None:
        household = self.household(number)
        correct_home(REGISTRAR, household, to=to, because="登记错了村", at=AT)
        reground(EVERYTHING, Subject("household", household), because="登记错了村", correcting=True, at=AT)

    def seal(self, period: str, _: int, __: Any) -> None:
        seal_period(self.cast.actor("officer"), region=COUNTY, period=Period.parse(period), because="上报", at=AT)

    def through_the_door(self, actor: Actor, draft: Draft) -> str:
        """Keep it, and hold the record to the ground where its household lived on its day."""
        record = submit(actor, [draft], at=AT)[0].record
        model: Any = type(record)
        kept = model.objects.unscoped("test").get(key=record.key)
        if draft.act is not Act.FOLLOW_UP:  # which leaves a record where it stands
            assert kept.region == home_on(kept.subject, kept.day), f"a record of {kept.day} stands on the wrong ground"
        return str(record.key)

    def last(self, record: Record) -> dict[str, Any]:
        return dict(History.objects.unscoped("test").get(record=record.key, revision=record.revision).values)

    def reason(self, who: str) -> tuple[str, bool]:
        return ("更正", True) if who == "officer" else ("", False)

    def household(self, number: int) -> str:
        every = [key for village in VILLAGES for key in self.cast.households[village]]
        return every[number % len(every)]

    def actor(self, who: str, village: str) -> Actor:
        return self.cast.actor(NEAREST[village] if who == "nearest" else who)


EVERYTHING = operator(*Verb, because="putting wrong homes right")


def pick(model: Any, keys: list[str], number: int) -> Any:
    if not keys:
        raise Refused("nothing recorded yet")
    return model.objects.unscoped("test").get(key=keys[number % len(keys)])


def later(day: str, wait: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=wait)).isoformat()


def as_raw(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "day": values["day"].isoformat(),
        "mode": values["mode"],
        "purposes": [
            {"programme": programme, "reasons": [reason] if reason else []}
            for programme, _, reason in (text.partition("/") for text in values["purposes"])
        ],
        "people": values["people"],
        "opinions": [{"text": "一条意见", "idea": idea} for idea in values["ideas"]],
        "difficulties": [_difficulty(values["day"], **item) for item in values["difficulties"]],
        "deliveries": [{"kind": kind, "people": people} for kind, people in values["deliveries"]],
        "givings": [{"what": what, "name": "慰问", "amount": amount} for what, amount in values["givings"]],
    }


def _difficulty(day: dt.date, *, text: str, found: int, solved: int | None) -> dict[str, str]:
    found_on = later(day.isoformat(), found)
    is_solved = solved is not None
    return {
        "text": text,
        "found_on": found_on,
        "state": "solved" if is_solved else "found",
        "solved_on": later(found_on, solved) if solved is not None else "",
    }


CODES = (
    "visits.households", "visits.times", "visits.people", "visits.door.households", "visits.door-share",
    "visits.front-line.villages", "visits.minors-in-court.households", "visits.four-musts.hardship",
    "opinions.heard", "ideas.heard", "difficulties.found", "difficulties.solved", "difficulties.grid-walk.solved",
    "deliveries.law", "deliveries.care.people", "givings.amount", "givings.goods", "givings.people",
    "givings.households", "givings.new-year.amount", "files.family", "files.family-and-women.new",
    "files.family.closed",
)  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_random_lives_are_counted_alike(cast: Cast) -> None:
    done: Counter[str] = Counter()

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=PHASES)
    @given(lives, st.sampled_from(AREAS), st.sampled_from(Span))
    def lived(life: tuple[list[Deed], list[Deed]], area: str, span: Span) -> None:
        with undone():
            so_far = Life(cast, done)
            for deed in (*life[0], *life[1]):
                so_far.act(*deed)
            assert disagreements({area, COUNTY, "33"}, CODES, spans={Span.YEAR, span}) == []
            assert verify().differences == ()

    lived()

    for what in ("visit", "amend", "withdraw", "follow up", "file", "take off", "move", "correct home", "seal"):
        assert done[what], f"no “{what}” came through: {done}"


def disagreements(regions: Iterable[str], codes: Iterable[str], *, spans: Iterable[Span]) -> list[str]:
    """Where the ledger and the recount differ in 2021, in all these periods, 各级 and 本级."""
    specs = [catalog().indicator(code) for code in codes]
    wrong: list[str] = []
    for region, own, span in product(regions, (False, True), spans):
        view = LedgerView(EVERYBODYS_EYES, region, Period.of_year(2021), own_level=own)
        for code, figures in by_month_all(specs, view, span=span).items():
            for figure in figures:
                first, last = figure.period.start, figure.period.last_day
                counted = recount(ASKED[code], region=region, first=first, last=last, own=own)
                if figure.value != counted:
                    wrong.append(f"{code} {region} {figure.period.code} own={own}: {figure.value} ≠ {counted}")
    return wrong
