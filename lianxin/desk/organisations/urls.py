"""The addresses of organisations."""

from django.urls import path

from lianxin.desk.organisations import screens, screens_change

_ONE = "organisations/<slug:key>/"

urlpatterns = [
    path("organisations/", screens.Organisations.as_view(), name="organisations"),
    path("organisations/export/", screens.OrganisationsExport.as_view(), name="organisations-export"),
    path("organisations/new/", screens_change.NewOrganisation.as_view(), name="organisation-new"),
    path(_ONE, screens.OneOrganisation.as_view(), name="organisation"),
    path(_ONE + "amend/", screens_change.AmendOrganisation.as_view(), name="organisation-amend"),
    path(_ONE + "dissolve/", screens_change.DissolveOrganisation.as_view(), name="organisation-dissolve"),
    path(_ONE + "take-back/", screens_change.TakeBackOrganisation.as_view(), name="organisation-take-back"),
]
