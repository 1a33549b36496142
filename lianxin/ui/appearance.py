"""Light, dark, elder 长辈版: classes on <html>, from the account, or from a cookie for those not signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "look"
YEAR_IN_SECONDS = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Appearance:
    """`theme` is auto (as the system says), light or dark; `elder` larger words and larger targets."""

    theme: str = "auto"
    elder: bool = False

    @property
    def classes(self) -> str:
        names = [] if self.theme == "auto" else [self.theme]
        return " ".join([*names, "elder"] if self.elder else names)


def chosen_appearance(*, theme: str, elder: bool) -> Appearance:
    """From a form or a cookie: an unknown theme is auto, since nobody should see an error for a colour."""
    return Appearance(theme if theme in THEMES else "auto", elder)


def appearance_of(request: HttpRequest) -> Appearance:
    """The account's choice; before signing in, the cookie's."""
    account = getattr(request, "user", None)
    if account is not None and account.is_authenticated:
        return chosen_appearance(theme=getattr(account, "theme", "auto"), elder=bool(getattr(account, "elder", False)))
    theme, _, elder = request.COOKIES.get(COOKIE, "").partition(".")
    return chosen_appearance(theme=theme, elder=elder == "elder")


def remember_appearance(response: HttpResponseBase, look: Appearance) -> None:
    """Puts the choice in a cookie, so that the sign-in page of this phone looks the same."""
    response.set_cookie(
        COOKIE,
        f"{look.theme}.{'elder' if look.elder else ''}",
        max_age=YEAR_IN_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
