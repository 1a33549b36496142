"""The page before the form: whom somebody was with. Households, people by themselves, organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import say_day
from lianxin.base.errors import Refused
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.panel import recent_faces
from lianxin.kinds.visits.queries import last_visits
from lianxin.net.organisations import type_name
from lianxin.net.regions import path_name
from lianxin.records.bodies import OrganisationHit, find_organisations
from lianxin.register.cards import SubjectHit
from lianxin.register.queries import find_subjects
from lianxin.ui.forms import Field
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody to choose: her name, where she lives, when somebody was last there; `alone`: she without her family."""

    name: str
    note: str
    href: str
    mark: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class WhoPage:
    search: Field
    hits: tuple[Face, ...]
    bodies: tuple[Face, ...]
    recent: tuple[Face, ...]
    was_sought: bool
    may_register: bool


class WhoToVisit(Screen):
    """去看谁: name, initials, phone's last four, house number, a body's name; or whom she was last with."""

    needs = Verb.VISIT_RECORD
    template = "visits/who.html"
    title = "去看谁"
    room = "visit-new"
    fragments = {"hits": "visits/_hits.html"}

    def get(self, request: object) -> HttpResponse:
        sought = self.request.GET.get("q", "").strip()[:40]
        error = ""
        people: list[SubjectHit] = []
        bodies: tuple[OrganisationHit, ...] = ()
        try:
            people = find_subjects(self.actor, sought, limit=12) if sought else []
            bodies = find_organisations(self.actor, sought)
        except Refused as refused:
            error = refused.message
        last = last_visits(self.actor, [*(hit.key for hit in people), *(hit.key for hit in bodies)])
        page = WhoPage(
            search=Field(
                name="q",
                label="姓名、拼音首字母、手机尾号、门牌号、单位名称",
                values=(sought,),
                error=error,
                placeholder="例如 zgy、2764、17号",
            ),
            hits=tuple(_household_face(hit, last.get(hit.key)) for hit in people),
            bodies=tuple(_body_face(hit, last.get(hit.key)) for hit in bodies),
            recent=() if sought else self._recent(),
            was_sought=bool(sought),
            may_register=bool(self.actor.may(Verb.REGISTER_WRITE)),
        )
        return self.render(page)

    def _recent(self) -> tuple[Face, ...]:
        return tuple(Face(face.name, face.note, _form_for(face.type, face.key)) for face in recent_faces(self.actor))


def _form_for(subject_type: str, key: str) -> str:
    return reverse("visit-record", args=[subject_type, key])


def _household_face(hit: SubjectHit, last: Visit | None) -> Face:
    family = f"{hit.head}家" if hit.head and hit.head != hit.name else ""
    return Face(
        name=hit.name,
        note=_joined(family, hit.place, path_name(hit.region), _said(last)),
        href=_form_for(hit.kind, hit.key),
        mark=hit.matched,
        # The form of a household offers each of its people: only who was sought by her own name is offered here.
        alone=_form_for("person", hit.person) if hit.person and family else "",
    )


def _body_face(hit: OrganisationHit, last: Visit | None) -> Face:
    return Face(
        name=hit.name,
        note=_joined(type_name(hit.type), path_name(hit.region), _said(last)),
        href=_form_for("organisation", hit.key),
        mark=hit.matched,
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _said(visit: Visit | None) -> str:
    return f"上次去是{say_day(visit.day)}" if visit else "还没去过"
