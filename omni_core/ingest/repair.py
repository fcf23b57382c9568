"""The tolerant reader: what the fast one can't cut exactly becomes a canonical CSV, row by row.

Rows keep the lines of the file she has. A quotation mark that is never closed, or closes in the
middle of another row, costs that one row and no other.
"""

from __future__ import annotations

import csv
import dataclasses
import re
import secrets
from collections import Counter, deque
from collections.abc import Iterator
from typing import TextIO

import numpy as np

from omni_core.ingest.dialect import MAX_LINE, Dialect
from omni_core.ingest.linemap import MAX_RECORD_LINES
from omni_core.ingest.report import Note
from omni_core.ingest.scan import Scan, map_lines

MAX_CELL = 1 << 16
_SHOWN = 200


class _TooLong(Exception):
    """A record that never ends."""


class _Lines:
    """Lines of a stream, counted; some can be given back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._back = stream, deque[str]()
        self.number = 0  # lines taken so far
        self.taken: list[str] = []  # those of the present record
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._stream.readline()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if len(self.taken) > 1 and (
                self._size > MAX_CELL or len(self.taken) > MAX_RECORD_LINES):
            raise _TooLong
        return line

    def begin(self) -> None:
        """Forget the present record's lines."""
        self.taken, self._size = [], 0

    def give_back(self) -> None:
        """Give back all lines of the present record but the first."""
        self.number -= len(self.taken) - 1
        self._back.extendleft(reversed(self.taken[1:]))


def repair(scanned: Scan, dialect: Dialect) -> tuple[Scan, Dialect]:
    """Write a canonical copy of a text and return how it is read; ``broken`` has the lost rows."""
    path = scanned.path.with_name(f"{secrets.token_hex(8)}.csv")
    width = len(dialect.header)
    numbers: list[int] = []
    broken: list[tuple[int, str, str]] = []
    with scanned.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as stream, \
            path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if width == 1
                            else csv.QUOTE_MINIMAL)
        lines = _Lines(stream)
        for _ in range(dialect.header_lines):
            next(lines, None)
        mended = Counter[str]()
        for line, cells, code in _records(lines, dialect, mended):
            if not code and cells is not None and len(cells) != width:
                if len(cells) > width and not "".join(cells[width:]).strip():
                    cells = cells[:width]
                elif dialect.may_end <= len(cells) < width:
                    mended["filled_short"] += 1
                    cells = [*cells, *[""] * (width - len(cells))]
                else:
                    code = "short_row" if len(cells) < width else "long_row"
            if code or cells is None:
                broken.append((line, code, lines.taken[0].rstrip("\n")[:_SHOWN]))
                continue
            writer.writerow(cells)
            numbers += [line] * (1 + sum(c.count("\n") for c in cells))
    if broken and numbers and broken[-1][1] == "short_row" and (
            dialect.delimiter not in broken[-1][2]) and (
            broken[-1][0] > numbers[-1] + numbers.count(numbers[-1])):
        # a last line without any delimiter, below a blank one, is no row cut short
        broken[-1] = (broken[-1][0], "footer_line", broken[-1][2])
    # a canonical file is all rows: what is blank in it is a row of empty cells of one column
    told = scanned.number(np.array(numbers, dtype=np.int64) - 1)
    lost = tuple((int(scanned.number(np.array([line - 1]))[0]), code, text)
                 for line, code, text in broken)
    return (dataclasses.replace(scanned, path=path, map=map_lines(path), numbers=told,
                                broken=scanned.broken + lost),
            dataclasses.replace(dialect, delimiter=",", quote='"', escape='"', spaced=False,
                                odd=False, header_lines=0, notes=dialect.notes + tuple(
                                    Note(code, {"rows": n}) for code, n in mended.items())))


def _records(lines: _Lines, dialect: Dialect, mended: Counter[str]
             ) -> Iterator[tuple[int, list[str] | None, str]]:
    """Yield (line, cells, "") of each record, or (line, None, code) of what can't be cut."""
    reader = _reader(lines, dialect, strict=False)
    while True:
        lines.begin()
        before = lines.number
        code = ""
        row: list[str] | None = None
        try:
            row = next(reader)
        except StopIteration:
            return
        except _TooLong:
            code = "quote_open"
        except csv.Error:  # a cell above csv's limit
            code = "cell_too_long"
        if row is not None and not any(c.strip() for c in row) and len(dialect.header) > 1 \
                and not any(dialect.delimiter in t for t in lines.taken):
            continue  # a blank line
        if row == []:
            continue
        if sum(map(len, lines.taken)) > MAX_LINE:
            code = "cell_too_long"
        elif row is not None and dialect.quote and any(dialect.quote in t for t in lines.taken) \
                and not _closes(lines.taken, dialect):
            open_end = len(lines.taken) > 1 or _ends_open(lines.taken, dialect)
            code = "quote_open" if open_end else "broken_row"
        if code in ("quote_open", "broken_row"):
            plain = _quotes_as_text(lines.taken[0], dialect)
            if plain:
                mended["quotes_as_text"] += 1
                row, code = plain, ""
                lines.give_back()
        if code in ("quote_open", "cell_too_long"):
            lines.give_back()
        yield before + 1, None if code else row, code


def _quotes_as_text(line: str, dialect: Dialect) -> list[str] | None:
    """Return the cells of a line whose quotation marks close only where a cell ends, or None.

    Some programs put cells in quotation marks without doubling those inside: "24" TV","Li". All
    must fit: as many cells as the header has, each that opens with a mark closed.
    """
    d, q = re.escape(dialect.delimiter), re.escape(dialect.quote)
    cell = re.compile(rf"{q}(.*?){q}(?={d}|$)|([^{d}]*)")
    rest, found, at = line.rstrip("\n"), list[str](), 0
    while (told := cell.match(rest, at)) is not None:
        if told.group(1) is None and told.group(2).startswith(dialect.quote):
            return None  # opened and never closed
        found.append(told.group(2) if told.group(1) is None else told.group(1).replace(
            dialect.quote * 2, dialect.quote))
        if told.end() == len(rest):
            return found if len(found) == len(dialect.header) else None
        at = told.end() + 1
    return None


def _reader(lines: Iterator[str], dialect: Dialect, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines, delimiter=dialect.delimiter, quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.escape == dialect.quote,
        escapechar="\\" if dialect.escape == "\\" else None,
        skipinitialspace=dialect.spaced, strict=strict)


def _closes(taken: list[str], dialect: Dialect) -> bool:
    """Whether each quotation mark of a record closes where a cell ends."""
    try:
        list(_reader(iter(taken), dialect, strict=True))
    except csv.Error:
        return False
    return True


def _ends_open(taken: list[str], dialect: Dialect) -> bool:
    try:
        list(_reader(iter(taken), dialect, strict=True))
    except csv.Error as error:
        return "end of data" in str(error)
    return False
