"""What a year's log says of protected files: the draft of the yearly audit that 未成年人网络保护条例 37 asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from lianxin.audit.models import Act, Entry
from lianxin.base.days import SHANGHAI


@dataclass(frozen=True, slots=True)
class YearOfLog:
    """Numbers of one calendar year. `lists` by code of the line of work; `months` are openings, January first."""

    year: int
    openings: int
    files: int
    accounts: int
    lists: dict[str, int]
    reveals: int
    searches: int
    exports: int
    asked: int
    granted: int
    refused: int
    months: tuple[int, ...]


def year_of_log(year: int) -> YearOfLog:
    """Counted from every entry of the year, for the whole installation."""
    begins, ends = (dt.datetime(each, 1, 1, tzinfo=SHANGHAI) for each in (year, year + 1))
    entries = Entry.objects.unscoped("the year's numbers are sums; nobody is named in them")
    rows = list(entries.filter(at__gte=begins, at__lt=ends).values_list("act", "kind", "key", "what", "by", "at"))
    opened = [row for row in rows if row[0] == Act.VIEW and row[1] != "list"]
    seen = [row for row in rows if row[0] == Act.VIEW]
    acts = Counter(row[0] for row in rows)
    words = Counter(row[3] for row in rows if row[1] == "taking")
    months = Counter(row[5].astimezone(SHANGHAI).month for row in opened)
    return YearOfLog(
        year=year,
        openings=len(opened),
        files=len({row[2] for row in opened}),
        accounts=len({row[4] for row in seen}),
        lists=dict(sorted(Counter(row[2] for row in seen if row[1] == "list").items())),
        reveals=acts[Act.REVEAL],
        searches=acts[Act.SEARCH],
        exports=acts[Act.EXPORT] - sum(words.values()),
        asked=words["asked"],
        granted=words["granted"],
        refused=words["refused"],
        months=tuple(months[month] for month in range(1, 13)),
    )
