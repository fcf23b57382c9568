"""A sheet of an Excel or OpenDocument workbook as a canonical CSV, row for row."""

from __future__ import annotations

import csv
import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import python_calamine as calamine

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.container import check_workbook
from omni_core.ingest.report import Note, Question, Refused, Unanswered

MAX_CELLS = 60_000_000
_KNOWN = frozenset(s for synonyms in SYNONYMS.values() for s in synonyms)
_EXACT = 10**15  # Excel keeps 15 digits of a number; longer ones end in zeros that were others


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet written as CSV: its path, name and, per line of the CSV, the sheet's row."""

    path: Path
    name: str
    kind: str  # "xlsx", "xls", "xlsb" or "ods", in the place of an encoding
    numbers: np.ndarray
    notes: tuple[Note, ...]
    others: bool = False  # other sheets have cells, too


def read_workbook(source: Path, staging: Path, answers: Mapping[str, str]) -> Sheet:
    """Write the sheet that holds the table into staging. Raises ``Refused``, ``Unanswered``."""
    check_workbook(source)
    try:
        book = calamine.CalamineWorkbook.from_path(str(source))
        hidden = {s.name for s in book.sheets_metadata
                  if s.visible != calamine.SheetVisibleEnum.Visible}
        sheets = {n: _Rows(book, n) for n in book.sheet_names if _size(book, n)}
        name = _choose({n: s for n, s in sheets.items() if n not in hidden} or sheets, answers,
                       sheets)
        return _write(sheets[name], name, _kind(source), staging,
                      [n for n in sheets if n != name])
    except calamine.PasswordError:
        raise Refused("workbook_locked") from None
    except (calamine.CalamineError, OSError, ValueError, KeyError):
        raise Refused("damaged_workbook") from None


def _size(book: Any, name: str) -> int:
    try:
        sheet = book.get_sheet_by_name(name)
    except calamine.WorksheetNotFound:  # a sheet that is a chart has no cells
        return 0
    cells = sheet.height * sheet.width
    if cells > MAX_CELLS:
        raise Refused("sheet_too_large", sheet=name, limit=MAX_CELLS)
    return int(cells)


class _Rows:
    """The rows of a sheet with their numbers, from the first row of the sheet."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.get_sheet_by_name(name)

    def __iter__(self) -> Any:
        return enumerate(self.sheet.iter_rows(), start=1)

    def score(self) -> tuple[int, int]:
        """Header words known in one of the first rows, and rows."""
        best = 0
        for place, (_, row) in enumerate(self):
            if place >= 30:
                break
            best = max(best, sum(normalise_header(str(c)) in _KNOWN for c in row if c != ""))
        return best, self.sheet.height


    def beginning(self) -> tuple[str, ...]:
        """The cells of the first rows that have some, a row as one text, to tell sheets apart."""
        filled = (" | ".join(filter(None, map(_text, row[:8]))) for _, row in self)
        return tuple(islice((text[:120] for text in filled if text), 2))


def _choose(shown: Mapping[str, _Rows], answers: Mapping[str, str],
            every: Mapping[str, _Rows]) -> str:
    if not every:
        raise Refused("empty_file")
    told = answers.get("sheet")
    if told is not None:
        if told not in every:
            raise Refused("unknown_answer", value=told, field="sheet")
        return told
    if len(shown) == 1:
        return next(iter(shown))
    tables = {n: score for n, rows in shown.items() if (score := rows.score())[0] >= 2
              and score[1] > 1}
    if len(tables) == 1:
        return next(iter(tables))
    options = sorted(tables or shown, key=lambda n: list(shown).index(n))
    raise Unanswered(Question("sheet", "sheet", tuple(options), {
        "sheets": len(options), "beginnings": {n: shown[n].beginning() for n in options}}))


def _kind(source: Path) -> str:
    with source.open("rb") as stream:
        head = stream.read(1 << 12)
    if head[:2] != b"PK":
        return "xls"
    return "ods" if b"opendocument" in head else "xlsb" if b"workbook.bin" in head else "xlsx"


def _write(rows: _Rows, name: str, kind: str, staging: Path, others: list[str]) -> Sheet:
    target = staging / f"{secrets.token_hex(8)}.csv"
    numbers: list[int] = []
    notes = []
    if others:
        notes.append(Note("other_sheets", {"sheet": name, "others": ", ".join(others[:10])}))
    merged = getattr(rows.sheet, "merged_cell_ranges", None) or []
    deep = sum(1 for first, last in merged if last[0] > first[0])
    if deep:
        notes.append(Note("merged_cells", {"cells": deep}))
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in rows:
            cells = [_text(cell) for cell in row]
            if not any(cells):
                continue
            writer.writerow(cells)
            numbers += [number] * (1 + sum(c.count("\n") for c in cells))
    return Sheet(target, name, kind, np.array(numbers, dtype=np.int64), tuple(notes), bool(others))


def _text(cell: Any) -> str:
    """Return a cell as a CSV would have it: ISO times, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        # digits that Excel didn't keep are not made up: the form it shows says that they are lost
        return repr(cell) if abs(cell) < _EXACT else f"{cell:.5E}"
    if isinstance(cell, int):
        return str(cell) if abs(cell) < _EXACT else f"{cell:.5E}"
    if isinstance(cell, dt.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return cell.isoformat()
