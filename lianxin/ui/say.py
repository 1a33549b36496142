"""How figures are said: 16,704 · 69,600.00 元 · 6.96 万元 · 9.8% · 没有数. Pure; days are said by `base.days`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Number = int | Decimal

UNKNOWN = "没有数"
WAN = Decimal(10_000)
YI = Decimal(100_000_000)


def say_number(value: Number | None) -> str:
    """16704 → 16,704; 1.50 → 1.5; None → 没有数."""
    if value is None:
        return UNKNOWN
    return _plain(Decimal(value))


def say_yuan(value: Number | None) -> str:
    """69600 → 69,600.00 元."""
    if value is None:
        return UNKNOWN
    return f"{_rounded(Decimal(value), 2):,.2f} 元"


def say_wan(value: Number | None) -> str:
    """69600 → 6.96 万元; below 10,000 in full, from 100,000,000 in 亿元."""
    if value is None:
        return UNKNOWN
    amount = Decimal(value)
    if abs(amount) < WAN:
        return say_yuan(amount)
    unit, name = (YI, "亿元") if abs(amount) >= YI else (WAN, "万元")
    return f"{_plain(_rounded(amount / unit, 2))} {name}"


def say_percent(ratio: Number | None) -> str:
    """0.098 → 9.8%; 1.04 → 104%; None (nothing to compare with) → 没有数."""
    if ratio is None:
        return UNKNOWN
    return f"{_plain(_rounded(Decimal(ratio) * 100, 1))}%"


def say_change(now: Number | None, before: Number | None) -> str:
    """How a figure stands to last year's: 多 9.8% · 少 3% · 和去年一样 · 去年没有数."""
    if now is None:
        return UNKNOWN
    if before is None:
        return "去年没有数"
    if now == before:
        return "和去年一样"
    word = "多" if now > before else "少"
    if before == 0:
        return f"{word} {say_number(abs(Decimal(now)))}"
    return f"{word} {say_percent(abs(Decimal(now) - Decimal(before)) / abs(Decimal(before)))}"


def say_reached(now: Number | None, target: Number | None, *, unit: str = "") -> str:
    """How far a figure is from its target: 到了 104% · 还差 4 个."""
    if target is None:
        return "没有设目标"
    if now is None:
        return UNKNOWN
    if now < target:
        return f"还差 {say_number(Decimal(target) - Decimal(now))} {unit}".rstrip()
    return "到了" if target == 0 else f"到了 {say_percent(Decimal(now) / Decimal(target))}"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    """With thousands commas and without trailing zeros."""
    whole = f"{value:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
