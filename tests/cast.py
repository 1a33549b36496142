"""The cast: one small county on real ground with a neighbour beside it, an account for each role, a few households.

People are invented. What could leak is there on purpose: the next village, the next town, the next county.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import ancestors, level_of
from lianxin.base.days import SHANGHAI
from lianxin.base.ids import new_id
from lianxin.net.actors import actor_of
from lianxin.net.models import FEDERATION, Account, Appointment, Organisation, Region
from lianxin.net.regions import forget_names
from lianxin.records.door import submit
from lianxin.records.drafts import Draft
from lianxin.records.models import Record
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation

COUNTY, TOWN, NEXT_TOWN, OTHER_COUNTY = "330402", "330402100", "330402101", "330411"
LIANFENG, SANXING, YONGLI = "330402100222", "330402100226", "330402101203"
MUQIAO = "330411002207"  # 秀洲区新城街道
NAMES = {
    "33": "浙江省",
    "3304": "嘉兴市",
    COUNTY: "南湖区",
    TOWN: "凤桥镇",
    NEXT_TOWN: "余新镇",
    LIANFENG: "联丰村委会",
    SANXING: "三星村委会",
    YONGLI: "永利村委会",
    OTHER_COUNTY: "秀洲区",
    "330411002": "新城街道",
    MUQIAO: "木桥港村委会",
}
TODAY = dt.date(2021, 12, 24)
NOW = dt.datetime(2021, 12, 24, 16, 30, tzinfo=SHANGHAI)
PASSWORD = "cast-Lian-2021"  # of these tests' accounts only

ROLES = {
    "member": ("village-member", LIANFENG),
    "chair": ("village-chair", LIANFENG),
    "neighbour": ("village-member", SANXING),
    "clerk": ("town-clerk", TOWN),
    "next_clerk": ("town-clerk", NEXT_TOWN),
    "officer": ("county-officer", COUNTY),
    "programme_officer": ("programme-officer", COUNTY),
    "leader": ("county-leader", COUNTY),
    "partner": ("partner", COUNTY),
    "administrator": ("system-administrator", COUNTY),
    "security": ("security-administrator", COUNTY),
    "audit": ("audit-administrator", COUNTY),
    "stranger": ("village-member", MUQIAO),
    "strange_officer": ("county-officer", OTHER_COUNTY),
}
PROGRAMMES = {"programme_officer": ["festival-care"]}


@dataclass
class Cast:
    """The county and its people. `actors` and `accounts` by the names of ROLES, `households` by village."""

    accounts: dict[str, Account] = field(default_factory=dict)
    households: dict[str, list[str]] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_of(self.accounts[name], today=TODAY)

    def visit(self, who: str = "member", *, at: dt.datetime = NOW, **values: Any) -> Record:
        """A visit through the door; by default the member's call on the first household of 联丰村."""
        key = values.pop("key", None) or new_id()
        raw = {
            "day": "2021-12-20",
            "subject": self.households[LIANFENG][0],
            "mode": "door",
            "purposes": [{"programme": "four-musts", "reasons": ["hardship"]}],
        } | values
        return submit(self.actor(who), [Draft("visit", key, raw)], at=at)[0].record

    def listing(self, programme: str, who: str = "chair", *, at: dt.datetime = NOW, **values: Any) -> Record:
        raw = {"list": programme, "on_day": "2021-06-01", "subject": self.households[LIANFENG][0]} | values
        return submit(self.actor(who), [Draft("listing", new_id(), raw)], at=at)[0].record


def lay_cast() -> Cast:
    """Regions, federations, accounts, four households. In a test's own transaction."""
    forget_names()
    Region.objects.bulk_create(
        Region(code=code, name=name, level=int(level_of(code)), parent=next(iter(ancestors(code)), ""))
        for code, name in NAMES.items()
    )
    organisations = _federations()
    cast = Cast()
    for who, (role, region) in ROLES.items():
        account = Account.objects.create_user(f"cast.{who.replace('_', '-')}", PASSWORD, name=f"示例{who}")
        Appointment.objects.create(
            account=account,
            role=role,
            region=region,
            programmes=PROGRAMMES.get(who),
            organisation=organisations[region],
            starts=dt.date(2020, 1, 1),
            granted_by="cast",
        )
        cast.accounts[who] = account
    _households(cast)
    return cast


def _federations() -> dict[str, Organisation]:
    made: dict[str, Organisation] = {}
    for code in sorted({region for _, region in ROLES.values()} | {YONGLI}, key=len):
        made[code] = Organisation.objects.create(
            name=f"{NAMES[code]}妇联",
            type=FEDERATION,
            level=int(level_of(code)),
            region=code,
            parent=next((made[above] for above in ancestors(code) if above in made), None),
        )
    return made


def _households(cast: Cast) -> None:
    registrar = operator(Verb.REGISTER_WRITE, Verb.REGISTER_READ, because="the cast of the tests")
    for village, heads in {
        LIANFENG: ("张桂英", "周根玉"),
        SANXING: ("诸葛芸",),
        YONGLI: ("单建芳",),
        MUQIAO: ("曾红",),
    }.items():
        cast.households[village] = [
            register_household(
                registrar,
                HouseholdDraft(
                    region=village,
                    place=f"{number}组17号",
                    phone=f"1380573{number}{len(village):03d}",
                    since=dt.date(2020, 1, 1),
                    members=(
                        MemberDraft(name=head, relation=Relation.HEAD, sex="female", birth=dt.date(1953, 5, 1)),
                        MemberDraft(
                            name=f"{head[0]}小雨", relation=Relation.GRANDCHILD, sex="female", birth=dt.date(2012, 9, 1)
                        ),
                    ),
                ),
                at=NOW,
            )
            for number, head in enumerate(heads, 3)
        ]
