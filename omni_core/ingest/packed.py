"""Cells that list several products: one record, several lines of its order.

Only a platform that is known to pack, or strong evidence, takes a cell apart: a count before or
behind each name ("1× Tea, 2× Cup"), lists of one length in two columns, or codes that elsewhere
in the column stand alone. Everything else with a comma in it is a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

import duckdb
import pandas as pd

from omni_core.ingest.dialect import Dialect
from omni_core.ingest.ids import add_ids
from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import Note, is_on
from omni_core.ingest.sql import as_table, columns
from omni_core.ingest.staged import Staged

_SEPARATORS = (";", "\uff1b", "|", "\n", ",", "\uff0c", "\u3001")
_BETWEEN = re.compile("[;\uff1b\n]|[,\uff0c\u3001](?=\\s*\\d+\\s*[×xX*])|(?<=\\d)[,\uff0c\u3001]")
_BEFORE = re.compile(r"\s*(\d{1,4})\s*[×xX*]\s*(\S.*?)\s*", re.DOTALL)
_BEHIND = re.compile(r"\s*(\S.*?)\s*[×xX*]\s*(\d{1,4})\s*", re.DOTALL)
_CODE = re.compile(r"\s*[\w.#/-]{2,40}\s*")
_TIMES = "count_times_name"
_ROLES = ("item", "item_name", "quantity", "price")
_MOST = 500_000  # different packed cells; more is no list of an order's products
Cells = dict[str, str]
Piece = tuple[str, str, float | None, float]  # item, name, quantity, weight


def unpack(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
           dialect: Dialect, answers: Mapping[str, str]) -> None:
    """Make the temporary table ``packs`` (n, item, name, quantity, low, high) where cells pack.

    ``low`` and ``high`` are the piece's place in the record's amount, from 0 to 1.
    """
    roles = {r: i for r, i in mapping.roles.items() if r in _ROLES}
    if staged.table != "events" or "item" not in roles or not is_on("packed_cells", answers) or (
            staged.ids["item"][0] != "c"):
        return
    told = mapping.platform.packed if mapping.platform else None
    rows = [{r: row[i].strip() for r, i in roles.items() if i < len(row)}
            for row in dialect.sample]
    style = told or _style([row for row in rows if row.get("item") or row.get("item_name")],
                           roles["item"] == roles.get("item_name"))
    if style is None:
        return
    names = columns(cursor, "raw")
    text = {r: f"coalesce(raw.c{i}, CAST(raw.t{i} AS VARCHAR))" if f"t{i}" in names
            else f"raw.c{i}" for r, i in roles.items()}
    listed = [text[r] for r in ("item", "item_name") if r in text]
    inside = " OR ".join(f"regexp_matches({t}, '[;\uff1b|\n,\uff0c\u3001×xX*]')" for t in listed)
    key = "concat_ws(chr(31), " + ", ".join(f"coalesce({t}, '')" for t in text.values()) + ")"
    found = cursor.execute(
        f"SELECT {key}, {', '.join(f'any_value({t})' for t in text.values())} FROM raw "
        f"WHERE ({inside}) AND raw.n NOT IN (SELECT n FROM bad) GROUP BY 1 LIMIT {_MOST}"
    ).fetchall()
    pieces = []
    for whole, *cells in found:
        told_cells = dict(zip(text, (c or "" for c in cells), strict=True))
        pieces += [(whole, *piece) for piece in _shares(_cut(told_cells, style))]
    if not pieces:
        return
    as_table(cursor, "pieces", pd.DataFrame(
        pieces, columns=["cells", "item", "name", "quantity", "low", "high"]))
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE packs AS
        SELECT raw.n, p.item, p.name, p.quantity, p.low, p.high FROM raw
        JOIN pieces p ON p.cells = {key} WHERE raw.n NOT IN (SELECT n FROM bad)""")
    add_ids(cursor, "item", "packs", staged.ids["item"])
    records, products = cursor.execute(
        "SELECT count(DISTINCT n), count(*) FROM packs").fetchall()[0]
    staged.packed = True
    staged.cleaned[(dialect.header[roles["item"]], "packed_cells")] += records
    staged.notes.append(Note("packed_cells_split", {"rows": records, "products": products}))


