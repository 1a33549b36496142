"""Every way round a lock stands in a golden file with a ceiling: nothing grows by ceremony."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.house.source import argument, calls, held, modules, text_of

SWITCHED_OFF = re.compile(r"#\s*(noqa(?:: ?[A-Z0-9, ]+)?|type: ignore(?:\[[\w, -]+\])?|fmt: \w+)")


def test_reads_for_nobody_in_particular() -> None:
    def found() -> Iterator[str]:
        for module in modules():
            for holder, call in calls(module, "unscoped"):
                across = next(
                    (f" across {text_of(module, word.value)}" for word in call.keywords if word.arg == "across"), ""
                )
                yield f"{module.path} · {holder} · {text_of(module, argument(call, 'because'))}{across}"

    held("unscoped", found())


def test_pens() -> None:
    def found() -> Iterator[str]:
        for module in modules():
            for holder, call in calls(module, "pen"):
                yield f"{module.path} · {holder} · {text_of(module, argument(call, 'name'))}"

    held("pens", found())


def test_people_made_by_the_program() -> None:
    """Actors that no appointment made: the operator at the command line, the demo."""

    def found() -> Iterator[str]:
        for module in modules():
            if module.path == "lianxin/access/actor.py":
                continue
            for name in ("operator", "Actor", "Grant"):
                for holder, _ in calls(module, name):
                    yield f"{module.path} · {holder} · {name}"

    held("actors", found())


def test_sql_written_by_hand() -> None:
    def found() -> Iterator[str]:
        for module in modules():
            for name in ("cursor", "RawSQL", "RunSQL", "extra", "raw", "executescript"):
                for holder, call in calls(module, name):
                    if name != "raw" or "objects" in text_of(module, call.func):
                        yield f"{module.path} · {holder} · {name}"

    held("sql", found())


def test_rules_of_the_linters_switched_off() -> None:
    def found() -> Iterator[str]:
        for module in modules():
            for match in re.finditer(
                r"#\s*(noqa(?:: ?[A-Z0-9, ]+)?|type: ignore(?:\[[\w, -]+\])?|fmt: \w+)", module.text
            ):
                yield f"{module.path} · {match[1].strip()}"

    held("switched-off", found())


def test_errors_caught_whatever_they_are() -> None:
    def found() -> Iterator[str]:
        for module in modules():
            for line in module.text.splitlines():
                if re.match(r"\s*except(?:\s+(?:Base)?Exception\b|\s*:)", line):
                    yield f"{module.path} · {line.strip()}"

    held("caught-whatever", found())
