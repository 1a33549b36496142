"""Pages of figures: what they say, to whom, and where their links lead."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.base.days import Period
from lianxin.desk.figures.asked import Asked
from lianxin.desk.figures.overview import overview_page
from lianxin.ledger.seals import seal_period
from lianxin.net.models import Appointment
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.models import History
from lianxin.register.models import Membership
from tests.cast import COUNTY, LIANFENG, NEXT_TOWN, NOW, OTHER_COUNTY, PASSWORD, SANXING, TOWN, YONGLI, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db

YEAR = {"period": "2021"}


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def page(cast: Cast, who: str, name: str, *args: str, status: int = 200, **asked: str) -> str:
    response = signed_in(cast, who).get(reverse(name, args=args), YEAR | asked)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def text(html: str) -> str:
    """What a reader reads, without tags and with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def a_year(cast: Cast) -> None:
    """Two visits in 联丰村, one in 三星村, one in the next town; one difficulty solved, one not."""
    cast.visit(day="2021-02-01", people="3", heard="浴室没扶手", difficulties=[{"text": "低保", "state": "solved"}])
    cast.visit(day="2021-05-01", people="0", difficulties=[{"text": "扶手"}])
    cast.visit("neighbour", subject=cast.households[SANXING][0], day="2021-05-02", people="0")
    cast.visit("next_clerk", subject=cast.households[YONGLI][0], day="2021-11-01", people="0")


def a_child(cast: Cast) -> None:
    members = Membership.objects.unscoped("test").filter(household=cast.households[LIANFENG][0])
    child = members.exclude(relation="head").values_list("person_id", flat=True)[0]
    cast.listing("child-in-difficulty", subject_type="person", subject=child)


# ── a county at a glance ─────────────────────────────────────────────────────


def test_the_overview_says_the_year_in_a_sentence(cast: Cast) -> None:
    a_year(cast)

    told = text(page(cast, "leader", "overview"))

    assert "2021年走访联系了 3 户 人家，解决困难 1 项 ，家庭、妇女档案在册 0 份 。" in told
    assert "一共走访 4 户次，同一户只算一户" in told


def test_the_overview_lists_towns_in_order_of_code(cast: Cast) -> None:
    a_year(cast)

    html = page(cast, "leader", "overview")

    rows = re.findall(r'<th scope="row" role="rowheader">(.*?)</th>', html)
    assert rows == ["凤桥镇", "余新镇"]
    assert f"region={NEXT_TOWN}" in html


def test_an_empty_year_says_so(cast: Cast) -> None:
    told = text(page(cast, "officer", "overview", period="2020"))

    assert "南湖区2020年还没有登记走访和档案，这里也就没有数。" in told


def test_without_a_period_the_last_year_with_records_is_shown(cast: Cast) -> None:
    a_year(cast)

    response = signed_in(cast, "officer").get(reverse("overview"))

    assert "2021年走访联系了" in text(response.content.decode())


# ── the list ─────────────────────────────────────────────────────────────────


def test_every_figure_of_a_chapter_is_listed_with_its_fold(cast: Cast) -> None:
    a_year(cast)

    told = text(page(cast, "member", "figures", region=COUNTY))

    assert "走访联系家庭 3 户 同一户全年只算一次" in told
    assert "网格大走访家庭" in told  # counted when it is opened


def test_chapters_are_chosen_by_links(cast: Cast) -> None:
    html = page(cast, "officer", "figures", chapter="care")

    assert "chapter=rights" in html
    assert "慰问金和物品" in html


