"""Official documents read back: what is named from the .docx, what is measured from LibreOffice's PDF of it."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import docx
import pypdf
import pytest

from lianxin.official.document import BoundFigure, Document, Heading, Paragraph, Text
from lianxin.official.word import title_lines, write_official

MM = 72 / 25.4
LEFT, RIGHT = 28 * MM, 184 * MM
TOP, BOTTOM = 37 * MM, 262 * MM
PITCH, CHARACTER = 28.95, 15.75
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

needs_writer = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")),
    reason="reads back through LibreOffice and poppler: apt-get install libreoffice-writer-nogui poppler-utils",
)

# 26 characters on the first line (two are the indent), then full lines of 28; no two characters alike.
LONG = "".join(chr(0x4E00 + number) for number in range(26 + 28 * 60 + 5))
FIGURE = BoundFigure(code="visits.households", shown="16,704", value=Decimal(16704), unit="户")
LETTER = Document(
    title="示例区妇女联合会执委履职工作总结",
    issuer="示例区妇女联合会",
    date=dt.date(2021, 12, 31),
    blocks=(
        Heading(1, (Text("主要工作"),)),
        Heading(2, (Text("走访"),)),
        Heading(3, (Text("入户"),)),
        Heading(4, (Text("困难家庭"),)),
        Paragraph((Text("全年走访、联系家庭"), FIGURE, Text("户。"))),
        Paragraph((Text(LONG),)),
        Paragraph((Text("特此报告。"),)),
    ),
)


def written(document: Document) -> bytes:
    file = io.BytesIO()
    write_official(document, file)
    return file.getvalue()


@dataclass(frozen=True)
class Line:
    """A line of a page, in points from its upper left corner; `words` are (left, right, text)."""

    top: float
    bottom: float
    words: tuple[tuple[float, float, str], ...]

    @property
    def text(self) -> str:
        return "".join(word for _, _, word in self.words)

    @property
    def left(self) -> float:
        return self.words[0][0]

    @property
    def right(self) -> float:
        return self.words[-1][1]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def lines_of(page: str) -> list[Line]:
    found: dict[tuple[float, float], list[tuple[float, float, str]]] = {}
    for match in re.finditer(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</word>', page):
        left, top, right, bottom = map(float, match.groups()[:4])
        found.setdefault((top, bottom), []).append((left, right, match[5]))
    return [Line(top, bottom, tuple(sorted(words))) for (top, bottom), words in sorted(found.items())]


def as_pdf(document: Document, folder: Path) -> Path:
    source = folder / "report.docx"
    write_official(document, source)
    profile = (folder / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir"]
    subprocess.run([*command, str(folder), str(source)], check=True, capture_output=True, timeout=120)
    return folder / "report.pdf"


def pages_of(pdf: Path) -> list[list[Line]]:
    """Each page's lines; the last one is its number."""
    read = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, timeout=60)
    return [lines_of(page) for page in read.stdout.decode().split("<page ")[1:]]


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return as_pdf(LETTER, tmp_path_factory.mktemp("letter"))


@pytest.fixture(scope="module")
def pages(letter: Path) -> list[list[Line]]:
    return pages_of(letter)


# Measured on the page


@needs_writer
def test_paper_is_a4(letter: Path) -> None:
    boxes = [page.mediabox for page in pypdf.PdfReader(letter).pages]

    assert [(round(box.width / MM), round(box.height / MM)) for box in boxes] == [(210, 297)] * 4


@needs_writer
def test_a_full_page_has_22_lines_of_28_characters(pages: list[list[Line]]) -> None:
    for page in pages[1:3]:
        body = page[:-1]

        assert [len(line.text) for line in body] == [28] * 22


@needs_writer
def test_the_long_paragraph_breaks_where_counting_says(pages: list[list[Line]]) -> None:
    body = "\n".join(line.text for page in pages for line in page[:-1])

    expected = [LONG[:26], *(LONG[26 + 28 * n : 54 + 28 * n] for n in range(60)), LONG[-5:]]
    assert "\n".join(expected) in body


