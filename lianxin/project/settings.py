"""Settings from the environment. Wires; no logic."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from lianxin.project.database import database_settings
from lianxin.project.home import Home

CODE_DIR = Path(__file__).resolve().parent.parent
BASE_DIR = CODE_DIR.parent
# A checkout has its catalogue beside the code, an installed package inside it; data then stand where one stands.
IS_CHECKOUT = (BASE_DIR / "catalog" / "roles.toml").is_file()
HOME = Home(Path(os.environ.get("LIANXIN_HOME") or (BASE_DIR if IS_CHECKOUT else Path.cwd()) / "var"))
_SHIPPED = BASE_DIR / "catalog" if IS_CHECKOUT else CODE_DIR / "shipped"
# A county's own programmes stand over the shipped ones.
CATALOG_SOURCES = (Path(os.environ.get("LIANXIN_CATALOG") or _SHIPPED), HOME.path / "catalog")
# What `lianxin serve` put aside for its workers when it started, so that all of them work by the same.
_SERVED = os.environ.get("LIANXIN_SERVED_CATALOG")
CATALOG_DIR, OVERLAY_DIR = (Path(_SERVED) / "shipped", Path(_SERVED) / "overlay") if _SERVED else CATALOG_SOURCES

DEBUG = os.environ.get("LIANXIN_DEBUG") == "1"
SECRET_KEY = HOME.secret("django")
ALLOWED_HOSTS = os.environ.get("LIANXIN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("LIANXIN_ORIGINS", "").split(",") if origin]
BEHIND_HTTPS = os.environ.get("LIANXIN_HTTPS") == "1"

# Of the first key only; `lianxin vault rotate --scheme` changes it later.
VAULT_SCHEME = os.environ.get("LIANXIN_VAULT_SCHEME", "aes-256-gcm")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "lianxin.ui",
    "lianxin.audit",
    "lianxin.net",
    "lianxin.register",
    "lianxin.ledger",
    "lianxin.records",
    "lianxin.files",
    "lianxin.kinds.visits",
    "lianxin.kinds.listings",
    "lianxin.kinds.cases",
    "lianxin.reports",
    "lianxin.exchange",
    "lianxin.outreach",
    "lianxin.terms",
    "lianxin.quality",
    "lianxin.desk",
]

MIDDLEWARE = [
    "lianxin.project.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "lianxin.net.middleware.ActorMiddleware",
    "lianxin.audit.here.AddressMiddleware",
    "lianxin.net.limits.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lianxin.project.urls"
HOUSE = "lianxin.desk.house.house"
CSRF_FAILURE_VIEW = "lianxin.ui.refusals.csrf_failure"
WSGI_APPLICATION = "lianxin.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_settings(os.environ.get("LIANXIN_DATABASE_URL") or HOME.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "net.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_ENGINE = "lianxin.net.sessions"
SESSION_COOKIE_AGE = 12 * 3600  # however busy she is
SESSION_IDLE = 60 * int(os.environ.get("LIANXIN_IDLE_MINUTES") or 30)  # seconds without a click
# Whether roles that ask for a code besides the password get their way; the demo's accounts are never asked.
SECOND_FACTOR = os.environ.get("LIANXIN_SECOND_FACTOR") != "off"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
# With the prefix a browser takes them from this very host only, over HTTPS only.
SESSION_COOKIE_NAME = "__Host-lianxin" if BEHIND_HTTPS else "lianxin"
CSRF_COOKIE_NAME = "__Host-csrftoken" if BEHIND_HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False  # the proxy before us does; here is no port to lead on to
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# How many in how many seconds: an account, or an address that nobody has signed in from. `lianxin.net.limits`.
RATE_LIMITS = {"search": (600, 60), "export": (60, 600)}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME.static
# `lianxin prepare` collects; before that (tests, `lianxin report` in a new home) files go out as they stand.
STATIC_COLLECTED = not DEBUG and (STATIC_ROOT / "staticfiles.json").is_file()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if STATIC_COLLECTED:
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_COLLECTED

# What somebody hands in stays in memory until it is sealed: Django's second handler would lay it plain in a folder.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 66 << 20

MESSAGE_STORAGE = "lianxin.ui.told.SealedCookie"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "lianxin": {"handlers": ["console"], "level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING"},
    },
}
