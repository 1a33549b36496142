"""What a case says: how it came, who is in it, how she may be reached, and the log of what was done since."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.base.days import SHANGHAI, checked_past_day, parse_day, parse_hour
from lianxin.base.errors import Problems, Refused
from lianxin.base.text import clean_line, clean_note
from lianxin.kinds.cases.steps import STEPS_MOST, Beat, read_beat
from lianxin.records.kinds import Subject, Values
from lianxin.records.reader import Reader
from lianxin.vault.box import seal, unseal
from lianxin.vault.masks import mask_free_text

PARTY_ROLES = {"her": "求助人", "other": "对方", "child": "孩子", "witness": "知情人"}
WAYS = {
    "call": "打电话",
    "message": "发短信",
    "wechat": "微信",
    "door": "上门",
    "office": "约到办公室",
    "other": "别的办法",
}
SEALED = ("whereabouts", "safe_number")
_CONTEXT = "case.safety"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the matter: of the register by key, or by what she is called."""

    line: str
    role: str
    person: str = ""
    name: str = ""
    relation: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.line,
            "role": self.role,
            "person": self.person,
            "name": self.name,
            "relation": self.relation,
        }


@dataclass(frozen=True, slots=True)
class Safety:
    """How she may be reached without harm. `whereabouts` and `safe_number` are sealed, base64; never plain."""

    ways: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    hours: str = ""
    opening: str = ""  # what to say first: the cover reason
    cover: str = ""  # what a visit is called towards others
    whereabouts: str = ""
    safe_number: str = ""
    is_asked: bool = False  # she was asked, even if all she said was “anything is safe”

    def as_json(self) -> dict[str, Any]:
        return {
            "ways": list(self.ways),
            "never": list(self.never),
            "hours": self.hours,
            "opening": self.opening,
            "cover": self.cover,
            "whereabouts_sealed": self.whereabouts,
            "safe_number_sealed": self.safe_number,
            "is_asked": self.is_asked,
        }

    def reveal(self, name: str) -> str:
        """The plain text of a sealed field; callers write down who looked, and why, first."""
        sealed = getattr(self, name)
        return unseal(base64.b64decode(sealed), context=f"{_CONTEXT}.{name}") if sealed else ""


@dataclass(frozen=True, slots=True)
class CaseValues(Values):
    """A case. `heard` are her own words; `gist` is what the lists call it, without names."""

    at: dt.datetime
    source: str
    matter: str
    programme: str = ""
    version: int = 0
    region: str = ""
    household: str = ""
    parties: tuple[Party, ...] = ()
    heard: str = ""
    gist: str = ""
    is_anonymous: bool = False
    is_consultation: bool = False
    safety: Safety = Safety()
    factors: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    log: tuple[Beat, ...] = ()

    @property
    def day(self) -> dt.date:
        return self.at.date()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        home = (Subject("household", self.household),) if self.household else ()
        return (*home, *(Subject("person", party.person) for party in self.parties if party.person))

    def as_json(self) -> dict[str, Any]:
        return {
            "programme": self.programme,
            "version": self.version,
            "day": self.day.isoformat(),
            "hour": self.at.strftime("%H:%M"),
            "source": self.source,
            "matter": self.matter,
            "region": self.region,
            "household": self.household,
            "parties": [party.as_json() for party in self.parties],
            "heard": self.heard,
            "gist": self.gist,
            "is_anonymous": self.is_anonymous,
            "is_consultation": self.is_consultation,
            "safety": self.safety.as_json(),
            "factors": dict(self.factors),
            "answers": dict(self.answers),
            "log": [beat.as_json() for beat in self.log],
        }


def read_values(raw: Mapping[str, Any], problems: Problems, *, today: dt.date) -> CaseValues:
    """Everything that can be read without asking the catalogue or the register."""
    reader = Reader(raw, problems)
    factors = raw.get("factors") or {}
    return CaseValues(
        at=_moment(reader, today),
        source=reader.text("source").strip(),
        matter=reader.text("matter").strip(),
        programme=reader.text("programme").strip(),
        version=int(reader.text("version")) if reader.text("version").isdigit() else 0,
        region=reader.text("region").strip(),
        household=reader.text("household").strip().upper(),
        parties=tuple(_parties(reader)),
        heard=reader.note("heard"),
        gist=_sentence(reader, "gist", 120),
        is_anonymous=raw.get("is_anonymous") in (True, "yes", "on", "true"),
        is_consultation=raw.get("is_consultation") in (True, "yes", "on", "true"),
        safety=_safety(raw.get("safety"), problems),
        factors={str(code)[:40]: str(said) for code, said in factors.items() if said in ("yes", "no", "unknown")}
        if isinstance(factors, Mapping)
        else {},
        log=tuple(_log(reader, today)),
    )


def _sentence(reader: Reader, key: str, limit: int) -> str:
    """One line of running words: its full-width commas are meant as typed."""
    return " ".join(mask_free_text(reader.tried(clean_note, key, "", limit=limit)).split())


def _moment(reader: Reader, today: dt.date) -> dt.datetime:
    day = reader.tried(parse_day, "day", today)
    hour = reader.tried(parse_hour, "hour", dt.time(12, tzinfo=SHANGHAI))
    try:
        day = checked_past_day(day, today=today, field="day")
    except Refused as error:
        reader.problems.add(error.field, error.message)
        day = today
    return dt.datetime.combine(day, hour.replace(tzinfo=None), SHANGHAI)


def _parties(reader: Reader) -> Iterator[Party]:
    for row in reader.rows("parties"):
        person, name = row.text("person").strip().upper()[:26], row.line("name", 40)
        if not person and not name:
            continue
        role = row.text("role") or "her"
        if role not in PARTY_ROLES:
            row.problems.add(row.name("role"), "请选是求助人、对方、孩子还是知情人。")
            role = "witness"
        yield Party(row.line_id(), role, person, name, row.line("relation", 20))


def _safety(raw: Any, problems: Problems) -> Safety:
    if not isinstance(raw, Mapping):
        return Safety()
    reader = Reader(raw, problems, "safety.")
    return Safety(
        ways=_known(raw.get("ways")),
        never=_known(raw.get("never")),
        hours=_sentence(reader, "hours", 40),
        opening=_sentence(reader, "opening", 80),
        cover=_sentence(reader, "cover", 40),
        is_asked=raw.get("is_asked") in (True, "yes", "on", "true"),
        **{name: _sealed(raw, reader, name) for name in SEALED},
    )


def _known(codes: Any) -> tuple[str, ...]:
    return tuple(code for code in WAYS if isinstance(codes, (list, tuple)) and code in codes)


def _sealed(raw: Mapping[str, Any], reader: Reader, name: str) -> str:
    """What was typed, sealed at once; what came back from the history is sealed already."""
    typed = reader.tried(clean_line, name, "", limit=120)
    if not typed:
        return str(raw.get(f"{name}_sealed") or "")
    return base64.b64encode(seal(typed, context=f"{_CONTEXT}.{name}")).decode()


def _log(reader: Reader, today: dt.date) -> Iterator[Beat]:
    value = reader.raw.get("log") or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        reader.problems.add("log", "经过读不出来，请重新打开这一页。")
        return
    if len(value) > STEPS_MOST:
        reader.problems.add("log", f"一件个案最多记 {STEPS_MOST} 步，请另立一件接着办。")
        return
    ids: set[str] = set()
    for number, item in enumerate(value):
        if beat := read_beat(Reader(item, reader.problems, f"log.{number}.", ids), today=today):
            yield beat
