"""Pages of reports: as they read now, frozen, as files."""

from __future__ import annotations

import io
import json
import re

import docx
import pytest
from django.test import Client
from django.urls import reverse

from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.reports.models import Issue
from tests.cast import COUNTY, NOW, OTHER_COUNTY, TOWN, Cast

pytestmark = pytest.mark.django_db

REPORT = "annual-duties"
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
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def frozen(cast: Cast) -> Issue:
    url = reverse("report-freeze", args=[REPORT])
    response = signed_in(cast, "officer").post(f"{url}?region={COUNTY}&period=2021")
    assert response.status_code == 302
    return Issue.objects.get()


def words(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_the_reports_of_a_region_are_listed(cast: Cast) -> None:
    html = page(cast, "member", "reports", region=COUNTY)

    assert f"/reports/{REPORT}/?region={COUNTY}&amp;period=2021" in html
    assert "还没有定稿" in html


def test_every_figure_of_a_report_is_a_door(cast: Cast) -> None:
    cast.visit(day="2021-02-01")

    html = page(cast, "member", "report", REPORT, region=COUNTY)

    assert "前后走访 1 户次" in text(html)
    assert re.search(rf'<a class="fig" href="/figures/visits.times/\?region={COUNTY}&amp;period=2021"[^>]*>1</a>', html)
    assert f"/figures/visits.times/?region={COUNTY}&amp;period=2021-Q1" in html


def test_an_empty_year_reads_honestly(cast: Cast) -> None:
    assert "2019年没有登记走访" in text(page(cast, "officer", "report", REPORT, period="2019"))


def test_only_who_may_freeze_is_offered_it(cast: Cast) -> None:
    assert reverse("report-freeze", args=[REPORT]) in page(cast, "officer", "report", REPORT)
    assert reverse("report-freeze", args=[REPORT]) not in page(cast, "leader", "report", REPORT)

    url = reverse("report-freeze", args=[REPORT])
    assert signed_in(cast, "leader").post(f"{url}?region={COUNTY}&period=2021").status_code == 403
    assert signed_in(cast, "officer").post(f"{url}?region=3304&period=2021").status_code == 403
    assert not Issue.objects.exists()


def test_a_frozen_report_stays_and_tells_what_was_corrected(cast: Cast) -> None:
    visit = cast.visit(day="2021-02-01")
    issue = frozen(cast)
    before = page(cast, "leader", "report-issue", issue.id)
    submit(cast.actor("member"), [Draft("visit", visit.key, act=Act.VOID, base=1, because="登错了")], at=NOW)

    after = page(cast, "leader", "report-issue", issue.id)

    assert "前后走访 1 户次" in text(after)
    assert "定稿以后，这些数都没有变过" in text(before)
    assert "定稿以后变了的数" in text(after)
    assert 'class="fig is-since"' in after
    assert "示例officer于" in text(before) or "示例officer于" in before
    assert "南湖区妇女联合会" in text(after)


def test_frozen_reports_are_listed_with_their_day_and_hand(cast: Cast) -> None:
    cast.visit()
    issue = frozen(cast)

    for name, args in (("reports", ()), ("report", (REPORT,))):
        html = page(cast, "member", name, *args, region=COUNTY)
        assert reverse("report-issue", args=[issue.id]) in html
        assert "示例officer" in html
    assert reverse("report-issue", args=[issue.id]) not in page(cast, "member", "reports", region=TOWN)


def test_files_of_a_draft_and_of_an_issue(cast: Cast) -> None:
    visit = cast.visit(day="2021-02-01")
    issue = frozen(cast)
    submit(cast.actor("member"), [Draft("visit", visit.key, act=Act.VOID, base=1, because="登错了")], at=NOW)
    client = signed_in(cast, "leader")

    draft = client.get(reverse("report-file", args=[REPORT, "docx"]), YEAR)
    kept = client.get(reverse("report-issue-file", args=[issue.id, "docx"]))
    data = client.get(reverse("report-issue-file", args=[issue.id, "json"]))

    assert "2021年没有登记走访" in words(draft.content)
    assert "前后走访1户次" in words(kept.content)
    assert words(kept.content).endswith("南湖区妇女联合会\n" + words(kept.content).rsplit("\n", 1)[1])
    told = json.loads(data.content)
    assert (told["region"], told["year"], told["issue"]["id"]) == (COUNTY, 2021, issue.id)
    times = next(f for f in told["figures"] if (f["code"], f["period"]) == ("visits.times", "2021"))
    assert (times["value"], times["unit"], times["records"]) == (1, "户次", 1)
    assert client.get(reverse("report-file", args=[REPORT, "pdf"]), YEAR).status_code == 404


def test_another_countys_reports_are_not_there(cast: Cast) -> None:
    cast.visit()
    issue = frozen(cast)

    for who in ("stranger", "strange_officer"):
        page(cast, who, "report", REPORT, status=404, region=COUNTY)
        page(cast, who, "report-issue", issue.id, status=404)
        page(cast, who, "report-issue-file", issue.id, "docx", status=404)
        assert issue.id not in page(cast, who, "reports", region=OTHER_COUNTY)


def test_what_there_is_not_is_not_found(cast: Cast) -> None:
    page(cast, "officer", "report", "annual-moon", status=404)
    page(cast, "officer", "report-issue", "01ARZ3NDEKTSV4RRFFQ69G5FAV", status=404)


def test_partners_read_figures_and_no_reports(cast: Cast) -> None:
    page(cast, "partner", "figures")
    page(cast, "partner", "reports", status=403)
    assert "用在哪里" not in page(cast, "partner", "figure", "visits.times")
