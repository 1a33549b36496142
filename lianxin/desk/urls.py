"""Every address of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("lianxin.desk.home.urls")),
    path("", include("lianxin.desk.accounts.urls")),
    path("", include("lianxin.desk.organisations.urls")),
    path("", include("lianxin.desk.people.urls")),
    path("", include("lianxin.desk.imports.urls")),
    path("", include("lianxin.desk.figures.urls")),
    path("", include("lianxin.desk.periods.urls")),
    path("", include("lianxin.desk.terms.urls")),
    path("", include("lianxin.desk.quality.urls")),
    path("", include("lianxin.desk.lists.urls")),
    path("", include("lianxin.desk.audit.urls")),
]
