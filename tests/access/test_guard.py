"""Every way Django offers to a row: tried bare, through a join, granted. What could leak exists: a neighbour's rows."""
# ruff: noqa: ARG005 -- the attempts share one shape, whether they look at the cast or not

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.query import prefetch_related_objects
from django.db.models.sql import Query
from django.forms import modelform_factory
from pytest_django import DjangoDbBlocker

from lianxin.access import guard as guard_module
from lianxin.access.actor import Actor, Grant
from lianxin.access.guard import Guard, Guarded, GuardedQuerySet, Unscoped, pen, relations_round_the_guard
from lianxin.access.verbs import Verb
from tests.access.guardapp.models import SCOPED, Call, Dweller, House, Office

HERE, THERE, TOWN, COUNTY = "330402100201", "330402100202", "330402100", "330402"


@pytest.fixture(scope="module", autouse=True)
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    created = (Office, House, Dweller, Call)
    apps.set_installed_apps([*settings.INSTALLED_APPS, "tests.access.guardapp"])
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in created:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(created):
                editor.delete_model(model)
    apps.unset_installed_apps()


def actor(region: str, *, account: str = "", verb: Verb = Verb.REGISTER_READ) -> Actor:
    grant = Grant(role="test", verbs=frozenset({verb}), region=region)
    return Actor(account=account or f"at-{region}", name="试", grants=(grant,))


ME, CLERK = actor(HERE), actor(COUNTY)


def at(region: str) -> dict[str, str]:
    return {"region": region, "town": region[:9], "county": region[:6]}


@dataclass
class Cast:
    mine: House
    theirs: House
    my_dweller: Dweller
    their_dweller: Dweller
    my_call: Call
    their_call: Call
    mixed_call: Call  # stands here, but was made on a woman of the neighbour village
    office: Office


@pytest.fixture
def cast(db: None) -> Cast:
    with pen("guardapp"):
        mine, theirs = House.objects.create(title="甲", **at(HERE)), House.objects.create(title="乙", **at(THERE))
        my_dweller = Dweller.objects.create(house=mine, name="甲一", **at(HERE))
        their_dweller = Dweller.objects.create(house=theirs, name="乙一", **at(THERE))
        office = Office.objects.create(name="妇联")
        my_call = Call.objects.create(uid="1", house=mine, dweller=my_dweller, office=office, **at(HERE))
        their_call = Call.objects.create(uid="2", house=theirs, dweller=their_dweller, office=office, **at(THERE))
        mixed = Call.objects.create(uid="3", house=theirs, dweller=their_dweller, earlier=their_call, **at(HERE))
    return Cast(mine, theirs, my_dweller, their_dweller, my_call, their_call, mixed, office)


C = Call.objects
Attempt = Callable[[Cast], Any]

