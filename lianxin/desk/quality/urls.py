"""The addresses of data quality and of claims."""

from django.urls import path

from lianxin.desk.quality import claims, exports, screens

urlpatterns = [
    path("quality/", screens.Quality.as_view(), name="quality"),
    path("quality/claims/", claims.Claims.as_view(), name="claims"),
    path("quality/export/", exports.QualityOverviewExport.as_view(), name="quality-overview-export"),
    path("quality/claims/export/", exports.ClaimsExport.as_view(), name="claims-export"),
    path("quality/claims/new/", claims.NewClaim.as_view(), name="claim-new"),
    path("quality/claims/<slug:key>/withdraw/", claims.WithdrawClaim.as_view(), name="claim-withdraw"),
    path("quality/<slug:code>/", screens.QualityRows.as_view(), name="quality-rows"),
    path("quality/<slug:code>/export/", screens.QualityExport.as_view(), name="quality-export"),
]
