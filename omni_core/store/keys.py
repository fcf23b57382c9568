"""Integer keys for ids: a dictionary table per kind, grown by each import."""

from __future__ import annotations

import duckdb

DICTIONARIES = {"user": ("shopper_ids", "user_key", "user_id"),
                 "item": ("item_ids", "item_key", "item_id"),
                 "order": ("order_ids", "order_key", "order_id")}


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
        SELECT raw, {key} AS key FROM ids_{role} JOIN {table} ON id = {name}""")


def anonymous_keys(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Make ``keys_user`` for persons that the file doesn't name: one per good row."""
    cursor.execute(
        """CREATE OR REPLACE TEMP TABLE keys_user AS
        SELECT n AS raw, (SELECT coalesce(max(user_key), 0) FROM shopper_ids) + n AS key FROM raw
        WHERE n NOT IN (SELECT n FROM bad)""")
    cursor.execute(
        "INSERT INTO shopper_ids SELECT key, concat('person-', $i, '-', raw) FROM keys_user",
        {"i": str(import_id)})

