"""Rows as text through DuckDB's reader, with our own count of records and exact physical lines.

The reader drops rows it can't cut and numbers them in its own way, so lines come from the map of
the bytes. If the two counts disagree the reading is refused, because a stray quotation mark may
have swallowed rows without a word; the tolerant reader (``repair``) is then asked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from omni_core.ingest.cells import Typed
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.linemap import MAX_RECORD_LINES
from omni_core.ingest.report import Refused
from omni_core.ingest.scan import Scan
from omni_core.ingest.sql import as_table

MAX_LINE = 2_000_000
_CODES = {
    "TOO MANY COLUMNS": "long_row", "MISSING COLUMNS": "short_row",
    "FOOTER": "footer_line", "LINE SIZE OVER MAXIMUM": "cell_too_long",
    "UNQUOTED VALUE": "broken_row", "INVALID ENCODING": "bad_bytes", "INVALID UNICODE": "bad_bytes",
}


@dataclass(slots=True)
class RawRows:
    """The temporary table ``raw``: n (from 1, rows that could be cut) and c0, c1 ... as text.

    Columns that were typed while reading stand in t4, t5 ...; their text is kept only where the
    quick reading failed. Columns of few words stand in w6, w7 ... too, as numbers for the words
    that the sample has (NULL for any other); their text is whole. ``odd`` has the rows of ``raw``
    that hold any text which a quick reading left: few as a rule, and soon looked through.
    """

    records: int  # data rows in the file, those that couldn't be cut included
    broken: list[tuple[int, str, str]]  # line, code, text of the row
    _scan: Scan
    _header_lines: int
    _missing: np.ndarray  # records (from 0) that are not in ``raw``, sorted

    def line(self, n: int) -> int:
        """Return the physical line (from 1) on which row ``n`` of ``raw`` begins."""
        return int(self.lines(np.array([n]))[0])

    def lines(self, rows: np.ndarray) -> np.ndarray:
        """Return the physical lines (from 1) on which rows of ``raw`` (from 1) begin."""
        before = self._missing - np.arange(len(self._missing))  # rows of raw before each
        records = rows - 1 + np.searchsorted(before, rows - 1, side="right")
        return self._scan.number(self._scan.map.line_of(records, self._header_lines))


def read_rows(
    cursor: duckdb.DuckDBPyConnection, scan: Scan, dialect: Dialect, wanted: Collection[int],
    typed: Mapping[int, Typed], words: Mapping[int, Sequence[str]],
    written: Collection[int] = (),
) -> RawRows:
    """Read the wanted columns into the temporary table ``raw``. Raises ``Refused``.

    ``typed`` gives, for columns whose form the sample shows, how they are read at once;
    ``words``, for columns of few words, those that the sample has; ``written``, ids whose empty
    cells something else may be written into.
    """
    width = len(dialect.header)
    # The last column is always read: the reader checks a row's width only as far as it reads.
    chosen = sorted({*wanted, 0, width - 1})
    for i, known in words.items():
        as_table(cursor, "known_words", pd.DataFrame({"word": pd.Series(known, dtype="str")}))
        cursor.execute(
            f"CREATE OR REPLACE TEMP TYPE word_{i} AS ENUM (SELECT word FROM known_words)")
    quick = {i: (f"t{i}", how.sql) for i, how in typed.items()} | {
        i: (f"w{i}", f"TRY_CAST(c{i} AS word_{i})") for i in words}
    inner = ", ".join([f"c{i}" for i in chosen] + [f"{sql} AS {t}" for t, sql in quick.values()])
    plain = [f"c{i}" for i in chosen if i not in quick]
    if width - 1 not in {*wanted, 0}:  # of a column without a role: whether a cell says anything
        plain[-1] = f"t{width - 1}"
        inner += f", CASE WHEN c{width - 1} IS NOT NULL THEN true END AS t{width - 1}"
    odd = " OR ".join(
        f"({t} IS NULL AND c{i} IS NOT NULL)" for i, (t, _) in quick.items()) or "false"
    # Empty columns of text cost as much time as full ones: the text of typed cells is kept in one
    # list, and only for the rows where a quick reading failed.
    texts = ", ".join(f"c{i}" for i in quick) or "NULL"
    select = ", ".join([*plain, *(t for t, _ in quick.values()),
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
        # the reader lets a broken row begin with the blank lines before it
        found = [(at + len(text) - len(text.lstrip("\n")), _kind(kind, text, dialect),
                  text.lstrip("\n"))
                 for at, kind, text in ((at, kind, text or "") for at, kind, text in found)]
        ids = {i: how.text(f"t{i}") for i, how in typed.items() if how.is_id}
        _lay_raw(cursor, plain, list(typed), list(words), ids, written)
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException):
        raise  # memory or disk, not her file
    except duckdb.Error as error:
        # the reader's own words are for engineers; the line is what she needs
        raise Refused("rows_disagree", expected=scan.map.records(dialect.header_lines), found=0
                      ) from error
    finally:
        with contextlib.suppress(duckdb.Error):  # after a fault they go with the transaction
            for name in ("broken_rows", "broken_scan"):
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
    good = cursor.execute("SELECT count(*) FROM raw").fetchall()[0][0]
    return _checked(scan, dialect, good, found)


def _kind(kind: str, text: str, dialect: Dialect) -> str:
    """Tell a line of text that stands apart from the rows above it from a row cut short."""
    alone = text.startswith("\n") and dialect.delimiter not in text
    return "FOOTER" if alone and kind == "MISSING COLUMNS" else kind


def _checked(scan: Scan, dialect: Dialect, good: int, found: list[tuple[int, str, str]]) -> RawRows:
    """Set the reader's count against our own. Raises ``Refused`` where they differ."""
    text, skipped = scan.map, dialect.header_lines
    expected = text.records(skipped)
    if text.ends_open or good + len(found) != expected or (
            text.longest(skipped) > MAX_RECORD_LINES):
        raise Refused("rows_disagree", expected=expected, found=good + len(found))
    lines = text.lines_at(scan.path, np.array([at - 1 for at, _, _ in found], dtype=np.int64))
    records = text.record_of(lines, skipped)
    begins = text.line_of(records, skipped)
    ends = text.line_of(records + 1, skipped)
    if any("UNQUOTED" in kind and after - before > 1
           for (_, kind, _), before, after in zip(found, begins, ends, strict=True)):
        # a mark that closes in another row: nobody knows how many rows lie between the two
        raise Refused("rows_disagree", expected=expected, found=good + len(found))
    broken = [(line, _CODES.get(kind, "broken_row"), row[:200]) for line, (_, kind, row)
              in zip(scan.number(begins).tolist(), found, strict=True)]
    broken = [(line, "short_row" if code == "footer_line" and record < expected - 1 else code, row)
              for (line, code, row), record in zip(broken, records.tolist(), strict=True)]
    return RawRows(expected + len(scan.broken), [*broken, *scan.broken], scan, skipped, records)


