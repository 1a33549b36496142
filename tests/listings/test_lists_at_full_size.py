"""A list at full size: spells, validity, sub-classes, counted answers; who may do what; reviews on the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.base.days import Period
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog, forget_catalog
from lianxin.indicators.figures import compute_all
from lianxin.kinds.listings import actions
from lianxin.kinds.listings.models import Listing, ListingSpell
from lianxin.ledger.folds import figure
from lianxin.ledger.selections import selection_of
from lianxin.ledger.splits import parts_of
from lianxin.ledger.view import LedgerView
from lianxin.register.models import Membership
from tests.cast import LIANFENG, NOW, Cast, lay_cast

HONOUR = """
code = "toy-honour"
version = 1
name = "玩具荣誉"
short = "荣誉"
kind = "listing"
chapter = "care"
source = "出厂默认（试验用），待县妇联确认"
subjects = ["household", "person"]
unit = "项"
several = true
headline = "title"
several_categories = true
valid_months = 12
review_months = 6
paper_required = true
category = [
  { code = "family", name = "家庭" },
  { code = "clean", name = "清廉家庭", under = "family" },
  { code = "green", name = "绿色家庭", under = "family" },
]
level = [{ code = "county", name = "县级" }, { code = "province", name = "省级" }]
grade = [{ code = "top", name = "标兵", review_months = 3 }, { code = "good", name = "示范" }]
paper = [{ code = "decision", name = "表彰决定" }]
who = { put_on = "town", take_off = "county", grade = "county" }

[[field]]
code = "title"
name = "荣誉名称"
type = "line"
required = true

[[field]]
code = "status"
name = "推荐还是获得"
type = "choice"
counted = true
options = [{ code = "named", name = "推荐" }, { code = "won", name = "获得" }]

[[fact]]
measure = "listing.standing"
tags = ["list", "subject", "category", "level", "grade", "field"]

[[fact]]
measure = "listing.opened"
tags = ["list", "subject", "category", "level", "grade", "field"]

[[fact]]
measure = "listing.closed"
tags = ["list", "subject"]

[[fact]]
measure = "listing.reviewed"
tags = ["list"]

[figures]
code = "toy-honours"
name = "玩具荣誉"
by = ["category", "level", "grade", "field"]
aka_new = ["新得荣誉"]
small = 5

[[sample]]
values = { on_day = "2021-06-01", level = "county" }
sums = { "listing.standing" = 1, "listing.opened" = 1 }

[[sample]]
values = { on_day = "2021-06-01", reviews = [{ day = "2021-07-01" }], off_day = "2021-08-01", off_why = "取消" }
sums = { "listing.opened" = 1, "listing.closed" = 1, "listing.reviewed" = 1 }
"""


@pytest.fixture
def honours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A county's own list with everything that a list can say."""
    folder = tmp_path / "programmes" / "care"
    folder.mkdir(parents=True)
    (folder / "toy-honour.toml").write_text(HONOUR, encoding="utf-8")
    monkeypatch.setattr(settings, "OVERLAY_DIR", tmp_path)
    forget_catalog()
    yield
    forget_catalog()


@pytest.fixture
def cast(db: None, honours: None) -> Cast:
    return lay_cast()


def honour(cast: Cast, who: str = "clerk", **values: object) -> Listing:
    said = {
        "list": "toy-honour",
        "subject": cast.households[LIANFENG][0],
        "on_day": "2021-01-31",
        "paper": "decision",
        "category": "clean",
        "level": "county",
        "grade": "good",
        "answers": {"toy-honour.title": "最美家庭", "toy-honour.status": "won"},
    } | values
    record = actions.put_on_list(cast.actor(who), key=new_id(), values=said, at=NOW).record
    assert isinstance(record, Listing)
    return record


def count(cast: Cast, code: str, period: str, on: dt.date | None = None) -> int:
    view = LedgerView(cast.actor("officer"), "330402", Period.parse(period))
    return int(figure(view, selection_of(catalog().indicator(code)), on=on))


