"""Writers who race on PostgreSQL for records, subjects, cells; a seal and a rebuild among them. SQLite queues them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, Period
from lianxin.base.errors import Refused
from lianxin.ledger.models import Batch, Fact
from lianxin.ledger.rebuild import rebuild
from lianxin.ledger.seals import seal_period
from lianxin.ledger.standing import net_of
from lianxin.ledger.verify import verify
from tests.ledger.toy import COUNTY, FAR_VILLAGE, NEXT_VILLAGE, VILLAGE, draft, officer, posted, posting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
WRITERS, EACH = 6, 40
VILLAGES = (VILLAGE, NEXT_VILLAGE, FAR_VILLAGE)
DAYS = ("2021-01-31", "2021-03-05", "2021-07-01")


def in_a_thread(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run


def writer(seed: int) -> Callable[[], None]:
    """Amends the same ten records as everybody else, about the same four families; two records at a time."""

    def work() -> None:
        dice = random.Random(seed)
        for revision in range(EACH):
            records = dice.sample(range(10), 2)
            facts = [
                draft(subject=f"H{dice.randrange(4)}", region=dice.choice(VILLAGES), day=dice.choice(DAYS))
                for _ in range(dice.randrange(3))
            ]
            posted(*(posting(f"R{record}", *facts, revision=revision) for record in records))

    return in_a_thread(work)


def test_nothing_is_lost_or_counted_twice() -> None:
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        done = [pool.submit(writer(seed)) for seed in range(WRITERS)]
        done += [pool.submit(in_a_thread(lambda: [rebuild() for _ in range(5)] and None))]
        for future in done:
            future.result(timeout=120)

    assert verify().differences == ()
    assert list(Batch.objects.order_by("no").values_list("no", flat=True)) == list(range(1, Batch.objects.count() + 1))
    assert all(n in (100, 200) for net in net_of(f"R{record}" for record in range(10)).values() for n in net.values())


def test_a_seal_lets_those_finish_who_have_begun_and_nobody_slip_in_behind() -> None:
    march = Period.parse("2021-03")

    def work() -> None:
        for number in range(EACH):
            try:
                posted(posting(f"{dice.random()}"[:20] + str(number), draft(day="2021-03-05")))
            except Refused:
                return

    def close() -> None:
        with transaction.atomic():
            seals.append(
                seal_period(
                    officer(Verb.PERIOD_SEAL),
                    region=COUNTY,
                    period=march,
                    because="",
                    at=dt.datetime(2022, 1, 1, tzinfo=SHANGHAI),
                )
            )

    dice, seals = random.Random(5), []
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        done = [pool.submit(in_a_thread(work)) for _ in range(WRITERS)]
        done.append(pool.submit(in_a_thread(close)))
        for future in done:
            future.result(timeout=120)

    assert not Fact.objects.filter(batch__gt=seals[0].watermark).exists()
    assert verify().differences == ()
