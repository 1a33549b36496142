"""The addresses of listings."""

from django.urls import path

from lianxin.kinds.listings import screens, screens_change, screens_files, screens_lists, screens_one

urlpatterns = [
    path("lists/", screens_lists.Lists.as_view(), name="lists"),
    path("listings/", screens.Listings.as_view(), name="listings"),
    path("listings/due/", screens_lists.ListingsDue.as_view(), name="listings-due"),
    path("listings/ages/", screens_lists.ListingsAges.as_view(), name="listings-ages"),
    path("listings/new/<slug:subject_type>/<slug:subject>/", screens_change.NewListing.as_view(), name="listing-new"),
    path("listings/<slug:key>/", screens_one.OneListing.as_view(), name="listing"),
    path("listings/<slug:key>/amend/", screens_change.AmendListing.as_view(), name="listing-amend"),
    path("listings/<slug:key>/review/", screens_change.ReviewListing.as_view(), name="listing-review"),
    path("listings/<slug:key>/withdraw/", screens_change.WithdrawListing.as_view(), name="listing-withdraw"),
    path("listings/<slug:key>/files/new/", screens_files.AddListingFile.as_view(), name="listing-file-new"),
    path("listings/<slug:key>/files/<slug:file>/", screens_files.ListingFile.as_view(), name="listing-file"),
    path(
        "listings/<slug:key>/files/<slug:file>/withdraw/",
        screens_files.WithdrawListingFile.as_view(),
        name="listing-file-withdraw",
    ),
]
