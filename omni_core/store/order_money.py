"""Whose a column of money is: the order's, repeated on its lines, or each line's own."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from omni_core.ingest.report import Question, Unanswered
from omni_core.ingest.staged import Staged

_STRAY = 0.01  # so many orders may differ by a slip before the column is doubted


def total_is_the_orders(cursor: duckdb.DuckDBPyConnection, staged: Staged, sql: Mapping[str, str],
                        source: str, header: str) -> bool:
    """Whether "total" is the order's. Its cells decide; where they don't, she is asked.

    A sum that differs from line to line in most orders of several lines is each line's own. One
    that is the same on all of them is the order's, unless it is price times quantity on each line.
    Lines of 0 say nothing: some exports write the sum on the first line and 0 on the others.
    """
    if "order" not in sql:
        return False
    told = staged.order_level.get("total")
    if told is not None:
        return told
    varied, several = cursor.execute(
        f"""SELECT count(*) FILTER (d > 1), count(*) FILTER (lines > 1) FROM (
        SELECT count(DISTINCT nullif(amount, 0)) AS d, count(*) AS lines
        FROM (SELECT {sql['order']} AS o, {sql['total']} AS amount {source}) GROUP BY o
        HAVING max(abs(amount)) > 0)""").fetchall()[0]
    if not several:
        return True  # one line is one order: both are the same
    if varied > 0.5 * several:
        return False
    if "price" in sql:
        each = f"{sql['price']} * {sql.get('quantity', '1')}"
        by_line, by_order = cursor.execute(
            f"""SELECT count(*) FILTER (lines), count(*) FILTER (whole) FROM (
            SELECT bool_and(amount IS NOT NULL AND abs(amount - listed) < 0.01) AS lines,
              abs(max(amount) - sum(listed)) < 0.01 AS whole
            FROM (SELECT {sql['order']} AS o, {sql['total']} AS amount, {each} AS listed {source})
            GROUP BY o HAVING count(*) > 1 AND max(abs(amount)) > 0)""").fetchall()[0]
        if max(by_line, by_order) > 0.5 * several:
            return bool(by_order >= by_line)
    if varied <= _STRAY * several or staged.repeats:
        return True
    raise Unanswered(Question("total_of", "total_of", ("line", "order"), {
        "column": header, "varied": int(varied), "orders": int(several)}))


def refund_is_the_orders(cursor: duckdb.DuckDBPyConnection, sql: Mapping[str, str],
                         source: str) -> bool:
    """Whether "refund" is the order's: repeated on its lines, or on the first one only."""
    return "order" in sql and not differs_by_line(cursor, sql["order"], sql["refund"], source)


def differs_by_line(cursor: duckdb.DuckDBPyConnection, order: str, money: str,
                    source: str) -> bool:
    """Whether a sum is each line's own: it isn't the same on all lines of an order.

    An empty cell says nothing, so that a sum on the first line alone is the order's.
    """
    varied, several = cursor.execute(
        f"""SELECT count(*) FILTER (d > 1), count(*) FILTER (lines > 1) FROM (
        SELECT count(DISTINCT amount) AS d, count(*) AS lines
        FROM (SELECT {order} AS o, {money} AS amount {source}) GROUP BY o
        HAVING max(amount) > 0)""").fetchall()[0]
    return bool(varied > _STRAY * several)
