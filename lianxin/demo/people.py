"""Invented people: names, ages, families, numbers that nobody can have. A seeded dice throws them all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from lianxin.base.ids import new_id
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.vault.identity import check_digit

SURNAMES = (
    "沈陆张王朱钱吴周徐陈金顾俞姚许孙李杨曹马郑褚费单曾解胡高何郭罗梁宋唐韩冯董萧程"
    "袁邓傅吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
)
COMMON = "沈陆张王朱钱吴周徐陈金顾俞姚许"
WOMEN = "桂英根玉雪珍小妹美芳秀娟丽萍云芸凤琴兰惠宝林红月菊梅巧娣琳静敏婷怡雯欣悦涵洁佳颖慧莉燕霞素文彩仙"
MEN = "建国根林金宝福生荣华志明阿毛伟强军勇斌杰涛海龙永祥兴发卫东平俊浩宇轩晨博立新祖德"
CHILDREN = "子小一梓雨思语诗若嘉天安可艺乐心晨宸沐泽"
NEVER_A_REGION = "99"  # no region of the country begins so: these ID numbers are nobody's


def households(dice: Random, villages: list[str], *, many: int) -> list[HouseholdDraft]:
    """So many invented households over these villages, some villages larger than others."""
    weights = [dice.uniform(0.5, 1.6) for _ in villages]
    homes = [*villages, *dice.choices(villages, weights, k=many - len(villages))]
    numbers = dict.fromkeys(villages, 0)
    drafts = []
    for serial, village in enumerate(sorted(homes)):
        numbers[village] += 1
        drafts.append(_household(dice, village, numbers[village], serial))
    return drafts


def _household(dice: Random, village: str, number: int, serial: int) -> HouseholdDraft:
    surname = dice.choice(COMMON if dice.random() < 0.55 else SURNAMES)
    members = tuple(_members(dice, surname))
    return HouseholdDraft(
        id=new_id(),
        region=village,
        place=f"{number // 40 + 1}组{number % 40 + 1}号",
        phone=f"199000{serial:05d}",
        since=dt.date(dice.randint(2009, 2020), dice.randint(1, 12), dice.randint(1, 28)),
        members=members,
        is_demo=True,
    )


def _members(dice: Random, surname: str) -> Iterator[MemberDraft]:
    age = dice.choice((34, 41, 47, 52, 56, 61, 66, 70, 74, 79))
    yield _person(dice, surname, Relation.HEAD, age, is_woman=dice.random() < 0.45, has_number=True)
    if dice.random() < 0.72:
        spouse, apart = dice.choice(SURNAMES), dice.randint(-3, 4)
        yield _person(dice, spouse, Relation.SPOUSE, age - apart, is_woman=dice.random() < 0.6)
    if age < 60 and dice.random() < 0.7:
        yield _person(dice, surname, Relation.CHILD, max(1, age - dice.randint(24, 33)), is_woman=dice.random() < 0.5)
    if age >= 60 and dice.random() < 0.4:
        years = max(1, age - dice.randint(50, 62))
        yield _person(dice, surname, Relation.GRANDCHILD, years, is_woman=dice.random() < 0.5)


def _person(
    dice: Random, surname: str, relation: Relation, age: int, *, is_woman: bool, has_number: bool = False
) -> MemberDraft:
    birth = dt.date(2021 - age, dice.randint(1, 12), dice.randint(1, 28))
    return MemberDraft(
        id=new_id(),
        name=surname + given_name(dice, age, is_woman=is_woman),
        relation=relation.value,
        sex="female" if is_woman else "male",
        birth=birth,
        id_number=_number(dice, birth, is_woman=is_woman) if has_number else "",
    )


def given_name(dice: Random, age: int, *, is_woman: bool) -> str:
    first = dice.choice(CHILDREN if age < 20 else WOMEN if is_woman else MEN)
    second = dice.choice(WOMEN if is_woman else MEN)
    return first if dice.random() < 0.12 else first + second


def _number(dice: Random, birth: dt.date, *, is_woman: bool) -> str:
    """A well-formed ID number under a region that does not exist."""
    order = dice.randrange(500) * 2 + (0 if is_woman else 1)
    body = f"{NEVER_A_REGION}{dice.randrange(10_000):04d}{birth:%Y%m%d}{order:03d}"
    return body + check_digit(body)