def test_figures_go_out_as_a_ledger(cast: Cast) -> None:
    a_year(cast)
    response = taken_out(signed_in(cast, "officer"), reverse("figures-export"), YEAR)

    sheet: Any = load_workbook(io.BytesIO(b"".join(response))).active
    rows = {row[2]: row[3] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert rows["走访联系家庭"] == 3
    assert signed_in(cast, "leader").get(reverse("figures-export"), YEAR).status_code == 403


# ── one figure ───────────────────────────────────────────────────────────────


def test_a_figure_opens_with_its_meaning_its_places_and_its_records(cast: Cast) -> None:
    a_year(cast)

    html = page(cast, "officer", "figure", "visits.households")

    told = text(html)
    assert "走访联系家庭 3 户" in told
    assert "同一户全年只算一次" in told
    assert "凤桥镇 2" in told
    assert f"/figures/visits.households/?region={TOWN}&amp;period=2021" in html
    assert reverse("figure-records", args=["visits.households"]) in html


def test_narrowed_to_a_village_there_are_no_places_left(cast: Cast) -> None:
    a_year(cast)

    told = text(page(cast, "officer", "figure", "visits.times", region=LIANFENG))

    assert "走访 2 户次" in told
    assert "不排名次" not in told
    assert "浙江省 嘉兴市 南湖区 凤桥镇 联丰村" in told


def test_own_level_is_a_switch(cast: Cast) -> None:
    a_year(cast)
    cast.visit("officer", day="2021-06-01")

    assert "走访 5 户次" in text(page(cast, "officer", "figure", "visits.times"))
    assert "走访 1 户次" in text(page(cast, "officer", "figure", "visits.times", own="1"))


def test_small_protected_figures_are_not_shown_to_everybody(cast: Cast) -> None:
    a_child(cast)

    officer, leader = (text(page(cast, who, "figure", "files.children")) for who in ("officer", "leader"))

    assert "困境儿童档案 1 份" in officer
    assert "困境儿童档案 不显示" in leader
    assert "少于5的不显示，能推算出它的也不显示。" in leader
    assert "困境儿童档案 不显示" in text(page(cast, "leader", "overview"))
    assert "困境儿童档案 不显示" in text(page(cast, "leader", "figures"))


def test_a_sealed_figure_says_so_and_what_was_corrected_since(cast: Cast) -> None:
    visit = cast.visit(day="2020-05-01", people="2")
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=Period.of_year(2020), because="年终", at=NOW)
    before = text(page(cast, "member", "figure", "visits.people", period="2020", region=COUNTY))

    raw = History.objects.unscoped("test").get(record=visit.key, revision=1).values | {"people": "5"}
    draft = Draft("visit", visit.key, raw, Act.AMEND, 1, because="人数登错了", correcting=True)
    submit(cast.actor("officer"), [draft], at=NOW)
    after = text(page(cast, "member", "figure", "visits.people", period="2020", region=COUNTY))

    assert "2020年已在2021年12月24日封账。" in before
    assert "之后办过更正" not in before
    assert "封账时 2 人次，之后办过更正，现在 5 人次。" in after
    assert "封账" not in text(page(cast, "member", "figure", "visits.people", period="2021"))


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"region": "330499"}, 400, "没有“330499”这个区划"),
        ({"region": "33040"}, 400, "不是区划代码"),
        ({"region": OTHER_COUNTY}, 404, "这个区域不在其中"),
        ({"period": "2021-13"}, 400, "不是期间"),
        ({"period": "1948"}, 400, "只能看"),
        ({"period": "2999"}, 400, "只能看"),
        ({"region": "330402100222001"}, 400, "区划"),
    ],
)
def test_impossible_addresses_are_refused_in_words(cast: Cast, asked: dict[str, str], status: int, said: str) -> None:
    for name, args in (("overview", ()), ("figures", ()), ("figure", ("visits.times",))):
        assert said in page(cast, "officer", name, *args, status=status, **asked)


def test_an_unknown_indicator_is_not_found(cast: Cast) -> None:
    for name in ("figure", "figure-records", "figure-export"):
        page(cast, "officer", name, "visits.moon", status=404)


def test_who_may_not_read_figures_is_told(cast: Cast) -> None:
    for name, args in (("overview", ()), ("figures", ()), ("figure", ("visits.times",))):
        page(cast, "administrator", name, *args, status=403)


# ── the records ──────────────────────────────────────────────────────────────


def test_records_are_listed_as_far_as_the_reader_may_see(cast: Cast) -> None:
    a_year(cast)

    member = text(page(cast, "member", "figure-records", "visits.times", region=COUNTY))
    officer = text(page(cast, "officer", "figure-records", "visits.times"))

    assert "一共 4 条记录，您打得开 2 条；另有 2 条受保护或不在您的区域，只计数。" in member
    assert "联丰村" in member
    assert "三星村" not in member
    assert "一共 4 条记录。" in officer
    assert "浴室没扶手" in officer
    assert "张桂英家" in officer


def test_a_figures_page_takes_the_list_in_as_a_fragment(cast: Cast) -> None:
    a_year(cast)
    client = signed_in(cast, "officer")

    url = reverse("figure-records", args=["visits.times"])
    response = client.get(url, YEAR, headers={"HX-Request": "true", "HX-Target": "records"})

    html = response.content.decode()
    assert html.strip().startswith('<div id="records">')
    assert "一共 4 条" not in html  # counting takes its time, and comes by itself
    counted = client.get(url, YEAR, headers={"HX-Request": "true", "HX-Target": "counted"}).content.decode()
    assert counted.strip() == '<p id="counted" class="sum">一共 4 条记录。</p>'


def test_records_of_protected_files_are_counted_only(cast: Cast) -> None:
    a_child(cast)

    assert "记录太少，只计数，不显示。" in text(page(cast, "leader", "figure-records", "files.children"))
    assert "建档" in text(page(cast, "chair", "figure-records", "files.children", region=LIANFENG))


def test_amounts_are_shown_where_they_differ_from_one(cast: Cast) -> None:
    cast.visit(givings=[{"what": "money", "amount": "500"}])

    assert "计入，元" in text(page(cast, "officer", "figure-records", "givings.amount"))
    assert "计入" not in text(page(cast, "officer", "figure-records", "visits.times"))


