"""`lianxin report`: one region's year as .docx, .html or .json, read from the ledger as it stands."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import click
from django.urls import reverse

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base import days
from lianxin.base.codes import as_typed, level_of
from lianxin.base.days import SHANGHAI, Period, checked_year
from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.catalog.current import catalog
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command
from lianxin.indicators.reach import figure_view
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import region
from lianxin.official.document import BoundFigure
from lianxin.reports.compose import compose
from lianxin.reports.printing import docx_bytes, figures_json, html_page

REPORT = "annual-duties"
SUFFIXES = (".docx", ".html", ".json")


@click.command(cls=Command)
@click.option("--region", "region_code", required=True, metavar="代码", help="区划代码，例如 330402")
@click.option("--year", required=True, metavar="年份", help="哪一年，例如 2021")
@click.option("--out", required=True, metavar="文件", help="写到哪里；看后缀定格式：.docx、.html 或 .json")
@click.option("--site", default="http://127.0.0.1:8000", metavar="网址", help=".html 里的数点开去哪个网站")
def command(region_code: str, year: str, out: str, site: str) -> None:
    """年度总结里执委履职一节：数字全部从底账读出。已有的同名文件会被换掉。"""
    target = _target(out)
    period = Period.of_year(checked_year(_year(year), today=days.today()))
    base = _site(site)
    ensure_database()
    code = as_typed(region_code)
    level_of(code)
    row = region(code)
    if row.hidden:
        raise Refused(f"“{row.name}”只是编码用的，没有自己的数，请选它下面的区划。", field="region")
    view = figure_view(_reader(), row.code, period)
    write_whole(target, _content(target.suffix.lower(), view, site=base, at=days.now()))
    click.echo(f"已写到 {target}。")


def write_whole(target: Path, content: bytes) -> None:
    """All of it or nothing: written beside the target, then put in its place. OSError where that cannot be."""
    handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part)
        raise


def figure_path(figure: BoundFigure) -> str:
    """The page of a figure of one region and period."""
    asked = urlencode({"region": figure.region, "period": figure.period})
    return f"{reverse('figure', args=[figure.code])}?{asked}"


def _content(suffix: str, view: LedgerView, *, site: str, at: dt.datetime) -> bytes:
    if suffix == ".json":
        return (json.dumps(figures_json(view), ensure_ascii=False, indent=2) + "\n").encode()
    document = compose(catalog().report(REPORT), view)
    if suffix == ".docx":
        return docx_bytes(document)
    moment = at.astimezone(SHANGHAI)
    fresh = f"数字读自底账，{days.say_day(moment.date())} {moment:%H:%M}。"
    return html_page(document, href=lambda figure: site + figure_path(figure), fresh=fresh).encode()


def _reader() -> Actor:
    """The person at the machine: she already holds the database, so nothing is hidden from her."""
    verbs = (Verb.FIGURE_READ, Verb.REPORT_READ, Verb.VISIT_READ, Verb.LISTING_READ, Verb.CASE_READ)
    return operator(*verbs, because="the operator prints a report")


def _target(out: str) -> Path:
    target = Path(out)
    if target.suffix.lower() not in SUFFIXES:
        raise Refused(f"“{out}”看不出要什么格式，文件名请以 .docx、.html 或 .json 结尾。", field="out")
    if target.is_dir():
        raise Refused(f"“{out}”是个文件夹，请写一个文件名。", field="out")
    if not target.parent.is_dir():
        raise Refused(f"没有“{target.parent}”这个文件夹，请先建好，或换个地方。", field="out")
    if not os.access(target.parent, os.W_OK):
        raise Refused(f"“{target.parent}”里不许写文件，请换个地方。", field="out")
    return target


def _year(text: str) -> int:
    plain = half_width(text).strip().removesuffix("年")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 4):
        raise Refused(f"“{text}”不是年份，请写四位数字，例如 2021。", field="year")
    return int(plain)


def _site(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused(f"“{text}”不是网址，请写成 http://主机名:端口 这样。", field="site")
    return text.rstrip("/")
