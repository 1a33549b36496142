"""The bill of materials names all that is pinned, the same each time; an audit that did not happen says so."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def bill() -> str:
    return subprocess.run(
        [sys.executable, "scripts/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_every_pinned_package_stands_in_it_with_its_hashes() -> None:
    told = json.loads(bill())
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9._-]+)==(\S+) \\$", lock, re.M))

    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert {(each["name"], each["version"]) for each in told["components"]} == pinned
    assert len(pinned) > 20
    assert {"django", "cryptography", "pillow", "segno"} <= {name for name, _ in pinned}
    assert sum(len(each["hashes"]) for each in told["components"]) == lock.count("--hash=sha256:")
    assert told["metadata"]["component"]["name"] == "lianxin"


def test_the_same_lock_gives_the_same_bill() -> None:
    assert bill() == bill()


def test_an_audit_without_its_tool_does_not_pretend(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")

    done = subprocess.run(["sh", "scripts/audit.sh"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "没有核对" in done.stderr
