"""Every form of the house, read from its pages as a browser reads them: a new one is attacked unasked."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from lianxin.catalog.current import catalog
from lianxin.net.signin import WITH_CODE
from tests.cast import Cast
from tests.house.test_matrix import ANYBODY, COLUMNS, FILE, places

LEAVES = ("sign-out", "sittings-end", "sitting-end")  # would end the attacker's own sitting
# Whoever may do most comes first.
_ORDER = ("officer", "chair", "administrator", "security", "clerk", "member", "audit", "leader", "strange_officer")


@dataclass
class Input:
    """One name of a form: its type, what it says, what could be chosen."""

    name: str
    type: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.type in ("text", "search", "password", "textarea", "tel", "email")


@dataclass
class Form:
    """Where it goes and what it holds; `who` may open its page."""

    page: str
    action: str
    who: str
    inputs: list[Input]

    def __str__(self) -> str:
        return f"{self.action} by {self.who}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, Input]]] = []
        self._open: dict[str, Input] | None = None
        self._select: Input | None = None
        self._area: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {} if said.get("method", "").lower() == "post" else None
            if self._open is not None:
                self.forms.append((said.get("action", ""), self._open))
        elif self._open is None or not said.get("name"):
            if tag == "option" and self._select is not None:
                self._select.options.append(said.get("value", ""))
        elif tag == "select":
            self._select = self._open.setdefault(said["name"], Input(said["name"], "select"))
        elif tag == "textarea":
            self._area = self._open.setdefault(said["name"], Input(said["name"], "textarea"))
        elif tag in ("input", "button"):
            self._put(self._open, tag, said)

    def _put(self, form: dict[str, Input], tag: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text") if tag == "input" else "button"
        found = form.setdefault(said["name"], Input(said["name"], kind))
        if kind in ("radio", "checkbox", "button"):
            found.options.append(said.get("value", "on"))
            if "checked" in said:
                found.values.append(said.get("value", "on"))
        else:
            found.values.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values.append(data)


def forms_in(page: str, html: str, who: str) -> Iterator[Form]:
    reader = _Reader()
    reader.feed(html)
    for action, inputs in reader.forms:
        kept = [each for name, each in inputs.items() if name != "csrfmiddlewaretoken"]
        yield Form(page, action or page, who, kept)


def browser(cast: Cast, who: str) -> Client:
    """Signed in with everything asked of her; an error of ours is an answer, not a traceback."""
    client = Client(raise_request_exception=False)
    if who != ANYBODY:
        client.force_login(cast.accounts[who])
        session = client.session
        session[WITH_CODE] = True
        session.save()
    return client


def pages(cast: Cast) -> list[tuple[str, str]]:
    """Every address once that somebody may open, with somebody who may: (path, who)."""
    with FILE.open(encoding="utf-8", newline="") as file:
        matrix = {(row["address"], row["target"], row["method"]): row for row in csv.DictReader(file)}
    found: dict[str, tuple[str, str]] = {}
    for (name, target), path in places(cast):
        row = matrix.get((name, target, "GET"), {})
        who = next((each for each in (*_ORDER, *COLUMNS) if row.get(each) == "200"), None)
        if who is not None:
            found.setdefault(name, (path, who))
    return [*found.values(), *((path, "chair") for path in _pages_of_programmes(cast))]


def _pages_of_programmes(cast: Cast) -> Iterator[str]:
    """A list asks what its own file says: its form is another page."""
    household = next(iter(cast.households.values()))[0]
    base = reverse("listing-new", args=["household", household])
    for spec in catalog().programmes.values():
        if spec.kind == "listing" and "household" in spec.subjects:
            yield f"{base}?list={spec.code}"


def every_form(cast: Cast, at: list[tuple[str, str]] | None = None) -> list[Form]:
    """Each form once: by the name of where it goes and what it asks."""
    clients: dict[str, Client] = {}
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for path, who in at or pages(cast):
        client = clients.setdefault(who, browser(cast, who))
        answer = client.get(path)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for form in forms_in(path, answer.content.decode(), who):
            name = _named(form.action)
            if name and name not in LEAVES:
                found.setdefault((name, tuple(each.name for each in form.inputs)), form)
    return list(found.values())


def _named(path: str) -> str:
    """The name of an address; "" for what leads nowhere here."""
    try:
        return resolve(path.split("?")[0]).url_name or ""
    except Resolver404:
        return ""


Filler = Callable[[Input], list[str]]


def filled(form: Form, fill: Filler) -> dict[str, list[str]]:
    """A form as it would be sent, text by `fill`, everything else as it stands or the first that can be chosen."""
    said: dict[str, list[str]] = {}
    for each in form.inputs:
        if each.is_text:
            said[each.name] = fill(each)
        elif each.type == "file":
            continue
        else:
            chosen = [value for value in (*each.values, *each.options) if value]
            said[each.name] = chosen[:1]
    return said


def sent(client: Client, form: Form, said: dict[str, Any], *, keep: bool = False) -> Any:
    """The answer; what the request changed is undone unless it is to be kept."""
    with transaction.atomic():
        answer = client.post(form.action, said)
        if not keep:
            transaction.set_rollback(True)
    return answer
