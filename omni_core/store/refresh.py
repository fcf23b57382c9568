"""After a change of rows: what is derived made anew, for what the change touched.

``note_going`` rows before they go and ``note_come`` those that came, then ``refresh``. In a small
shop, or after a large change, that is all tables made of those that the rows are in, else only the
people, orders and goods touched: the statements of ``rebuild`` over fewer source rows. Only counts
and decimal sums of products, which any change may touch, are added to and taken from. The tables
end as a rebuild would make them, to the last digit; tests compare the two after any history. What
a large import replaces is kept for its undo (kept.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from omni_core.ingest.sql import columns
from omni_core.store import kept, touched
from omni_core.store.identity import join_people
from omni_core.store.rollups import definition, rebuild, zone_of

SMALL = 50_000  # events; below, a rebuild is faster
_LARGEST_SHARE = 0.04  # of all events; above, a rebuild is as fast
SOURCES = ("events", "events_shadow", "order_rows", "customer_rows", "product_rows", "send_rows",
            "review_rows", "message_rows")
_NOBODY = -1  # stands for rows without a shopper, who are one group of the rollups
_HERS = f"coalesce(user_key, {_NOBODY}) IN (SELECT user_key FROM touched_people)"
_ITS = "order_key IN (SELECT order_key FROM touched_orders)"


@dataclass(slots=True)
class Change:
    """What a transaction does to the raw rows, noted as it goes along."""

    whole: bool  # so much, or of so small a shop, that each row is not noted
    noted: bool  # rows were noted in temporary tables
    tables: set[str] = field(default_factory=set)  # that rows came to or went from; "sales", too


def begin(cursor: duckdb.DuckDBPyConnection) -> Change:
    """Note nothing yet, in the caller's transaction."""
    (whole,) = cursor.execute("SELECT count(*) FROM events").fetchall()[0]
    # an archive that is just being read has nothing derived yet
    if whole < SMALL or not cursor.execute(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'item_facts'").fetchall():
        return Change(whole=True, noted=False)
    cursor.execute("""CREATE OR REPLACE TEMP TABLE touched (
      source VARCHAR, user_key INTEGER, order_key INTEGER, item_key INTEGER, ts TIMESTAMP)""")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE came (import_id INTEGER, source_row INTEGER)")
    cursor.execute("CREATE OR REPLACE TEMP TABLE touched_imports (import_id INTEGER)")
    cursor.execute("""CREATE OR REPLACE TEMP TABLE item_facts_change (
      item_key INTEGER, event event_kind, events BIGINT, revenue DECIMAL(38, 8))""")
    return Change(whole=False, noted=True)


def of_import(import_id: int) -> dict[str, str]:
    """Return the condition, by raw table, that a row came with an import."""
    return dict.fromkeys(SOURCES, f"import_id = {import_id:d}")


def note_come(cursor: duckdb.DuckDBPyConnection, change: Change, which: Mapping[str, str]) -> None:
    """Note the rows that fulfil the condition of their raw table: they weren't there before."""
    _note(cursor, change, which)
    if "events" in which and not change.whole:
        cursor.execute(f"INSERT INTO came SELECT DISTINCT import_id, source_row FROM events "
                       f"WHERE {which['events']}")


def note_going(cursor: duckdb.DuckDBPyConnection, change: Change,
               which: Mapping[str, str]) -> None:
    """Note the rows that fulfil the condition of their raw table: they are about to be deleted."""
    _note(cursor, change, which)
    if "events" in which and not change.whole:
        _change_items(cursor, "-", f"SELECT * FROM events WHERE {which['events']}")


def _note(cursor: duckdb.DuckDBPyConnection, change: Change, which: Mapping[str, str]) -> None:
    asked = {t: f"{t} WHERE {test}" for t, test in which.items()}
    if "events" in which:
        asked["sales"] = (f"events WHERE ({which['events']}) AND "
                          "(event IN ('purchase', 'refund') OR order_key IS NOT NULL)")
    asked["every event"] = "events"
    many: dict[str, int] = dict(cursor.execute(" UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM {rows}" for name, rows in asked.items())).fetchall())
    all_events = many.pop("every event")
    change.tables |= {t for t, n in many.items() if n}
    if any(n > SMALL and n > _LARGEST_SHARE * all_events for n in many.values()):
        change.whole = True
    if change.whole:
        return
    for table in which:
        if not many[table]:
            continue
        has = columns(cursor, table)
        user = f"coalesce(user_key, {_NOBODY})" if "user_key" in has else "NULL"
        order, item = (c if c in has else "NULL" for c in ("order_key", "item_key"))
        ts = "ts" if table in ("events", "order_rows") else "NULL"
        if ts == "ts":
            cursor.execute(f"INSERT INTO touched_imports SELECT DISTINCT import_id FROM {table} "
                           f"WHERE {which[table]}")
        cursor.execute(
            f"INSERT INTO touched SELECT '{table}', {user}, {order}, {item}, {ts} FROM {table} "
            f"WHERE {which[table]}")


