"""Money is Decimal yuan with two places; inside the ledger every value is a whole number of hundredths."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from lianxin.base.errors import Refused
from lianxin.base.text import half_width

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")


def parse_yuan(text: str, *, field: str = "amount") -> Decimal:
    """Yuan as people type them (1,200 · ¥1200.50); Refused when negative, finer than a fen, or no number."""
    plain = half_width(text).strip().removeprefix("¥").removesuffix("元").replace(",", "").strip()
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        raise Refused("金额请填数字，例如 500 或 1200.50。", field=field) from None
    if not amount.is_finite():
        raise Refused("金额请填数字，例如 500 或 1200.50。", field=field)
    if amount < 0:
        raise Refused("金额不能是负数。", field=field)
    if amount > MOST:
        raise Refused("金额太大，请核对。", field=field)
    if amount != amount.quantize(CENT, rounding=ROUND_HALF_UP):
        raise Refused("金额最多两位小数（到分）。", field=field)
    return amount.quantize(CENT)


def to_hundredths(value: Decimal | int) -> int:
    """A value in its unit as whole hundredths; ValueError when it is finer than that."""
    scaled = Decimal(value) * 100
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{value} is finer than a hundredth")
    return whole


def from_hundredths(hundredths: int) -> Decimal:
    """Whole hundredths as a Decimal; whole numbers come back without decimals."""
    whole, rest = divmod(hundredths, 100)
    return Decimal(whole) if rest == 0 else Decimal(hundredths) / 100
