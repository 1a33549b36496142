"""No page, list, count, suggestion, export or figure's record shows a record to somebody who may not see it.

Every village holds the same records, marked with its own tree (standing.py). Each role opens everything it can,
searches with words that all villages share, asks for every region, and whatever comes back is read for other marks.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.catalog.current import catalog
from lianxin.indicators.explain import hidden_note
from tests.cast import COUNTY, LIANFENG, MUQIAO, OTHER_COUNTY, ROLES, SANXING, TOWN, YONGLI, Cast
from tests.house.addresses import addresses
from tests.house.standing import Mark, Village, lay_offices, lay_villages, marks
from tests.house.test_matrix import (
    DELICATE_ONES,
    FESTIVAL_ONES,
    OF_A_COUNTY,
    OF_A_VILLAGE,
    OF_THE_CATALOGUE,
)
from tests.taking import looked

pytestmark = pytest.mark.django_db
OPEN = frozenset({"register", "visit", "care", "file"})
STAFF = OPEN | {"delicate visit", "delicate file"}
HOME = frozenset({LIANFENG, SANXING, YONGLI})

# The policy, written down by hand: who sees what of which villages.
SEES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "member": (frozenset({LIANFENG}), OPEN),
    "chair": (frozenset({LIANFENG}), STAFF),
    "neighbour": (frozenset({SANXING}), OPEN),
    "clerk": (frozenset({LIANFENG, SANXING}), STAFF),
    "next_clerk": (frozenset({YONGLI}), STAFF),
    "officer": (HOME, STAFF),
    "programme_officer": (HOME, frozenset({"care"})),
    "leader": (HOME, frozenset({"visit", "care", "file"})),
    "partner": (frozenset(), frozenset()),
    "administrator": (frozenset(), frozenset()),
    "security": (frozenset(), frozenset()),
    "audit": (frozenset(), frozenset()),
    "stranger": (frozenset({MUQIAO}), OPEN),
    "strange_officer": (frozenset({MUQIAO}), STAFF),
}
# Complaints: whoever answers in the county, and who wrote it (standing.WRITERS).
HEARS = {
    "officer": HOME, "leader": HOME, "administrator": HOME, "strange_officer": frozenset({MUQIAO}),
    "chair": frozenset({LIANFENG}), "clerk": frozenset({SANXING}), "next_clerk": frozenset({YONGLI}),
}  # fmt: skip
# Imports: whoever made them (standing.WRITERS) and those above her who may import.
IMPORTS = {
    "chair": frozenset({LIANFENG}), "clerk": frozenset({LIANFENG, SANXING}), "next_clerk": frozenset({YONGLI}),
    "officer": HOME, "strange_officer": frozenset({MUQIAO}),
}  # fmt: skip
# Cases: the team (who took it in leads it) and the supervisors above; nobody else of the village.
CASES = {
    "chair": frozenset({LIANFENG}), "clerk": frozenset({LIANFENG, SANXING}), "next_clerk": frozenset({YONGLI}),
    "officer": HOME, "strange_officer": frozenset({MUQIAO}),
}  # fmt: skip
REGIONS = (LIANFENG, SANXING, MUQIAO, TOWN, COUNTY, OTHER_COUNTY, "33")
SOUGHT = ("听到", "难处", "意见 听到", "小雨", "zgy", "xy", "3组17号", "3012", "cast")
FIGURES = ("visits.times", "visits.people", "difficulties.solved", "ideas.heard", "givings.amount", "files.family",
           "files.children", "visits.minors-in-court.times", "disputes.found")  # fmt: skip


def may_see(who: str, mark: Mark) -> bool:
    if mark.what == "complaint":
        return mark.village in HEARS.get(who, ())
    if mark.what == "case":
        return mark.village in CASES.get(who, ())
    if mark.what == "import":
        return mark.village in IMPORTS.get(who, ())
    villages, kinds = SEES[who]
    return mark.village in villages and mark.what in kinds


def paths(cast: Cast) -> Iterator[str]:
    """Every address there is, for every village; every list for every region and search."""
    villages, offices = lay_villages(cast), lay_offices(cast)
    for address in addresses():
        name = address.name
        if name == "sign-out":
            continue
        if not address.has_arguments:
            yield from _asked(reverse(name))
        elif name in OF_THE_CATALOGUE:
            yield from _asked(reverse(name, args=OF_THE_CATALOGUE[name]))
        elif name in OF_A_COUNTY:
            yield from (reverse(name, args=OF_A_COUNTY[name](of)) for of in offices.values())
        else:
            yield from _of_villages(name, villages)
    for code in FIGURES:
        for region in (SANXING, COUNTY, OTHER_COUNTY):
            asked = urlencode({"region": region, "period": "2021"})
            yield from (f"{reverse(name, args=[code])}?{asked}" for name in ("figure-records", "figure-export"))


def _of_villages(name: str, villages: dict[str, Village]) -> Iterator[str]:
    for village in villages.values():
        for ones in (OF_A_VILLAGE, DELICATE_ONES, FESTIVAL_ONES):
            if name in ones:
                yield reverse(name, args=ones[name](village))
    if name in ("visit", "visit-versions"):
        yield from (reverse(name, args=[village.withdrawn]) for village in villages.values())
    if name == "listing":
        yield from (reverse(name, args=[village.closed_listing]) for village in villages.values())


LISTS_OF_REGIONS = {"visits", "visits-export", "listings", "listings-export", "listings-ledger", "listings-due",
                    "households", "households-export", "difficulties", "users", "organisations", "overview", "figures",
                    "reports", "cases", "cases-list"}  # fmt: skip
LISTS_OF_WORDS = {"cases-list", "visits", "visits-export", "households", "visit-new", "users", "organisations"}


def _asked(path: str) -> Iterator[str]:
    yield path
    name = {reverse(each): each for each in LISTS_OF_REGIONS | LISTS_OF_WORDS}.get(path, "")
    if name in LISTS_OF_REGIONS:
        for region in REGIONS:
            yield f"{path}?{urlencode({'region': region, 'period': '2021', 'since': '2021-01-01'})}"
    if name in ("listings", "listings-export", "listings-ledger"):
        yield f"{path}?state=closed"
    if name in LISTS_OF_WORDS:
        for sought in SOUGHT:
            yield f"{path}?{urlencode({'q': sought})}"
    if name in ("visits", "visits-export"):
        for purpose in ("minors-in-court", "festival-care"):
            yield f"{path}?{urlencode({'purpose': purpose})}"
            yield f"{path}?{urlencode({'purpose': purpose, 'q': '听到', 'since': '2021-01-01'})}"


def shown(client: Client, path: str) -> str:
    """All the text of an answer: a page, a fragment, the cells of a workbook, the words of a document."""
    response = looked(client, path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] != b"PK":
        return content.decode()
    if "spreadsheet" in response.headers["Content-Type"]:
        book = load_workbook(io.BytesIO(content), read_only=True)
        return "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.mark.parametrize("who", ROLES)
def test_nobody_is_shown_what_is_not_hers(cast: Cast, who: str) -> None:
    every = list(marks())
    forbidden = [mark for mark in every if not may_see(who, mark)]
    client = Client()
    client.force_login(cast.accounts[who])
    leaks: list[str] = []
    seen: set[str] = set()
    for path in paths(cast):
        text = shown(client, path)
        leaks += [
            f"{path} shows {mark.text} ({mark.what} of {mark.village})" for mark in forbidden if mark.text in text
        ]
        seen |= {mark.text for mark in every if mark.text in text}

    assert leaks == []
    # And the search is not blind: what is hers was met somewhere.
    assert {mark.text for mark in every if may_see(who, mark)} - seen == set()


@pytest.mark.parametrize(
    ("who", "count"),
    [("member", 2), ("chair", 3), ("neighbour", 2), ("clerk", 6), ("next_clerk", 3), ("officer", 9),
     ("programme_officer", 3), ("leader", 6), ("stranger", 2), ("strange_officer", 3)],
)  # fmt: skip
def test_a_list_counts_only_what_is_hers(cast: Cast, who: str, count: int) -> None:
    """Three visits stand in each of four villages: 四必访, 节日慰问, 涉案家庭; a fourth was withdrawn."""
    lay_villages(cast)
    client = Client()
    client.force_login(cast.accounts[who])

    def counted(**asked: str) -> int:
        page = client.get(reverse("visits"), asked).content.decode()
        return int(re.findall(r"一共 ([\d,]+) 次", page)[0].replace(",", ""))

    assert counted() == count
    assert counted(q="听到") == count
    assert counted(since="2021-01-01") == count
    assert counted(q="听到", since="2021-01-01") == count
    assert sum(counted(region=village) for village in (LIANFENG, SANXING, YONGLI, MUQIAO)) == count
    assert counted(region=COUNTY) + counted(region=OTHER_COUNTY) == count
    assert sum(counted(purpose=purpose) for purpose in ("four-musts", "festival-care", "minors-in-court")) == count


def test_a_small_number_about_children_is_hidden_from_who_may_not_read_their_files(cast: Cast) -> None:
    lay_villages(cast)
    hidden = {"member": LIANFENG, "leader": COUNTY, "partner": COUNTY, "programme_officer": COUNTY}
    shown_to = {"chair": LIANFENG, "officer": COUNTY}
    for who, region in (hidden | shown_to).items():
        client = Client()
        client.force_login(cast.accounts[who])
        asked = urlencode({"region": region, "period": "2021"})
        records = client.get(f"{reverse('figure-records', args=['files.children'])}?{asked}").content.decode()
        figure = client.get(f"{reverse('figure', args=['files.children'])}?{asked}").content.decode()

        assert ("记录太少，只计数，不显示" in records) == (who in hidden), who
        # Said once where it is explained how the figure is counted, and again below a number that is not shown.
        said = figure.count(hidden_note(catalog().indicator("files.children")))
        assert (said > 1) == (who in hidden), who
