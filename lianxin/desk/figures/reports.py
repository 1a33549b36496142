"""Pages of reports: which there are, one as it reads now, freezing it, what was frozen, and all of them as files."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import Period, Span, now, say_day, today
from lianxin.base.errors import Unseen
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ReportSpec
from lianxin.desk.figures.asked import Asked, asked_of, region_chips, region_crumbs, year_chips
from lianxin.indicators.tables import areas_below
from lianxin.indicators.veil import Veil
from lianxin.ledger.seals import seal_over
from lianxin.net.colleagues import account_names
from lianxin.net.regions import region_name
from lianxin.official.document import BoundFigure, Document
from lianxin.reports.compose import SOME, compose
from lianxin.reports.issues import Correction, corrections, freeze, frozen_document, issue_seen_by, issues_of
from lianxin.reports.models import Issue
from lianxin.reports.printing import Printed, document_figures, docx_bytes, printed
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Known, Row, Table
from lianxin.ui.say import say_number
from lianxin.ui.screen import Screen

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage:
    title: str
    asked: Asked
    crumbs: tuple[Crumb, ...]
    years: tuple[Chip, ...]
    below: tuple[Chip, ...]
    reports: tuple[Known, ...]
    issues: Table
    sealed: str
    seals: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on the paper. `has_hidden`: somewhere it says 若干 for a number that this reader is not shown."""

    title: str
    blocks: tuple[Printed, ...]
    issuer: str
    date: str
    has_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A report on its sheet: a draft as it reads now, or an issue as it was frozen."""

    title: str
    asked: Asked
    sheet: Sheet
    heading: str
    fresh: str
    docx: str
    data: str
    freeze: str
    issues: Table | None
    corrections: Table | None
    back: str
    is_frozen: bool
    sealed: str
    seals: str


class Reports(Screen):
    """The reports of one region and year, and those that were frozen."""

    needs = Verb.REPORT_READ
    template = "desk/reports/reports.html"
    title = "报告"
    room = "reports"

    def get(self, request: object) -> HttpResponse:
        asked = _asked_year(self)
        issues = issues_of(self.actor, region=asked.region)
        return self.render(
            ReportsPage(
                title=f"{asked.place}的报告",
                asked=asked,
                crumbs=region_crumbs(asked, "reports"),
                years=year_chips(asked, "reports"),
                below=region_chips(asked, areas_below(asked.region), "reports"),
                reports=tuple(
                    Known(report.name, f"{asked.place}，{asked.period.name}", asked.link("report", report.code))
                    for report in catalog().reports.values()
                    if report.span == asked.period.span.value
                ),
                issues=_issues_table(issues, empty="还没有定稿。打开上面的报告，看过没有问题，再定稿。"),
                sealed=_said_seal(asked),
                seals=_seals_href(asked),
            )
        )


class OneReport(Screen):
    """A report as the ledger reads now."""

    needs = Verb.REPORT_READ
    template = "desk/reports/report.html"
    title = "报告"
    room = "reports"

    def get(self, request: object, code: str) -> HttpResponse:
        spec, asked, at = _report(code), _asked_year(self), now()
        document = compose(spec, asked.view)
        may_freeze = self.actor.may(Verb.REPORT_FREEZE, region=asked.region)
        page = ReportPage(
            asked=asked,
            sheet=_sheet(document, asked),
            title=document.title,
            heading=spec.name,
            fresh=f"未定稿。数字读自 {say_day(at.date())} {at:%H:%M} 的底账，记录再变，数字跟着变。",
            docx=asked.link("report-file", code, "docx"),
            data=asked.link("report-file", code, "json"),
            freeze=asked.link("report-freeze", code) if may_freeze else "",
            issues=_issues_table(issues_of(self.actor, report=code, region=asked.region), empty=""),
            corrections=None,
            back=asked.link("reports"),
            is_frozen=False,
            sealed=_said_seal(asked),
            seals=_seals_href(asked),
        )
        return self.render(page)


class ReportFile(Screen):
    """The same as .docx or .json."""

    needs = Verb.REPORT_READ
    template = "desk/reports/report.html"
    title = "下载报告"

    def get(self, request: object, code: str, suffix: str) -> HttpResponse:
        spec, asked = _report(code), _asked_year(self)
        name = f"{asked.place}{asked.period.name}{spec.name}"
        document = compose(spec, asked.view, with_records=suffix == "json")
        return _file(suffix, name, document, document_figures(document, region=asked.region, year=asked.period.year))


class FreezeReport(Screen):
    """Keeps a report as it reads now."""

    needs = Verb.REPORT_FREEZE
    template = "desk/reports/report.html"
    title = "定稿"

    def post(self, request: object, code: str) -> HttpResponse:
        spec, asked = _report(code), _asked_year(self)
        issue = freeze(self.actor, spec, region=asked.region, period=asked.period, at=now())
        tell(self.request, "已经定稿。往后记录怎么变，这一份都不变。")
        return HttpResponseRedirect(reverse("report-issue", args=[issue.id]))


class OneIssue(Screen):
    """A frozen report, and what the ledger reads otherwise since."""

    needs = Verb.REPORT_READ
    template = "desk/reports/report.html"
    title = "定稿"
    room = "reports"

    def get(self, request: object, key: str) -> HttpResponse:
        issue = issue_seen_by(self.actor, key)
        asked = Asked(self.actor, issue.region, issue.span, today())
        veil = Veil()
        document = frozen_document(self.actor, issue, veil=veil)
        moved = corrections(self.actor, issue, veil=veil)
        by = account_names([issue.by]).get(issue.by, "已注销的账号")
        at = localtime(issue.at)
        page = ReportPage(
            asked=asked,
            sheet=_sheet(document, asked, moved),
            title=issue.title,
            heading="定稿",
            fresh=f"{by}于 {say_day(at.date())} {at:%H:%M} 定稿，数字读自第 {issue.watermark:,} 批底账，不再变动。",
            docx=reverse("report-issue-file", args=[issue.id, "docx"]),
            data=reverse("report-issue-file", args=[issue.id, "json"]),
            freeze="",
            issues=None,
            corrections=_corrections_table(moved) if moved else None,
            back=asked.link("report", issue.report),
            is_frozen=True,
            sealed=_said_seal(asked),
            seals=_seals_href(asked),
        )
        return self.render(page)


class IssueFile(Screen):
    """A frozen report as .docx or .json, the same for ever."""

    needs = Verb.REPORT_READ
    template = "desk/reports/report.html"
    title = "下载定稿"

    def get(self, request: object, key: str, suffix: str) -> HttpResponse:
        issue = issue_seen_by(self.actor, key)
        document = frozen_document(self.actor, issue)
        data = document_figures(document, region=issue.region, year=issue.span.year)
        frozen = {"id": issue.id, "at": issue.at.isoformat(), "watermark": issue.watermark, "spec": issue.spec_hash}
        return _file(suffix, issue.title, document, {**data, "issue": frozen})


def _report(code: str) -> ReportSpec:
    spec = catalog().reports.get(code)
    if spec is None:
        raise Unseen("没有这份报告，可能已经改了代号。")
    return spec


def _asked_year(screen: Screen) -> Asked:
    """The region of the address, and its year: reports that are shipped are of a year."""
    asked = asked_of(screen.actor, screen.request.GET, today=today())
    return asked if asked.period.span is Span.YEAR else replace(asked, period=Period.of_year(asked.period.year))


def _said_seal(asked: Asked) -> str:
    """Whether the books of the period are closed there; "" above the county, which is not closed as one."""
    if level_of(asked.region) < Level.COUNTY:
        return ""
    seal = seal_over(asked.view)
    if seal is None:
        return f"{asked.period.name}还没有封账，记录再变，数字跟着变。"
    return (
        f"{seal.name}已在 {say_day(localtime(seal.at).date())} 封账（{seal.because}），只有写明原因的更正会改动数字。"
    )


def _seals_href(asked: Asked) -> str:
    """The page where periods are closed, for who may close one there."""
    county = asked.region[: Level.COUNTY.length]
    if level_of(asked.region) < Level.COUNTY or not asked.actor.may(Verb.PERIOD_SEAL, region=county):
        return ""
    return f"{reverse('periods')}?{urlencode({'region': county, 'year': asked.period.year})}"


def _sheet(document: Document, asked: Asked, moved: tuple[Correction, ...] = ()) -> Sheet:
    changed = {(each.code, each.period) for each in moved}

    def href(figure: BoundFigure) -> str:
        there = asked.during(Period.parse(figure.period))
        return there.link("figure", figure.code)

    return Sheet(
        title=document.title,
        blocks=printed(document, href, since=changed),
        issuer=document.issuer or "",
        date=say_day(document.date) if document.date else "",
        has_hidden=any(figure.shown == SOME for figure in document.figures),
    )


def _issues_table(issues: tuple[Issue, ...], *, empty: str) -> Table:
    names = account_names(issue.by for issue in issues)
    return Table(
        caption="定稿",
        columns=(
            Column(label="报告", is_key=True),
            Column(label="哪里"),
            Column(label="什么时候定的", kind="day"),
            Column(label="谁定的"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text=issue.title, href=reverse("report-issue", args=[issue.id])),
                    region_name(issue.region),
                    f"{say_day(localtime(issue.at).date())} {localtime(issue.at):%H:%M}",
                    names.get(issue.by, "已注销的账号"),
                )
            )
            for issue in issues
        ),
        empty=empty,
    )


def _corrections_table(moved: tuple[Correction, ...]) -> Table:
    return Table(
        caption="定稿以后变了的数",
        columns=(
            Column(label="指标", is_key=True),
            Column(label="期间"),
            Column(label="定稿时", kind="number"),
            Column(label="现在", kind="number"),
        ),
        rows=tuple(
            Row(
                (
                    each.name,
                    Period.parse(each.period).name,
                    Cell(text=say_number(each.frozen), unit=each.unit),
                    Cell(text=say_number(each.live), unit=each.unit),
                )
            )
            for each in moved
        ),
    )


def _file(suffix: str, name: str, document: Document, data: dict[str, Any]) -> HttpResponse:
    if suffix == "docx":
        content, kind = docx_bytes(document), DOCX
    elif suffix == "json":
        content, kind = json.dumps(data, ensure_ascii=False, indent=2).encode(), "application/json"
    else:
        raise Unseen("没有这种格式，可以下载 Word 或者 JSON。")
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{suffix}") or "attachment"  # noqa: FBT003
    return response