def _lay_raw(cursor: duckdb.DuckDBPyConnection, plain: list[str], typed: list[int],
             words: list[int], ids: Mapping[int, str], written: Collection[int]) -> None:
    """Make ``raw`` of what was read: numbered rows, and a column of text for each quick one.

    ``ids`` has, for ids that were read as numbers, the SQL of the text that each number was.
    """
    quick = {i: f"t{i}" for i in typed} | {i: f"w{i}" for i in words}
    # A column of nothing but NULL that is only named costs nothing: what is said of it is settled
    # before any row is looked at. One that is kept costs as much as any other.
    nothing = "CAST(NULL AS VARCHAR)"
    text = dict.fromkeys(quick, nothing)

    def lay(name: str, number: str, table: str) -> None:
        listed = [number, *plain, *quick.values(), *(f"{text[i]} AS c{i}" for i in typed),
                  *(f"coalesce(CAST(w{i} AS VARCHAR), {text[i]}) AS c{i}" for i in words)]
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {', '.join(listed)} FROM {table}")

    # A window to number the rows would read the file with one thread. A table has row ids, in the
    # file's order; inside a transaction they begin at a large number.
    first = "SELECT coalesce(min(rowid), 0) FROM raw_rows"
    odd = cursor.execute("SELECT count(texts) FROM raw_rows").fetchall()[0][0]
    if odd:
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE odd_rows AS SELECT rowid - ({first}) + 1 AS n, *
            FROM raw_rows WHERE texts IS NOT NULL""")
        left = {i: f"CASE WHEN {t} IS NULL THEN texts[{place}] END"
                for place, (i, t) in enumerate(quick.items(), start=1)}
        kept = cursor.execute(
            "SELECT " + ", ".join(f"count({sql})" for sql in left.values())
            + " FROM odd_rows").fetchall()[0]
        text |= {i: left[i] for i, many in zip(quick, kept, strict=True) if many}
        lay("odd", "n", "odd_rows")
    for i in ids:  # staging writes into the text of ids
        some = text[i] != nothing
        if i in written and (some or cursor.execute(
                f"SELECT count(*) - count(t{i}) FROM raw_rows").fetchall()[0][0]):
            cursor.execute(f"ALTER TABLE raw_rows ADD COLUMN c{i} VARCHAR")
            if some:
                cursor.execute(f"UPDATE raw_rows SET c{i} = {text[i]} WHERE texts IS NOT NULL")
            text[i] = f"c{i}"
        if text[i] != nothing:
            text[i] = f"CASE WHEN t{i} IS NULL THEN {text[i]} ELSE {ids[i]} END"
    lay("raw", f"rowid - {cursor.execute(first).fetchall()[0][0]:d} + 1 AS n", "raw_rows")
    if not odd:
        cursor.execute("CREATE OR REPLACE TEMP VIEW odd AS SELECT * FROM raw WHERE false")
