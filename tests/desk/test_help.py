"""帮助: what it names stands on the pages, and the alarm on the form leads to the answer."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import LIANFENG, Cast
from tests.house.source import PACKAGE

HELP = PACKAGE / "desk" / "templates" / "desk" / "home" / "help.html"
SAYINGS = {"年底有多少份档案"}


def test_every_button_that_help_names_stands_somewhere() -> None:
    elsewhere = "".join(
        file.read_text(encoding="utf-8")
        for suffix in ("*.html", "*.py")
        for file in PACKAGE.rglob(suffix)
        if file != HELP and "/migrations/" not in file.as_posix()
    )

    named = set(re.findall("“([^”]+)”", HELP.read_text(encoding="utf-8"))) - SAYINGS

    assert len(named) > 20
    assert {name for name in named if name not in elsewhere} == set()


@pytest.mark.django_db
def test_the_alarm_on_the_form_leads_to_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])
    form = client.get(reverse("visit-record", args=["household", cast.households[LIANFENG][0]])).content.decode()

    assert f'href="{reverse("help")}#harm"' in form
    assert 'id="harm"' in client.get(reverse("help")).content.decode()


@pytest.mark.django_db
def test_each_role_reads_of_her_own_work(client: Client, cast: Cast) -> None:
    def read(who: str) -> str:
        client.force_login(cast.accounts[who])
        return client.get(reverse("help")).content.decode()

    assert "怎么记一次走访" in read("member")
    assert "怎么开账号" not in read("member")
    assert "按月、按季、按年都可以" in read("officer")
    assert "按月、按季、按年都可以" not in read("chair")
    assert "怎么记一次走访" not in read("administrator")
    assert "怎么开账号" in read("administrator")
