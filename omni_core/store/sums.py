"""The rollups after a change of rows: what went is taken from them, what came is added.

Counts and decimal sums are exact, so they end as a rebuild would make them. ``note`` is told what
leaves the activity while all that it depends on is as before, and what joins it once that is anew;
``apply`` then brings the rollups up to date.
"""

from __future__ import annotations

import duckdb

from omni_core.store.rollups import definition

TABLES = ("item_change", "hour_change", "sums_change", "sums_now")
_NOBODY = -1  # stands for rows without a shopper
NO_ECHOES = {"echoes x": "(SELECT * FROM echoes WHERE false) x"}
_COUNTS = ("events", "views", "carts", "purchases")


def begin(cursor: duckdb.DuckDBPyConnection) -> None:
    """Lay the tables of what changes."""
    cursor.execute("""CREATE OR REPLACE TEMP TABLE item_change (
      item_key INTEGER, event event_kind, events BIGINT, revenue DECIMAL(38, 8))""")
    cursor.execute("""CREATE OR REPLACE TEMP TABLE hour_change (
      local_hour TIMESTAMP, event event_kind, channel VARCHAR, timed BOOLEAN, events BIGINT)""")
    cursor.execute(f"""CREATE OR REPLACE TEMP TABLE sums_change (
      user_key INTEGER, {', '.join(f'{c} INTEGER' for c in _COUNTS)}, first BOOLEAN)""")


def note(cursor: duckdb.DuckDBPyConnection, zone: str, sign: str, rows: str = "", orders: str = "",
         instead: dict[str, str] | None = None) -> None:
    """Note that the activity of some rows goes ("-") or comes ("+"), as all else stands now.

    ``rows``: a query of rows of ``events``; ``orders``: the condition of orders without lines.
    ``instead``: what to read from in the place of "merged_ids", "echoes x" or "order_rows".
    """
    other = dict(instead or {})
    if not cursor.execute("SELECT 1 FROM echoes WHERE known_item LIMIT 1").fetchall():
        other |= NO_ECHOES  # the engine needn't look for any
    people = definition("person_events", {"events r": f"({rows}) r"})
    people = people.replace("JOIN merged_ids m", f"JOIN {other.get('merged_ids', 'merged_ids')} m")
    seen = definition("seen_events", {"person_events e": f"({people}) e"} | {
        k: v for k, v in other.items() if k == "echoes x"})
    unlined = f"SELECT * FROM ({definition('unlined_orders')}) WHERE {orders}"
    activity = " UNION ALL ".join(
        part for part, asked in ((seen, rows), (unlined, orders)) if asked)
    if rows:
        cursor.execute(
            f"""INSERT INTO item_change SELECT item_key, event, {sign}count(*), 0 FROM ({seen})
            WHERE item_key IS NOT NULL GROUP BY item_key, event""")
        sold = f"(SELECT * FROM ({seen}) WHERE event IN ('purchase', 'refund')) a"  # few have sums
        cursor.execute(
            f"""INSERT INTO item_change SELECT item_key, event, 0, {sign}sum(revenue)
            FROM ({definition("item_parts", {"activity a": sold})}) GROUP BY item_key, event""")
    hours = definition("hour_facts", {"activity": f"({activity})"} | {
        k: v for k, v in other.items() if k == "order_rows"})
    cursor.execute(f"INSERT INTO hour_change SELECT * REPLACE ({sign}events AS events) "
                   f"FROM ({hours})", {"zone": zone})
    counts = definition("shopper_counts", {"activity": f"({activity})"})
    cursor.execute(
        f"""INSERT INTO sums_change SELECT coalesce(user_key, {_NOBODY}),
          {', '.join(sign + c for c in _COUNTS)}, NOT EXISTS (SELECT 1 FROM sums_change)
        FROM ({counts})""")


def note_people(cursor: duckdb.DuckDBPyConnection, people: str) -> None:
    """Note people (a query of keys) of whom something else than their activity has changed."""
    cursor.execute(f"INSERT INTO sums_change SELECT user_key, {', '.join('0' for _ in _COUNTS)}, "
                   f"false FROM ({people})")


