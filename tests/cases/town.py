"""Cases for these tests: the shortest valid one, and a step taken by somebody of the cast."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lianxin.base.ids import new_id
from lianxin.kinds.cases.actions import record_case, take_step
from lianxin.kinds.cases.models import Case
from lianxin.records.models import Record
from tests.cast import LIANFENG, NOW, Cast


def case(cast: Cast, who: str = "member", *, at: dt.datetime = NOW, **values: Any) -> Record:
    """A quarrel of the first household of 联丰村, told to `who`."""
    raw = {
        "programme": "dispute", "day": "2021-12-20", "hour": "9:00", "source": "grid", "matter": "couple",
        "gist": "夫妻为钱争吵", "household": cast.households[LIANFENG][0], "safety": {"is_asked": "yes"},
    } | values  # fmt: skip
    return record_case(cast.actor(who), key=new_id(), values=raw, at=at).record


def step(cast: Cast, record: Record, who: str, act: str, *, at: dt.datetime = NOW, **more: Any) -> Case:
    """One step more, upon what stands now."""
    now = Case.objects.unscoped("test").get(key=record.key)
    take_step(cast.actor(who), key=record.key, base=now.revision, step={"act": act, **more}, at=at)
    return Case.objects.unscoped("test").get(key=record.key)
