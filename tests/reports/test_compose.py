"""A report composed from visits and files that came in through the door."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lianxin.base.days import Period
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ReportSpec, SectionSpec
from lianxin.ledger.view import LedgerView
from lianxin.official.document import BoundFigure, Document, plain_text
from lianxin.reports.compose import compose
from tests.cast import COUNTY, LIANFENG, SANXING, TOWN, Cast

pytestmark = pytest.mark.django_db

YEAR = Period.of_year(2021)


def view(cast: Cast, who: str = "officer", region: str = COUNTY, period: Period = YEAR) -> LedgerView:
    return LedgerView(cast.actor(who), region, period)


def wording(*paragraphs: str, none: dict[str, str] | None = None) -> ReportSpec:
    return ReportSpec(
        code="test",
        name="测试",
        span="year",
        title="{region}妇联{period}情况",
        source="测试",
        sections=(SectionSpec(heading="{period}的事", paragraphs=paragraphs),),
        none=none or {},
    )


def lines(document: Document) -> list[str]:
    return [plain_text(block.runs) for block in document.blocks]


def shipped(cast: Cast, **at: Any) -> Document:
    return compose(catalog().report("annual-duties"), view(cast, **at))


def a_year(cast: Cast) -> None:
    """Three visits to two households, one idea among two opinions, two difficulties, one solved; 500 yuan and rice."""
    cast.visit(day="2021-02-01", people="3", opinions=[{"text": "路灯"}, {"text": "托管班", "idea": True}])
    difficulties = [{"text": "低保材料", "state": "solved"}, {"text": "扶手"}]
    cast.visit(day="2021-05-01", mode="phone", people="0", difficulties=difficulties)
    cast.visit(
        "neighbour",
        subject=cast.households[SANXING][0],
        day="2021-11-01",
        people="2",
        givings=[{"what": "money", "amount": "500"}, {"what": "goods", "name": "大米", "amount": "120.50"}],
        deliveries=[{"kind": "law", "people": 4}],
    )
    cast.listing("family-file", subject=cast.households[LIANFENG][0])


def test_the_shipped_report_says_the_year_in_its_own_words(cast: Cast) -> None:
    a_year(cast)

    document = shipped(cast)

    assert document.title == "南湖区妇联2021年执委履职情况"
    assert lines(document) == [
        "走访联系",
        (
            "2021年，各级妇联执委或者上门，或者打电话、接待来访，前后走访3户次，走到、联系到的家庭有2户，"
            "其中进过家门的2户，见到妇女和儿童5人次。一季度走访1户次，二季度1户次，三季度0户次，四季度1户次。"
        ),
        "走访中记下妇女群众的意见建议2条，其中标为“金点子”的1条。",
        "解难帮扶",
        "登记妇女群众的困难2项，办结1项；上一年记下、这一年才办结的，也算在办结数里。",
        (
            "走访时一并送去法律1场，受益4人次；政策0场，受益0人次；关爱0场，受益0人次；"
            "技能0场，受益0人次；健康0场，受益0人次。"
        ),
        "慰问妇女儿童和家庭1人次，慰问金500元，慰问物品折价120.5元。",
        "建档立册",
        "到2021年底，家庭和妇女两类档案在册1份，分别是家庭档案1份、妇女档案0份；这一年里新建1份。",
        "到2021年底，没有在册的困境儿童档案。",
        "维权与平安",
        "2021年没有登记家事纠纷。",
        "数字来源",
        "以上各数都是从走访、建档和组织的登记里逐笔累计出来的，没有另外填报；同一户人家全年不管走访几次，户数里只算一户。",
    ]


def test_an_empty_year_says_what_is_missing(cast: Cast) -> None:
    a_year(cast)

    document = shipped(cast, period=Period.of_year(1998))

    assert lines(document) == [
        "走访联系",
        "1998年没有登记走访，走到多少户人家、见到多少妇女儿童，这里还写不出来。",
        "1998年没有登记意见建议，也没有登记“金点子”。",
        "解难帮扶",
        "1998年没有登记困难，也没有登记办结的困难。",
        "1998年没有登记送法律、送政策、送关爱、送技能、送健康。",
        "1998年没有登记慰问金和慰问物品。",
        "建档立册",
        "到1998年底，没有在册的家庭档案和妇女档案。",
        "到1998年底，没有在册的困境儿童档案。",
        "维权与平安",
        "1998年没有登记家事纠纷。",
        "数字来源",
        "以上各数都是从走访、建档和组织的登记里逐笔累计出来的，没有另外填报；同一户人家全年不管走访几次，户数里只算一户。",
    ]
    assert document.figures == ()


def test_every_figure_knows_what_it_is_of(cast: Cast) -> None:
    a_year(cast)

    spec = wording("走访{visits.times}，一季度{visits.times@Q1}。")

    document = compose(spec, view(cast, region=TOWN), with_records=True)

    assert document.figures == (
        BoundFigure(
            code="visits.times",
            shown="3",
            value=Decimal(3),
            unit="户次",
            name=catalog().indicator("visits.times").name,
            fold="flow",
            region=TOWN,
            period="2021",
            records=3,
        ),
        BoundFigure(
            code="visits.times",
            shown="1",
            value=Decimal(1),
            unit="户次",
            name=catalog().indicator("visits.times").name,
            fold="flow",
            region=TOWN,
            period="2021-Q1",
            records=1,
        ),
    )
    assert lines(document) == ["2021年的事", "走访3户次，一季度1户次。"]
    assert document.title == "凤桥镇妇联2021年情况"


def test_a_sentence_without_figures_stands_and_one_without_anything_goes(cast: Cast) -> None:
    none = {"ideas.heard": "一条也没听到。"}
    spec = wording("天气很好。听到{ideas.heard}。", "办结{difficulties.solved}。", none=none)

    assert lines(compose(spec, view(cast))) == ["2021年的事", "天气很好。一条也没听到。"]


def test_a_section_that_says_nothing_goes_with_its_heading(cast: Cast) -> None:
    assert compose(wording("办结{difficulties.solved}。"), view(cast)).blocks == ()


def test_a_ratio_over_nothing_and_a_hidden_number_say_so(cast: Cast) -> None:
    child = _child(cast)
    cast.visit(difficulties=[])
    cast.listing("child-in-difficulty", subject_type="person", subject=child)
    spec = wording("走访{visits.times}，解决率{difficulties.solved-rate}。", "儿童档案{files.children}。")

    assert lines(compose(spec, view(cast)))[1:] == ["走访1户次，解决率无法计算。", "儿童档案1份。"]
    assert lines(compose(spec, view(cast, "leader")))[1:] == ["走访1户次，解决率无法计算。", "儿童档案若干份。"]


def test_large_sums_are_said_in_ten_thousands(cast: Cast) -> None:
    cast.visit(givings=[{"what": "money", "amount": "169570.40"}])
    figure = compose(wording("{givings.amount}"), view(cast)).figures[0]

    assert (figure.shown, figure.value, figure.unit) == ("16.96", Decimal("169570.40"), "元")
    assert lines(compose(wording("慰问金{givings.amount}。"), view(cast)))[1] == "慰问金16.96万元。"


def test_a_report_of_a_year_is_not_one_of_a_month(cast: Cast) -> None:
    with pytest.raises(Refused, match="按年出"):
        shipped(cast, period=Period.parse("2021-03"))


def test_a_report_costs_few_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    a_year(cast)
    spec, there = catalog().report("annual-duties"), view(cast)
    compose(spec, there)

    # Three of them for small figures of what is a team's: whether a sister would give them away.
    with django_assert_max_num_queries(9):
        compose(spec, there)


def _child(cast: Cast) -> str:
    from lianxin.register.models import Membership  # noqa: PLC0415 — only this test looks into a household

    members = Membership.objects.unscoped("test").filter(household=cast.households[LIANFENG][0])
    return str(members.exclude(relation="head").values_list("person_id", flat=True)[0])