def _style(rows: Sequence[Cells], one_column: bool) -> str | None:
    """Return how cells are packed: by counts, or the separator; None where they are not."""
    cells = {c for row in rows if (c := row.get("item_name") or row.get("item", ""))}
    counted = [c for c in cells if _counted(c)]
    if len(counted) > 0.5 * len(cells) and any(len(_counted(c)) > 1 for c in counted):
        return _TIMES
    for mark in _SEPARATORS:
        lists = [row for row in rows if mark in row.get("item", "").strip(mark)]
        if not lists or not all(_CODE.fullmatch(p) for row in lists
                                for p in row["item"].split(mark) if p.strip()):
            continue
        if not one_column and "item_name" in lists[0]:
            same = [row for row in lists
                    if row["item"].count(mark) == row["item_name"].count(mark)]
            if len(same) >= 0.9 * len(lists):
                return mark
        alone = {row.get("item", "").strip() for row in rows} - {row["item"] for row in lists}
        parts = {p.strip() for row in lists for p in row["item"].split(mark)}
        if len(parts & alone) >= 0.5 * len(parts):
            return mark
    return None


def _counted(cell: str) -> list[tuple[str, float]]:
    """Return (name, count) of each product in "1× Tea, 2× Cup" or "Tea x1; Cup x2"; else []."""
    found = []
    for part in (p for p in _BETWEEN.split(cell) if p.strip()):
        if before := _BEFORE.fullmatch(part):
            found.append((before.group(2), float(before.group(1))))
        elif behind := _BEHIND.fullmatch(part):
            found.append((behind.group(1), float(behind.group(2))))
        else:
            return []
    return found


def _cut(cells: Cells, style: str) -> list[Piece]:
    """Return the products of one record, or none where its cells don't tell them apart."""
    if style == _TIMES:
        return [(name, name, count, count)
                for name, count in _counted(cells.get("item_name") or cells["item"])]
    marks = (";", "\uff1b") if style in (";", "\uff1b") else (style,)
    lists = {role: next((cell.strip(m + " ").split(m) for m in marks if m in cell.strip(m + " ")),
                        [cell]) for role, cell in cells.items()}
    items, names = lists["item"], lists.get("item_name", lists["item"])
    if len(items) < 2 < 1 + len(names):
        items = names  # one number for several names: the names tell the products apart
    if len(items) < 2:
        return []
    if len(names) != len(items):
        names = items
    counts = _numbers(lists.get("quantity", []), len(items))
    whole = _numbers(lists.get("quantity", []), 1)
    if not counts and (not whole or whole[0] == len(items)):
        counts = [1.0] * len(items)
    prices = _numbers(lists.get("price", []), len(items))
    weights = [(counts[i] if counts else 1.0) * (prices[i] if prices else 1.0)
               for i in range(len(items))]
    return [(item.strip(), name.strip(), counts[i] if counts else None, weights[i])
            for i, (item, name) in enumerate(zip(items, names, strict=True)) if item.strip()]


def _numbers(cells: Sequence[str], wanted: int) -> list[float]:
    try:
        found = [float(c) for c in cells]
    except ValueError:
        return []
    return found if len(found) == wanted and all(n >= 0 for n in found) else []


def _shares(pieces: Sequence[Piece]) -> list[tuple[str, str, float | None, float, float]]:
    """Return (item, name, quantity, low, high); one product listed twice is one piece."""
    if not pieces:
        return []
    merged: dict[str, Piece] = {}
    for item, name, count, weight in pieces:
        _, _, before, so_far = merged.get(item, (item, name, None, 0.0))
        both = None if count is None else count + (before or 0.0)
        merged[item] = (item, name, both, weight + so_far)
    total = sum(p[3] for p in merged.values())
    parts = [p[3] / total if total else 1 / len(merged) for p in merged.values()]
    ends = [*accumulate(parts)]
    ends[-1] = 1.0
    return [(item, name, count, low, high) for (item, name, count, _), low, high
            in zip(merged.values(), [0.0, *ends][:len(ends)], ends, strict=True)]