@needs_writer
def test_text_fills_the_type_area_of_156_by_225_mm(pages: list[list[Line]]) -> None:
    body = pages[1][:-1]

    for line in body:
        assert line.left == pytest.approx(LEFT, abs=0.5)
        assert RIGHT - 2 <= line.right <= RIGHT + 0.5
    assert body[0].middle == pytest.approx(TOP + PITCH / 2, abs=4)
    assert body[-1].middle == pytest.approx(BOTTOM - PITCH / 2, abs=4)
    assert (body[-1].middle - body[0].middle) / 21 == pytest.approx(PITCH, abs=0.02)


@needs_writer
def test_the_title_stands_centred_under_two_empty_lines(pages: list[list[Line]]) -> None:
    title, first = pages[0][:2]

    assert title.text == "示例区妇女联合会执委履职工作总结"
    assert (title.left + title.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert title.right - title.left == pytest.approx(16 * 22, abs=1)
    assert title.middle == pytest.approx(TOP + 2.5 * PITCH, abs=5)
    assert first.middle - title.middle == pytest.approx(2 * PITCH, abs=3)


@needs_writer
def test_headings_and_paragraphs_begin_two_characters_in(pages: list[list[Line]]) -> None:
    headings = pages[0][1:5]

    assert [line.text for line in headings] == ["一、主要工作", "（一）走访", "1．入户", "（1）困难家庭"]
    # A full-width bracket has its ink in its right half, and some fonts box it by the ink.
    for line in (headings[0], *pages[0][5:7]):
        assert line.left == pytest.approx(LEFT + 2 * CHARACTER, abs=1)


@needs_writer
def test_page_numbers_stand_at_the_outer_edge_one_character_in(pages: list[list[Line]]) -> None:
    numbers = [page[-1] for page in pages]

    assert ["".join(line.text.split()) for line in numbers] == ["—1—", "—2—", "—3—", "—4—"]
    for odd in numbers[0::2]:
        assert odd.right == pytest.approx(RIGHT - 14, abs=1)
    for even in numbers[1::2]:
        assert even.left == pytest.approx(LEFT + 14, abs=1)
    for number in numbers:
        assert number.middle == pytest.approx(BOTTOM + 7 * MM, abs=2.5)


@needs_writer
def test_the_date_ends_four_characters_in_with_the_issuer_above_its_middle(pages: list[list[Line]]) -> None:
    closing, issuer, date = pages[-1][-4:-1]

    assert (closing.text, issuer.text, date.text) == ("特此报告。", "示例区妇女联合会", "2021年12月31日")
    assert date.right == pytest.approx(RIGHT - 4 * CHARACTER, abs=2)
    assert date.middle - issuer.middle == pytest.approx(PITCH, abs=1)
    assert issuer.middle - closing.middle == pytest.approx(3 * PITCH, abs=1)
    # By counting: the date is 7 characters wide, so its middle is 7.5 characters from the right edge.
    assert (issuer.left + issuer.right) / 2 == pytest.approx(LEFT + (28 - 7.5) * CHARACTER, abs=2)


@needs_writer
def test_punctuation_never_begins_a_line_and_is_never_lost(tmp_path: Path) -> None:
    # The full stop would be the 29th of its line. Word hangs it over the edge; LibreOffice takes a character along.
    text = LONG[:54] + "。" + LONG[54:100]

    (page,) = pages_of(as_pdf(Document("题", None, None, (Paragraph((Text(text),)),)), tmp_path))

    assert [line.text for line in page[1:-1]] == [LONG[:26], LONG[26:53], LONG[53] + "。" + LONG[54:80], LONG[80:100]]


@needs_writer
def test_the_signature_never_stands_alone_on_a_page(tmp_path: Path) -> None:
    # Page one holds 18 lines under the title; 17 are text, so the date would be the first line of page two.
    blocks = (*(Paragraph((Text(f"第{n}段。"),)) for n in range(1, 17)), Paragraph((Text("末段。"),)))
    document = Document("题", "示例区妇女联合会", dt.date(2021, 12, 31), blocks)

    first, second = pages_of(as_pdf(document, tmp_path))

    assert first[-2].text == "第16段。"
    assert [line.text for line in second[:-1]] == ["末段。", "示例区妇女联合会", "2021年12月31日"]


# Named in the file


def parts() -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(written(LETTER))) as package:
        for name in package.namelist():
            yield name, package.read(name).decode()


