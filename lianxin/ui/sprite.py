"""Makes icons.svg from an unpacked @tabler/icons: `python -m lianxin.ui.sprite FOLDER`. Not used at run time."""

from __future__ import annotations

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "lianxin" / "icons.svg"

OUTLINE = """
    alert-octagon adjustments-horizontal arrow-back-up building-community bulb calendar-event chart-bar check
    chevron-down chevron-left chevron-right circle-check clipboard-text clock cloud-check cloud-off dots door-exit
    download equal-not eye eye-off file-analytics file-text gift hand-stop heart-handshake help-circle history home
    home-heart inbox info-circle key lock logout map-pin message-circle microphone moon pencil phone plus printer
    question-mark refresh search settings shield-lock sun table-export text-size trash user user-plus users x
""".split()  # noqa: SIM905 — a list of words reads better than a list of quotes
# Colour never alone: each tone has a shape of its own, cut out so that it reads on any ground.
FILLED = {"red": "alert-octagon", "yellow": "alert-triangle", "blue": "info-circle", "green": "circle-check"}
KNOT = (  # our own mark, two squares that hold each other
    '<symbol id="knot" viewBox="0 0 32 24"><path d="M14.6 18.4 12 21l-9-9 9-9 9 9-3.6 3.6"/>'
    '<path d="M17.4 5.6 20 3l9 9-9 9-9-9 3.6-3.6"/></symbol>'
)
NOTE = (
    "<!-- Tabler Icons {version}, MIT License, Copyright (c) 2020-2026 Paweł Kuna, https://tabler.io/icons; "
    "made by lianxin.ui.sprite. The symbol knot is Lianxin's own. -->"
)


def drawing(file: Path) -> str:
    """The paths of one icon, without the invisible box around them."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
    if inner is None:
        raise ValueError(f"{file} is no icon")
    paths = re.sub(r'<path stroke="none" d="M0 0h24v24H0z"[^>]*/>', "", inner.group(1))
    return re.sub(r"\s*\n\s*", "", paths).replace(" />", "/>")


def make_sprite(folder: Path) -> str:
    version = re.search(r'"version":\s*"([^"]+)"', (folder / "package.json").read_text(encoding="utf-8"))
    outlines = [(name, "", drawing(folder / f"icons/outline/{name}.svg")) for name in OUTLINE]
    shape = ' fill="currentColor" stroke="none"'
    filled = [(name, shape, drawing(folder / f"icons/filled/{icon}.svg")) for name, icon in FILLED.items()]
    symbols = [KNOT]
    for name, paint, inside in outlines + filled:
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24"{paint}>{inside}</symbol>')
    head = NOTE.format(version=version.group(1) if version else "")
    return f'{head}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    SPRITE.write_text(make_sprite(Path(sys.argv[1])), encoding="utf-8")
