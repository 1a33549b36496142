"""Reports of three sources that tell of the same people differently: invented, from a seed. For bench and suite."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from lianxin.kinds.cases.matching import Told
from lianxin.vault.identity import check_digit

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "英华芳娟敏静丽艳娜秀兰霞玲燕萍红梅桂珍凤洁琳云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珠翠雅芝玉萃娥巧美慧"
    "晴淑惠珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦"
    "昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思"
)
HOMOPHONES = (
    "英瑛莺鹰", "芳方坊", "娟涓鹃", "敏闽", "静净靖境", "丽莉俐立", "艳燕雁彦", "秀绣锈", "兰岚蓝", "霞侠夏",
    "玲铃灵凌", "红宏虹洪", "梅枚眉玫", "桂贵", "珍贞真", "凤奉", "洁杰婕", "云芸耘", "莲连怜", "荣蓉容",
    "月悦跃", "媛圆园", "佳嘉家加", "玉育毓钰", "惠慧会卉", "美镁", "晴情擎", "淑舒书", "青清卿", "婷庭亭",
    "瑶遥姚", "丹单", "琴勤芹", "欣新心馨", "晓小筱", "张章", "徐许", "吴伍", "王汪", "于余俞", "陆卢",
    "程成陈", "江姜蒋",
)  # fmt: skip
TYPED_OVER = (
    "王玉", "李季", "莉荔", "玲岭", "娟捐", "敏繁", "静睁", "艳绝", "娜挪", "兰兰", "霞露", "萍苹", "洁诘",
    "珍诊", "凤风", "芳劳",
)  # fmt: skip
SOURCES = ("alarm-110", "hotline-12338", "visit")
VILLAGES = tuple(f"3304021{town:02}2{village:02}" for town in range(13) for village in range(11))


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one person; `who` is the truth that the matcher never sees."""

    number: int
    who: int
    source: str
    told: Told


def made(seed: int, *, reports: int = 20_000, again: float = 0.15) -> list[Report]:
    """So many reports, of which this share tells of somebody who was told of before. In no order of people."""
    dice = Random(seed)
    given_out: set[str] = set()
    first = [_person(dice, given_out) for _ in range(int(reports * (1 - again)))]
    first = _with_families(dice, first)
    told = [(who, _as_told(dice, person, _source(dice))) for who, person in enumerate(first)]
    while len(told) < reports:
        who = dice.randrange(len(first))
        told.append((who, _as_told(dice, _moved_on(dice, first[who]), _source(dice), careless=True)))
    dice.shuffle(told)
    return [Report(number, who, source, what) for number, (who, (source, what)) in enumerate(told)]


def pairs_of(reports: list[Report]) -> set[tuple[int, int]]:
    """The truth: which numbers are one person."""
    groups: dict[int, list[int]] = {}
    for report in reports:
        groups.setdefault(report.who, []).append(report.number)
    return {(one, other) for group in groups.values() for one in group for other in group if one < other}


def _person(dice: Random, given_out: set[str]) -> Told:
    village, birth = dice.choice(VILLAGES), dice.randint(1946, 2003)
    sex = "female" if dice.random() < 0.85 else "male"
    seventeen = f"330402{birth}{dice.randint(1, 12):02}{dice.randint(1, 28):02}{dice.randint(0, 99):02}"
    seventeen += dice.choice("02468" if sex == "female" else "13579")
    if seventeen in given_out:  # no two people share a number
        return _person(dice, given_out)
    given_out.add(seventeen)
    return Told(
        name=_often(dice, SURNAMES) + "".join(_often(dice, GIVEN) for _ in range(2 if dice.random() < 0.8 else 1)),
        phone=_phone(dice),
        id_number=seventeen + check_digit(seventeen),
        birth_year=birth,
        sex=sex,
        village=village,
        door=_door(dice),
    )


def _with_families(dice: Random, people: list[Told]) -> list[Told]:
    """One in eight lives with somebody of the list: the same door, often the same phone, another person."""
    for place in range(1, len(people)):
        if dice.random() < 0.125:
            kin, own = people[place - 1], people[place]
            phone = kin.phone if dice.random() < 0.5 else own.phone
            surname = kin.name[:1] if dice.random() < 0.4 else own.name[:1]
            people[place] = replace(own, village=kin.village, door=kin.door, phone=phone, name=surname + own.name[1:])
    return people


