"""How a region is called: 联丰村村委会 → 联丰村. Pure text rules, tried on the whole national list."""

from __future__ import annotations

import re

from lianxin.base.codes import Level

# 社区居委会, 社区居民委员会, 社区村民委员会, 社区委员会 … all mean the 社区 itself.
_OF_COMMUNITY = re.compile(r"(.+?社区)(?:社区)?(?:居民居?|村民|居|村)?(?:委员会|委会)")
_OF_GACHA = re.compile(r"(.+嘎查)(?:村民|牧民|村)?(?:委员会|委会)")
_OF_VILLAGE = re.compile(r"(.+?)村民?(?:委员会|委会)")
# Without the word 社区 the committee stays in the name: 凤桥居委会 may stand beside 凤桥村委会 and 凤桥社区.
_OF_RESIDENTS = re.compile(r"(.+)居民(?:委员会|委会|居委会)")
_NOTE = re.compile(r"(.+会)([（(].*)")


def short_name(name: str, level: Level) -> str:
    """What people say. Names that follow no rule are left as published."""
    if level == Level.TOWN:
        return name.removesuffix("办事处") if name.endswith("街道办事处") else name
    if level != Level.VILLAGE:
        return name
    noted = _NOTE.fullmatch(name)
    if noted:
        return _of_committee(noted[1]) + noted[2]
    return _of_committee(name)


def _of_committee(name: str) -> str:
    for rule in (_OF_COMMUNITY, _OF_GACHA):
        if match := rule.fullmatch(name):
            return match[1]
    if match := _OF_VILLAGE.fullmatch(name):
        # 联丰村委会 and 联丰村村委会 both mean 联丰村; 崔村村村民委员会 is of 崔村村.
        return match[1] if match[1].endswith("村") else match[1] + "村"
    if match := _OF_RESIDENTS.fullmatch(name):
        return match[1] + "居委会"
    return name
