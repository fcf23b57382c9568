"""Typed rows into the store, inside the caller's transaction: keys, versions, overlaps, undo.

Events are written once; a row that another import already brought goes to ``events_shadow`` and
steps in when that import is undone. Every other table keeps each import's rows as versions, and
the last one wins when the derived tables are rebuilt, so that undo is a delete.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import Note
from omni_core.ingest.staged import Staged

_DICTIONARIES = {"user": ("shopper_ids", "user_key", "user_id"),
                 "item": ("item_ids", "item_key", "item_id"),
                 "order": ("order_ids", "order_key", "order_id")}
# table: (natural key, content as column -> role); keys are columns of the *_rows table
_VERSIONED: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "orders": ("order_rows", ("order_key",), {
        "user_key": "user", "ts": "ts", "status": "status", "state": "state", "total": "total",
        "shipping": "shipping", "discount": "discount", "refund": "refund", "coupon": "coupon",
        "currency": "currency", "channel": "channel"}),
    "customers": ("customer_rows", ("user_key",), {
        "age_low": "age_low", "age_high": "age_high", "birth_date": "birth_date",
        "gender": "gender", "city": "city", "channel": "channel", "first_seen": "first_seen",
        "consent_email": "consent_email", "consent_sms": "consent_sms", "segment": "segment",
        "rating": "rating", "browsing_count": "browsing_count"}),
    "products": ("product_rows", ("item_key",), {
        "name": "item_name", "name_en": "item_name_en", "category": "category",
        "category_en": "category_en", "brand": "brand", "price": "price", "cost": "cost",
        "stock": "stock"}),
    "sends": ("send_rows", ("campaign", "user_key", "sent_at"), {
        "arm": "arm", "responded_at": "responded_at", "outcome": "outcome"}),
    "reviews": ("review_rows", ("user_key", "item_key", "ts", "text"), {"stars": "rating"}),
    "messages": ("message_rows", ("user_key", "ts", "text"), {"intent": "intent"}),
}
_KEY_ROLES = {"user_key": "user", "item_key": "item", "order_key": "order", "ts": "ts",
              "campaign": "campaign", "sent_at": "sent_at", "text": "text"}
RAW_TABLES = ("events", "events_shadow", "event_details", *(v[0] for v in _VERSIONED.values()))
_ORDER_ROLES = ("status", "total", "shipping", "discount", "refund", "coupon")
# An order line is the order, the product and its line number; anything else is who, what and when.
_DETAILED = "events LEFT JOIN event_details USING (import_id, source_row)"
_EVENT_KEY = """coalesce(order_key, -1) AS k_order, coalesce(item_key, -1) AS k_item,
  coalesce(line_id, '') AS k_line, event AS k_event,
  CASE WHEN order_key IS NULL THEN coalesce(user_key, -1) ELSE -1 END AS k_user,
  CASE WHEN order_key IS NULL THEN epoch_us(ts) ELSE -1 END AS k_ts"""
_KEY_COLUMNS = "k_order, k_item, k_line, k_event, k_user, k_ts"


@dataclass(slots=True)
class Written:
    """What was written: tables, rows accepted, rows left out by code, notes."""

    tables: tuple[str, ...]
    accepted: int
    exclusions: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def write(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
          import_id: int) -> Written:
    """Write the good rows of ``raw`` under an import's number."""
    sql, joins = dict(staged.sql), dict(staged.joins)
    for role in _DICTIONARIES:
        if role in mapping.roles:
            _keys(cursor, role)
            sql[role] = f"keys_{role}.key"
            joins[f"keys_{role}"] = (
                f"LEFT JOIN keys_{role} ON raw.{staged.ids[role]} = keys_{role}.raw")
    if staged.table == "customers" and "user" not in sql:
        _anonymous_keys(cursor, import_id)
        sql["user"] = "keys_user.key"
        joins["keys_user"] = "LEFT JOIN keys_user ON raw.n = keys_user.raw"
        staged.notes.append(Note("anonymous_people"))
    some_bad = staged.bad or staged.exclusions["totals_row"]
    good = "raw.n NOT IN (SELECT n FROM bad)" if some_bad else "true"
    source = f"FROM raw {' '.join(joins.values())} WHERE {good}"
    if staged.table == "events":
        return _write_events(cursor, staged, sql, source, import_id)
    written = _write_versions(cursor, staged.table, sql, source, import_id)
    if staged.table == "orders":
        _note_without_user(cursor, written, import_id)
    return written


