"""Freezing a report, reading what was frozen, counting it again at its watermark, and what was corrected since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from django.db import transaction

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.days import Period, Span
from lianxin.base.errors import Unseen
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec, ReportSpec
from lianxin.indicators.figures import Figure, compute_all, divided, with_parts
from lianxin.indicators.reach import figure_view, may_look_at
from lianxin.indicators.tables import by_month_all
from lianxin.indicators.veil import Veil
from lianxin.ledger import chain, folds
from lianxin.ledger.selections import selection_of
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import region_name
from lianxin.official.document import BoundFigure, Document, Run
from lianxin.reports.compose import SOME, Hole, count_records, holes_in, read_figures, require_span, write
from lianxin.reports.kept import KeptFigure, document_from, document_json
from lianxin.reports.models import Issue

_At = tuple[str, str]  # indicator code, period code


@dataclass(frozen=True, slots=True)
class Correction:
    """A frozen figure that the ledger reads otherwise today."""

    code: str
    name: str
    unit: str
    period: str
    frozen: Decimal | None
    live: Decimal | None


def freeze(actor: Actor, report: ReportSpec, *, region: str, period: Period, at: dt.datetime) -> Issue:
    """Keep a report as it reads at the ledger's position of this moment; a second click finds the first one's.

    Forbidden without REPORT_FREEZE there, Refused for a period that is not of the report's kind.
    """
    actor.require(Verb.REPORT_FREEZE, region=region)
    require_span(report, period)
    with transaction.atomic():
        # Recounted from the facts up to there, so that nobody who posts meanwhile is half in it.
        watermark = chain.head()
        view = LedgerView(actor, region, period, watermark=watermark)
        standing = _same(report, view, watermark)
        if standing is not None:
            return standing
        figures = read_figures(_with_ratio_parts(holes_in(report)), view)
        records = count_records(figures, view)
        document = write(report, view, figures, records=records)
        signed = replace(document, issuer=issuer_of(region), date=at.date())
        issue = Issue(
            id=new_id(),
            report=report.code,
            title=document.title.replace("\n", ""),
            spec_hash=spec_hash(report),
            region=region,
            period=period.code,
            watermark=watermark,
            figures=[_kept(figure, records[hole]).as_json() for hole, figure in figures.items()],
            document=document_json(signed),
            by=actor.account,
            at=at,
        )
        issue.keep()
    return issue


def _same(report: ReportSpec, view: LedgerView, watermark: int) -> Issue | None:
    """What she froze before, if nothing at all has changed since."""
    rows = Issue.objects.filter(report=report.code, region=view.region, period=view.period.code)
    return rows.filter(watermark=watermark, spec_hash=spec_hash(report), by=view.actor.account).first()


def _with_ratio_parts(holes: Iterable[Hole]) -> list[Hole]:
    """The holes, and those that would bind what their ratios are made of."""
    found: dict[Hole, None] = {}
    for hole in holes:
        for spec in with_parts([catalog().indicator(hole.code)]):
            found.setdefault(Hole(spec.code, hole.part))
    return list(found)


def _kept(figure: Figure, records: int | None) -> KeptFigure:
    return KeptFigure(figure.spec, figure.period.code, figure.value, figure.is_hidden, records)


def issuer_of(region: str) -> str:
    return f"{region_name(region)}妇女联合会"


def spec_hash(report: ReportSpec) -> str:
    """Changes with the wording, and with the definition of any figure in it."""
    specs = with_parts(catalog().indicator(hole.code) for hole in holes_in(report))
    sections = [[section.heading, *section.paragraphs] for section in report.sections]
    figures = sorted(json.dumps(asdict(spec), sort_keys=True) for spec in specs)
    told = [report.title, report.span, sections, dict(report.none), figures]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def issues_of(actor: Actor, *, report: str = "", region: str = "", limit: int = 50) -> tuple[Issue, ...]:
    """The newest frozen reports that she may look at; of one report and one region where these are named."""
    actor.require(Verb.REPORT_READ)
    rows = Issue.objects.defer("figures", "document").order_by("-at", "-id")
    rows = rows.filter(report=report) if report else rows
    rows = rows.filter(region=region) if region else rows
    seen = (issue for issue in rows[: limit * 4] if may_look_at(actor, issue.region, Verb.REPORT_READ))
    return tuple(issue for issue, _ in zip(seen, range(limit), strict=False))


def issue_seen_by(actor: Actor, key: str) -> Issue:
    """One frozen report; Unseen when there is none for her."""
    actor.require(Verb.REPORT_READ)
    issue = Issue.objects.filter(id=key).first()
    if issue is None or not may_look_at(actor, issue.region, Verb.REPORT_READ):
        raise Unseen("没有这份定稿。")
    return issue


def frozen_document(actor: Actor, issue: Issue, *, veil: Veil | None = None) -> Document:
    """The document as it was frozen, less the small numbers that this reader is not shown.

    `veil`: that of the page, which reads each family of small numbers once.
    """
    document = document_from(issue.document)
    hidden = _hidden_now(actor, issue, veil or Veil())
    if not hidden:
        return document
    return replace(
        document,
        blocks=tuple(
            replace(block, runs=tuple(_veiled(run, hidden) for run in block.runs)) for block in document.blocks
        ),
    )


def frozen_figures(issue: Issue) -> tuple[KeptFigure, ...]:
    return tuple(KeptFigure.from_json(raw) for raw in issue.figures)


def recompute(issue: Issue) -> dict[_At, Decimal | None]:
    """Every frozen figure counted again at its watermark, by the definition it was frozen with."""
    actor = operator(Verb.FIGURE_READ, because="a frozen report is counted again")
    kept = frozen_figures(issue)
    found: dict[_At, Decimal | None] = {}
    for period in dict.fromkeys(each.period for each in kept):
        view = LedgerView(actor, issue.region, Period.parse(period), watermark=issue.watermark)
        specs = [each.spec for each in kept if each.period == period]
        numbers = folds.figures(view, [selection_of(spec) for spec in specs if spec.fold != "ratio"])
        found |= {(code, period): number for code, number in numbers.items()}
        for spec in specs:
            if spec.fold == "ratio":
                above, below = found.get((spec.numerator, period)), found.get((spec.denominator, period))
                found[spec.code, period] = divided(spec, above, below)
    return found


def corrections(actor: Actor, issue: Issue, *, veil: Veil | None = None) -> tuple[Correction, ...]:
    """The figures that have moved since the freeze, as far as this reader is shown both."""
    hidden = _hidden_now(actor, issue, veil or Veil())
    shown = [each for each in frozen_figures(issue) if (each.spec.code, each.period) not in hidden]
    live = _live(actor, issue, [each for each in shown if each.spec.code in catalog().indicators])
    pairs = ((each, live[at]) for each in shown if (at := (each.spec.code, each.period)) in live)
    return tuple(_correction(each, figure) for each, figure in pairs if _has_moved(each, figure))


def _live(actor: Actor, issue: Issue, kept: Sequence[KeptFigure]) -> dict[_At, Figure]:
    """What these read today; the parts of the issue's own period together, whatever their number."""
    whole = Period.parse(issue.period)
    of_parts: dict[Span, dict[str, IndicatorSpec]] = {}
    of_others: dict[str, dict[str, IndicatorSpec]] = {}
    for each in kept:
        period, spec = Period.parse(each.period), catalog().indicator(each.spec.code)
        is_part = period != whole and whole.start <= period.start and period.last_day <= whole.last_day
        (of_parts.setdefault(period.span, {}) if is_part else of_others.setdefault(each.period, {}))[spec.code] = spec
    found: dict[_At, Figure] = {}
    for code, specs in of_others.items():
        view = figure_view(actor, issue.region, Period.parse(code))
        found |= {(spec, code): figure for spec, figure in compute_all(specs.values(), view).items()}
    for span, specs in of_parts.items():
        tables = by_month_all(specs.values(), figure_view(actor, issue.region, whole), span=span)
        found |= {(spec, each.period.code): each for spec, figures in tables.items() for each in figures}
    return found


