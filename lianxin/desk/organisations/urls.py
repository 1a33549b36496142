"""The addresses of organisations."""

from django.urls import path

from lianxin.desk.organisations import (
    exports,
    screens,
    screens_change,
    screens_members,
    screens_places,
    screens_rebuild,
)

_ONE = "organisations/<slug:key>/"

urlpatterns = [
    path("organisations/", screens.Organisations.as_view(), name="organisations"),
    path("organisations/export/", screens.OrganisationsExport.as_view(), name="organisations-export"),
    path("organisations/places/", screens_places.Places.as_view(), name="organisations-places"),
    path("organisations/places/export/", exports.PlacesExport.as_view(), name="organisations-places-export"),
    path("organisations/new/", screens_change.NewOrganisation.as_view(), name="organisation-new"),
    path(_ONE, screens.OneOrganisation.as_view(), name="organisation"),
    path(_ONE + "amend/", screens_change.AmendOrganisation.as_view(), name="organisation-amend"),
    path(_ONE + "elsewhere/", screens_rebuild.OrganisationElsewhere.as_view(), name="organisation-elsewhere"),
    path(_ONE + "rebuild/", screens_rebuild.RebuildOrganisation.as_view(), name="organisation-rebuild"),
    path(_ONE + "dissolve/", screens_change.DissolveOrganisation.as_view(), name="organisation-dissolve"),
    path(_ONE + "take-back/", screens_change.TakeBackOrganisation.as_view(), name="organisation-take-back"),
    path(_ONE + "members/new/", screens_members.NewMember.as_view(), name="organisation-member-new"),
    path("members/<slug:key>/end/", screens_members.EndMember.as_view(), name="organisation-member-end"),
    path(_ONE + "partners/new/", screens_members.NewPartner.as_view(), name="organisation-partner-new"),
    path("partners/<slug:key>/end/", screens_members.EndPartner.as_view(), name="organisation-partner-end"),
    path(_ONE + "rota/", screens_members.SetRota.as_view(), name="organisation-rota"),
]