def refresh(cursor: duckdb.DuckDBPyConnection, change: Change,
            came_with: int | None = None) -> None:
    """Bring everything derived to what the raw rows say now, inside the caller's transaction.

    ``came_with``: the import that the rows noted came with, where no others came or went.
    """
    if not change.whole:
        whole, changed = cursor.execute(
            "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM touched)").fetchall()[0]
        change.whole = changed > _LARGEST_SHARE * whole
    if change.whole:
        # in a small shop counting anew is quicker than setting tables aside
        rebuild(cursor, change.tables, came_with if change.noted else None)
    else:
        kept.drop(cursor)
        if _by_parts(cursor, change):
            touched.note(cursor, goods="product_rows" in change.tables)
        else:
            rebuild(cursor)
    for name in ("touched", "touched_people", "touched_orders", "touched_ids", "touched_imports",
                 "came", "flipped", "near_orders", "some_events", "some_activity", "ids_before",
                 "echoes_before", "item_facts_change", "rare") if change.noted else ():
        cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _by_parts(cursor: duckdb.DuckDBPyConnection, change: Change) -> bool:
    """Refresh what was touched; false where the change reaches everything."""
    zone = zone_of(cursor)
    joined = _touched_orders(cursor)
    span = "SELECT min(ts), max(ts) FROM numbered"
    before = cursor.execute(span).fetchall()
    _change_items(cursor, "-", f"SELECT * FROM events WHERE {_ITS}",
                  "(import_id, source_row) NOT IN (SELECT import_id, source_row FROM came)")
    _anew(cursor, "numbered", _ITS, {"person_orders": _ITS, "person_events": _ITS})
    _touched_people(cursor, nobody=cursor.execute(span).fetchall() != before)
    cursor.execute(  # quantities are in no derived table
        "CREATE OR REPLACE TEMP TABLE some_events AS "
        f"SELECT * REPLACE (CAST(NULL AS DOUBLE) AS quantity) FROM person_events WHERE {_HERS}")
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE echoes_before AS SELECT * FROM echoes WHERE {_HERS}")
    near = definition("near_orders", {"person_events": "some_events"})
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE near_orders AS {near}")
    _anew(cursor, "echoes", _HERS, {})
    _anew(cursor, "loose_orders", _HERS, {}, {"person_events": "some_events"})
    usual = "SELECT * FROM usual_currency"
    before = cursor.execute(usual).fetchall()
    _anew(cursor, "usual_currency", "true", {})
    if cursor.execute(usual).fetchall() != before:
        return False  # what was kept apart counts now, and the other way round
    _anew(cursor, "orders", f"{_ITS} OR (order_key IS NULL AND {_HERS})",
          {"numbered": _ITS, "loose_orders": _HERS}, zone=zone)
    _anew(cursor, "order_shares", _ITS, {"numbered n": _ITS})
    for table, source in (("customers", "person_customers"), ("sends", "person_sends"),
                          ("reviews", "person_reviews"), ("messages", "person_messages")):
        if joined or f"{source.removeprefix('person_')[:-1]}_rows" in change.tables:
            _anew(cursor, table, _HERS, {source: _HERS})
    if "product_rows" in change.tables:
        goods = "item_key IN (SELECT item_key FROM touched WHERE source = 'product_rows')"
        _anew(cursor, "products", goods, {"product_rows": goods})
    hers = definition("activity", {"person_events e": "some_events e"})
    cursor.execute("CREATE OR REPLACE TEMP TABLE some_activity AS "
                   f"SELECT ts, user_key, event, channel FROM ({hers}) WHERE {_HERS}")
    for table in ("shopper_sums", "shopper_channels"):
        _anew(cursor, table, _HERS, {}, {"activity": "some_activity"})
    _change_items(cursor, "+", "SELECT * FROM some_events",
                  f"{_ITS} OR (order_key IS NULL AND (import_id, source_row) IN "
                  "(SELECT import_id, source_row FROM came))")
    _flipped(cursor)
    _add_items(cursor)
    _hours(cursor, zone)
    return True


