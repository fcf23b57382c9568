"""Rows as text through DuckDB's reader, with our own count of records and exact physical lines.

The reader drops rows it can't cut and numbers them in its own way, so lines come from the bytes:
line ends outside quotation marks end a record. If the two counts disagree the file is refused,
because a stray quotation mark may have swallowed rows without a word.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from omni_core.ingest.dialect import Dialect
from omni_core.ingest.report import Refused
from omni_core.ingest.scan import Scan

MAX_LINE = 2_000_000
MAX_RECORD_LINES = 1000
_CODES = {
    "TOO MANY COLUMNS": "long_row", "MISSING COLUMNS": "short_row",
    "UNQUOTED VALUE": "broken_row", "INVALID ENCODING": "bad_bytes", "INVALID UNICODE": "bad_bytes",
}


@dataclass(slots=True)
class RawRows:
    """The temporary table ``raw``: n (from 1, rows that could be cut) and c0, c1 ... as text.

    Columns that were typed while reading stand in t4, t5 ...; their text is kept only where the
    quick reading failed.
    """

    records: int  # data rows in the file, those that couldn't be cut included
    broken: list[tuple[int, str, str]]  # line, code, text of the row
    lines: np.ndarray | None  # physical line of the n-th row of ``raw``; None: header_lines + n
    header_lines: int

    def line(self, n: int) -> int:
        """Return the physical line (from 1) on which row ``n`` of ``raw`` begins."""
        return self.header_lines + n if self.lines is None else int(self.lines[n - 1])


def read_rows(
    cursor: duckdb.DuckDBPyConnection, scan: Scan, dialect: Dialect, wanted: Collection[int],
    typed: Mapping[int, str],
) -> RawRows:
    """Read the wanted columns into the temporary table ``raw``. Raises ``Refused``.

    ``typed`` gives, for columns whose form the sample shows, the SQL that reads them at once.
    """
    width = len(dialect.header)
    # The last column is always read: the reader checks a row's width only as far as it reads.
    chosen = sorted({*wanted, 0, width - 1})
    inner = ", ".join([f"c{i}" for i in chosen] + [f"{sql} AS t{i}" for i, sql in typed.items()])
    plain = [f"c{i}" for i in chosen if i not in typed]
    odd = " OR ".join(f"(t{i} IS NULL AND c{i} IS NOT NULL)" for i in typed) or "false"
    # Empty columns of text cost as much time as full ones: the text of typed cells is kept in one
    # list, and only for the rows where a quick reading failed.
    texts = ", ".join(f"c{i}" for i in typed) or "NULL"
    select = ", ".join([*plain, *(f"t{i}" for i in typed),
                        f"CASE WHEN {odd} THEN [{texts}] END AS texts"])
    columns = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width)) + "}"
    try:
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE raw_rows AS SELECT {select} FROM (SELECT {inner}
            FROM read_csv($path, auto_detect = false, header = false, skip = {dialect.header_lines},
              delim = $delim, quote = '"', escape = '"', columns = {columns}, new_line = '\\n',
              max_line_size = {MAX_LINE}, store_rejects = true, rejects_table = 'broken_rows',
              rejects_scan = 'broken_scan', rejects_limit = 0))""",
            {"path": str(scan.path), "delim": dialect.delimiter},
        )
        found = cursor.execute(
            """SELECT line_byte_position, min(error_type), min(csv_line) FROM broken_rows
            GROUP BY line_byte_position ORDER BY line_byte_position"""
        ).fetchall()
        _lay_raw(cursor, plain, list(typed))
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        # the reader's own words are for engineers; the line is what she needs
        raise _explain(scan, dialect) from error
    finally:
        for name in ("broken_rows", "broken_scan"):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
    good = cursor.execute("SELECT count(*) FROM raw").fetchall()[0][0]
    if not scan.has_quotes and not found and good == scan.lines - dialect.header_lines:
        return RawRows(good, [], None, dialect.header_lines)
    starts, lines = _records(scan, dialect, expected=good + len(found))
    at = np.searchsorted(starts, [position - 1 for position, _, _ in found], side="right") - 1
    kept = np.ones(len(lines), dtype=bool)
    kept[at] = False
    broken = [
        (int(lines[i]), _CODES.get(kind, "broken_row"), (text or "")[:200])
        for i, (_, kind, text) in zip(at, found, strict=True)
    ]
    return RawRows(len(lines), broken, lines[kept], dialect.header_lines)


