"""What a line's amount still holds: a discount that was not taken off, shipping that was added.

Headers don't say it, cells do: where price times quantity stands beside an amount, the rows with a
discount or shipping tell whether it is part of the sum. Source of the definitions: ``metrics.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from omni_core.ingest.report import Note
from omni_core.ingest.staged import Staged
from omni_core.store.order_money import differs_by_line

_FEW = 0.2  # other discounts than the one that is read may hide the shipping in most rows


def corrections(cursor: duckdb.DuckDBPyConnection, staged: Staged, sql: Mapping[str, str],
                source: str, amount: str) -> tuple[dict[str, str], list[Note]]:
    """Return what has to come off the sum of lines: SQL of an amount >= 0 per row, by code.

    The codes are those of the bridge: "part_line_shipping", "part_discount" (of each line), and
    "part_order_discount", which is the whole order's and repeated on its lines.
    """
    if "price" not in sql:
        return {}, []
    each = f"{sql['price']} * {sql.get('quantity', '1')}"
    off = f"abs(coalesce({sql['discount']}, 0))" if "discount" in sql else "0"
    ship = f"coalesce({sql['shipping']}, 0)" if "shipping" in sql else "0"
    rows = f"(SELECT {amount} AS a, {each} AS p, {off} AS d, {ship} AS s {source})"

    def is_(what: str) -> str:
        return f"abs(a - ({what})) < 0.01"

    shipped, inside, outside, dear = (int(n) for n in cursor.execute(
        f"""SELECT count(*) FILTER (s > 0),
          count(*) FILTER (s > 0 AND ({is_('p + s')} OR {is_('p - d + s')})),
          count(*) FILTER (s > 0 AND ({is_('p')} OR {is_('p - d')})),
          count(*) FILTER (d > 0 AND d >= p)
        FROM {rows} WHERE a > 0""").fetchall()[0])
    found: dict[str, str] = {}
    with_shipping = inside > outside and inside >= _FEW * shipped
    if with_shipping:
        found["part_line_shipping"] = ship
    if "discount" not in sql:
        return found, []
    base = "a - s" if with_shipping else "a"
    lowered, full, taken, most = cursor.execute(
        f"""SELECT count(*) FILTER (d > 0), count(*) FILTER (d > 0 AND abs({base} - p) < 0.01),
          count(*) FILTER (d > 0 AND abs({base} - (p - d)) < 0.01), max(d)
        FROM {rows} WHERE a > 0""").fetchall()[0]
    if not lowered or full <= max(taken, 0.5 * lowered):
        return found, []
    if most <= 1:  # 0.9 or 0.1 is a share of the price, not a sum
        return found, [Note("discount_rates")]
    if not staged.takes_discount:
        return found, []
    by_line = "order" not in sql or differs_by_line(cursor, sql["order"], off, source)
    if by_line and dear > 0.05 * lowered:
        return found, [Note("discount_unclear")]
    found["part_discount" if by_line else "part_order_discount"] = off
    return found, [Note("discount_taken", {"rows": lowered})]