def _source(dice: Random) -> str:
    return dice.choices(SOURCES, (5, 2, 3))[0]


def _as_told(dice: Random, person: Told, source: str, *, careless: bool = False) -> tuple[str, Told]:
    """What a source writes down: the police have phone and address, the hotline seldom an address, a visit no ID."""
    keeps = {
        "alarm-110": {"phone": 0.97, "id_number": 0.45, "birth_year": 0.6, "door": 0.9, "sex": 1.0},
        "hotline-12338": {"phone": 0.98, "id_number": 0.05, "birth_year": 0.5, "door": 0.3, "sex": 0.9},
        "visit": {"phone": 0.75, "id_number": 0.1, "birth_year": 0.85, "door": 0.95, "sex": 1.0},
    }[source]
    blank = {"phone": "", "id_number": "", "birth_year": 0, "door": "", "sex": ""}
    left_out = {field: blank[field] for field, share in keeps.items() if dice.random() > share}
    told = replace(person, **left_out)  # type: ignore[arg-type]
    return source, _slipped(dice, told) if careless else told


def _moved_on(dice: Random, person: Told) -> Told:
    """Time has passed: a new address, a new number."""
    if dice.random() < 0.12:
        near = [village for village in VILLAGES if village[:9] == person.village[:9]]
        person = replace(person, village=dice.choice(near if dice.random() < 0.6 else VILLAGES), door=_door(dice))
    return replace(person, phone=_phone(dice)) if dice.random() < 0.08 else person


def _slipped(dice: Random, told: Told) -> Told:
    """One slip always, a second or third now and then."""
    slips = [_name_sounds_alike, _name_typed_over, _digits_moved, _digit_wrong, _year_off, _door_otherwise]
    for slip in dice.sample(slips, dice.choices((1, 2, 3), (65, 28, 7))[0]):
        told = slip(dice, told)
    return told


def _name_sounds_alike(dice: Random, told: Told) -> Told:
    places = [place for place, sign in enumerate(told.name) if any(sign in group for group in HOMOPHONES)]
    if not places:
        return _name_typed_over(dice, told)
    place = dice.choice(places)
    group = next(group for group in HOMOPHONES if told.name[place] in group)
    return replace(told, name=told.name[:place] + dice.choice(group) + told.name[place + 1 :])


def _name_typed_over(dice: Random, told: Told) -> Told:
    place = dice.randrange(1, len(told.name))
    if len(told.name) > 2 and dice.random() < 0.2:
        return replace(told, name=told.name[:place] + told.name[place + 1 :])
    sign = next((pair[1] for pair in TYPED_OVER if pair[0] == told.name[place]), dice.choice(GIVEN))
    return replace(told, name=told.name[:place] + sign + told.name[place + 1 :])


def _digits_moved(dice: Random, told: Told) -> Told:
    if not told.phone:
        return told
    place = dice.randrange(3, 10)
    digits = list(told.phone)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    return replace(told, phone="".join(digits))


def _digit_wrong(dice: Random, told: Told) -> Told:
    if not told.phone:
        return told
    place = dice.randrange(3, 11)
    return replace(told, phone=told.phone[:place] + str(dice.randrange(10)) + told.phone[place + 1 :])


def _year_off(dice: Random, told: Told) -> Told:
    return replace(told, birth_year=told.birth_year + dice.choice((-1, 1))) if told.birth_year else told


def _door_otherwise(dice: Random, told: Told) -> Told:
    return replace(told, door=told.door.partition("组")[2] if dice.random() < 0.5 else "") if told.door else told


def _often(dice: Random, signs: str) -> str:
    """The first signs far more often than the last, as in real lists."""
    return signs[min(int(dice.expovariate(1 / (len(signs) / 4))), len(signs) - 1)]


def _phone(dice: Random) -> str:
    return dice.choice(("135", "137", "139", "158", "186", "189", "133")) + f"{dice.randrange(10**8):08}"


def _door(dice: Random) -> str:
    return f"{dice.randint(1, 12)}组{dice.randint(1, 60)}号"