@cache
def word() -> docx.document.Document:
    return docx.Document(io.BytesIO(written(LETTER)))


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Body Text", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_each_style_names_its_font_for_every_script(style: str, font: str, points: int) -> None:
    found = word().styles[style]

    fonts = found.element.rPr.rFonts
    assert {fonts.get(f"{W}{script}") for script in ("eastAsia", "ascii", "hAnsi")} == {font}
    assert found.font.size.pt == points


def test_paragraphs_carry_the_style_of_their_level() -> None:
    styles = [paragraph.style.name for paragraph in word().paragraphs]

    assert styles == [
        "Title",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Heading 4",
        *["Body Text"] * 3,
        "Signature",
        "Date",
    ]


def test_every_font_named_has_others_to_stand_in_and_none_is_embedded() -> None:
    files = dict(parts())

    used = set(re.findall(r'w:eastAsia="([^"]+)"', files["word/styles.xml"])) - {"zh-CN"}
    fallbacks = dict(re.findall(r'<w:font w:name="([^"]+)"><w:altName w:val="([^"]+)"', files["word/fontTable.xml"]))
    assert used == set(fallbacks)
    assert fallbacks["仿宋_GB2312"].split(",")[0] == "仿宋"
    assert not [name for name in files if "fonts/" in name]


def test_nothing_lets_word_change_the_grid() -> None:
    files = dict(parts())

    assert '<w:characterSpacingControl w:val="doNotCompress"/>' in files["word/settings.xml"]
    assert "<w:evenAndOddHeaders/>" in files["word/settings.xml"]
    assert "docGrid" not in files["word/document.xml"]
    styles = files["word/styles.xml"].count("<w:style ")
    assert files["word/styles.xml"].count('<w:widowControl w:val="0"/>') == styles
    assert files["word/styles.xml"].count("<w:kinsoku/><w:wordWrap/><w:overflowPunct/>") == styles
    assert files["word/styles.xml"].count('w:line="579" w:lineRule="exact"') == styles


def test_a_bound_figure_is_plain_text_on_paper() -> None:
    (paragraph,) = [paragraph for paragraph in word().paragraphs if "16,704" in paragraph.text]

    assert paragraph.text == "全年走访、联系家庭16,704户。"
    assert "hyperlink" not in dict(parts())["word/document.xml"]


def test_the_file_says_who_and_when_from_the_document_only() -> None:
    with zipfile.ZipFile(io.BytesIO(written(LETTER))) as package:
        stamps = {entry.date_time for entry in package.infolist()}

    core = word().core_properties
    assert stamps == {(1980, 1, 1, 0, 0, 0)}
    assert (core.title, core.author, core.comments) == (LETTER.title, LETTER.issuer, "")
    assert core.created.date() == core.modified.date() == dt.date(2021, 12, 31)
    assert written(LETTER) == written(LETTER)


def test_what_xml_cannot_hold_is_left_out_and_the_rest_stays() -> None:
    newer = chr(0x31350)  # a Han character that Unicode has held since 2022 only
    text = f"甲\x00乙\x1b丙\ud800丁\uffff<戊>&“己”😀{newer}"

    document = docx.Document(io.BytesIO(written(Document("题", None, None, (Paragraph((Text(text),)),)))))

    assert document.paragraphs[1].text == f"甲乙丙丁<戊>&“己”😀{newer}"


def test_a_document_without_date_and_issuer_has_no_signature() -> None:
    document = docx.Document(io.BytesIO(written(Document("题", None, None, ()))))

    assert [paragraph.text for paragraph in document.paragraphs] == ["题"]


# Titles


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例区妇联二〇二一年工作总结及工作思路共二十", ["示例区妇联二〇二一年", "工作总结及工作思路共二十"]),
        (
            "示例区妇女联合会关于2021年度执委履职走访情况的报告",
            ["示例区妇女联合会关于", "2021年度执委履职走访情况的报告"],
        ),
        ("示例区妇女联合会工作总结", ["示例区妇女联合会工作总结"]),
    ],
)
def test_a_long_title_breaks_after_a_word(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


def test_a_title_of_digits_still_breaks_within_the_line() -> None:
    assert title_lines("1" * 50) == ["1" * 20, "1" * 30]


def test_a_title_breaks_where_its_writer_broke_it() -> None:
    document = docx.Document(io.BytesIO(written(Document("上一行\n下一行", None, None, ()))))

    assert document.paragraphs[0].text == "上一行\n下一行"
