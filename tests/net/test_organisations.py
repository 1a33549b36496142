"""Organisations and the terms of those who sit in them."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from lianxin.access.actor import Actor, Grant, operator
from lianxin.access.verbs import Verb
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.net.federations import found_federations
from lianxin.net.models import FEDERATION, UNIT, Organisation, Post
from lianxin.net.organisations import (
    OrganisationDraft,
    amend_organisation,
    dissolve_organisation,
    federation_of,
    found_organisation,
    organisation_for,
    organisations_seen_by,
    standing,
)
from lianxin.net.posts import PostDraft, leave_post, posts_in, take_post
from lianxin.net.regions import load_regions, withdraw
from tests.net.netcast import FENGQIAO, LIANFENG, NANHU, TODAY, XIUZHOU

CLERK = operator(Verb.ORGANISATION_WRITE, Verb.ORGANISATION_READ, because="tests found organisations")
DAY = dt.timedelta(days=1)


def reader(region: str) -> Actor:
    return Actor("reader", "reader", (Grant("r", frozenset({Verb.ORGANISATION_READ}), region),))


@pytest.fixture
def federations(ground: None) -> None:
    found_federations(CLERK, NANHU)


def test_a_county_gets_one_federation_for_itself_and_each_town_and_village(ground: None) -> None:
    made = found_federations(CLERK, NANHU)

    assert made == 1 + 13 + 143
    assert Counter(Organisation.objects.values_list("level", flat=True)) == {3: 1, 4: 13, 5: 143}
    village = federation_of(LIANFENG)
    assert village is not None
    assert village.name == "联丰村妇联"
    assert village.parent is not None
    assert (village.parent.region, village.parent.name) == (FENGQIAO, "凤桥镇妇联")
    assert village.parent.parent == federation_of(NANHU)


def test_federations_are_founded_once_and_not_where_the_ground_is_gone(ground: None) -> None:
    withdraw(CLERK, LIANFENG, on=TODAY, today=TODAY)

    assert found_federations(CLERK, NANHU) == 156
    assert found_federations(CLERK, NANHU) == 0
    assert federation_of(LIANFENG) is None


def test_federations_need_a_loaded_county(ground: None) -> None:
    for region in (FENGQIAO, "330481"):
        with pytest.raises(Refused):
            found_federations(CLERK, region)

    assert Organisation.objects.count() == 0


def test_everybody_sees_the_organisations_of_her_own_ground_only(federations: None) -> None:
    found_federations(CLERK, XIUZHOU)

    assert organisations_seen_by(reader(FENGQIAO)).count() == 1 + 12
    assert organisations_seen_by(reader(NANHU)).count() == 157
    assert organisations_seen_by(Actor("nobody", "nobody")).count() == 0
    neighbour = federation_of(XIUZHOU)
    assert neighbour is not None
    with pytest.raises(Unseen):
        organisation_for(reader(NANHU), neighbour.pk)


def test_an_organisation_has_a_parent_above_it_and_a_host(federations: None) -> None:
    county, town = federation_of(NANHU), federation_of(FENGQIAO)
    assert county is not None
    assert town is not None
    unit = found_organisation(CLERK, OrganisationDraft("某纺织厂", UNIT, FENGQIAO), today=TODAY)
    draft = OrganisationDraft("某纺织厂妇委会", "committee", FENGQIAO, town.pk, unit.pk, dt.date(2020, 3, 8))

    committee = found_organisation(CLERK, draft, today=TODAY)

    assert (committee.parent, committee.host, committee.level) == (town, unit, 4)
    with pytest.raises(Refused, match="上级"):
        found_organisation(CLERK, OrganisationDraft("x", UNIT, NANHU, parent=town.pk), today=TODAY)


@pytest.mark.parametrize(
    ("name", "region", "founded_on", "field"),
    [
        ("", FENGQIAO, None, "name"),
        ("凤桥镇妇联", FENGQIAO, None, "name"),
        ("妇女微家", "330402100999", None, "region"),
        ("妇女微家", FENGQIAO, TODAY + DAY, "founded_on"),
        ("妇女微家", FENGQIAO, dt.date(1948, 12, 31), "founded_on"),
        ("妇女微家", FENGQIAO, None, "founded_on"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused_by_its_field(
    federations: None, name: str, region: str, founded_on: dt.date | None, field: str
) -> None:
    draft = OrganisationDraft(name, "micro-home", region, founded_on=founded_on)

    with pytest.raises(Refused) as refusal:
        found_organisation(CLERK, draft, today=TODAY)

    assert refusal.value.field == field


def test_nobody_founds_or_renames_next_door(federations: None) -> None:
    neighbour = Actor("x", "x", (Grant("r", frozenset({Verb.ORGANISATION_WRITE}), XIUZHOU),))
    town = federation_of(FENGQIAO)
    assert town is not None

    with pytest.raises(Forbidden):
        found_organisation(neighbour, OrganisationDraft("x", UNIT, FENGQIAO), today=TODAY)
    with pytest.raises(Forbidden):
        amend_organisation(neighbour, town, OrganisationDraft("x", "", ""), today=TODAY)
    renamed = amend_organisation(CLERK, town, OrganisationDraft("凤桥镇妇女联合会", "", ""), today=TODAY)
    assert (renamed.name, renamed.type, renamed.region) == ("凤桥镇妇女联合会", FEDERATION, FENGQIAO)


def test_a_body_stands_from_its_founding_to_before_its_dissolution(federations: None) -> None:
    town, village = federation_of(FENGQIAO), federation_of(LIANFENG)
    assert town is not None
    assert village is not None

    with pytest.raises(Refused, match="下面还有组织"):
        dissolve_organisation(CLERK, town, on=TODAY, today=TODAY)
    dissolve_organisation(CLERK, village, on=TODAY, today=TODAY)

    assert Organisation.objects.filter(standing(TODAY - DAY), pk=village.pk).exists()
    assert not Organisation.objects.filter(standing(TODAY), pk=village.pk).exists()
    assert federation_of(LIANFENG) is None
    with pytest.raises(Refused, match="已经撤销"):
        dissolve_organisation(CLERK, village, on=TODAY, today=TODAY)


# ── posts ────────────────────────────────────────────────────────────────────


@pytest.fixture
def village(federations: None) -> Organisation:
    found = federation_of(LIANFENG)
    assert found is not None
    return found


def test_a_term_runs_from_its_first_day_to_before_its_last(village: Organisation) -> None:
    draft = PostDraft(new_id(), village, "主席", dt.date(2016, 7, 1), dt.date(2021, 7, 1))

    post = take_post(CLERK, draft)

    held = [list(posts_in(reader(LIANFENG), village, on=day)) for day in (dt.date(2016, 6, 30), draft.starts)]
    assert held == [[], [post]]
    assert list(posts_in(CLERK, village, on=dt.date(2021, 6, 30))) == [post]
    assert list(posts_in(CLERK, village, on=TODAY)) == []


def test_the_same_title_twice_at_once_is_refused_but_a_second_term_is_not(village: Organisation) -> None:
    person = new_id()
    take_post(CLERK, PostDraft(person, village, "执委", dt.date(2016, 1, 1), dt.date(2021, 1, 1)))

    with pytest.raises(Refused, match="已经在"):
        take_post(CLERK, PostDraft(person, village, "执委", dt.date(2020, 12, 31)))
    with pytest.raises(Refused, match="已经在"):
        take_post(CLERK, PostDraft(person, village, "执委", dt.date(2015, 1, 1), dt.date(2016, 1, 2)))
    take_post(CLERK, PostDraft(person, village, "执委", dt.date(2021, 1, 1)))
    take_post(CLERK, PostDraft(person, village, "执委", dt.date(2015, 1, 1), dt.date(2016, 1, 1)))
    take_post(CLERK, PostDraft(person, village, "主席", dt.date(2020, 1, 1)))
    take_post(CLERK, PostDraft(new_id(), village, "执委", dt.date(2020, 1, 1)))

    assert Post.objects.count() == 5


def test_a_term_ends_after_it_began_and_a_body_with_people_is_not_dissolved(village: Organisation) -> None:
    post = take_post(CLERK, PostDraft(new_id(), village, "执委", TODAY - DAY))

    with pytest.raises(Refused, match="还有人在任"):
        dissolve_organisation(CLERK, village, on=TODAY, today=TODAY)
    with pytest.raises(Refused):
        leave_post(CLERK, post, on=post.starts)
    leave_post(CLERK, post, on=TODAY)
    dissolve_organisation(CLERK, village, on=TODAY, today=TODAY)
    village.refresh_from_db()
    with pytest.raises(Refused, match="已经撤销"):
        take_post(CLERK, PostDraft(new_id(), village, "执委", TODAY))


def test_posts_are_read_and_written_on_ones_own_ground(village: Organisation) -> None:
    with pytest.raises(Forbidden):
        posts_in(reader(XIUZHOU), village, on=TODAY)
    with pytest.raises(Forbidden):
        take_post(reader(LIANFENG), PostDraft(new_id(), village, "执委", TODAY))


def test_a_draft_without_title_or_with_days_turned_round_is_refused(village: Organisation) -> None:
    for draft in (
        PostDraft(new_id(), village, " ", TODAY),
        PostDraft(new_id(), village, "执委", TODAY, TODAY),
    ):
        with pytest.raises(Refused):
            take_post(CLERK, draft)


def test_loading_more_ground_later_founds_only_what_is_missing(federations: None) -> None:
    load_regions("330421")

    assert found_federations(CLERK, NANHU) == 0
    assert found_federations(CLERK, "330421") == Organisation.objects.filter(region__startswith="330421").count()
