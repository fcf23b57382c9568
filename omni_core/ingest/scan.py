"""From the bytes of a file to a clean UTF-8 text in staging, its hash and the map of its lines.

A file that is already clean UTF-8 with plain line ends isn't copied (a hard link into the staging
folder is enough, since only that folder is open to the reader). Any other is rewritten there with
``\\n`` line ends, line for line, so that line numbers stay those of the file she has.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from omni_core.errors import is_disk_full
from omni_core.ingest.container import kind_of, unpack_gzip, unpack_zip
from omni_core.ingest.decode import CHUNK, find_encoding, rewrite
from omni_core.ingest.linemap import LineMap
from omni_core.ingest.report import Note, Refused

MAX_BYTES = 8 << 30


@dataclass(frozen=True, slots=True)
class Scan:
    """A file ready to be read: its clean copy or link in staging, and what was found on the way."""

    path: Path
    sha256: str
    encoding: str
    map: LineMap
    has_bad_bytes: bool = False
    # the line of her file for each line of ``path``, where the two differ (a workbook's rows)
    numbers: np.ndarray | None = None
    broken: tuple[tuple[int, str, str], ...] = ()  # rows that couldn't be cut: line, code, text
    notes: tuple[Note, ...] = ()

    def number(self, lines: np.ndarray) -> np.ndarray:
        """Return the lines (from 1) of her file for lines (from 0) of ``path``."""
        return lines + 1 if self.numbers is None else self.numbers[lines]


def scan(source: Path, staging: Path, name: str, answers: Mapping[str, str]) -> Scan:
    """Check, hash and clean one file. Raises ``Refused`` or ``Unanswered``."""
    left: list[Path] = []  # files unpacked on the way
    try:
        return _scan(source, staging, name, answers, left)
    except OSError as error:
        if is_disk_full(error):
            raise
        raise Refused("unreadable_path", name=name) from None
    finally:
        for path in left:
            path.unlink(missing_ok=True)


def _scan(source: Path, staging: Path, name: str, answers: Mapping[str, str],
          left: list[Path]) -> Scan:
    size = source.stat().st_size
    if size > MAX_BYTES:
        raise Refused("too_large", size=size >> 20, limit=MAX_BYTES >> 20)
    kind = kind_of(_head(source), name)
    packed = source
    if kind in ("gzip", "zip"):
        inner = name.removesuffix(".gz")
        if kind == "gzip":
            source = unpack_gzip(source, staging)
        else:
            source, inner = unpack_zip(source, staging)
        left.append(source)
        kind = kind_of(_head(source), inner)
        if kind in ("gzip", "zip"):
            raise Refused("is_zip_in_zip")
    if kind == "workbook":
        # the reader of workbooks is not needed for a CSV
        from omni_core.ingest.workbook import read_workbook

        sheet = read_workbook(source, staging, answers)
        mark = _hash(packed)
        if sheet.others:  # each sheet of a workbook is a file of its own
            mark = hashlib.sha256(f"{mark}\0{sheet.name}".encode()).hexdigest()
        return Scan(sheet.path, mark, sheet.kind, map_lines(sheet.path),
                    numbers=sheet.numbers, notes=sheet.notes)
    digest, clean, lines = _pass(source, hashing=True)
    sha256 = digest if packed is source else _hash(packed)
    target = staging / f"{secrets.token_hex(8)}.csv"
    told = answers.get("encoding", "utf-8").lower() in ("", "utf-8", "utf8", "utf-8-sig")
    if clean and told:
        try:
            os.link(source.resolve(), target)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(source, target)
        return _not_blank(Scan(target, sha256, "utf-8", lines))
    encoding = find_encoding(source, answers)
    bad, nuls, lines = rewrite(source, target, encoding)
    notes = (Note("nuls_removed", {"count": nuls}),) if nuls else ()
    return _not_blank(Scan(target, sha256, encoding, lines, bad, notes=notes))


def _head(source: Path) -> bytes:
    with source.open("rb") as stream:
        return stream.read(1 << 20)


def _not_blank(scanned: Scan) -> Scan:
    if not _head(scanned.path).removeprefix(codecs.BOM_UTF8).strip():
        scanned.path.unlink(missing_ok=True)
        raise Refused("empty_file")
    return scanned


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def map_lines(path: Path) -> LineMap:
    """Return the map of the lines of a text that was written clean."""
    return _pass(path, hashing=False)[2]


def _pass(path: Path, hashing: bool) -> tuple[str, bool, LineMap]:
    """Read a file once; return its hash, whether it is clean UTF-8, and the map of its lines.

    The map is whole only where the text is clean, or was taken for it (no ``hashing``).
    """
    digest, clean, lines = hashlib.sha256(), True, LineMap()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as stream, ThreadPoolExecutor(1) as other:
        while chunk := stream.read(CHUNK):
            # half of the work, without the GIL
            hashed = other.submit(digest.update, chunk) if hashing else None
            if clean and hashing:
                clean = b"\r" not in chunk and b"\0" not in chunk and (
                    not chunk.endswith(b"\x1a")) and _is_utf8(decoder, chunk)
            if clean:  # any other text is written anew, with a map of its own
                lines.add(chunk)
            if hashed:
                hashed.result()
    return digest.hexdigest(), clean and _is_utf8(decoder, b"", final=True), lines.close()


def _is_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    if not final and chunk.isascii() and decoder.getstate()[0] == b"":
        return True
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
