"""Typed rows into the store, inside the caller's transaction: keys, versions, overlaps, undo.

Events are written once; a row that another import already brought goes to ``events_shadow`` and
steps in when that import is undone. Every other table keeps each import's rows as versions, and
the last one wins when the derived tables are rebuilt, so that undo is a delete.
"""

from __future__ import annotations

import duckdb

from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import Note
from omni_core.ingest.staged import Staged
from omni_core.store import kept, refresh
from omni_core.store.event_rows import write_events
from omni_core.store.keys import (
    DICTIONARIES,
    USED_IN,
    all_have_one,
    anonymous_keys,
    drop_unused_keys,
    leave_out_bad,
    make_keys,
)
from omni_core.store.link_rows import write_links
from omni_core.store.overlaps import uncover
from omni_core.store.written import Written

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
RAW_TABLES = ("events", "events_shadow", "event_details", *(v[0] for v in _VERSIONED.values()),
              "identity_links", "contacts")


def write(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
          import_id: int) -> Written:
    """Write the good rows of ``raw`` under an import's number."""
    sql, joins = dict(staged.sql), dict(staged.joins)
    for role in DICTIONARIES:
        if role in mapping.roles:
            kind = "INNER" if staged.ids[role][0] == "t" and not staged.packed and (
                all_have_one(cursor, role, staged.ids[role])) else "LEFT"
            if staged.some_bad:
                leave_out_bad(cursor, role, staged.ids[role])
            make_keys(cursor, role)
            sql[role] = f"keys_{role}.key"
            joins[f"keys_{role}"] = (
                f"{kind} JOIN keys_{role} ON raw.{staged.ids[role]} = keys_{role}.raw")
    if staged.table == "customers" and "user" not in sql:
        anonymous_keys(cursor, import_id)
        sql["user"] = "keys_user.key"
        joins["keys_user"] = "LEFT JOIN keys_user ON raw.n = keys_user.raw"
        staged.notes.append(Note("anonymous_people"))
    good = "raw.n NOT IN (SELECT n FROM bad)" if staged.some_bad else "true"
    source = f"FROM raw {' '.join(joins.values())} WHERE {good}"
    if "user" in sql and staged.personal:
        write_links(cursor, staged, sql["user"], source, import_id)
    if staged.table == "events":
        exploded = source
        if staged.packed:
            # the pieces must stand before the keys that are looked up for them
            joins = {"packs": "LEFT JOIN packs ON raw.n = packs.n", **joins}
            joins["keys_item"] = ("LEFT JOIN keys_item ON "
                                  f"coalesce(packs.item, raw.{staged.ids['item']}) = keys_item.raw")
            exploded = f"FROM raw {' '.join(joins.values())} WHERE {good}"
        headers = {guess.role: guess.column for guess in mapping.guesses}
        return write_events(cursor, staged, sql, source, exploded, import_id, headers)
    written = _write_versions(cursor, staged.table, sql, source, import_id)
    if staged.table == "orders":
        _note_without_user(cursor, written, import_id)
    return written


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
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE known AS
        WITH b AS (SELECT {grouped}{', ' if before else ''}{before} FROM {rows}
          WHERE import_id <> $i GROUP BY {grouped})
        SELECT n.source_row, {same} AS same FROM {rows} n JOIN b ON {on}
        WHERE n.import_id = $i""", {"i": import_id})
    known, unchanged = cursor.execute(
        "SELECT count(*), count(*) FILTER (WHERE same) FROM known").fetchall()[0]
    written = Written((table,), total - unchanged)
    if table == "orders" and "total" in sql:
        written.money, written.money_roles, written.order_level = sql["total"], ("total",), True
    if unchanged:
        cursor.execute("DELETE FROM known WHERE NOT same")
        written.exclusions["already_in_store"] = unchanged
        written.left_out["already_in_store"] = "known"
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
    """Take one import's rows out; rows of other imports that it had covered step in.

    What is derived is refreshed too.
    """
    if kept.is_before(cursor, import_id):
        _delete(cursor, import_id)  # no row of another import waits behind these
        _drop_last_keys(cursor)
        kept.put_back(cursor)
        return
    change = refresh.begin(cursor)
    refresh.note_going(cursor, change, refresh.of_import(import_id))
    _delete(cursor, import_id)
    uncover(cursor, change)
    drop_unused_keys(cursor, change)
    refresh.refresh(cursor, change)


def _delete(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    for table in (*RAW_TABLES, "imports", "rejects"):
        cursor.execute(f"DELETE FROM {table} WHERE import_id = $i", {"i": import_id})


def _drop_last_keys(cursor: duckdb.DuckDBPyConnection) -> None:
    """Forget the ids that the last import brought: their numbers are above all that rows have."""
    for role, (table, key, _) in DICTIONARIES.items():
        used = " UNION ALL ".join(f"SELECT max({key}) AS last FROM {t}" for t in USED_IN[role])
        (last,) = cursor.execute(f"SELECT coalesce(max(last), 0) FROM ({used})").fetchall()[0]
        cursor.execute(f"DELETE FROM {table} WHERE {key} > {last:d}")
