"""Rows of ``events``, with the headers of their orders and the names of their products."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from omni_core.ingest.report import Note
from omni_core.ingest.staged import Staged
from omni_core.store.line_money import corrections
from omni_core.store.order_money import refund_is_the_orders, total_is_the_orders
from omni_core.store.overlaps import exclude_known
from omni_core.store.written import Written

_ORDER_ROLES = ("state", "total", "shipping", "discount", "refund", "coupon")


def write_events(cursor: duckdb.DuckDBPyConnection, staged: Staged, sql: dict[str, str],
                 source: str, exploded: str, import_id: int,
                 headers: Mapping[str, str]) -> Written:
    """Write the good rows; ``exploded`` has a row per product of a packed record.

    ``source`` has one per record. Both are the FROM clause over ``raw`` with its joins.
    ``headers`` names the columns by role.
    """
    line_total = "total" in sql and not total_is_the_orders(
        cursor, staged, sql, source, headers.get("total", ""))
    line_refund = "refund" in sql and not refund_is_the_orders(cursor, sql, source)
    quantity = f"CAST({sql['quantity']} AS DOUBLE)" if "quantity" in sql else "NULL"
    # what was paid for a line beats its listed price
    roles = [r for r in ("amount", *(["total"] if line_total else [])) if r in sql]
    amounts = [sql[r] for r in roles]
    if "price" in sql:
        each = f"coalesce({sql['quantity']}, 1)" if "quantity" in sql else "1"
        amounts.append(f"CAST({sql['price']} * {each} AS DECIMAL(18, 4))")
    if staged.packed and "total" in sql:
        amounts.append(sql["total"])  # its products get their parts of the order
    amount = f"coalesce({', '.join(amounts)})" if amounts else "CAST(NULL AS DECIMAL(18, 4))"
    written = Written(("events",), 0)
    headed = "order" in sql and any(r in sql for r in _ORDER_ROLES)
    written.order_level = "total" in sql and headed and not line_total
    if written.order_level:
        written.money, written.money_roles = sql["total"], ("total",)
    elif amounts:
        written.money = amount
        priced = tuple(r for r in ("price", "quantity") if r in sql)
        written.money_roles = tuple(roles[:1]) or (priced if "price" in sql else ("total",))
        if roles and len(priced) == 2:
            written.listed, written.listed_roles = amounts[-1], priced
    if amounts and not written.order_level:
        off, notes = corrections(cursor, staged, sql, source, amount)
        written.notes += notes
        written.order_discount = off.pop("part_order_discount", None)
        written.less = off
        if off:
            amount = (f"CASE WHEN {amount} > 0 THEN {amount} - {' - '.join(off.values())} "
                      f"ELSE {amount} END")
    if staged.packed:
        quantity = f"CASE WHEN packs.n IS NULL THEN {quantity} ELSE packs.quantity END"
        amount = (f"CASE WHEN packs.n IS NULL THEN {amount} ELSE CAST(round({amount} * packs.high, "
                  f"4) - round({amount} * packs.low, 4) AS DECIMAL(18, 4)) END")
    event = sql["event"]
    if "words_event" in staged.joins:  # the kind of each word once, not of each row
        cursor.execute("CREATE OR REPLACE TEMP TABLE words_event AS SELECT * REPLACE "
                       "(CAST(meaning AS event_kind) AS meaning) FROM words_event")
    back = f"{event} = 'purchase' AND (coalesce({amount}, 0) < 0 OR coalesce({quantity}, 0) < 0)"
    if not staged.refunds:
        back = "false"
    sale = f"{event} IN ('purchase', 'refund')"
    sign = "abs" if staged.refunds else ""
    cursor.execute(
        f"""INSERT INTO events SELECT {import_id:d}, raw.n, {sql['ts']}, {sql.get('user', 'NULL')},
          {sql.get('item', 'NULL')},
          CASE WHEN {back} THEN CAST('refund' AS event_kind) ELSE CAST({event} AS event_kind) END,
          {sign}({quantity}), CASE WHEN {sale} THEN {sign}({amount}) END,
          {sql.get('currency', 'NULL')}, {sql.get('order', 'NULL')}, {sql.get('channel', 'NULL')}
        {exploded}""")
    details = [sql.get(role, "NULL") for role in ("line", "session", "query")]
    if set(details) != {"NULL"}:
        cursor.execute(
            f"INSERT INTO event_details SELECT {import_id:d}, raw.n, {', '.join(details)} {source}")
    mine = {"i": import_id}
    tables = ["events"]
    if headed:
        _order_headers(cursor, sql, source, import_id, line_total, line_refund, staged.packed,
                       written.order_discount)
        tables.append("orders")
        _note_changed_orders(cursor, written, import_id)
    if any(r in sql for r in ("item_name", "category", "brand")) and "item" in sql:
        goods = dict(sql)
        if staged.packed and "item_name" in sql:
            goods["item_name"] = f"coalesce(packs.name, {sql['item_name']})"
        _goods(cursor, goods, exploded, import_id)
        tables.append("products")
    exclude_known(cursor, written, import_id, has_line="line" in sql and staged.merges_twins)
    row = "DISTINCT source_row" if staged.packed else "*"
    written.accepted, refunds, nobody = cursor.execute(
        f"""SELECT count({row}), count({row}) FILTER (event = 'refund'),
          count({row}) FILTER (user_key IS NULL)
        FROM events WHERE import_id = $i""", mine).fetchall()[0]
    if refunds and staged.every_purchase:
        written.notes.append(Note("refund_rows", {"rows": refunds}))
    if nobody:
        written.notes.append(Note("rows_without_user", {"rows": nobody}))
    currencies = cursor.execute(
        """SELECT currency FROM events WHERE currency IS NOT NULL GROUP BY currency
        ORDER BY count(*) DESC, currency LIMIT 5""").fetchall()
    if len(currencies) > 1:
        names = [c[0] for c in currencies]
        written.notes.append(
            Note("several_currencies", {"currencies": ", ".join(names), "main": names[0]}))
    written.tables = tuple(tables)
    return written


def _order_headers(cursor: duckdb.DuckDBPyConnection, sql: dict[str, str], source: str,
                   import_id: int, line_total: bool, line_refund: bool, packed: bool,
                   still_in: str | None) -> None:
    """One header version per order from the order-level cells of its lines.

    ``still_in`` is the SQL of a discount of the whole order that its lines' sums still hold.
    """
    def cell(role: str, kind: str = "VARCHAR") -> str:
        return f"CAST({sql[role]} AS {kind})" if role in sql else f"CAST(NULL AS {kind})"

    money = "DECIMAL(18, 4)"
    total = f"CAST(NULL AS {money})" if line_total else cell("total", money)
    rows, whole = "events", "max(total)"
    if still_in:  # shipping stands beside such sums, not in them
        whole = "CASE WHEN max(off) > 0 THEN sum(amount) FILTER (event = 'purchase') - max(off) END"
        sql = {role: told for role, told in sql.items() if role != "shipping"}
    if packed:
        rows = """(SELECT import_id, source_row, any_value(event) AS event, sum(amount) AS amount
          FROM events GROUP BY import_id, source_row)"""
    cursor.execute(
        f"""INSERT INTO order_rows
        WITH cells AS (
          SELECT raw.n, {sql['order']} AS order_key, {cell('user', 'INTEGER')} AS user_key,
            {sql['ts']} AS ts, {cell('status')} AS status, {cell('state')} AS state,
            {total} AS total, {cell('shipping', money)} AS shipping,
            {cell('discount', money)} AS discount,
            {still_in or 'NULL'} AS off, {cell('refund', money)} AS refund,
            {cell('coupon')} AS coupon, {cell('currency')} AS currency,
            {cell('channel')} AS channel {source}),
        lines AS (
          SELECT c.* REPLACE (coalesce(c.state, arg_min(c.state, c.n) FILTER (c.state IS NOT NULL)
              OVER (PARTITION BY c.order_key)) AS state), e.amount, e.event FROM cells c
          JOIN {rows} e ON e.import_id = {import_id:d} AND e.source_row = c.n
          WHERE c.order_key IS NOT NULL AND e.event IN ('purchase', 'refund')),
        states AS (
          SELECT order_key,
            count(DISTINCT coalesce(state, 'paid')) FILTER (event = 'purchase') AS kinds
          FROM lines GROUP BY order_key)
        SELECT {import_id:d}, min(n), 1, l.order_key, any_value(user_key), min(ts),
          -- the state of the goods decides; a refunded line among kept ones lowers the order only
          coalesce(arg_min(status, n) FILTER (event = 'purchase'), arg_min(status, n)),
          CASE WHEN any_value(s.kinds) > 1 THEN 'paid'
            ELSE arg_min(state, n) FILTER (event = 'purchase') END,
          {whole}, max(shipping), max(discount),
          coalesce({'sum' if line_refund else 'max'}(refund), CASE WHEN any_value(s.kinds) > 1 THEN
            sum(amount) FILTER (event = 'purchase' AND coalesce(state, 'paid') <> 'paid') END),
          any_value(coupon), any_value(currency), any_value(channel)
        FROM lines l JOIN states s ON s.order_key = l.order_key GROUP BY l.order_key""")


def _note_changed_orders(cursor: duckdb.DuckDBPyConnection, written: Written,
                         import_id: int) -> None:
    changed = cursor.execute(
        # the words of a status differ between exports of one order; its state tells a change
        """WITH before AS (
          SELECT order_key, arg_max(state, import_id) AS state,
            arg_max(coalesce(refund, 0), import_id) AS refund
          FROM order_rows WHERE import_id <> $i GROUP BY order_key)
        SELECT count(*) FROM order_rows n JOIN before b ON b.order_key = n.order_key
        WHERE n.import_id = $i AND (b.state <> n.state OR b.refund <> n.refund)""",
        {"i": import_id}).fetchall()[0][0]
    if changed:
        written.notes.append(Note("orders_updated", {"rows": changed}))


def _goods(cursor: duckdb.DuckDBPyConnection, sql: dict[str, str], source: str,
           import_id: int) -> None:
    name, category, brand = (
        f"any_value({sql[role]})" if role in sql else "NULL"
        for role in ("item_name", "category", "brand"))
    cursor.execute(
        f"""INSERT INTO product_rows
          (import_id, source_row, occurrence, item_key, name, category, brand)
        SELECT {import_id:d}, min(raw.n), 1, {sql['item']}, {name}, {category}, {brand}
        {source} AND {sql['item']} IS NOT NULL
        GROUP BY {sql['item']}""")
