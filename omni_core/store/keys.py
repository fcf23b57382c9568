"""Integer keys for ids: a dictionary table per kind, grown by each import."""

from __future__ import annotations

import secrets

import duckdb

from omni_core.store import meta, refresh

DICTIONARIES = {"user": ("shopper_ids", "user_key", "user_id"),
                 "item": ("item_ids", "item_key", "item_id"),
                 "order": ("order_ids", "order_key", "order_id")}
# where a key's events are counted, and what goes from there; other rows that such a count is of
_COUNTED = {"user": ("shopper_sums", "sums_change", "('events', 'order_rows')"),
            "item": ("item_facts", "item_change", "('events')")}
USED_IN = {
    "user": ("events", "events_shadow", "order_rows", "customer_rows", "send_rows", "review_rows",
             "message_rows"),
    "item": ("events", "events_shadow", "product_rows", "review_rows"),
    "order": ("events", "events_shadow", "order_rows"),
}


def make_keys(cursor: duckdb.DuckDBPyConnection, role: str) -> None:
    """Make ``keys_<role>`` (raw, key) of ``ids_<role>``; new ids get the next numbers."""
    table, key, name = DICTIONARIES[role]
    cursor.execute(
        f"""INSERT INTO {table} SELECT (SELECT coalesce(max({key}), 0) FROM {table})
          + row_number() OVER (ORDER BY id), id
        FROM (SELECT DISTINCT id FROM ids_{role} WHERE id IS NOT NULL) fresh
        WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.{name} = fresh.id)""")
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE keys_{role} AS
        SELECT raw, {key} AS key FROM ids_{role} LEFT JOIN {table} ON id = {name}
        WHERE id IS NOT NULL""")  # each has one; an inner join would look for a filter first


def all_have_one(cursor: duckdb.DuckDBPyConnection, role: str, column: str) -> bool:
    """Whether each row that goes on has an id in a column of numbers.

    An inner join does then: the engine looks numbers up in an array, in a sixth of the time that a
    left join takes.
    """
    rows, with_id, bad = cursor.execute(
        f"""SELECT (SELECT count(*) FROM raw),
          (SELECT sum(rows) FROM ids_{role} WHERE id IS NOT NULL),
          (SELECT count(*) FROM bad WHERE {column} IS NULL
            OR {column} IN (SELECT raw FROM ids_{role} WHERE id IS NULL))""").fetchall()[0]
    return bool(rows - (with_id or 0) == bad)


def leave_out_bad(cursor: duckdb.DuckDBPyConnection, role: str, column: str) -> None:
    """Take ids out of ``ids_<role>`` that only rows have which don't go on."""
    cursor.execute(
        f"""DELETE FROM ids_{role} WHERE raw IN (
        SELECT i.raw FROM ids_{role} i JOIN (
          SELECT {column} AS raw, count(*) AS rows FROM bad GROUP BY {column}) b ON b.raw = i.raw
        WHERE b.rows >= i.rows)""")


def anonymous_keys(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Make ``keys_user`` for persons that the file doesn't name: one per good row."""
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE keys_user AS
        SELECT n AS raw, (SELECT coalesce(max(user_key), 0) FROM shopper_ids) + n AS key FROM raw
        WHERE n NOT IN (SELECT n FROM bad)""")
    cursor.execute(
        "INSERT INTO shopper_ids SELECT key, concat('person-', $i, '-', raw) FROM keys_user",
        {"i": str(import_id)})


def drop_unused_keys(cursor: duckdb.DuckDBPyConnection, change: refresh.Change) -> None:
    """Forget the touched ids (see refresh.py) that no row has any more, as if they never came."""
    for role, (table, key, _) in DICTIONARIES.items():
        touched = change.tables & set(USED_IN[role])
        if role == "order" and "sales" not in change.tables:
            touched -= {"events"}
        if not touched:
            continue
        some = "true" if change.whole else f"{key} IN (SELECT {key} FROM {_rare(cursor, role)})"
        used = " UNION ALL ".join(
            f"SELECT DISTINCT {key} FROM {name} WHERE {key} IS NOT NULL AND {some}"
            for name in USED_IN[role])
        cursor.execute(f"DELETE FROM {table} WHERE {some} AND {key} NOT IN ({used})")


def _rare(cursor: duckdb.DuckDBPyConnection, role: str) -> str:
    """Return a table of the touched keys that may be without rows now.

    Of whom more events were counted than rows were touched (the rollups are still those from
    before) has some left: to look for them in all rows would take longer than all the rest.
    Sales are noted in both places; whoever counts as rare for that is only looked for in vain.
    """
    if role not in _COUNTED:
        return "touched"
    key, (rollup, change, sources) = DICTIONARIES[role][1], _COUNTED[role]
    less = f"SELECT {key}, -events AS rows FROM {change} WHERE events < 0"
    if role == "item":  # several kinds of event each
        less = f"SELECT {key}, sum(rows) AS rows FROM ({less}) GROUP BY {key}"
        rollup = f"(SELECT {key}, sum(events) AS events FROM {rollup} GROUP BY {key})"
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE rare AS
        WITH t AS (
          SELECT {key}, count(*) FILTER (source IN {sources}) AS rows FROM touched
          WHERE {key} IS NOT NULL GROUP BY {key}),
        less AS ({less})
        SELECT coalesce(t.{key}, l.{key}) AS {key} FROM t FULL JOIN less l ON l.{key} = t.{key}
        LEFT JOIN {rollup} c ON c.{key} = coalesce(t.{key}, l.{key})
        WHERE coalesce(c.events, 0) <= coalesce(t.rows, 0) + coalesce(l.rows, 0)""")
    if role == "user" and cursor.execute("SELECT 1 FROM merged_ids LIMIT 1").fetchall():
        # those of several ids are counted together
        cursor.execute(
            f"""INSERT INTO rare SELECT unnest([m.id_key, m.user_key]) FROM merged_ids m
            WHERE m.user_key IN (SELECT user_key FROM {change})
              OR m.user_key IN (SELECT user_key FROM touched)
              OR m.id_key IN (SELECT user_key FROM touched)""")
    return "rare"


def secret(cursor: duckdb.DuckDBPyConnection) -> bytes:
    """Return the workspace's key for codes of addresses, made once, in the caller's transaction."""
    known = meta.get(cursor, "key")
    if known is not None:
        return bytes.fromhex(known)
    fresh = secrets.token_bytes(32)
    meta.put(cursor, "key", fresh.hex())
    return fresh
