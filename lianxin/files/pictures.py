"""Pictures painted anew: what comes out holds pixels and nothing else, no place, no camera, no thumbnail, no tail."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps

from lianxin.base.errors import Refused
from lianxin.files.kinds import FileType

MOST_PIXELS = 64_000_000  # a telephone's largest picture; a bomb unfolds to thousands of millions
LONGEST_EDGE = 3_000  # letters on a photographed page are still read
_FORMATS = {FileType.JPEG: "JPEG", FileType.PNG: "PNG", FileType.WEBP: "WEBP"}
_MODES = {FileType.JPEG: {"RGB", "L"}, FileType.PNG: {"RGB", "RGBA", "L"}, FileType.WEBP: {"RGB", "RGBA"}}
# What Pillow's readers are known to raise on bytes that are no picture, or not wholly.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, IndexError, KeyError, OverflowError)

BROKEN = "这张照片打不开，可能没有传完整；请重新选一次，或者用手机截一张图再传。"
TOO_MANY = f"这张照片的像素太多（超过 {MOST_PIXELS // 10_000:,} 万），请缩小再传。"

# Pillow would warn and go on; how many pixels are too many is asked below, before any of them is unpacked.
Image.MAX_IMAGE_PIXELS = None


def repainted(content: bytes, kind: FileType) -> bytes:
    """The same picture, upright, at most LONGEST_EDGE long, without anything that was written about it."""
    try:
        with Image.open(io.BytesIO(content), formats=(_FORMATS[kind],)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(TOO_MANY, field="file")
            picture.draft(None, (LONGEST_EDGE, LONGEST_EDGE))
            return _painted(picture, kind)
    except _BROKEN:
        raise Refused(BROKEN, field="file") from None


def _painted(picture: Image.Image, kind: FileType) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    mode = upright.mode if upright.mode in _MODES[kind] else _mode_for(upright, kind)
    upright = upright.convert(mode)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    # A new canvas: what Pillow remembers of the old one (profile, comment, palette) is not carried over.
    canvas = Image.new(mode, upright.size)
    canvas.paste(upright)
    out = io.BytesIO()
    canvas.save(out, _FORMATS[kind], **({} if kind is FileType.PNG else {"quality": 85}))
    return out.getvalue()


def _mode_for(picture: Image.Image, kind: FileType) -> str:
    has_holes = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA")
    return "RGBA" if has_holes and "RGBA" in _MODES[kind] else "RGB"
