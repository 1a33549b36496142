"""The work that is measured, each beside the same question in plain SQL on the same database."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from django.db import connection

from bench.client import Client, Times, percentiles, processor_seconds, timed, token
from bench.fill import COMMON, RARE
from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import Period, Span
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.demo.accounts import PASSWORD
from lianxin.demo.sums import COUNTY
from lianxin.ledger.folds import by_region_and_period
from lianxin.ledger.selections import selection_of, tallied
from lianxin.ledger.view import LedgerView

TOWN, VILLAGE = "330402100", "330402100222"
TIMES = 100
CLIENTS, EACH = 8, 40


def measure(port: int, server: int) -> Iterator[Times]:
    """Every row of the table, in its order."""
    people = {name: Client(port) for name in ("cunli", "zhenli", "quli")}
    for name, client in people.items():
        client.sign_in(name, PASSWORD)
    yield from _lists(people, server)
    yield from _single(people["zhenli"], server)
    yield from _recording(people["cunli"], server)
    yield _eight(people["cunli"], port, server)
    yield from _county(people["quli"], server)


def _get(client: Client, path: str) -> Callable[[int], None]:
    def act(_: int) -> None:
        status, _page = client.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")

    return act


def _sql(sql: str, *params: object) -> Callable[[], None]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return act


def _lists(people: dict[str, Client], server: int) -> Iterator[Times]:
    areas = {
        "cunli": ("region", VILLAGE, "village"),
        "zhenli": ("town", TOWN, "town"),
        "quli": ("county", COUNTY, "county"),
    }
    for name, (column, code, level) in areas.items():
        newest = f"SELECT * FROM visits_visit WHERE {column} = %s AND NOT is_void"
        tail = "ORDER BY day DESC, seq DESC LIMIT 20"
        client = people[name]
        yield timed(
            f"{level}: newest 20, counted",
            TIMES,
            _get(client, "/visits/"),
            server=server,
            plain=_sql(f"{newest} {tail}", code),
        )
        yield timed(
            f"{level}: one line of work, common word, counted",
            TIMES,
            _get(client, f"/visits/?purpose=grid-walk&q={_quoted(COMMON)}"),
            server=server,
            plain=_sql(f"{newest} AND purposes LIKE %s AND words LIKE %s {tail}", code, "%;grid-walk;%", f"%{COMMON}%"),
        )
        yield timed(
            f"{level}: rare word, counted",
            TIMES,
            _get(client, f"/visits/?q={_quoted(RARE)}"),
            server=server,
            plain=_sql(f"{newest} AND words LIKE %s {tail}", code, f"%{RARE}%"),
        )


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _single(client: Client, server: int) -> Iterator[Times]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, subject FROM visits_visit WHERE town = %s ORDER BY seq LIMIT 50", [TOWN])
        found = cursor.fetchall()

    def visit(number: int) -> None:
        _get(client, f"/visits/{found[number % 50][0]}/")(number)

    def household(number: int) -> None:
        _get(client, f"/households/{found[number % 50][1]}/")(number)

    key, subject = found[0]
    yield timed("one visit", TIMES, visit, server=server, plain=_sql("SELECT * FROM visits_visit WHERE key = %s", key))
    plain = _sql("SELECT * FROM records_entry WHERE subject = %s ORDER BY day DESC", subject)
    yield timed("one household with its history", TIMES, household, server=server, plain=plain)


def _typed(form_token: str, number: int) -> list[tuple[str, str]]:
    return [
        ("csrfmiddlewaretoken", form_token),
        ("id", new_id()),
        ("base", "0"),
        ("day", f"2021-{number % 12 + 1:02}-{number % 28 + 1:02}"),
        ("mode", "door"),
        ("why", "four-musts/hardship"),
        ("heard", "孙女三点半就放学，我腿脚慢，赶不上接。"),
        ("people", "2"),
    ]


def _recording(client: Client, server: int) -> Iterator[Times]:
    homes = _homes()
    _, page = client.ask("GET", f"/visits/new/household/{homes[0]}/")
    form_token = token(page)

    def record(number: int) -> None:
        status, text = client.ask(
            "POST", f"/visits/new/household/{homes[number % len(homes)]}/", _typed(form_token, number)
        )
        if status != 302:
            raise RuntimeError(f"not kept: {status} {re.findall('class=.error.*', text)[:2]}")

    yield timed("record a visit, one client", TIMES, record, server=server)


def _homes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM register_household WHERE region = %s ORDER BY id LIMIT 400", [VILLAGE])
        return [key for (key,) in cursor.fetchall()]


def _eight(client_of: Client, port: int, server: int) -> Times:
    homes = _homes()
    took: list[float] = []

    def work(place: int) -> None:
        # One session at eight connections: signing in eight times at once is what the house slows down on purpose.
        client = Client(port, dict(client_of.cookies))
        _, page = client.ask("GET", f"/visits/new/household/{homes[place]}/")
        form_token = token(page)
        ready.wait()
        for number in range(EACH):
            start = time.perf_counter()
            path = f"/visits/new/household/{homes[(place * EACH + number) % len(homes)]}/"
            status, _text = client.ask("POST", path, _typed(form_token, number))
            if status != 302:
                raise RuntimeError(f"not kept: {status}")
            took.append((time.perf_counter() - start) * 1000)

    ready = threading.Barrier(CLIENTS + 1)
    threads = [threading.Thread(target=work, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    ready.wait()
    before, began = processor_seconds(server), time.perf_counter()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    used = (processor_seconds(server) - before) * 1000 / max(len(took), 1)
    return Times("record a visit, eight clients", *percentiles(took), used, len(took) / wall)


def _county(client: Client, server: int) -> Iterator[Times]:
    plain = _sql(
        "SELECT town, substr(CAST(day AS TEXT), 1, 7), count(*), count(DISTINCT subject) FROM visits_visit "
        "WHERE county = %s AND day >= %s AND day < %s AND NOT is_void GROUP BY 1, 2",
        COUNTY,
        "2021-01-01",
        "2022-01-01",
    )
    selections = [selection_of(spec) for spec in catalog().indicators.values() if spec.fold != "ratio" and spec.tally]
    kept = [one for one in selections if tallied().holds(one)]
    view = LedgerView(operator(Verb.FIGURE_READ, because="bench"), COUNTY, Period.of_year(2021))

    def fold(_: int) -> None:
        by_region_and_period(view, kept, level=Level.TOWN, span=Span.MONTH)

    folded = timed(
        f"{len(kept)} figures of a year by town and month: the fold", TIMES, fold, server=server, plain=plain
    )
    yield replace(folded, cpu=0.0)
    path = f"/figures/visits.households/?region={COUNTY}&period=2021"
    yield timed("a figure opened: by town, by month, records", TIMES, _get(client, path), server=server, plain=plain)
