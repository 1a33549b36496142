"""The demo's organisations: what 南湖区妇联 published of its net, on real ground, founded on invented days.

Names that the summary gives for the federation's own bodies are kept; those of firms and farms are made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from lianxin.access.actor import Actor
from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI, Span
from lianxin.base.ids import new_id
from lianxin.demo.accounts import FIRST_DAY, officer_of_county
from lianxin.demo.library import firm_drafts, lay_library
from lianxin.demo.sums import COUNTY, YEAR, Published
from lianxin.kinds.listings.bodies import admit_members, count_organisations, open_organisations
from lianxin.net.actors import actor_of
from lianxin.net.alliances import MemberDraft, PartnerDraft, add_partner, set_rota
from lianxin.net.models import FEDERATION, Organisation
from lianxin.net.organisations import OrganisationDraft
from lianxin.net.regions import region_name, subtree
from lianxin.records.door import submit
from lianxin.records.drafts import Draft

Progress = Callable[[str], None]
FEDERATIONS_SINCE = dt.date(2017, 3, 8)  # invented: no summary says when they were founded
BATCH = 300
MEMBERS_BEFORE = 24  # of the alliance, when the year began; the summary gives its end only
NEW_FIELDS = ("business-district", "express", "express", "building", "internet", "housekeeping", "takeaway", "building")
MODES = ("single", "single", "single", "single", "single", "regional", "regional", "trade")
PARTNERS = (
    ("安吉县妇联", "浙江省湖州市安吉县"),
    ("嘉善县妇联", "浙江省嘉兴市嘉善县"),
    ("建德市妇联", "浙江省杭州市建德市"),
)


@dataclass(slots=True)
class _County:
    """What the laying needs at hand."""

    dice: Random
    keeper: Actor
    federations: dict[str, Organisation]
    towns: list[str]
    villages: list[str]


def lay_organisations(dice: Random, keeper: Actor, published: Published, progress: Progress) -> None:
    """Federations counted, then every body of the published figures and a few around them, all through the door."""
    progress("登记妇女微家、工作室、队伍、联盟 …")
    recorder = actor_of(officer_of_county(), today=FIRST_DAY)
    federations = {row.region: row for row in Organisation.objects.filter(type=FEDERATION, is_demo=True)}
    county = _County(
        dice,
        recorder,
        federations,
        [town.code for town in subtree(COUNTY, Level.TOWN)],
        [village.code for village in subtree(COUNTY, Level.VILLAGE)],
    )
    at = _evening(dt.date(YEAR, 12, 31))
    count_organisations(keeper, list(federations.values()), at=at)
    made: list[Organisation] = []
    drafts = [*_homes(county, published), *_teams(county, published), *_others(county, published)]
    for start in range(0, len(drafts), BATCH):
        made += open_organisations(recorder, drafts[start : start + BATCH], at=at)
    Organisation.objects.filter(pk__in=[body.pk for body in made]).update(is_demo=True)
    by_type: dict[str, list[Organisation]] = {}
    for body in made:
        by_type.setdefault(body.type, []).append(body)
    _grade(county, by_type, published, at=at)
    _join(county, by_type, published, at=at)
    _build_together(county, by_type, at=at)
    lay_library(dice, recorder, by_type["unit"], county.federations[COUNTY], at=at)


def _homes(county: _County, published: Published) -> Iterator[OrganisationDraft]:
    new = published.micro_homes_new
    standing = published.micro_homes - new
    for number in range(published.micro_homes):
        village = county.villages[number % len(county.villages)]
        again = number // len(county.villages)
        name = f"{region_name(village)}妇女微家{_ordinal(again)}"
        is_new = number >= standing
        day = _day_in(county.dice, YEAR) if is_new else _day_before(county.dice)
        standard = ("place", "hostess", "sign", "rules", "record") if is_new else ("place", "hostess")
        yield OrganisationDraft(
            name, "micro-home", village, _leader(county, village), founded_on=day, standard=standard, contact="女主人"
        )
    for number in range(published.member_studios):
        town = county.towns[number % len(county.towns)]
        name = f"{region_name(town)}妇联执委工作室{_ordinal(number // len(county.towns))}"
        yield OrganisationDraft(
            name, "member-studio", town, _leader(county, town), founded_on=_day_before(county.dice), contact="领衔执委"
        )
    for village in county.villages[: published.childrens_homes]:
        day = _day_before(county.dice)
        yield OrganisationDraft(f"{region_name(village)}儿童之家", "childrens-home", village, founded_on=day)
    for village in county.villages[::2]:
        name, day = f"{region_name(village)}妇女之家", _day_before(county.dice)
        yield OrganisationDraft(name, "womens-home", village, _leader(county, village), founded_on=day)
    for town in county.towns[:-2]:  # two towns are left without, so that the page of gaps has something to say
        name, day = f"{region_name(town)}婚姻家庭纠纷调解工作站", _day_before(county.dice)
        yield OrganisationDraft(name, "mediation-station", town, _leader(county, town), founded_on=day)


def _teams(county: _County, published: Published) -> Iterator[OrganisationDraft]:
    for number in range(published.helper_groups):
        village = county.villages[number % len(county.villages)]
        name = f"{region_name(village)}秀美环境帮帮团{_ordinal(number // len(county.villages))}"
        day = _day_before(county.dice)
        yield OrganisationDraft(name, "helper-group", village, _leader(county, village), founded_on=day)
    for number in range(published.guard_teams):
        town = county.towns[number % len(county.towns)]
        name = f"{region_name(town)}安家守护志愿服务队{_ordinal(number // len(county.towns))}"
        day = _day_in(county.dice, YEAR)
        yield OrganisationDraft(name, "guard-team", town, _leader(county, town), founded_on=day)
    yield OrganisationDraft("南湖女儿宣讲团", "troupe", COUNTY, _leader(county, COUNTY), founded_on=dt.date(YEAR, 4, 9))


def _others(county: _County, published: Published) -> Iterator[OrganisationDraft]:
    own = _leader(county, COUNTY)
    for number in range(published.new_field_federations_new):
        town = county.towns[number % len(county.towns)]
        field, mode = NEW_FIELDS[number % len(NEW_FIELDS)], MODES[number % len(MODES)]
        yield OrganisationDraft(
            f"{region_name(town)}示例{number + 1}号“四新”妇联",
            "new-field-federation",
            town,
            _leader(county, town),
            founded_on=_day_in(county.dice, YEAR),
            mode=mode,
            field=field,
        )
    trade = dt.date(YEAR, 5, 18)
    yield OrganisationDraft(
        "南湖区快递物流行业妇工委", "trade-committee", COUNTY, own, founded_on=trade, mode="trade", field="express"
    )
    yield OrganisationDraft("丰享家庭农场联盟", "farm-alliance", COUNTY, founded_on=dt.date(YEAR - 2, 4, 1))
    yield OrganisationDraft("最美家联盟", "alliance", COUNTY, founded_on=dt.date(YEAR, 5, 15))
    yield OrganisationDraft("安家守护联盟", "alliance", COUNTY, founded_on=dt.date(YEAR, 6, 1))
    yield OrganisationDraft("南湖区女企业家协会", "association", COUNTY, founded_on=dt.date(2012, 3, 8))
    yield OrganisationDraft(
        "民宿女性创业基地（示例）", "startup-base", county.villages[0], founded_on=dt.date(YEAR, 3, 8)
    )
    yield OrganisationDraft("女主播直播间（示例）", "live-studio", county.towns[0], founded_on=dt.date(YEAR, 9, 1))
    yield OrganisationDraft("“一大两地”巾帼红共建", "pairing", COUNTY, own, founded_on=dt.date(YEAR, 6, 18))
    yield OrganisationDraft("四地妇联异地共建", "pairing", COUNTY, own, founded_on=dt.date(YEAR, 4, 20))
    for number in range(published.alliance_members):
        yield OrganisationDraft(
            f"示例家庭农场{number + 1:02}", "unit", county.villages[(number * 4) % len(county.villages)]
        )
    yield from firm_drafts(county.towns)


def _grade(county: _County, by_type: dict[str, list[Organisation]], published: Published, *, at: dt.datetime) -> None:
    """“五个一” for the new micro-homes; children's homes named by the county, a few by the city in the year after."""
    new = [body for body in by_type["micro-home"] if body.founded_on and body.founded_on.year == YEAR]
    drafts = [_graded("featured-micro-homes", body, dt.date(YEAR, 12, 20)) for body in new]
    homes = county.dice.sample(
        by_type["childrens-home"], published.model_homes_county_new + published.model_homes_city_new
    )
    risen, named = homes[: published.model_homes_city_new], homes[published.model_homes_city_new :]
    drafts += [_graded("model-childrens-homes", body, dt.date(YEAR - 1, 11, 20), level="county") for body in risen]
    drafts += [_graded("model-childrens-homes", body, dt.date(YEAR, 11, 20), level="city") for body in risen]
    drafts += [_graded("model-childrens-homes", body, dt.date(YEAR, 10, 15), level="county") for body in named]
    submit(county.keeper, drafts, at=at)


