"""Through every form of the house: markup stays text, wild values are refused in words, no token no act, no extras."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.net.models import Account, Appointment
from tests.attacks.forms import Form, browser, every_form, filled, pages, sent
from tests.cast import LIANFENG, Cast
from tests.house.addresses import addresses

pytestmark = pytest.mark.django_db
MARKUP = "\"><script>x()</script>'<img src=x onerror=x()>"
SHORT = "<script>x()</script>"
DAY = "2021-12-20"


class Looker(HTMLParser):
    """What in a page would run: a script of its own text, an on… attribute, an address of javascript."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or re.match(r"\s*(javascript|data|vbscript):", value or "", re.I):
                self.runs.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.runs.append(data)


def what_runs(answer: Any) -> list[str]:
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return []
    looker = Looker()
    looker.feed(answer.content.decode())
    return looker.runs


@pytest.fixture
def forms(cast: Cast) -> list[Form]:
    found = every_form(cast)
    assert len(found) > 40, "the walk has lost its way"
    return found


def test_markup_in_every_text_field_stays_text_on_every_page(cast: Cast, forms: list[Form]) -> None:
    clients = {who: browser(cast, who) for who in {form.who for form in forms}}
    wrong: list[str] = []
    kept = 0
    onward: set[tuple[str, str]] = set()
    for form in forms:
        for text in (MARKUP, SHORT):

            def said(each: Any, text: str = text) -> list[str]:
                plain = any(word in each.name for word in ("day", "date", "since", "starts", "ends", "birth", "_on"))
                return [DAY] if plain else [text]

            is_own = form.action in (reverse("password-change"), reverse("second-factor"))
            answer = sent(clients[form.who], form, filled(form, said), keep=not is_own)
            wrong += [f"{form}: {each}" for each in what_runs(answer)]
            if answer.status_code == 302 and not is_own:
                kept += 1
                onward.add((answer["Location"], form.who))
    for path, who in {*pages_of(cast), *onward}:
        if path.startswith("/"):
            wrong += [
                f"{path} by {who}: {each}" for each in what_runs(clients.setdefault(who, browser(cast, who)).get(path))
            ]

    assert wrong == []
    assert kept > 15, "hardly anything was kept, so hardly anything was shown"


def pages_of(cast: Cast) -> list[tuple[str, str]]:
    """The lists and first pages, where what was kept turns up."""
    plain = [
        each.name for each in addresses() if not each.has_arguments and each.name not in ("sign-out", "appearance")
    ]
    return [(reverse(name), who) for who in ("officer", "administrator") for name in plain]


WILD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "a\x00b",
            "\ud7ff",
            "\ufffe",
            "𠮷" * 30,
            "9" * 40,
            "-1",
            "1e309",
            "NaN",
            "Infinity",
            "0x10",
            "²",
            "٣",
            "9999-12-31",
            "0001-01-01",
            "2021-02-30",
            "0000-00-00",
            "20211220",
            "1",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "null",
            "330402100222",
            "33",
            "{}",
            "[]",
            "../../x",
            "%00",
            "' OR 1=1 --",
            "{{7*7}}",
            "${7*7}",
            "x" * 6_000,
            "\u202e",
            "\r\n",
        ]
    ),
)


