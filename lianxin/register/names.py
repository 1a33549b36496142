"""The forms a name or a house number is found by: its signs, pinyin, initials, sound. No tables here."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from lianxin.base.text import half_width

FORM_LIMIT = 200
_MOST_READINGS = 8  # of one name

# Readings as surnames, where the dictionaries' first reading is another: those marked “姓” in 《现代汉语词典》, several
# where usage differs from place to place. The ordinary reading is indexed beside them: people type what they know.
_SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan",), "曾": ("zeng",), "仇": ("qiu",), "解": ("xie",), "区": ("ou",), "查": ("zha",),
    "朴": ("piao",), "盖": ("ge",), "缪": ("miao",), "翟": ("zhai", "di"), "覃": ("qin", "tan"),
    "员": ("yun",), "乐": ("yue", "le"), "召": ("shao",), "折": ("she",), "黑": ("he",), "秘": ("bi",),
    "繁": ("po",), "种": ("chong",), "重": ("chong",), "薄": ("bo",), "卜": ("bu",), "么": ("yao",),
    "粘": ("nian",), "牟": ("mou", "mu"), "隗": ("wei", "kui"), "郗": ("xi", "chi"), "谌": ("chen", "shen"),
    "祭": ("zhai",), "佴": ("nai",), "都": ("du",), "逄": ("pang",), "阚": ("kan",), "宓": ("mi", "fu"),
    "能": ("nai",), "柏": ("bai", "bo"), "句": ("gou",), "洗": ("xian",), "任": ("ren",), "华": ("hua",),
    "尉": ("wei", "yu"), "哈": ("ha",), "那": ("na",), "贲": ("ben",), "长": ("chang",), "车": ("che",),
    "尉迟": ("yu chi",), "万俟": ("mo qi",), "长孙": ("zhang sun",), "单于": ("chan yu",), "澹台": ("tan tai",),
    "令狐": ("ling hu",), "鲜于": ("xian yu",),
}  # fmt: skip

# Signs common in given names whose first reading in the dictionaries is not, or not always, the one meant.
_GIVEN: dict[str, tuple[str, ...]] = {
    "长": ("chang",), "晟": ("sheng",), "乐": ("yue",), "朝": ("zhao",), "茜": ("xi",), "莘": ("xin",), "蔚": ("yu",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forms:
    """What one name is found by, each form once."""

    names: tuple[str, ...]  # the whole name first, then from each further sign on
    full: tuple[str, ...]
    initials: tuple[str, ...]
    sounds: tuple[str, ...] = ()  # of the whole name
    given: tuple[str, ...] = ()  # of the given name alone


def forms_of_name(name: str) -> Forms:
    """张桂英 → 张桂英, 桂英, 英; zhangguiying; zgy; zanguiyin; guiyin. 单 as shan and as dan."""
    plain = plain_name(name)
    readings = [reading for reading in islice(_readings(plain), _MOST_READINGS) if any(reading)]
    sounds = dict.fromkeys(sound_of(reading)[:FORM_LIMIT] for reading in readings)
    size = 2 if plain[:2] in _SURNAMES else 1
    given = dict.fromkeys(sound_of(reading[size:])[:FORM_LIMIT] for reading in readings)
    return Forms(
        sounds=tuple(sounds),
        given=tuple(sound for sound in given if sound and all(map(_is_han, plain))),
        names=tuple(dict.fromkeys(plain[start:] for start in range(len(plain)) if start == 0 or _is_han(plain[start]))),
        full=tuple(dict.fromkeys("".join(reading)[:FORM_LIMIT] for reading in readings)),
        initials=tuple(dict.fromkeys("".join(part[:1] for part in reading) for reading in readings)),
    )


def sound_of(syllables: Iterable[str]) -> str:
    """What pinyin sounds like to an ear that does not tell zh from z, in from ing, n from l, h from f, 黄 from 王."""
    return "".join(map(_folded, syllables))


def sounds_typed(pinyin: str) -> tuple[str, ...]:
    """The same of pinyin typed without gaps: where a syllable ends is guessed two ways."""
    pinyin = pinyin.replace("huang", "wang")
    ends = re.sub(r"n(?=[aeiouv])", "l", re.sub(r"ng(?![aeiouv])", "n", pinyin))  # zhang|gui, xia|nan
    runs_on = re.sub(r"^n", "l", pinyin.replace("ng", "n"))  # zhang|ai, xin|an
    return tuple(dict.fromkeys(_folded(each) for each in (ends, runs_on)))


@lru_cache(maxsize=2_000)
def _folded(syllable: str) -> str:
    plain = _MERGED.sub(lambda found: _SAME[found.group()], syllable)
    return re.sub(r"ng$", "n", re.sub(r"^n", "l", plain))


_SAME = {"huang": "wan", "zh": "z", "ch": "c", "sh": "s", "f": "h"}
_MERGED = re.compile("|".join(_SAME))


@lru_cache(maxsize=1_000)
def sounds_of(text: str) -> tuple[str, ...]:
    """How what was typed in Chinese signs sounds; () where it holds none."""
    plain = plain_name(text)
    if not any(map(_is_han, plain)):
        return ()
    return forms_of_name(plain).sounds


def readings_of(text: str) -> tuple[str, ...]:
    """How what was typed may be read aloud, in full pinyin without gaps; () where it holds no Chinese sign."""
    plain = plain_name(text)
    if not any(map(_is_han, plain)):
        return ()
    return forms_of_name(plain).full


def plain_name(text: str) -> str:
    """A name as it is compared: letters and signs only, small."""
    return "".join(sign for sign in half_width(text).lower() if sign.isalnum() or _is_han(sign))


def forms_of_place(place: str) -> tuple[str, ...]:
    """3组17号 → 3组17号, 17号: from its beginning, and from each number on."""
    plain = plain_place(place)
    starts = [0, *(match.start() for match in re.finditer(r"\d+", plain))]
    return tuple(dict.fromkeys(plain[start:] for start in starts if plain))


def plain_place(text: str) -> str:
    """A house number as it is compared: half-width, small letters, no gaps."""
    return re.sub(r"[\s,，、]+", "", half_width(text)).lower()


def _readings(plain: str) -> Iterator[tuple[str, ...]]:
    parts = _parts(plain)
    size = next((size for size in (2, 1) if plain[:size] in _SURNAMES), 0)
    ordinary = tuple(_sound(part) for part in parts[:size])
    surnames = dict.fromkeys([*(tuple(reading.split()) for reading in _SURNAMES.get(plain[:size], ())), ordinary])
    given = [dict.fromkeys((_sound(part), *_GIVEN.get(part, ()))) for part in parts[size:]]
    return ((*surname, *rest) for surname, rest in product(surnames, product(*given)))


def _parts(plain: str) -> list[str]:
    """Chinese signs one by one, runs of letters together."""
    return re.findall(r"[a-z0-9]+|.", plain)


def _is_han(sign: str) -> bool:
    """Also signs newer than this Python's Unicode; full-width letters are folded before."""
    return "\u3400" <= sign < "\uff00" or sign >= "\U00020000"


@lru_cache(maxsize=20_000)
def _sound(part: str) -> str:
    """One sign's ordinary reading without its tone; "" where there is none. ü is typed v."""
    # Signs are asked one by one: the dictionary of phrases would take forty megabytes of every process for nothing.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # its dictionaries take a third of a second to load

    if part.isascii():
        return part
    sound = lazy_pinyin(part, style=Style.NORMAL, errors="ignore")
    return sound[0] if sound and sound[0].isascii() else ""
