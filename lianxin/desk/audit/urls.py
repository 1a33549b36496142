"""The addresses of the access log."""

from django.urls import path

from lianxin.desk.audit import screens

urlpatterns = [
    path("audit/", screens.AccessLog.as_view(), name="audit"),
    path("audit/export/", screens.AccessLogExport.as_view(), name="audit-export"),
    path("seen/<slug:kind>/<slug:key>/", screens.FileSeen.as_view(), name="file-seen"),
]
