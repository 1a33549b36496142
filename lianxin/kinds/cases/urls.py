"""The addresses of cases."""

from django.urls import path

from lianxin.kinds.cases import (
    screens,
    screens_alike,
    screens_glass,
    screens_new,
    screens_one,
    screens_papers,
    screens_step,
)

urlpatterns = [
    path("cases/", screens.CaseDesk.as_view(), name="cases"),
    path("cases/all/", screens.Cases.as_view(), name="cases-list"),
    path("cases/new/", screens_new.NewCase.as_view(), name="case-new"),
    path("cases/harm/", screens_new.ReportHarm.as_view(), name="report-harm"),
    path("cases/glass/", screens_glass.BreakGlass.as_view(), name="case-glass"),
    path("cases/glass/seen/", screens_glass.GlassSeen.as_view(), name="case-glass-seen"),
    path("cases/<slug:key>/", screens_one.OneCase.as_view(), name="case"),
    path("cases/<slug:key>/safety/", screens_step.ChangeSafety.as_view(), name="case-safety"),
    path("cases/<slug:key>/alike/", screens_alike.AlikeCases.as_view(), name="case-alike"),
    path("cases/<slug:key>/papers/", screens_papers.Papers.as_view(), name="case-papers"),
    path("cases/<slug:key>/papers/new/<slug:code>/", screens_papers.MakePaper.as_view(), name="case-paper-new"),
    path("cases/<slug:key>/papers/<int:no>.<slug:suffix>", screens_papers.PaperFile.as_view(), name="case-paper"),
    path("cases/<slug:key>/step/<slug:act>/", screens_step.TakeStep.as_view(), name="case-step"),
]