def test_a_list_brings_its_own_figures(honours: None) -> None:
    made = {code for code in catalog().indicators if code.startswith("toy-honours")}

    heads = {"toy-honours", "toy-honours.new", "toy-honours.left"}
    parts = {"category.family", "category.clean", "category.green", "level.county", "level.province"}
    parts |= {"grade.top", "grade.good", "status.named", "status.won"}
    assert made == heads | {f"toy-honours.{part}{end}" for part in parts for end in ("", ".new")}
    assert catalog().indicator("toy-honours.grade.top").of == "toy-honours"
    assert catalog().indicator("toy-honours").unit == "项"
    assert catalog().indicator("toy-honours.new").aka == ("新得荣誉",)


def test_a_sub_class_counts_with_its_class_and_an_answer_is_counted(cast: Cast) -> None:
    honour(cast)
    honour(cast, category="green", also=["clean"])

    assert count(cast, "toy-honours", "2021") == 2
    assert count(cast, "toy-honours.category.family", "2021") == 2
    assert count(cast, "toy-honours.category.clean", "2021") == 2
    assert count(cast, "toy-honours.category.green", "2021") == 1
    assert count(cast, "toy-honours.status.won.new", "2021") == 2


def test_all_parts_are_had_at_once_as_each_is_had_alone(cast: Cast) -> None:
    honour(cast)
    honour(cast, category="green", also=["clean"], grade="top", answers={"toy-honour.title": "示范岗"})
    parts = [selection_of(spec) for spec in catalog().parts_of("toy-honours")]
    view = LedgerView(cast.actor("officer"), "330402", Period.parse("2021"))

    at_once = parts_of(view, selection_of(catalog().indicator("toy-honours")), parts)

    assert at_once == {part.key: figure(view, part) for part in parts}
    said = {code.removeprefix("toy-honours."): int(number) for code, number in at_once.items() if number}
    assert said == {
        "category.family": 2,
        "category.clean": 2,
        "category.green": 1,
        "level.county": 2,
        "grade.top": 1,
        "grade.good": 1,
        "status.won": 1,
    }


def test_the_parts_of_a_delicate_figure_are_for_those_who_may_read_the_records(cast: Cast) -> None:
    for _ in range(6):
        honour(cast)
    specs = [catalog().indicator(code) for code in ("toy-honours", "toy-honours.grade.good", "toy-honours.grade.top")]

    seen = {
        who: [
            found.value
            for found in compute_all(specs, LedgerView(cast.actor(who), "330402", Period.parse("2021"))).values()
        ]
        for who in ("officer", "leader")
    }

    assert seen == {"officer": [6, 6, 0], "leader": [6, None, None]}


def test_validity_ends_by_itself(cast: Cast) -> None:
    record = honour(cast)

    assert record.valid_to == dt.date(2022, 1, 30)
    assert count(cast, "toy-honours", "2022-01", on=dt.date(2022, 1, 30)) == 1
    assert count(cast, "toy-honours", "2022-01", on=dt.date(2022, 1, 31)) == 0
    assert count(cast, "toy-honours.left", "2022") == 1


def test_a_change_of_grade_is_dated(cast: Cast) -> None:
    record = honour(cast)
    review = {"id": new_id(), "day": "2021-07-01", "outcome": "changed", "grade": "top", "level": "province"}

    after = actions.review_listing(cast.actor("officer"), key=record.key, base=1, review=review, at=NOW).record

    assert isinstance(after, Listing)
    assert (after.grade, after.level, after.review_on) == ("top", "province", dt.date(2021, 10, 1))
    assert count(cast, "toy-honours.grade.good", "2021-06", on=dt.date(2021, 6, 30)) == 1
    assert count(cast, "toy-honours.grade.good", "2021") == 0
    assert count(cast, "toy-honours.grade.top", "2021") == 1
    assert count(cast, "toy-honours.grade.top.new", "2021") == 0
    spells = ListingSpell.objects.seen_by(cast.actor("officer")).filter(record=record.key).order_by("starts")
    assert list(spells.values_list("grade", "starts", "ends")) == [
        ("good", dt.date(2021, 1, 31), dt.date(2021, 7, 1)),
        ("top", dt.date(2021, 7, 1), dt.date(2022, 1, 31)),
    ]


