"""The addresses of listings."""

from django.urls import path

from lianxin.kinds.listings import screens

urlpatterns = [
    path("listings/", screens.Listings.as_view(), name="listings"),
    path("listings/new/<slug:subject_type>/<slug:subject>/", screens.NewListing.as_view(), name="listing-new"),
    path("listings/<slug:key>/", screens.OneListing.as_view(), name="listing"),
    path("listings/<slug:key>/amend/", screens.AmendListing.as_view(), name="listing-amend"),
    path("listings/<slug:key>/withdraw/", screens.WithdrawListing.as_view(), name="listing-withdraw"),
]