def apply(cursor: duckdb.DuckDBPyConnection, zone: str, all_hours: bool) -> None:
    """Bring the rollups up to date; ``all_hours``: count every hour anew."""
    _add(cursor, "item_facts", "item_change", "item_key IN (SELECT item_key FROM item_change)",
         "item_key, event", ", sum(revenue)")
    if all_hours:
        cursor.execute("DELETE FROM hour_facts")
        cursor.execute(f"INSERT INTO hour_facts {definition('hour_facts')}", {"zone": zone})
    else:
        _add(cursor, "hour_facts", "hour_change",
             "local_hour IN (SELECT local_hour FROM hour_change) OR local_hour IS NULL",
             "local_hour, event, channel, timed")
    _shoppers(cursor)
    _span(cursor)


def _add(cursor: duckdb.DuckDBPyConnection, rollup: str, change: str, its: str, keys: str,
         more: str = "") -> None:
    """Add what was noted to a rollup of counts; rows that come to no event go."""
    cursor.execute(f"INSERT INTO {change} BY NAME SELECT * FROM {rollup} WHERE {its}")
    cursor.execute(f"DELETE FROM {rollup} WHERE {its}")
    cursor.execute(f"INSERT INTO {rollup} SELECT {keys}, sum(events){more} FROM {change} "
                   f"GROUP BY {keys} HAVING sum(events) <> 0")


def _shoppers(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE sums_now AS
        WITH again AS (SELECT DISTINCT user_key FROM sums_change WHERE NOT first),
        d AS (
          -- what was noted first is the most, and has each shopper once
          SELECT * FROM sums_change WHERE first AND user_key NOT IN (SELECT user_key FROM again)
          UNION ALL BY NAME
          SELECT user_key, {', '.join(f'CAST(sum({c}) AS INTEGER) AS {c}' for c in _COUNTS)}
          FROM sums_change WHERE user_key IN (SELECT user_key FROM again) GROUP BY user_key)
        SELECT d.user_key, {', '.join(f'd.{c} + coalesce(s.{c}, 0) AS {c}' for c in _COUNTS)}
        FROM d LEFT JOIN shopper_sums s ON coalesce(s.user_key, {_NOBODY}) = d.user_key""")
    given = ", ".join(_COUNTS)
    now = f"SELECT nullif(user_key, {_NOBODY}) AS user_key, {given} FROM sums_now WHERE events <> 0"
    theirs = f"coalesce(user_key, {_NOBODY}) IN (SELECT user_key FROM sums_now)"
    many, of = cursor.execute("""SELECT (SELECT count(*) FROM sums_now),
      (SELECT count(*) FROM shopper_sums)""").fetchall()[0]
    anew = many > of / 4  # then all are written, which is faster than to delete those
    if anew:
        now += f" UNION ALL SELECT user_key, {given} FROM shopper_sums WHERE NOT ({theirs})"
    else:
        cursor.execute(f"DELETE FROM shopper_sums WHERE {theirs}")
    made = definition("shopper_sums", {"shopper_counts f": f"({now}) f"})
    cursor.execute(("CREATE OR REPLACE TABLE shopper_sums AS " if anew
                    else "INSERT INTO shopper_sums ") + made)


def _span(cursor: duckdb.DuckDBPyConnection) -> None:
    """Find the first and the last moment near the first and the last hour that rows are of."""
    low, high = cursor.execute(
        "SELECT min(local_hour), max(local_hour) FROM hour_facts").fetchall()[0]
    near = "SELECT ts FROM activity WHERE ts"
    if low is not None:  # in figures, so that the engine passes over all between; zones differ
        near = (f"{near} <= TIMESTAMP '{low}' + INTERVAL 16 HOUR "
                f"UNION ALL {near} >= TIMESTAMP '{high}' - INTERVAL 16 HOUR")
    cursor.execute("DELETE FROM activity_span")
    cursor.execute(
        f"INSERT INTO activity_span {definition('activity_span', {'activity': f'({near})'})}")
