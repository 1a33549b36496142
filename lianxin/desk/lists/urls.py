"""The addresses of lists taken out."""

from django.urls import path

from lianxin.desk.lists import exports, takings

urlpatterns = [
    path("listings/ledger/", exports.ListExport.as_view(), name="listings-ledger"),
    path("cases/all/export/", exports.CasesExport.as_view(), name="cases-export"),
    path("listings/ages/export/", exports.AgesExport.as_view(), name="listings-ages-export"),
    path("takings/", takings.Takings.as_view(), name="takings"),
    path("takings/<slug:key>/", takings.DecideTaking.as_view(), name="taking-decide"),
]
