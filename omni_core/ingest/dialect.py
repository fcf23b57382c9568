"""How a text is cut into cells: delimiter, quoting, header row; by consistency over a sample.

The cut that makes most rows equally wide, from a header row on that is unlike the rows below it,
is the right one. What a person said about the file (answers) overrides each guess.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.header import Found, find_header, is_hint, unique_names
from omni_core.ingest.report import Note, Refused
from omni_core.ingest.scan import Scan

DELIMITERS = (",", "\t", ";", "|", "^", "~", "\x01", "\x1f", "\uff0c", "\uff1b", "\uff5c", "\u3001")
_FAST = frozenset(",\t;|^~\x01\x1f")
MAX_COLUMNS = 1000
MAX_LINE = 2_000_000
_SAMPLE = 1 << 18
csv.field_size_limit(4 * MAX_LINE)  # a cell of megabytes must not hide the rows below it
_ROWS = 500
_SEVERAL = 3  # rows that end early; a single one was cut off
_NEEDED = ("user", "item", "order", "line", "ts", "event", "quantity", "price", "amount", "total",
           "refund", "status", "campaign", "sent_at")
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "\\t": "\t", "bar": "|", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is cut: its header, the physical lines up to and with it, and sample rows."""

    delimiter: str
    header: tuple[str, ...]
    header_lines: int
    sample: tuple[tuple[str, ...], ...]  # the first rows under the header, as text
    quote: str = '"'  # "" where quotation marks are text
    escape: str = '"'  # "\\" where a backslash makes a quotation mark text
    spaced: bool = False  # a space stands between delimiter and quotation mark
    remarks: bool = False  # lines that begin with "#" stand above the header
    named: bool = True  # the file has a row of column names; else they are made up
    hints: int = 0  # rows under the header that explain it
    may_end: int = MAX_COLUMNS  # rows of so many cells only lack the empty ones at their end
    odd: bool = False  # only the tolerant reader can cut it: repair() first
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to cut the sample: its rows as (last physical line, cells), and its worth."""

    delimiter: str
    quote: str
    escape: str
    spaced: bool
    rows: list[tuple[int, list[str]]]
    found: Found
    score: float


def find_dialect(scanned: Scan, answers: Mapping[str, str]) -> Dialect:
    """Find how a clean UTF-8 text is cut. Raises ``Refused``."""
    text, whole = _beginning(scanned)
    marked = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    told = answers.get("delimiter")
    explicit = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    if told:
        candidates: Sequence[str] = (_NAMES.get(told.lower(), told),)
        if len(candidates[0]) != 1:
            raise Refused("unknown_answer", value=told, field="delimiter")
    else:
        candidates = (explicit.group(1),) if explicit else DELIMITERS
        if "::" in text.partition("\n")[0]:
            candidates = (*candidates, ":")  # every second column is empty then
    line = _told_line(answers)
    best: _Cut | None = None
    for delimiter in candidates:
        if delimiter not in text and len(candidates) > 1 and delimiter != ",":
            continue
        for cut in _cuts(text, delimiter, whole, 1 if explicit else 0, line):
            if best is None or cut.score > best.score:
                best = cut
    if best is None:
        raise Refused("no_data_rows" if text.strip() else "empty_file")
    return _dialect(best, marked)


def _beginning(scanned: Scan) -> tuple[str, bool]:
    """Return the text at the beginning of the file and whether it is all of it."""
    with scanned.path.open(encoding="utf-8", errors="replace", newline="") as stream:
        text = stream.read(_SAMPLE)
        whole = len(text) < _SAMPLE
        if not whole and text.count("\n") < 5:  # rows of a hundred kilobytes
            text += stream.read(3 * MAX_LINE)
            whole = len(text) < _SAMPLE + 3 * MAX_LINE
    first = text.partition("\n")[0]
    if len(first) > MAX_LINE:
        cells = max(first.count(d) for d in DELIMITERS) + 1
        if cells > MAX_COLUMNS:
            raise Refused("too_many_columns", found=cells, limit=MAX_COLUMNS)
        raise Refused("line_too_long", line=1, limit=MAX_LINE)
    return text, whole


def _told_line(answers: Mapping[str, str]) -> int | None:
    told = answers.get("header_line")
    if not told:
        return None
    if not told.isdecimal():
        raise Refused("unknown_answer", value=told, field="header_line")
    return int(told)


def _cuts(text: str, delimiter: str, whole: bool, first: int,
          line: int | None) -> Iterator[_Cut]:
    """Yield the ways to cut the sample at a delimiter, plain quoting first."""
    styles = [('"', '"', False)]
    if '\\"' in text:
        # marks that end too early, were they doubled, are escaped by a backslash
        styles.insert(int(_well_quoted(text, delimiter)), ('"', "\\", False))
    if re.search(re.escape(delimiter) + ' +"', text):
        styles.append(('"', '"', True))
    if delimiter == "\t" and '"' in text and not re.search(
            r'(?:^|\t)"(?:[^"\t\n]|"")*"(?=\t|$)', text, re.MULTILINE):
        # tab-separated exports mostly don't quote: a mark at a cell's beginning is part of a title
        styles.append(("", "", False))
    single = re.findall(rf"(?:^|{re.escape(delimiter)})'[^'\n]*'(?={re.escape(delimiter)}|$)", text,
                        re.MULTILINE)
    if len(single) >= 0.8 * text.count("\n") and '"' not in text:
        # cells that all stand in apostrophes; a lone one before a number is Excel's mark of text
        whole_cells = all(c[:1] == c[-1:] == "'" for c in text.partition("\n")[0].split(delimiter))
        styles = [("'", "'", False)] if whole_cells else [*styles, ("'", "'", False)]
    for rank, (quote, escape, spaced) in enumerate(styles):
        rows = list(_rows(text, delimiter, quote, escape, spaced, whole))
        rows = [row for row in rows if row[0] > first]
        found = find_header([cells for _, cells in rows], [at for at, _ in rows], line)
        if found is None:
            continue
        width, after = found.width, rows[found.position:]
        share = sum(len(cells) == width for _, cells in after) / len(after)
        lead = 1 - found.position / len(rows)
        # one column is what every wrong delimiter finds; more columns cut alike are evidence
        worth = (1 + min(width, 40)) * share**2 if width > 1 else share
        worth = worth * lead**0.5 + 2 * found.known - 0.01 * rank
        yield _Cut(delimiter, quote, escape, spaced, rows, found, worth)


def _well_quoted(text: str, delimiter: str) -> bool:
    """Whether nothing but a delimiter or a line's end comes after a closing quotation mark."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for _row in reader:
            pass
    except csv.Error:
        return reader.line_num >= text.count("\n")  # where the sample was cut off
    return True


