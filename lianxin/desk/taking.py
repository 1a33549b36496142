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
from django.shortcuts import redirect

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.audit.log import LONGEST_REASON, Thing, checked_reason, note
from lianxin.audit.models import Act
from lianxin.base.days import SHANGHAI, now
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.exchange.models import Taking, TakingState
from lianxin.exchange.sheets import LedgerSheet, write_ledger
from lianxin.exchange.taking import ask, standing, use
from lianxin.net.colleagues import usernames
from lianxin.ui.forms import Field, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class WhyPage:
    title: str
    gist: str
    submit: str
    form: Form


OPEN_GIST = "只导出您看得到、也能导出的那些，受保护的不在其中。表格离开系统以后就靠您保管，用完请删掉。"
PROTECTED_GIST = "这是受保护的名册，要由另一位能导出它的同事批准，批准后 24 小时内可以导出一次。"


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
    """A ledger for download, read by the eyes of those posts that may export: one that may not adds no rows.

    Without a second person's word it holds nothing that carries a seal; a list that does says so: `is_protected`.
    """

    needs = Verb.EXPORT
    template = "desk/taking/why.html"
    title = "导出台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        """The ledger as `actor` may take it out; refuses who may not. What the address names is in `self.kwargs`."""
        raise NotImplementedError

    def is_protected(self) -> bool:
        """Whether what stands there is of minors and the like, so that somebody else has to agree."""
        return False

    def get(self, request: object, **_: Any) -> HttpResponseBase:
        sheet = self.sheet(self._eyes)  # who may not have it is told before she writes down why
        asked = self._asked()
        if asked and asked.state == TakingState.ASKED:
            return redirect("takings")
        return self._page(sheet, Form(()) if asked else _why(), asked)

    def post(self, request: object, **_: Any) -> HttpResponseBase:
        sheet, form, asked = self.sheet(self._eyes), _why().bind(self.request.POST), self._asked()
        if asked and asked.state == TakingState.ASKED:
            return redirect("takings")
        try:
            if asked:
                return self._file(sheet, asked.why.reveal(), asked)
            reason = checked_reason(form.raw("because"), asks="请写明为什么要导出。")
            if not self.is_protected():
                return self._file(sheet, reason)
            ask(self.actor, path=self.request.get_full_path(), title=sheet.title, why=reason, at=now())
        except Refused as error:
            if isinstance(error, Forbidden | Unseen):
                raise
            return self._page(sheet, form.refuse(error), None, status=400)
        tell(self.request, "已提交，等另一位批准。")
        return redirect("takings")

    @property
    def _eyes(self) -> Actor:
        eyes = self.actor.holding(Verb.EXPORT)
        eyes.require(Verb.EXPORT)
        return eyes if self.is_protected() else eyes.open_only()

    def _asked(self) -> Taking | None:
        return standing(self.actor, self.request.get_full_path(), at=now()) if self.is_protected() else None

    def _page(self, sheet: LedgerSheet, form: Form, asked: Taking | None, *, status: int = 200) -> HttpResponse:
        gist, submit = (PROTECTED_GIST, "请另一位批准") if self.is_protected() else (OPEN_GIST, "导出")
        if asked:
            gist, submit = f"已批准。{_until(asked)}前可以导出一次。", "导出"
        return self.render(WhyPage(f"导出{sheet.title}", gist, submit, form), status=status)

    def _file(self, sheet: LedgerSheet, reason: str, asked: Taking | None = None) -> FileResponse:
        at, key = now(), new_id()
        who = f"{self.actor.name}（{usernames([self.actor.account]).get(self.actor.account, '')}）"
        mark = f"导出：{who} {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 编号 {key}"
        # Written to disk first: a list that breaks halfway is never half a download.
        spool = tempfile.TemporaryFile()  # noqa: SIM115 — FileResponse closes it
        write_ledger(replace(sheet, mark=mark), spool)
        spool.seek(0)
        address = self.request.resolver_match.url_name if self.request.resolver_match else ""
        with transaction.atomic():
            if asked:
                use(self.actor, asked, at=at)
            note(self.actor, Act.EXPORT, at=at, about=Thing("export", key), what=str(address)[:40], reason=reason)
        response = FileResponse(spool, content_type=XLSX)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(sheet.title)}.xlsx"
        return response


def _until(asked: Taking) -> str:
    return f"{asked.until.astimezone(SHANGHAI):%m月%d日 %H:%M}"
