"""After a change of rows: what is derived made anew, for what the change touched.

``note_going`` rows before they go and ``note_come`` those that came, then ``refresh``. In a small
shop, or after a change of most rows, that is all tables made of those that the rows are in, else
only the orders, people and goods touched, by the statements of ``rebuild`` over fewer source rows;
rollups of all events are added to and taken from (sums.py). The tables end as a rebuild would make
them, to the last digit; tests compare the two after any history. What the largest imports replace
is kept for their undo (kept.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from omni_core.ingest.sql import columns
from omni_core.store import kept, sums, touched
from omni_core.store.identity import join_people
from omni_core.store.rollups import definition, rebuild, zone_of

SMALL = 50_000  # events; below, a rebuild is faster
_LARGEST_SHARE = 0.5  # of all events; above, a rebuild is as fast
SOURCES = ("events", "events_shadow", "order_rows", "customer_rows", "product_rows", "send_rows",
           "review_rows", "message_rows")
_NOBODY = -1  # stands for rows without a shopper, who are one group of the rollups
_HERS = f"coalesce(user_key, {_NOBODY}) IN (SELECT user_key FROM touched_people)"
_ITS = "order_key IN (SELECT order_key FROM touched_orders)"
_SALES = "event IN ('purchase', 'refund') OR order_key IS NOT NULL"
_PASSING = ("touched", "touched_people", "touched_orders", "touched_ids", "touched_imports",
            "changed_rows", "gone_orders", "freed", "flipped", "near_orders", "some_events",
            "ids_before", "echoes_before", "rare", *sums.TABLES)


@dataclass(slots=True)
class Change:
    """What a transaction does to the raw rows, noted as it goes along."""

    whole: bool  # so much, or of so small a shop, that each row is not noted
    noted: bool  # rows were noted in temporary tables
    tables: set[str] = field(default_factory=set)  # that rows came to or went from; "sales", too
    came: list[str] = field(default_factory=list)  # conditions of the events that came


def begin(cursor: duckdb.DuckDBPyConnection) -> Change:
    """Note nothing yet, in the caller's transaction."""
    (whole,) = cursor.execute("SELECT count(*) FROM events").fetchall()[0]
    # an archive that is just being read has nothing derived yet
    if whole < SMALL or not cursor.execute(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'item_facts'").fetchall():
        return Change(whole=True, noted=False)
    cursor.execute("""CREATE OR REPLACE TEMP TABLE touched (
      source VARCHAR, user_key INTEGER, order_key INTEGER, item_key INTEGER)""")
    cursor.execute("CREATE OR REPLACE TEMP TABLE touched_imports (import_id INTEGER)")
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE gone_orders (order_key INTEGER, import_id INTEGER)")
    sums.begin(cursor)
    return Change(whole=False, noted=True)


def of_import(import_id: int) -> dict[str, str]:
    """Return the condition, by raw table, that a row came with an import."""
    return dict.fromkeys(SOURCES, f"import_id = {import_id:d}")


def note_come(cursor: duckdb.DuckDBPyConnection, change: Change, which: Mapping[str, str]) -> None:
    """Note the rows that fulfil the condition of their raw table: they weren't there before.

    The condition of events has to hold until ``refresh``.
    """
    _note(cursor, change, which)
    if "events" in which:
        change.came.append(f"({which['events']})")


def note_going(cursor: duckdb.DuckDBPyConnection, change: Change,
               which: Mapping[str, str]) -> None:
    """Note the rows that fulfil the condition of their raw table: they are about to be deleted.

    Once in a change, before anything else: what they add up to has each shopper once then.
    """
    _note(cursor, change, which)
    if change.whole:
        return
    if "order_rows" in which:
        cursor.execute("INSERT INTO gone_orders SELECT order_key, import_id FROM order_rows "
                       f"WHERE order_key IS NOT NULL AND ({which['order_rows']})")
    if "events" in which:
        sums.note(cursor, zone_of(cursor), "-", f"SELECT * FROM events WHERE {which['events']}")


def _note(cursor: duckdb.DuckDBPyConnection, change: Change, which: Mapping[str, str]) -> None:
    asked = {t: f"{t} WHERE {test}" for t, test in which.items()}
    if "events" in which:
        asked["sales"] = f"events WHERE ({which['events']}) AND ({_SALES})"
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
        if table in ("events", "order_rows"):
            cursor.execute(f"INSERT INTO touched_imports SELECT DISTINCT import_id FROM {table} "
                           f"WHERE {which[table]}")
        # what else happened is in the sums
        only = f" AND ({_SALES})" if table == "events" else ""
        cursor.execute(f"INSERT INTO touched SELECT '{table}', {user}, {order}, {item} "
                       f"FROM {table} WHERE ({which[table]}){only}")


def refresh(cursor: duckdb.DuckDBPyConnection, change: Change,
            came_with: int | None = None) -> None:
    """Bring everything derived to what the raw rows say now, inside the caller's transaction.

    ``came_with``: the import that the rows noted came with, where no others came or went.
    """
    if change.whole:
        # in a small shop counting anew is quicker than setting tables aside
        rebuild(cursor, change.tables, came_with if change.noted else None)
    else:
        kept.drop(cursor)
        if _by_parts(cursor, change, came_with):
            touched.note(cursor, ("touched_people", "sums_now"), "product_rows" in change.tables)
        else:
            rebuild(cursor)
    for name in _PASSING if change.noted else ():
        cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _by_parts(cursor: duckdb.DuckDBPyConnection, change: Change, came_with: int | None) -> bool:
    """Refresh what was touched; false where the change reaches everything."""
    zone = zone_of(cursor)
    joined = _touched_orders(cursor)
    came = " OR ".join(change.came) or "false"
    sums.note(cursor, zone, "-", f"SELECT * FROM changed_rows WHERE NOT ({came})", _ITS, {
        "merged_ids": "ids_before", "order_rows": "(SELECT order_key, import_id FROM order_rows "
        "UNION ALL SELECT order_key, import_id FROM gone_orders) r"})
    span = "SELECT min(ts), max(ts) FROM numbered"
    before = cursor.execute(span).fetchall()
    _anew(cursor, "numbered", _ITS, {"person_orders": _ITS, "person_events": _ITS})
    _touched_people(cursor, nobody=cursor.execute(span).fetchall() != before)
    if not _orders(cursor, zone):
        return False
    for table, source in (("customers", "person_customers"), ("sends", "person_sends"),
                          ("reviews", "person_reviews"), ("messages", "person_messages")):
        if joined or f"{source.removeprefix('person_')[:-1]}_rows" in change.tables:
            _anew(cursor, table, _HERS, {source: _HERS})
    if "product_rows" in change.tables:
        goods = "item_key IN (SELECT item_key FROM touched WHERE source = 'product_rows')"
        _anew(cursor, "products", goods, {"product_rows": goods})
    all_hours = _dated(cursor, zone, came_with)
    sums.note(cursor, zone, "+", "SELECT * FROM changed_rows", _ITS)
    others = "user_key IS NULL OR user_key NOT IN (SELECT user_key FROM touched_ids)"
    if change.came:
        sums.note(cursor, zone, "+", f"SELECT * FROM events WHERE ({came}) AND order_key IS NULL "
                                     f"AND ({others})")
    _flipped(cursor, zone, f"NOT ({came}) AND ({others})")
    if joined or "customer_rows" in change.tables:
        sums.note_people(cursor, "SELECT user_key FROM touched_people")
    sums.apply(cursor, zone, all_hours)
    return True


def _orders(cursor: duckdb.DuckDBPyConnection, zone: str) -> bool:
    """Make the orders touched anew; false where what was kept apart counts now, or the reverse."""
    loose = "(SELECT * FROM events WHERE event IN ('purchase', 'refund') AND order_key IS NULL) r"
    cursor.execute("CREATE OR REPLACE TEMP TABLE some_events AS SELECT * FROM "
                   f"({definition('person_events', {'events r': loose})}) WHERE {_HERS}")
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
        return False
    _anew(cursor, "orders", f"{_ITS} OR (order_key IS NULL AND {_HERS})",
          {"numbered": _ITS, "loose_orders": _HERS}, zone=zone)
    _anew(cursor, "order_shares", _ITS, {"numbered n": _ITS})
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
        f"""INSERT INTO touched SELECT 'orders', coalesce(user_key, {_NOBODY}), order_key, NULL
        FROM orders WHERE {_ITS}""")
    # what is left of these orders and of these people counts as it does now, no longer as before
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE changed_rows AS SELECT * FROM events WHERE {_ITS}""")
    cursor.execute(
        f"""INSERT INTO changed_rows SELECT * FROM events
        WHERE user_key IN (SELECT user_key FROM touched_ids) AND NOT coalesce({_ITS}, false)""")
    return joined


def _touched_people(cursor: duckdb.DuckDBPyConnection, nobody: bool) -> None:
    """Note the people of the ids and orders touched, as they were joined before and are now."""
    cursor.execute(
        f"""INSERT INTO touched
        SELECT 'orders', coalesce(user_key, {_NOBODY}), order_key, NULL
        FROM numbered WHERE {_ITS}
        UNION ALL
        SELECT 'events', coalesce(user_key, {_NOBODY}), order_key, item_key FROM changed_rows""")
    if nobody:
        # which purchases of nobody are orders depends on the time that numbered orders cover
        cursor.execute(f"INSERT INTO touched VALUES ('orders', {_NOBODY}, NULL, NULL)")
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE touched_people AS
        WITH ids AS (
          SELECT user_key FROM touched WHERE user_key IS NOT NULL
          UNION SELECT user_key FROM touched_ids)
        SELECT user_key FROM ids
        UNION SELECT m.user_key FROM ids i JOIN merged_ids m ON m.id_key = i.user_key
        UNION SELECT m.user_key FROM ids i JOIN ids_before m ON m.id_key = i.user_key""")


