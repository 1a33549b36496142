"""`python bench/search.py`: lays a county's people set-wise and measures finding them, with the eyes of each level.

`--persons 600000` is the full size, `--postgres` runs beside a PostgreSQL of its own, `--home FOLDER` keeps the county.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOWN, VILLAGE = "330402100", "330402100222"
A_HOUSEHOLD = 3  # people
ROUNDS = 12
GOAL = (20, 50)


def main() -> None:
    asked = _asked()
    if asked.postgres and "LIANXIN_DATABASE_URL" not in os.environ:
        again = [sys.executable, __file__, *sys.argv[1:]]
        raise SystemExit(subprocess.call([sys.executable, str(ROOT / "scripts" / "with_postgres.py"), *again]))
    home = Path(asked.home or tempfile.mkdtemp(prefix="lianxin-search-"))
    os.environ |= {"LIANXIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    sys.path.insert(0, str(ROOT))
    try:
        _run(asked.persons)
    finally:
        if not asked.home:
            shutil.rmtree(home, ignore_errors=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=60_000)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--home")
    return parser.parse_args()


def _run(persons: int) -> None:
    import django  # the settings read LIANXIN_HOME, which is known only now

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lianxin.access.actor import Actor, Grant
    from lianxin.access.verbs import Verb
    from lianxin.demo.sums import COUNTY
    from lianxin.register.models import Person

    call_command("migrate", verbosity=0)
    if not Person.objects.unscoped("whether the bench's county is laid").exists():
        began = time.perf_counter()
        _lay(persons)
        print(f"{persons:,} people laid in {time.perf_counter() - began:.0f} s", flush=True)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    eyes = {}
    for name, region in (("village", VILLAGE), ("town", TOWN), ("county", COUNTY)):
        grant = Grant(role="bench", verbs=frozenset({Verb.REGISTER_READ}), region=region)
        eyes[name] = Actor(account="bench", name="bench", grants=(grant,))
    print(f"\n{connection.vendor}\n\n| who | typed | found | p50 ms | p95 ms | CPU p50 | CPU p95 |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, actor in eyes.items():
        _measure(name, actor)


def _lay(persons: int) -> None:
    from lianxin.access.actor import operator
    from lianxin.access.verbs import Verb
    from lianxin.base.codes import Level
    from lianxin.base.days import now
    from lianxin.base.errors import Problems
    from lianxin.demo.people import households
    from lianxin.demo.sums import COUNTY
    from lianxin.net.regions import load_regions, subtree
    from lianxin.register.actions import bulk_register

    keeper = operator(*Verb, because="laying the bench's people")
    load_regions(COUNTY)
    villages = [village.code for village in subtree(COUNTY, Level.VILLAGE)]
    dice, done = Random(7), 0
    while done < persons:
        drafts = households(dice, villages, many=5_000)
        try:
            bulk_register(keeper, drafts, at=now())
        except Problems:  # the dice threw an ID number twice
            continue
        done += sum(len(draft.members) or 1 for draft in drafts)
        print(f"people {done:,}", end="\r", flush=True)


def _typed(actor: Any) -> dict[str, list[str]]:
    """What people type, of every sort, taken from names that stand in the register."""
    from lianxin.register.models import Household, Person
    from lianxin.register.names import forms_of_name

    people = Person.objects.seen_by(actor).order_by("id")
    names = list(people.values_list("name", flat=True)[: 40 * ROUNDS : 40])
    phones = [row.phone.reveal()[-4:] for row in people.exclude(phone_hash="")[: 40 * ROUNDS : 40]]
    places = Household.objects.seen_by(actor).order_by("id").values_list("place", flat=True)[: 40 * ROUNDS : 40]
    forms = [forms_of_name(name) for name in names]
    return {
        "whole name": names,
        "surname": [name[0] for name in names],
        "given name": [name[1:] or name for name in names],
        "last sign": [name[-1] for name in names],
        "pinyin": [form.full[0] for form in forms if form.full],
        "half the pinyin": [form.full[0][:5] for form in forms if form.full],
        "initials": [form.initials[0] for form in forms if form.initials],
        "sound-alike": [f"章{name[1:]}" for name in names],
        "given name's pinyin": [form.given[0] for form in forms if form.given],
        "house number": list(places),
        "phone's last four": phones,
        "nobody": ["鱻龘", "xyzzy", "鱻", "qqq", "犇骉"],
    }


def _measure(name: str, actor: Any) -> None:
    from lianxin.register.queries import find_persons, find_subjects

    every: list[tuple[float, float]] = []
    for sort, texts in _typed(actor).items():
        find = find_subjects if sort == "house number" else find_persons
        times, found = [], 0
        for text in [text for text in texts if text] * 3:
            began, worked = time.perf_counter(), time.process_time()
            found += len(find(actor, text))
            times.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
        every += times
        if times:
            print(f"| {name} | {sort} | {found / len(times):.1f} | {_said(times)} |", flush=True)
    walls = [wall for wall, _ in every]
    verdict = "met" if _at(walls, 50) <= GOAL[0] and _at(walls, 95) <= GOAL[1] else "missed"
    print(f"| {name} | **all** ({verdict}) | | {_said(every)} |", flush=True)


def _said(times: list[tuple[float, float]]) -> str:
    """Of the clock on the wall, and of this process alone: on a machine that is not quiet they differ."""
    sorts = [[pair[which] for pair in times] for which in (0, 1)]
    return " | ".join(f"{_at(each, percent):.1f}" for each in sorts for percent in (50, 95))


def _at(times: list[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    main()
