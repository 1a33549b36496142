"""`make mutants`: turns one line of each law of the ledger wrong, in a copy, and sees that a test fails.

Names of laws as arguments run those that hold the word; exit 1 when a wrong line goes unnoticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "proof" / "mutants.toml"
LEFT_BEHIND = shutil.ignore_patterns(".git", ".venv", "var", ".*_cache", ".hypothesis", "__pycache__", "node_modules")


def main() -> int:
    words = sys.argv[1:]
    mutants = tomllib.loads(TABLE.read_text(encoding="utf-8"))["mutant"]
    chosen = [each for each in mutants if not words or any(word in each["law"] for word in words)]
    unnoticed = 0
    with tempfile.TemporaryDirectory(prefix="lianxin-mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
        for number, mutant in enumerate(chosen, 1):
            is_noticed = _is_noticed(copy, mutant)
            unnoticed += not is_noticed
            print(f"{number}/{len(chosen)} {'noticed ' if is_noticed else 'UNNOTICED'} {mutant['law']}", flush=True)
    print(f"{len(chosen) - unnoticed} of {len(chosen)} wrong lines noticed")
    return 1 if unnoticed else 0


def _is_noticed(copy: Path, mutant: dict[str, str]) -> bool:
    file = copy / mutant["file"]
    right = file.read_text(encoding="utf-8")
    if right.count(mutant["line"]) != 1:
        raise SystemExit(f"{mutant['law']}: the line stands {right.count(mutant['line'])} times in {mutant['file']}")
    file.write_text(right.replace(mutant["line"], mutant["wrong"]), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(copy), "HYPOTHESIS_PROFILE": "default"}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", *mutant["tests"]]
    try:
        return subprocess.call(command, cwd=copy, env=environment, stdout=subprocess.DEVNULL) == 1
    finally:
        file.write_text(right, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
