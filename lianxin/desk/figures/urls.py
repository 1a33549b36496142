"""The addresses of figures and reports."""

from django.urls import path

from lianxin.desk.figures import lists, one, overview, records, reports

urlpatterns = [
    path("overview/", overview.Overview.as_view(), name="overview"),
    path("figures/", lists.Figures.as_view(), name="figures"),
    path("figures/export/", lists.FiguresExport.as_view(), name="figures-export"),
    path("figures/<str:code>/", one.OneFigure.as_view(), name="figure"),
    path("figures/<str:code>/records/", records.FigureRecords.as_view(), name="figure-records"),
    path("figures/<str:code>/export/", records.FigureExport.as_view(), name="figure-export"),
    path("reports/", reports.Reports.as_view(), name="reports"),
    path("reports/issues/<slug:key>/", reports.OneIssue.as_view(), name="report-issue"),
    path("reports/issues/<slug:key>/file.<slug:suffix>", reports.IssueFile.as_view(), name="report-issue-file"),
    path("reports/<slug:code>/", reports.OneReport.as_view(), name="report"),
    path("reports/<slug:code>/freeze/", reports.FreezeReport.as_view(), name="report-freeze"),
    path("reports/<slug:code>/file.<slug:suffix>", reports.ReportFile.as_view(), name="report-file"),
]
