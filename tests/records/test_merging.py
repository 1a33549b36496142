"""Two registrations made one and taken apart again, with records going in all the while: the books stay right."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.checked import births_of
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.queries import last_visits
from lianxin.ledger.folds import figure
from lianxin.ledger.seals import corrected_since, seal_period, sealed_figure
from lianxin.ledger.selections import selection_of
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.records.care import care_called_for
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.history import timeline
from lianxin.records.merging import Merged, merge, merge_homes, unmerge, unmerge_homes
from lianxin.records.models import Record
from lianxin.records.postings import unposted
from lianxin.register.actions import add_member, amend_person, end_membership, move_household, split_household
from lianxin.register.aliases import same_as, with_merged
from lianxin.register.drafts import MemberDraft, PersonChanges
from lianxin.register.models import Membership, Merge, NameForm, Person
from lianxin.register.queries import person_card
from lianxin.register.rows import FORM
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TODAY, YONGLI, Cast, lay_cast
from tests.register.test_laws import check_laws, everything

pytestmark = pytest.mark.django_db
ALL = "the test looks at every row"
EVERYBODYS_EYES = operator(Verb.REGISTER_READ, because="the laws are about every row")
WHY = "核对过，是同一个人"


def people(cast: Cast) -> list[str]:
    """The heads and children of the cast's households in the county, in a fixed order."""
    homes = [key for village in (LIANFENG, SANXING, YONGLI) for key in cast.households[village]]
    rows = Membership.objects.unscoped(ALL).filter(household_id__in=homes).order_by("id")
    return list(rows.values_list("person_id", flat=True))


def given_to(cast: Cast, person: str, *, day: str = "2021-12-20", who: str = "officer") -> Record:
    giving = {"what": "money", "name": "慰问金", "amount": "500.00"}
    return cast.visit(
        who, subject_type="person", subject=person, day=day, purposes=[{"programme": "paired-help"}], givings=[giving]
    )


def counted(cast: Cast, code: str = "givings.persons") -> int:
    view = LedgerView(cast.actor("officer"), COUNTY, Period.of_year(2021))
    return int(figure(view, selection_of(catalog().indicator(code))))


def assert_books_are_right() -> None:
    assert verify().differences == ()
    assert list(unposted()) == []


def test_she_counts_once_while_merged_and_twice_again_afterwards(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]
    officer = cast.actor("officer")
    given_to(cast, zhang)
    given_to(cast, zhou)
    assert counted(cast) == 2

    done = merge(officer, zhang, zhou, because=WHY, at=NOW)
    assert (done.records, counted(cast)) == (1, 1)
    assert_books_are_right()

    unmerge(officer, done.merge, because="不是同一个人", at=NOW)
    assert counted(cast) == 2
    assert_books_are_right()


def test_what_is_recorded_in_between_stays_with_the_key_it_was_recorded_for(cast: Cast) -> None:
    zhang, _, zhou, _, zhuge = people(cast)[:5]
    officer = cast.actor("officer")
    done = merge(officer, zhang, zhou, because=WHY, at=NOW)
    given_to(cast, zhou)  # from a phone that still had the old key
    given_to(cast, zhang)
    given_to(cast, zhuge)

    assert counted(cast) == 2
    assert len(timeline(officer, with_merged([zhang]))) == 2
    unmerge(officer, done.merge, because="不是同一个人", at=NOW)

    assert counted(cast) == 3
    assert [len(timeline(officer, with_merged([key]))) for key in (zhang, zhou)] == [1, 1]


def test_the_old_key_answers_with_the_card_of_the_one_kept(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]
    officer = cast.actor("officer")
    merge(officer, zhang, zhou, because=WHY, at=NOW)

    card = person_card(officer, zhou, on=TODAY)
    assert card is not None
    assert (card.key, card.name) == (zhang, "张桂英")


