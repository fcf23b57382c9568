"""Rows that can't be used, in the form they have in the file: to mend and to bring again.

The table that goes out has three columns of our own before the file's; a file that comes back with
them is read as if it had never had them, so its columns are recognised as the first time.
"""

from __future__ import annotations

import csv
import dataclasses
import re
import secrets
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

import numpy as np
import pandas as pd

from omni_core.export import unguard
from omni_core.ingest.decode import BAD_BYTE
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.linemap import MAX_RECORD_LINES
from omni_core.ingest.messages import sentence
from omni_core.ingest.scan import Scan, map_lines

OWN = ("omni_line", "omni_column", "omni_reason")
_MORE = "omni_more_"
MAX_ROWS = 5000  # of a table that a person mends by hand
_UNCUT = frozenset({"quote_open", "cell_too_long"})  # only their first line is surely theirs
_SHOWN = 1 << 16
# Excel shows numbers from 12 digits on as 2.4E+17 and saves them so; as text they stay whole
_LONG = re.compile(r"\d{12,}")


def rejected_rows(scanned: Scan, dialect: Dialect, rejects: pd.DataFrame) -> pd.DataFrame:
    """Return the first 5,000 rejected rows with all their cells: OWN columns, then the file's.

    Cells are as the file has them, but for numbers of 12 digits and more, which get an apostrophe.
    The cells that a row has beyond the header's columns stand in columns of our own at the end.
    """
    chosen = rejects.head(MAX_ROWS)
    lines = chosen["line"].to_numpy(dtype=np.int64)
    places = lines - 1 if scanned.numbers is None else np.searchsorted(scanned.numbers, lines)
    codes = chosen["code"].tolist()
    cells: list[list[str]] = []
    with scanned.path.open("rb") as stream:
        at = 0
        for place, (start, code) in enumerate(zip(places.tolist(), codes, strict=True)):
            end = int(places[place + 1]) if place + 1 < len(places) else start + MAX_RECORD_LINES
            before = islice(stream, max(0, start - at))
            for _ in before:
                pass
            taken = _Taken(stream, 1 if code in _UNCUT else max(1, end - start))
            cells.append(_cut(taken, dialect, code))
            at = max(at, start) + taken.lines
    width = max([len(dialect.header), *map(len, cells)])
    names = [*(h or f"#{i + 1}" for i, h in enumerate(dialect.header)),
             *(f"{_MORE}{i + 1}" for i in range(width - len(dialect.header)))]
    table = pd.DataFrame([[_safe(c) for c in row] + [""] * (width - len(row)) for row in cells],
                         columns=names, dtype="str")
    for name, values in reversed(tuple(zip(OWN, (
            chosen["line"].tolist(), chosen["column"].tolist(), map(sentence, codes)),
            strict=True))):
        table.insert(0, name, list(values), allow_duplicates=True)
    return table


class _Taken:
    """The next lines of a stream, at most so many, as text; counts those that were taken."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._limit, self.lines, self.first = stream, limit, 0, ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.lines >= min(self._limit, MAX_RECORD_LINES):
            raise StopIteration
        line = self._stream.readline()
        if not line:
            raise StopIteration
        self.lines += 1
        text = line.decode("utf-8", "replace").removeprefix("\ufeff")
        self.first = self.first or text.rstrip("\n")
        return text


def _cut(lines: _Taken, dialect: Dialect, code: str) -> list[str]:
    """Return the cells of the record that begins at the next line."""
    row: list[str] = []
    if code not in _UNCUT:
        try:
            row = next(csv.reader(
                lines, delimiter=dialect.delimiter, quotechar=dialect.quote or None,
                quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
                doublequote=dialect.escape == dialect.quote,
                escapechar="\\" if dialect.escape == "\\" else None,
                skipinitialspace=dialect.spaced), [])
        except csv.Error:
            row = []
    else:
        next(lines, None)
    if row and len(row) == len(dialect.header):
        return row
    plain = lines.first[:_SHOWN].split(dialect.delimiter)
    return plain if not row or (code == "broken_row" and len(plain) == len(dialect.header)) else row


def _safe(cell: str) -> str:
    return "'" + cell if _LONG.fullmatch(cell) else cell


def mended(scanned: Scan) -> tuple[Scan, bool | None]:
    """Take our own columns out of a table that was mended; any other file is returned as it is.

    The second value says whether the file has a row of column names (None: not a mended table).
    """
    with scanned.path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        first = stream.readline(1 << 16)
        delimiter = next((d for d in ",;\t|" if [c.strip() for c in next(
            csv.reader([first], delimiter=d), [])][:len(OWN)] == list(OWN)), None)
        if delimiter is None:
            return scanned, None
        stream.seek(0)
        path = scanned.path.with_name(f"{secrets.token_hex(8)}.csv")
        numbers: list[int] = []
        names: list[str] = []
        bad, before = False, 0
        reader = csv.reader(stream, delimiter=delimiter)
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            for row in reader:
                kept = [unguard(c, digits=True) for c in row[len(OWN):]]
                line, before = before, reader.line_num
                if not names:
                    while kept and (not kept[-1].strip() or kept[-1].startswith(_MORE)):
                        kept.pop()
                    names = kept
                    if not kept or _made_up(kept):
                        continue
                    # a column without a name was given one on its way out
                    kept = ["" if n == f"#{i + 1}" else n for i, n in enumerate(kept)]
                elif not any(c.strip() for c in kept):
                    continue
                while len(kept) > len(names) and not kept[-1].strip():
                    kept.pop()
                bad = bad or any(BAD_BYTE in c for c in kept)
                writer.writerow(kept)
                numbers += [line] * (1 + sum(c.count("\n") for c in kept))
    told = scanned.number(np.array(numbers, dtype=np.int64))
    return dataclasses.replace(scanned, path=path, map=map_lines(path), numbers=told,
                               has_bad_bytes=bad), not _made_up(names)


def _made_up(names: Sequence[str]) -> bool:
    return all(name == f"#{i + 1}" for i, name in enumerate(names))
