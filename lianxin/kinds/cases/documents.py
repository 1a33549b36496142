"""Documents 文书 made out from a case: words filled into a template, numbered, with a check over the content. Pure.

What the other side may read never holds where she lives now or her safe number, not even typed by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.base.errors import Problems, Refused
from lianxin.base.text import half_width
from lianxin.catalog.documents import PLACE, TemplateSpec
from lianxin.catalog.fields import FieldSpec
from lianxin.official.document import Block, Document, Heading, Paragraph, Text
from lianxin.records.answers import clean_answer, said_answer

BLANK = "＿＿＿＿＿＿"
LEAST_SECRET = 4  # signs; a shorter sealed value would be found by chance
SIGN_HERE = "：＿＿＿＿＿　　　年　　月　　日"
GIVES_HER_AWAY = "对方可能看到这份文书，里面却写着她现在的住处或者安全的电话。请删去，送达地址写妇联或者村委会的。"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document: a heading or a paragraph."""

    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it was made out: it never changes again. `digest` is over everything else."""

    number: str
    template: str
    version: int
    title: str
    lines: tuple[Line, ...]
    signed: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over number, template, title, lines and who signs, in hexadecimal."""
        said = [self.number, self.template, self.version, self.title, [[*_pair(line)] for line in self.lines]]
        whole = json.dumps([*said, list(self.signed)], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(whole.encode()).hexdigest()

    @property
    def document(self) -> Document:
        """As it is printed, with the check and the places to sign at its end."""
        blocks: list[Block] = [_block(line) for line in self.lines]
        blocks += [_block(Line(f"{who}{SIGN_HERE}")) for who in self.signed]
        blocks.append(
            _block(Line(f"{self.number}　{self.template} 第 {self.version} 版　内容校验码 {self.said_digest}"))
        )
        return Document(title=self.title, issuer=None, date=None, blocks=tuple(blocks))

    @property
    def said_digest(self) -> str:
        """The first half in groups of eight, as it is printed and read aloud."""
        return "-".join(self.digest[start : start + 8] for start in range(0, 32, 8))


def make_out(
    template: TemplateSpec,
    known: Mapping[str, str],
    answers: Mapping[str, Any],
    *,
    number: str,
    sealed: Iterable[str],
) -> Paper:
    """The template filled with what the case knows and what was typed. Refused when it would give her away.

    `known` holds every place but `number` and `ask.…`; `sealed` are the plain values of what is sealed in the case.
    """
    asked = {f"ask.{ask.code}": _said(ask, answers.get(ask.code)) for ask in template.asks}
    words = {**known, **asked, "number": number}
    lines = tuple(_lines(template, words))
    if template.may_reach_the_other:
        _refuse_secrets(lines, sealed)
    return Paper(number, template.code, template.version, template.title, lines, template.signed)


def read_answers(template: TemplateSpec, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, cleaned by type; Problems by field."""
    problems, answers = Problems(), {}
    for ask in template.asks:
        try:
            value = clean_answer(ask, raw.get(ask.code), name=ask.code)
        except Refused as error:
            problems.add(error.field, error.message)
            continue
        if value is not None:
            answers[ask.code] = value
        elif ask.required:
            problems.add(ask.code, f"请填“{ask.name}”。")
    if problems.items:
        raise problems
    return answers


def _said(ask: FieldSpec, value: Any) -> str:
    return "" if value is None else said_answer(ask, value)


def _lines(template: TemplateSpec, words: Mapping[str, str]) -> Iterable[Line]:
    for part in template.parts:
        if part.heading:
            yield Line(_filled(part.heading, words), is_heading=True)
        for paragraph in part.paragraphs:
            # what somebody said in several lines stays in several lines
            yield from (Line(text) for text in _filled(paragraph, words).splitlines() if text.strip())


def _filled(text: str, words: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: words[found[1]].strip() or BLANK, text)


def _refuse_secrets(lines: Iterable[Line], sealed: Iterable[str]) -> None:
    printed = _plain("".join(line.text for line in lines))
    for secret in map(_plain, sealed):
        if len(secret) >= LEAST_SECRET and secret in printed:
            raise Refused(
                "对方可能看到这份文书，里面却写着她现在的住处或者安全的电话。请删去，送达地址写妇联或者村委会的。"
            )


def _plain(text: str) -> str:
    return "".join(sign for sign in half_width(text).lower() if sign.isalnum())


def _pair(line: Line) -> tuple[str, bool]:
    return line.text, line.is_heading


def _block(line: Line) -> Block:
    runs = (Text(line.text),)
    return Heading(1, runs) if line.is_heading else Paragraph(runs)
