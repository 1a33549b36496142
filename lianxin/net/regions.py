"""The tree of regions: load the national list, ask names and children, add grids, withdraw and follow successors."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.db.models import QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION, Level, ancestor, ancestors, as_typed, level_of, range_under
from lianxin.base.days import checked_past_day
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.net.models import Region
from lianxin.net.naming import short_name
from lianxin.net.national import Listed, listed_under

CHUNK = 5_000
_MOST_COUNTIES_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Called:
    """A region's two names: as published and as people say it. Placeholders (市辖区) are left out of paths."""

    full: str
    short: str
    is_placeholder: bool


# By county ("" for provinces and cities): names are asked on every page and hardly ever change. A code that is not
# here is looked up again, so a list that another process loaded is found.
_known: dict[str, dict[str, _Called]] = {}


# ── loading ──────────────────────────────────────────────────────────────────


def load_regions(prefix: str, *, progress: Callable[[int], None] | None = None) -> int:
    """Lay the national codes under a prefix ("" for all) and its ancestors; the number of codes that were new.

    Codes already there are left as they are. `progress` hears how many have been gone through. Refused for a code that
    the list does not have; nothing is half-written.
    """
    code = as_typed(prefix)
    if level_of(code) == Level.GRID:
        raise Refused(f"“{code}”是网格编码，全国区划里没有；请写到村（社区）12 位。", field="region")
    with transaction.atomic():
        before = Region.objects.count()
        lines = iter(listed_under(code))
        done = _lay(_with_ancestors(code, lines), progress)
        if done == 0:
            raise Refused(f"2023 年全国区划里没有“{code}”这个代码，请核对。", field="region")
        laid = Region.objects.count() - before
    forget_names()
    return laid


def _with_ancestors(code: str, lines: Iterable[Listed]) -> Iterable[Listed]:
    """The lines of a code, after those of its ancestors; nothing when the code has no lines."""
    above = set(ancestors(code))
    first = True
    for line in lines:
        if first and above:
            yield from (upper for upper in listed_under(code[:2]) if upper.code in above)
        first = False
        yield line


def _lay(lines: Iterable[Listed], progress: Callable[[int], None] | None) -> int:
    # Plain SQL: one statement for both databases, and on SQLite five times as fast as bulk_create.
    table = connection.ops.quote_name(Region._meta.db_table)
    insert = (
        f"INSERT INTO {table} (code, name, level, parent, successor, hidden) VALUES (%s, %s, %s, %s, '', %s) "  # noqa: S608
        "ON CONFLICT DO NOTHING"
    )
    done, source = 0, iter(lines)
    with connection.cursor() as cursor:
        while chunk := list(islice(source, CHUNK)):
            rows = [(line.code, line.name, int(line.level), line.parent, line.is_placeholder) for line in chunk]
            cursor.executemany(insert, rows)
            done += len(chunk)
            if progress:
                progress(done)
    return done


# ── names ────────────────────────────────────────────────────────────────────


def region_name(code: str) -> str:
    """As people say it: 联丰村; the code itself where the region was never loaded; 全国 for the nation."""
    called = _called(code)
    return called.short if called else code


def full_name(code: str) -> str:
    """As published: 联丰村村委会 or 联丰村委会."""
    called = _called(code)
    return called.full if called else code


def path_name(code: str, *, since: Level = Level.TOWN) -> str:
    """The short names from a level down to the code in one word: 凤桥镇联丰村; a code above that level by itself."""
    parts: list[str] = []
    for step in (*reversed(ancestors(code)), code):
        called = _called(step)
        if step != code and (level_of(step) < since or called is None or called.is_placeholder):
            continue
        name = called.short if called else step
        # 东莞市 is a city and its own only county: say it once.
        if not parts or parts[-1] != name:
            parts.append(name)
    return "".join(parts)


def forget_names() -> None:
    """Drop the remembered names; they are asked anew at the next page."""
    _known.clear()


def _called(code: str) -> _Called | None:
    if code == NATION:
        return _Called("全国", "全国", is_placeholder=False)
    area = code[: Level.COUNTY.length] if len(code) >= Level.COUNTY.length else NATION
    names = _known.get(area)
    if names is None or code not in names:
        if len(_known) >= _MOST_COUNTIES_REMEMBERED:
            forget_names()
        names = _known[area] = _names_of(area)
    return names.get(code)


def _names_of(area: str) -> dict[str, _Called]:
    rows = Region.objects.filter(level__lte=Level.CITY)
    if area != NATION:
        low, high = range_under(area)
        rows = Region.objects.filter(code__gte=low, code__lt=high)
    found = list(rows.values_list("code", "name", "level", "parent", "hidden"))
    shortened = {code: short_name(name, Level(level)) for code, name, level, _, _ in found}
    said = Counter((parent, shortened[code]) for code, _, _, parent, _ in found)
    return {
        code: _Called(
            full=name,
            # In 14 towns of the country two neighbours would be called the same: these keep their full names.
            short=shortened[code] if said[parent, shortened[code]] == 1 else name,
            is_placeholder=hidden,
        )
        for code, name, _, parent, hidden in found
    }


# ── the tree ─────────────────────────────────────────────────────────────────


