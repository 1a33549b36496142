"""The addresses of the specimen: one page for each pattern. Tests only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from lianxin.ui.choosing import choose_appearance
from lianxin.ui.forms import Field, FieldType
from lianxin.ui.screen import open_door

from . import samples, specimen


@open_door("health")
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def hits(request: HttpRequest) -> HttpResponse:
    field = Field(name="subject", label="", type=FieldType.WHO, options=samples.SUBJECTS[:1], sought="zgy")
    return render(request, "ui/fields/hits.html", {"field": field})


def draft(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the specimen breaks on purpose")


urlpatterns = [
    path("", specimen.Home.as_view(), name="home"),
    path("components", specimen.Components.as_view(), name="components"),
    path("visits", specimen.Visits.as_view(), name="visits"),
    path("record", specimen.Record.as_view(), name="record"),
    path("visit", specimen.OneVisit.as_view(), name="visit"),
    path("figure", specimen.OneFigure.as_view(), name="figures"),
    path("report", specimen.Report.as_view(), name="reports"),
    path("help", specimen.Help.as_view(), name="help"),
    path("user", specimen.NewUser.as_view(), name="users"),
    path("households", specimen.Visits.as_view(), name="households"),
    path("me", specimen.NewUser.as_view(), name="me"),
    path("paper", specimen.OnPaper.as_view(), name="paper"),
    path("sign-in", specimen.Knock.as_view(), name="sign-in"),
    path("manage", specimen.Manage.as_view(), name="manage"),
    path("lost", specimen.Lost.as_view(), name="lost"),
    path("wrong", specimen.Wrong.as_view(), name="wrong"),
    path("appearance", choose_appearance, name="appearance"),
    path("health", health, name="health"),
    path("hits", hits, name="hits"),
    path("draft", draft, name="draft"),
    path("broken", broken, name="broken"),
]
handler400 = "lianxin.ui.refusals.bad_request"
handler403 = "lianxin.ui.refusals.permission_denied"
handler404 = "lianxin.ui.refusals.page_not_found"
handler500 = "lianxin.ui.refusals.server_error"