def test_looking_again_moves_the_clock_with_the_month_clamped(cast: Cast) -> None:
    record = honour(cast, on_day="2021-02-28")
    review = {"id": new_id(), "day": "2021-08-31", "outcome": "same", "note": "还是老样子"}

    after = actions.review_listing(cast.actor("clerk"), key=record.key, base=1, review=review, at=NOW).record

    assert isinstance(after, Listing)
    assert record.review_on == dt.date(2021, 8, 28)
    assert after.review_on == dt.date(2022, 2, 28)
    assert after.reviewed_on == dt.date(2021, 8, 31)
    assert count(cast, "toy-honours", "2021") == 1


def test_somebody_left_is_taken_off_that_day(cast: Cast) -> None:
    record = honour(cast)
    review = {"id": new_id(), "day": "2021-09-01", "outcome": "left"}

    with pytest.raises(Problems) as refused:
        actions.review_listing(cast.actor("officer"), key=record.key, base=1, review=review, at=NOW)
    assert [item.field for item in refused.value.items] == ["off_why"]
    actions.review_listing(cast.actor("officer"), key=record.key, base=1, review=review, off_why="搬走", at=NOW)

    assert count(cast, "toy-honours", "2021-08", on=dt.date(2021, 8, 31)) == 1
    assert count(cast, "toy-honours", "2021") == 0


def test_a_village_may_not_put_on_what_the_town_puts_on(cast: Cast) -> None:
    with pytest.raises(Problems) as refused:
        honour(cast, "chair")

    assert [item.message for item in refused.value.items] == ["“玩具荣誉”由镇（街道）以上登记，请报给她们。"]


def test_a_town_neither_takes_off_nor_regrades_nor_withdraws_what_is_the_countys(cast: Cast) -> None:
    record = honour(cast)
    clerk = cast.actor("clerk")
    changed = {"id": new_id(), "day": "2021-07-01", "outcome": "changed", "grade": "top"}

    with pytest.raises(Problems) as grade:
        actions.review_listing(clerk, key=record.key, base=1, review=changed, at=NOW)
    gone = {"off_day": "2021-07-01", "off_why": "取消"}
    with pytest.raises(Problems) as off:
        actions.amend_listing(clerk, key=record.key, base=1, values=gone, because="", at=NOW)
    with pytest.raises(Refused, match="撤回由县"):
        actions.withdraw_listing(clerk, key=record.key, base=1, because="重了", at=NOW)

    assert [item.field for item in grade.value.items] == ["grade"]
    assert [item.field for item in off.value.items] == ["off_day"]


def test_a_paper_must_have_been_seen_and_options_are_those_listed(cast: Cast) -> None:
    with pytest.raises(Problems) as bare:
        honour(cast, paper="")
    with pytest.raises(Problems) as unknown:
        honour(cast, level="moon", also=["no-such"], paper="letter")

    assert [item.field for item in bare.value.items] == ["paper"]
    assert [item.field for item in unknown.value.items] == ["level", "also", "paper"]


def test_a_child_of_full_age_is_not_put_on(db: None) -> None:
    cast = lay_cast()
    child = Membership.objects.seen_by(cast.actor("chair")).filter(household_id=cast.households[LIANFENG][0])
    people = list(child.order_by("starts", "id").values_list("person_id", flat=True))
    values = {"list": "child-in-difficulty", "subject_type": "person", "on_day": "2021-06-01"}

    with pytest.raises(Problems) as refused:
        actions.put_on_list(cast.actor("chair"), key=new_id(), values=values | {"subject": people[0]}, at=NOW)
    kept = actions.put_on_list(cast.actor("chair"), key=new_id(), values=values | {"subject": people[1]}, at=NOW)

    assert [item.field for item in refused.value.items] == ["subject"]
    assert isinstance(kept.record, Listing)
    assert kept.record.review_on == dt.date(2021, 12, 1)
