"""Derived tables that are made when first asked for, or ahead of the questions, and then kept.

They would make every import slower. Those of a small shop are kept in memory; those of a large one,
which take seconds, in a file of their own beside the store: after a small change they are brought
up to date for the people that it touched. The file holds nothing that can't be counted anew. It is
in no backup, and goes when the store's own file is written anew, as after a customer was forgotten.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import duckdb

from omni_core.ingest.patience import Patient
from omni_core.store import files, rollups, touched
from omni_core.store.database import quoted

LARGE = 500_000  # events; below, counting is over before anybody could wonder
_MEMORY, _FILE = "on_demand", "prepared"  # databases beside the store, one for all its cursors
_PIECE = 400_000  # people; so many at once leave the engine memory enough
# what they say of a person depends on nobody else's rows
BY_PEOPLE = frozenset({"shopper_channels", "shopper_facts", "visit_facts", "journey_facts",
                       "deeds", "reading_paces", "person_categories", "used_channels"})
# how long each takes, about, of the whole
_WEIGHTS = {"visit_facts": 40, "person_facts": 12, "journey_facts": 8, "deeds": 6,
            "shopper_facts": 6, "shopper_channels": 5, "first_steps_totals": 6, "visit_totals": 5,
            "order_facts": 3}
AT_ONCE = {"pieces": 1, "piece": 0}  # what stands for pieces where all are made together
_making: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
_TRIES = 5


class _Changed(Exception):
    """Internal: the rows have changed under the count."""


def definitions() -> dict[str, str]:
    """Return the query of each table, by name."""
    return rollups.definitions("on_demand.sql")


def mentioned(sql: str) -> list[str]:
    """Return the tables that a query names, in the order of their definitions."""
    found = set(_names().findall(sql))
    return [t for t in definitions() if t in found]


@cache
def _names() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(definitions())})\b")


def ready(cursor: duckdb.DuckDBPyConnection, sql: str, but: Iterable[str] = ()) -> str:
    """Return ``sql`` with each such table that it names made, and named as it is kept.

    ``but``: tables that it defines itself.
    """
    tables = set(mentioned(sql)) - set(but)
    if not tables:
        return sql
    drawer, made = _state(cursor)
    token = touched.token(cursor)
    for table in sorted(tables):
        if made.get(table) != _wanted(cursor, table, token):
            _make(cursor, drawer, table)
        sql = re.sub(rf"\b{table}\b", f"{drawer}.{table}", sql)
    return sql


def now() -> dt.datetime:
    """Return the present moment as the store has it, in UTC without a mark."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def due(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the tables of a large shop that are still to be made; none for a small one."""
    if _rows(cursor) < LARGE:
        return ()
    _drawer, made = _state(cursor)
    token = touched.token(cursor)
    return tuple(t for t in definitions() if made.get(t) != _wanted(cursor, t, token))


def prepare(cursor: duckdb.DuckDBPyConnection, progress: Callable[[float], None]) -> None:
    """Make all tables that are due, so that no question waits for them."""
    left = due(cursor)
    whole = sum(_WEIGHTS.get(t, 1) for t in left)
    done = 0
    with Patient(cursor, lambda: progress(done / whole)) as watched:
        for table in left:
            progress(done / whole)
            ready(watched, table)
            done += _WEIGHTS.get(table, 1)
        if left:
            watched.execute(f"CHECKPOINT {_FILE}")
    progress(1.0)


