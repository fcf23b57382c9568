"""Delimiter and header row, by consistency: the delimiter that cuts most rows into equal pieces."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.report import Note, Refused
from omni_core.ingest.scan import Scan

DELIMITERS = (",", "\t", ";", "|")
MAX_COLUMNS = 1000
MAX_TITLE_LINES = 30
_SAMPLE = 1 << 18
_KNOWN = {s for synonyms in SYNONYMS.values() for s in synonyms}
_LIKE_DATA = re.compile(r"[\d\s.,:/+-]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is cut: its header, the physical lines up to and with it, and sample rows."""

    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    sample: tuple[tuple[str, ...], ...]  # the first rows under the header, as text
    quote: str = '"'  # "" where quotation marks are text
    escape: str = '"'
    named: bool = True  # the file has a row of column names; else they are made up
    hints: int = 0  # rows under the header that explain it
    odd: bool = False  # only the tolerant reader can cut it: repair() first
    notes: tuple[Note, ...] = ()


def find_dialect(scanned: Scan, answers: Mapping[str, str]) -> Dialect:
    """Find delimiter and header of a clean UTF-8 file. Raises ``Refused``."""
    with scanned.path.open(encoding="utf-8", errors="replace", newline="") as stream:
        text = stream.read(_SAMPLE)
    whole = len(text) < _SAMPLE
    text = text.lstrip("\ufeff")
    explicit = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    candidates = (explicit.group(1),) if explicit else DELIMITERS
    best: tuple[float, int, str, list[tuple[int, list[str]]]] | None = None
    for rank, delimiter in enumerate(candidates):
        rows = _rows(text, delimiter, whole)
        if not rows:
            continue
        width, share = _common_width(rows)
        # one column is what every wrong delimiter finds; more columns cut alike are evidence
        score = share * (1 + min(width, 40)) if width > 1 else share * 0.5
        if best is None or score > best[0]:
            best = (score, -rank, delimiter, rows)
    if best is None:
        raise Refused("empty_file")
    _, _, delimiter, rows = best
    position = _header_position(rows)
    end_line, header = rows[position]
    if len(header) > MAX_COLUMNS:
        raise Refused("too_many_columns", found=len(header), limit=MAX_COLUMNS)
    names = tuple(h.strip().lstrip("\ufeff") for h in header)
    if 2 * sum(bool(_LIKE_DATA.fullmatch(n)) for n in names) > sum(map(bool, names)):
        raise Refused("no_header")
    sample = tuple(tuple(row) for _, row in rows[position + 1 : position + 501] if any(row))
    if not sample:
        raise Refused("no_data_rows")
    return Dialect(delimiter, names, end_line, sample)


def _rows(text: str, delimiter: str, whole: bool) -> list[tuple[int, list[str]]]:
    """Return (last physical line, cells) of the non-blank rows of a sample."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if row and any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error:  # a cell above csv's limit: what was read so far is sample enough
        pass
    return rows if whole or len(rows) < 2 else rows[:-1]  # the last one may be cut


def _common_width(rows: list[tuple[int, list[str]]]) -> tuple[int, float]:
    widths = Counter(len(row) for _, row in rows)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / len(rows)


def _header_position(rows: list[tuple[int, list[str]]]) -> int:
    """The first row as wide as the rest; among the first few, the one with most known words."""
    width, _ = _common_width(rows)
    wide = [i for i, (_, row) in enumerate(rows[:MAX_TITLE_LINES]) if len(row) == width]
    if not wide:
        return 0
    known = {i: sum(normalise_header(c) in _KNOWN for c in rows[i][1]) for i in wide[:5]}
    best = max(known.values())
    return next(i for i, n in known.items() if n == best)
