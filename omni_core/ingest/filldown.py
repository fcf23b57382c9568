"""What stands on the first row of several only, as merged cells and lists of variants leave it.

A line without a time, with a product, and with no other order number than the line above belongs
to that line's order. A list of sales without order numbers leaves out the day that was written
above. A product without a name, whose first cell is that of the row above (a handle,
the number of the main product), is a variant of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from omni_core.ingest import cells
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.ids import TOTALS
from omni_core.ingest.mapping import ColumnMap

ROLES = ("order", "ts", "user")
LOOKED_AT = (*ROLES, "item")  # their columns must be read as text


def goes_on(mapping: ColumnMap, dialect: Dialect) -> bool:
    """Whether the sample has lines that leave to the line above whose they are."""
    roles = mapping.roles
    if mapping.table != "events" or not {"ts", "item"} <= set(roles):
        return False
    if "order" not in roles and ("event" in roles or not {"amount", "price", "quantity"} & set(
            roles)):
        return False  # in a log a time that is missing is a fault

    def cell(row: Sequence[str], role: str) -> str:
        return row[roles[role]].strip() if roles[role] < len(row) else ""

    above = ""
    for row in dialect.sample:
        order = cell(row, "order") if "order" in roles else "the day's"
        if cell(row, "ts"):
            above = order
        elif above and cell(row, "item") and order in ("", above):
            return True
    return False


def fill_down(cursor: duckdb.DuckDBPyConnection, mapping: ColumnMap) -> int:
    """Write order, time and buyer into the lines that go on; return how many there are.

    The columns of ``LOOKED_AT`` must have been read as text.
    """
    columns = {r: f"c{mapping.roles[r]}" for r in ROLES if r in mapping.roles}
    if mapping.clock is not None:
        columns["clock"] = f"c{mapping.clock}"
    empty = {r: f"({cells.text(c)}) IS NULL" for r, c in columns.items()}
    above = ", ".join(f"'{r}': {c}" for r, c in columns.items())
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE heads AS SELECT rowid AS row,
        last_value(CASE WHEN NOT {empty['ts']} THEN {{{above}}} END IGNORE NULLS)
          OVER (ORDER BY rowid) AS head FROM raw_rows""")
    goes = (f"{empty['ts']} AND (c{mapping.roles['item']}) IS NOT NULL AND head IS NOT NULL")
    # a sum under the rows, its word in the column of goods, would become a sale of that day
    item = f"c{mapping.roles['item']}"
    goes += f" AND NOT coalesce(regexp_full_match(trim({item}), '{TOTALS}'), false)"
    if "order" in columns:
        goes += f" AND ({empty['order']} OR {columns['order']} = head['order'])"
    (found,) = cursor.execute(
        f"SELECT count(*) FROM raw_rows JOIN heads ON raw_rows.rowid = heads.row WHERE {goes}"
    ).fetchall()[0]
    if found:
        sets = ", ".join(
            f"{c} = CASE WHEN {empty[r]} THEN head['{r}'] ELSE {c} END"
            for r, c in columns.items())
        cursor.execute(f"UPDATE raw_rows SET {sets} FROM heads "
                       f"WHERE raw_rows.rowid = heads.row AND {goes}")
    cursor.execute("DROP TABLE heads")
    return int(found)


_OF_ALL_VARIANTS = ("item_name", "item_name_en", "category", "category_en", "brand")


def has_variants(mapping: ColumnMap, dialect: Dialect) -> bool:
    """Whether the sample has products that leave their name to the row above."""
    roles = mapping.roles
    if mapping.table != "products" or "item_name" not in roles or (
            0 in roles.values() or roles["item_name"] == roles["item"]):
        return False
    name, above = roles["item_name"], ""
    for row in dialect.sample:
        if len(row) > name and row[0].strip():
            if row[name].strip():
                above = row[0]
            elif row[0] == above:
                return True
    return False


def fill_variants(cursor: duckdb.DuckDBPyConnection, mapping: ColumnMap) -> int:
    """Write a product's name, category and brand into its variants' rows; return how many."""
    columns = [f"c{mapping.roles[r]}" for r in _OF_ALL_VARIANTS if r in mapping.roles]
    empty = {c: f"({cells.text(c)}) IS NULL" for c in columns}
    name, item = f"c{mapping.roles['item_name']}", f"c{mapping.roles['item']}"
    told = ", ".join(f"'{c}': {c}" for c in ("c0", *columns))
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE heads AS SELECT rowid AS row,
        last_value(CASE WHEN NOT {empty[name]} THEN {{{told}}} END IGNORE NULLS)
          OVER (ORDER BY rowid) AS head FROM raw_rows""")
    goes = f"{empty[name]} AND ({item}) IS NOT NULL AND c0 = head['c0']"
    sets = ", ".join(f"{c} = CASE WHEN {empty[c]} THEN head['{c}'] ELSE {c} END" for c in columns)
    found = cursor.execute(f"UPDATE raw_rows SET {sets} FROM heads "
                           f"WHERE raw_rows.rowid = heads.row AND {goes}").fetchall()[0][0]
    cursor.execute("DROP TABLE heads")
    return int(found)
