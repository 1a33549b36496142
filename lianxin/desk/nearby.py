"""How days near today are said in passing: 昨天, 周一, 后天, 3月5日. Dates that count are said in full: `base.days`."""

from __future__ import annotations

import datetime as dt

from lianxin.base.days import say_day, say_weekday


def said_past(day: dt.date, today: dt.date) -> str:
    """今天, 昨天, 周一 (within a week), 18日 (this month), 3月5日, 2020年3月5日."""
    ago = (today - day).days
    if ago in (0, 1):
        return ("今天", "昨天")[ago]
    if 1 < ago < 7:
        return say_weekday(day)
    return say_short(day, today)


def say_ahead(day: dt.date, today: dt.date) -> str:
    """明天, 后天, 周五, 3月5日."""
    ahead = (day - today).days
    if 0 < ahead < 3:
        return ("明天", "后天")[ahead - 1]
    return say_weekday(day) if 0 < ahead < 7 else say_short(day, today)


def say_short(day: dt.date, today: dt.date) -> str:
    """3月5日; with the year when it is another one."""
    return f"{day.month}月{day.day}日" if day.year == today.year else say_day(day)
