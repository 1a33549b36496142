"""A handed-in file kept sealed in the database while it is read, and read back as if it lay there plain."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, BinaryIO, cast

from lianxin.access.actor import Actor
from lianxin.exchange.models import Batch, Block
from lianxin.vault.box import seal_bytes, unseal_bytes

SIZE = 1 << 20


def keep_file(batch: Batch, file: BinaryIO) -> None:
    """Needs the pen."""
    file.seek(0)
    no = 0
    while piece := file.read(SIZE):
        sealed = seal_bytes(piece, context=_context(batch.pk, no))
        Block(batch_id=batch.pk, region=batch.region, no=no, sealed=sealed).save()
        no += 1


def kept_file(actor: Actor, batch: Batch) -> BinaryIO:
    """The file, a piece opened at a time; empty when it has been dropped."""
    return cast(BinaryIO, io.BufferedReader(_Kept(actor, batch), buffer_size=1 << 16))


def drop_file(actor: Actor, batch: Batch) -> None:
    """Needs the pen."""
    Block.objects.seen_by(actor).filter(batch_id=batch.pk).delete()


def _context(batch: str, no: int) -> str:
    return f"import.file:{batch}:{no}"


class _Kept(io.RawIOBase):
    def __init__(self, actor: Actor, batch: Batch) -> None:
        self._at = 0
        rows = Block.objects.seen_by(actor).filter(batch_id=batch.pk)
        last = rows.order_by("-no").values_list("no", flat=True).first()
        count = 0 if last is None else last + 1

        @lru_cache(maxsize=4)
        def piece(no: int) -> bytes:
            sealed = rows.filter(no=no).values_list("sealed", flat=True).get()
            return unseal_bytes(bytes(sealed), context=_context(batch.pk, no))

        self._piece = piece
        self._size = (count - 1) * SIZE + len(piece(count - 1)) if count else 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = (0, self._at, self._size)[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        no, start = divmod(self._at, SIZE)
        found = self._piece(no)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
