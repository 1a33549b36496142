"""What is taken, what is refused, and what is left of a picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from lianxin.base.errors import Refused
from lianxin.files import kinds, papers, pictures
from lianxin.files.kinds import FileType, sniff
from lianxin.files.papers import require_harmless
from lianxin.files.pictures import repainted
from tests.files.samples import PLACE, document, package, pdf, picture, picture_bomb


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), FileType.JPEG),
        (picture(kind="PNG"), FileType.PNG),
        (picture(kind="WEBP"), FileType.WEBP),
        (pdf(), FileType.PDF),
        (document(), FileType.DOCX),
        (package({"xl/workbook.xml": b"<x/>"}).replace(b"word/document.xml", b"word/documenx.xml"), FileType.XLSX),
        (b"<svg onload=alert(1)>", None),
        (b"<html><script>alert(1)</script>", None),
        (b"GIF89a\x01\x00", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04 any zip", None),
        (b"\xd0\xcf\x11\xe0 old word", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: FileType | None) -> None:
    assert sniff(content) is kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_out_without_place_and_telephone(kind: str) -> None:
    content = picture(kind=kind)
    assert b"SPYPHONE" in content

    clean = repainted(content, FileType({"JPEG": "jpg"}.get(kind, kind.lower())))

    with Image.open(io.BytesIO(clean)) as seen:
        assert (dict(seen.getexif()), seen.getexif().get_ifd(PLACE)) == ({}, {})
        assert seen.format == kind
        assert seen.size == (40, 30)
        red, green, blue = seen.convert("RGB").getpixel((20, 15))  # type: ignore[misc]
        assert red > 150
        assert max(green, blue) < 80
    assert b"SPYPHONE" not in clean


def test_what_hangs_behind_a_picture_is_gone() -> None:
    clean = repainted(picture() + b"PK\x03\x04<script>alert(1)</script>", FileType.JPEG)

    assert b"script" not in clean


def test_a_turned_picture_stands_upright() -> None:
    with Image.open(io.BytesIO(repainted(picture(turned=True), FileType.JPEG))) as seen:
        assert seen.size == (30, 40)


def test_a_large_picture_is_made_smaller_and_a_bomb_is_not_unpacked() -> None:
    with Image.open(io.BytesIO(repainted(picture(size=(6_400, 1_600)), FileType.JPEG))) as seen:
        assert seen.size == (3_000, 750)
    with pytest.raises(Refused) as refused:
        repainted(picture_bomb(), FileType.PNG)
    assert refused.value.message == pictures.TOO_MANY


@pytest.mark.parametrize("content", [b"\xff\xd8\xff", picture()[:300], b"\xff\xd8\xff\xe0" + b"A" * 500])
def test_what_only_begins_like_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        repainted(content, FileType.JPEG)
    assert refused.value.message == pictures.BROKEN


def test_plain_documents_are_harmless() -> None:
    require_harmless(document(), FileType.DOCX)
    require_harmless(pdf(), FileType.PDF)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"word/vbaProject.bin": b"x"}, papers.RUNS),
        ({"word/activeX/activeX1.xml": b"<x/>"}, papers.RUNS),
        ({"word/embeddings/a.exe": b"MZ"}, papers.RUNS),
        ({"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, papers.ENTITY),
        ({"word/styles.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>'.encode("utf-16")}, papers.ENTITY),
        ({"word/media/a.xml": b" " * 65_530 + b"<!DOCTYPE x>"}, papers.ENTITY),
        ({"word/media/a.bmp": b"\0" * (8 << 20)}, papers.BOMB),
        ({f"word/{number}.xml": b"" for number in range(1_001)}, papers.BOMB),
    ],
)
def test_documents_with_something_in_them_are_refused(parts: dict[str, bytes], said: str) -> None:
    with pytest.raises(Refused) as refused:
        require_harmless(package(parts), FileType.DOCX)
    assert refused.value.message == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", papers.RUNS),
        (b"/OpenAction<</S/J#61vaScript>>", papers.RUNS),
        (b"/Names<</EmbeddedFiles 3 0 R>>", papers.RUNS),
    ],
)
def test_a_pdf_that_runs_something_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        require_harmless(pdf(body), FileType.PDF)
    assert refused.value.message == said


def test_a_broken_document_is_refused_in_a_sentence() -> None:
    for content, kind in ((pdf()[:-8], FileType.PDF), (document()[:400], FileType.DOCX)):
        with pytest.raises(Refused) as refused:
            require_harmless(content, kind)
        assert refused.value.message == papers.DAMAGED


def test_size_is_asked_first() -> None:
    kinds.require_size(kinds.LARGEST)
    for size, said in ((kinds.LARGEST + 1, kinds.TOO_LARGE), (0, kinds.EMPTY)):
        with pytest.raises(Refused) as refused:
            kinds.require_size(size)
        assert refused.value.message == said
