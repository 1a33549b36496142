"""The addresses of households and people, and of the ledgers that lists go out as."""

from django.urls import path

from lianxin.desk.people import (
    exports,
    screens,
    screens_apart,
    screens_change,
    screens_doubles,
    screens_houses,
    screens_merge,
)

urlpatterns = [
    path("households/", screens.Households.as_view(), name="households"),
    path("households/export/", exports.HouseholdsExport.as_view(), name="households-export"),
    path("households/new/", screens_change.HouseholdNew.as_view(), name="household-new"),
    path("households/<slug:key>/", screens.OneHousehold.as_view(), name="household"),
    path("households/<slug:key>/print/", screens.HouseholdPrint.as_view(), name="household-print"),
    path("households/<slug:key>/amend/", screens_change.HouseholdAmend.as_view(), name="household-amend"),
    path("households/<slug:key>/move/", screens_change.HouseholdMove.as_view(), name="household-move"),
    path("households/<slug:key>/members/new/", screens_change.MemberNew.as_view(), name="household-member-new"),
    path("people/export/", exports.PersonsExport.as_view(), name="people-export"),
    path("people/apart/", screens_apart.PeopleApart.as_view(), name="apart"),
    path("people/apart/export/", exports.ApartExport.as_view(), name="apart-export"),
    path("people/<slug:key>/", screens.OnePerson.as_view(), name="person"),
    path("people/<slug:key>/amend/", screens_change.PersonAmend.as_view(), name="household-member-amend"),
    path("people/<slug:key>/leave/", screens_change.MemberLeave.as_view(), name="household-member-leave"),
    path("people/<slug:key>/domicile/", screens_apart.DomicileChange.as_view(), name="domicile"),
    path("people/<slug:key>/merge/", screens_merge.PersonMergeWho.as_view(), name="person-merge-who"),
    path("people/<slug:key>/merge/<slug:other>/", screens_merge.PersonMerge.as_view(), name="person-merge"),
    path("people/<slug:key>/unmerge/<int:number>/", screens_merge.PersonUnmerge.as_view(), name="person-unmerge"),
    path("households/<slug:key>/split/", screens_houses.HouseholdSplit.as_view(), name="household-split"),
    path("households/<slug:key>/merge/", screens_houses.HouseholdMergeWho.as_view(), name="household-merge-who"),
    path("households/<slug:key>/merge/<slug:other>/", screens_houses.HouseholdMerge.as_view(), name="household-merge"),
    path(
        "households/<slug:key>/unmerge/<int:number>/",
        screens_houses.HouseholdUnmerge.as_view(),
        name="household-unmerge",
    ),
    path(
        "households/<slug:key>/members/<slug:person>/join/",
        screens_houses.MemberKnown.as_view(),
        name="household-member-known",
    ),
    path("doubles/", screens_doubles.Doubles.as_view(), name="doubles"),
    path("doubles/export/", exports.DoublesExport.as_view(), name="doubles-export"),
    path("doubles/<int:number>/", screens_doubles.DoubleOther.as_view(), name="double-other"),
    path("reveal/<slug:key>/<slug:field>/", screens_change.Reveal.as_view(), name="reveal"),
    path("visits/export/", exports.VisitsExport.as_view(), name="visits-export"),
    path("listings/export/", exports.ListingsExport.as_view(), name="listings-export"),
]
