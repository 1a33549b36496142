"""Pages of posts: who begins to serve in an organisation, and who leaves."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import say_day, today
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.desk.accounts.forms import day_or_none, leaving_form, post_form
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.asking import FormPage
from lianxin.desk.choosing import FIND, with_hits
from lianxin.desk.organisations.queries import may_appoint_to
from lianxin.desk.organisations.shown import OUT_OF_SIGHT, crumbs_of
from lianxin.net.models import Organisation, Post
from lianxin.net.organisations import organisation_for
from lianxin.net.posts import PostDraft, leave_post, take_post
from lianxin.records.kinds import Subject
from lianxin.records.subjects import subject_names
from lianxin.register.queries import person_card
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Crumb
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class PostPage:
    title: str
    body: Organisation
    form: Form
    crumbs: tuple[Crumb, ...]


class NewPost(Screen):
    """A term that begins: a person of the register, a title, a day."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/accounts/post.html"
    title = "登记任职"
    room = "users"
    fragments = {"f-person-hits": "desk/accounts/_person_hits.html"}

    def get(self, request: object, key: str) -> HttpResponse:
        body = self._found(key)
        form = self._form(body)
        sought = self.request.GET.get("person-find", "")
        return self._page(body, with_hits(self.actor, form, sought, on=today()) if sought else form)

    def post(self, request: object, key: str) -> HttpResponse:
        body = self._found(key)
        sought = self.request.POST.get("person-find", "")
        form = with_hits(self.actor, self._form(body).bind(self.request.POST), sought, on=today())
        if FIND in self.request.POST:
            return self._page(body, form)
        try:
            post = self._take(body, form)
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"登记好了：{post.title}，{say_day(post.starts)}起。")
        return redirect("organisation", key=body.pk)

    def _found(self, key: str) -> Organisation:
        body = organisation_for(self.actor, key)
        if not may_appoint_to(self.actor, body):
            raise Forbidden("任职的人要从本地册子里选；请由能看册子的妇联干部来登记。")
        return body

    def _take(self, body: Organisation, form: Form) -> Post:
        person = form.raw("person")
        if not person or person_card(self.actor, person, on=today()) is None:
            raise Refused("请先查找，再从找到的人里选一位。", field="person")
        starts = day_or_none(form, "starts")
        if starts is None:
            raise Refused("请填任职日期。", field="starts")
        draft = PostDraft(person, body, form.raw("title"), starts, ends=day_or_none(form, "ends"))
        return take_post(self.actor, draft)

    def _form(self, body: Organisation) -> Form:
        return post_form(find_url=reverse("post-new", args=[body.pk]), today=today())

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        page = PostPage(f"{body.name}：登记任职", body, form, crumbs_of(body, self.title))
        return self.render(page, status=status)


class EndPost(Screen):
    """The first day on which somebody no longer serves."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/organisations/form.html"
    title = "登记离任"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(self._found(key), leaving_form(today=today()))

    def post(self, request: object, key: str) -> HttpResponse:
        post = self._found(key)
        form = leaving_form(today=today()).bind(self.request.POST)
        try:
            on = day_or_none(form, "ends") or today()
            leave_post(self.actor, post, on=on)
        except (Refused, Problems) as error:
            return self._page(post, form.refuse(mendable(error)), status=400)
        tell(self.request, f"登记好了：{post.title}，{say_day(on)}离任。")
        return redirect("organisation", key=post.organisation_id)

    def _found(self, key: str) -> Post:
        post = Post.objects.select_related("organisation", "account").filter(pk=key, ends__isnull=True).first()
        if post is None:
            raise Unseen("没有这个任职，或者已经离任。")
        organisation_for(self.actor, post.organisation_id)
        self.actor.require(Verb.ORGANISATION_WRITE, region=post.organisation.region)
        return post

    def _page(self, post: Post, form: Form, *, status: int = 200) -> HttpResponse:
        gist = f"{said_holder(self.actor, post)}，{post.title}，{say_day(post.starts)}起。"
        crumbs = crumbs_of(post.organisation, self.title)
        return self.render(FormPage(self.title, gist, self.title, form, crumbs), status=status)


def said_holder(actor: Actor, post: Post) -> str:
    """Whose post it is, as far as the reader may know."""
    if post.account:
        return post.account.name
    name = subject_names(actor, [Subject("person", post.person)])[post.person]
    return name.name if name.is_seen else OUT_OF_SIGHT