def _hidden_now(actor: Actor, issue: Issue, veil: Veil) -> frozenset[_At]:
    """What was frozen by somebody who reads more than this reader does."""
    kept = [each for each in frozen_figures(issue) if each.spec.small]
    hidden: set[_At] = set()
    for period in dict.fromkeys(each.period for each in kept):
        view = figure_view(actor, issue.region, Period.parse(period)).at(issue.watermark)
        specs = [_standing(each.spec) for each in kept if each.period == period]
        found = veil.over([spec for spec in specs if spec], view)
        hidden |= {(code, period) for code, periods in found.items() if period in periods}
        # An indicator that has left the catalogue cannot be asked about any more: its small numbers stay hidden.
        hidden |= {
            (each.spec.code, period)
            for each in kept
            if each.period == period and _standing(each.spec) is None and each.value and each.value < each.spec.small
        }
    return frozenset(hidden)


def _standing(spec: IndicatorSpec) -> IndicatorSpec | None:
    return catalog().indicators.get(spec.code)


def _veiled(run: Run, hidden: frozenset[_At]) -> Run:
    if not isinstance(run, BoundFigure) or (run.code, run.period) not in hidden:
        return run
    return replace(run, shown=SOME, value=None, records=None)


def _has_moved(kept: KeptFigure, live: Figure) -> bool:
    return not (kept.is_hidden or live.is_hidden) and kept.value != live.value


def _correction(kept: KeptFigure, live: Figure) -> Correction:
    spec = kept.spec
    return Correction(spec.code, spec.name, spec.unit, kept.period, kept.value, live.value)
