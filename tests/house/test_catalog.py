"""The catalogue as second source code: every sample holds through the real door; a field or a programme is one edit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.days import Period
from lianxin.base.ids import new_id
from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.current import catalog, forget_catalog
from lianxin.catalog.load import load_catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.indicators.figures import compute
from lianxin.kinds.listings.stays import followed_lists, grade_lists, keeping, laid_lists
from lianxin.kinds.visits.models import Visit
from lianxin.ledger.models import Fact
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.net.models import Member, Organisation
from lianxin.records.door import submit
from lianxin.records.drafts import Draft
from lianxin.register.models import Membership
from tests.cast import COUNTY, LIANFENG, NOW, Cast
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db
SHIPPED = load_catalog(ROOT / "catalog").programmes


@pytest.fixture
def overlay(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A county's own folder, in force for one test."""
    settings.OVERLAY_DIR = tmp_path
    forget_catalog()
    yield tmp_path
    forget_catalog()


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


@pytest.mark.parametrize("programme", SHIPPED.values(), ids=SHIPPED)
def test_every_sample_comes_through_the_door_and_adds_up_as_it_says(cast: Cast, programme: ProgrammeSpec) -> None:
    samples = programme.samples

    for number, sample in enumerate(samples):
        raw = _raw(cast, programme, number) | dict(sample.values)
        if programme.code in followed_lists() | grade_lists():
            raw["subject"] = _body(programme.code, raw)
        keeper = keeping(cast.actor("officer"), [COUNTY], laid_lists())
        record = submit(keeper, [Draft(programme.kind, new_id(), raw)], at=NOW)[0].record

        found: dict[str, Decimal] = {}
        for measure, hundredths in Fact.objects.filter(record=record.key).values_list("measure", "hundredths"):
            found[measure] = found.get(measure, Decimal(0)) + Decimal(hundredths) / 100
        promised = {measure: value for measure, value in sample.sums.items() if value}
        assert {measure: value for measure, value in found.items() if value} == promised, sample.says

    assert samples
    assert verify().differences == ()


def _raw(cast: Cast, programme: ProgrammeSpec, number: int) -> dict[str, Any]:
    """What a sample leaves open: a day, and somebody; another one for each sample, as a file stands but once."""
    household = cast.households[LIANFENG][number]
    if programme.kind == "case":
        asked = {"safety": {"is_asked": "yes"}, "gist": "示例", "household": household}
        return {"programme": programme.code, "day": "2021-12-20"} | asked
    subject_type = programme.subjects[0]
    subject = {
        "household": lambda: household,
        "person": lambda: _member(household, "grandchild" if programme.age_limit else "head"),
        "organisation": lambda: _federation(LIANFENG if number else cast.actor("officer").grants[0].region),
    }[subject_type]()
    day = {"list": programme.code} if programme.kind == "listing" else {"day": "2021-12-20"}
    return {"subject_type": subject_type, "subject": subject} | day


def _member(household: str, relation: str) -> str:
    return str(Membership.objects.unscoped("test").get(household=household, relation=relation).person_id)


def _federation(region: str) -> str:
    return Organisation.objects.get(region=region, type="federation", name__endswith="妇联").id


def _body(programme: str, raw: dict[str, Any]) -> str:
    """An organisation that stands on the list for just these days: of a type it counts, or a member of one."""
    days = {"founded_on": raw["on_day"], "dissolved_on": raw.get("off_day")}
    types = catalog().organisation_types.values()
    counted = next((spec for spec in types if spec.counted_on == programme and spec.category_from != "field"), None)
    alliance = next((spec for spec in types if spec.members_on == programme), None)
    place = {"level": 5, "region": LIANFENG}
    covering = next((spec for spec in types if spec.covered_on == programme), None)
    if covering is not None:
        return _covered(covering, days)
    rebuilt = next(
        (spec for spec in types if spec.rebuilt_on == programme and raw["category"] in spec.rebuilt_from), None
    )
    if rebuilt is not None:
        was = Organisation.objects.create(name=new_id(), type=raw["category"], **place)
        return Organisation.objects.create(name=new_id(), type=rebuilt.code, rebuilt_from=was, **place, **days).pk
    if counted is None and programme == "new-field-federations":
        kind = {"type": "new-field-federation", "field": raw["category"]}
        return Organisation.objects.create(name=new_id(), **kind, **place, **days).pk
    if counted is not None:
        kind = next(spec.code for spec in types if spec.counted_on == programme and _fits(spec, raw.get("category")))
        level = {"level": 3} if raw.get("category") == "county" else {}
        return Organisation.objects.create(name=new_id(), type=kind, **(place | level), **days).pk
    graded = next((spec.code for spec in types if programme in spec.graded_on), "unit")
    body = Organisation.objects.create(name=new_id(), type=graded, **place)
    if alliance is not None:
        joined = Organisation.objects.create(name=new_id(), type=raw.get("category") or alliance.code, **place)
        Member.objects.create(organisation=joined, body=body, starts=raw["on_day"], ends=raw.get("off_day"))
    return body.pk


