"""`python bench/alike.py`: one case compared with 20,000 others, with the eyes of a village, a town and the county.

Cases and traces are laid past the door in a folder of their own; the reports are those of bench/reports.py.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CASES, ROUNDS, PIECE = 20_000, 200, 1_000
VILLAGE, TOWN, COUNTY = "330402100201", "330402100", "330402"


def main() -> None:
    home = tempfile.mkdtemp(prefix="lianxin-alike-")
    os.environ |= {"LIANXIN_HOME": home, "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    sys.path.insert(0, str(ROOT))
    try:
        _run()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianxin.access.actor import Actor, Grant
    from lianxin.access.verbs import Verb

    call_command("migrate", verbosity=0)
    _lay()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {CASES:,} cases\n\n| who | p50 ms | p95 ms | CPU p50 | CPU p95 | proposed |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, region in (("village", VILLAGE), ("town", TOWN), ("county", COUNTY)):
        verbs = frozenset({Verb.CASE_READ, Verb.CASE_SUPERVISE, Verb.REGISTER_READ})
        _measure(name, Actor(account="bench", name="bench", grants=(Grant(role="bench", verbs=verbs, region=region),)))


def _lay() -> None:
    from bench.reports import made
    from lianxin.access.guard import pen
    from lianxin.kinds.cases.matching import as_json, blocks_of, trace_of
    from lianxin.kinds.cases.matching_rows import _short, _token
    from lianxin.kinds.cases.models import TRACE_PEN, Block, Case, Trace
    from lianxin.records.models import PEN

    at = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)
    reports = made(901, reports=CASES)
    for start in range(0, CASES, PIECE):
        some = reports[start : start + PIECE]
        grounds = [_ground(report.told.village or VILLAGE, at) for report in some]
        with pen(PEN):
            Case.objects.bulk_create(Case(**ground, **_of_a_case(f"C{r.number:025}", at))
                                     for r, ground in zip(some, grounds, strict=True))  # fmt: skip
        traces = [trace_of(f"C{report.number:025}", report.told, _token) for report in some]
        with pen(TRACE_PEN):
            kept = Trace.objects.bulk_create(
                [Trace(**ground, record=trace.key, sound=min(trace.sounds, default=""), signs=as_json(trace))
                 for trace, ground in zip(traces, grounds, strict=True)]
            )  # fmt: skip
        blocks = ((row.pk, block) for row, trace in zip(kept, traces, strict=True) for block in blocks_of(trace))
        Block.objects.bulk_create([Block(trace=pk, block=_short(block)) for pk, block in blocks], batch_size=5_000)


def _ground(village: str, at: dt.datetime) -> dict[str, Any]:
    return {
        "region": village, "town": village[:9], "county": village[:6], "day": at.date(), "programme": "dispute",
        "seal": "team",
    }  # fmt: skip


def _of_a_case(key: str, at: dt.datetime) -> dict[str, Any]:
    return {
        "key": key, "number": key[-14:], "programme_version": 1, "org_level": 5, "recorded_at": at, "recorded_by": "x",
        "changed_at": at, "changed_by": "x", "source": "grid", "matter": "couple", "stage": "working",
        "reported_at": at,
    }  # fmt: skip


def _measure(name: str, actor: Any) -> None:
    from lianxin.kinds.cases.matching_rows import alike
    from lianxin.kinds.cases.models import Case

    rows = list(Case.objects.seen_by(actor).order_by("seq"))
    Random(3).shuffle(rows)
    clock, spent, proposed = [], [], 0
    for row in rows[:ROUNDS]:
        began, cpu = time.perf_counter(), time.process_time()
        proposed += len(alike(actor, row))
        clock.append((time.perf_counter() - began) * 1_000)
        spent.append((time.process_time() - cpu) * 1_000)
    said = " | ".join(f"{_at(times, share):.1f}" for times in (clock, spent) for share in (0.5, 0.95))
    print(f"| {name} | {said} | {proposed} in {len(clock)} |", flush=True)


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    main()