def _flipped(cursor: duckdb.DuckDBPyConnection, zone: str, which: str) -> None:
    """Note the purchases of a log that stopped or began to be those of an order: 1, for nothing."""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE flipped AS
        WITH changed AS (
          SELECT import_id, source_row, known_item, 1 AS n FROM echoes_before
          UNION ALL
          SELECT import_id, source_row, known_item, -1 FROM echoes WHERE {_HERS})
        SELECT import_id, source_row, sum(CASE WHEN known_item THEN n ELSE 0 END) AS n
        FROM changed GROUP BY import_id, source_row""")
    for sign, turned in (("-", "n < 0"), ("+", "n > 0")):
        if cursor.execute(f"SELECT 1 FROM flipped WHERE {turned} LIMIT 1").fetchall():
            sums.note(cursor, zone, sign, f"""SELECT * FROM events WHERE (import_id, source_row) IN
              (SELECT import_id, source_row FROM flipped WHERE {turned}) AND {which}""",
              instead=sums.NO_ECHOES)


def _dated(cursor: duckdb.DuckDBPyConnection, zone: str, came_with: int | None) -> bool:
    """Tell anew which imports give dates only; return whether that differs for older rows."""
    dated = "SELECT import_id FROM dated_imports"
    before = set(cursor.execute(dated).fetchall())
    its = "import_id IN (SELECT import_id FROM touched_imports)"
    _anew(cursor, "dated_imports", its, {"events": its, "order_rows": its}, zone=zone)
    changed = before ^ set(cursor.execute(dated).fetchall())
    return any(number != came_with and cursor.execute(
        """SELECT 1 FROM events WHERE import_id = $1
        UNION ALL SELECT 1 FROM order_rows WHERE import_id = $1 LIMIT 1""", [number]).fetchall()
        for (number,) in changed)
