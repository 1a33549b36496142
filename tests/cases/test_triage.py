"""Weighing: the table of factors and colours that a county's lawyer reads (triage.csv), and what must always hold."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.errors import Problems
from lianxin.catalog.load import check_catalog, load_catalog
from lianxin.catalog.specs import Catalog
from lianxin.kinds.cases.triage import Known, Proposal, propose, read_factors

HERE = Path(__file__).parent
TINY = HERE.parent / "catalog" / "tiny"
SHIPPED = Path(settings.BASE_DIR) / "catalog"
ROWS = list(csv.DictReader((HERE / "triage.csv").read_text(encoding="utf-8").splitlines()))
THIRD = "triage/anji-xiaoyuan.toml"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's own folder with one more file: five colours, of the family."""
    folder = tmp_path_factory.mktemp("county")
    (folder / "triage").mkdir()
    shutil.copy(HERE / "schemes" / "anji-xiaoyuan.toml", folder / THIRD)
    return folder


@pytest.fixture(scope="module")
def shelf(county: Path) -> Catalog:
    return load_catalog(SHIPPED, county)


def weighed(shelf: Catalog, row: dict[str, str]) -> Proposal:
    scheme = shelf.scheme(row["办法"])
    yes, unclear = row["是"].split(), row["不清楚"].split()
    said = {factor.code: Known.NO.value for factor in scheme.factors}
    return propose(scheme, said | dict.fromkeys(yes, "yes") | dict.fromkeys(unclear, "unknown"))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['办法']} {row['为什么']}" for row in ROWS])
def test_the_colour_is_what_the_table_says(shelf: Catalog, row: dict[str, str]) -> None:
    proposal = weighed(shelf, row)

    assert proposal.colour == row["提议"]
    assert proposal.is_held == (row["暂按"] == "是")


def test_every_factor_of_every_scheme_is_in_the_table(shelf: Catalog) -> None:
    asked = {(row["办法"], code) for row in ROWS for code in row["是"].split()}

    assert asked == {(scheme.code, factor.code) for scheme in shelf.schemes.values() for factor in scheme.factors}


def test_a_third_scheme_is_one_more_file(county: Path, shelf: Catalog) -> None:
    xiaoyuan = shelf.scheme("anji-xiaoyuan")

    assert check_catalog(SHIPPED, county) == ()
    assert [colour.code for colour in xiaoyuan.colours] == ["red", "orange", "pink", "blue", "green"]
    assert (xiaoyuan.rates, shelf.scheme("jiashan").rates) == ("family", "case")
    assert [colour.visits for colour in xiaoyuan.colours] == ["每周", "每周", "每周", "", ""]


def test_what_a_place_did_not_print_is_said(shelf: Catalog) -> None:
    for scheme in shelf.schemes.values():
        assert scheme.unprinted
        assert all(colour.visits == "" for colour in scheme.colours) or scheme.code == "anji-xiaoyuan"
    assert "公开材料没有印标准" in shelf.scheme("jiashan").colours[0].means


def test_a_proposal_says_why_with_its_basis(shelf: Catalog) -> None:
    proposal = propose(shelf.scheme("three-colour"), {"order-broken": "yes", "quarrels": "yes"})

    assert [(reason.says, reason.factors) for reason in proposal.reasons] == [
        ("违反告诫书或者保护令", ("有告诫书或者保护令，又犯了",))
    ]
    assert proposal.reasons[0].basis == ("反家庭暴力法第三十四条；治安管理处罚法第七十三条",)


def test_what_nobody_asked_is_unknown_and_is_named(shelf: Catalog) -> None:
    scheme = shelf.scheme("three-colour")

    nothing = propose(scheme, {})
    one = propose(scheme, {factor.code: "no" for factor in scheme.factors} | {"weapon": "unknown"})

    assert (nothing.colour, nothing.is_held, nothing.is_settled) == ("yellow", True, False)
    assert {"injury", "weapon", "order-broken"} <= {factor.code for factor in nothing.to_ask}
    assert [factor.name for factor in one.to_ask] == ["用了或者拿起过刀、棍、酒瓶一类的东西"]
    assert one.reasons[0].says == "还没有问清：有伤害或者生命危险"


