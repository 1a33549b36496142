"""Taking a list out as a ledger: why is asked first, it is written down, and the file says whose it is.

The page asks (GET); the file goes out by POST. No log, no file.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.audit.log import LONGEST_REASON, Thing, checked_reason, note
from lianxin.audit.models import Act
from lianxin.base.days import SHANGHAI, now
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.exchange.sheets import LedgerSheet, write_ledger
from lianxin.net.colleagues import usernames
from lianxin.ui.forms import Field, Form
from lianxin.ui.screen import Screen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class WhyPage:
    title: str
    form: Form


def _why() -> Form:
    because = Field(
        name="because",
        label="为什么要导出",
        required=True,
        limit=LONGEST_REASON,
        help="例如：年底和纸质台账核对。谁、什么时候、为什么导出，都会留下记录；表格上印着您的账号和时间。",
    )
    return Form((because,))


class TakeOut(Screen, abstract=True):
    """A ledger for download, read by the eyes of those posts that may export: one that may not adds no rows."""

    needs = Verb.EXPORT
    template = "desk/taking/why.html"
    title = "导出台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        """The ledger as `actor` may take it out; refuses who may not. What the address names is in `self.kwargs`."""
        raise NotImplementedError

    def get(self, request: object, **_: Any) -> HttpResponseBase:
        sheet = self.sheet(self._eyes)  # who may not have it is told before she writes down why
        return self._page(sheet, _why())

    def post(self, request: object, **_: Any) -> HttpResponseBase:
        sheet, form = self.sheet(self._eyes), _why().bind(self.request.POST)
        try:
            reason = checked_reason(form.raw("because"), asks="请写明为什么要导出。")
            return self._file(sheet, reason)
        except Refused as error:
            if isinstance(error, Forbidden | Unseen):
                raise
            return self._page(sheet, form.refuse(error), status=400)

    @property
    def _eyes(self) -> Actor:
        eyes = self.actor.holding(Verb.EXPORT)
        eyes.require(Verb.EXPORT)
        return eyes

    def _page(self, sheet: LedgerSheet, form: Form, *, status: int = 200) -> HttpResponse:
        return self.render(WhyPage(f"导出{sheet.title}", form), status=status)

    def _file(self, sheet: LedgerSheet, reason: str) -> FileResponse:
        at, key = now(), new_id()
        who = f"{self.actor.name}（{usernames([self.actor.account]).get(self.actor.account, '')}）"
        mark = f"导出：{who} {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 编号 {key}"
        # Written to disk first: a list that breaks halfway is never half a download.
        spool = tempfile.TemporaryFile()  # noqa: SIM115 — FileResponse closes it
        write_ledger(replace(sheet, mark=mark), spool)
        spool.seek(0)
        address = self.request.resolver_match.url_name if self.request.resolver_match else ""
        with transaction.atomic():
            note(self.actor, Act.EXPORT, at=at, about=Thing("export", key), what=str(address)[:40], reason=reason)
        response = FileResponse(spool, content_type=XLSX)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(sheet.title)}.xlsx"
        return response