def _rows(cursor: duckdb.DuckDBPyConnection, table: str = "events") -> int:
    return int(cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _state(cursor: duckdb.DuckDBPyConnection) -> tuple[str, dict[str, str]]:
    """Return the drawer of a store's tables, and which it holds, each with what it was made for."""
    drawer = _FILE if _rows(cursor) >= LARGE else _MEMORY
    asked = f"SELECT name, made_for FROM {drawer}.made"
    try:
        return drawer, dict(cursor.execute(asked).fetchall())
    except duckdb.CatalogException:
        _open(cursor, drawer)
        return drawer, dict(cursor.execute(asked).fetchall())


def _open(cursor: duckdb.DuckDBPyConnection, drawer: str) -> None:
    """Attach a drawer; a file made by other definitions, or one that can't be read, begins anew."""
    with _making[_path(cursor)]:
        if drawer == _MEMORY:
            cursor.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {drawer}")
        else:
            path = files.prepared(Path(_path(cursor)))
            path.parent.mkdir(exist_ok=True)
            attach = f"ATTACH IF NOT EXISTS '{quoted(path)}' AS {drawer}"
            try:
                cursor.execute(attach)
                if cursor.execute(f"SELECT made_for FROM {drawer}.made WHERE name = ''"
                                  ).fetchall() != [(_fingerprint(),)]:
                    raise duckdb.CatalogException("made by others")
            except duckdb.Error:
                with contextlib.suppress(duckdb.Error):
                    cursor.execute(f"DETACH {drawer}")
                files.remove(path)
                cursor.execute(attach)
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {drawer}.made (name VARCHAR, made_for VARCHAR)")
        if not cursor.execute(f"SELECT 1 FROM {drawer}.made").fetchall():
            cursor.execute(f"INSERT INTO {drawer}.made VALUES ('', $1)", [_fingerprint()])


def _path(cursor: duckdb.DuckDBPyConnection) -> str:
    return str(cursor.execute("SELECT path FROM duckdb_databases() "
                              "WHERE database_name = current_database()").fetchall()[0][0])


@cache
def _fingerprint() -> str:
    own = "".join(definitions().values())
    return rollups.fingerprint() + hashlib.sha256(own.encode()).hexdigest()[:16]


def _wanted(cursor: duckdb.DuckDBPyConnection, table: str, token: str) -> str:
    """Return what a table has to be made for: the rows and, where it asks for the day, that too."""
    if not any("$now" in definitions()[t] for t in (table, *mentioned(definitions()[table]))):
        return token
    (last,) = cursor.execute("""SELECT greatest((SELECT last_ts FROM activity_span),
        (SELECT max(ts) FROM orders))""").fetchall()[0]
    # before the data end, every day is the last one
    return f"{token} {now().date()}" if last is not None and last > now() else token


def _make(cursor: duckdb.DuckDBPyConnection, drawer: str, table: str) -> None:
    with _making[_path(cursor)]:
        for _ in range(_TRIES):
            body = ready(cursor, definitions()[table])
            cursor.execute("BEGIN")  # one moment for all that is read
            try:
                _fill(cursor, drawer, table, body)
                cursor.execute("COMMIT")
                return
            except _Changed:
                cursor.execute("ROLLBACK")
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise
        raise duckdb.CatalogException(f"{table}: the rows keep changing")


def _fill(cursor: duckdb.DuckDBPyConnection, drawer: str, table: str, body: str) -> None:
    token = touched.token(cursor)
    wanted = _wanted(cursor, table, token)
    made = dict(cursor.execute(f"SELECT name, made_for FROM {drawer}.made").fetchall())
    if made.get(table) == wanted:  # somebody else was faster
        return
    if any(made.get(t) != _wanted(cursor, t, token) for t in mentioned(definitions()[table])):
        raise _Changed
    change = touched.since(cursor, made[table]) if table in BY_PEOPLE and table in made else None
    if change is None or (change.goods and "products" in body):
        values: dict[str, object] = {"now": now(), "zone": rollups.zone_of(cursor)}
        values = {v: values[v] for v in values if f"${v}" in body}
        pieces = 1 + _rows(cursor, "shopper_ids") // _PIECE if "$pieces" in body else 1
        for piece in range(pieces):
            if "$pieces" in body:
                values |= {"pieces": pieces, "piece": piece}
            begins = f"INSERT INTO {drawer}.{table}" if piece else (
                f"CREATE OR REPLACE TABLE {drawer}.{table} AS")
            cursor.execute(f"{begins} {body}", values)
    else:
        _bring_up_to_date(cursor, f"{drawer}.{table}", body, change)
    cursor.execute(f"DELETE FROM {drawer}.made WHERE name = $1", [table])
    cursor.execute(f"INSERT INTO {drawer}.made VALUES ($1, $2)", [table, wanted])


def _bring_up_to_date(cursor: duckdb.DuckDBPyConnection, kept: str, body: str,
                      change: touched.Touched) -> None:
    """Make the rows of the people touched anew."""
    cursor.execute("CREATE OR REPLACE TEMP TABLE recounted AS "
                   "SELECT unnest($people::INTEGER[]) AS user_key", {"people": list(change.people)})
    hers = "user_key IN (SELECT user_key FROM recounted)"
    gone = " OR user_key NOT IN (SELECT user_key FROM shopper_ids)" if change.gone else ""
    cursor.execute(f"DELETE FROM {kept} WHERE {hers}{gone}")
    fewer = re.sub(r"\bFROM (activity|\w+\.shopper_channels)\b",
                   rf"FROM (SELECT * FROM \1 WHERE {hers})", body)
    cursor.execute(f"INSERT INTO {kept} {fewer}",
                   {k: v for k, v in AT_ONCE.items() if f"${k}" in fewer})
    cursor.execute("DROP TABLE recounted")