def test_the_pager_goes_on_and_a_broken_address_starts_at_the_top(cast: Cast) -> None:
    for day in range(1, 24):
        cast.visit(day=f"2021-10-{day:02}")

    first = page(cast, "officer", "figure-records", "visits.times")
    (after,) = re.findall(r'after=([^"&]+)" rel="next"', first)
    second = text(page(cast, "officer", "figure-records", "visits.times", after=after))
    broken = text(page(cast, "officer", "figure-records", "visits.times", after="2021-10-02.x"))

    assert "2021年10月3日" in second
    assert "2021年10月4日" not in second
    assert "2021年10月23日" in broken


def test_records_go_out_by_the_eyes_of_who_may_export(cast: Cast) -> None:
    a_year(cast)

    response = taken_out(
        signed_in(cast, "clerk"), reverse("figure-export", args=["visits.times"]), YEAR | {"region": COUNTY}
    )

    sheet: Any = load_workbook(io.BytesIO(b"".join(response))).active
    rows = [row[3] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert rows == ["凤桥镇三星村", "凤桥镇联丰村", "凤桥镇联丰村"]
    member = taken_out(signed_in(cast, "member"), reverse("figure-export", args=["visits.times"]), YEAR)
    assert member.status_code == 403


def test_a_second_post_without_export_lends_nothing_to_the_ledger(cast: Cast) -> None:
    a_year(cast)
    Appointment.objects.create(
        account=cast.accounts["member"],
        role="town-clerk",
        region=NEXT_TOWN,
        starts=dt.date(2020, 1, 1),
        granted_by="test",
    )

    response = taken_out(
        signed_in(cast, "member"), reverse("figure-export", args=["visits.times"]), YEAR | {"region": COUNTY}
    )

    sheet: Any = load_workbook(io.BytesIO(b"".join(response))).active
    assert [row[3] for row in sheet.iter_rows(min_row=4, values_only=True)] == ["余新镇永利村"]


# ── cost ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["officer", "leader", "member"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("overview", ()),
        ("figures", ()),
        ("figure", ("visits.households",)),
        ("figure", ("files.children",)),
        ("figure", ("files.children.new",)),
        ("figure-records", ("visits.households",)),
        ("figure-records", ("files.children",)),
        ("reports", ()),
        ("report", ("annual-duties",)),
    ],
)
def test_a_page_costs_at_most_fifteen_queries(
    cast: Cast, django_assert_max_num_queries: Any, who: str, name: str, args: tuple[str, ...]
) -> None:
    a_year(cast)
    a_child(cast)
    cast.visit(day="2020-05-01")
    client = signed_in(cast, who)
    client.get(reverse(name, args=args), YEAR)

    with django_assert_max_num_queries(15):
        assert client.get(reverse(name, args=args), YEAR).status_code == 200


def test_strangers_of_another_county_see_none_of_it(cast: Cast) -> None:
    a_year(cast)
    client = Client()

    assert client.get(reverse("overview")).status_code == 302
    assert client.login(username="cast.stranger", password=PASSWORD)
    assert client.get(reverse("figure", args=["visits.times"]), YEAR | {"region": COUNTY}).status_code == 404
    own = client.get(reverse("figure", args=["visits.times"]), YEAR)
    assert "走访 0 户次" in text(own.content.decode())


def test_a_year_that_is_not_over_runs_up_to_today(cast: Cast) -> None:
    """Through the screen's own parts, since the real today is no test's business."""
    for day in ("2021-01-05", "2021-02-01", "2021-02-02"):
        cast.visit(day=day, at=NOW)
    asked = Asked(cast.actor("officer"), COUNTY, Period.of_year(2021), dt.date(2021, 3, 15))

    found = overview_page(asked, fresh="")

    assert found.running is not None
    assert [cells[1][1].text for _, cells in found.running.chart.table.paired][:4] == ["1", "3", "3", "没有数"]
    assert found.visited.last_words == ""
    assert found.running.this == "今年 3 户次"
    assert [chip.label for chip in found.spans[0]] == ["上半年", "一季度"]


def test_beside_a_year_that_is_not_over_stands_the_whole_year_before_without_comparison(cast: Cast) -> None:
    cast.visit(day="2020-08-01")
    cast.visit(day="2021-02-01")
    asked = Asked(cast.actor("officer"), COUNTY, Period.of_year(2021), dt.date(2021, 3, 15))

    visited = overview_page(asked, fresh="").visited

    assert (visited.last_words, visited.change_words) == ("去年全年 1", "")
    over = overview_page(Asked(cast.actor("officer"), COUNTY, Period.of_year(2021), dt.date(2026, 1, 1)), fresh="")
    assert (over.visited.last_words, over.visited.change_words) == ("2020年 1", "和2020年一样")
