"""What the specimen changes of the house's settings: its addresses, its reader, sessions without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HERE = __name__.rpartition(".")[0]
APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "lianxin.ui",
]


def specimen_settings(house: Any) -> dict[str, Any]:
    """`house` is any settings object: the module of the project, or Django's."""
    middleware = [
        f"{HERE}.specimen.SignedIn" if each.endswith("AuthenticationMiddleware") else each
        for each in house.MIDDLEWARE
        if not each.startswith(("lianxin.", "whitenoise."))
    ]
    return {
        "ROOT_URLCONF": f"{HERE}.specimen_urls",
        "MIDDLEWARE": middleware,
        "TEMPLATES": [{**house.TEMPLATES[0], "DIRS": [str(Path(__file__).parent / "templates")]}],
        "HOUSE": f"{HERE}.specimen.house",
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "CSRF_FAILURE_VIEW": "lianxin.ui.refusals.csrf_failure",
        "ALLOWED_HOSTS": ["*"],
        "DEBUG": False,
    }
