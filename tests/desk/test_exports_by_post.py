"""Somebody with two posts takes out only what those of her posts allow that may export."""

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.net.models import Appointment
from tests.cast import SANXING, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db


def test_a_post_that_may_not_export_adds_nothing_to_a_ledger(cast: Cast) -> None:
    """Chair in 联丰 (may export), member in 三星 (may not)."""
    cast.visit("member", heard="联丰的话")
    cast.visit("neighbour", subject=cast.households[SANXING][0], heard="三星的话")
    cast.listing("family-file", "neighbour", subject=cast.households[SANXING][0])
    Appointment.objects.create(
        account=cast.accounts["chair"],
        role="village-member",
        region=SANXING,
        starts=dt.date(2020, 1, 1),
        granted_by="test",
    )
    client = Client()
    client.force_login(cast.accounts["chair"])

    def taken(name: str, *args: str) -> str:
        response = taken_out(client, reverse(name, args=args), {"region": "330402100", "period": "2021"})
        content = b"".join(response.streaming_content) if response.streaming else response.content
        rows = load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row if cell)

    assert "三星的话" in client.get(reverse("visits")).content.decode()
    assert "联丰的话" in taken("visits-export")
    assert "三星" not in taken("visits-export")
    assert "诸葛芸" not in taken("households-export")
    assert "诸葛芸" not in taken("listings-export")
    assert "三星的话" not in taken("figure-export", "visits.times")
