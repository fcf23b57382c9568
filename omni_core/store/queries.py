"""Named queries: one SQL file each, the same filters for all, small frames back.

A query that speaks of shoppers' activity starts from a rollup. Where a filter asks for what that
doesn't tell apart, the same columns are summed from the next finer rollup or from the rows, by the
rollup's own definition: both ways answer alike and each definition stands in one place.

Each file writes its filters in the same words. So ``channel = $channel`` can be turned round (every
other channel), and the words for a segment's members can stand for those of a saved one.
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
from omni_core.i18n import N_
from omni_core.segments import Rest, Segment
from omni_core.small_cells import suppress
from omni_core.store import meta, on_demand, segments
from omni_core.store.rollups import definition

FILTERS = ("start", "end", "channel", "segment")
_MEMBERS = "SELECT user_key FROM customers WHERE segment = $segment"
# whom a channel and a segment leave
_SHOPPERS = f"""($channel IS NULL OR channel = $channel)
    AND ($segment IS NULL OR user_key IN ({_MEMBERS}))"""
# The rows that a period, a channel and a segment leave; rollups are then built from them.
_WITHIN = f"($start IS NULL OR ts >= $start) AND ($end IS NULL OR ts < $end) AND {_SHOPPERS}"
_FILTERED = f"filtered AS (SELECT * FROM activity WHERE {_WITHIN})"
_SMALL_CELLS = re.compile(r"^-- small cells: ([\w ,]+?)(?: within (\w+))?$", re.MULTILINE)
# whole local days and a channel leave rows of this rollup whole
_OF_HOURS = """hour_facts AS (
  SELECT * FROM main.hour_facts
  WHERE ($start IS NULL OR local_hour >= timezone($zone, timezone('UTC', $start)))
    AND ($end IS NULL OR local_hour < timezone($zone, timezone('UTC', $end)))
    AND ($channel IS NULL OR channel = $channel))"""
# The filters that a query itself puts on each rollup; for any other it is made of the rows left.
# "rest" is every channel but one.
_ROLLUPS: dict[str, frozenset[str]] = {
    "shopper_sums": frozenset({"segment"}),
    "activity_span": frozenset(),
    "shopper_channels": frozenset({"channel", "rest", "segment"}),
    "shopper_facts": frozenset({"channel", "rest", "segment"}),
    "item_facts": frozenset(),
    "hour_facts": frozenset(),
    "journey_facts": frozenset({"segment"}),
    "rfm_facts": frozenset({"start", "channel", "segment"}),
}
# Sums of other tables that are made on demand: with filters, of the rows that those leave there.
_TOTALS = {"visit_totals": "visit_facts", "visit_views_totals": "visit_facts",
           "visit_days": "visit_facts", "first_steps_totals": "visit_facts",
           "cart_totals": "cart_facts", "order_weeks": "order_facts", "taste_totals": "activity"}


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

    ``segment`` is the name of a saved segment or of one in the customers' file, or a ``Segment``;
    ``channel`` a name or ``Rest`` of one. A query that breaks people down by what they are says so
    in a line ``-- small cells: COUNT, DERIVED ... [within GROUP]``; counts of fewer than ``k``
    people come back empty.
    Raises ``UnknownName`` for the query or a parameter, ``BadParameter`` for a value and
    ``TooFewPeople`` for a segment by what people are that fewer than ``k`` belong to.
    """
    try:
        return _run(cursor, name, zone, k, dict(given))
    except duckdb.CatalogException:  # the store has changed under the question: ask it again
        return _run(cursor, name, zone, k, dict(given))


def _run(cursor: duckdb.DuckDBPyConnection, name: str, zone: str, k: int,
         given: dict[str, Any]) -> pd.DataFrame:
    known = query_files()
    if name not in known:
        raise UnknownName(N_("query"), name, known)
    sql = re.sub(r"--[^\n]*", "", known[name])
    filters = {f: given.pop(f, None) for f in FILTERS}
    filters["start"] = _utc("start", filters["start"], zone)
    filters["end"] = _utc("end", filters["end"], zone)
    group = _group(cursor, filters["segment"])
    if group is not None:
        segments.check_size(cursor, group, k)
        filters["segment"] = ""
    elif filters["segment"] is not None:
        segments.check_size(cursor, segments.of_file(filters["segment"]), k)
    turned = isinstance(filters["channel"], Rest)
    if turned:
        filters["channel"] = filters["channel"].channel
    asked = {f for f, v in filters.items() if v is not None} | ({"rest"} if turned else set())
    parts = _instead(sql, asked, _whole_days(filters, zone))
    if parts:
        body = re.sub(r"^\s*WITH\s", ",\n", sql, count=1)
        sql = "WITH " + ",\n".join(parts.values()) + (body if body != sql else "\n" + sql)
    if turned:
        sql = re.sub(r"=\s*\$channel\b", "IS DISTINCT FROM $channel", sql)
    # a table that is as of a moment is as of the end of the period, where one is asked for
    ends = filters["end"] - dt.timedelta(microseconds=1) if filters["end"] else on_demand.now()
    values = {**filters, **on_demand.AT_ONCE, "zone": zone, "now": ends, **given}
    if group is not None:
        sql = sql.replace(_MEMBERS, group.sql)
        values |= group.values
    sql = on_demand.ready(cursor, sql, but=parts)
    wanted = set(re.findall(r"\$([a-z_0-9]+)", sql))
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


def _instead(sql: str, asked: set[str], whole_days: bool) -> dict[str, str]:
    """Return the table expressions that stand for rollups which can't answer what is asked."""
    parts: dict[str, str] = {}
    for table, itself in _ROLLUPS.items():
        if not asked - itself or not re.search(rf"\b{table}\b", sql):
            continue
        if table == "hour_facts" and whole_days and "segment" not in asked:
            parts[table] = _OF_HOURS
            continue
        made = _made_of(table)
        for view in ("item_parts", "shopper_counts"):
            made = made.replace(f"FROM {view}", f"FROM ({definition(view)})")
        made = made.replace("FROM activity", "FROM filtered")
        parts[table] = f"{table} AS (\n{made})"
    if parts:
        parts = {"filtered": _FILTERED, **parts}
    for table, source in _TOTALS.items() if asked else ():
        if re.search(rf"\b{table}\b", sql):
            made = _made_of(table).replace(
                f"FROM {source}", f"FROM (SELECT * FROM {source} WHERE {_WITHIN})")
            parts[table] = f"{table} AS (\n{made})"
    return parts


def _whole_days(filters: dict[str, Any], zone: str) -> bool:
    """Whether the period, if there is one, begins and ends at midnight in the shop's zone."""
    return all(
        moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).time() == dt.time()
        for moment in (filters["start"], filters["end"]) if moment is not None)


def _made_of(table: str) -> str:
    made = on_demand.definitions()
    return made[table] if table in made else definition(table)


def _group(cursor: duckdb.DuckDBPyConnection, segment: Any) -> segments.Members | None:
    """The members of a segment by conditions; None for no segment, or one that a file names."""
    found = segments.saved(cursor, segment) if isinstance(segment, str) else segment
    if found is None:
        return None
    if not isinstance(found, Segment):
        raise BadParameter("segment", segment, "a name or a Segment")
    return segments.members(cursor, found)


def _utc(name: str, value: Any, zone: str) -> dt.datetime | None:
    if value is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time())
    except (TypeError, ValueError):
        raise BadParameter(name, value, N_("a date or a time, such as 2026-01-31")) from None
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(dt.UTC).replace(tzinfo=None)
