"""Villages as tables name them: by code, by name with or without the town's; only those the actor may write in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, as_typed, is_under, level_of
from lianxin.base.errors import Refused
from lianxin.net.models import Region
from lianxin.net.regions import full_name, path_name, region_name, subtree

UNKNOWN = "没有找到“{}”这个村（社区），请写全称或 12 位区划代码；不在您的区域里的不能导入。"
SEVERAL = "有几个“{}”，请连镇（街道）一起写，例如“{}”。"
MISSING = "请写明村（社区）。"


def villages_of(actor: Actor, verb: Verb, county: str) -> Iterator[Region]:
    """The villages of a county where somebody may use a verb."""
    for top in actor.regions(verb):
        area = max(top, county, key=len)
        if not (is_under(top, county) or is_under(county, top)):
            continue
        if level_of(area) <= Level.VILLAGE:
            yield from subtree(area, Level.VILLAGE)


def _above(actor: Actor, verb: Verb, county: str) -> Iterator[Region]:
    """The county and its towns, where bodies stand that are no village's."""
    rows = [row for level in (Level.COUNTY, Level.TOWN) for row in subtree(county, level)]
    return (row for row in rows if actor.may(verb, region=row.code))


class Villages:
    """Names of villages, asked once for a whole file. `otherwise` is meant where a row names none."""

    def __init__(self, actor: Actor, verb: Verb, *, county: str, otherwise: str = "", with_towns: bool = False) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        codes = []
        for row in villages_of(actor, verb, county):
            codes.append(row.code)
            town = region_name(row.code[: Level.TOWN.length])
            names = {row.name, full_name(row.code), region_name(row.code), path_name(row.code)}
            names |= {f"{town}{name}" for name in set(names)} | {_stem(name) for name in set(names)}
            for name in names:
                self._by_name[_bare(name)].append(row.code)
            self._by_name[row.code].append(row.code)
        for row in _above(actor, verb, county) if with_towns else ():
            for name in {row.name, region_name(row.code), row.code}:
                self._by_name[_bare(name)].append(row.code)
        self.only = codes[0] if len(codes) == 1 else ""
        self.otherwise = otherwise or self.only

    def code(self, said: str, *, town: str = "") -> str:
        """The code of what somebody wrote; Refused when it is nothing, several, or not hers."""
        bare = _bare(as_typed(said) if said.strip().isdigit() else said)
        if not bare:
            if self.otherwise:
                return self.otherwise
            raise Refused(MISSING, field="region")
        found = self._by_name.get(bare, ())
        if len(found) > 1 and town:
            found = [
                code for code in found if _bare(region_name(code[: Level.TOWN.length])).startswith(_bare(town)[:2])
            ]
        if not found:
            raise Refused(UNKNOWN.format(said[:20]), field="region")
        if len(found) > 1:
            raise Refused(SEVERAL.format(said[:20], path_name(found[0])), field="region")
        return found[0]


def _bare(name: str) -> str:
    return "".join(name.split())


def _stem(name: str) -> str:
    """联丰 for 联丰村: how tables of one town write it."""
    for ending in ("社区", "村"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
