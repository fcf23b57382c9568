"""Which kind of file these bytes are and which encoding their text is in; the way to UTF-8."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from omni_core.ingest.report import Refused

CHUNK = 4 << 20
# marks a byte that the encoding can't read; rows that hold it are rejected
BAD_BYTE = "\ufffd"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"), (b"\xd0\xcf\x11\xe0", "excel"), (b"%PDF", "pdf"),
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
    (b"\x1f\x8b", "zip"), (b"7z\xbc\xaf", "zip"), (b"Rar!", "zip"),
)



def refuse_other_kinds(head: bytes, name: str) -> None:
    """Refuse what is no text: workbooks, packed files, pictures. Raises ``Refused``."""
    if not head:
        raise Refused("empty_file")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            packed = kind == "zip" and (b"xl/" in head or b"[Content_Types]" in head)
            workbook = kind == "excel" or packed
            if workbook:
                renamed = not name.lower().endswith((".xlsx", ".xls", ".xlsm"))
                raise Refused("is_excel" if renamed else "is_excel_workbook")
            raise Refused(f"is_{kind}")
    if re.match(rb"\s*(<!doctype html|<html)", head[:200], re.IGNORECASE):
        raise Refused("is_html")
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    control = sum(head.count(bytes([b])) for b in range(1, 32) if b not in (9, 10, 13, 27))
    nuls = head.count(0)
    if not marked and control + nuls > 0.01 * len(head) and not _utf16_order(head):
        raise Refused("is_binary")


def _utf16_order(head: bytes) -> str | None:
    # text in UTF-16 without a mark: the NULs of its Latin letters and commas all fall on one side
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 10 * (even + 1) and odd > len(sample) // 20:
        return "utf-16-le"
    if even > 10 * (odd + 1) and even > len(sample) // 20:
        return "utf-16-be"
    return None


def find_encoding(source: Path, head: bytes) -> str:
    """Return the encoding of a file that is not strict UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    order = _utf16_order(head)
    if order:
        return order
    if 0 in head:
        raise Refused("is_binary")
    sample = source.read_bytes() if source.stat().st_size <= 64 << 20 else head
    marked = [line for line in sample.splitlines() if not line.isascii()]
    good = sum(_decodes(line, "utf-8") for line in marked)
    if marked and good >= 0.8 * len(marked):
        return "utf-8"  # with a few broken rows, which are rejected one by one
    # In GB18030 text high bytes stand in pairs; in Latin text an accent mostly stands alone.
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample[: 8 << 20])]
    alone = sum(1 for run in runs if run == 1)
    if runs and alone < 0.5 * len(runs):
        decodable = sum(_decodes(line, "gb18030") for line in marked)
        if decodable >= 0.8 * len(marked):
            return "gb18030"
    return "cp1252"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def rewrite(source: Path, target: Path, encoding: str) -> bool:
    """Write the file as UTF-8 with plain line ends; return whether any byte couldn't be read."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    bad, held = False, ""
    with source.open("rb") as stream, target.open("w", encoding="utf-8", newline="") as out:
        while True:
            chunk = stream.read(CHUNK)
            text = held + decoder.decode(chunk, final=not chunk)
            # a CR at the end of a chunk may be half of a CRLF
            held = "\r" if chunk and text.endswith("\r") else ""
            text = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n")
            bad = bad or BAD_BYTE in text
            out.write(text.replace("\0", ""))
            if not chunk:
                return bad
