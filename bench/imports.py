"""How fast tables are taken in: rows a second to staging and into the books, processor time, the most memory held.

`python bench/imports.py --rows 60000 [--csv] [--postgres]`: a table of invented people is made, then read and applied
in a process of its own, while another one saves single households and notes how long it waits.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COUNTY, VILLAGE = "330402", "330402100222"
COLUMNS = ("村（社区）", "户号", "姓名", "与户主关系", "性别", "出生日期", "身份证号", "电话", "门牌")
SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗",
    "秀英兰芳桂珍玉梅红霞丽敏静洁琴云春花美娟凤仙月娥素贞爱华金水根宝福荣",
)


def main() -> None:
    asked = _asked()
    if asked.postgres and "LIANXIN_DATABASE_URL" not in os.environ:
        again = [sys.executable, __file__, *sys.argv[1:]]
        raise SystemExit(subprocess.call([sys.executable, str(ROOT / "scripts" / "with_postgres.py"), *again]))
    sys.path.insert(0, str(ROOT))
    if asked.work:
        _set_up(Path(os.environ["LIANXIN_HOME"]))
        {"apply": _apply, "save": _save}[asked.work](asked)
        return
    home = Path(tempfile.mkdtemp(prefix="lianxin-bench-"))
    try:
        _run(asked, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--csv", action="store_true", help="a .csv instead of an .xlsx")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--listings", action="store_true", help="then put every household on a list, through the door")
    parser.add_argument("--alone", action="store_true", help="nobody else saves meanwhile")
    parser.add_argument("--work", choices=["apply", "save"], help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    return parser.parse_args()


def _set_up(home: Path) -> None:
    os.environ |= {"LIANXIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    import django

    django.setup()


def _run(asked: argparse.Namespace, home: Path) -> None:
    _set_up(home)
    from django.core.management import call_command

    from lianxin.net.regions import load_regions

    call_command("migrate", verbosity=0)
    load_regions(COUNTY)
    file = home / ("people.csv" if asked.csv else "people.xlsx")
    _make(file, asked.rows)
    print(f"{asked.rows:,} rows, {file.stat().st_size / 1e6:.1f} MB", flush=True)
    words = [
        sys.executable,
        __file__,
        "--file",
        str(file),
        "--rows",
        str(asked.rows),
        *(["--listings"] if asked.listings else []),
    ]
    others = None if asked.alone else subprocess.Popen([*words, "--work", "save"], stdin=subprocess.PIPE, text=True)
    subprocess.run([*words, "--work", "apply"], check=True)
    if others is not None:
        others.communicate("enough\n")


def _make(file: Path, rows: int) -> None:
    people = _people(Random(1), rows)
    if file.suffix == ".csv":
        with file.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened).writerows([COLUMNS, *people])
        return
    _make_workbook(file, [COLUMNS, *people])


def _make_workbook(file: Path, rows: list[tuple[str, ...]]) -> None:
    """As Excel keeps it: every different text once in a table of its own."""
    from openpyxl import Workbook

    texts: dict[str, int] = {}
    empty = file.with_suffix(".empty")
    Workbook().save(empty)
    with zipfile.ZipFile(empty) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as new:
        for part in old.infolist():
            if "sheet1" not in part.filename and "sharedStrings" not in part.filename:
                new.writestr(part.filename, old.read(part.filename))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, row in enumerate(rows, 1):
                cells = "".join(
                    f'<c r="{chr(65 + place)}{number}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'
                    for place, text in enumerate(row)
                )
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        with new.open("xl/sharedStrings.xml", "w", force_zip64=True) as shared:
            shared.write(f'<sst xmlns="{MAIN}">'.encode())
            for text in texts:
                shared.write(f"<si><t>{text}</t></si>".encode())
            shared.write(b"</sst>")
    empty.unlink()


def _people(dice: Random, rows: int) -> Iterator[tuple[str, ...]]:
    """Three to a household; each with a number of its own that passes the check."""
    from lianxin.base.codes import Level
    from lianxin.net.regions import region_name, subtree
    from lianxin.vault.identity import check_digit

    villages = [region_name(row.code[:9]) + region_name(row.code) for row in subtree(COUNTY, Level.VILLAGE)]
    for number in range(rows):
        house, place = divmod(number, 3)
        birth = dt.date(1940, 1, 1) + dt.timedelta(days=(number * 7919) % 25_000)
        digits = f"330402{birth:%Y%m%d}{number // 25_000:02}{dice.choice('02468')}"
        name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
        yield (
            villages[house % len(villages)], f"H{house:06}", name, ("户主", "配偶", "子女")[place], "女",
            birth.isoformat(), digits + check_digit(digits), f"138{number:08}", f"{house % 30 + 1}组{house % 97 + 1}号",
        )  # fmt: skip


def _apply(asked: argparse.Namespace) -> None:
    from lianxin.cli.imports import _actor, hold_little_memory

    hold_little_memory()
    actor = _actor(None)
    _take_in(actor, "persons", Path(asked.file))
    if asked.listings:
        heads = Path(asked.file).with_name("listings.csv")
        people = _people(Random(1), asked.rows)
        rows = [("family-file", row[2], row[6], "2021-06-01") for row in people if row[3] == "户主"]
        with heads.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened).writerows([("册子", "姓名", "身份证号", "建档日期"), *rows])
        _take_in(actor, "listings", heads)


def _take_in(actor: Any, kind: str, file: Path) -> None:
    from lianxin.base.days import now
    from lianxin.exchange.imports.applying import begin, work_on
    from lianxin.exchange.imports.batches import Handed, columns_of, counts, settle_columns, take_in
    from lianxin.exchange.imports.staging import read_on
    from lianxin.exchange.models import Stage

    with file.open("rb") as opened, Timed(f"{kind}: read, checked, staged (sealed)") as timed:
        batch = take_in(actor, kind, Handed(opened, file.name, county=COUNTY), at=now())
        fields = [column.field for column in columns_of(batch)]
        settle_columns(actor, batch.pk, fields, village="", at=now())
        read_on(actor, batch.pk, at=now())
        timed.rows = sum(counts(actor, batch).values())
    begin(actor, batch.pk, at=now())
    with Timed(f"{kind}: applied") as timed:
        while work_on(actor, batch.pk, seconds=60, at=now()).stage != Stage.APPLIED:
            pass
        timed.rows = sum(counts(actor, batch).values())
    print({str(state): many for state, many in counts(actor, batch).items() if many}, flush=True)


class Timed:
    """Rows a second by the clock and by processor time, and the most memory the process has held."""

    def __init__(self, what: str) -> None:
        self._what, self.rows = what, 0

    def __enter__(self) -> Timed:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        # Not ru_maxrss: that of whoever started this process comes along, and it made the table.
        status = Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        print(
            f"{self._what}: {self.rows:,} rows, {self.rows / wall:,.0f} rows/s ({wall:.1f} s), by processor time "
            f"{self.rows / cpu:,.0f} rows/s ({cpu:.1f} s), peak {peak:.0f} MiB",
            flush=True,
        )


def _save(_: argparse.Namespace) -> None:
    """Somebody at a door, every fifth of a second: how long does her saving take meanwhile?"""
    import select

    from lianxin.base.days import now
    from lianxin.cli.imports import _actor
    from lianxin.register.actions import register_household
    from lianxin.register.drafts import HouseholdDraft

    actor, took = _actor(None), []
    while not select.select([sys.stdin], [], [], 0.2)[0]:
        began = time.perf_counter()
        register_household(actor, HouseholdDraft(region=VILLAGE, head="钱示例"), at=now())
        took.append((time.perf_counter() - began) * 1000)
    took.sort()
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(
        f"meanwhile somebody saved {len(took)} households: "
        f"p50 {middle:.0f} ms, p95 {late:.0f} ms, longest {took[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
