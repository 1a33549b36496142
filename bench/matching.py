"""`python bench/matching.py`: how well reports of one person are found among 20,000, beside a naive comparison.

Seeds from 900 on are for measuring; the weights were set looking at seeds below 100. Nothing is written.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    asked = _asked()
    os.environ |= {"LIANXIN_HOME": tempfile.mkdtemp(), "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from bench.reports import made, pairs_of

    print("| seed | way | precision | recall | found beside naive | seconds |\n|---|---|---:|---:|---:|---:|")
    for seed in asked.seeds:
        reports = made(seed, reports=asked.reports)
        truth = pairs_of(reports)
        base = len(naive(reports) & truth)
        for name, way in (("ours", ours), ("naive", naive)):
            began = time.perf_counter()
            found = way(reports)
            took = time.perf_counter() - began
            right = len(found & truth)
            shares = f"{right / max(len(found), 1):.4f} | {right / len(truth):.4f} | × {right / base:.1f}"
            print(f"| {seed} | {name} | {shares} | {took:.1f} |")
            if name == "ours" and asked.show:
                _show(reports, truth, found, asked.show)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[901, 902, 903])
    parser.add_argument("--show", type=int, default=0, help="so many misses of each sort")
    return parser.parse_args()


def ours(reports):  # type: ignore[no-untyped-def]
    """Blocks, weights, one threshold."""
    from lianxin.kinds.cases.matching import blocks_of, likeness, rarity_of, trace_of
    from lianxin.vault.box import keyed_hash

    traces = [trace_of(str(r.number), r.told, lambda text: keyed_hash(text, purpose="case.trace")) for r in reports]
    sharing = Counter(sound for trace in traces for sound in trace.sounds)
    groups: dict[str, list[int]] = {}
    for number, trace in enumerate(traces):
        for block in blocks_of(trace):
            groups.setdefault(block, []).append(number)
    asked = {pair for group in groups.values() if len(group) <= 200 for pair in combinations(group, 2)}
    found = set()
    for one, other in asked:
        common = max((sharing[sound] for sound in traces[one].sounds), default=1)
        if likeness(traces[one], traces[other], rarity=rarity_of(common, len(traces))).is_likely:
            found.add((reports[one].number, reports[other].number))
    return found


def naive(reports):  # type: ignore[no-untyped-def]
    """The same name and the same phone, or the same ID number."""
    groups: dict[object, list[int]] = {}
    for report in reports:
        told = report.told
        for key in ((told.name, told.phone) if told.phone else None, told.id_number or None):
            if key:
                groups.setdefault(key, []).append(report.number)
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def _show(reports, truth, found, most: int) -> None:  # type: ignore[no-untyped-def]
    for title, pairs in (("missed", truth - found), ("wrong", found - truth)):
        print(f"--- {title} {len(pairs)}")
        for one, other in sorted(pairs)[:most]:
            print(reports[one].told, reports[other].told, sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