BARE: dict[str, Attempt] = {
    "all": lambda c: list(C.all()),
    "filter": lambda c: list(C.filter(times=1)),
    "slice": lambda c: C.all()[0],
    "bool": lambda c: bool(C.all()),
    "len": lambda c: len(C.all()),
    "repr": lambda c: repr(C.all()),
    "count": lambda c: C.count(),
    "exists": lambda c: C.exists(),
    "contains": lambda c: C.all().contains(c.their_call),
    "exclude": lambda c: C.exclude(pk=0).exists(),
    "in_bulk": lambda c: C.in_bulk([c.their_call.pk]),
    "values": lambda c: list(C.values()),
    "values_list flat": lambda c: list(C.values_list("uid", flat=True)),
    "only": lambda c: list(C.only("uid")),
    "distinct": lambda c: list(C.values_list("times").distinct()),
    "explain": lambda c: C.all().explain(),
    "aggregate": lambda c: C.aggregate(s=Sum("times")),
    "annotate": lambda c: list(C.annotate(x=F("times"))),
    "group": lambda c: list(C.values("region").annotate(n=Count("pk"))),
    "iterator": lambda c: list(C.iterator()),
    "get": lambda c: C.get(pk=c.their_call.pk),
    "first": lambda c: C.first(),
    "last": lambda c: C.last(),
    "latest": lambda c: C.latest("pk"),
    "earliest": lambda c: C.earliest("pk"),
    "union": lambda c: list(C.filter(times=1).union(C.filter(times=2))),
    "intersection": lambda c: list(C.filter(times=1).intersection(C.all())),
    "difference": lambda c: list(C.filter(times=1).difference(C.all())),
    "union of none": lambda c: list(C.none().union(C.all())),
    "select_for_update": lambda c: list(C.select_for_update()),
    "default manager": lambda c: Call._default_manager.count(),
    "base manager": lambda c: Call._base_manager.count(),
    "using": lambda c: C.using("default").count(),
    "raw": lambda c: list(C.raw("select * from guardapp_call")),
    "raw of a granted one": lambda c: C.seen_by(ME).raw("select * from guardapp_call"),
    "extra": lambda c: list(C.seen_by(ME).extra(select={"x": "(select max(uid) from guardapp_call)"})),
    "a sibling of a granted one": lambda c: (C.seen_by(ME), C.count()),
    "subquery in a filter": lambda c: list(House.objects.seen_by(CLERK).filter(pk__in=C.values("house"))),
    "subquery of an open table": lambda c: list(Office.objects.filter(pk__in=C.values("office"))),
    "Exists": lambda c: list(Office.objects.filter(Exists(C.filter(office=OuterRef("pk"))))),
    "Subquery": lambda c: list(Office.objects.annotate(x=Subquery(C.values("uid")[:1]))),
    "fixture": lambda c: serializers.serialize("json", C.all()),
    "async list": lambda c: _awaited(_rows, C.all()),
    "async get": lambda c: _awaited(C.aget, pk=c.their_call.pk),
    "async count": lambda c: _awaited(C.acount),
    "reverse relation": lambda c: list(c.theirs.calls.all()),
    "reverse relation counted": lambda c: c.theirs.calls.count(),
    "forward relation": lambda c: C.seen_by(ME).get(uid="3").house,
    "forward relation of a fresh row": lambda c: Call(house_id=c.theirs.pk).house,
    "prefetch": lambda c: [list(h.calls.all()) for h in House.objects.seen_by(CLERK).prefetch_related("calls")],
    "prefetch forward": lambda c: list(C.seen_by(ME).prefetch_related("house")),
    "prefetch with a bare queryset": lambda c: list(
        House.objects.seen_by(CLERK).prefetch_related(Prefetch("calls", queryset=C.filter(times=1)))
    ),
    "prefetch_related_objects": lambda c: prefetch_related_objects([C.seen_by(ME).get(uid="3")], "house"),
    "refresh_from_db": lambda c: c.their_call.refresh_from_db(),
    "deferred column": lambda c: C.seen_by(ME).only("pk").first().uid,  # type: ignore[union-attr]
    "full_clean asks whether it is unique": lambda c: Call(uid="2", house_id=c.mine.pk, **at(HERE)).full_clean(),
    "clean_fields asks whether the key exists": lambda c: Call(uid="9", house_id=c.theirs.pk).clean_fields(),
    "ModelForm offers choices": lambda c: str(modelform_factory(Call, fields=["house"])()),
    "granted | bare": lambda c: (C.seen_by(ME) | C.all()).count(),
    "bare | granted": lambda c: (C.all() | C.seen_by(ME)).count(),
    "granted & bare": lambda c: (C.seen_by(ME) & C.all()).count(),
    "granted ^ bare": lambda c: (C.seen_by(ME) ^ C.all()).count(),
    "granted union bare": lambda c: list(C.seen_by(ME).union(C.all())),
    "seen_by | unscoped": lambda c: (C.seen_by(ME) | C.unscoped("test")).count(),
    "unscoped | seen_by": lambda c: (C.unscoped("test") | C.seen_by(ME)).count(),
    "seen_by | seen_by of somebody else": lambda c: (C.seen_by(ME) | C.seen_by(CLERK)).count(),
    "seen_by union unscoped": lambda c: list(C.seen_by(ME).union(C.unscoped("test"))),
    "seen_by[:1] | unscoped": lambda c: (C.seen_by(ME)[:1] | C.unscoped("test")).count(),
    "granted twice": lambda c: C.unscoped("test").seen_by(ME),
    "unscoped for no reason": lambda c: C.unscoped(""),
    "a plain query in a guarded queryset": lambda c: GuardedQuerySet(Call, Query(Call)).count(),
}

