"""What goes out as a ledger comes in again: recognised where it stands, whole where it does not."""

from __future__ import annotations

import io

import pytest

from lianxin.exchange.imports.applying import begin_undo, work_on
from lianxin.exchange.imports.batches import Handed
from lianxin.exchange.ledgers import households_ledger, persons_ledger
from lianxin.exchange.sheets import write_ledger
from lianxin.register.models import Household, Person
from tests.cast import LIANFENG, NOW, Cast
from tests.exchange.tables import handed, workbook
from tests.exchange.test_imports_files import applied, household_of, read
from tests.exchange.test_imports_life import FAMILY, counted

pytestmark = pytest.mark.django_db


def ledger(cast: Cast, kind: str) -> Handed:
    """The clerk's ledger, as the page gives it."""
    actor, make = cast.actor("clerk"), {"persons": persons_ledger, "households": households_ledger}[kind]
    rows = Household.objects.seen_by(actor).filter(until__isnull=True).order_by("region", "place", "id")
    file = io.BytesIO()
    write_ledger(make(actor, rows, where="凤桥镇", at=NOW), file)
    return Handed(file, f"{kind}.xlsx")


@pytest.mark.parametrize(("kind", "rows"), [("persons", 10), ("households", 5)])
def test_a_ledger_handed_in_again_changes_nothing(cast: Cast, kind: str, rows: int) -> None:
    """Three households of two in the clerk's town, and a family of four in two."""
    applied(cast, read(cast, handed(workbook(*FAMILY))))
    before = Person.objects.unscoped("test").count()

    again = applied(cast, read(cast, ledger(cast, kind), kind=kind, village=""))

    assert counted(cast, again) == {"known": rows}
    assert Person.objects.unscoped("test").count() == before


def test_people_who_are_gone_come_back_whole_but_for_their_numbers(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))
    out = ledger(cast, "persons")
    begin_undo(cast.actor("clerk"), batch.pk, because="演练", at=NOW)
    work_on(cast.actor("clerk"), batch.pk, seconds=60, at=NOW)

    again = applied(cast, read(cast, out, village=""))

    assert counted(cast, again) == {"known": 6, "applied": 4}
    assert household_of("孙阿妹") == [("钱大福", "head"), ("孙阿妹", "spouse"), ("钱小花", "child")]
    back = Person.objects.unscoped("test").get(name="钱小花")
    assert (back.birth and back.birth.isoformat(), back.region) == ("1990-03-03", LIANFENG)
    assert again.notes[-1] == "有 4 个号码是遮住的（138····2764），没有读。"


def test_a_masked_number_is_not_taken_for_a_number(cast: Cast) -> None:
    table = (*FAMILY[:1], ("联丰村", "冯甲", "户主", "330···········0028", "1980-01-01", "138····2764"))
    batch = applied(cast, read(cast, handed(workbook(*table))))

    person = Person.objects.unscoped("test").get(name="冯甲")
    assert counted(cast, batch) == {"applied": 1}
    assert not person.id_number
    assert not person.phone
