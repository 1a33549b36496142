"""Every address of the house, and the pages that say no."""

from django.urls import include, path

urlpatterns = [
    path("", include("lianxin.desk.urls")),
    path("", include("lianxin.kinds.visits.urls")),
    path("", include("lianxin.kinds.listings.urls")),
    path("", include("lianxin.kinds.cases.urls")),
]
handler400 = "lianxin.ui.refusals.bad_request"
handler403 = "lianxin.ui.refusals.permission_denied"
handler404 = "lianxin.ui.refusals.page_not_found"
handler500 = "lianxin.ui.refusals.server_error"
