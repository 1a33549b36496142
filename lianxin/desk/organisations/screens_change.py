"""Pages that change organisations: entering one, putting it right, dissolving it, taking back what never stood."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.forms import with_typed
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for
from lianxin.desk.asking import FormPage
from lianxin.desk.organisations import queries
from lianxin.desk.organisations.forms import (
    amend_form,
    day_of,
    dissolving_form,
    draft_of,
    new_form,
    take_back_form,
)
from lianxin.desk.organisations.shown import crumbs_of
from lianxin.kinds.listings.bodies import close_organisation, correct_organisation, open_organisation, take_back
from lianxin.net.models import Organisation
from lianxin.net.organisations import organisation_for
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Crumb
from lianxin.ui.screen import Screen


class NewOrganisation(Screen):
    """Entering a body that was founded; if its type is counted, the figures follow."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记组织"
    room = "users"
    fragments = {"place": "desk/organisations/_place.html"}

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form(None))

    def post(self, request: object) -> HttpResponse:
        plain = new_form(self.actor, near=(), typed=None, today=today())
        form = self._form(plain.bind(self.request.POST))
        form = with_typed(form, form.bind(self.request.POST))
        if NARROW in self.request.POST:
            return self._page(form)
        try:
            place = chosen_place(form)
            if not place:
                raise Refused("请选在哪里。", field="region")
            draft = draft_of(form, kind=form.raw("type"), region=place)
            body = open_organisation(self.actor, draft, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, f"“{body.name}”登记好了。")
        return redirect("organisation", key=body.pk)

    def _form(self, typed: Form | None) -> Form:
        """What is asked follows the type; what may lead or house it follows the place as well."""
        near = queries.bodies_at(self._place(typed)) if typed else ()
        return new_form(self.actor, near=near, typed=typed, today=today())

    def _place(self, typed: Form) -> str:
        return chosen_place(new_form(self.actor, near=(), typed=typed, today=today()))

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (Crumb("组织", reverse("organisations")), Crumb(self.title))
        spec = catalog().organisation_types.get(form.raw("type"))
        gist = spec.help if spec and spec.help else "先选类型和地方，下面问什么跟着变。"
        page = FormPage(self.title, gist, "登记", form, crumbs, has_place=True, whole=names_of_steps(form, "本级"))
        return self.render(page, status=status)


class AmendOrganisation(Screen):
    """Putting right what is said of a body; its records stay with it, its figures follow."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "改资料"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        return self._page(body, self._form(body))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = self._form(body).bind(self.request.POST)
        try:
            draft = draft_of(form, kind=body.type, region=body.region)
            changed = correct_organisation(self.actor, body, draft, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{changed.name}”改好了。")
        return redirect("organisation", key=body.pk)

    def _form(self, body: Organisation) -> Form:
        return amend_form(body, near=queries.bodies_at(body.region))

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”。类型、地方登错了的，回到它的页面点“改类型、地方”。"
        page = FormPage(self.title, gist, "保存", form, crumbs_of(body, self.title))
        return self.render(page, status=status)


class DissolveOrganisation(Screen):
    """The day a body was dissolved."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记撤销"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(organisation_for(self.actor, key), dissolving_form(today=today()))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = dissolving_form(today=today()).bind(self.request.POST)
        try:
            on = day_of(form, "dissolved_on", missing="请填撤销日期。")
            close_organisation(self.actor, body, on=on, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{body.name}”已登记撤销。")
        return redirect("organisation", key=body.pk)

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”不再存在。下面没有别的组织、也没有人在任，才能登记撤销；以前的记录都留着。"
        page = FormPage(self.title, gist, "登记撤销", form, crumbs_of(body, self.title))
        return self.render(page, status=status)


class TakeBackOrganisation(Screen):
    """A body that was entered by mistake and never stood."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "撤回登记"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(organisation_for(self.actor, key), take_back_form())

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = take_back_form().bind(self.request.POST)
        try:
            take_back(self.actor, body, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{body.name}”的登记撤回了，计入的数也退回去了。")
        return redirect("organisations")

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”登记错了，从来没有成立过。成立过、后来不办了的，请用“登记撤销”。"
        page = FormPage(self.title, gist, "撤回登记", form, crumbs_of(body, self.title))
        return self.render(page, status=status)