def _graded(programme: str, body: Organisation, day: dt.date, *, level: str = "") -> Draft:
    values = {"list": programme, "subject_type": "organisation", "subject": body.pk, "on_day": day.isoformat()}
    return Draft("listing", new_id(), values | ({"level": level} if level else {}))


def _join(county: _County, by_type: dict[str, list[Organisation]], published: Published, *, at: dt.datetime) -> None:
    alliance = by_type["farm-alliance"][0]
    farms = [body for body in by_type["unit"] if body.name.startswith("示例家庭农场")]
    before = min(MEMBERS_BEFORE, len(farms) - 1)
    drafts = []
    for number, farm in enumerate(farms[: published.alliance_members]):
        day = dt.date(YEAR - 1, county.dice.randint(1, 12), 10) if number < before else _day_in(county.dice, YEAR)
        drafts.append(MemberDraft(alliance, day, body=farm.pk, role="成员单位"))
    admit_members(county.keeper, drafts, at=at)


def _build_together(county: _County, by_type: dict[str, list[Organisation]], *, at: dt.datetime) -> None:
    """Partners outside the county, and who hosts which year. The order of the turns is invented."""
    today = at.date()
    pairing = {body.name: body for body in by_type["pairing"]}
    red, four = pairing["“一大两地”巾帼红共建"], pairing["四地妇联异地共建"]
    purpose = "红色党建、创业创新、家庭教育、社会治理"
    draft = PartnerDraft(red, "上海市黄浦区妇联", "上海市黄浦区", dt.date(YEAR, 6, 18), purpose)
    add_partner(county.keeper, draft, today=today)
    since = dt.date(YEAR, 4, 20)
    others = [
        add_partner(county.keeper, PartnerDraft(four, name, place, since, "区域化妇联共建"), today=today)
        for name, place in PARTNERS
    ]
    order = [county.federations[COUNTY].pk, *(partner.pk for partner in others)]
    set_rota(county.keeper, four, period=Span.YEAR, starts=since, order=order)


def _leader(county: _County, region: str) -> str:
    return county.federations[region].pk


def _ordinal(number: int) -> str:
    return f"（{'一二三四五六七八九'[number]}）" if number else ""


def _day_in(dice: Random, year: int) -> dt.date:
    return dt.date(year, dice.randint(1, 12), dice.randint(1, 28))


def _day_before(dice: Random) -> dt.date:
    return _day_in(dice, dice.randint(2018, YEAR - 1))


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 20, 0, tzinfo=SHANGHAI)
