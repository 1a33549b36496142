"""Sets a Document as an official document (.docx) after GB/T 9704-2012: measures, fonts by name, page numbers.

Not here: what the document says. Fonts are named with fall-backs, never embedded.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import quoteattr

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Twips

from lianxin.base.days import say_day
from lianxin.official.document import Document, Heading, Run

# All lengths in twips (1/20 pt). 22 lines must fit 225 mm = 12,756: 22 × 579 does, 22 × 580 (29 pt) gives 21 lines.
LINE: Final = 579
# 28 characters must fit 156 mm = 8,845: 3号 is 16 pt, so each is set 5 twips closer (28 × 315 = 8,820).
CHARACTER: Final = 315
CLOSER: Final = -5
LINE_CHARACTERS: Final = 28
TITLE_CHARACTERS: Final = 20  # of 22 pt in 156 mm
DATE_INDENT: Final = 4  # the date ends four characters before the right edge (7.3.5.1)
PAGE_NUMBER_INDENT: Final = 280  # one character of 4号 (7.5)
FOOTER: Final = 1391  # puts the dash of the page number 7 mm below the type area (7.5); read back in the tests

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface by name, what may stand in for it where it is not installed, and its family for the last resort."""

    name: str
    instead: str
    family: str


FANGSONG: Final = Face("仿宋_GB2312", "仿宋,FangSong,方正仿宋_GBK,FZFangSong-Z02,华文仿宋,STFangsong", "modern")
SONG_TITLE: Final = Face("方正小标宋简体", "方正小标宋_GBK,小标宋,FZXiaoBiaoSong-B05,华文中宋,宋体,SimSun", "roman")
HEI: Final = Face("黑体", "SimHei,方正黑体_GBK,华文黑体,STHeiti,Noto Sans CJK SC", "modern")
KAI: Final = Face("楷体_GB2312", "楷体,KaiTi,方正楷体_GBK,华文楷体,STKaiti", "modern")
SONG: Final = Face("宋体", "SimSun,方正书宋_GBK,华文宋体,STSong,Noto Serif CJK SC", "roman")
FACES: Final = (FANGSONG, SONG_TITLE, HEI, KAI, SONG)


@dataclass(frozen=True, slots=True)
class Look:
    """One paragraph style. `size` in half points; `before` in lines; `indent` of the first line in characters."""

    style: str
    name: str
    face: Face = FANGSONG
    size: int = 32
    align: str = "both"
    before: int = 0
    after: int = 0
    indent: int = 0
    outline: int | None = None
    closer: int = CLOSER


# No heading is kept with its next paragraph: the type area is to be filled (5.2.3 撑满版心), 22 lines a page.
LOOKS: Final = (
    Look("Normal", "Normal"),
    Look("Title", "Title", SONG_TITLE, size=44, align="center", before=2, after=1, closer=0),
    Look("Heading1", "heading 1", HEI, indent=2, outline=0),
    Look("Heading2", "heading 2", KAI, indent=2, outline=1),
    Look("Heading3", "heading 3", indent=2, outline=2),
    Look("Heading4", "heading 4", indent=2, outline=3),
    Look("BodyText", "Body Text", indent=2),
    Look("Signature", "Signature", align="center", before=2),
    Look("Date", "Date", align="right"),
    Look("Footer", "footer", SONG, size=28, align="left", closer=0),
)


def write_official(document: Document, path_or_file: Path | str | BinaryIO) -> None:
    """The document as .docx; the same document gives the same bytes, at any time and on any machine."""
    word = docx.Document()
    _strip_template(word)
    _set_properties(word, document)
    _set_page(word)
    _add_title(word, document.title)
    for number, block in document.numbered():
        style = f"heading {block.level}" if isinstance(block, Heading) else "Body Text"
        _add_paragraph(word, style, number, *block.runs)
    _add_signature(word, document)
    whole = _settled(word)
    if isinstance(path_or_file, str | Path):
        Path(path_or_file).write_bytes(whole)
    else:
        path_or_file.write(whole)


# Paragraphs