JOINS: dict[str, Attempt] = {
    "values": lambda c: list(C.seen_by(ME).values("house__title")),
    "values_list": lambda c: list(C.seen_by(ME).values_list("dweller__name", flat=True)),
    "filter": lambda c: C.seen_by(ME).filter(house__title="乙").count(),
    "filter by Q": lambda c: list(C.seen_by(ME).filter(Q(house__title="乙") | Q(times=9))),
    "filter exists": lambda c: C.seen_by(ME).filter(house__title__startswith="乙").exists(),
    "exclude": lambda c: list(C.seen_by(ME).exclude(house__title="乙")),
    "exclude through many": lambda c: list(House.objects.seen_by(ME).exclude(calls__times=1)),
    "order_by": lambda c: list(C.seen_by(ME).order_by("house__title")),
    "order_by F": lambda c: list(C.seen_by(ME).order_by(F("house__title").desc())),
    "earliest": lambda c: C.seen_by(ME).earliest("house__title"),
    "annotate F": lambda c: list(C.seen_by(ME).annotate(x=F("house__title"))),
    "alias F": lambda c: list(C.seen_by(ME).alias(x=F("house__title")).filter(x="乙")),
    "aggregate": lambda c: C.seen_by(ME).aggregate(x=Max("house__title")),
    "aggregate grouped": lambda c: list(C.seen_by(ME).values("house__title").annotate(n=Count("pk"))),
    "select_related": lambda c: list(C.seen_by(ME).select_related("house")),
    "select_related and only": lambda c: list(C.seen_by(ME).select_related("house").only("uid", "house__title")),
    "two steps": lambda c: list(C.seen_by(ME).values("dweller__house__title")),
    "reverse": lambda c: list(House.objects.seen_by(ME).filter(calls__uid="3")),
    "reverse count": lambda c: list(House.objects.seen_by(ME).annotate(n=Count("calls"))),
    "reverse sum": lambda c: House.objects.seen_by(ME).aggregate(s=Sum("calls__times")),
    "reverse values": lambda c: list(House.objects.seen_by(ME).values("calls__uid")),
    "filtered relation": lambda c: list(
        House.objects.seen_by(ME).annotate(x=FilteredRelation("calls", condition=Q(calls__times=1))).values("x__uid")
    ),
    "its own table, forward": lambda c: list(C.seen_by(ME).values("earlier__uid")),
    "its own table, reverse": lambda c: list(C.seen_by(ME).filter(later__times=1)),
    "distinct on a join": lambda c: list(C.seen_by(ME).values("house__title").distinct()),
    "union of joins": lambda c: list(
        C.seen_by(ME).values_list("house__title").union(C.seen_by(ME).values_list("dweller__name"))
    ),
    "explain": lambda c: C.seen_by(ME).filter(house__title="乙").explain(),
    "iterator": lambda c: list(C.seen_by(ME).filter(house__title="乙").iterator()),
    "in a subquery": lambda c: list(
        Office.objects.filter(pk__in=C.seen_by(ME).filter(house__title="乙").values("office"))
    ),
    "unscoped, without across": lambda c: list(C.unscoped("test").values("house__title")),
    "unscoped, across another": lambda c: list(
        C.unscoped("test", across=[House._meta.db_table]).values("dweller__name")
    ),
}