def _covered(spec: OrganisationTypeSpec, days: dict[str, Any]) -> str:
    """The federation of a place that has one of a type for just these days."""
    level = 4 if spec.covers == "town" else 5
    federations = Organisation.objects.filter(type="federation", level=level, region__startswith=COUNTY).order_by(
        "-region"
    )
    federation = federations[1 if days["dissolved_on"] else 0]
    federation.founded_on = dt.date(2017, 3, 8)
    federation.save()
    Organisation.objects.create(name=new_id(), type=spec.code, level=level, region=federation.region, **days)
    return federation.pk


def _fits(spec: OrganisationTypeSpec, category: str | None) -> bool:
    return spec.category_from != "type" or spec.code == category


def test_a_field_is_one_edit_and_stands_in_the_form_in_the_record_and_on_its_page(cast: Cast, overlay: Path) -> None:
    write(
        overlay / "programmes/duties/four-musts.toml",
        """
code = "four-musts"
extends = true
source = "本县通知"

[[field]]
code = "wells"
name = "家里有几口井"
type = "number"
""",
    )
    client, url = signed_in(cast, "member"), reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
    typed = {"id": new_id(), "day": "2021-12-20", "mode": "door", "why": ["four-musts/hardship"], "people": "1"}

    form = client.post(url, typed | {"add": "opinions"}).content.decode()
    assert 'name="four-musts.wells"' in form
    assert "家里有几口井" in form

    client.post(url, typed | {"four-musts.wells": "３"})  # full-width, as typed on a phone

    visit = Visit.objects.unscoped("test").get()
    assert {name: str(value) for name, value in visit.answers.items()} == {"four-musts.wells": "3"}
    page = client.get(reverse("visit", args=[visit.key])).content.decode()
    assert "家里有几口井" in page
    again = client.get(reverse("visit-amend", args=[visit.key])).content.decode()
    assert 'name="four-musts.wells"' in again


def test_a_wrong_answer_is_said_beside_its_field(cast: Cast, overlay: Path) -> None:
    write(
        overlay / "programmes/duties/four-musts.toml",
        'code = "four-musts"\nextends = true\nsource = "本县通知"\n'
        '[[field]]\ncode = "wells"\nname = "家里有几口井"\ntype = "number"\nrequired = true\n',
    )
    client, url = signed_in(cast, "member"), reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
    typed = {"id": new_id(), "day": "2021-12-20", "mode": "door", "why": ["four-musts/hardship"], "people": "1"}

    missing = client.post(url, typed)
    wrong = client.post(url, typed | {"four-musts.wells": "许多"})

    assert (missing.status_code, wrong.status_code) == (400, 400)
    assert "请填“家里有几口井”" in missing.content.decode()
    assert "许多" in wrong.content.decode()
    assert not Visit.objects.unscoped("test").exists()


def test_a_programme_is_one_file_and_is_offered_recorded_and_counted(cast: Cast, overlay: Path) -> None:
    write(
        overlay / "programmes/care/soup.toml",
        """
code = "soup"
version = 1
name = "送一碗热汤"
short = "送热汤"
kind = "visit"
chapter = "care"
source = "本县通知"
subjects = ["household"]

[[reason]]
code = "winter"
name = "天冷"
short = "天冷送汤"

[[fact]]
measure = "visit.done"
tags = ["purpose", "reason", "subject", "mode"]

[[fact]]
measure = "visit.people"
tags = ["purpose", "reason", "subject", "mode"]

[[sample]]
values = { mode = "door", people = 2 }
sums = { "visit.done" = 1, "visit.people" = 2 }
""",
    )
    client, url = signed_in(cast, "member"), reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
    assert "天冷送汤" in client.get(url).content.decode()

    client.post(
        url,
        {"id": new_id(), "day": "2021-12-20", "mode": "door", "why": ["soup/winter"], "people": "2", "heard": "好喝"},
    )

    visit = Visit.objects.unscoped("test").get()
    assert (visit.programme, visit.purposes, visit.reasons) == ("soup", ";soup;", ";soup/winter;")
    view = LedgerView(cast.actor("officer"), COUNTY, Period.of_year(2021))
    assert [compute(catalog().indicator(code), view).value for code in ("visits.times", "visits.people")] == [1, 2]
    listed = client.get(reverse("visits"), {"purpose": "soup"}).content.decode()
    assert "送热汤" in listed
    assert "一共 1 次" in listed


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
