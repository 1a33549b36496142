"""The addresses of changes of term."""

from django.urls import path

from lianxin.desk.terms import exports, screens, screens_committee, screens_slips

urlpatterns = [
    path("terms/", screens.Terms.as_view(), name="terms"),
    path("terms/export/", exports.TermsExport.as_view(), name="terms-export"),
    path("terms/new/", screens.NewTerm.as_view(), name="term-new"),
    path("terms/<slug:key>/", screens.OneTerm.as_view(), name="term"),
    path("terms/<slug:key>/export/", exports.TermExport.as_view(), name="term-export"),
    path("terms/<slug:key>/hour/", screens.SetHour.as_view(), name="term-hour"),
    path("terms/<slug:key>/unset/", screens.UnsetHour.as_view(), name="term-unset"),
    path("terms/<slug:key>/drop/", screens.DropTerm.as_view(), name="term-drop"),
    path("terms/<slug:key>/undo/", screens.UndoTerm.as_view(), name="term-undo"),
    path("terms/<slug:key>/slips/", screens_slips.TermSlips.as_view(), name="term-slips"),
    path("terms/lists/<slug:key>/", screens_committee.OneCommittee.as_view(), name="term-committee"),
    path("terms/lists/<slug:key>/seat/", screens_committee.EditSeat.as_view(), name="term-seat"),
    path("terms/lists/<slug:key>/unseat/", screens_committee.Unseat.as_view(), name="term-unseat"),
    path("terms/lists/<slug:key>/settle/", screens_committee.Settle.as_view(), name="term-settle"),
    path("terms/lists/<slug:key>/slips/", screens_slips.CommitteeSlips.as_view(), name="term-committee-slips"),
]