WITHOUT_PEN: dict[str, Attempt] = {
    "save": lambda c: c.my_call.save(),
    "save a new one": lambda c: Call(uid="9", house=c.mine, **at(HERE)).save(),
    "create": lambda c: C.create(uid="9", house=c.mine, **at(HERE)),
    "create from the other side": lambda c: c.mine.calls.create(uid="9", **at(HERE)),
    "bulk_create": lambda c: C.bulk_create([Call(uid="9", house=c.mine, **at(HERE))]),
    "update": lambda c: C.seen_by(ME).update(times=2),
    "unscoped update": lambda c: C.unscoped("test").update(times=2),
    "update from the other side": lambda c: c.mine.calls.seen_by(ME).update(times=2),
    "bulk_update": lambda c: C.unscoped("test").bulk_update([c.my_call], ["times"]),
    "get_or_create": lambda c: C.unscoped("test").get_or_create(uid="9", house=c.mine, **at(HERE)),
    "update_or_create": lambda c: C.unscoped("test").update_or_create(uid="1", defaults={"times": 2}),
    "delete a row": lambda c: c.my_call.delete(),
    "delete many": lambda c: C.seen_by(ME).delete(),
    "delete through _raw_delete": lambda c: C.seen_by(ME)._raw_delete("default"),
    "update through _update": lambda c: C.seen_by(ME)._update([]),
    "save_base, as fixtures do": lambda c: c.my_call.save_base(raw=True),
    "save_base of a new one": lambda c: Call(uid="9", house=c.mine, **at(HERE)).save_base(raw=True, force_insert=True),
    "with another pen": lambda c: _with_pen("another", c.my_call.save),
    "async save": lambda c: _awaited(c.my_call.asave),
    "async update": lambda c: _awaited(C.seen_by(ME).aupdate, times=2),
}

WITH_PEN_BUT_BARE: dict[str, Attempt] = {
    "update": lambda c: C.update(times=2),
    "filter and update": lambda c: C.filter(pk=c.their_call.pk).update(times=2),
    "delete": lambda c: C.filter(pk=c.their_call.pk).delete(),
    "bulk_update": lambda c: C.bulk_update([c.my_call], ["times"]),
    "get_or_create": lambda c: C.get_or_create(uid="1"),
    "update_or_create": lambda c: C.update_or_create(uid="1", defaults={"times": 2}),
    "update by a join": lambda c: C.seen_by(ME).filter(house__title="乙").update(times=2),
    "delete by a join": lambda c: C.seen_by(ME).filter(house__title="乙").delete(),
    "update from a bare subquery": lambda c: C.seen_by(ME).update(times=Subquery(C.values("times")[:1])),
    "update from the other side": lambda c: c.theirs.calls.update(times=2),
}


async def _rows(queryset: models.QuerySet[Any]) -> Any:
    return [row async for row in queryset]


def _awaited(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    async def run() -> Any:
        return await act(*args, **kwargs)

    return async_to_sync(run)()


def _with_pen(name: str, act: Callable[[], Any]) -> Any:
    with pen(name):
        return act()


@pytest.mark.parametrize("name", BARE)
def test_a_bare_read_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Unscoped):
        BARE[name](cast)


@pytest.mark.parametrize("name", JOINS)
def test_a_join_into_a_guarded_table_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Unscoped):
        JOINS[name](cast)


@pytest.mark.parametrize("name", WITHOUT_PEN)
def test_a_write_without_its_pen_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Unscoped), transaction.atomic():
        WITHOUT_PEN[name](cast)

    assert sorted(C.unscoped("test").values_list("uid", "times")) == [("1", 1), ("2", 1), ("3", 1)]


@pytest.mark.parametrize("name", WITH_PEN_BUT_BARE)
def test_a_pen_alone_does_not_open_rows(cast: Cast, name: str) -> None:
    with pytest.raises(Unscoped), transaction.atomic(), pen("guardapp"):
        WITH_PEN_BUT_BARE[name](cast)

    assert sorted(C.unscoped("test").values_list("uid", "times")) == [("1", 1), ("2", 1), ("3", 1)]


# ── what is allowed, and sees what it should ─────────────────────────────────


def uids(queryset: models.QuerySet[Call]) -> list[str]:
    return sorted(call.uid for call in queryset)


