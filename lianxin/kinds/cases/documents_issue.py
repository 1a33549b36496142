"""Making out documents: what a case knows, a number, a row that keeps the whole, a line in the case's log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, say_day
from lianxin.base.errors import Refused, Unseen
from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.current import catalog
from lianxin.catalog.documents import TemplateSpec
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.actions import take_step
from lianxin.kinds.cases.documents import Line, Paper, make_out, read_answers
from lianxin.kinds.cases.models import PAPER_PEN, Case, Issued
from lianxin.kinds.cases.rules import is_violent
from lianxin.kinds.cases.steps import Step
from lianxin.kinds.cases.values import SEALED, CaseValues
from lianxin.net.colleagues import account_names
from lianxin.net.regions import path_name, region_name
from lianxin.records.subjects import subject_names

NO_SUCH = "没有这种文书，或者这件事不出这种文书。"


def templates_for(values: CaseValues, case: CaseSpec) -> tuple[TemplateSpec, ...]:
    """What may be made out from this case: where there is violence, nothing that makes peace."""
    violent = is_violent(values, case)
    return tuple(each for each in catalog().templates.values() if not (violent and each.not_violent))


def template_for(values: CaseValues, case: CaseSpec, code: str) -> TemplateSpec:
    """One of them; Unseen for any other code."""
    found = next((each for each in templates_for(values, case) if each.code == code), None)
    if found is None:
        raise Unseen(NO_SUCH)
    return found


def issue(
    actor: Actor, row: Case, values: CaseValues, template: TemplateSpec, raw: Mapping[str, Any], *, at: dt.datetime
) -> Issued:
    """Make one out and keep it. Problems by field; Refused when it would give her away, or somebody was quicker."""
    actor.require(Verb.CASE_WORK)
    if template not in templates_for(values, queries.case_spec(values)):
        raise Unseen(NO_SUCH)
    answers = read_answers(template, raw)
    known = known_of(actor, row, values, at=at)
    with transaction.atomic():
        # The step is written first: the door lets one through at a time, so two never get one number.
        no = Issued.objects.seen_by(actor).filter(record=row.key).count() + 1
        number = f"{template.prefix}-{row.number}-{no}"
        note = f"出具{template.name}（{number}）"
        take_step(actor, key=row.key, base=row.revision, step={"act": Step.NOTE.value, "note": note}, at=at)
        paper = make_out(template, known, answers, number=number, sealed=_sealed(values))
        with pen(PAPER_PEN):
            return Issued.objects.create(
                record=row.key,
                no=no,
                number=number,
                template=template.code,
                version=template.version,
                name=template.name,
                title=paper.title,
                lines=[[line.text, line.is_heading] for line in paper.lines],
                signed=list(paper.signed),
                digest=paper.digest,
                at=at,
                by=actor.account,
                region=row.region,
                town=row.town,
                county=row.county,
                day=at.date(),
                programme=row.programme,
                seal=row.seal,
            )


def known_of(actor: Actor, row: Case, values: CaseValues, *, at: dt.datetime) -> dict[str, str]:
    """What a template may name, as far as the case knows it and this actor may see it. Nothing sealed is among it."""
    names = subject_names(actor, values.subjects)
    people = {
        role: [_name(names, party.person) or party.name for party in values.parties if party.role == role]
        for role in ("her", "other", "child")
    }
    first = values.log[0].by if values.log else row.recorded_by
    accounts = account_names({first, actor.account})
    return {
        "case": row.number,
        "at": _moment(values.at),
        "today": say_day(at.astimezone(SHANGHAI).date()),
        "place": path_name(row.region),
        "office": f"{region_name(row.county)}妇联",
        "source": queries.option_name("source", values.source),
        "matter": queries.option_name("matter", values.matter),
        "her": "、".join(filter(None, people["her"])),
        "other": "、".join(filter(None, people["other"])),
        "relation": next((party.relation for party in values.parties if party.role == "other"), ""),
        "children": "、".join(filter(None, people["child"])),
        "heard": values.heard,
        "first": accounts.get(first, ""),
        "recorder": accounts.get(actor.account, ""),
    }


def issued_of(actor: Actor, key: str) -> tuple[Issued, ...]:
    """What was made out from a case, newest first."""
    return tuple(Issued.objects.seen_by(actor).filter(record=key).order_by("-no"))


def paper_of(actor: Actor, key: str, no: int) -> Paper:
    """One document as it was made out; Refused when its row does not say any more what was signed."""
    row = Issued.objects.seen_by(actor).filter(record=key, no=no).first()
    if row is None:
        raise Unseen("没有这份文书，或者不归您看。")
    lines = tuple(Line(text, is_heading) for text, is_heading in row.lines)
    paper = Paper(row.number, row.template, row.version, row.title, lines, tuple(row.signed))
    if paper.digest != row.digest:
        raise Refused("这份文书存下以后被改动过，和内容校验码对不上，不能打印。请告诉系统管理员。")
    return paper


def _sealed(values: CaseValues) -> tuple[str, ...]:
    """Compared with what is to be printed and forgotten: no person is shown any of it."""
    return tuple(values.safety.reveal(name) for name in SEALED)


def _name(names: Mapping[str, Any], person: str) -> str:
    found = names.get(person)
    return found.name if found is not None and found.is_seen else ""


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{say_day(local.date())}{local.hour}时{local.minute:02}分"
