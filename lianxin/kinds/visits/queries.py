"""Reading visits: lists, one visit, open difficulties, what is due. Every read names the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.catalog.current import catalog
from lianxin.kinds.visits.models import DeliveryMade, Difficulty, Opinion, Visit, Visitor
from lianxin.kinds.visits.values import Mode, Progress
from lianxin.records.keywords import Search, word_index
from lianxin.records.kinds import Card, Subject
from lianxin.records.models import SCOPE, Giving
from lianxin.register.aliases import same_as, with_merged

PAGE = 20
LAST_STEP = 5_000  # the most rows that are read at once on the way to those that match


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """How a list of visits is narrowed. Empty means: not by this."""

    words: str = ""
    purpose: str = ""
    mode: str = ""
    region: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    mine: bool = False

    @property
    def search(self) -> Search:
        marks = [(f"purpose:{self.purpose}",)] if self.purpose else []
        marks += [(f"mode:{self.mode}",)] if self.mode else []
        return Search(words=self.words, marks=tuple(marks), region=self.region)

    @property
    def is_by_index(self) -> bool:
        """Whether the word index alone can answer it: days and “mine” are not in the index."""
        return not (self.since or self.until or self.mine)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of newest-first rows ends; `text` travels in the address."""

    day: dt.date
    seq: int

    @property
    def text(self) -> str:
        return f"{self.day.isoformat()}.{self.seq}"

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        """None for anything that is no cursor: an address somebody has cut short starts at the top."""
        day, _, seq = text.partition(".")
        try:
            return cls(dt.date.fromisoformat(day), int(seq))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One page of visits, how many match altogether, and where the next older page begins."""

    visits: tuple[Visit, ...]
    count: int
    older: Cursor | None


def visits_page(actor: Actor, chosen: VisitFilter, *, before: Cursor | None = None, size: int = PAGE) -> VisitPage:
    """The newest visits that match. Refused (field q) for a one-character word."""
    rows = _narrowed(actor, chosen)
    if chosen.is_by_index:
        found = word_index("visit").find(actor, Verb.VISIT_READ, chosen.search)
        count = found.count
        seqs = found.seqs
        if seqs is None:
            # half as many again as should do, were they spread evenly
            step = (size + 1) * found.among * 3 // (found.count * 2) if chosen.search.terms else size + 1
            seqs = _newest(_marked(rows, chosen), chosen.search, before, size + 1, step=min(step, LAST_STEP))
        rows = rows.filter(seq__in=seqs)
    else:
        rows = _matching_text(rows, chosen)
        count = rows.count()
    visits = tuple(_older(rows, before)[: size + 1])
    older = Cursor(visits[size - 1].day, visits[size - 1].seq) if len(visits) > size else None
    return VisitPage(visits[:size], count, older)


def visits_matching(actor: Actor, chosen: VisitFilter) -> Iterator[Visit]:
    """All of them, newest first, read a piece at a time."""
    rows = _matching_text(_narrowed(actor, chosen), chosen)
    return _older(rows, None).iterator(chunk_size=500)


def _older(rows: QuerySet[Visit], before: Cursor | None) -> QuerySet[Visit]:
    """Newest first, from a place on."""
    if before is not None:
        rows = rows.filter(Q(day__lt=before.day) | Q(day=before.day, seq__lt=before.seq))
    return rows.order_by("-day", "-seq")


def _newest(rows: QuerySet[Visit], search: Search, before: Cursor | None, wanted: int, *, step: int) -> tuple[int, ...]:
    """The first that match, read down the (area, day) index in steps.

    Asked for at once, PostgreSQL takes a frequent word for a rare one and sorts everything.
    """
    found: list[int] = []
    while len(found) < wanted:
        piece = list(_older(rows, before).values_list("day", "seq", "words")[:step])
        found += [seq for _, seq, words in piece if search.is_said_in(words)]
        if len(piece) < step:
            break
        before, step = Cursor(*piece[-1][:2]), min(step * 2, LAST_STEP)
    return tuple(found[:wanted])


def _narrowed(actor: Actor, chosen: VisitFilter) -> QuerySet[Visit]:
    rows = Visit.objects.seen_by(actor).filter(is_void=False)
    if chosen.region:
        rows = rows.filter(SCOPE.area(chosen.region))
    if chosen.since:
        rows = rows.filter(day__gte=chosen.since)
    if chosen.until:
        rows = rows.filter(day__lt=chosen.until)
    if chosen.mine:
        rows = rows.filter(recorded_by=actor.account)
    return rows


def _matching_text(rows: QuerySet[Visit], chosen: VisitFilter) -> QuerySet[Visit]:
    """The same search by reading the text: with days set, or when everything that matches is read anyway."""
    rows = _marked(rows, chosen)
    for term in chosen.search.terms:
        rows = rows.filter(words__icontains=term)
    return rows


def _marked(rows: QuerySet[Visit], chosen: VisitFilter) -> QuerySet[Visit]:
    if chosen.purpose:
        rows = rows.filter(purposes__contains=f";{chosen.purpose};")
    return rows.filter(mode=chosen.mode) if chosen.mode else rows


def marks_of(visit: Visit) -> tuple[str, ...]:
    """What the word index files a visit under, besides its scope."""
    return (f"mode:{visit.mode}", *(f"purpose:{code}" for code in codes_in(visit.purposes)))


def codes_in(listed: str) -> tuple[str, ...]:
    """“;a;b;” → (a, b)."""
    return tuple(code for code in listed.split(";") if code)


@dataclass(frozen=True, slots=True)
class VisitStory:
    """One visit with all its lines."""

    visit: Visit
    visitors: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    difficulties: tuple[Difficulty, ...]
    deliveries: tuple[DeliveryMade, ...]
    givings: tuple[Giving, ...]


def visit_story(actor: Actor, key: str) -> VisitStory | None:
    """One visit as the actor may see it; None when there is none for her."""
    visit = Visit.objects.seen_by(actor).filter(key=key).first()
    if visit is None:
        return None
    return VisitStory(
        visit,
        tuple(Visitor.objects.seen_by(actor).filter(record=key).order_by("no").values_list("visitor", flat=True)),
        tuple(Opinion.objects.seen_by(actor).filter(record=key).order_by("no")),
        tuple(Difficulty.objects.seen_by(actor).filter(record=key).order_by("no")) if visit.difficulties else (),
        tuple(DeliveryMade.objects.seen_by(actor).filter(record=key).order_by("no")),
        tuple(Giving.objects.seen_by(actor).filter(record=key).order_by("no")),
    )


def difficulties_open(actor: Actor, *, limit: int = 50) -> tuple[Difficulty, ...]:
    """Difficulties not yet solved, longest waiting first."""
    rows = Difficulty.objects.seen_by(actor).filter(is_void=False, state__in=(Progress.FOUND, Progress.HANDLING))
    return tuple(rows.order_by("found_on", "id")[:limit])


def difficulties_of(actor: Actor, subject: Subject, *, keys: Sequence[str] = ()) -> tuple[Difficulty, ...]:
    """What a subject still waits for: shown in the form so that it is not registered twice.

    `keys` are those that stand for it, where they are at hand.
    """
    rows = Difficulty.objects.seen_by(actor).filter(is_void=False, subject_type=subject.type)
    rows = rows.filter(subject__in=keys or with_merged([subject.key]))
    return tuple(rows.exclude(state=Progress.SOLVED).order_by("found_on", "id"))


def last_visits(actor: Actor, subjects: Sequence[str]) -> dict[str, Visit]:
    """The newest visit to each of these subjects, whatever key it was made under before a merge."""
    alike = same_as(subjects)
    standing = {key for keys in alike.values() for key in keys}
    newest: dict[str, Visit] = {}
    rows = Visit.objects.seen_by(actor).filter(is_void=False, subject__in=standing)
    for visit in rows.order_by("subject", "-day", "-seq"):
        newest.setdefault(visit.subject, visit)
    found = {subject: [newest[key] for key in keys if key in newest] for subject, keys in alike.items()}
    return {subject: max(some, key=lambda visit: (visit.day, visit.seq)) for subject, some in found.items() if some}


def last_visit(actor: Actor, keys: Sequence[str]) -> Visit | None:
    """The newest visit under any of these keys."""
    return Visit.objects.seen_by(actor).filter(is_void=False, subject__in=keys).order_by("-day", "-seq").first()


def last_subjects(actor: Actor, *, limit: int = 8) -> tuple[Subject, ...]:
    """“上次去过的”: whom the actor last recorded, newest first, each once."""
    rows = Visit.objects.seen_by(actor).filter(is_void=False, recorded_by=actor.account).order_by("-seq")
    subjects = (Subject(*row) for row in rows.values_list("subject_type", "subject")[: limit * 5])
    return tuple(dict.fromkeys(subjects))[:limit]


def visits_due(actor: Actor, *, today: dt.date, until: dt.date, limit: int = 50) -> tuple[Visit, ...]:
    """Visits whose “next visit” day has come, or comes before `until`, and that nobody has been back to."""
    rows = Visit.objects.seen_by(actor).filter(is_void=False, next_on__lt=until, next_on__isnull=False)
    due = rows.filter(next_on__gte=today - dt.timedelta(days=365)).order_by("next_on", "seq")[: limit * 4]
    newest = last_visits(actor, [visit.subject for visit in due])
    return tuple(visit for visit in due if newest.get(visit.subject) in (None, visit))[:limit]


def open_work_in(actor: Actor, region: str, *, today: dt.date) -> tuple[int, int]:
    """What waits in one village: visits promised and not made (at most 200 are looked at), difficulties not solved."""
    promised = Visit.objects.seen_by(actor).filter(region=region, is_void=False, next_on__isnull=False)
    due = list(promised.filter(next_on__gte=today - dt.timedelta(days=365)).order_by("next_on", "seq")[:200])
    newest = last_visits(actor, [visit.subject for visit in due])
    waiting = Difficulty.objects.seen_by(actor).filter(region=region, is_void=False)
    return sum(newest.get(visit.subject) == visit for visit in due), waiting.exclude(state=Progress.SOLVED).count()


def visit_cards(actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
    """These visits in two lines each, as far as the actor may see them."""
    rows = Visit.objects.seen_by(actor).filter(key__in=keys)
    return {visit.key: _card(visit) for visit in rows}


def _card(visit: Visit) -> Card:
    names = "、".join(purpose_names(visit))
    return Card(
        key=visit.key,
        kind="visit",
        day=visit.day,
        region=visit.region,
        title=f"{Mode(visit.mode).label} · {names}",
        detail=visit.heard,
        url_name="visit",
        is_void=visit.is_void,
        subject=visit.subject,
    )


def purpose_names(visit: Visit) -> tuple[str, ...]:
    """The lines of work a visit served, by their short names today."""
    programmes = (catalog().find_programme(code) for code in codes_in(visit.purposes))
    return tuple(programme.short for programme in programmes if programme)