@pytest.mark.parametrize(
    ("region", "seen"),
    [
        (HERE, ["1", "3"]),
        (THERE, ["2"]),
        ("330402100299", []),
        (TOWN, ["1", "2", "3"]),
        ("330402101", []),
        (COUNTY, ["1", "2", "3"]),
        ("330411", []),
        ("3304", ["1", "2", "3"]),
        ("33", ["1", "2", "3"]),
        ("34", []),
        ("", ["1", "2", "3"]),
    ],
)
def test_each_level_sees_its_own_area(cast: Cast, region: str, seen: list[str]) -> None:
    assert uids(C.seen_by(actor(region))) == seen
    assert C.seen_by(actor(region)).count() == len(seen)


def test_areas_whose_code_ends_in_nine_end_where_they_should(db: None) -> None:
    with pen("guardapp"):
        for region in ("330409999999", "330410000000", "339900000001", "340000000001"):
            House.objects.create(title=region, **at(region))

    def seen(region: str) -> list[str]:
        return sorted(House.objects.seen_by(actor(region)).values_list("title", flat=True))

    assert seen("330409999999") == ["330409999999"]
    assert seen("33") == ["330409999999", "330410000000", "339900000001"]
    assert seen("3399") == ["339900000001"]


def test_another_verb_opens_nothing(cast: Cast) -> None:
    assert uids(C.seen_by(actor(COUNTY, verb=Verb.HELP_READ))) == []
    assert uids(C.seen_by(Actor(account="nobody", name="无"))) == []


def test_two_grants_are_added_up(cast: Cast) -> None:
    both = Actor(account="both", name="双", grants=(*actor(HERE).grants, *actor(THERE).grants))

    assert uids(C.seen_by(both)) == ["1", "2", "3"]


def test_granted_reads_work_as_django_has_them(cast: Cast) -> None:
    mine = C.seen_by(ME)

    assert mine.aggregate(s=Sum("times")) == {"s": 2}
    assert [call.uid for call in mine.order_by("-uid")[:1]] == ["3"]
    assert mine.filter(times=1).exclude(uid="1").get().uid == "3"
    assert mine.in_bulk([cast.my_call.pk, cast.their_call.pk]).keys() == {cast.my_call.pk}
    assert {call.uid for call in mine.iterator()} == {"1", "3"}
    assert list(mine.values("region").annotate(n=Count("pk"))) == [{"region": HERE, "n": 2}]
    assert uids(mine.filter(uid="1") | mine.filter(uid="3")) == ["1", "3"]
    assert uids(mine.filter(uid="1").union(mine.filter(uid="3"))) == ["1", "3"]
    assert mine.filter(uid="1").union(mine.filter(uid="3")).count() == 2
    assert _awaited(mine.acount) == 2
    assert not mine.contains(cast.their_call)
    assert "guardapp_call" in mine.filter(uid="1").explain() or mine.filter(uid="1").explain()


def test_none_is_nobodys_and_empty(cast: Cast) -> None:
    assert list(C.none()) == []
    assert C.none().count() == 0
    assert not C.none().exists()
    assert uids(C.none() | C.seen_by(ME)) == ["1", "3"]
    assert list(C.seen_by(ME).none()) == []
    assert list(C.seen_by(ME).filter(pk__in=C.none().values("pk"))) == []


def test_keys_of_another_table_are_values_not_joins(cast: Cast) -> None:
    assert C.seen_by(ME).filter(house_id=cast.theirs.pk).get().uid == "3"
    assert C.seen_by(ME).filter(house=cast.theirs).get().uid == "3"
    assert sorted(C.seen_by(ME).values_list("house_id", flat=True)) == sorted([cast.mine.pk, cast.theirs.pk])
    assert C.seen_by(ME).filter(earlier__isnull=False).get().uid == "3"


def test_an_open_table_may_be_joined(cast: Cast) -> None:
    assert C.seen_by(ME).filter(office__name="妇联").get().uid == "1"
    assert C.seen_by(ME).select_related("office").get(uid="1").office == cast.office


def test_two_granted_tables_are_combined_by_subquery(cast: Cast) -> None:
    calls = C.seen_by(ME).filter(house=OuterRef("pk"))

    assert [house.title for house in House.objects.seen_by(CLERK).filter(Exists(calls)).order_by("title")] == [
        "乙",
        "甲",
    ]
    assert House.objects.seen_by(ME).filter(pk__in=C.seen_by(ME).values("house")).get().title == "甲"


