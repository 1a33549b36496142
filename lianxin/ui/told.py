"""Where a notice waits for the next page: in the browser, under seal. In the session it would cost two writes each."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.core.signing import BadSignature
from django.http import HttpRequest

from lianxin.vault.box import Unsealable, seal_bytes, unseal_bytes


class _Sealer:
    """Stands where Django signs: names of people are in notices, and a cookie jar is anybody's to read.

    Sealed for the account: whoever signs in next at the same browser is not told what the one before her did.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def sign_object(self, obj: Any, *, serializer: Any, compress: bool = False) -> str:
        return base64.urlsafe_b64encode(seal_bytes(serializer().dumps(obj), context=self._context)).decode()

    def unsign_object(self, signed: str, *, serializer: Any) -> Any:
        try:
            return serializer().loads(unseal_bytes(base64.urlsafe_b64decode(signed), context=self._context))
        except (Unsealable, binascii.Error) as error:
            raise BadSignature(str(error)) from None

    @property
    def _context(self) -> str:
        return f"notice.{getattr(getattr(self._request, 'user', None), 'pk', None) or 'nobody'}"


class SealedCookie(CookieStorage):
    """Django's storage in a cookie, sealed instead of signed."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.signer = _Sealer(request)