def _lay_raw(cursor: duckdb.DuckDBPyConnection, plain: list[str], typed: list[int]) -> None:
    """Make ``raw`` of what was read: numbered rows, and a column of text for each typed one."""
    names = ", ".join([*plain, *(f"t{i}" for i in typed)])
    nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS c{i}" for i in typed)
    if cursor.execute("SELECT count(texts) FROM raw_rows").fetchall()[0][0]:
        texts = ", ".join(f"CASE WHEN t{i} IS NULL THEN texts[{place}] END AS c{i}"
                          for place, i in enumerate(typed, start=1))
        cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE raw_rows AS SELECT {names}, {texts} FROM raw_rows")
        nothing = ""
        names = "*"
    # A window to number the rows would read the file with one thread. A table has row ids, in the
    # file's order; inside a transaction they begin at a large number.
    first = cursor.execute("SELECT coalesce(min(rowid), 0) FROM raw_rows").fetchall()[0][0]
    cursor.execute(
        f"""CREATE OR REPLACE TEMP VIEW raw AS SELECT rowid - {first:d} + 1 AS n, {names}
        {', ' + nothing if nothing else ''} FROM raw_rows""")


def _records(scan: Scan, dialect: Dialect, expected: int) -> tuple[np.ndarray, np.ndarray]:
    """Return byte offset and physical line of each record's beginning."""
    line_starts, starts, open_at = _by_parity(scan.path, dialect.header_lines)
    if len(starts) != expected or open_at is not None:
        # an inch mark inside a cell turns the parity; csv's own automaton is slower but exact
        starts, open_at = _by_automaton(scan.path, dialect, line_starts)
    longest = np.diff(np.append(starts, len(line_starts)))
    if open_at is None and len(starts) and longest.max() > MAX_RECORD_LINES:
        open_at = int(starts[int(longest.argmax())])
    if open_at is not None:
        raise Refused("quote_open", line=open_at + 1)
    if len(starts) != expected:
        raise Refused("rows_disagree", expected=len(starts), found=expected)
    return line_starts[starts], starts + 1


def _by_parity(path: Path, header_lines: int) -> tuple[np.ndarray, np.ndarray, int | None]:
    """Return line offsets, index of the line each record begins on, and an open quote's line."""
    data = np.fromfile(path, dtype=np.uint8)
    ends = np.flatnonzero(data == 10)
    if len(data) and data[-1] != 10:
        ends = np.append(ends, len(data))
    line_starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else np.array([0])
    quotes = np.flatnonzero(data == 34)
    first = line_starts[header_lines] if header_lines < len(line_starts) else len(data)
    quotes = quotes[quotes >= first]
    open_before = np.searchsorted(quotes, line_starts) % 2 == 1
    blank = ends == line_starts
    index = np.arange(len(line_starts))
    starts = index[(index >= header_lines) & ~open_before & ~blank]
    open_at = None
    if len(quotes) % 2:
        open_at = int(np.searchsorted(line_starts, quotes[-1], side="right")) - 1
    return line_starts, starts, open_at


def _by_automaton(
    path: Path, dialect: Dialect, line_starts: np.ndarray
) -> tuple[np.ndarray, int | None]:
    starts: list[int] = []
    previous, last = csv.field_size_limit(MAX_LINE), []
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            for _ in range(dialect.header_lines):
                stream.readline()
            reader = csv.reader(stream, delimiter=dialect.delimiter)
            before = 0
            for row in reader:
                if row:
                    starts.append(dialect.header_lines + before)
                    last = row
                before = reader.line_num
    except csv.Error:
        return np.array(starts, dtype=np.int64), int(starts[-1]) if starts else dialect.header_lines
    finally:
        csv.field_size_limit(previous)
    # a last record over several lines, ending in a line end, ran to the end of the file
    swallowed = bool(last) and last[-1].endswith("\n") and starts[-1] < len(line_starts) - 1
    return np.array(starts, dtype=np.int64), starts[-1] if swallowed else None


def _explain(scan: Scan, dialect: Dialect) -> Refused:
    lengths = []
    with scan.path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if len(line) > MAX_LINE:
                return Refused("line_too_long", line=number, limit=MAX_LINE)
            lengths.append(len(line))
    try:
        _records(scan, dialect, expected=-1)
    except Refused as reason:
        if reason.code == "quote_open":
            return reason
    return Refused("rows_disagree", expected=len(lengths) - dialect.header_lines, found=0)
