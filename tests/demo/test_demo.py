"""The demo county: published sums, whoever the people are; nobody real; nothing typed."""

import datetime as dt

import pytest

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, Period
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.demo.accounts import AT, demo_accounts
from lianxin.demo.play import lay_demo
from lianxin.demo.sums import COUNTY, PUBLISHED, Published
from lianxin.kinds.listings.models import Listing
from lianxin.ledger.folds import figures
from lianxin.ledger.selections import selection_of
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.net.actors import known_roles
from lianxin.net.models import Organisation
from lianxin.records.postings import unposted
from lianxin.register.models import Household, Person

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
SMALL = Published(
    households_visited=300,
    family_and_women_files=170,
    children_files=12,
    difficulties_solved=21,
    golden_ideas=5,
    disputes_found=41,
    disputes_resolved=33,
    households=330,
    repeat_visits=90,
    family_files=110,
    difficulties_found=30,
    opinions=20,
    deliveries=15,
    givings=18,
    moved=4,
)
"""The same county with fewer people; the full size is played by `lianxin demo`."""


NET = {
    "micro-homes": 101,
    "micro-homes.new": 13,
    "micro-homes.featured.new": 13,
    "member-studios": 14,
    "new-field-federations.new": 8,
    "trade-committees.new": 1,
    "childrens-homes.model.county.new": 15,
    "childrens-homes.model.city.new": 3,
    "alliance-members": 31,
    "helper-groups": 120,
    "guard-teams": 7,
    "federations": 157,
}


def lay(seed: int) -> dict[str, int]:
    lay_demo(seed=seed, now=NOW, progress=lambda _: None, published=SMALL)
    reader = operator(Verb.FIGURE_READ, because="test")
    codes = (
        "visits.households",
        "files.family-and-women",
        "files.children",
        "difficulties.solved",
        "ideas.heard",
        "disputes.found",
        "disputes.resolved",
        *NET,
    )
    view = LedgerView(reader, COUNTY, Period.of_year(2021))
    told = figures(view, [selection_of(catalog().indicator(code)) for code in codes])
    return {code: int(value) for code, value in told.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2021])
def test_any_seed_gives_the_published_sums(seed: int) -> None:
    assert lay(seed) == {
        "visits.households": 300,
        "files.family-and-women": 170,
        "files.children": 12,
        "difficulties.solved": 21,
        "ideas.heard": 5,
        "disputes.found": 41,
        "disputes.resolved": 33,
        **NET,
    }


@pytest.mark.django_db
def test_the_demo_stands_proof_and_is_marked_invented() -> None:
    lay(7)

    assert verify().differences == ()
    assert list(unposted()) == []
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not Household.objects.unscoped("test").filter(is_demo=False).exists()
    assert not Person.objects.unscoped("test").filter(is_demo=False).exists()
    assert all(
        person.id_number.reveal().startswith("99") for person in Person.objects.unscoped("test") if person.id_number
    )


@pytest.mark.django_db
def test_firms_documents_and_mediators_stand_with_all_that_is_asked_of_them() -> None:
    lay(9)
    rows = Listing.objects.unscoped("test").filter(is_void=False)

    firms = rows.filter(programme="caring-firms")
    assert firms.count() == 14
    assert all(row.answers["caring-firms.gives"] for row in firms)
    assert sorted(row.category for row in firms if row.category == "bank") == ["bank", "bank"]
    titles = [row.headline for row in rows.filter(programme="documents")]
    assert len(set(titles)) == 10
    assert all("（示例）" in title for title in titles)
    mediators = list(rows.filter(programme="mediators"))
    assert mediators
    for row in mediators:
        assert {f"mediators.{code}" for code in ("dialect", "skills", "certified", "load")} <= set(row.answers)


@pytest.mark.django_db
def test_there_is_an_account_for_every_role() -> None:
    lay(3)

    assert {role.code for role in known_roles().values()} == set(AT)
    assert len(demo_accounts()) == len(AT)


@pytest.mark.django_db
def test_a_home_with_accounts_is_left_alone() -> None:
    lay(3)

    with pytest.raises(Refused, match="空的文件夹"):
        lay_demo(seed=4, now=NOW, progress=lambda _: None, published=SMALL)


def test_what_is_published_is_what_the_summary_says() -> None:
    assert (
        PUBLISHED.households_visited,
        PUBLISHED.family_and_women_files,
        PUBLISHED.children_files,
        PUBLISHED.difficulties_solved,
        PUBLISHED.golden_ideas,
    ) == (16_704, 9_346, 328, 330, 23)
    assert (
        PUBLISHED.micro_homes,
        PUBLISHED.micro_homes_new,
        PUBLISHED.member_studios,
        PUBLISHED.new_field_federations_new,
        PUBLISHED.alliance_members,
        PUBLISHED.model_homes_county_new,
        PUBLISHED.model_homes_city_new,
        PUBLISHED.helper_groups,
        PUBLISHED.guard_teams,
    ) == (101, 13, 14, 8, 31, 15, 3, 120, 7)
