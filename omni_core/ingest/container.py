"""What bytes are before they are text: packed files are unpacked within limits, others refused."""

from __future__ import annotations

import re
import secrets
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from omni_core.ingest.decode import CHUNK, is_binary
from omni_core.ingest.report import Refused

MAX_UNPACKED = 4 << 30
MAX_RATIO = 100
_SMALL = 1 << 20  # a packed file below this size may have any ratio: it can do no harm
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "is_pdf"), (b"\x89PNG", "is_image"), (b"\xff\xd8\xff", "is_image"),
    (b"GIF8", "is_image"), (b"RIFF", "is_binary"), (b"7z\xbc\xaf", "is_zip"), (b"Rar!", "is_zip"),
    (b"SQLite format 3", "is_binary"), (b"PAR1", "is_binary"), (b"{\\rtf", "is_binary"),
)


def kind_of(head: bytes, name: str) -> str:
    """Return "text", "gzip", "zip" or "workbook". Raises ``Refused`` for all else."""
    if not head:
        raise Refused("empty_file")
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise Refused(code)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(_OLE) or head.startswith(b"PK\x03\x04"):
        if head.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in head:
            raise Refused("workbook_locked")
        parts = (b"[Content_Types].xml", b"xl/", b"_rels/", b"mimetype")
        office = head.startswith(_OLE) or any(part in head[:4096] for part in parts)
        if not office:
            return "zip"
        if not name.lower().endswith(WORKBOOKS):
            raise Refused("is_excel")
        return "workbook"
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise Refused("is_zip")
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|meta|table|\?xml)", head[:200],
                re.IGNORECASE):
        table = re.search(rb"<table|<[\w:]*workbook|office:excel", head, re.IGNORECASE)
        raise Refused("is_html_table" if table else "is_html")
    if re.match(rb'(\xef\xbb\xbf)?\s*(\[\s*)?\{\s*"[^"]*"\s*:', head[:1000]):
        raise Refused("is_json")
    if is_binary(head):
        raise Refused("is_binary")
    return "text"


def unpack_gzip(source: Path, staging: Path) -> Path:
    """Unpack a gz file into staging, within limits. Raises ``Refused``."""
    return _written(staging, _inflated(source), source.stat().st_size)


def _inflated(source: Path) -> Iterator[bytes]:
    inflate = zlib.decompressobj(31)
    with source.open("rb") as stream:
        while chunk := stream.read(1 << 16):
            while chunk:
                try:
                    piece = inflate.decompress(chunk, CHUNK)
                except zlib.error:
                    raise Refused("damaged_archive") from None
                if piece:
                    yield piece
                chunk = inflate.unconsumed_tail
                if inflate.eof:  # several members one after another are one text
                    chunk = inflate.unused_data
                    if not chunk.startswith(b"\x1f\x8b"):
                        chunk = b""
                    inflate = zlib.decompressobj(31)
                    if not chunk:
                        inflate = _Ended()  # type: ignore[assignment]
                        break
    if not isinstance(inflate, _Ended):
        raise Refused("damaged_archive")


class _Ended:
    """Stands where an inflater stood once the last member has ended; swallows padding."""

    eof, unconsumed_tail, unused_data = True, b"", b""

    def decompress(self, data: bytes, limit: int) -> bytes:
        return b""


def _written(staging: Path, pieces: Iterator[bytes], packed: int) -> Path:
    target = staging / f"{secrets.token_hex(8)}.unpacked"
    size = 0
    try:
        with target.open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if size > MAX_UNPACKED:
                    raise Refused("unpacks_too_large", limit=MAX_UNPACKED >> 20)
                if size > _SMALL and size > MAX_RATIO * packed:
                    raise Refused("unpacks_too_large", limit=max(1, MAX_RATIO * packed >> 20))
                out.write(piece)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def unpack_zip(source: Path, staging: Path) -> tuple[Path, str]:
    """Unpack the one table a zip file holds and return it with its name. Raises ``Refused``."""
    try:
        with zipfile.ZipFile(source) as packed:
            entries = [e for e in packed.infolist() if not e.is_dir()
                       and not e.filename.startswith("__MACOSX/")]
            if any(e.flag_bits & 1 for e in entries):
                raise Refused("zip_locked")
            if len(entries) != 1 or not entries[0].filename.lower().endswith(
                    (".csv", ".tsv", ".txt", *WORKBOOKS)):
                names = ", ".join(e.filename[:60] for e in entries[:8]) or "–"
                raise Refused("zip_of_several", names=names)
            entry = entries[0]
            with packed.open(entry) as stream:
                path = _written(staging, _pieces(stream), max(entry.compress_size, 1))
            return path, _shown(entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        raise Refused("damaged_archive") from None


def _shown(entry: zipfile.ZipInfo) -> str:
    # zip files of Windows in China name their entries in GBK without saying so
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def check_workbook(source: Path) -> None:
    """Look into a workbook's packing before it is opened. Raises ``Refused``."""
    with source.open("rb") as stream:
        if stream.read(4) != b"PK\x03\x04":
            return  # the old form is not packed
    try:
        with zipfile.ZipFile(source) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, EOFError):
        raise Refused("damaged_workbook") from None
    size, packed_size = sum(e.file_size for e in entries), source.stat().st_size
    limit = 1 << 30
    if size > limit or len(entries) > 10_000 or (
            size > 64 << 20 and size > MAX_RATIO * packed_size):
        raise Refused("unpacks_too_large", limit=limit >> 20)
    if any(e.filename.lower().endswith((".zip", ".gz")) for e in entries):
        raise Refused("damaged_workbook")
