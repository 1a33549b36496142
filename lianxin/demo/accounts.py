"""The demo's accounts: one a role, with a password that is said aloud; and one a village, that nobody signs in with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from lianxin.access.actor import Actor
from lianxin.access.roles import roles
from lianxin.net.actors import actor_of
from lianxin.net.models import Account, Appointment, Organisation

PASSWORD = "lianxin-demo"  # noqa: S105 — printed beside the accounts; only in a demo home
FIRST_DAY = dt.date(2020, 1, 1)
HOME_VILLAGE = "330402100222"  # 联丰村: where the demo's chair and member are at work

AT = {
    "village-member": ("cunli", "执委小林（示例）", HOME_VILLAGE),
    "village-chair": ("zhuxi", "村主席周阿姨（示例）", HOME_VILLAGE),
    "town-clerk": ("zhenli", "镇干部小许（示例）", "330402100"),
    "county-officer": ("quli", "区干部周敏（示例）", "330402"),
    "programme-officer": ("tiaoxian", "慰问条线小吴（示例）", "330402"),
    "county-leader": ("lingdao", "区主席（示例）", "330402"),
    "partner": ("xiezuo", "协作单位（示例）", "330402"),
    "system-administrator": ("guanli", "系统管理员（示例）", "330402"),
    "security-administrator": ("anquan", "安全管理员（示例）", "330402"),
    "audit-administrator": ("shenji", "审计管理员（示例）", "330402"),
}
"""Role → (account, display name, region)."""
PROGRAMMES = {"programme-officer": ["festival-care"]}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What is printed: which role, which account, which password."""

    role: str
    username: str
    password: str


def demo_accounts() -> list[DemoAccount]:
    """The accounts of this home, if it is a demo home; none otherwise."""
    known = roles(settings.CATALOG_DIR / "roles.toml")
    standing = set(Account.objects.filter(is_demo=True).values_list("username", flat=True))
    return [
        DemoAccount(known[role].name, username, PASSWORD)
        for role, (username, _, _) in AT.items()
        if username in standing
    ]


def open_accounts(villages: list[str]) -> dict[str, Account]:
    """The accounts of the roles, and the chair of each village by its code. The chairs cannot sign in."""
    federations = {row.region: row for row in Organisation.objects.filter(is_demo=True)}
    for role, (username, name, region) in AT.items():
        account = Account.objects.create_user(username, PASSWORD, name=name, is_demo=True)
        _appoint(account, role, region, federations)
    chairs = {HOME_VILLAGE: Account.objects.get(username=AT["village-chair"][0])}
    for village in villages:
        if village in chairs:
            continue
        account = Account.objects.create_user(f"demo-{village}", None, name="村主席（示例）", is_demo=True)
        _appoint(account, "village-chair", village, federations)
        chairs[village] = account
    return chairs


def officer() -> Actor:
    """The county's officer, as she acts in the demo."""
    return actor_of(Account.objects.get(username=AT["county-officer"][0]), today=FIRST_DAY)


def member_of_home_village() -> Account:
    """Who went from door to door there in the last weeks."""
    return Account.objects.get(username=AT["village-member"][0])


def officer_of_county() -> Account:
    """Who keeps the county's organisations."""
    return Account.objects.get(username=AT["county-officer"][0])


def _appoint(account: Account, role: str, region: str, federations: dict[str, Organisation]) -> None:
    Appointment.objects.create(
        account=account,
        role=role,
        region=region,
        programmes=PROGRAMMES.get(role),
        organisation=federations[region],
        starts=FIRST_DAY,
        granted_by="demo",
        because="演示",
    )