def test_relations_are_read_with_eyes(cast: Cast) -> None:
    assert cast.theirs.calls.seen_by(ME).count() == 1
    houses = House.objects.seen_by(CLERK).prefetch_related(Prefetch("calls", queryset=C.seen_by(ME))).order_by("pk")

    assert [[call.uid for call in house.calls.all()] for house in houses] == [["1"], ["3"]]


def test_a_refresh_says_whose_eyes_it_is_for(cast: Cast) -> None:
    cast.my_call.refresh_from_db(from_queryset=C.seen_by(ME))

    with pytest.raises(Call.DoesNotExist):
        cast.their_call.refresh_from_db(from_queryset=C.seen_by(ME))


def test_unscoped_may_join_what_it_names(cast: Cast) -> None:
    rows = C.unscoped("test", across=[House._meta.db_table]).order_by("uid").values_list("uid", "house__title")

    assert list(rows) == [("1", "甲"), ("2", "乙"), ("3", "乙")]


def test_the_grant_stays_with_its_own_queryset(cast: Cast) -> None:
    bare = C.filter(times=1)

    granted = bare.seen_by(ME)

    assert granted.count() == 2
    with pytest.raises(Unscoped):
        bare.count()


# ── writing with the pen ─────────────────────────────────────────────────────


def test_with_the_pen_rows_are_written(cast: Cast) -> None:
    with pen("guardapp"):
        cast.my_call.times = 2
        cast.my_call.save()
        Call.objects.bulk_create([Call(uid="4", house=cast.mine, **at(HERE))])
        changed = C.seen_by(ME).filter(uid="4").update(times=F("times") + 4)
        cast.mixed_call.times = 7
        C.unscoped("test").bulk_update([cast.mixed_call], ["times"])
        _awaited(cast.their_call.asave)

    assert changed == 1
    assert sorted(C.unscoped("test").values_list("uid", "times")) == [("1", 2), ("2", 1), ("3", 7), ("4", 5)]


def test_an_update_stays_within_the_eyes(cast: Cast) -> None:
    with pen("guardapp"):
        assert C.seen_by(ME).update(times=5) == 2

    assert C.unscoped("test").get(uid="2").times == 1


def test_get_or_create_and_update_or_create_work_unscoped(cast: Cast) -> None:
    with pen("guardapp"):
        found, was_made = C.unscoped("test").get_or_create(uid="1", defaults={"house": cast.mine, **at(HERE)})
        made, is_new = C.unscoped("test").get_or_create(uid="5", defaults={"house": cast.mine, **at(HERE)})
        updated, _ = C.unscoped("test").update_or_create(uid="5", defaults={"times": 9})
        upserted, is_newer = C.unscoped("test").update_or_create(
            uid="6", defaults={"times": 3}, create_defaults={"times": 4, "house": cast.mine, **at(HERE)}
        )

    assert (found.pk, was_made, is_new, made.pk) == (cast.my_call.pk, False, True, updated.pk)
    assert (is_newer, upserted.times) == (True, 4)
    assert C.unscoped("test").get(uid="5").times == 9


def test_get_or_create_of_what_is_out_of_sight_does_not_show_it(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), pen("guardapp"):
        C.seen_by(ME).get_or_create(uid="2", defaults={"house": cast.mine, **at(HERE)})


def test_with_the_pen_rows_are_deleted_and_protection_still_holds(cast: Cast) -> None:
    with pen("guardapp"):
        with pytest.raises(models.ProtectedError):
            cast.theirs.delete()
        with pytest.raises(models.ProtectedError):
            House.objects.seen_by(CLERK).filter(title="乙").delete()
        cast.their_call.delete()
        C.seen_by(CLERK).delete()
        House.objects.seen_by(CLERK).filter(title="乙").delete()

    assert list(House.objects.unscoped("test").values_list("title", flat=True)) == ["甲"]
    assert list(Dweller.objects.unscoped("test").values_list("name", flat=True)) == ["甲一"]


