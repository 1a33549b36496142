"""The net's own cast: two neighbouring counties on real ground and the people who run their accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.net.accounts import create_account
from lianxin.net.actors import actor_of
from lianxin.net.appointments import appoint
from lianxin.net.models import Account
from lianxin.net.regions import forget_names, load_regions
from tests.net.netcast import NANHU, PASSWORD, TODAY, XIUZHOU

OpenAccount = Callable[..., Account]


@pytest.fixture(autouse=True)
def _forgotten_names() -> None:
    forget_names()


@pytest.fixture
def ground(db: None) -> None:
    """南湖区 and its neighbour 秀洲区."""
    load_regions(NANHU)
    load_regions(XIUZHOU)


@pytest.fixture
def root() -> Actor:
    """The operator at the command line."""
    return operator(Verb.USER_MANAGE, Verb.USER_READ, Verb.ORGANISATION_WRITE, because="tests set the stage")


@pytest.fixture
def opened(ground: None, root: Actor) -> OpenAccount:
    """An account, appointed where a role and region are given."""

    def open_one(username: str, role: str = "", region: str = "") -> Account:
        account = create_account(root, username=username, name=username, password=PASSWORD).account
        if role:
            appoint(root, account, role=role, region=region, starts=dt.date(2021, 1, 1))
        return account

    return open_one


@pytest.fixture
def administrator(opened: OpenAccount) -> Callable[[str], Actor]:
    """A system administrator of a region, as an actor."""

    def of(region: str) -> Actor:
        return actor_of(opened(f"admin-{region}", "system-administrator", region), today=TODAY)

    return of
