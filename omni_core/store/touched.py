"""Whose rows have changed since something was counted: a token of the rows, and the people between.

A saved segment changes the store's revision but no row, so what is counted of rows goes by this
token instead. After a small change the people that it touched are noted with it, so that what says
something of each person can be brought up to date for those few.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from omni_core.store import meta

_TOKEN, _LINKS = "rows", "rows_touched"  # settings of the store
_MOST = 100_000  # people noted; what touches more is counted anew


@dataclass(frozen=True, slots=True)
class Touched:
    """The people whose rows changed (keys); whether products did, and whether people are gone."""

    people: frozenset[int]
    goods: bool
    gone: bool


def token(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return the token of the rows as they stand."""
    return meta.get(cursor, _TOKEN) or ""


def note_all(cursor: duckdb.DuckDBPyConnection) -> None:
    """Note, in the caller's transaction, that anybody's rows may have changed."""
    meta.put(cursor, _TOKEN, uuid.uuid4().hex)
    meta.put(cursor, _LINKS, "[]")


def note(cursor: duckdb.DuckDBPyConnection, tables: Sequence[str], goods: bool) -> None:
    """Note the people of some tables, in the caller's transaction.

    Keys of people who are gone are not written down: nothing of a forgotten customer stays.
    """
    rows = [int(cursor.execute(f"SELECT count(*) FROM {t}").fetchall()[0][0]) for t in tables]
    if max(rows) > _MOST:
        note_all(cursor)
        return
    all_of = " UNION ".join(f"SELECT user_key FROM {t}" for t in tables)
    many, people = cursor.execute(
        f"""SELECT count(*), list(t.user_key) FILTER (s.user_key IS NOT NULL)
        FROM ({all_of}) t LEFT JOIN shopper_ids s ON s.user_key = t.user_key
        WHERE t.user_key >= 0""").fetchall()[0]
    people = people or []
    links = json.loads(meta.get(cursor, _LINKS) or "[]")
    links.append({"from": token(cursor), "goods": goods, "gone": len(people) < many,
                  "people": people})
    while links and sum(len(link["people"]) for link in links) > _MOST:
        links.pop(0)
    meta.put(cursor, _TOKEN, uuid.uuid4().hex)
    meta.put(cursor, _LINKS, json.dumps(links, separators=(",", ":")))


def since(cursor: duckdb.DuckDBPyConnection, before: str) -> Touched | None:
    """Return who was touched since a token; None where that can't be told."""
    links = json.loads(meta.get(cursor, _LINKS) or "[]")
    place = next((n for n, link in enumerate(links) if link["from"] == before), None)
    if place is None:
        return None
    links = links[place:]
    return Touched(frozenset(p for link in links for p in link["people"]),
                   any(link["goods"] for link in links), any(link["gone"] for link in links))