def test_the_last_visit_age_and_care_of_somebody_are_found_under_every_key_she_had(cast: Cast) -> None:
    zhang, child, zhou = people(cast)[:3]
    officer = cast.actor("officer")
    given_to(cast, zhang, day="2021-05-05")
    later = given_to(cast, zhou, day="2021-06-06")
    cast.listing(
        "child-in-difficulty",
        "chair",
        subject_type="person",
        subject=child,
        category="left-behind",
        grade="regular",
        on_day="2021-06-01",
    )
    merge(officer, zhang, zhou, because=WHY, at=NOW)
    twin = people(cast)[3]
    merge(officer, twin, child, because="两条登记都是小雨", at=NOW)

    assert same_as([zhang]) == {zhang: (zhang, zhou)}
    assert same_as([zhou, twin]) == {zhou: (zhou, zhang), twin: (twin, child)}
    assert {key: visit.key for key, visit in last_visits(officer, [zhang, zhou]).items()} == {
        zhang: later.key,
        zhou: later.key,
    }
    assert [call.programme for call in care_called_for(officer, with_merged([twin]))] == ["four-musts", "festival-care"]
    amend_person(officer, twin, changes=PersonChanges(birth=dt.date(2011, 9, 1)), at=NOW)
    assert births_of(officer, [child]) == {child: dt.date(2011, 9, 1)}


def test_merging_needs_the_right_to_write_at_both_homes(cast: Cast) -> None:
    zhang, _, zhou, _, zhuge, _, shan = people(cast)[:7]

    with pytest.raises(Unseen):
        merge(cast.actor("member"), zhang, zhuge, because=WHY, at=NOW)
    with pytest.raises(Unseen):
        merge(cast.actor("clerk"), zhang, shan, because=WHY, at=NOW)
    with pytest.raises(Unseen):
        merge(cast.actor("strange_officer"), zhang, zhou, because=WHY, at=NOW)
    with pytest.raises(Refused, match="写明"):
        merge(cast.actor("member"), zhang, zhou, because=" ", at=NOW)
    with pytest.raises(Refused, match="同一条"):
        merge(cast.actor("member"), zhang, zhang, because=WHY, at=NOW)
    assert not Merge.objects.unscoped(ALL).exists()

    done = merge(cast.actor("officer"), zhang, shan, because=WHY, at=NOW)
    for who in ("member", "clerk", "next_clerk"):  # two towns: the county alone sees that they were one
        with pytest.raises(Unseen):
            unmerge(cast.actor(who), done.merge, because=WHY, at=NOW)


def test_a_figure_of_a_sealed_period_moves_by_a_correction_only(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]
    given_to(cast, zhang, day="2021-05-05")
    given_to(cast, zhou, day="2021-06-06")
    half = Period.parse("2021-H1")
    seal_period(cast.actor("officer"), region=COUNTY, period=half, because="半年报已上报", at=NOW)

    with pytest.raises(Refused, match="封账"):
        merge(cast.actor("chair"), zhang, zhou, because=WHY, at=NOW)
    assert person_card(cast.actor("chair"), zhou, on=TODAY).key == zhou  # type: ignore[union-attr]
    merge(cast.actor("officer"), zhang, zhou, because=WHY, at=NOW)

    view = LedgerView(cast.actor("officer"), COUNTY, half)
    selection = selection_of(catalog().indicator("givings.persons"))
    sealed, since = sealed_figure(view, selection), corrected_since(view, selection)
    assert sealed is not None
    assert since is not None
    assert (sealed.value, since.sealed, since.live) == (2, 2, 1)


def test_two_on_one_list_are_not_merged_before_one_is_taken_back(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]
    for person in (zhang, zhou):
        kept = cast.listing("woman-file", subject_type="person", subject=person)

    with pytest.raises(Refused, match="撤回"):
        merge(cast.actor("chair"), zhang, zhou, because=WHY, at=NOW)
    submit(cast.actor("chair"), [Draft("listing", kept.key, {}, Act.VOID, 1, "登记重复")], at=NOW)
    merge(cast.actor("chair"), zhang, zhou, because=WHY, at=NOW)

    with pytest.raises(Refused, match="没填对"):  # she stands on it already, whichever key she is asked by
        cast.listing("woman-file", subject_type="person", subject=zhou)
    assert_books_are_right()


