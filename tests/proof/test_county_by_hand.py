"""The ledger against a county counted by hand: ten households and thirty visits read from the sheets with a pencil."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

import pytest

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.days import Period, Span
from lianxin.catalog.current import catalog
from lianxin.indicators.behind import count_behind
from lianxin.indicators.figures import compute_all
from lianxin.indicators.tables import by_month_all, by_town_all
from lianxin.kinds.visits.models import Visit
from lianxin.ledger.rebuild import rebuild
from lianxin.ledger.seals import seal_over
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from tests.cast import Cast
from tests.proof.county.lay import Laid, lay
from tests.proof.county.sheets import LEVELS, REGIONS, UNKNOWN, expected, rows

pytestmark = pytest.mark.django_db
EVERYBODYS_EYES = operator(
    Verb.FIGURE_READ, Verb.VISIT_READ, Verb.LISTING_READ, Verb.REGISTER_READ, because="counting by hand"
)


@pytest.fixture
def laid(cast: Cast) -> Laid:
    return lay(cast)


def view(region: str, period: str, *, own_level: bool = False) -> LedgerView:
    return LedgerView(EVERYBODYS_EYES, REGIONS[region], Period.parse(period), own_level=own_level)


def said(value: Decimal | None) -> str:
    return UNKNOWN if value is None else str(value.normalize() + 0) if value % 1 else str(int(value))


def counted(text: str) -> str:
    return text if text == UNKNOWN else said(Decimal(text))


def in_the_ledger(codes: Iterable[str], region: str, level: str, year: str) -> dict[str, dict[str, str]]:
    """Indicator → period → figure, all nineteen periods of a year."""
    specs = [catalog().indicator(code) for code in codes]
    whole = view(region, year, own_level=LEVELS[level])
    found: dict[str, dict[str, str]] = {spec.code: {} for spec in specs}
    for span in Span:
        for code, figures in by_month_all(specs, whole, span=span).items():
            found[code] |= {figure.period.code: said(figure.value) for figure in figures}
    return found


def differences() -> list[str]:
    found: list[str] = []

    def place(row: dict[str, str]) -> tuple[str, str, str]:
        return row["region"], row["level"], row["year"]

    sheet = sorted(expected(), key=lambda item: place(item[0]))
    for (region, level, year), group in groupby(sheet, key=lambda item: place(item[0])):
        asked = list(group)
        figures = in_the_ledger((row["indicator"] for row, _ in asked), region, level, year)
        for row, cells in asked:
            for period, text in cells.items():
                figure = figures[row["indicator"]][period]
                if figure != counted(text):
                    found.append(
                        f"{region} {level} {row['indicator']} {period}: "
                        f"by hand {text}, in the ledger {figure}  ({row['how']})"
                    )
    return found


def test_thirty_visits_of_ten_households_were_laid(laid: Laid) -> None:
    kept = Visit.objects.unscoped("test").filter(county="330402")
    subjects = [number for number in laid.keys if number.startswith("H")]

    assert kept.count() == 30
    assert kept.filter(is_void=True).count() == 2
    assert len(subjects) == 10


def test_the_ledger_agrees_with_what_was_counted_by_hand(laid: Laid) -> None:
    assert differences() == []


def test_it_still_does_when_the_tallies_are_built_anew(laid: Laid) -> None:
    rebuild()

    assert differences() == []
    assert verify().differences == ()


def test_what_was_sealed_stays_what_it_was(laid: Laid) -> None:
    wrong: list[str] = []
    for row in rows("sealed.csv"):
        now = view(row["region"], "2021-03")
        seal = seal_over(now)
        assert seal is not None
        spec = catalog().indicator(row["indicator"])
        then = compute_all([spec], now.at(seal.watermark))[spec.code]
        live = compute_all([spec], now)[spec.code]
        if (said(then.value), said(live.value)) != (row["sealed"], row["live"]):
            wrong.append(f"{row['region']} {spec.code}: sealed {then.value}, live {live.value}, by hand {row}")

    assert wrong == []


def test_one_figure_alone_and_a_table_of_parts_say_the_same(laid: Laid) -> None:
    by_hand = {
        (row["region"], row["indicator"]): cells["2021"]
        for row, cells in expected()
        if (row["level"], row["year"]) == ("各级", "2021")
    }
    specs = [catalog().indicator(code) for code in ("visits.households", "visits.times", "visits.people")]

    parts = by_town_all(specs, view("南湖", "2021"))
    alone = compute_all(specs, view("南湖", "2021"))

    for spec in specs:
        towns = {figure.region: said(figure.value) for figure in parts[spec.code] if figure.value}
        assert towns == {REGIONS[town]: by_hand[town, spec.code] for town in ("凤桥", "余新")}
        assert said(alone[spec.code].value) == by_hand["南湖", spec.code]


OPENED = {
    ("visits.times", "南湖"): 27,
    ("visits.households", "南湖"): 25,  # without the person's and the firm's
    ("visits.people", "三星"): 7,
    ("difficulties.solved", "南湖"): 4,
    ("ideas.heard", "南湖"): 3,
    ("givings.amount", "南湖"): 7,  # V02 and V25 have two lines each
    ("files.family", "南湖"): 2,  # L01 and L03 stand on 31 December
}


def test_the_link_of_a_figure_opens_the_records_counted(laid: Laid) -> None:
    found = {(code, region): count_behind(catalog().indicator(code), view(region, "2021")) for code, region in OPENED}

    assert found == OPENED