SAID = st.sampled_from(["yes", "no", "unknown"])
OURS = load_catalog(SHIPPED).scheme("three-colour")
CODES = [factor.code for factor in OURS.factors]
ANSWERS = st.fixed_dictionaries(dict.fromkeys(CODES, SAID))


@given(ANSWERS, st.sampled_from(CODES))
def test_one_more_yes_never_makes_it_lighter(said: dict[str, str], code: str) -> None:
    scheme = OURS

    before, after = propose(scheme, said), propose(scheme, said | {code: "yes"})

    if not before.is_held:  # what stood for a doubt only may turn out lighter, once the doubt is gone
        assert scheme.weight(after.colour) >= scheme.weight(before.colour)


@given(ANSWERS)
def test_a_settled_proposal_stays_however_the_rest_is_answered(said: dict[str, str]) -> None:
    scheme = OURS
    proposal = propose(scheme, said)

    if proposal.is_settled:
        unclear = [code for code, known in said.items() if known == "unknown"]
        graver = propose(scheme, said | dict.fromkeys(unclear, "yes"))
        assert graver.colour == proposal.colour


def test_what_was_ticked_wrongly_is_told_at_its_field(shelf: Catalog) -> None:
    problems = Problems()

    read = read_factors(shelf.scheme("three-colour"), {"injury": "yes", "wepon": "yes", "drink": "也许"}, problems)

    assert read == {"injury": "yes"}
    assert [(item.field, item.message) for item in problems.items] == [
        ("factors.wepon", "“三色（出厂默认）”不看“wepon”。是不是想写“weapon”。"),
        ("factors.drink", "请选是、否或者不清楚。"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('code = "anji-xiaoyuan"', 'code = "anji"', "code", "文件名和里面的代号对不上"),
        ('rates = "family"', 'rates = "street"', "rates", "不认识“street”"),
        ('colour = "orange"', 'colour = "organge"', "rule[2].colour", "没有“organge”这一色"),
        ('any = ["conflict"]', 'any = ["conflicts"]', "rule[2].any[1]", "没有“conflicts”这一样"),
        ('any = ["conflict"]', "", "rule[2].any", "没有写看哪几样"),
        ('any = ["conflict"]', 'any = ["conflict"]\nleast = 2', "rule[2].least", "any 里只有 1 项"),
        ('any = ["conflict"]', 'any = ["conflict"]\ndoubt = "red"', "rule[2].doubt", "还没有问清，不能比问清了更重"),
        ('any = ["alone"]', 'any = ["conflict"]', "factor[4].code", "问了“单亲、失独或者留守”，却没有一条规则看它"),
        ('colour = "green"', 'colour = "blue"', "colour[5].code", "没有一条规则会提议绿色"),
        ('code = "pink"', 'code = "blue"', "colour[4].code", "“blue”写了两遍"),
        ('grade = "official"', 'grade = "default"', "source", "出厂默认的办法要写明"),
        ('name = "孝源五色家庭"', "", "name", "缺少“name”"),
        ('shown_as = "pink"', 'shown_as = "purple"', "colour[3].shown_as", "不认识“purple”"),
        ('grade = "official"', 'grade = "official"\notherwise = "grey"', "otherwise", "没有“grey”这一色"),
    ],
)
def test_a_slip_in_a_scheme_is_told(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    text = (HERE / "schemes" / "anji-xiaoyuan.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "triage").mkdir()
    (tmp_path / THIRD).write_text(text.replace(old, new, 1), encoding="utf-8")

    told = [(item.file, item.key, item.message) for item in check_catalog(TINY, tmp_path)]

    assert (THIRD, key, message) in told
