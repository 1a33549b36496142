"""One sentence after each action, with 撤销 where it can be undone. Kept until the next page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages import constants
from django.http import HttpRequest

_TONES = {constants.SUCCESS: "green", constants.WARNING: "yellow", constants.ERROR: "red"}


@dataclass(frozen=True, slots=True)
class Notice:
    """`tone` is green, yellow, red or blue; `undo` the address that a POST takes it back at."""

    sentence: str
    tone: str = "blue"
    undo: str = ""


def tell(request: HttpRequest, sentence: str, *, undo: str = "", level: int = constants.SUCCESS) -> None:
    """Says what happened: `tell(request, "走访已保存。", undo=reverse("visit-undo", …))`."""
    # The address rides in extra_tags, the one free text field that message storage carries.
    messages.add_message(request, level, sentence, extra_tags=undo, fail_silently=True)


def notices(request: HttpRequest) -> Iterator[Notice]:
    """What waits to be said; reading it takes it away."""
    for message in messages.get_messages(request):
        yield Notice(str(message.message), _TONES.get(message.level, "blue"), message.extra_tags or "")
