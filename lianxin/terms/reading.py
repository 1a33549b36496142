"""What pages show of a change of term: its committees, who leaves, stays and joins, how the new one is made up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.actors import known_roles
from lianxin.net.models import Organisation, Post
from lianxin.net.posts import held_on
from lianxin.register.queries import names_and_ages
from lianxin.terms.accounts import Known, accounts_of_people, switched_off
from lianxin.terms.carrying import rights_of
from lianxin.terms.models import Committee, Schooling, Seat, State, TermChange
from lianxin.terms.preparing import CHAIR

HIDDEN = "（姓名不在您可看的范围）"
YOUNG = 45  # 岁: below it the summaries call a member young


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat as a page shows it. `age` in full years, None where the birthday is unknown or out of sight."""

    person: str
    name: str
    title: str
    age: int | None
    schooling: str
    sits_in_both: bool
    role: str
    has_account: bool
    is_switched_off: bool
    is_new: bool

    @property
    def is_chair(self) -> bool:
        return CHAIR in self.title and "副" not in self.title


@dataclass(frozen=True, slots=True)
class Makeup:
    """People 人 of one or more committees, by age and schooling; shares are asked of `in_both` over `people`."""

    people: int
    new: int
    aged: int
    years: int
    young: int
    schooling: tuple[tuple[str, int], ...]
    in_both: int
    chairs: int
    chairs_in_both: int

    @property
    def mean_age(self) -> int | None:
        """Of those whose birthday is known, rounded."""
        return round(self.years / self.aged) if self.aged else None


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """One committee, the old and the new beside each other. `revoked` are rights that end, in words."""

    committee: Committee
    name: str
    seats: tuple[SeatLine, ...]
    leaving: tuple[str, ...]
    revoked: tuple[str, ...]
    makeup: Makeup


def changes_seen_by(actor: Actor) -> QuerySet[TermChange]:
    """Changes of her place, and those that touch a committee in her charge; open ones first, newest first."""
    own = TermChange.objects.seen_by(actor).values_list("pk", flat=True)
    touched = Committee.objects.seen_by(actor).values_list("change_id", flat=True)
    rows = TermChange.objects.unscoped("named by the committees in her charge")
    return rows.filter(pk__in={*own, *touched}).order_by("-prepared_at", "-id")


def committees_seen_by(actor: Actor, change: TermChange) -> list[Committee]:
    return list(Committee.objects.seen_by(actor).filter(change_id=change.pk).order_by("region", "id"))


def names_of(committees: Iterable[Committee]) -> dict[str, str]:
    """Organisation key → name."""
    keys = [committee.organisation for committee in committees]
    return dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))


def seat_lines(actor: Actor, committees: Collection[Committee], *, today: dt.date) -> dict[str, tuple[SeatLine, ...]]:
    """Committee key → its list, the chair first. Seven queries however many there are."""
    posts = _posts([committee.organisation for committee in committees], today)
    seats = _seats(actor, committees)
    people = _People.of(actor, {seat.person for seat in seats}, today)
    return _lines(committees, seats, posts, people)


@dataclass(frozen=True, slots=True)
class _People:
    """What can be said of people of the register: by the register where the reader may look, by account elsewhere."""

    known: Mapping[str, tuple[str, int | None]]
    accounts: Mapping[str, Known]
    off: Collection[str]

    @classmethod
    def of(cls, actor: Actor, people: Collection[str], today: dt.date) -> Self:
        known = names_and_ages(actor, people, on=today) if actor.may(Verb.REGISTER_READ) else {}
        return cls(known, accounts_of_people(people), switched_off(people))

    def name(self, person: str) -> str:
        if person in self.known:
            return self.known[person][0]
        return self.accounts[person].name if person in self.accounts else HIDDEN

    def age(self, person: str) -> int | None:
        return self.known[person][1] if person in self.known else None


def _posts(organisations: Collection[str], today: dt.date) -> list[Post]:
    return list(Post.objects.filter(held_on(today), organisation_id__in=organisations).order_by("starts", "id"))


def _seats(actor: Actor, committees: Iterable[Committee]) -> list[Seat]:
    keys = [committee.pk for committee in committees]
    return list(Seat.objects.seen_by(actor).filter(committee_id__in=keys).order_by("id"))


def _lines(
    committees: Iterable[Committee], seats: Iterable[Seat], posts: Iterable[Post], people: _People
) -> dict[str, tuple[SeatLine, ...]]:
    serving = {(post.organisation_id, post.person) for post in posts}
    body = {committee.pk: committee.organisation for committee in committees}
    roles = {code: role.name for code, role in known_roles().items()}
    lines: dict[str, list[SeatLine]] = {key: [] for key in body}
    for seat in seats:
        lines[seat.committee_id].append(
            SeatLine(
                person=seat.person,
                name=people.name(seat.person),
                title=seat.title,
                age=people.age(seat.person),
                schooling=Schooling(seat.schooling).label if seat.schooling else "",
                sits_in_both=seat.sits_in_both,
                role=roles.get(seat.role, ""),
                has_account=seat.person in people.accounts,
                is_switched_off=seat.person in people.off,
                is_new=(body[seat.committee_id], seat.person) not in serving,
            )
        )
    return {key: tuple(sorted(each, key=_rank)) for key, each in lines.items()}


def _rank(line: SeatLine) -> int:
    return 0 if line.is_chair else 1 if CHAIR in line.title else 2


def makeup_of(lines: Iterable[SeatLine]) -> Makeup:
    """How committees are made up."""
    seats = list(lines)
    ages = [seat.age for seat in seats if seat.age is not None]
    schooling = Counter(seat.schooling for seat in seats if seat.schooling)
    return Makeup(
        people=len(seats),
        new=sum(seat.is_new for seat in seats),
        aged=len(ages),
        years=sum(ages),
        young=sum(age < YOUNG for age in ages),
        schooling=tuple((level.label, schooling[level.label]) for level in Schooling if schooling[level.label]),
        in_both=sum(seat.sits_in_both for seat in seats),
        chairs=sum(seat.is_chair for seat in seats),
        chairs_in_both=sum(seat.is_chair and seat.sits_in_both for seat in seats),
    )


def committee_view(actor: Actor, committee: Committee, *, today: dt.date) -> CommitteeView:
    """One committee for its page and for the preview. Nine queries."""
    body = Organisation.objects.get(pk=committee.organisation)
    posts, seats = _posts([body.pk], today), _seats(actor, [committee])
    staying = {seat.person for seat in seats}
    people = _People.of(actor, staying | {post.person for post in posts}, today)
    lines = _lines([committee], seats, posts, people)[committee.pk]
    kept = {(people.accounts[seat.person].key, seat.role) for seat in seats if seat.person in people.accounts}
    roles = known_roles()
    return CommitteeView(
        committee=committee,
        name=body.name,
        seats=lines,
        leaving=tuple(f"{people.name(post.person)}（{post.title}）" for post in posts if post.person not in staying),
        revoked=tuple(
            f"{row.account.name}（{roles[row.role].name}）"
            for row in rights_of(body, today)
            if (row.account_id, row.role) not in kept
        ),
        makeup=makeup_of(lines),
    )


def is_open(change: TermChange) -> bool:
    return change.state in (State.PREPARING, State.SET)