def _anew(cursor: duckdb.DuckDBPyConnection, table: str, which: str, fewer: dict[str, str],
          instead: dict[str, str] | None = None, zone: str | None = None) -> None:
    """Make some rows of a derived table anew: ``which`` of its rows, from ``fewer`` source rows."""
    parts = dict(instead or {})
    for source, condition in fewer.items():
        name, _, alias = source.partition(" ")
        parts[source] = f"(SELECT * FROM {name} WHERE {condition}) {alias or name}"
    made = definition(table, parts)
    cursor.execute(f"DELETE FROM {table} WHERE {which}")
    values = {"zone": zone} if "$zone" in made else {}
    cursor.execute(f"INSERT INTO {table} {made}", values)


def _touched_orders(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Join people anew; note the orders touched, who had them, and when they were.

    Returns whether other ids than before are one person.
    """
    cursor.execute("CREATE OR REPLACE TEMP TABLE ids_before AS SELECT * FROM merged_ids")
    joined = join_people(cursor)
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE touched_ids AS
        WITH changed AS (
          (SELECT id_key, user_key FROM merged_ids EXCEPT SELECT id_key, user_key FROM ids_before)
          UNION ALL
          (SELECT id_key, user_key FROM ids_before EXCEPT SELECT id_key, user_key FROM merged_ids))
        SELECT id_key AS user_key FROM changed UNION SELECT user_key FROM changed""")
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE touched_orders AS
        SELECT order_key FROM touched WHERE order_key IS NOT NULL
        UNION SELECT order_key FROM events WHERE order_key IS NOT NULL
          AND user_key IN (SELECT user_key FROM touched_ids)
        UNION SELECT order_key FROM order_rows WHERE order_key IS NOT NULL
          AND user_key IN (SELECT user_key FROM touched_ids)""")
    cursor.execute(
        f"""INSERT INTO touched SELECT 'orders', coalesce(user_key, {_NOBODY}), order_key, NULL, ts
        FROM orders WHERE {_ITS}""")
    return joined


def _touched_people(cursor: duckdb.DuckDBPyConnection, nobody: bool) -> None:
    """Note the people of the ids and orders touched, as they were joined before and are now."""
    cursor.execute(
        f"""INSERT INTO touched
        SELECT 'orders', coalesce(user_key, {_NOBODY}), order_key, NULL, ts
        FROM numbered WHERE {_ITS}
        UNION ALL
        SELECT 'events', coalesce(user_key, {_NOBODY}), order_key, item_key, ts
        FROM events WHERE {_ITS}""")
    if nobody:
        # which purchases of nobody are orders depends on the time that numbered orders cover
        cursor.execute(f"INSERT INTO touched VALUES ('orders', {_NOBODY}, NULL, NULL, NULL)")
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE touched_people AS
        WITH ids AS (
          SELECT user_key FROM touched WHERE user_key IS NOT NULL
          UNION SELECT user_key FROM touched_ids)
        SELECT user_key FROM ids
        UNION SELECT m.user_key FROM ids i JOIN merged_ids m ON m.id_key = i.user_key
        UNION SELECT m.user_key FROM ids i JOIN ids_before m ON m.id_key = i.user_key""")


