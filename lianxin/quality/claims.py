"""Claims: stated, withdrawn, and read beside the ledger's own figure of the same place and days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of, scope_columns
from lianxin.base.days import SHANGHAI, Period
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line, half_width
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.indicators.figures import Figure, compute_all
from lianxin.indicators.veil import Veil
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import standing_region
from lianxin.quality.models import PEN, Claim
from lianxin.vault.masks import mask_free_text

MOST = Decimal("99999999999")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What was typed; `value` as typed."""

    region: str
    indicator: str
    period: str
    value: str
    counted_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim and our own count now; `difference` is theirs less ours, None where ours is hidden from this reader."""

    claim: Claim
    spec: IndicatorSpec | None
    period: Period
    ours: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.ours is None else self.claim.value - self.ours


def state_claim(actor: Actor, draft: ClaimDraft, *, now: dt.datetime) -> Claim:
    """Keep what somebody else counted. Needs listing.record over the place."""
    spec = catalog().indicators.get(draft.indicator)
    if spec is None:
        raise Refused("请从列表里选一个数。", field="indicator")
    period = Period.parse(draft.period)
    if period.start > now.astimezone(SHANGHAI).date():
        raise Refused("这段时间还没有到。", field="period")
    counted_by = mask_free_text(clean_line(draft.counted_by, field="counted_by", limit=60))
    if not counted_by:
        raise Refused("请写明是谁数的，例如“凤桥镇年报”。", field="counted_by")
    if not draft.region or level_of(draft.region) < Level.COUNTY or level_of(draft.region) > Level.VILLAGE:
        raise Refused("请选县（区）、镇（街道）或村（社区）。", field="region")
    standing_region(draft.region)
    actor.require(Verb.LISTING_RECORD, region=draft.region)
    with transaction.atomic(), pen(PEN):
        return Claim.objects.create(
            **scope_columns(draft.region),
            indicator=spec.code,
            period=period.code,
            value=_number(draft.value),
            counted_by=counted_by,
            note=mask_free_text(clean_line(draft.note, field="note", limit=200)),
            stated_by=actor.account,
            stated_at=now,
        )


def _number(text: str) -> Decimal:
    plain = half_width(text).strip().replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Refused("请填数字，例如 312。", field="value") from None
    if not number.is_finite() or not 0 <= number <= MOST:
        raise Refused("请填不小于 0 的数。", field="value")
    if number != round(number, 2):
        raise Refused("最多两位小数。", field="value")
    return number


def withdraw_claim(actor: Actor, key: str, *, because: str) -> None:
    """Take a claim back, with a reason. Needs listing.record over its place."""
    why = mask_free_text(clean_line(because, field="because", limit=200))
    if not why:
        raise Refused("请写明为什么撤回。", field="because")
    claim = claim_for(actor, key)
    actor.require(Verb.LISTING_RECORD, region=claim.region)
    with transaction.atomic(), pen(PEN):
        row = Claim.objects.seen_by(actor).select_for_update().get(pk=claim.pk)
        if row.is_void:
            raise Refused("已经撤回过了。")
        row.is_void, row.void_why = True, why
        row.save(update_fields=["is_void", "void_why"])


def claim_for(actor: Actor, key: str) -> Claim:
    row = Claim.objects.seen_by(actor).filter(pk=key).first()
    if row is None:
        raise Unseen("没有这条，或者它不在您负责的区域里。")
    return row


def claims_beside(actor: Actor, claims: Iterable[Claim]) -> Iterator[Compared]:
    """Each claim with our own figure: one reading of the ledger a place and period, however many claims stand there."""
    listed = list(claims)
    wanted: dict[tuple[str, str], list[IndicatorSpec]] = defaultdict(list)
    for claim in listed:
        if spec := catalog().indicators.get(claim.indicator):
            wanted[claim.region, claim.period].append(spec)
    veil = Veil()
    ours: dict[tuple[str, str], dict[str, Figure]] = {
        (region, period): compute_all(specs, LedgerView(actor, region, Period.parse(period)), veil=veil)
        for (region, period), specs in wanted.items()
    }
    for claim in listed:
        figure = ours.get((claim.region, claim.period), {}).get(claim.indicator)
        spec = catalog().indicators.get(claim.indicator)
        yield Compared(claim, spec, Period.parse(claim.period), figure.value if figure else None)
