"""Loaded before Django reads its settings (`-p tests.environment`): a data folder of its own for every test run."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_OWNER = "LIANXIN_TEST_RUN"  # set for xdist's workers, which share the folder of the run that started them


def _make_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="lianxin-test-"))
    # Whatever the person who tests has set for her own installation is left alone.
    for name in [name for name in os.environ if name.startswith("LIANXIN_") and name != "LIANXIN_DATABASE_URL"]:
        if not name.startswith("LIANXIN_TEST_"):
            del os.environ[name]
    os.environ["LIANXIN_HOME"] = os.environ[_OWNER] = str(home)
    (home / "static").mkdir()
    return home


_made = None if _OWNER in os.environ else _make_home()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _made is not None:
        shutil.rmtree(_made, ignore_errors=True)
        os.environ.pop(_OWNER, None)