def _change_items(cursor: duckdb.DuckDBPyConnection, sign: str, rows: str,
                  which: str = "true") -> None:
    """Note what some rows of events add to their products, as orders and echoes stand now."""
    of_rows = definition("activity", {"person_events e": f"({rows}) e"})
    parts = definition("item_parts", {"activity a": f"({of_rows}) a"})
    cursor.execute(
        f"""INSERT INTO item_facts_change SELECT item_key, event, {sign}count(*), {sign}sum(revenue)
        FROM ({parts}) WHERE {which} GROUP BY item_key, event""")


def _flipped(cursor: duckdb.DuckDBPyConnection) -> None:
    """Note the purchases of a log that stopped or began to be those of an order: 1, for nothing."""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE flipped AS
        WITH changed AS (
          SELECT import_id, source_row, known_item, 1 AS n FROM echoes_before
          UNION ALL
          SELECT import_id, source_row, known_item, -1 FROM echoes WHERE {_HERS}),
        summed AS (
          SELECT import_id, source_row, sum(CASE WHEN known_item THEN n ELSE 0 END) AS n
          FROM changed GROUP BY import_id, source_row)
        SELECT e.import_id, e.source_row, e.item_key, e.ts, s.n FROM summed s JOIN events e
          ON e.import_id = s.import_id AND e.source_row = s.source_row WHERE s.n <> 0""")
    cursor.execute(
        """INSERT INTO item_facts_change SELECT item_key, 'purchase', sum(n), 0 FROM flipped
        WHERE item_key IS NOT NULL
          AND (import_id, source_row) NOT IN (SELECT import_id, source_row FROM came)
        GROUP BY item_key""")


def _add_items(cursor: duckdb.DuckDBPyConnection) -> None:
    """Add what was noted to ``item_facts``; rows that come to no event go."""
    its = "item_key IN (SELECT item_key FROM item_facts_change)"
    cursor.execute(f"INSERT INTO item_facts_change BY NAME SELECT * FROM item_facts WHERE {its}")
    cursor.execute(f"DELETE FROM item_facts WHERE {its}")
    cursor.execute(
        """INSERT INTO item_facts SELECT item_key, event, sum(events), sum(revenue)
        FROM item_facts_change GROUP BY item_key, event HAVING sum(events) <> 0""")


def _dated(cursor: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Tell anew which imports give dates only; the hours of those that differ change throughout."""
    dated = "SELECT import_id FROM dated_imports"
    before = set(cursor.execute(dated).fetchall())
    its = "import_id IN (SELECT import_id FROM touched_imports)"
    _anew(cursor, "dated_imports", its, {"events": its, "order_rows": its}, zone=zone)
    for (changed,) in before ^ set(cursor.execute(dated).fetchall()):
        cursor.execute(
            """INSERT INTO touched SELECT 'events', NULL, NULL, NULL, ts FROM (
              SELECT ts FROM events WHERE import_id = $1
              UNION ALL SELECT ts FROM order_rows WHERE import_id = $1)""", [changed])


def _hours(cursor: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Make the hours anew from the first to the last day on which something was touched."""
    cursor.execute("INSERT INTO touched SELECT 'events', NULL, NULL, NULL, ts FROM flipped")
    _dated(cursor, zone)
    low, high = cursor.execute(
        """SELECT date_trunc('day', timezone($zone, timezone('UTC', min(ts)))),
          date_trunc('day', timezone($zone, timezone('UTC', max(ts)))) + INTERVAL 1 DAY
        FROM touched""", {"zone": zone}).fetchall()[0]
    if low is None:
        return
    local = f"local_hour >= TIMESTAMP '{low}' AND local_hour < TIMESTAMP '{high}'"
    cursor.execute(f"DELETE FROM hour_facts WHERE {local}")
    # a day more on both sides, so that no zone's offset cuts an hour off
    near = (f"ts >= TIMESTAMP '{low}' - INTERVAL 1 DAY - INTERVAL 15 HOUR "
            f"AND ts < TIMESTAMP '{high}' + INTERVAL 1 DAY + INTERVAL 15 HOUR")
    made = definition("hour_facts", {"activity": f"(SELECT * FROM activity WHERE {near})"})
    cursor.execute(f"INSERT INTO hour_facts SELECT * FROM ({made}) WHERE {local}", {"zone": zone})
