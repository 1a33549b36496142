"""Ways in that are none: others' sittings, addresses that lead elsewhere, headers, paths, fetching, two at once."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.base.days import today
from lianxin.base.errors import Problems, Refused
from lianxin.exchange.imports.batches import Handed, columns_of, settle_columns, take_in
from lianxin.exchange.imports.installed import KINDS
from lianxin.exchange.imports.staging import read_on
from lianxin.files import kinds, papers, pictures
from lianxin.net import reviews, second_factor
from lianxin.net.models import Account, Appointment, Organisation
from lianxin.net.signin import PENDING
from tests.attacks.forms import browser
from tests.cast import LIANFENG, NOW, PASSWORD, Cast, lay_cast
from tests.files.samples import document, package, pdf, picture
from tests.house.source import modules

SECRET = base64.b32encode(b"12345678901234567890").decode()
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "http:///evil.example",
    " //evil.example",
    "/%0d%0aX: y",
    "/\r\nSet-Cookie: a=b",
    "//evil.example@127.0.0.1/",
    "https://127.0.0.1@evil.example/",
)


# ── sittings ─────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("planted", ["a" * 32, "x", "../../etc", "' OR 1=1 --", "a\x00b"])
def test_a_key_that_somebody_planted_is_never_taken_on(cast: Cast, planted: str) -> None:
    client = Client()
    client.cookies["lianxin"] = planted
    client.post(reverse("sign-in"), {"username": "cast.member", "password": PASSWORD})

    assert client.cookies["lianxin"].value != planted
    thief = Client()
    thief.cookies["lianxin"] = planted
    assert thief.get(reverse("me")).status_code == 302


@pytest.mark.django_db
def test_the_key_changes_at_the_door_and_again_at_the_code(cast: Cast) -> None:
    second_factor.set_up(cast.accounts["chair"], SECRET, "287082", now=dt.datetime.fromtimestamp(59, dt.UTC))
    client = Client()
    client.post(reverse("sign-in"), {"username": "cast.chair", "password": PASSWORD})
    half = client.cookies["lianxin"].value
    watcher = Client()
    watcher.cookies["lianxin"] = half
    codes = second_factor._fresh_codes(cast.accounts["chair"])

    client.post(reverse("sign-in-code"), {"code": codes[0]})

    assert client.cookies["lianxin"].value != half
    assert client.get(reverse("me")).status_code == 200
    assert watcher.get(reverse("me")).status_code == 302
    assert PENDING not in client.session


# ── where an address leads ───────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize("onward", ELSEWHERE)
def test_no_address_of_ours_leads_to_another_house(cast: Cast, onward: str) -> None:
    signing = Client().post(reverse("sign-in"), {"username": "cast.member", "password": PASSWORD, "next": onward})
    looks = Client().post(reverse("appearance"), {"theme": "dark", "elder": "no", "next": onward})
    member = browser(cast, "member").post(reverse("appearance"), {"theme": "dark", "elder": "no", "next": onward})

    for answer in (signing, looks, member):
        led = answer.get("Location", "/")
        assert led.startswith("/")
        assert not led.startswith(("//", "/\\", "/\t"))
        assert "evil.example" not in led.split("?")[0]
        assert not any("\n" in value or "\r" in value for _, value in answer.items())
        assert "a" not in answer.cookies


@pytest.mark.django_db
def test_a_name_with_line_ends_makes_no_header(cast: Cast) -> None:
    Organisation.objects.filter(region=LIANFENG).update(name="联丰\r\nSet-Cookie: a=b\r\n\r\n<script>")
    Account.objects.filter(pk=cast.accounts["officer"].pk).update(name="x\r\nSet-Cookie: a=b")

    for name in ("visits-export", "households-export", "listings-export", "organisations"):
        answer = browser(cast, "officer").get(reverse(name))
        assert answer.status_code == 200
        assert not any("\n" in value or "\r" in value for _, value in answer.items())
        assert "a" not in answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/static/../keys/django",
        "/static/%2e%2e/keys/django",
        "/static/..%2f..%2fkeys%2fdjango",
        "/static//etc/passwd",
        "/static/lianxin/../../../settings.py",
        "/static/lianxin/%00.css",
        "/listings/../keys/",
        "/imports/..%2f/template/",
        "/reports/annual-duties/..%2f..%2fkeys/",
        "/figures/..%2f..%2f/",
        "/files/../../x",
        "/\x00",
        "/%ff%fe",
        "/a" * 2_000,
    ],
)
def test_no_path_leads_out_of_the_house(cast: Cast, path: str) -> None:
    answer = browser(cast, "officer").get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content

    assert answer.status_code in (301, 302, 400, 404)
    for secret in django_settings.HOME.keys.iterdir():
        assert secret.read_bytes().strip() not in body
    assert b"root:" not in body


FETCHING = re.compile(
    r"^\s*(?:from|import) (urllib\.request|urllib3|http\.client|requests|httpx|aiohttp|ftplib|smtplib|socket|xmlrpc)\b",
    re.M,
)


def test_nothing_of_the_house_fetches_anything() -> None:
    """No request to another machine can be forged where none can be made: only the proxyless server binds a port."""
    found = {(module.path, match[1]) for module in modules() for match in FETCHING.finditer(module.text)}

    assert {path for path, _ in found} <= {"lianxin/cli/serve.py"}, found


# ── files and tables ─────────────────────────────────────────────────────────

WORTHY = (picture(), picture(kind="PNG"), picture(kind="WEBP"), pdf(), document("告诫书"), package({}))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of EXIF that is broken
@settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_file_with_bytes_turned_round_is_taken_or_refused_in_words(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(WORTHY)))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    handed = bytes(content[:cut]) + data.draw(st.binary(max_size=20))
    kind = kinds.sniff(handed)
    if kind is None:
        return
    try:
        clean = pictures.repainted(handed, kind) if kind.is_picture else handed
        if not kind.is_picture:
            papers.require_harmless(handed, kind)
    except Refused as refused:
        told = (refused.field, refused.message[-1])
    else:
        told = (kinds.sniff(clean) is kind, "taken")
    assert told in (("file", "。"), (True, "taken"))


CELL = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "张桂英",
            "户主",
            "2021-12-20",
            "9" * 30,
            "=1+1",
            "@SUM(A1)",
            "-1",
            "11010519491231002X",
            "1380573",
            "\x00",
            '"',
            "\r",
        ]
    ),
)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_importer_takes_wild_tables(cast: Cast, kind: str) -> None:
    actor = cast.actor("officer")
    known = [asked.label for asked in (*KINDS[kind].asked(), *KINDS[kind].also())]
    told: list[str] = []

    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        header=st.lists(st.one_of(st.sampled_from(known), st.text(max_size=8)), min_size=1, max_size=6),
        rows=st.lists(st.lists(CELL, max_size=7), max_size=4),
    )
    def fuzz(header: list[str], rows: list[list[str]]) -> None:
        text = "\n".join(",".join(line) for line in [header, *rows])
        try:
            batch = take_in(actor, kind, Handed(io.BytesIO(text.encode("utf-8", "replace")), "t.csv"), at=NOW)
            settle_columns(actor, batch.pk, [each.field for each in columns_of(batch)], village="", at=NOW)
            read_on(actor, batch.pk, at=NOW)
        except (Refused, Problems) as error:
            told.append(str(error))

    fuzz()
    assert all(told)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_importer_takes_wild_bytes(cast: Cast, kind: str) -> None:
    actor = cast.actor("officer")
    told: list[str] = []

    @settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        start=st.sampled_from([b"", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]),
        rest=st.binary(max_size=200),
    )
    def fuzz(start: bytes, rest: bytes) -> None:
        for name in ("t.csv", "t.xlsx"):
            try:
                take_in(actor, kind, Handed(io.BytesIO(start + rest), name), at=NOW)
            except (Refused, Problems) as error:
                told.append(str(error))

    fuzz()
    assert told
    assert all(told)


# ── two at once ──────────────────────────────────────────────────────────────


def at_once(act: Callable[[], None], times: int = 4) -> list[str]:
    """The same act from several threads; what each was told, "" for done."""
    told: list[str] = []
    ready = threading.Barrier(times)

    def run() -> None:
        ready.wait()
        try:
            act()
            told.append("")
        except Refused as refusal:
            told.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_a_code_used_by_several_at_once_lets_one_in(transactional_db: None) -> None:
    chair = lay_cast().accounts["chair"]
    codes = second_factor.set_up(chair, SECRET, "287082", now=dt.datetime.fromtimestamp(59, dt.UTC))
    later = dt.datetime.fromtimestamp(1111111109, dt.UTC)

    by_telephone = at_once(lambda: second_factor.require_code(chair, "081804", now=later))
    by_paper = at_once(lambda: second_factor.require_code(chair, codes[0], now=later))

    assert [told for told in by_telephone if not told] == [""]
    assert [told for told in by_paper if not told] == [""]


def test_a_right_withdrawn_by_several_at_once_is_withdrawn_once(transactional_db: None) -> None:
    cast = lay_cast()
    security, row = cast.actor("security"), Appointment.objects.get(account=cast.accounts["member"])
    right = reviews.right_for(security, row.pk, today=today())

    told = at_once(lambda: reviews.withdraw(security, right, because="不再担任", today=today()))

    assert told == ["", *["这个岗位已经结束了。"] * 3]


def test_two_sign_ins_with_wrong_passwords_at_once_are_both_counted(transactional_db: None) -> None:
    lay_cast()

    def knock() -> None:
        for _ in range(2):
            Client().post(reverse("sign-in"), {"username": "cast.member", "password": "wrong-Heron-9"})

    at_once(knock)
    answer: Any = Client().post(reverse("sign-in"), {"username": "cast.member", "password": PASSWORD})

    assert (answer.status_code, "请等 15 分钟" in answer.content.decode()) == (400, True)
