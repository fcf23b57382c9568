"""Taking one person out of everything, for good: rows, links, addresses, lists, and the file.

What remains are codes of her ids and order numbers, so that the next export that still holds her
doesn't bring her back. Her orders go too: they would name her to whoever has the order numbers.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import duckdb

from omni_core.i18n import _, ngettext, number
from omni_core.ingest.personal import code
from omni_core.store import refresh
from omni_core.store.identity import ids_of, join_people, lay_merged
from omni_core.store.keys import USED_IN, drop_unused_keys, secret
from omni_core.store.overlaps import uncover
from omni_core.store.write import RAW_TABLES

_GONE = object()
_KEYS = {"user_key": (*USED_IN["user"], "identity_links", "contacts"),
         "order_key": USED_IN["order"]}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted: how many ids, orders and rows, and saved values that named the person."""

    ids: int
    orders: int
    rows: int
    artefacts: int

    def words(self) -> str:
        """Return what is deleted, "1 id, 3 orders and 7 rows"."""
        return _("{ids}, {orders} and {rows}").format(
            ids=ngettext("{n} id", "{n} ids", self.ids).format(n=number(self.ids)),
            orders=ngettext("{n} order", "{n} orders", self.orders).format(n=number(self.orders)),
            rows=ngettext("{n} row", "{n} rows", self.rows).format(n=number(self.rows)))


def preview(cursor: duckdb.DuckDBPyConnection, user: str) -> Forgotten:
    """Return what forgetting a person would delete. Raises ``UnknownId``."""
    keys, ids, orders = _found(cursor, user)
    which = _hers(cursor, keys, orders)
    return Forgotten(len(ids), len(orders), _rows(cursor, which), len(_artefacts(
        cursor, set(ids), _called(_words(cursor, keys, ids, _numbers(cursor, orders))))))


def forget(cursor: duckdb.DuckDBPyConnection,
           user: str) -> tuple[Forgotten, refresh.Change, list[str]]:
    """Delete a person with all her ids, in the caller's transaction; the caller refreshes.

    The words that must not be found in the file any more are returned, too.
    """
    keys, ids, orders = _found(cursor, user)
    which = _hers(cursor, keys, orders)
    change = refresh.begin(cursor)
    refresh.note_going(cursor, change, {t: which[t] for t in refresh.SOURCES if t in which})
    key = secret(cursor)
    numbers = _numbers(cursor, orders)
    words = _words(cursor, keys, ids, numbers)
    codes = [("user", code(i, key)) for i in ids] + [("order", code(n, key)) for n in numbers]
    codes += [("link", c) for (c,) in cursor.execute(
        # a phone may be a household's: it would take others along
        """SELECT DISTINCT code FROM identity_links WHERE kind IN ('email', 'id_number')
        AND user_key IN (SELECT unnest($k::INTEGER[]))""", {"k": keys}).fetchall()]
    cursor.executemany("INSERT INTO forgotten VALUES ($1, $2)", [list(c) for c in codes])
    rows = _rows(cursor, which)
    for table, test in which.items():
        cursor.execute(f"DELETE FROM {table} WHERE {test}")
    cursor.execute(
        """DELETE FROM event_details d WHERE NOT EXISTS (
        SELECT 1 FROM events e WHERE e.import_id = d.import_id AND e.source_row = d.source_row)
        AND NOT EXISTS (SELECT 1 FROM events_shadow e
          WHERE e.import_id = d.import_id AND e.source_row = d.source_row)""")
    for one in ids:
        cursor.execute(
            """DELETE FROM rejects WHERE regexp_matches(value,
            concat('(^|[^[:alnum:]])', regexp_escape($1), '($|[^[:alnum:]])'))""", [one])
    cursor.execute(
        """DELETE FROM identity_choices WHERE user_id IN (SELECT unnest($i::VARCHAR[]))
        OR other_id IN (SELECT unnest($i::VARCHAR[]))""", {"i": ids})
    saved = _artefacts(cursor, set(ids), _called(words))
    for kind, name, value in saved:
        if value is None:
            cursor.execute("DELETE FROM artefacts WHERE kind = $1 AND name = $2", [kind, name])
        else:
            cursor.execute("UPDATE artefacts SET value = $1 WHERE kind = $2 AND name = $3",
                           [json.dumps(value, ensure_ascii=False), kind, name])
    uncover(cursor, change)
    drop_unused_keys(cursor, change)
    return Forgotten(len(ids), len(orders), rows, len(saved)), change, words


def forget_again(cursor: duckdb.DuckDBPyConnection, codes: list[tuple[str, str]]) -> list[str]:
    """Delete, from a store that was just restored, whoever had been forgotten since.

    ``codes`` are the rows of ``forgotten`` of the store that it replaces, whose key it must share.
    Returns the words that must not be found in the file.
    """
    have = set(cursor.execute("SELECT kind, code FROM forgotten").fetchall())
    fresh = {c for kind, c in codes if kind == "user" and (kind, c) not in have}
    key, words = secret(cursor), list[str]()
    lay_merged(cursor)
    join_people(cursor)
    for one in [i for (i,) in cursor.execute("SELECT user_id FROM shopper_ids").fetchall()
                if fresh and code(i, key) in fresh]:
        if cursor.execute("SELECT 1 FROM shopper_ids WHERE user_id = $1", [one]).fetchall():
            words += forget(cursor, one)[2]
    have = set(cursor.execute("SELECT kind, code FROM forgotten").fetchall())
    for pair in [c for c in codes if tuple(c) not in have]:
        cursor.execute("INSERT INTO forgotten VALUES ($1, $2)", list(pair))
    return words