def test_values_corrected_meanwhile_stay_and_the_others_go_back(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]
    chair = cast.actor("chair")
    amend_person(chair, zhou, changes=PersonChanges(name="张贵英", phone="13812342764"), at=NOW)
    done = merge(chair, zhang, zhou, taken=["name", "phone"], because=WHY, at=NOW)
    assert names(zhang) == ("张贵英", "13812342764")

    amend_person(chair, zhang, changes=PersonChanges(phone="13912345678"), at=NOW)
    unmerge(chair, done.merge, because="不是同一个人", at=NOW)

    assert (names(zhang), names(zhou)) == (("张桂英", "13912345678"), ("张贵英", "13812342764"))


def names(key: str) -> tuple[str, str]:
    row = Person.objects.unscoped(ALL).get(id=key)
    return row.name, row.phone.reveal()


# ── random lives ─────────────────────────────────────────────────────────────

ACTS = (
    "give",
    "give",
    "call",
    "amend",
    "void",
    *["merge"] * 3,
    "unite",
    "split",
    "unmerge",
    "rename",
    "leave",
    "join",
    "move",
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9), st.integers(0, 63)), max_size=14
)
FIELDS = ("name", "sex", "birth", "died_on", "id_number", "phone")


class Life:
    """One county while somebody plays with it, and in plain Python what it should count."""

    def __init__(self) -> None:
        self.cast = lay_cast()
        self.officer = self.cast.actor("officer")
        self.people = people(self.cast)
        self.homes = [key for village in (LIANFENG, SANXING, YONGLI) for key in self.cast.households[village]]
        self.given: dict[str, str] = {}  # record → the key it was made with
        self.merges: list[Merged] = []

    def stands_for(self, key: str) -> str:
        for done in reversed(self.merges):  # whoever was merged later may have taken in somebody merged before
            if done.gone == key:
                return self.stands_for(done.kept)
        return key

    def step(self, act: str, one: int, other: int, bits: int) -> None:
        who, whom = self.people[one % len(self.people)], self.people[other % len(self.people)]
        before = everything()
        try:
            with transaction.atomic():
                getattr(self, act)(who, whom, bits)
        except (Refused, Problems):
            assert everything() == before

    def give(self, who: str, _whom: str, _bits: int) -> None:
        self.given[given_to(self.cast, who).key] = who

    def call(self, who: str, _whom: str, bits: int) -> None:
        self.cast.visit("officer", subject=self.homes[bits % len(self.homes)])

    def amend(self, _who: str, _whom: str, bits: int) -> None:
        if self.given:
            key, subject = sorted(self.given.items())[bits % len(self.given)]
            raw = {
                "day": "2021-12-21", "mode": "door", "subject_type": "person", "subject": subject,
                "purposes": [{"programme": "paired-help"}],
                "givings": [{"what": "goods", "name": "米", "amount": f"{bits + 1}.00"}],
            }  # fmt: skip
            revision = Visit.objects.unscoped(ALL).get(key=key).revision
            submit(self.officer, [Draft("visit", key, raw, Act.AMEND, revision, "改了东西")], at=NOW)

    def void(self, _who: str, _whom: str, bits: int) -> None:
        if self.given:
            key = sorted(self.given)[bits % len(self.given)]
            revision = Visit.objects.unscoped(ALL).get(key=key).revision
            submit(self.officer, [Draft("visit", key, {}, Act.VOID, revision, "登记错了")], at=NOW)
            del self.given[key]

    def merge(self, who: str, whom: str, bits: int) -> None:
        taken = [field for number, field in enumerate(FIELDS) if bits >> number & 1]
        self.merges.append(merge(self.officer, who, whom, taken=taken, because=WHY, at=NOW))

    def unmerge(self, _who: str, _whom: str, bits: int) -> None:
        if self.merges:
            place = bits % len(self.merges)
            self.undo(self.merges[place])
            del self.merges[place]

    def undo(self, done: Merged) -> None:
        is_home = done.kept in self.homes
        (unmerge_homes if is_home else unmerge)(self.officer, done.merge, because="不是同一个", at=NOW)

    def unite(self, _who: str, _whom: str, bits: int) -> None:
        one, other = self.homes[bits % 8 % len(self.homes)], self.homes[bits // 8 % len(self.homes)]
        self.merges.append(merge_homes(self.officer, one, other, because="同一户登了两次", at=NOW))

    def split(self, who: str, _whom: str, bits: int) -> None:
        home = self.homes[bits % len(self.homes)]
        day = dt.date(2021, 12, 3)
        self.homes.append(split_household(self.officer, home, people=[who], head=who, place="9号", on=day, at=NOW))

    def rename(self, who: str, _whom: str, bits: int) -> None:
        changes = PersonChanges(name=("任红", "区梅", "单红")[bits % 3], phone=f"139123456{bits:02d}")
        amend_person(self.officer, who, changes=changes, at=NOW)

    def leave(self, who: str, _whom: str, bits: int) -> None:
        why = ("died", "married-out", "mistake")[bits % 3]
        card = person_card(self.officer, who, on=TODAY)
        if card and card.household:
            end_membership(self.officer, card.household, who, why=why, on=dt.date(2021, 12, 1), at=NOW)

    def join(self, _who: str, _whom: str, bits: int) -> None:
        draft = MemberDraft(name="曾红", relation="other", id=new_id())
        self.people.append(add_member(self.officer, self.homes[bits % len(self.homes)], draft, at=NOW))

    def move(self, _who: str, _whom: str, bits: int) -> None:
        to = (LIANFENG, SANXING, YONGLI)[bits % 3]
        move_household(self.officer, self.homes[bits % len(self.homes)], to=to, on=dt.date(2021, 12, 2), at=NOW)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_merged_recorded_and_taken_apart_the_books_are_right(
    steps: list[tuple[str, int, int, int]],
) -> None:
    with transaction.atomic():
        life = Life()
        for step in steps:
            life.step(*step)
            if step[0] == "unmerge":
                assert_books_are_right()
        assert counted(life.cast) == len({life.stands_for(key) for key in life.given.values()})
        assert_books_are_right()
        check_laws(EVERYBODYS_EYES)

        # Taken apart, everything counts for the key it was made with, as if nobody had been merged.
        while life.merges:
            life.undo(life.merges.pop())
        assert not Person.objects.unscoped(ALL).exclude(into="").exists()
        assert counted(life.cast) == len(set(life.given.values()))
        assert_books_are_right()
        check_laws(EVERYBODYS_EYES)
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 63)), min_size=1, max_size=5))
def test_taken_apart_the_register_is_as_it_was_to_the_letter(
    steps: list[tuple[str, int, int, int]], merges: list[tuple[int, int, int]]
) -> None:
    with transaction.atomic():
        life = Life()
        for step in steps:
            life.step(*step)
        before = register_now()
        standing = len(life.merges)
        for one, other, bits in merges:
            life.step("unite" if bits % 4 == 0 else "merge", one, other, bits)
            life.step("give", other, one, bits)

        for done in reversed(life.merges[standing:]):
            life.undo(done)

        assert register_now() == before
        transaction.set_rollback(True)


def register_now() -> list[Any]:
    """Every row but those of the log; forms by what they say, since they are laid anew."""
    rows = Person.objects.unscoped(ALL).order_by("id")
    numbers = [(row.id, row.id_number.reveal(), row.phone.reveal()) for row in rows]
    return [everything()[:-1], numbers, Counter(NameForm.objects.unscoped(ALL).values_list(*FORM))]


def test_who_may_only_read_does_not_merge(cast: Cast) -> None:
    zhang, _, zhou = people(cast)[:3]

    with pytest.raises((Forbidden, Unseen)):
        merge(cast.actor("leader"), zhang, zhou, because=WHY, at=NOW)
