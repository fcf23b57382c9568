"""Derived tables and rollups, each always rebuilt whole from the raw rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

import duckdb

from omni_core.store import kept, meta, touched
from omni_core.store.identity import join_people, lay_merged

DEFAULT_ZONE = "Asia/Shanghai"  # of a workspace that was never told one
_MADE_BY = "derived_by"  # a setting of the store
_REBUILD = "rebuild.sql"
# of events they read only purchases, refunds and rows of an order
_OF_SALES = frozenset({"numbered", "near_orders", "echoes", "loose_orders"})
_HEAD = re.compile(r"\s*CREATE OR REPLACE (TEMP TABLE|TABLE|VIEW) (\w+) AS\b")


def statements(text: str) -> tuple[str, ...]:
    """Return the statements of a file of SQL, each ended by ";" at a line's end."""
    bare = re.sub(r"--.*", "", text)
    return tuple(p for p in re.split(r";\s*$", bare, flags=re.MULTILINE) if p.strip())


@cache
def _statements(file: str = _REBUILD) -> tuple[str, ...]:
    return statements((files("omni_core.store") / "sql" / file).read_text(encoding="utf-8"))


@cache
def definitions(file: str = _REBUILD) -> dict[str, str]:
    """Return the query that each table or view of a file of SQL is, by name."""
    found = ((_HEAD.match(s), s) for s in _statements(file))
    return {head[2]: s[head.end():].strip() for head, s in found if head}


def definition(table: str, instead: Mapping[str, str] | None = None) -> str:
    """Return the query that a derived table or view is, so that none has to be written twice.

    ``instead``: what to read from in the place of some of its sources.
    """
    made = definitions()[table]
    for source, other in (instead or {}).items():
        assert f"FROM {source}" in made, f"{table} isn't made from {source}"
        made = made.replace(f"FROM {source}", f"FROM {other}")
    return made


@cache
def derived_tables() -> frozenset[str]:
    """Return the names of the tables that ``rebuild`` makes."""
    heads = filter(None, map(_HEAD.match, _statements()))
    return frozenset(head[2] for head in heads if head[1] == "TABLE") | {"merged_ids"}


def zone_of(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return the shop's time zone (a tz name)."""
    return meta.get(cursor, "timezone") or DEFAULT_ZONE


def rebuild(cursor: duckdb.DuckDBPyConnection, changed: Collection[str] | None = None,
            came_with: int | None = None) -> None:
    """Rebuild everything derived, inside the caller's transaction.

    ``changed``: the raw tables that rows came to or went from since all was made ("sales" beside
    "events" where they were of such); then only what is made of those. ``came_with``: the import
    that all these rows came with; what was derived before it is kept for its undo.
    """
    zone = zone_of(cursor)
    kept.drop(cursor)
    if came_with is not None:
        kept.begin(cursor, came_with)
    if changed is None:
        lay_merged(cursor)
    joined = join_people(cursor)
    todo = _statements()
    if changed is not None:
        todo = _stale(frozenset(changed) | ({"merged_ids"} if joined else set()))
    for statement in todo:
        head = _HEAD.match(statement)
        if came_with is not None and head and head[1] == "TABLE":
            kept.keep(cursor, head[2])
        values = {"zone": zone} if "$zone" in statement else {}
        cursor.execute(statement, values)
    touched.note_all(cursor)
    if changed is None:
        meta.put(cursor, _MADE_BY, fingerprint())


@cache
def _stale(changed: frozenset[str]) -> tuple[str, ...]:
    """Return the statements, in order, for all that is made of what changed, near or far."""
    reached, todo = set(changed), set()
    for name, body in definitions().items():
        read = set(re.findall(r"\w+", body))
        if name in _OF_SALES and read & {"events", "person_events"}:
            read = (read - {"events", "person_events"}) | {"sales", "merged_ids"}
        if read & reached:
            reached.add(name)
            todo.add(name)
    kinds = {head[2]: head[1] for s in _statements() if (head := _HEAD.match(s))}
    todo = {name for name in todo if kinds[name] == "TABLE"}
    # a table that is only for a moment is made wherever one is made of it
    todo |= {name for name, kind in kinds.items() if kind == "TEMP TABLE" and any(
        re.search(rf"\b{name}\b", definitions()[one]) for one in todo)}
    return tuple(s for s in _statements() if (
        head[2] if (head := _HEAD.match(s)) else s.split()[-1]) in todo)


def out_of_date(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether what is derived in the store was made by other definitions than today's."""
    return meta.get(cursor, _MADE_BY) != fingerprint()


@cache
def fingerprint() -> str:
    """Return a token of today's definitions."""
    return hashlib.sha256("".join(_statements()).encode()).hexdigest()[:16]