def test_after_a_delete_bare_reads_are_refused_again(cast: Cast) -> None:
    with pen("guardapp"):
        C.seen_by(ME).delete()

    with pytest.raises(Unscoped):
        C.count()


def test_the_pen_is_put_down_after_an_error(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), pen("guardapp"):
        _ = 1 / 0

    with pytest.raises(Unscoped):
        cast.my_call.save()


def test_pens_inside_one_another_are_both_held(cast: Cast) -> None:
    with pen("another"), pen("guardapp"), pen("third"):
        cast.my_call.save()


# ── models that would be ways round ──────────────────────────────────────────


@pytest.fixture
def registry() -> Iterator[None]:
    """Takes back the names of models that tests define."""
    tables, known = dict(guard_module._guarded_tables), dict(apps.all_models["guardapp"])
    yield
    guard_module._guarded_tables.clear()
    guard_module._guarded_tables.update(tables)
    for name in set(apps.all_models["guardapp"]) - set(known):
        del apps.all_models["guardapp"][name]
    apps.clear_cache()


def test_a_model_without_a_guard_cannot_be_defined(registry: None) -> None:
    with pytest.raises(Unscoped, match="has no guard"):
        type("Unguarded", (Guarded,), {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "guardapp"})})


def test_a_second_manager_without_eyes_cannot_be_defined(registry: None) -> None:
    with pytest.raises(Unscoped, match="a way round its guard"):

        class Loose(Guarded):
            guard = SCOPED
            everything = models.Manager()

            class Meta(Guarded.Meta):
                app_label = "guardapp"


def test_a_meta_of_its_own_does_not_lose_the_guarded_base_manager(registry: None) -> None:
    class Careless(Guarded):
        guard = Guard(read=Verb.REGISTER_READ, pen="guardapp")

        class Meta:
            app_label = "guardapp"

    assert isinstance(Careless._base_manager.get_queryset(), GuardedQuerySet)


def test_an_open_table_that_points_at_a_guarded_one_is_found(registry: None) -> None:
    class Peephole(models.Model):  # noqa: DJ008
        call = models.ForeignKey(Call, models.CASCADE)

        class Meta:
            app_label = "guardapp"

    apps.clear_cache()

    assert [(error.id, error.obj) for error in relations_round_the_guard()] == [("lianxin.E001", Peephole)]


def test_an_automatic_table_between_guarded_ones_is_found(registry: None) -> None:
    class Circle(Guarded):
        guard = SCOPED
        calls = models.ManyToManyField(Call, related_name="+")

        class Meta(Guarded.Meta):
            app_label = "guardapp"

    apps.clear_cache()

    assert {error.id for error in relations_round_the_guard()} == {"lianxin.E001"}


def test_an_open_table_that_can_look_back_is_found(registry: None) -> None:
    class Watched(Guarded):
        guard = SCOPED
        office = models.ForeignKey(Office, models.PROTECT, related_name="watched")

        class Meta(Guarded.Meta):
            app_label = "guardapp"

    apps.clear_cache()

    assert [(error.id, error.obj) for error in relations_round_the_guard()] == [("lianxin.E002", Watched)]


def test_the_house_itself_has_no_relation_round_the_guard() -> None:
    assert relations_round_the_guard() == []


def test_errors_name_the_table_and_the_mend(cast: Cast) -> None:
    with pytest.raises(Unscoped, match=r"Call: say \.seen_by\(actor\) or \.unscoped"):
        C.count()
    with pytest.raises(Unscoped, match="Call joins House"):
        list(C.seen_by(ME).values("house__title"))
    with pytest.raises(Unscoped, match="written only with the pen “guardapp”"):
        cast.my_call.save()


def test_unique_checks_of_django_do_not_tell_a_neighbours_row(cast: Cast) -> None:
    with pytest.raises(Unscoped):
        Call(uid="2").validate_unique()
    with pytest.raises((Unscoped, ValidationError)):
        Call(uid="2").full_clean()
