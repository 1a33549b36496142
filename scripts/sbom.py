"""Writes the bill of materials: every package of a lock with its version and hashes, as CycloneDX 1.6 JSON. No network.

    .venv/bin/python scripts/sbom.py [requirements/run.txt]

The same lock gives the same bytes: no time of day, no machine.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PACKAGE = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.M)
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # of URLs, RFC 9562


def components(lock: str) -> list[dict[str, Any]]:
    """One for each pinned package, in the order of the lock."""
    found = []
    for piece in re.split(r"\n(?=[a-z0-9])", lock):
        pinned = _PACKAGE.match(piece)
        if pinned is None:
            continue
        name, version = pinned[1], pinned[2]
        purl = f"pkg:pypi/{name}@{version}"
        hashes = [{"alg": "SHA-256", "content": each} for each in re.findall(r"--hash=sha256:([0-9a-f]{64})", piece)]
        found.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "hashes": hashes}
        )
    return found


def bill(lock: str) -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    root = f"pkg:pypi/{project['name']}@{project['version']}"
    parts = components(lock)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, root + lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": parts,
        "dependencies": [{"ref": root, "dependsOn": [each["bom-ref"] for each in parts]}],
    }


def main() -> None:
    lock = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "requirements" / "run.txt"
    json.dump(bill(lock.read_text(encoding="utf-8")), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
