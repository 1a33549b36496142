"""Words that do not belong in the project: paths of somebody's machine, addresses of registries.

`python scripts/words.py` looks through every file that git knows (or would know) and names file, line and word.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Brackets keep a pattern from finding itself.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/\w+)/",
    "an address of a registry": r"pypi[.]org/(?:simple|pypi)|registry[.]npmjs|registry[.]yarnpkg|pythonhosted[.]org",
    "the number of an issue": r"(?i)\b(?:issue|fixes|closes|resolves)\s*#?\d+\b",
}
PATTERNS = {why: re.compile(pattern) for why, pattern in FORBIDDEN.items()}
NOT_TEXT = frozenset({".xz", ".png", ".jpg", ".gz", ".ico", ".woff2", ".docx", ".xlsx", ".pdf", ".mo", ".zip"})


def files() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=False
    )
    if listed.returncode == 0:
        named = (Path(name) for name in listed.stdout.decode().split("\0") if name)
    else:  # an unpacked archive
        named = (path for path in Path().rglob("*") if not {".venv", "var", "__pycache__"}.intersection(path.parts))
    yield from sorted(path for path in named if path.is_file() and path.suffix not in NOT_TEXT)


def found_in(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        yield f"{path}: not UTF-8 text; add its ending to NOT_TEXT if that is meant"
        return
    for why, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: “{match.group()}” is {why}"


def main() -> int:
    findings = [finding for path in files() for finding in found_in(path)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
