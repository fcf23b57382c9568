"""Named queries: one SQL file each, the same filters for all, small frames back.

A query that speaks of shoppers' activity starts from the table expression ``shopper_facts`` of
its file; with a period the same columns are summed from the rows instead of the rollup, so both
ways answer alike and each definition stands in one place.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd

from omni_core.errors import BadParameter, UnknownName
from omni_core.small_cells import suppress
from omni_core.store import meta
from omni_core.store.rollups import definition

FILTERS = ("start", "end", "channel", "segment")
# The rows that a period, a channel and a segment leave; rollups are then built from them.
_FILTERED = """filtered AS (
  SELECT * FROM activity
  WHERE ($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end)
    AND ($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL
      OR user_key IN (SELECT user_key FROM customers WHERE segment = $segment)))"""
_SMALL_CELLS = re.compile(r"^-- small cells: ([\w ,]+?)(?: within (\w+))?$", re.MULTILINE)
# Which filters each rollup can still answer itself.
_ROLLUP_FILTERS: dict[str, set[str]] = {
    "shopper_facts": {"channel", "segment"}, "item_facts": set(), "hour_facts": {"channel"}}


@cache
def query_files() -> dict[str, str]:
    """Return the SQL of every named query, by name."""
    found: dict[str, str] = {}
    root = files("omni_core.store") / "sql"
    for subject in sorted(root.iterdir(), key=lambda p: p.name):
        if subject.is_dir():
            for path in sorted(subject.iterdir(), key=lambda p: p.name):
                if path.name.endswith(".sql"):
                    found[path.name[:-4]] = path.read_text(encoding="utf-8")
    return found


def fewest(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return the fewest people that a count by what they are may show."""
    return int(meta.get(cursor, "small_cells") or 1)


def run(cursor: duckdb.DuckDBPyConnection, name: str, zone: str, k: int,
        **given: Any) -> pd.DataFrame:
    """Run a named query. ``start`` is inclusive, ``end`` exclusive, both in the shop's zone.

    A query that breaks people down by what they are says so in a line ``-- small cells: COUNT,
    DERIVED ... [within GROUP]``; counts of fewer than ``k`` people come back empty.
    Raises ``UnknownName`` for the query or a parameter, ``BadParameter`` for a value.
    """
    known = query_files()
    if name not in known:
        raise UnknownName("query", name, known)
    sql = re.sub(r"--[^\n]*", "", known[name])
    filters = {f: given.pop(f, None) for f in FILTERS}
    filters["start"] = _utc("start", filters["start"], zone)
    filters["end"] = _utc("end", filters["end"], zone)
    asked = {f for f, v in filters.items() if v is not None}
    stale = [table for table, answers in _ROLLUP_FILTERS.items()
             if re.search(rf"\b{table}\b", sql) and asked - answers]
    if stale:
        parts = [_FILTERED] + [
            f"{table} AS (\n{definition(table).replace('FROM activity', 'FROM filtered')})"
            for table in stale]
        body = re.sub(r"^\s*WITH\s", ",\n", sql, count=1)
        sql = "WITH " + ",\n".join(parts) + (body if body != sql else "\n" + sql)
    values = {**filters, "zone": zone, **given}
    wanted = set(re.findall(r"\$([a-z_]+)", sql))
    for parameter in given:
        if parameter not in wanted:
            raise UnknownName("parameter", parameter, wanted | set(FILTERS))
    for parameter in wanted:
        if parameter not in values:
            raise BadParameter(parameter, None, "a value")
    kinds = {"start": "TIMESTAMP", "end": "TIMESTAMP", "channel": "VARCHAR", "segment": "VARCHAR"}
    for parameter, kind in kinds.items():
        # an untyped NULL can't be compared with a time
        sql = re.sub(rf"\${parameter}\b", f"CAST(${parameter} AS {kind})", sql)
    frame = cursor.execute(sql, {v: values[v] for v in wanted}).df()
    people = _SMALL_CELLS.search(known[name])
    if people is None:
        return frame
    counts, *derived = re.split(r"[ ,]+", people[1].strip())
    return suppress(frame, k, counts, derived, people[2])


def _utc(name: str, value: Any, zone: str) -> dt.datetime | None:
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time())
    except (TypeError, ValueError):
        raise BadParameter(name, value, "a date or a time, such as 2026-01-31") from None
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)
