"""Firms that help and the library of issued documents, all invented and marked so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from lianxin.access.actor import Actor
from lianxin.base.ids import new_id
from lianxin.demo.sums import YEAR
from lianxin.net.models import Organisation
from lianxin.net.organisations import OrganisationDraft
from lianxin.records.door import submit
from lianxin.records.drafts import Draft

# Name, class on the list of caring firms, what it can give.
FIRMS = (
    ("示例丝绸厂", "firm", ("jobs", "goods")),
    ("示例食品公司", "firm", ("goods",)),
    ("示例电商公司", "firm", ("jobs", "service")),
    ("示例物业公司", "firm", ("jobs", "place")),
    ("示例口腔门诊", "firm", ("service", "offer")),
    ("示例女企业家商会", "association", ("money", "jobs")),
    ("示例家政行业协会", "association", ("jobs", "service")),
    ("示例慈善基金会", "charity", ("money",)),
    ("示例志愿公益中心", "charity", ("service",)),
    ("示例小吃店", "shop", ("offer", "goods")),
    ("示例理发店", "shop", ("service", "offer")),
    ("示例书屋", "shop", ("place", "goods")),
    ("示例银行支行", "bank", ("money", "service")),
    ("示例保险公司", "bank", ("insurance",)),
)
# Title, class, which work it is about, formal or on trial.
DOCUMENTS = (
    ("妇女微家建设管理办法（示例）", "rule", "net", "trial"),
    ("妇联执委联系妇女群众制度（示例）", "rule", "net", "formal"),
    ("执委工作室运行规则（示例）", "rule", "net", "trial"),
    ("村（社区）妇联换届工作方案（示例）", "plan", "net", "formal"),
    ("家庭教育促进工作意见（示例）", "opinion", "family", "formal"),
    ("婚姻家庭纠纷多元化解机制（示例）", "mechanism", "rights", "formal"),
    ("困境儿童关爱服务通知（示例）", "notice", "care", "formal"),
    ("巾帼创业服务方案（示例）", "plan", "work", "formal"),
    ("异地妇联共建协议（示例）", "agreement", "net", "formal"),
    ("最美家庭寻访通知（示例）", "notice", "family", "formal"),
)


def firm_drafts(towns: Sequence[str]) -> Iterator[OrganisationDraft]:
    """The firms as bodies of the net, one town after another."""
    for number, (name, _, _) in enumerate(FIRMS):
        yield OrganisationDraft(name, "unit", towns[number % len(towns)])


def lay_library(
    dice: Random, keeper: Actor, firms: Sequence[Organisation], county: Organisation, *, at: dt.datetime
) -> None:
    """Each firm stands on the list of those that help; the county's federation has its rules in the library."""
    known = {name: (category, gives) for name, category, gives in FIRMS}
    drafts = [_caring(dice, body, *known[body.name]) for body in firms if body.name in known]
    drafts += [_document(dice, county, number, *each) for number, each in enumerate(DOCUMENTS, 1)]
    submit(keeper, drafts, at=at)


def _caring(dice: Random, body: Organisation, category: str, gives: tuple[str, ...]) -> Draft:
    answers = {"gives": list(gives), "recruited": dice.choice(("yes", "no")), "contact": "办公室"}
    return _draft("caring-firms", body, dice, category=category, level="town", answers=answers)


def _document(
    dice: Random, body: Organisation, number: int, title: str, category: str, about: str, grade: str
) -> Draft:
    answers = {"title": title, "number": f"示例妇〔{YEAR}〕{number}号", "about": about}
    return _draft("documents", body, dice, category=category, level="county", grade=grade, answers=answers)


def _draft(code: str, body: Organisation, dice: Random, *, answers: Mapping[str, object], **place: str) -> Draft:
    day = dt.date(YEAR, dice.randint(1, 12), dice.randint(1, 28))
    values = {"list": code, "subject_type": "organisation", "subject": body.pk, "on_day": day.isoformat()}
    answered = {f"{code}.{name}": answer for name, answer in answers.items()}
    return Draft("listing", new_id(), {**values, **place, "answers": answered})