def _add_paragraph(word: Any, style: str, *runs: Run | str) -> Any:
    paragraph = word.add_paragraph(style=style)
    text = "".join(run if isinstance(run, str) else run.shown for run in runs)
    _add_text(paragraph, text)
    return paragraph


def _add_text(paragraph: Any, text: str) -> None:
    run = paragraph.add_run(_printable(text))
    # Quotation marks, dashes and dots exist in both scripts; without the hint Word sets them half-width.
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")


# Only these: characters too new for our Unicode tables may stand in people's names.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _printable(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _add_title(word: Any, title: str) -> None:
    lines = title.strip().splitlines() if "\n" in title.strip() else title_lines(title.strip())
    _add_paragraph(word, "Title", "\n".join(lines))


def _add_signature(word: Any, document: Document) -> None:
    """Issuer centred over the date (7.3.5.1), kept on a page with the last lines of the text."""
    said = say_day(document.date) if document.date else ""
    if not (document.issuer or said):
        return
    last_of_text = word.paragraphs[-1]
    last_of_text.paragraph_format.keep_with_next = True
    if document.issuer:
        paragraph = _add_paragraph(word, "Signature", document.issuer)
        paragraph.paragraph_format.keep_with_next = bool(said)
        # A box as wide on both sides of the date's middle: what is centred in it is centred over the date.
        half = max(DATE_INDENT + width(said) / 2, width(document.issuer) / 2)
        paragraph.paragraph_format.left_indent = Twips(max(0, math.floor((LINE_CHARACTERS - 2 * half) * CHARACTER)))
    if said:
        paragraph = _add_paragraph(word, "Date", said)
        paragraph.paragraph_format.right_indent = Twips(DATE_INDENT * CHARACTER)
        if not document.issuer:
            paragraph.paragraph_format.space_before = Twips(2 * LINE)


