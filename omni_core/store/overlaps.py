"""Rows that came twice, in one file or with another import; what an undo brings back."""

from __future__ import annotations

import duckdb

from omni_core.store import refresh
from omni_core.store.keys import drop_unused_keys
from omni_core.store.written import Written

# An order line is the order, the product and its line number; anything else is who, what and when.
_DETAILED = "events LEFT JOIN event_details USING (import_id, source_row)"
_EVENT_KEY = """coalesce(order_key, -1) AS k_order, coalesce(item_key, -1) AS k_item,
  coalesce(line_id, '') AS k_line, event AS k_event,
  CASE WHEN order_key IS NULL THEN coalesce(user_key, -1) ELSE -1 END AS k_user,
  CASE WHEN order_key IS NULL THEN epoch_us(ts) ELSE -1 END AS k_ts"""
_KEY_COLUMNS = "k_order, k_item, k_line, k_event, k_user, k_ts"


def exclude_known(cursor: duckdb.DuckDBPyConnection, written: Written, import_id: int,
                   has_line: bool) -> None:
    """Take rows out of ``events`` that are repeated in the file or came with another import."""
    mine = {"i": import_id}
    if has_line:
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE twice AS SELECT source_row FROM (
            SELECT source_row, row_number() OVER (PARTITION BY {_KEY_COLUMNS} ORDER BY source_row)
              AS occurrence
            FROM (SELECT source_row, {_EVENT_KEY} FROM {_DETAILED}
                  WHERE import_id = $i AND line_id IS NOT NULL)) WHERE occurrence > 1""", mine)
        _remove(cursor, written, "twice", "duplicate", import_id, shadow=False)
    others = cursor.execute(
        "SELECT count(*) FROM imports WHERE contains(tables, 'events')").fetchall()[0][0]
    if not others:
        return
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE known AS
        WITH mine AS (
          SELECT *, row_number() OVER (PARTITION BY {_KEY_COLUMNS} ORDER BY source_row)
            AS occurrence
          FROM (SELECT source_row, {_EVENT_KEY} FROM {_DETAILED} WHERE import_id = $i)),
        theirs AS (
          SELECT {_KEY_COLUMNS}, count(*) AS there FROM (
            SELECT {_EVENT_KEY} FROM ({_alike(cursor, "events", import_id)}) others
            LEFT JOIN event_details USING (import_id, source_row)
            WHERE import_id <> $i)
          GROUP BY ALL)
        SELECT source_row FROM mine JOIN theirs USING ({_KEY_COLUMNS}) WHERE occurrence <= there""",
        mine)
    _remove(cursor, written, "known", "already_in_store", import_id, shadow=True)


def _alike(cursor: duckdb.DuckDBPyConnection, table: str, import_id: int) -> str:
    """Return the query of events that may be the same as rows of a table: of order, or of time.

    In two parts, with the span of time in figures: the engine then passes over what lies outside.
    """
    low, high = cursor.execute(
        f"SELECT min(ts), max(ts) FROM {table} WHERE import_id = $i AND order_key IS NULL",
        {"i": import_id}).fetchall()[0]
    theirs = f"FROM {table} WHERE import_id = {import_id:d} AND order_key IS"
    of_orders = f"SELECT * FROM events WHERE order_key IN (SELECT order_key {theirs} NOT NULL)"
    if low is None:
        return of_orders
    return f"""{of_orders} UNION ALL SELECT * FROM events WHERE order_key IS NULL
      AND ts BETWEEN TIMESTAMP '{low}' AND TIMESTAMP '{high}' AND ts IN (SELECT ts {theirs} NULL)"""


def _remove(cursor: duckdb.DuckDBPyConnection, written: Written, rows: str, code: str,
            import_id: int, shadow: bool) -> None:
    # a record that packs several products is one row
    found = cursor.execute(f"SELECT count(DISTINCT source_row) FROM {rows}").fetchall()[0][0]
    if not found:
        return
    which = f"import_id = {import_id:d} AND source_row IN (SELECT source_row FROM {rows})"
    if shadow:
        cursor.execute(f"INSERT INTO events_shadow SELECT * FROM events WHERE {which}")
    else:
        change = refresh.begin(cursor)
        refresh.note_going(cursor, change, {"events": which})
    cursor.execute(f"DELETE FROM events WHERE {which}")
    if not shadow:
        drop_unused_keys(cursor, change)  # of whom only a repeated row told
    written.exclusions[code] = written.exclusions.get(code, 0) + found
    written.left_out[code] = rows


def uncover(cursor: duckdb.DuckDBPyConnection, change: refresh.Change) -> None:
    """Bring back the rows that waited behind rows which are gone now, and note them."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE freed (import_id INTEGER, source_row INTEGER)")
    waiting = cursor.execute(
        "SELECT DISTINCT import_id FROM events_shadow ORDER BY import_id").fetchall()
    for (other,) in waiting:
        alike = _alike(cursor, "events_shadow", other)
        cursor.execute(
            f"""INSERT INTO freed
            WITH mine AS (
              SELECT *, row_number() OVER (PARTITION BY {_KEY_COLUMNS} ORDER BY source_row)
                AS occurrence
              FROM (SELECT source_row, waits, {_EVENT_KEY} FROM (
                SELECT *, false AS waits FROM ({alike}) same WHERE import_id = $i
                UNION ALL SELECT *, true FROM events_shadow WHERE import_id = $i) every_row
                LEFT JOIN event_details USING (import_id, source_row))),
            theirs AS (
              SELECT {_KEY_COLUMNS}, count(*) AS there
              FROM (SELECT {_EVENT_KEY} FROM ({alike}) same
                LEFT JOIN event_details USING (import_id, source_row) WHERE import_id <> $i)
              GROUP BY ALL)
            SELECT $i, source_row FROM mine LEFT JOIN theirs USING ({_KEY_COLUMNS})
            WHERE waits AND occurrence > coalesce(there, 0)""", {"i": other})
        which = (f"import_id = {other:d} AND source_row IN "
                 f"(SELECT source_row FROM freed WHERE import_id = {other:d})")
        cursor.execute(f"INSERT INTO events SELECT * FROM events_shadow WHERE {which}")
        cursor.execute(f"DELETE FROM events_shadow WHERE {which}")
        refresh.note_come(cursor, change, {"events": which})