def region(code: str) -> Region:
    """The row of a code; Refused when it is not loaded."""
    row = Region.objects.filter(code=code).first()
    if row is None:
        raise Refused(f"没有“{code}”这个区划，请先载入，或核对代码。", field="region")
    return row


def standing_region(code: str) -> Region:
    """A region that people may choose; Refused when unknown, withdrawn, or a code that only carries others."""
    row = region(code)
    if row.hidden:
        raise Refused(f"“{row.name}”只是编码用的，请选它下面的区划。", field="region")
    if row.withdrawn_on is not None:
        raise Refused(f"“{row.name}”已经撤销，请选现在的区划。", field="region")
    return row


def children(code: str, *, withdrawn: bool = False) -> list[Region]:
    """The regions right below, in order of code. In place of a placeholder stand those below it."""
    found = list(_rows(withdrawn=withdrawn).filter(parent=code, level=level_of(code) + 1))
    placeholders = [row.code for row in found if row.hidden]
    if placeholders:
        below = _rows(withdrawn=withdrawn).filter(parent__in=placeholders)
        found = sorted([*(row for row in found if not row.hidden), *below], key=lambda row: row.code)
    return found


def subtree(code: str, level: Level, *, withdrawn: bool = False) -> list[Region]:
    """Every region of a level at or below a code, in order of code, placeholders left out."""
    low, high = range_under(code)
    rows = _rows(withdrawn=withdrawn).filter(code__gte=low, code__lt=high, level=int(level), hidden=False)
    return list(rows)


def _rows(*, withdrawn: bool) -> QuerySet[Region]:
    rows = Region.objects.order_by("code")
    return rows if withdrawn else rows.filter(withdrawn_on__isnull=True)


# ── a map that changes ───────────────────────────────────────────────────────


def current(code: str) -> str:
    """The code that stands today for a withdrawn one; itself when it stands, or when nothing took its place."""
    at, seen = code, {code}
    while successor := Region.objects.filter(code=at).values_list("successor", flat=True).first():
        if successor in seen:  # a ring, laid past `withdraw`: nobody took its place
            return code
        seen.add(successor)
        at = successor
    return at


def add_grid(actor: Actor, *, village: str, name: str) -> Region:
    """A grid below a village, numbered on: 330402100222001, …002. Needs organisation.write there."""
    actor.require(Verb.ORGANISATION_WRITE, region=village)
    called = clean_line(name, field="name", limit=40)
    if not called:
        raise Refused("请填网格名称，例如“第一网格”。", field="name")
    with transaction.atomic():
        above = _locked(village)
        if above.level != Level.VILLAGE:
            raise Refused("网格只能设在村（社区）下面。", field="region")
        if above.withdrawn_on is not None:
            raise Refused(f"“{above.name}”已经撤销，不能再设网格。", field="region")
        taken = dict(Region.objects.filter(parent=village).values_list("code", "name"))
        if called in taken.values():
            raise Refused(f"本村（社区）已经有“{called}”，请换一个名称。", field="name")
        number = max((int(code[-3:]) for code in taken), default=0) + 1
        if number > 999:
            raise Refused("一个村（社区）最多设 999 个网格。", field="name")
        grid = Region.objects.create(code=f"{village}{number:03}", name=called, level=Level.GRID, parent=village)
    forget_names()
    return grid


def withdraw(actor: Actor, code: str, *, on: dt.date, today: dt.date, successor: str = "") -> Region:
    """Note that a region was abolished, and which one of its own level took its place.

    Needs organisation.write above it. What was posted under the old code stays there.
    """
    above = ancestor(code, Level(max(level_of(code) - 1, 0)))
    actor.require(Verb.ORGANISATION_WRITE, region=above)
    checked_past_day(on, today=today, field="withdrawn_on")
    with transaction.atomic():
        row = _locked(code)
        if row.withdrawn_on is not None:
            raise Refused(f"“{row.name}”已经撤销过了。", field="region")
        if _rows(withdrawn=False).filter(parent=code).exists():
            raise Refused(f"“{row.name}”下面还有没撤销的区划，请先撤销它们。", field="region")
        if successor:
            _check_successor(row, successor)
        row.successor, row.withdrawn_on = successor, on
        row.save(update_fields=["successor", "withdrawn_on"])
    forget_names()
    return row


def reinstate(actor: Actor, code: str) -> Region:
    """Take a withdrawal back that was noted by mistake. Needs organisation.write above it."""
    above = ancestor(code, Level(max(level_of(code) - 1, 0)))
    actor.require(Verb.ORGANISATION_WRITE, region=above)
    with transaction.atomic():
        row = _locked(code)
        row.successor, row.withdrawn_on = "", None
        row.save(update_fields=["successor", "withdrawn_on"])
    return row


def _check_successor(row: Region, successor: str) -> None:
    heir = Region.objects.filter(code=successor).first()
    if heir is None:
        raise Refused(f"没有“{successor}”这个区划，请核对并入的代码。", field="successor")
    if heir.level != row.level or heir.hidden:
        raise Refused(f"“{row.name}”只能并入同一级的区划。", field="successor")
    if current(successor) == row.code or successor == row.code:
        raise Refused(f"“{heir.name}”自己又并入“{row.name}”，绕成了一圈，请核对。", field="successor")


def _locked(code: str) -> Region:
    row = Region.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Refused(f"没有“{code}”这个区划，请先载入，或核对代码。", field="region")
    return row
