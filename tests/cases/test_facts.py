"""What a case puts into the ledger, worked out by reading its log."""

from __future__ import annotations

from typing import Any

import pytest

from lianxin.base.days import Period
from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.indicators.figures import compute
from lianxin.ledger.models import Fact
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.records.postings import unposted
from tests.cases.town import case, step
from tests.cast import COUNTY, LIANFENG, NOW, Cast

pytestmark = pytest.mark.django_db


def figure(cast: Cast, code: str, region: str = COUNTY) -> int:
    view = LedgerView(cast.actor("officer"), region, Period.of_year(2021))
    return int(compute(catalog().indicator(code), view).value or 0)


def measured(cast: Cast) -> dict[str, int]:
    """Every measure of cases that is not nothing, over all there is."""
    sums: dict[str, int] = {}
    for measure, hundredths in Fact.objects.values_list("measure", "hundredths"):
        sums[measure] = sums.get(measure, 0) + hundredths // 100
    return {measure: value for measure, value in sums.items() if value}


def closed(cast: Cast, **more: Any) -> Any:
    record = case(cast, **more)
    step(cast, record, "member", "triage", colour="blue", note="口角")
    step(cast, record, "member", "contact", mode="call", is_met=True, note="见到了")
    step(cast, record, "member", "close-ask", outcome="agreed", note="写了协议")
    step(cast, record, "clerk", "close", note="看过，属实")
    return record


def test_resolved_counts_when_reviewed_and_no_longer_once_it_begins_again(cast: Cast) -> None:
    record = closed(cast)
    begun = {"case.found": 1, "case.weighed": 1, "case.answered": 1}
    assert measured(cast) == begun | {"case.closed": 1, "case.resolved": 1}

    step(cast, record, "member", "alarm", note="昨晚又动手")
    assert measured(cast) == begun | {"case.repeated": 1}
    assert verify().differences == ()
    assert list(unposted()) == []


def test_figures_are_recounts_of_the_cases(cast: Cast) -> None:
    for _ in range(6):
        closed(cast)
    for _ in range(2):
        case(cast)
    case(cast, is_consultation="yes")

    assert figure(cast, "disputes.found") == 8
    assert figure(cast, "disputes.resolved") == 6
    assert figure(cast, "disputes.found", LIANFENG) == 8


def test_the_ledger_does_not_know_whose_it_is(cast: Cast) -> None:
    record = case(cast)

    assert set(Fact.objects.values_list("subject", flat=True)) == {record.key}


def test_a_case_that_is_the_same_as_another_counts_once(cast: Cast) -> None:
    first, second = case(cast), case(cast)

    step(cast, second, "member", "join", case=first.key, note="同一家同一晚")
    assert measured(cast) == {"case.found": 1}

    step(cast, second, "member", "apart", note="其实是隔壁那家")
    assert measured(cast) == {"case.found": 2}


def test_a_log_that_comes_with_the_case_is_the_supervisors_to_enter(cast: Cast) -> None:
    log = [{"act": "triage", "at": "2021-12-21 10:00", "colour": "blue", "note": "口角"}]

    with pytest.raises(Problems, match="旧案"):
        case(cast, "member", log=log)
    assert case(cast, "officer", log=log, at=NOW).key
    assert measured(cast)["case.weighed"] == 1
