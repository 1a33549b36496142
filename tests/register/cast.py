"""Who acts in the register's tests, and the households they meet. ID numbers are the standard's example and ones whose
place (999999) no county has."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.vault.identity import check_digit

HERE, NEXT, FAR = "330402100201", "330402100202", "330411100201"
TOWN, COUNTY = "330402100", "330402"
AT = dt.datetime(2021, 9, 1, 10, tzinfo=SHANGHAI)
TODAY = AT.date()

_BOTH = frozenset({Verb.REGISTER_READ, Verb.REGISTER_WRITE, Verb.REGISTER_REVEAL})


def actor(*regions: str, verbs: frozenset[Verb] = _BOTH) -> Actor:
    grants = tuple(Grant(role="test", verbs=verbs, region=region) for region in regions)
    return Actor(account=f"at-{regions[0]}-{len(regions)}", name="试", grants=grants)


MEMBER, NEIGHBOUR, CLERK, OFFICER = actor(HERE), actor(NEXT), actor(TOWN), actor(COUNTY)
READER = actor(HERE, verbs=frozenset({Verb.REGISTER_READ}))
STRANGER = actor(FAR)


def id_number(birth: str, order: int) -> str:
    """A number with a right check digit; odd `order` for a man. No county has the place 999999."""
    stem = f"999999{birth}{order:03d}"
    return stem + check_digit(stem)


ZHANG = id_number("19530305", 12)  # a woman born on 5 March 1953
LI = id_number("19500701", 11)  # a man born on 1 July 1950


def zhang_family(region: str = HERE, **changes: object) -> HouseholdDraft:
    """Three people at 3组17号: 张桂英, her husband 李建国, her granddaughter 李小雨."""
    draft = {
        "region": region,
        "place": "3组17号",
        "phone": "0573-82831234",
        "since": dt.date(2010, 1, 1),
        "members": (
            MemberDraft(name="张桂英", relation=Relation.HEAD, id_number=ZHANG, phone="13812342764"),
            MemberDraft(name="李建国", relation=Relation.SPOUSE, sex="male", birth="1950-7-1"),
            MemberDraft(name="李小雨", relation=Relation.GRANDCHILD, sex="女", birth="2015年6月1日"),
        ),
        **changes,
    }
    return HouseholdDraft(**draft)  # type: ignore[arg-type]
