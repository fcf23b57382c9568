"""The SQL of a segment: which ``user_key`` belong to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb

from omni_core.errors import BadParameter, TooFewPeople
from omni_core.segments import FIELDS, KIND, Condition, Segment
from omni_core.store import on_demand

_LISTS = {"channel", "category"}  # a person has several of these
_DEEPEST = 4  # a saved segment may name another one


@dataclass(frozen=True, slots=True)
class Members:
    """A query for the members, its parameters, and whether it asks what people are."""

    sql: str
    values: dict[str, Any]
    personal: bool


def saved(cursor: duckdb.DuckDBPyConnection, name: str) -> Segment | None:
    """Return the segment saved under a name, or None."""
    rows = cursor.execute("SELECT value FROM artefacts WHERE kind = $1 AND name = $2",
                          [KIND, name]).fetchall()
    return Segment.from_dict(json.loads(rows[0][0])) if rows else None


def members(cursor: duckdb.DuckDBPyConnection, segment: Segment) -> Members:
    """Return the query for a segment's members. Raises ``BadParameter`` for one within itself."""
    values: dict[str, Any] = {}
    sql, personal = _query(cursor, segment, values, 0)
    return Members(sql, values, personal)


def of_file(name: str) -> Members:
    """Return the query for the members of a segment that the customers' file names."""
    return Members("SELECT user_key FROM customers WHERE segment = $of_segment_0",
                   {"of_segment_0": name}, True)


def check_size(cursor: duckdb.DuckDBPyConnection, group: Members, k: int) -> None:
    """Raise ``TooFewPeople`` where a segment by what people are holds, or leaves, 1 to k - 1."""
    if k < 2 or not group.personal:
        return
    sql = on_demand.ready(cursor, (
        f"SELECT count(*) FILTER (inside), count(*) FILTER (NOT inside) FROM "
        f"(SELECT user_key IN ({group.sql}) AS inside FROM shoppers)"))
    inside, outside = cursor.execute(sql, group.values).fetchall()[0]
    if 0 < inside < k or 0 < outside < k:
        raise TooFewPeople(k=k)


def _query(
    cursor: duckdb.DuckDBPyConnection, segment: Segment, values: dict[str, Any], depth: int
) -> tuple[str, bool]:
    if depth > _DEEPEST:
        raise BadParameter("segment", "…", "a segment that doesn't name itself")
    tests, personal = [], False
    for condition in segment.conditions:
        test, is_personal = _test(cursor, condition, values, depth)
        tests.append(f"coalesce({test}, false)")
        personal |= is_personal
    met = f"({(' OR ' if segment.any else ' AND ').join(tests)})"
    return (f"SELECT user_key FROM person_facts WHERE {'NOT ' if segment.outside else ''}{met}",
            personal)


def _test(
    cursor: duckdb.DuckDBPyConnection, c: Condition, values: dict[str, Any], depth: int
) -> tuple[str, bool]:
    name = f"of_segment_{len(values)}"
    values[name] = c.value
    if c.field == "segment":
        group = saved(cursor, c.value)
        if group is None:
            inside, personal = f"SELECT user_key FROM customers WHERE segment = ${name}", True
        else:
            values.pop(name)
            inside, personal = _query(cursor, group, values, depth + 1)
        return f"user_key {'NOT ' if c.operator == 'is_not' else ''}IN ({inside})", personal
    personal = FIELDS[c.field].personal
    if c.field in _LISTS:
        test = f"list_contains({c.field}, ${name})"
        return (f"NOT {test}" if c.operator == "is_not" else test), personal
    sign = {"at_least": ">=", "at_most": "<=", "is": "=", "is_not": "<>"}[c.operator]
    return f"{c.field} {sign} ${name}", personal


