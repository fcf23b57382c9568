"""What can happen to a file between the shop and the upload: one seed, one mutilated file."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache

from tests.corpus.base import FIXTURES

_CELLS = ("", '"', '""', "'", "=1+1", '="007"', "\t", "1e999", "-0", "NaN", "999999999999999999999",
          "0000-00-00", "9999-12-31", "合计", "total", "\x00", "\ufeff", "\u202e", "𠮷", "👩‍👩‍👧", "#",
          "{}", "{name}", "%s", "\\", "\\N", "a\nb", "1,234.5", "1.234,5", "￥", "30岁", "{", "c0",
          "2026-02-30", "12/13/2026", "1" * 400, "x" * 5000, ";", "'; DROP TABLE events; --")
_MARKS = (b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xfe", b"\\",
          b"\xef\xbb\xbf", b"\x81", b"|", b"#", b"=")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "cp1252", "cp932", "big5")


def _flip(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.randrange(1, 6)):
        if made:
            made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made)


def _insert(data: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(data) + 1)
        data = data[:at] + dice.choice(_MARKS) + data[at:]
    return data


def _delete(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data) + 1)
    return data[:at] + data[at + dice.randrange(1, 80):]


def _truncate(data: bytes, dice: random.Random) -> bytes:
    return data[:dice.randrange(len(data) + 1)]


def _lines(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    for _ in range(dice.randrange(1, 6)):
        if not lines:
            break
        at = dice.randrange(len(lines))
        match dice.randrange(5):
            case 0:
                lines.insert(dice.randrange(len(lines)), lines[at])
            case 1:
                lines.pop(at)
            case 2:
                other = dice.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at][:dice.randrange(len(lines[at]) + 1)]
            case _:
                lines.insert(at, b"\n" * dice.randrange(1, 4))
    return b"".join(lines)


def _cells(data: bytes, dice: random.Random) -> bytes:
    delimiter = max((b",", b";", b"\t", b"|"), key=data.count)
    cells = data.split(delimiter)
    for _ in range(dice.randrange(1, 8)):
        cells[dice.randrange(len(cells))] = dice.choice(_CELLS).encode()
    return delimiter.join(cells)


def _delimiter(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b",", dice.choice((b";", b"\t", b"|", b" ", b",,", b"~")))


def _newlines(data: bytes, dice: random.Random) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\n", dice.choice((b"\r", b"\r\n", b"\n\n",
                                                                    b"\r\r\n", b"\n\r")))


def _encode(data: bytes, dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(_ENCODINGS), "replace")


def _twice(data: bytes, dice: random.Random) -> bytes:
    return data + dice.choice((b"", b"\n", b"\n\n")) + _cut(dice.choice(_SOURCES)(), dice)


_ALL: Sequence[Callable[[bytes, random.Random], bytes]] = (
    _flip, _insert, _delete, _truncate, _lines, _cells, _delimiter, _newlines, _encode, _twice)
# a workbook's bytes are unpacked by their checksum: nothing comes of changing them
_SOURCES = [cache(lambda f=f: f.make()[0]) for f in FIXTURES if not f.file.endswith(".xlsx")]


def _cut(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:dice.randrange(2, 90)])


def mutilated(seed: int) -> bytes:
    """Return a file of the corpus after one to four accidents."""
    dice = random.Random(seed)
    data = _cut(dice.choice(_SOURCES)(), dice)
    for _ in range(dice.choice((1, 1, 2, 3, 4))):
        data = dice.choice(_ALL)(data, dice)
    return data
