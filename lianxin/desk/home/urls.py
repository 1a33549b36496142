"""The addresses of home, help, complaints and health."""

from django.urls import path

from lianxin.desk.home import complaints, helping, screens
from lianxin.desk.home.health import health

urlpatterns = [
    path("", screens.Home.as_view(), name="home"),
    path("help/", helping.Help.as_view(), name="help"),
    path("complaints/", complaints.Complaints.as_view(), name="complaints"),
    path("complaints/new/", complaints.NewComplaint.as_view(), name="complaint-new"),
    path("complaints/receipt/", complaints.ByReceipt.as_view(), name="complaint-receipt"),
    path("complaints/<slug:key>/", complaints.OneComplaint.as_view(), name="complaint"),
    path("health/", health, name="health"),
]
