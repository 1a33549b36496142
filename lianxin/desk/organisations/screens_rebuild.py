"""Pages for what a body is: another type or place where it was entered wrong, and 改建, when it becomes another."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.forms import with_typed
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for
from lianxin.desk.asking import FormPage
from lianxin.desk.organisations import queries
from lianxin.desk.organisations.forms import day_of, draft_of, elsewhere_form, known_of, place_of_body, rebuild_form
from lianxin.desk.organisations.shown import crumbs_of
from lianxin.kinds.listings.bodies import put_organisation_elsewhere, rebuild
from lianxin.net.models import Organisation
from lianxin.net.organisations import OrganisationDraft, organisation_for, type_name
from lianxin.net.rebuilding import types_from
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen


class OrganisationElsewhere(Screen):
    """The type or the place was entered wrong."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "改类型、地方"
    room = "users"
    fragments = {"place": "desk/organisations/_place.html"}

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = elsewhere_form(self.actor, body, near=queries.bodies_at(body.region), typed=None, today=today())
        return self._page(body, form.fill({**known_of(body), **place_of_body(body)}))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = self._form(body)
        if NARROW in self.request.POST:
            return self._page(body, form)
        try:
            place = chosen_place(form)
            if not place:
                raise Refused("请选在哪里。", field="region")
            draft = draft_of(form, kind=form.raw("type"), region=place)
            put_organisation_elsewhere(self.actor, body, draft, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, f"“{draft.name}”改好了，数字跟着改到了对的地方。")
        return redirect("organisation", key=body.pk)

    def _form(self, body: Organisation) -> Form:
        """What is asked follows the type; what may lead or house it follows the place as well."""
        plain = elsewhere_form(self.actor, body, near=(), typed=None, today=today()).bind(self.request.POST)
        settled = elsewhere_form(self.actor, body, near=(), typed=plain, today=today())
        near = queries.bodies_at(chosen_place(settled))
        form = elsewhere_form(self.actor, body, near=near, typed=plain, today=today())
        return with_typed(form, form.bind(self.request.POST))

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”从一开始就登错了才用这里；写明为什么，数从错的地方退回，算到对的地方。"
        page = FormPage(
            self.title,
            gist,
            "保存",
            form,
            crumbs_of(body, self.title),
            has_place=True,
            whole=names_of_steps(form, "本级"),
        )
        return self.render(page, status=status)


class RebuildOrganisation(Screen):
    """A body becomes one of another type on a day."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "改建"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        return self._page(body, self._form(body))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = self._form(body).bind(self.request.POST)
        try:
            new = rebuild(self.actor, body, self._draft(body, form), because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error, dissolved_on="founded_on")), status=400)
        tell(self.request, f"“{body.name}”改建成了“{new.name}”，任职、成员和下面的组织都转过来了。")
        return redirect("organisation", key=new.pk)

    def _draft(self, body: Organisation, form: Form) -> OrganisationDraft:
        spec = catalog().organisation_types.get(form.raw("type"))
        leads = not (spec and spec.led_by) or (body.parent is not None and body.parent.type in spec.led_by)
        return OrganisationDraft(
            name=form.raw("name"),
            type=form.raw("type"),
            region=body.region,
            parent=body.parent_id or "" if leads else "",
            host=body.host_id or "",
            founded_on=day_of(form, "founded_on", missing="请填改建日期。"),
            mode=form.raw("mode"),
            address=body.address,
            contact=form.raw("contact"),
        )

    def _form(self, body: Organisation) -> Form:
        types = types_from(body.type, on=today())
        if not types:
            raise Refused(f"{type_name(body.type)}不改建成别的组织。")
        return rebuild_form(body, types, today=today())

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”从那天起不再是{type_name(body.type)}；任职、成员和下面的组织都转到新的名下，数字自己算。"
        page = FormPage(self.title, gist, "改建", form, crumbs_of(body, self.title))
        return self.render(page, status=status)