def test_wild_values_are_answered_and_never_break_the_server(cast: Cast, forms: list[Form]) -> None:
    clients = {who: browser(cast, who) for who in {form.who for form in forms}}
    broken: list[str] = []

    @settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
    @given(data=st.data())
    def fuzz(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        said: dict[str, Any] = {}
        for each in form.inputs:
            if each.type != "file" and data.draw(st.booleans()):
                values = st.lists(WILD | st.sampled_from([*each.values, *each.options, ""]), max_size=2)
                said[each.name] = data.draw(values)
        answer = sent(clients[form.who], form, said)
        if answer.status_code >= 500:
            broken.append(f"{form}: {said!r}")
        assert answer.status_code < 500, f"{form}: {said!r}"

    fuzz()
    assert broken == []


BAD = ("a\x00b", "9" * 40, "x" * 6_000, "0001-01-01", "9999-12-31", "²")


def test_every_field_alone_takes_the_worst_there_is(cast: Cast, forms: list[Form]) -> None:
    """One bad value among good ones gets further in than all bad at once."""
    clients = {who: browser(cast, who) for who in {form.who for form in forms}}
    broken: list[str] = []
    for form in forms:
        good = filled(form, lambda each: [each.values[0] if each.values else "好"])
        for number, each in enumerate(form.inputs):
            if each.type == "file":
                continue
            bad = BAD[number % len(BAD)]
            answer = sent(clients[form.who], form, good | {each.name: [bad]})
            if answer.status_code >= 500:
                broken.append(f"{form}: {each.name}={bad[:20]!r}")

    assert broken == []


QUESTIONS = """
after all before by category day from grade kind level list month next on page period programme purpose q region role
since sort state to type until year
"""


def test_wild_addresses_and_questions_are_answered(cast: Cast) -> None:
    every = pages(cast)
    clients = {who: browser(cast, who) for _, who in every}
    names = QUESTIONS.split()

    @settings(max_examples=120, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        at=st.sampled_from(every),
        asked=st.dictionaries(st.sampled_from(names), WILD, min_size=1, max_size=3),
    )
    def fuzz(at: tuple[str, str], asked: dict[str, str]) -> None:
        path, who = at
        answer = clients[who].get(path.split("?")[0], asked)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code < 500, f"{path} {asked!r}"
        assert what_runs(answer) == []

    fuzz()


def test_no_token_no_act(cast: Cast, forms: list[Form]) -> None:
    done: list[str] = []
    for form in forms:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = browser(cast, form.who).cookies
        answer = sent(client, form, filled(form, lambda _: ["好"]))
        if answer.status_code != 403:
            done.append(f"{form}: {answer.status_code}")

    assert done == []


EXTRAS: dict[str, Any] = {
    "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "pk": "1",
    "key": "x",
    "is_active": "on",
    "is_staff": "1",
    "is_superuser": "1",
    "is_demo": "1",
    "must_change_password": "",
    "password": "pbkdf2",
    "account": "x",
    "by": "x",
    "seal": "open",
    "county": "330411",
    "town": "330411002",
    "recorded_by": "x",
    "set_by": "x",
    "granted_by": "x",
    "verbs": "user.manage",
    "person": "x",
    "organisation": "x",
    "revision": "99",
    "is_void": "1",
    "state": "carried",
    "created_by": "x",
}


def test_what_a_form_does_not_ask_is_not_taken(cast: Cast) -> None:
    """Mass assignment: more is sent along than the form has."""
    administrator = browser(cast, "administrator")
    member = cast.accounts["member"]
    before = Account.objects.filter(pk=member.pk).values().get()

    administrator.post(reverse("user-rename", args=[member.pk]), EXTRAS | {"name": "改过的", "username": "root"})
    after = Account.objects.filter(pk=member.pk).values().get()

    assert {name for name in before if before[name] != after[name]} == {"name"}


def test_an_appointment_takes_neither_verbs_nor_another_account(cast: Cast) -> None:
    administrator = browser(cast, "administrator")
    neighbour = cast.accounts["neighbour"]
    said = {
        "role": "village-chair",
        "county": "330402",
        "town": "330402100",
        "village": LIANFENG,
        "starts": "2021-12-24",
    }

    administrator.post(reverse("user-appoint", args=[neighbour.pk]), EXTRAS | said | {"region": "33"})

    rows = Appointment.objects.filter(granted_by=cast.accounts["administrator"].pk)
    assert {(row.account_id, row.role) for row in rows} <= {(neighbour.pk, "village-chair")}
    assert all(row.region.startswith("330402") for row in rows)


def test_a_record_takes_neither_seal_nor_author_nor_place(cast: Cast) -> None:
    record = cast.visit("member", seal="open", recorded_by="x", region="330411002207", county="330411", is_void=True)

    assert (record.region, record.county, record.recorded_by) == (LIANFENG, "330402", cast.accounts["member"].pk)
    assert not record.is_void
