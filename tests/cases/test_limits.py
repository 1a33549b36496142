"""What cases owe next is reckoned anew where a rule has changed."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.access.guard import pen
from lianxin.kinds.cases.limits import reckon_again
from lianxin.kinds.cases.models import Case
from tests.cases.town import case, step
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_changed_rule_moves_what_waits_and_leaves_what_is_right(cast: Cast) -> None:
    first, second = case(cast), case(cast)
    step(cast, second, "member", "triage", colour="blue", note="口角")
    assert reckon_again() == 0
    right = Case.objects.unscoped("test").get(key=first.key).next_by
    assert right is not None

    with pen("door"):
        # as an older rule of 48 hours would have left it
        Case.objects.unscoped("test").filter(key=first.key).update(next_by=right + dt.timedelta(hours=24))

    assert reckon_again() == 1
    assert Case.objects.unscoped("test").get(key=first.key).next_by == right
    assert reckon_again() == 0


def test_what_is_over_is_left_alone(cast: Cast) -> None:
    first, second = case(cast), case(cast)
    step(cast, second, "member", "join", case=first.key, note="同一件")
    with pen("door"):
        Case.objects.unscoped("test").filter(key=second.key).update(next_what="旧的")

    assert reckon_again() == 0
