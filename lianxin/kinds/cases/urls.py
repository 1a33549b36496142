"""The addresses of cases."""

from django.urls import path

from lianxin.kinds.cases import (
    screens,
    screens_alike,
    screens_files,
    screens_glass,
    screens_new,
    screens_one,
    screens_papers,
    screens_referred,
    screens_step,
    screens_weekly,
)

urlpatterns = [
    path("cases/", screens.CaseDesk.as_view(), name="cases"),
    path("cases/all/", screens.Cases.as_view(), name="cases-list"),
    path("cases/new/", screens_new.NewCase.as_view(), name="case-new"),
    path("cases/harm/", screens_new.ReportHarm.as_view(), name="report-harm"),
    path("cases/weekly/", screens_weekly.Weekly.as_view(), name="cases-weekly"),
    path("cases/glass/", screens_glass.BreakGlass.as_view(), name="case-glass"),
    path("cases/glass/seen/", screens_glass.GlassSeen.as_view(), name="case-glass-seen"),
    path("cases/<slug:key>/", screens_one.OneCase.as_view(), name="case"),
    path("cases/<slug:key>/safety/", screens_step.ChangeSafety.as_view(), name="case-safety"),
    path("cases/<slug:key>/alike/", screens_alike.AlikeCases.as_view(), name="case-alike"),
    path("cases/<slug:key>/papers/", screens_papers.Papers.as_view(), name="case-papers"),
    path("cases/<slug:key>/papers/new/<slug:code>/", screens_papers.MakePaper.as_view(), name="case-paper-new"),
    path("cases/<slug:key>/papers/<int:no>.<slug:suffix>", screens_papers.PaperFile.as_view(), name="case-paper"),
    path("cases/<slug:key>/look/<slug:name>/", screens_step.LookAt.as_view(), name="case-look"),
    path("cases/<slug:key>/files/new/", screens_files.AddCaseFile.as_view(), name="case-file-new"),
    path("cases/<slug:key>/files/<slug:file>/", screens_files.CaseFile.as_view(), name="case-file"),
    path(
        "cases/<slug:key>/files/<slug:file>/withdraw/",
        screens_files.WithdrawCaseFile.as_view(),
        name="case-file-withdraw",
    ),
    path("referred/", screens_referred.Referred.as_view(), name="referred"),
    path("referred/<slug:line>/", screens_referred.AnswerReferral.as_view(), name="referral-answer"),
    path("cases/<slug:key>/step/<slug:act>/", screens_step.TakeStep.as_view(), name="case-step"),
]
