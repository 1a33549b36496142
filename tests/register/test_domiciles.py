"""人户分离: said for the village she lives in, from a day on, the address away from here under seal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lianxin.base.errors import Forbidden, Problems, Unseen
from lianxin.records.merging import merge
from lianxin.register.actions import move_household
from lianxin.register.aliases import with_merged
from lianxin.register.domiciles import Domiciled, count_apart, domicile_of, people_apart, read_domiciles, say_domicile
from lianxin.register.drafts import Apart
from lianxin.register.models import Domicile, Membership
from lianxin.register.queries import reveal
from tests.cast import LIANFENG, NOW, SANXING, Cast, lay_cast

pytestmark = pytest.mark.django_db
ADDRESS = "河南省周口市商水县示例镇三号院"
ALL = "the test looks at every row"


@pytest.fixture
def cast() -> Cast:
    return lay_cast()


def head_of(cast: Cast, village: str = LIANFENG, number: int = 0) -> str:
    rows = Membership.objects.unscoped(ALL).filter(household_id=cast.households[village][number])
    return rows.order_by("id").values_list("person_id", flat=True)[0]


def say(cast: Cast, person: str, who: str = "member", **said: str) -> Domiciled:
    values = {"state": "registered-away", "elsewhere": ADDRESS, "since": "2021-03-01"} | said
    return say_domicile(cast.actor(who), person, at=NOW, **values)  # type: ignore[arg-type]


def now_of(cast: Cast, person: str, region: str = LIANFENG) -> Domiciled | None:
    return domicile_of(cast.actor("officer"), with_merged([person]), region=region)


def test_what_is_said_holds_from_its_day_and_the_address_is_sealed(cast: Cast) -> None:
    zhang = head_of(cast)

    said = say(cast, zhang)

    assert (said.state, said.since, said.has_address) == (Apart.REGISTERED_AWAY, dt.date(2021, 3, 1), True)
    assert now_of(cast, zhang) == said
    with connection.cursor() as cursor:
        cursor.execute("SELECT elsewhere FROM register_domicile")
        assert "周口".encode() not in bytes(cursor.fetchone()[0])
    assert reveal(cast.actor("member"), zhang, "elsewhere", "核对流动人口", at=NOW) == ADDRESS


def test_a_later_word_ends_the_earlier_one_and_keeps_the_address_while_the_state_stays(cast: Cast) -> None:
    zhang = head_of(cast)
    say(cast, zhang)

    say(cast, zhang, elsewhere="", since="2021-06-01")
    assert reveal(cast.actor("member"), zhang, "elsewhere", "核对流动人口", at=NOW) == ADDRESS

    say(cast, zhang, state="together", elsewhere="", since="2021-09-01")
    kept = Domicile.objects.unscoped(ALL).filter(person=zhang).order_by("starts")
    assert [(row.state, row.starts.month, row.ends and row.ends.month) for row in kept] == [
        ("registered-away", 3, 6),
        ("registered-away", 6, 9),
        ("together", 9, None),
    ]
    assert not people_apart(cast.actor("officer")).exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "somewhere"}, "state"),
        ({"state": "together"}, "elsewhere"),
        ({"elsewhere": "豫"}, "elsewhere"),
        ({"since": "2999-01-01"}, "since"),
        ({"since": "三月"}, "since"),
    ],
)
def test_what_cannot_be_is_said_by_the_field_and_nothing_is_written(
    cast: Cast, said: dict[str, str], field: str
) -> None:
    zhang = head_of(cast)

    with pytest.raises(Problems) as caught:
        say(cast, zhang, **said)

    assert [item.field for item in caught.value.items] == [field]
    assert now_of(cast, zhang) is None


def test_a_day_before_what_is_on_file_is_refused(cast: Cast) -> None:
    zhang = head_of(cast)
    say(cast, zhang)

    with pytest.raises(Problems, match="另有登记"):
        say(cast, zhang, since="2021-02-01")


def test_of_the_village_she_left_it_says_nothing_any_more(cast: Cast) -> None:
    zhang = head_of(cast)
    say(cast, zhang)

    move_household(cast.actor("clerk"), cast.households[LIANFENG][0], to=SANXING, on="2021-07-01", place="", at=NOW)

    assert now_of(cast, zhang, SANXING) is None
    say(cast, zhang, "clerk", state="living-away", elsewhere="", since="2021-05-01")  # said of the new village
    assert now_of(cast, zhang, SANXING) is not None


def test_only_who_writes_there_may_say_it_and_only_who_reads_there_counts_it(cast: Cast) -> None:
    zhang = head_of(cast)
    say(cast, zhang)

    with pytest.raises(Unseen):
        say(cast, zhang, "strange_officer")
    with pytest.raises((Unseen, Forbidden)):
        say(cast, zhang, "leader")
    assert count_apart(cast.actor("clerk")) == {Apart.REGISTERED_AWAY: 1}
    assert count_apart(cast.actor("strange_officer")) == {}
    assert count_apart(cast.actor("clerk"), SANXING) == {}
    assert [row.person for row in read_domiciles(people_apart(cast.actor("member"), state="living-away"))] == []


def test_whoever_was_merged_into_her_brings_what_was_said(cast: Cast) -> None:
    zhang, zhou = head_of(cast), head_of(cast, number=1)
    say(cast, zhou)

    merge(cast.actor("officer"), zhang, zhou, because="核对过，是同一个人", at=NOW)

    assert now_of(cast, zhang) is not None
    assert reveal(cast.actor("member"), zhang, "elsewhere", "核对流动人口", at=NOW) == ADDRESS


def test_the_page_asks_says_and_lists_it_and_the_address_stands_nowhere(cast: Cast) -> None:
    zhang = head_of(cast)
    client = Client()
    client.force_login(cast.accounts["chair"])
    form = reverse("domicile", args=[zhang])

    wrong = client.post(form, {"state": "", "elsewhere": ADDRESS, "since": "2021-03-01"})
    assert wrong.status_code == 400
    assert ADDRESS in wrong.content.decode()  # nothing typed is lost
    right = client.post(form, {"state": "registered-away", "elsewhere": ADDRESS, "since": "2021-03-01"})
    assert right.status_code == 302

    person = client.get(reverse("person", args=[zhang])).content.decode()
    assert "人住在这里，户口在外地（2021年3月1日起）" in person
    listed = client.get(reverse("apart")).content.decode()
    assert "人在户不在 1 人" in listed
    assert "张桂英" in listed
    again = client.get(form).content.decode()
    assert "周口" not in person + listed + again
    assert client.get(reverse("apart-export")).status_code == 200
    sheet = client.post(reverse("apart-export"), {"because": "核对流动人口"})
    assert sheet.headers["Content-Type"].endswith("spreadsheetml.sheet")