def _keys(cursor: duckdb.DuckDBPyConnection, role: str) -> None:
    table, key, name = _DICTIONARIES[role]
    cursor.execute(
        f"""INSERT INTO {table} SELECT (SELECT coalesce(max({key}), 0) FROM {table})
          + row_number() OVER (ORDER BY id), id
        FROM (SELECT DISTINCT id FROM ids_{role} WHERE id IS NOT NULL) fresh
        WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.{name} = fresh.id)""")
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE keys_{role} AS
        SELECT raw, {key} AS key FROM ids_{role} JOIN {table} ON id = {name}""")


def _anonymous_keys(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE keys_user AS
        SELECT n AS raw, (SELECT coalesce(max(user_key), 0) FROM shopper_ids) + n AS key FROM raw
        WHERE n NOT IN (SELECT n FROM bad)""")
    cursor.execute(
        "INSERT INTO shopper_ids SELECT key, concat('person-', $i, '-', raw) FROM keys_user",
        {"i": str(import_id)})


def _write_events(cursor: duckdb.DuckDBPyConnection, staged: Staged, sql: dict[str, str],
                  source: str, import_id: int) -> Written:
    line_total = "total" in sql and not (
        staged.order_level.get("total") or _order_level(cursor, sql, source, "total"))
    line_refund = "refund" in sql and not _order_level(cursor, sql, source, "refund")
    quantity = f"CAST({sql['quantity']} AS DOUBLE)" if "quantity" in sql else "NULL"
    amounts = [sql[r] for r in ("amount",) if r in sql]
    if "price" in sql:
        each = f"coalesce({sql['quantity']}, 1)" if "quantity" in sql else "1"
        amounts.append(f"CAST({sql['price']} * {each} AS DECIMAL(18, 4))")
    if line_total:
        amounts.append(sql["total"])
    amount = f"coalesce({', '.join(amounts)})" if amounts else "CAST(NULL AS DECIMAL(18, 4))"
    event = sql["event"]
    back = f"{event} = 'purchase' AND (coalesce({amount}, 0) < 0 OR coalesce({quantity}, 0) < 0)"
    if not staged.refunds:
        back = "false"
    sale = f"{event} IN ('purchase', 'refund')"
    sign = "abs" if staged.refunds else ""
    cursor.execute(
        f"""INSERT INTO events SELECT {import_id:d}, raw.n, {sql['ts']}, {sql.get('user', 'NULL')},
          {sql.get('item', 'NULL')},
          CAST(CASE WHEN {back} THEN 'refund' ELSE {event} END AS event_kind),
          {sign}({quantity}), CASE WHEN {sale} THEN {sign}({amount}) END,
          {sql.get('currency', 'NULL')}, {sql.get('order', 'NULL')}, {sql.get('channel', 'NULL')}
        {source}""")
    details = [sql.get(role, "NULL") for role in ("line", "session", "query")]
    if set(details) != {"NULL"}:
        cursor.execute(
            f"INSERT INTO event_details SELECT {import_id:d}, raw.n, {', '.join(details)} {source}")
    written = Written(("events",), 0)
    mine = {"i": import_id}
    tables = ["events"]
    if "order" in sql and any(r in sql for r in _ORDER_ROLES):
        _order_headers(cursor, sql, source, import_id, line_total, line_refund)
        tables.append("orders")
        _note_changed_orders(cursor, written, import_id)
    if any(r in sql for r in ("item_name", "category", "brand")) and "item" in sql:
        _goods(cursor, sql, source, import_id)
        tables.append("products")
    _exclude_known(cursor, written, import_id, has_line="line" in sql and staged.merges_twins)
    written.accepted, refunds, nobody = cursor.execute(
        """SELECT count(*), count(*) FILTER (event = 'refund'), count(*) FILTER (user_key IS NULL)
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


def _order_level(cursor: duckdb.DuckDBPyConnection, sql: dict[str, str],
                 source: str, role: str) -> bool:
    """Whether an amount belongs to the order: repeated on its lines, or on the first one only."""
    if "order" not in sql:
        return False
    varied, several = cursor.execute(
        f"""SELECT count(*) FILTER (d > 1), count(*) FILTER (lines > 1) FROM (
        SELECT count(DISTINCT amount) AS d, count(*) AS lines
        FROM (SELECT {sql['order']} AS o, {sql[role]} AS amount {source}) GROUP BY o
        {'HAVING max(amount) > 0' if role == 'refund' else ''})"""
    ).fetchall()[0]
    return bool(varied <= 0.01 * several)


def _order_headers(cursor: duckdb.DuckDBPyConnection, sql: dict[str, str], source: str,
                   import_id: int, line_total: bool, line_refund: bool) -> None:
    """One header version per order from the order-level cells of its lines."""
    def cell(role: str, kind: str = "VARCHAR") -> str:
        return f"CAST({sql[role]} AS {kind})" if role in sql else f"CAST(NULL AS {kind})"

    money = "DECIMAL(18, 4)"
    total = f"CAST(NULL AS {money})" if line_total else cell("total", money)
    cursor.execute(
        f"""INSERT INTO order_rows
        WITH cells AS (
          SELECT raw.n, {sql['order']} AS order_key, {cell('user', 'INTEGER')} AS user_key,
            {sql['ts']} AS ts, {cell('status')} AS status, {cell('state')} AS state,
            {total} AS total, {cell('shipping', money)} AS shipping,
            {cell('discount', money)} AS discount, {cell('refund', money)} AS refund,
            {cell('coupon')} AS coupon, {cell('currency')} AS currency,
            {cell('channel')} AS channel {source}),
        lines AS (
          SELECT c.* REPLACE (coalesce(c.state, arg_min(c.state, c.n) FILTER (c.state IS NOT NULL)
              OVER (PARTITION BY c.order_key)) AS state), e.amount, e.event FROM cells c
          JOIN events e ON e.import_id = {import_id:d} AND e.source_row = c.n
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
          max(total), max(shipping), max(discount),
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


def _exclude_known(cursor: duckdb.DuckDBPyConnection, written: Written, import_id: int,
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
        WITH span AS (SELECT min(ts) AS low, max(ts) AS high FROM events WHERE import_id = $i),
        mine AS (
          SELECT *, row_number() OVER (PARTITION BY {_KEY_COLUMNS} ORDER BY source_row)
            AS occurrence
          FROM (SELECT source_row, {_EVENT_KEY} FROM {_DETAILED} WHERE import_id = $i)),
        theirs AS (
          SELECT {_KEY_COLUMNS}, count(*) AS there FROM (
            SELECT {_EVENT_KEY} FROM {_DETAILED} WHERE import_id <> $i AND CASE
              WHEN order_key IS NULL
              THEN ts BETWEEN (SELECT low FROM span) AND (SELECT high FROM span)
              ELSE order_key IN (SELECT order_key FROM events WHERE import_id = $i) END)
          GROUP BY ALL)
        SELECT source_row FROM mine JOIN theirs USING ({_KEY_COLUMNS}) WHERE occurrence <= there""",
        mine)
    _remove(cursor, written, "known", "already_in_store", import_id, shadow=True)


def _remove(cursor: duckdb.DuckDBPyConnection, written: Written, rows: str, code: str,
            import_id: int, shadow: bool) -> None:
    found = cursor.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]
    if not found:
        return
    which = f"import_id = {import_id:d} AND source_row IN (SELECT source_row FROM {rows})"
    if shadow:
        cursor.execute(f"INSERT INTO events_shadow SELECT * FROM events WHERE {which}")
    cursor.execute(f"DELETE FROM events WHERE {which}")
    written.exclusions[code] = written.exclusions.get(code, 0) + found


def _write_versions(cursor: duckdb.DuckDBPyConnection, table: str, sql: dict[str, str],
                    source: str, import_id: int) -> Written:
    rows, key, content = _VERSIONED[table]
    keys = {c: sql.get(_KEY_ROLES[c], "NULL") for c in key}
    values = {c: sql.get(role, "NULL") for c, role in content.items()}
    partition = ", ".join(keys.values())
    listed = ", ".join(("import_id", "source_row", "occurrence", *keys, *values))
    cursor.execute(
        f"""INSERT INTO {rows} ({listed}) SELECT {import_id:d}, raw.n,
        row_number() OVER (PARTITION BY {partition} ORDER BY raw.n),
        {', '.join((*keys.values(), *values.values()))} {source}""")
    total = cursor.execute(
        f"SELECT count(*) FROM {rows} WHERE import_id = $i", {"i": import_id}).fetchall()[0][0]
    given = [c for c, role in content.items() if role in sql]
    on = " AND ".join(f"n.{c} IS NOT DISTINCT FROM b.{c}" for c in (*keys, "occurrence"))
    same = " AND ".join(f"n.{c} IS NOT DISTINCT FROM b.{c}" for c in given) or "true"
    before = ", ".join(f"arg_max({c}, import_id) AS {c}" for c in given)
    grouped = ", ".join((*keys, "occurrence"))
    known, unchanged = cursor.execute(
        f"""WITH b AS (SELECT {grouped}{', ' if before else ''}{before} FROM {rows}
          WHERE import_id <> $i GROUP BY {grouped})
        SELECT count(*), count(*) FILTER (WHERE {same}) FROM {rows} n JOIN b ON {on}
        WHERE n.import_id = $i""", {"i": import_id}).fetchall()[0]
    written = Written((table,), total - unchanged)
    if unchanged:
        written.exclusions["already_in_store"] = unchanged
    if known > unchanged:
        code = "orders_updated" if table == "orders" else "rows_updated"
        written.notes.append(Note(code, {"rows": known - unchanged}))
    return written


def _note_without_user(cursor: duckdb.DuckDBPyConnection, written: Written,
                       import_id: int) -> None:
    nobody = cursor.execute(
        "SELECT count(*) FROM order_rows WHERE import_id = $i AND user_key IS NULL",
        {"i": import_id}).fetchall()[0][0]
    if nobody:
        written.notes.append(Note("rows_without_user", {"rows": nobody}))


def remove_import(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Take one import's rows out; rows of other imports that it had covered step in."""
    for table in (*RAW_TABLES, "imports", "rejects"):
        cursor.execute(f"DELETE FROM {table} WHERE import_id = $i", {"i": import_id})
    waiting = cursor.execute(
        "SELECT DISTINCT import_id FROM events_shadow ORDER BY import_id").fetchall()
    for (other,) in waiting:
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE free AS
            WITH mine AS (
              SELECT *, row_number() OVER (PARTITION BY {_KEY_COLUMNS} ORDER BY source_row)
                AS occurrence
              FROM (SELECT source_row, waits, {_EVENT_KEY} FROM (
                SELECT *, false AS waits FROM events WHERE import_id = $i
                UNION ALL SELECT *, true FROM events_shadow WHERE import_id = $i) every_row
                LEFT JOIN event_details USING (import_id, source_row))),
            theirs AS (
              SELECT {_KEY_COLUMNS}, count(*) AS there
              FROM (SELECT {_EVENT_KEY} FROM {_DETAILED} WHERE import_id <> $i) GROUP BY ALL)
            SELECT source_row FROM mine LEFT JOIN theirs USING ({_KEY_COLUMNS})
            WHERE waits AND occurrence > coalesce(there, 0)""", {"i": other})
        which = f"import_id = {other:d} AND source_row IN (SELECT source_row FROM free)"
        cursor.execute(f"INSERT INTO events SELECT * FROM events_shadow WHERE {which}")
        cursor.execute(f"DELETE FROM events_shadow WHERE {which}")
