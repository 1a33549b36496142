"""Pages of a record's files, to be given a kind and a verb by the kind that uses them: hand in, give out, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from lianxin.base.days import now
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.files import shelf
from lianxin.files.kinds import ACCEPT, LARGEST
from lianxin.files.shelf import Ref
from lianxin.ui.forms import Field, FieldType, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

# Whatever a file holds, a browser that shows it after all runs nothing of it and asks nobody for anything.
_CAGE = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True)
class FilePage:
    title: str
    form: Form
    back: str
    submit: str
    gist: str = ""


class OfRecord(Screen, abstract=True):
    """`kind` and `url_name` (its record's page) are said by the kind; `needs` as for every Screen."""

    kind: ClassVar[str]
    url_name: ClassVar[str]
    template = "files/form.html"
    room = "households"

    def back(self, record: str) -> str:
        return reverse(self.url_name, args=[record])


class AddFile(OfRecord, abstract=True):
    """Hand one file in."""

    title = "交一份材料"

    def get(self, request: object, key: str) -> HttpResponse:
        shelf.require_amendable(self.actor, Ref(self.kind, key))
        return self._page(key, _add_form())

    def post(self, request: object, key: str) -> HttpResponse:
        upload, record = self.request.FILES.get("file"), Ref(self.kind, key)
        try:
            if upload is None:
                shelf.require_amendable(self.actor, record)
                raise Refused("请选一个文件，或者拍一张照片。", field="file")
            kept = shelf.keep(self.actor, record=record, name=upload.name or "", upload=upload, at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen | Forbidden):
                raise
            return self._page(key, _add_form().refuse(error), status=400)
        tell(self.request, f"“{kept.name}”收好了。")
        return redirect(self.back(key))

    def _page(self, key: str, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "照片里的拍摄地点、时间和手机型号会自动去掉；文件加密保存，只有能看这条记录的人打得开。"
        return self.render(FilePage(self.title, form, self.back(key), "交上去", gist), status=status)


def _add_form() -> Form:
    help_ = f"照片、PDF、.docx 或 .xlsx，最大 {LARGEST >> 20} MB。没有需要就不用交。"
    return Form((Field(name="file", label="文件", type=FieldType.FILE, placeholder=ACCEPT, help=help_),))


class OneFile(OfRecord, abstract=True):
    """The file itself, always to be saved and never shown in a page."""

    title = "材料"

    def get(self, request: object, key: str, file: str) -> HttpResponseBase:
        opened = shelf.open_file(self.actor, Ref(self.kind, key), file.upper(), at=now())
        response = HttpResponse(opened.content, content_type=opened.file.type.media_type)
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=opened.file.name)
        response["Content-Security-Policy"] = _CAGE
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class WithdrawFile(OfRecord, abstract=True):
    """Taking one back: it was the wrong one, or nobody needs it any more."""

    title = "撤回材料"

    def get(self, request: object, key: str, file: str) -> HttpResponse:
        return self._page(key, shelf.one(self.actor, Ref(self.kind, key), file.upper()), _why_form())

    def post(self, request: object, key: str, file: str) -> HttpResponse:
        record, form = Ref(self.kind, key), _why_form().bind(self.request.POST)
        kept = shelf.one(self.actor, record, file.upper())
        try:
            shelf.withdraw(self.actor, record, kept.id, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen | Forbidden):
                raise
            return self._page(key, kept, form.refuse(error), status=400)
        tell(self.request, "撤回了，原件已经删掉。")
        return redirect(self.back(key))

    def _page(self, key: str, kept: shelf.Kept, form: Form, *, status: int = 200) -> HttpResponse:
        gist = f"“{kept.name}”撤回以后原件就删掉了，找不回来；谁、为什么撤回会留着。"
        return self.render(FilePage(self.title, form, self.back(key), "撤回", gist), status=status)


def _why_form() -> Form:
    return Form((Field(name="because", label="为什么撤回", limit=200, required=True, placeholder="例如：传错了"),))
