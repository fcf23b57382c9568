"""Lines of orders whose buyer and time stand in another file: taken from stored orders."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from omni_core.ingest import cells
from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import Question, Refused, Unanswered
from omni_core.ingest.sql import columns


def join_orders(cursor: duckdb.DuckDBPyConnection, mapping: ColumnMap,
                answers: Mapping[str, str]) -> None:
    """Make the temporary table ``joined`` (raw order cell, ts, user_key) for a file of lines.

    Raises ``Unanswered`` until she says which import holds the orders, and ``Refused`` where none
    does.
    """
    column = f"c{mapping.roles['order']}"
    if column not in columns(cursor, "raw_rows"):
        column = f"CAST(t{mapping.roles['order']} AS VARCHAR)"
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE wanted AS
        SELECT DISTINCT {column} AS raw, {cells.unwrapped(column)} AS id FROM raw
        WHERE {column} IS NOT NULL""")
    found = cursor.execute(
        """SELECT i.import_id, i.file_name, count(DISTINCT w.raw) FROM imports i
        JOIN order_rows r ON r.import_id = i.import_id
        JOIN order_ids o ON o.order_key = r.order_key
        JOIN wanted w ON w.id = o.order_id
        GROUP BY i.import_id, i.file_name ORDER BY count(DISTINCT w.raw) DESC, i.import_id
        """).fetchall()
    platform = mapping.platform
    if not found:
        raise Refused("orders_needed" if platform is None else "orders_needed_" + platform.name)
    told = answers.get("join_with")
    if told is None:
        wanted = cursor.execute("SELECT count(*) FROM wanted").fetchall()[0][0]
        raise Unanswered(Question("join_with", "join_with", tuple(
            dict.fromkeys(name for _, name, _ in found)), {
                "found": found[0][2], "wanted": wanted, "file": found[0][1]}))
    chosen = [str(number) for number, name, _ in found if told in (str(number), name)]
    if not chosen:
        raise Refused("unknown_answer", value=told, field="join_with")
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE joined AS
        SELECT w.raw, min(r.ts) AS ts, any_value(r.user_key) AS user_key FROM wanted w
        JOIN order_ids o ON o.order_id = w.id
        JOIN order_rows r ON r.order_key = o.order_key AND r.import_id IN ({', '.join(chosen)})
        GROUP BY w.raw""")
