"""The WSGI application."""

import ctypes
import os
import signal
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lianxin.access.roles import roles
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog

_PR_SET_PDEATHSIG = 1
IMPOSSIBLE = 2


def _read_catalogue() -> None:
    """What is wrong in the files is said before anybody is let in, not on the first page that asks for them."""
    try:
        catalog()
        roles(settings.CATALOG_DIR / "roles.toml")
    except (Refused, Problems) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(IMPOSSIBLE)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.project.settings")
if os.environ.get("LIANXIN_SERVED_BY") == str(os.getppid()):
    # A worker of `lianxin serve`: were the server killed outright, its workers would go on answering with nobody to
    # stop them and hold the port. The kernel tells them.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
# Whoever has the turn to write gives Python up at each question to the database; the others may keep it so long.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()
_read_catalogue()
