"""A log of five entries as if each had been committed, and the file beside the database that saw them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.audit.witness import FILE
from lianxin.base.days import SHANGHAI
from lianxin.base.ids import new_id

AT = dt.datetime(2021, 12, 24, 16, 30, tzinfo=SHANGHAI)
HERE, NEXT = "330402100222", "330402100226"
CHAIR = Actor("01J00000000000000000000001", "主席", (Grant("chair", frozenset({Verb.REGISTER_READ}), HERE),))

Noting = Callable[..., int]


@pytest.fixture(autouse=True)
def head_file() -> Iterator[Path]:
    """The file beside the database; of this test alone."""
    file = Path(settings.HOME.path) / FILE
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
def noted(db: None, django_capture_on_commit_callbacks: Any) -> Noting:
    """Notes one reveal, commit and all."""

    def one(reason: str = "回访约时间", *, act: Act = Act.REVEAL, what: str = "phone") -> int:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            return note(CHAIR, act, at=AT, about=Thing("person", new_id(), HERE), what=what, reason=reason)

    return one


@pytest.fixture
def five(noted: Noting) -> None:
    for reason in ("回访约时间", "代办两癌救助", "", "核对证件", "约上门"):
        noted(reason)
