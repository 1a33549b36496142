"""The addresses of the imports."""

from django.urls import path

from lianxin.desk.imports import screens, screens_work

urlpatterns = [
    path("imports/", screens.Imports.as_view(), name="imports"),
    path("imports/new/<slug:kind>/", screens.ImportNew.as_view(), name="import-new"),
    path("imports/template/<slug:kind>/", screens.ImportTemplate.as_view(), name="import-template"),
    path("imports/<slug:key>/", screens.OneImport.as_view(), name="import"),
    path("imports/<slug:key>/columns/", screens.ImportColumns.as_view(), name="import-columns"),
    path("imports/<slug:key>/errors/", screens.ImportErrors.as_view(), name="import-errors"),
    path("imports/<slug:key>/go-on/", screens_work.ImportWork.as_view(), name="import-work"),
    path("imports/<slug:key>/apply/", screens_work.ImportApply.as_view(), name="import-apply"),
    path("imports/<slug:key>/drop/", screens_work.ImportDrop.as_view(), name="import-drop"),
    path("imports/<slug:key>/decide/", screens_work.ImportDecide.as_view(), name="import-decide"),
    path("imports/<slug:key>/undo/", screens_work.ImportUndo.as_view(), name="import-undo"),
]
