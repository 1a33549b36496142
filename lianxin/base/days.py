"""The only date arithmetic of the house. Ranges are half-open; “today” is Asia/Shanghai and is passed in by callers."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from lianxin.base.errors import Refused
from lianxin.base.text import half_width

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 1949
_WEEKDAYS = "一二三四五六日"


class Span(StrEnum):
    """The kinds of period that figures are kept for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter, half-year or year. `code` is 2021, 2021-H1, 2021-Q3 or 2021-07."""

    year: int
    first_month: int
    span: Span

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12 or (self.first_month - 1) % self.span.months:
            raise ValueError(f"a {self.span} cannot begin in month {self.first_month}")

    @classmethod
    def of_year(cls, year: int) -> Self:
        return cls(year, 1, Span.YEAR)

    @classmethod
    def holding(cls, day: dt.date, span: Span) -> Self:
        """The period of this kind that a day falls in."""
        return cls(day.year, (day.month - 1) // span.months * span.months + 1, span)

    @classmethod
    def parse(cls, code: str) -> Self:
        """From its code; Refused when it is none."""
        match = re.fullmatch(r"(\d{4})(?:-(?:(H)([12])|(Q)([1-4])|(\d{2})))?", half_width(code.strip()).upper())
        if match is None:
            raise Refused(f"“{code}”不是期间：应像 2021、2021-H1、2021-Q3 或 2021-07。", field="period")
        year, half, half_no, quarter, quarter_no, month = match.groups()
        if half:
            return cls(int(year), (int(half_no) - 1) * 6 + 1, Span.HALF)
        if quarter:
            return cls(int(year), (int(quarter_no) - 1) * 3 + 1, Span.QUARTER)
        if month:
            if not 1 <= int(month) <= 12:
                raise Refused(f"“{code}”不是期间：月份应在 01 到 12 之间。", field="period")
            return cls(int(year), int(month), Span.MONTH)
        return cls.of_year(int(year))

    @property
    def code(self) -> str:
        match self.span:
            case Span.YEAR:
                return f"{self.year:04}"
            case Span.HALF:
                return f"{self.year:04}-H{self.first_month // 6 + 1}"
            case Span.QUARTER:
                return f"{self.year:04}-Q{self.first_month // 3 + 1}"
            case _:
                return f"{self.year:04}-{self.first_month:02}"

    @property
    def name(self) -> str:
        match self.span:
            case Span.YEAR:
                return f"{self.year}年"
            case Span.HALF:
                return f"{self.year}年{'上' if self.first_month == 1 else '下'}半年"
            case Span.QUARTER:
                return f"{self.year}年第{'一二三四'[self.first_month // 3]}季度"
            case _:
                return f"{self.year}年{self.first_month}月"

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, self.first_month, 1)

    @property
    def end(self) -> dt.date:
        """The day after the last one."""
        months = self.year * 12 + self.first_month - 1 + self.span.months
        return dt.date(months // 12, months % 12 + 1, 1)

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    @property
    def months(self) -> tuple[int, ...]:
        """Its months as yyyymm numbers."""
        return tuple(self.year * 100 + month for month in range(self.first_month, self.first_month + self.span.months))

    @property
    def a_year_before(self) -> Period:
        return Period(self.year - 1, self.first_month, self.span)

    @property
    def before(self) -> Period:
        return Period.holding(self.start - dt.timedelta(days=1), self.span)

    def parts(self, span: Span) -> tuple[Period, ...]:
        """Its sub-periods of a kind, in order."""
        step = span.months
        return tuple(
            Period(self.year, month, span)
            for month in range(self.first_month, self.first_month + self.span.months, step)
        )

    def holds(self, day: dt.date) -> bool:
        return self.start <= day < self.end


def steps_between(first: Period, then: Period) -> int:
    """How many periods of their kind lie from one to another: 2021-Q1 to 2022-Q1 is 4; negative when it lies before."""
    if first.span is not then.span:
        raise ValueError("periods of two kinds cannot be counted through")
    return (then.year * 12 + then.first_month - first.year * 12 - first.first_month) // first.span.months


def month_number(day: dt.date) -> int:
    """2021-03-05 → 202103."""
    return day.year * 100 + day.month


def periods_of_month(month: int) -> tuple[Period, ...]:
    """The month, quarter, half-year and year that a yyyymm number belongs to."""
    first = dt.date(month // 100, month % 100, 1)
    return tuple(Period.holding(first, span) for span in Span)


def now() -> dt.datetime:
    """This moment in Shanghai; called at the rim only (requests, commands), passed on from there."""
    return dt.datetime.now(SHANGHAI)


def today() -> dt.date:
    return now().date()


def parse_day(text: str, *, field: str = "day") -> dt.date:
    """A day as people write it: 2021-3-5, 2021.3.5, 2021年3月5日, 20210305; Refused when there is no such day."""
    plain = half_width(text).strip()
    match = re.fullmatch(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?", plain) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", plain
    )
    if match is None:
        raise Refused("日期请写成 2021-3-5 或 2021年3月5日。", field=field)
    try:
        return dt.date(*map(int, match.groups()))
    except ValueError:
        raise Refused(f"没有“{text.strip()}”这一天，请核对。", field=field) from None


def parse_hour(text: str, *, field: str = "hour") -> dt.time:
    """An hour as people write it: 9:00, 09：30, 14点, 14点30分; Refused when there is no such hour."""
    match = re.fullmatch(r"(\d{1,2})\s*[:.点时]\s*(\d{1,2})?\s*分?", half_width(text).strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise Refused("时间请写成 9:00 或 14:30。", field=field)
    return dt.time(int(match[1]), int(match[2] or 0), tzinfo=SHANGHAI)


def checked_past_day(day: dt.date, *, today: dt.date, field: str = "day") -> dt.date:
    """A day on which something can have happened; Refused in the future or before 1949."""
    if day > today:
        raise Refused(f"日期不能晚于今天（{say_day(today)}）。", field=field)
    if day.year < FIRST_YEAR:
        raise Refused(f"日期不能早于 {FIRST_YEAR} 年，请核对。", field=field)
    return day


def checked_year(year: int, *, today: dt.date) -> int:
    """A year that a report can be of; Refused before 1949 or after this one."""
    if year < FIRST_YEAR:
        raise Refused(f"年份不能早于 {FIRST_YEAR} 年。", field="year")
    if year > today.year:
        raise Refused(f"{year} 年还没有到，最晚可到 {today.year} 年。", field="year")
    return year


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (or earlier, below 0); the last of a shorter month (民法典第二百零二条)."""
    number = day.year * 12 + day.month - 1 + months
    first = dt.date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(day.day, Period.holding(first, Span.MONTH).last_day.day))


def say_day(day: dt.date) -> str:
    """2021年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_weekday(day: dt.date) -> str:
    """周五."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def birthday(birth: dt.date, age: int) -> dt.date:
    """The day on which somebody turns so many years: 29 February turns on 1 March of a common year."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return dt.date(birth.year + age, 3, 1)


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years of life 周岁: one turns a year older on the birthday (29 February: on 1 March of a common year)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def parse_moment(text: str, *, field: str = "at") -> dt.date | dt.datetime:
    """A day, or a day and an hour: 2021-3-5, 2021-3-5 14:30, 2021-03-05T23:59:59, 2021年3月5日14时30分."""
    plain = half_width(text).strip()
    match = re.fullmatch(r"(.*?\d\s*日?)(?:\s*T\s*|\s+|(?<=日))(\d{1,2}\s*[:.点时].*)", plain)
    if match is None:
        return parse_day(text, field=field)
    day, clock = parse_day(match[1], field=field), match[2].strip()
    with_seconds = re.fullmatch(r"(\d{1,2}:\d{2}):([0-5]\d)", clock)
    hour = parse_hour(with_seconds[1] if with_seconds else clock, field=field)
    return dt.datetime.combine(day, hour.replace(second=int(with_seconds[2]) if with_seconds else 0))
