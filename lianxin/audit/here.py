"""From which machine the request of this moment comes, as a keyed hash: the same machine is known again, not found."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from lianxin.vault.box import keyed_hash

_address: ContextVar[str] = ContextVar("address", default="")


class AddressMiddleware:
    """Notes the address for as long as the request is answered; hashed only when an entry is written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _address.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)


def address_mark() -> str:
    """ "" on the command line."""
    return keyed_hash(_address.get(), purpose="audit.address")
