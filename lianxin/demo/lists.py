"""Who stands on which list in the demo county: the published files of 2021, and invented people on the other lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.days import SHANGHAI, age_on, birthday, months_after
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.figures import answers_of
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.demo.sums import COUNTY, YEAR, Published
from lianxin.net.models import Organisation
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.register.drafts import HouseholdDraft, MemberDraft

Progress = Callable[[str], None]
Values = dict[str, Any]

WOMEN = {"mothers": 142, "women-apart": 180, "cancer": 22, "women-talent": 46, "mentors": 18, "family-lecturers": 24}
WOMEN |= {"speakers": 40, "women-lawyers": 12, "advisers": 20, "mediators": 60, "executives": 160, "honours": 12}
HOUSEHOLDS = {"relief": 140, "care-targets": 150, "honours": 18}
OF_THE_COUNTY = {"family-brands": 6, "honours": 4}
ANSWERED_WHOLE = frozenset({"mediators", "women-lawyers", "advisers", "mentors", "family-lecturers", "women-talent"})
CHILDREN_APART = 120
FORGOTTEN = 5  # children of full age who still stand on their list, so that the work list has work
LINES = {
    "title": ("最美家庭", "美丽庭院示范户", "平安家庭", "三八红旗手", "巾帼建功标兵"),
    "body": ("区妇联", "市妇联", "镇妇联"),
    "speciality": ("种植", "财务", "文艺", "调解", "电商"),
    "name": ("家和课堂（示例）", "书香妈妈（示例）", "亲子共读（示例）", "小管家营（示例）", "善育讲堂（示例）"),
    "topics": ("婚姻家庭", "亲子沟通", "家风故事", "法律常识", "心理健康"),
    "firm": ("示例一号律师事务所", "示例二号律师事务所", "示例三号律师事务所"),
    "paired": ("凤桥镇（示例结对）", "新丰镇（示例结对）", "大桥镇（示例结对）"),
}


@dataclass(frozen=True, slots=True)
class Somebody:
    """One who can stand on a list; `village` is where she has lived all along."""

    village: str
    type: str
    key: str
    birth: dt.date | None = None


@dataclass(slots=True)
class _Cast:
    households: list[Somebody] = field(default_factory=list)
    women: list[Somebody] = field(default_factory=list)
    children: list[Somebody] = field(default_factory=list)


def fill_lists(
    dice: Random,
    actors: Mapping[str, Actor],
    officer: Actor,
    homes: Sequence[HouseholdDraft],
    *,
    published: Published,
    now: dt.datetime,
    progress: Progress,
) -> None:
    """First the files that the summary counts, then everything else. `homes` have not moved."""
    cast = _cast(homes)
    progress("建家庭、妇女和困境儿童档案 …")
    children = _published(dice, actors, cast, published, now.date())
    if now.year > YEAR + 1:
        progress("建各样名册 …")
        _of_age(actors, children, now)
        _others(dice, actors, officer, cast, published, now)


def _cast(homes: Sequence[HouseholdDraft]) -> _Cast:
    cast = _Cast()
    for home in homes:
        cast.households.append(Somebody(home.region, "household", home.id))
        for member in home.members:
            birth = member.birth if isinstance(member.birth, dt.date) else None
            somebody = Somebody(home.region, "person", member.id, birth)
            if member.sex == "female" and _age(member) >= 20:
                cast.women.append(somebody)
            if _age(member) < 16 and birth:
                cast.children.append(somebody)
    return cast


def _age(member: MemberDraft) -> int:
    return YEAR - member.birth.year if isinstance(member.birth, dt.date) else 0


def _published(
    dice: Random, actors: Mapping[str, Actor], cast: _Cast, published: Published, today: dt.date
) -> list[tuple[Somebody, str, Values]]:
    """The files that the summary of 2021 counts. Answers the children's: who, the record's key, what was said."""
    young = [child for child in cast.children if child.birth and YEAR - child.birth.year >= 2]
    chosen = [
        *(("family-file", each) for each in dice.sample(cast.households, published.family_files)),
        *(("woman-file", each) for each in dice.sample(cast.women, published.women_files)),
        *(("child-in-difficulty", each) for each in dice.sample(young, published.children_files)),
    ]
    drafts: dict[str, list[Draft]] = {}
    children = []
    for code, somebody in chosen:
        # The villages looked again since: a few are overdue, the others are not.
        review = today + dt.timedelta(days=dice.randint(-5, 340))
        day = dt.date(YEAR, dice.randint(1, 12), dice.randint(1, 28))
        values = _values(dice, catalog().programme(code), somebody, day) | {"review_on": review.isoformat()}
        key = new_id()
        drafts.setdefault(somebody.village, []).append(Draft("listing", key, values))
        if code == "child-in-difficulty":
            children.append((somebody, key, values))
    for village, mine in sorted(drafts.items()):
        submit(actors[village], mine, at=_evening(dt.date(YEAR, 12, 31)))
    return children


def _of_age(actors: Mapping[str, Actor], children: list[tuple[Somebody, str, Values]], now: dt.datetime) -> None:
    """Who has turned eighteen since was taken off that day."""
    born = [(each, key, values, each.birth) for each, key, values in children if each.birth]
    grown = [each for each in born if age_on(each[3], now.date()) >= 18]
    for somebody, key, values, birth in grown[FORGOTTEN:]:
        off = {"off_day": birthday(birth, 18).isoformat(), "off_why": "满18周岁"}
        version = catalog().programme(values["list"]).version
        draft = Draft("listing", key, values | off | {"version": version}, Act.FOLLOW_UP, base=1)
        submit(actors[somebody.village], [draft], at=now)


def _others(
    dice: Random,
    actors: Mapping[str, Actor],
    officer: Actor,
    cast: _Cast,
    published: Published,
    now: dt.datetime,
) -> None:
    """Invented people on every other list, a tenth of them overdue; the county puts on what the villages may not."""
    drafts: dict[str, list[Draft]] = {}
    for code, somebody in _standing(dice, cast, published):
        spec = catalog().programme(code)
        is_village = somebody.village in actors and (spec.who is None or spec.who.put_on == "village")
        day = _lately(dice, spec, somebody, now.date())
        values = _values(dice, spec, somebody, day)
        if spec.review_months and dice.random() < 0.9:
            seen = max(day, now.date() - dt.timedelta(days=dice.randint(1, 80)))
            values["reviews"] = [{"id": new_id(), "day": seen.isoformat(), "outcome": "same", "note": "上门看过"}]
        drafts.setdefault(somebody.village if is_village else "", []).append(Draft("listing", new_id(), values))
    for village, mine in sorted(drafts.items()):
        submit(actors.get(village, officer), mine, at=now)


def _standing(dice: Random, cast: _Cast, published: Published) -> Iterator[tuple[str, Somebody]]:
    county = Organisation.objects.get(region=COUNTY, type="federation", is_demo=True)
    body = Somebody(COUNTY, "organisation", county.id)
    young = [child for child in cast.children if child.birth and YEAR - child.birth.year < 10]
    groups: tuple[tuple[Mapping[str, int], Sequence[Somebody]], ...] = (
        (WOMEN, cast.women),
        (HOUSEHOLDS, cast.households),
        ({"children-apart": CHILDREN_APART}, young),
    )
    for counts, people in groups:
        for code, many in counts.items():
            here = max(1, many * published.households // 17_700)
            yield from ((code, each) for each in dice.sample(people, min(here, len(people))))
    for code, many in OF_THE_COUNTY.items():
        yield from ((code, body) for _ in range(many))


def _lately(dice: Random, spec: ProgrammeSpec, somebody: Somebody, today: dt.date) -> dt.date:
    """A day of the last years; within what it is valid, and while a child was still young enough."""
    most = min(spec.valid_months or 40, 40) * 30 - 20
    day = today - dt.timedelta(days=dice.randint(100, most))
    if spec.age_limit and somebody.birth:
        last = birthday(somebody.birth, spec.age_limit) - dt.timedelta(days=dice.randint(1, 300))
        day = max(min(day, last), months_after(somebody.birth, 12))
    return day


def _values(dice: Random, spec: ProgrammeSpec, somebody: Somebody, day: dt.date) -> Values:
    above = {category.under for category in spec.categories}
    categories = [category.code for category in spec.categories if category.code not in above]
    levels = [level.code for level in spec.levels if level.code not in ("nation", "province")]
    return {
        "list": spec.code,
        "subject_type": somebody.type,
        "subject": somebody.key,
        "on_day": day.isoformat(),
        "category": dice.choice(categories) if categories else "",
        "level": dice.choice(levels) if levels else "",
        "grade": dice.choice(spec.grades).code if spec.grades else "",
        "paper": dice.choice(spec.papers).code if spec.papers else "",
        "paper_number": f"示例〔{day.year}〕{dice.randint(1, 90)}号" if spec.papers else "",
        "answers": dict(_answers(dice, spec, day)),
    }


def _answers(dice: Random, spec: ProgrammeSpec, day: dt.date) -> Iterable[tuple[str, Any]]:
    """What a list must know and what it counts, all of it of talents; the files of 2021 were kept without."""
    for asked in spec.fields:
        if asked.required or asked.counted or spec.code in ANSWERED_WHOLE:
            yield f"{spec.code}.{asked.code}", _answer(dice, asked, day)


def _answer(dice: Random, asked: FieldSpec, day: dt.date) -> str | list[str]:
    match asked.type:
        case "choice" | "yes-no":
            return dice.choice(answers_of(asked))[0]
        case "choices":
            codes = [code for code, _ in answers_of(asked)]
            return dice.sample(codes, min(2, len(codes)))
        case "day":
            return months_after(day, -8).isoformat()
        case "line":
            return dice.choice(LINES.get(asked.code, LINES["speciality"]))
        case _:
            return str(dice.randint(1, 6))


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 20, 0, tzinfo=SHANGHAI)
