"""Where the header of a table stands, if it has one: a row of words above rows of another kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from omni_core.columns import SYNONYMS, normalise_header

MAX_TITLE_LINES = 30
_KNOWN = frozenset(s for synonyms in SYNONYMS.values() for s in synonyms)
# numbers, dates and times, money, ids with digits in them: what column names are not
_VALUE = re.compile(
    r"[-+(]?[\s¥￥$€£]*\d[\d\s.,:/+年月日时分秒T-]*(Z|%|元|岁|[AaPp][Mm])?\)?|[^@\s]+@[^@\s]+\.\w+|"
    r"[A-Za-z#_-]{0,8}\d{2,}[A-Za-z0-9_-]*|-|nan|null|none", re.IGNORECASE)

# headers that name a period: a table with several of them has sums under them
PERIOD = re.compile(
    r"((19|20)\d\d[\s./_-]?)?(jan(uary|uar|vier)?|feb(ruary|ruar)?|f[ée]vr?(ier)?|mar(ch|s|zo)?|"
    r"m[äa]rz|apr(il)?|avr(il)?|abr(il)?|may|mai|mayo|jun[ei]?|juin|junio|jul[yi]?|juillet|julio|"
    r"aug(ust)?|ao[ûu]t|ago(sto)?|sept?(ember|embre|tiembre)?|o[ck]t(ober|obre|ubre)?|"
    r"nov(ember|embre|iembre)?|de[cz](ember|iembre)?|d[ée]c(embre)?|ene(ro)?|"
    r"q[1-4]|[1-4]q|第?[一二三四1-4]季度|(cw|kw|wk|week|第)[\s-]?\d{1,2}周?|"
    r"(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(份)?)([\s./_'-]*((19|20)?\d\d))?|"
    r"(19|20)\d\d年?|(19|20)\d\d([-/.年]?)(1[0-2]|0[1-9]|[1-9])(([-/.月]?)\d{1,2}日?|月)?",
    re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The header among the rows of a sample: its row and cells, or made-up names."""

    position: int
    header: tuple[str, ...]
    named: bool
    width: int
    known: int  # cells that are names we know


def known_names(cells: Sequence[str]) -> int:
    """Return how many different column names we know are among the cells."""
    return len({normalise_header(c) for c in cells if c.strip()} & _KNOWN)


def find_header(rows: Sequence[Sequence[str]], lines: Sequence[int],
                told: int | None = None) -> Found | None:
    """Find the header among sample rows (with the physical line each ends on); None without rows.

    ``told`` is the physical line that a person named; 0 says that there is none.
    """
    if not rows:
        return None
    width = _usual_width(rows)
    if told:
        place = next((i for i, line in enumerate(lines) if line >= told), 0)
        return Found(place, _fit(rows[place], rows[place + 1:], width), True,
                     max(width, len(rows[place])), known_names(rows[place]))
    # one cell more or less than the rows: a trailing delimiter, or row names without a heading
    wide = [i for i, row in enumerate(rows[:MAX_TITLE_LINES])
            if len(row) == width or (abs(len(row) - width) == 1 and width > 2)]
    if not wide:
        wide = [0]
    start = next((i for i in wide if len(rows[i]) == width), wide[0])
    best = None
    if told is None:
        scored = [(_likeness(rows[i], rows[i + 1:]), -i) for i in wide[:6]]
        likeness, at = max(scored)
        if likeness > 0 or (likeness == 0 and len(rows) == 1):
            best = -at
    if best is None:
        return Found(start, tuple(f"#{i + 1}" for i in range(width)), False, width, 0)
    header = _fit(rows[best], rows[best + 1:], width)
    return Found(best, header, True, len(header), known_names(rows[best]))


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0]


def _fit(header: Sequence[str], below: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return the header's names, as many as the rows have cells."""
    names = [name.strip().strip("\ufeff") for name in header]
    extra = width - len(names)
    if extra == 1 and below:
        # R writes row numbers without a heading; else it is a delimiter at the end of each row, or
        # one that stands unquoted in each: then no cell says which column it is of
        rows = [row for row in below if len(row) == width]
        last_filled = sum(bool(row[-1].strip()) for row in rows)
        if last_filled <= 0.5 * len(below):
            names = [*names, ""]
        elif _are_numbered(rows):
            names = ["", *names]
    return tuple(names)


def _are_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows begin with numbers that go up by one."""
    firsts = [row[0].strip() for row in rows]
    return all(c.isdecimal() for c in firsts) and all(
        int(b) - int(a) == 1 for a, b in pairwise(firsts))


def _likeness(row: Sequence[str], below: Sequence[Sequence[str]]) -> float:
    """How much a row looks like names of the columns below; 0 and less: it doesn't."""
    filled = [c.strip() for c in row if c.strip()]
    if not filled or len(filled) < 0.4 * len(row):
        return -1.0
    known = known_names(row)
    below = [other for other in below if list(other) != list(row)]  # the header again is no value
    if not below and any(_VALUE.fullmatch(c) for c in filled):
        return -1.0  # a row of values above nothing heads nothing
    like = unlike = 0
    for index, cell in enumerate(row):
        column = [r[index].strip() for r in below if index < len(r) and r[index].strip()]
        if not cell.strip() or not column:
            continue
        values = sum(bool(_VALUE.fullmatch(c)) for c in column) > 0.7 * len(column)
        if PERIOD.fullmatch(cell.strip()) and values and not any(map(PERIOD.fullmatch, column)):
            like += 1  # 2026-01 above sums
        elif _VALUE.fullmatch(cell.strip()):
            unlike += 1
        elif values:
            like += 1
        elif len(column) > 2 and cell.strip() in column:
            unlike += 1  # a word of the column itself
    repeated = len(filled) - len({f.lower() for f in filled})
    if known == 0 and like == unlike == 0:
        # words above words: names are short and none is said twice
        return 0.5 if not repeated and all(len(f) <= 40 for f in filled) else 0.0
    if unlike and known <= unlike and like <= unlike:
        return -1.0
    return known * 2 + like - unlike + 0.1 * len(filled) / len(row)


def is_hint(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row under the header explains the columns: words or nothing where values follow."""
    words = typed = filled = 0
    for index, cell in enumerate(row):
        column = [r[index].strip() for r in below if index < len(r) and r[index].strip()]
        cell = cell.strip(" -–—/")  # a dash where there is nothing to explain
        filled += bool(cell)
        if len(column) < 2 or sum(bool(_VALUE.fullmatch(c)) for c in column) < 0.8 * len(column):
            continue
        if cell and _VALUE.fullmatch(cell):
            return False
        typed += 1
        words += bool(cell)
    return typed >= 2 and words >= 1 and (words >= 2 or filled <= 0.5 * len(row))


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Return the names with a number added where one is used twice: "user", "user (2)"."""
    seen: Counter[str] = Counter()
    names = []
    for name in header:
        shown = "".join(c for c in name if c.isprintable())[:200]
        seen[shown] += 1
        names.append(f"{shown} ({seen[shown]})" if shown and seen[shown] > 1 else shown)
    return tuple(names)
