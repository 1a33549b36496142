"""The package as it is installed elsewhere: it carries its templates, styles, regions and catalogue, and runs there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("lianxin", "catalog", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "NOTICE")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package installed in it, and nothing else of the checkout."""
    source, out, site = (tmp_path_factory.mktemp(name) for name in ("source", "out", "site"))
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
         "--no-build-isolation", "--no-index", "--wheel-dir", str(out), str(source)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (wheel,) = out.glob("lianxin-*.whl")
    with zipfile.ZipFile(wheel) as package:
        package.extractall(site)
    return site


def shipped(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc"
    }


def test_everything_of_the_package_and_the_catalogue_is_in_the_wheel(site: Path) -> None:
    assert shipped(ROOT / "lianxin") | {f"shipped/{name}" for name in shipped(ROOT / "catalog")} == shipped(
        site / "lianxin"
    )


def test_what_was_installed_runs_without_the_checkout(site: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LIANXIN_", "PYTEST_"))}
    environment |= {"PYTHONPATH": str(site), "LIANXIN_DATABASE_URL": ""}

    def lianxin(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "lianxin.cli", *arguments],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert (done.returncode, done.stderr if arguments[0] == "check" else "") == (0, "")
        return done.stdout

    assert lianxin("check").startswith("工作目录没有问题")
    # 省、市、区，13 个镇（街道），143 个村（社区）
    assert lianxin("regions", "load", "330402") == "新增 159 个区划。\n"
    lianxin("prepare")
    assert (tmp_path / "var" / "static" / "staticfiles.json").is_file()