def _found(cursor: duckdb.DuckDBPyConnection, user: str) -> tuple[list[int], list[str], list[int]]:
    """Return the keys and ids of a person and the keys of her orders."""
    people = ids_of(cursor, user)
    keys, ids = [k for k, _ in people], [i for _, i in people]
    orders = [o for (o,) in cursor.execute(
        """SELECT DISTINCT order_key FROM (
          SELECT order_key, user_key FROM order_rows UNION ALL
          SELECT order_key, user_key FROM events UNION ALL
          SELECT order_key, user_key FROM events_shadow)
        WHERE order_key IS NOT NULL AND user_key IN (SELECT unnest($k::INTEGER[]))""",
        {"k": keys}).fetchall()]
    return keys, ids, orders


def _rows(cursor: duckdb.DuckDBPyConnection, which: dict[str, str]) -> int:
    """Return how many rows of her files are in tables, each once wherever parts of it lie."""
    (rows,) = cursor.execute("SELECT count(*) FROM (" + " UNION ".join(
        f"SELECT import_id, source_row FROM {t} WHERE {test}" for t, test in which.items()
        if t != "identity_links") + ")").fetchall()[0]  # each of those came with a row elsewhere
    return int(rows)


def _hers(cursor: duckdb.DuckDBPyConnection, keys: list[int],
          orders: list[int]) -> dict[str, str]:
    """Return the condition, by raw table, that a row is hers or of an order of hers."""
    for name, found in (("user_key", keys), ("order_key", orders)):
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE her_{name} AS "
                       f"SELECT unnest($found::INTEGER[]) AS {name}", {"found": found})
    which = {}
    for table in RAW_TABLES:
        has = [c for c, tables in _KEYS.items() if table in tables]
        if has:
            which[table] = " OR ".join(f"{c} IN (SELECT {c} FROM her_{c})" for c in has)
    return which


def _numbers(cursor: duckdb.DuckDBPyConnection, orders: list[int]) -> list[str]:
    """Return the order numbers of orders."""
    return [i for (i,) in cursor.execute(
        "SELECT order_id FROM order_ids WHERE order_key IN (SELECT unnest($o::INTEGER[]))",
        {"o": orders}).fetchall()]


def _words(cursor: duckdb.DuckDBPyConnection, keys: list[int], ids: list[str],
           numbers: list[str]) -> list[str]:
    """Return what names a person in a text: her ids, order numbers, and the addresses kept."""
    kept = [v for (v,) in cursor.execute(
        """SELECT DISTINCT value FROM contacts WHERE value IS NOT NULL
        AND user_key IN (SELECT unnest($k::INTEGER[]))""", {"k": keys}).fetchall()]
    # a number is kept with its country, and written without
    bare = [d[-11:] for v in kept if len(d := re.sub(r"\D", "", v)) > 11 and "@" not in v]
    return sorted({w for w in (*ids, *numbers, *kept, *bare) if w}, key=len, reverse=True)


def _called(words: list[str]) -> re.Pattern[str]:
    """Return what finds the words in a text."""
    return re.compile(r"(?<![0-9A-Za-z])(?:" + "|".join(map(re.escape, words))
                      + r")(?![0-9A-Za-z])", re.IGNORECASE)


def _artefacts(cursor: duckdb.DuckDBPyConnection, ids: set[str],
               called: re.Pattern[str]) -> list[tuple[str, str, Any]]:
    """Return saved values that name the person, without her."""
    found = []
    for kind, name, text in cursor.execute(
            """SELECT kind, name, value FROM artefacts WHERE contains(value, '"text"') OR EXISTS (
              SELECT 1 FROM (SELECT unnest($i::VARCHAR[]) AS id) t WHERE contains(value, t.id))""",
            {"i": sorted(ids)}).fetchall():
        before = json.loads(text)
        after = _without(before, ids, called)
        if after is _GONE or after != before:
            found.append((kind, name, None if after is _GONE else after))
    return found


def _without(value: Any, ids: set[str], called: re.Pattern[str]) -> Any:
    """Take ids out of lists, keys and rows (mappings that name one) of a saved value.

    A row with a ``text``, as somebody typed it, goes if that speaks of her.
    """
    if isinstance(value, str) and value in ids:
        return _GONE
    if isinstance(value, list):
        return [kept for v in value if (kept := _without(v, ids, called)) is not _GONE]
    if isinstance(value, dict):
        text = value.get("text")
        if any(isinstance(v, str) and v in ids for v in value.values()) or (
                isinstance(text, str) and called.search(text)):
            return _GONE
        return {k: kept for k, v in value.items()
                if k not in ids and (kept := _without(v, ids, called)) is not _GONE}
    return value
