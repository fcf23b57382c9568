"""From bytes to a clean UTF-8 file: kind of file, encoding, hash, line ends.

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

from omni_core.ingest.decode import CHUNK, find_encoding, refuse_other_kinds, rewrite
from omni_core.ingest.report import Note, Refused

MAX_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class Scan:
    """A file ready to be read: its clean copy or link in staging, and what was found on the way."""

    path: Path
    sha256: str
    encoding: str
    lines: int  # physical lines, a last one without line end included
    has_quotes: bool
    has_bad_bytes: bool
    # the line of her file for each line of ``path``, where the two differ (a workbook's rows)
    numbers: np.ndarray | None = None
    broken: tuple[tuple[int, str, str], ...] = ()  # rows that couldn't be cut: line, code, text
    notes: tuple[Note, ...] = ()

    def number(self, line: int) -> int:
        """Return the line of her file for a line (from 1) of ``path``."""
        return line if self.numbers is None else int(self.numbers[line - 1])


def scan(source: Path, staging: Path, name: str, answers: Mapping[str, str]) -> Scan:
    """Check, hash and clean one file. Raises ``Refused`` with the reason as its code."""
    try:
        size = source.stat().st_size
        with source.open("rb") as stream:
            head = stream.read(1 << 20)
    except OSError:
        raise Refused("unreadable_path", name=name) from None
    if size > MAX_BYTES:
        raise Refused("too_large", size=size >> 20, limit=MAX_BYTES >> 20)
    refuse_other_kinds(head, name)
    target = staging / f"{secrets.token_hex(8)}.csv"
    digest, utf8, crs, nuls = hashlib.sha256(), True, False, False
    counter = _Counter()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with source.open("rb") as stream, ThreadPoolExecutor(1) as other:
        while chunk := stream.read(CHUNK):
            hashed = other.submit(digest.update, chunk)  # half of the work, without the GIL
            counter.add(chunk)
            if utf8 and not (chunk.isascii() and decoder.getstate()[0] == b""):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    utf8 = False
            crs = crs or b"\r" in chunk
            nuls = nuls or b"\0" in chunk
            hashed.result()
        if utf8:
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                utf8 = False
    encoding = "utf-8" if utf8 and not nuls else find_encoding(source, head)
    bad = False
    if encoding == "utf-8" and utf8 and not crs:
        try:
            os.link(source.resolve(), target)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(source, target)
    else:
        bad = rewrite(source, target, encoding)
        counter = _Counter()
        with target.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                counter.add(chunk)
    lines = counter.lines + (counter.last != b"\n")
    if not head.strip():
        target.unlink(missing_ok=True)
        raise Refused("empty_file")
    return Scan(target, digest.hexdigest(), encoding, lines, counter.quotes, bad)


class _Counter:
    """Physical lines and whether there are quotation marks; fed by chunks."""

    def __init__(self) -> None:
        self.lines, self.quotes, self.last = 0, False, b"\n"

    def add(self, chunk: bytes) -> None:
        self.lines += int(np.count_nonzero(np.frombuffer(chunk, dtype=np.uint8) == 10))
        self.quotes = self.quotes or b'"' in chunk
        self.last = chunk[-1:]