def width(text: str) -> float:
    """In characters: 2021年 is three wide."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


# Places to break a title: after a full word that joins or closes, before a year; never inside a number.
_JOINTS = re.compile(r"(?<=[的及和与暨、，》”）])|(?=关于|\d{4}年)|(?<=年)(?!度)")
_ANYWHERE = re.compile(r"(?<![0-9A-Za-z《“（])(?![、，。》”）年月日])")


def title_lines(title: str) -> list[str]:
    """A title broken into lines of about the same width, where the words allow it; one that fits stays whole."""
    count = math.ceil(width(title) / TITLE_CHARACTERS)
    if count <= 1:
        return [title]
    cuts = [0]
    for number in range(1, count):
        aim = width(title) * number / count
        cuts.append(_best_cut(title, aim=aim, after=cuts[-1], lines_left=count - number))
    return [title[start:end] for start, end in pairwise([*cuts, len(title)])]


def _best_cut(title: str, *, aim: float, after: int, lines_left: int) -> int:
    """The joint nearest to `aim` within a quarter line; else the nearest place that splits no number."""

    def holds(cut: int) -> bool:
        return (
            after < cut < len(title)
            and width(title[after:cut]) <= TITLE_CHARACTERS
            and width(title[cut:]) <= TITLE_CHARACTERS * lines_left
        )

    def off(cut: int) -> float:
        return abs(width(title[:cut]) - aim)

    joints = [m.start() for m in _JOINTS.finditer(title) if holds(m.start()) and off(m.start()) <= TITLE_CHARACTERS / 4]
    anywhere = [m.start() for m in _ANYWHERE.finditer(title) if holds(m.start())]
    return min(joints or anywhere or [after + int(TITLE_CHARACTERS)], key=off)


# The page


def _set_page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance, section.gutter = Mm(15), Twips(FOOTER), 0
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    # Printed on both sides: the number stands at the outer edge, one character in.
    _add_page_number(section.footer, align="right", edge="w:right")
    _add_page_number(section.even_page_footer, align="left", edge="w:left")


def _add_page_number(footer: Any, *, align: str, edge: str) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "footer"
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:ind {_W} {edge}="{PAGE_NUMBER_INDENT}"/>'))
    properties.append(parse_xml(f'<w:jc {_W} w:val="{align}"/>'))
    _add_text(paragraph, "— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    field.append(parse_xml(f"<w:r {_W}><w:t>1</w:t></w:r>"))
    paragraph._p.append(field)
    _add_text(paragraph, " —")


# Styles, settings, fonts: written whole, so that nothing of the library's template shows


def _strip_template(word: Any) -> None:
    part = word.part
    word.styles.element[:] = parse_xml(_styles())[:]
    word.settings.element[:] = parse_xml(_settings())[:]
    part.part_related_by(RT.FONT_TABLE)._blob = _font_table().encode()
    _keep_only(part.rels, RT.STYLES, RT.SETTINGS, RT.FONT_TABLE)
    _keep_only(part.package.rels, RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES)


def _keep_only(relations: Any, *kinds: str) -> None:
    """Parts that nothing points to (theme, preview picture, numbering) are not written."""
    for key in [key for key, relation in relations.items() if relation.reltype not in kinds]:
        del relations[key]


def _styles() -> str:
    return (
        f"<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANGSONG)}"
        '<w:color w:val="000000"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>" + "".join(map(_style, LOOKS)) + "</w:styles>"
    )


def _style(look: Look) -> str:
    """Lines hold 28 characters: punctuation may hang over the edge (溢出), is not squeezed, never begins a line.

    w:overflowPunct must be said although it is the default: LibreOffice 7.4 hangs punctuation only where it is left
    out, and then loses the mark on a line that is full to the last point.
    """
    first = ' w:default="1"' if look.style == "Normal" else ""
    based = "" if first else '<w:basedOn w:val="Normal"/>'
    outline = "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>'
    return (
        f'<w:style w:type="paragraph"{first} w:styleId="{look.style}"><w:name w:val="{look.name}"/>{based}<w:qFormat/>'
        '<w:pPr><w:widowControl w:val="0"/><w:kinsoku/><w:wordWrap/><w:overflowPunct/>'
        '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="{look.before * LINE}" w:after="{look.after * LINE}" w:line="{LINE}" w:lineRule="exact"/>'
        f'<w:ind w:firstLine="{look.indent * CHARACTER}"/><w:jc w:val="{look.align}"/>'
        f"{outline}</w:pPr>"
        f'<w:rPr>{_fonts(look.face)}<w:spacing w:val="{look.closer}"/><w:kern w:val="0"/>'
        f'<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/></w:rPr></w:style>'
    )


def _fonts(face: Face) -> str:
    name = quoteattr(face.name)
    return f"<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>"


def _font_table() -> str:
    fonts = "".join(
        f"<w:font w:name={quoteattr(face.name)}><w:altName w:val={quoteattr(face.instead)}/>"
        f'<w:charset w:val="86"/><w:family w:val="{face.family}"/><w:pitch w:val="fixed"/></w:font>'
        for face in FACES
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_W}>{fonts}</w:fonts>'


def _settings() -> str:
    word = 'w:uri="http://schemas.microsoft.com/office/word"'
    return (
        f'<w:settings {_W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="{2 * CHARACTER}"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:doNotExpandShiftReturn/><w:useFELayout/>'
        f'<w:compatSetting w:name="compatibilityMode" {word} w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
        "</w:settings>"
    )


# The file


def _set_properties(word: Any, document: Document) -> None:
    """Who and when from the document itself: a file made again tomorrow is the same file."""
    day = document.date or dt.date(1980, 1, 1)
    core = word.core_properties
    core.title = " ".join(document.title.split())
    core.author = core.last_modified_by = document.issuer or ""
    core.comments = ""
    core.created = core.modified = dt.datetime.combine(day, dt.time())


def _settled(word: Any) -> bytes:
    """The package with every entry dated alike, since a zip otherwise carries the minute it was made."""
    loose, settled = io.BytesIO(), io.BytesIO()
    word.save(loose)
    with zipfile.ZipFile(loose) as before, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), before.read(name), zipfile.ZIP_DEFLATED)
    return settled.getvalue()
