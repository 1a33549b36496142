"""The address of closing periods."""

from django.urls import path

from lianxin.desk.periods import screens

urlpatterns = [path("periods/", screens.Periods.as_view(), name="periods")]