def _rows(text: str, delimiter: str, quote: str, escape: str, spaced: bool,
          whole: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield (last physical line, cells) of the non-blank rows of a sample."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE, doublequote=escape == quote,
        escapechar="\\" if escape == "\\" else None, skipinitialspace=spaced)
    held: tuple[int, list[str]] | None = None
    count = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if held is not None:
                yield held
                count += 1
            held = reader.line_num, row
            if count >= _ROWS:
                return
    except csv.Error:  # a cell above csv's limit: what was read so far is sample enough
        pass
    if held is not None and (whole or count < 2):  # the last one may be cut
        yield held


def _dialect(cut: _Cut, marked: bool) -> Dialect:
    found, rows = cut.found, cut.rows
    below = [cells for _, cells in rows[found.position + found.named:]]
    if found.width > MAX_COLUMNS:
        raise Refused("too_many_columns", found=found.width, limit=MAX_COLUMNS)
    if not below:
        raise Refused("no_data_rows")
    widths = Counter(len(cells) for cells in below)
    header = list(found.header)
    notes = []
    if not found.named:
        notes.append(Note("no_header_row"))
    # a delimiter at the end of each row makes one more column, with or without a name for it
    while len(header) > 1 and not header[-1] and not any(
            len(c) >= len(header) and c[len(header) - 1].strip() for c in below):
        if not notes or notes[-1].code != "trailing_comma":
            notes.append(Note("trailing_comma"))
        if widths[len(header)]:
            break
        header.pop()
    hints = 0
    while hints < 2 and len(below) > hints + 2 and is_hint(below[hints], below[hints + 1:]):
        hints += 1
    ragged = any(w != len(header) and not any(
        "".join(c[len(header):]).strip() for c in below if len(c) == w)
        for w in widths if w > len(header))
    header_lines = rows[found.position][0] if found.named else (
        rows[found.position - 1][0] if found.position else 0)
    short = _may_end(header, below[hints:]) if found.named else MAX_COLUMNS
    odd = (cut.delimiter not in _FAST or cut.quote != '"' or cut.escape != '"' or cut.spaced
           or len(header) == 1 or ragged or short < len(header) or (marked and not header_lines))
    sample = tuple(tuple(cells) for cells in below[hints:])
    return Dialect(cut.delimiter, unique_names(header), header_lines, sample or (tuple(below[0]),),
                   cut.quote, cut.escape, cut.spaced,
                   any(cells[0].lstrip().startswith("#") for _, cells in rows[:found.position]),
                   found.named, hints, may_end=short, odd=odd, notes=tuple(notes))


def _may_end(header: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """Return how few cells a row may have: some programs, such as Excel, leave out empty ones.

    Only at the end, where several rows do it, and only in columns whose words mean nothing here:
    a row without its price was cut off.
    """
    widths = Counter(len(cells) for cells in below if len(cells) < len(header))
    if sum(widths.values()) < _SEVERAL:
        return MAX_COLUMNS
    known = {w for role in _NEEDED for w in SYNONYMS[role]}
    last = max((i for i, h in enumerate(header) if normalise_header(h) in known or any(
        normalise_header(h).endswith(w) for w in known if len(w) > 4)), default=len(header)) + 1
    return last if last >= 3 and all(width >= last for width in widths) else MAX_COLUMNS
