"""Frozen reports: the same for ever, counted again at their ledger position, corrections told beside them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.catalog.current import catalog
from lianxin.ledger.append_only import AppendOnly
from lianxin.official.document import Document, plain_text
from lianxin.official.word import write_official
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.reports.issues import (
    corrections,
    freeze,
    frozen_document,
    frozen_figures,
    issue_seen_by,
    issues_of,
    recompute,
    spec_hash,
)
from lianxin.reports.kept import document_from, document_json
from lianxin.reports.models import Issue
from tests.cast import COUNTY, LIANFENG, NOW, TOWN, Cast

pytestmark = pytest.mark.django_db

YEAR = Period.of_year(2021)
REPORT = catalog().report("annual-duties")


def frozen(cast: Cast, who: str = "officer", region: str = COUNTY, at: dt.datetime = NOW) -> Issue:
    return freeze(cast.actor(who), REPORT, region=region, period=YEAR, at=at)


def docx(document: Document) -> bytes:
    file = io.BytesIO()
    write_official(document, file)
    return file.getvalue()


def words(document: Document) -> str:
    return "\n".join(plain_text(block.runs) for block in document.blocks)


def a_year(cast: Cast) -> str:
    """Three visits, two solved difficulties; the key of one visit."""
    cast.visit(day="2021-02-01", people="3")
    cast.visit(day="2021-05-01", mode="phone", difficulties=[{"text": "低保", "state": "solved"}, {"text": "扶手"}])
    return cast.visit(day="2021-11-01", difficulties=[{"text": "路灯", "state": "solved"}]).key


def test_a_frozen_report_is_signed_and_stands_at_its_ledger_position(cast: Cast) -> None:
    a_year(cast)

    issue = frozen(cast)

    document = frozen_document(cast.actor("officer"), issue)
    assert (document.title, document.issuer, document.date) == (
        "南湖区妇联2021年执委履职情况",
        "南湖区妇女联合会",
        dt.date(2021, 12, 24),
    )
    assert issue.watermark == 3  # a batch for each visit
    assert issue.by == cast.accounts["officer"].pk
    assert "走访3户次" in words(document)


def test_it_prints_the_same_after_the_ledger_has_moved_on(cast: Cast) -> None:
    key = a_year(cast)
    issue = frozen(cast)
    before = docx(frozen_document(cast.actor("officer"), issue))

    cast.visit(day="2021-12-01")
    submit(cast.actor("member"), [Draft("visit", key, act=Act.VOID, base=1, because="登错了")], at=NOW)

    again = Issue.objects.get(id=issue.id)
    assert docx(frozen_document(cast.actor("officer"), again)) == before
    assert {(f.spec.code, f.period): f.value for f in frozen_figures(again)} == recompute(again)


def test_what_was_corrected_since_is_told_beside_it(cast: Cast) -> None:
    key = a_year(cast)
    issue = frozen(cast)
    assert corrections(cast.actor("officer"), issue) == ()

    submit(cast.actor("member"), [Draft("visit", key, act=Act.VOID, base=1, because="登错了")], at=NOW)

    moved = {(each.code, each.period): (each.frozen, each.live) for each in corrections(cast.actor("officer"), issue)}
    assert moved[("visits.times", "2021")] == (Decimal(3), Decimal(2))
    assert moved[("visits.times", "2021-Q4")] == (Decimal(1), Decimal(0))
    assert moved[("difficulties.solved", "2021")] == (Decimal(2), Decimal(1))
    assert ("visits.households", "2021") not in moved  # the same household, visited twice already
    assert ("visits.times", "2021-Q1") not in moved


def test_every_bound_figure_is_kept_with_its_definition_and_its_records(cast: Cast) -> None:
    a_year(cast)

    kept = {(each.spec.code, each.period): each for each in frozen_figures(frozen(cast))}

    households = kept["visits.households", "2021"]
    assert (households.value, households.records) == (Decimal(1), 3)
    assert households.spec.where == catalog().indicator("visits.households").where
    assert kept["difficulties.solved", "2021"].records == 2


def test_nobody_freezes_without_the_verb_or_elsewhere(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        frozen(cast, "leader")
    with pytest.raises(Forbidden):
        frozen(cast, "strange_officer")
    with pytest.raises(Refused, match="按年出"):
        freeze(cast.actor("officer"), REPORT, region=COUNTY, period=Period.parse("2021-03"), at=NOW)
    assert not Issue.objects.exists()


def test_a_second_click_finds_the_same_issue(cast: Cast) -> None:
    a_year(cast)

    assert frozen(cast).id == frozen(cast).id
    cast.visit(day="2021-12-02")
    frozen(cast)

    assert Issue.objects.count() == 2


def test_an_issue_is_never_written_again(cast: Cast) -> None:
    issue = frozen(cast)

    with pytest.raises(AppendOnly):
        issue.save()
    with pytest.raises(AppendOnly):
        issue.delete()
    with pytest.raises(AppendOnly):
        Issue.objects.update(title="别的")
    with pytest.raises(IntegrityError), transaction.atomic():
        issue.keep()


def test_issues_are_seen_within_the_county_and_not_by_another(cast: Cast) -> None:
    issue = frozen(cast, region=TOWN)

    for who in ("member", "next_clerk", "leader", "officer"):
        assert issue_seen_by(cast.actor(who), issue.id).id == issue.id
        assert [each.id for each in issues_of(cast.actor(who))] == [issue.id]
    for who in ("stranger", "strange_officer"):
        assert issues_of(cast.actor(who)) == ()
        with pytest.raises(Unseen):
            issue_seen_by(cast.actor(who), issue.id)
    with pytest.raises(Forbidden):
        issues_of(cast.actor("partner"))
    assert issues_of(cast.actor("officer"), region=COUNTY) == ()


def test_small_protected_numbers_stay_hidden_in_what_others_froze(cast: Cast) -> None:
    from lianxin.register.models import Membership  # noqa: PLC0415 — only this test looks into a household

    members = Membership.objects.unscoped("test").filter(household=cast.households[LIANFENG][0])
    child = members.exclude(relation="head").values_list("person_id", flat=True)[0]
    cast.listing("child-in-difficulty", subject_type="person", subject=child)

    issue = frozen(cast)

    assert "困境儿童档案在册1份，这一年里新建1份" in words(frozen_document(cast.actor("officer"), issue))
    assert "困境儿童档案在册若干份，这一年里新建若干份" in words(frozen_document(cast.actor("leader"), issue))
    figures = frozen_document(cast.actor("leader"), issue).figures
    assert {(f.value, f.records) for f in figures if f.code == "files.children"} == {(None, None)}


def test_the_hash_changes_with_the_wording_and_not_by_itself(cast: Cast) -> None:
    assert spec_hash(REPORT) == spec_hash(REPORT) == frozen(cast).spec_hash
    assert spec_hash(replace(REPORT, title="{region}别的")) != spec_hash(REPORT)


def test_a_document_survives_its_json(cast: Cast) -> None:
    a_year(cast)
    document = frozen_document(cast.actor("officer"), frozen(cast))

    assert document_from(document_json(document)) == document
