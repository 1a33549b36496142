"""Changes of term whose hour was set by somebody who leaves: without her rights nothing would happen at that hour."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.terms.models import State, TermChange, writing

_WHY = "open work of somebody who leaves, wherever it is; the caller has charge of her"


class SetChanges:
    """What `net.leaving` asks."""

    name = "定好时间的换届"

    def count(self, account: str) -> int:
        return TermChange.objects.unscoped(_WHY).filter(set_by=account, state=State.SET).count()

    def hand_over(self, account: str, to: Actor, *, now: dt.datetime) -> int:
        rows = list(TermChange.objects.unscoped(_WHY).filter(set_by=account, state=State.SET))
        for row in rows:
            if not to.may(Verb.USER_MANAGE, region=row.region):
                raise Refused(f"“{row.name}”要授岗位，{to.name}没有这项权限，请选一位系统管理员。", field="to")
            row.set_by = to.account
            with writing():
                row.save(update_fields=["set_by"])
        return len(rows)
