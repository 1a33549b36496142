"""The addresses of visits."""

from django.urls import path

from lianxin.kinds.visits import screens, screens_afternoon, screens_record, screens_who

urlpatterns = [
    path("visits/", screens.Visits.as_view(), name="visits"),
    path("visits/new/", screens_who.WhoToVisit.as_view(), name="visit-new"),
    path("visits/new/someone/", screens_record.RecordNewcomer.as_view(), name="visit-newcomer"),
    path("visits/new/afternoon/", screens_afternoon.RecordAfternoon.as_view(), name="visits-afternoon"),
    path("visits/new/draft/", screens_record.KeepDraft.as_view(), name="visit-draft"),
    path("visits/new/<slug:subject_type>/<slug:subject>/", screens_record.RecordVisit.as_view(), name="visit-record"),
    path("visits/<slug:key>/", screens.OneVisit.as_view(), name="visit"),
    path("visits/<slug:key>/amend/", screens_record.AmendVisit.as_view(), name="visit-amend"),
    path("visits/<slug:key>/undo/", screens.UndoVisit.as_view(), name="visit-undo"),
    path("visits/<slug:key>/withdraw/", screens.WithdrawVisit.as_view(), name="visit-withdraw"),
    path("visits/<slug:key>/versions/", screens.VisitVersions.as_view(), name="visit-versions"),
    path("visits/<slug:key>/difficulties/<slug:line>/", screens.FollowUp.as_view(), name="visit-followup"),
    path("difficulties/", screens.Difficulties.as_view(), name="difficulties"),
]
