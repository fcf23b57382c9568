"""From a file's column of money to the revenue it brings, step by step, exact to the last cent.

The steps are the definitions of ``rebuild.sql`` applied to this import alone, so that what is
``read`` is what the summary gains when the file is the only one in the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import duckdb

from omni_core.ingest.report import Note, Total
from omni_core.ingest.sift import OTHER_EVENT, TOTALS_ROW
from omni_core.ingest.staged import Staged

_ZERO = Decimal(0)
_BY_ORDER = """
WITH heads AS (
  SELECT order_key, arg_max(total, source_row) FILTER (total IS NOT NULL) AS total,
    arg_max(shipping, source_row) FILTER (shipping IS NOT NULL) AS shipping,
    arg_max(refund, source_row) FILTER (refund IS NOT NULL) AS refund,
    arg_max(state, source_row) FILTER (state IS NOT NULL) AS state,
    arg_max(currency, source_row) FILTER (currency IS NOT NULL) AS currency
  FROM order_rows WHERE import_id = {i} AND {mine} GROUP BY order_key),
lines AS (
  SELECT order_key, any_value(currency) AS currency,
    sum(CASE event WHEN 'purchase' THEN amount WHEN 'refund' THEN -amount END) AS net,
    sum(CASE event WHEN 'refund' THEN amount END) AS refund
  FROM events WHERE import_id = {i} AND event IN ('purchase', 'refund')
    AND order_key IS NOT NULL GROUP BY order_key),
orders AS (
  SELECT coalesce(h.currency, l.currency) AS currency,
    CASE WHEN h.state = 'refunded' AND h.refund > 0 AND h.refund < coalesce(h.total, l.net)
      THEN 'paid' ELSE coalesce(h.state, 'paid') END AS state,
    h.total, l.net, coalesce(h.total, l.net) AS base,
    CASE WHEN h.total IS NOT NULL THEN h.shipping END AS shipping,
    coalesce(h.refund, CASE WHEN h.total IS NOT NULL THEN l.refund END) AS refund
  FROM heads h FULL JOIN lines l ON h.order_key = l.order_key)
SELECT currency, count(*), sum(total), sum(net) FILTER (total IS NULL),
  -sum(base) FILTER (state = 'unpaid'), -sum(base) FILTER (state = 'cancelled'),
  -sum(base) FILTER (state = 'refunded'),
  -sum(shipping) FILTER (state = 'paid'),
  sum(CASE WHEN refund > 0 THEN greatest(base - refund - coalesce(shipping, 0),
      least(base - refund, 0)) - base + coalesce(shipping, 0) ELSE -refund END)
    FILTER (state = 'paid' AND base IS NOT NULL),
  count(*) FILTER (state = 'paid' AND base < refund)
FROM orders GROUP BY currency
UNION ALL
SELECT currency, count(*), NULL,
  sum(CASE event WHEN 'purchase' THEN amount ELSE -amount END), NULL, NULL, NULL, NULL, NULL, 0
FROM events WHERE import_id = {i} AND event IN ('purchase', 'refund') AND order_key IS NULL
GROUP BY currency
"""
_STATES = ("part_unpaid", "part_cancelled", "part_refunded", "part_shipping", "part_refunds")


def bridge(cursor: duckdb.DuckDBPyConnection, staged: Staged, value: str, column: str,
           order_level: bool, left_out: dict[str, str],
           import_id: int, each: str | None = None,
           less: Mapping[str, str] | None = None, rest: str = "part_no_sale"
           ) -> tuple[tuple[Total, ...], list[Note]]:
    """Return a total per currency, the main one first, and notes on what doesn't fit.

    ``value`` is the SQL of the column's number over ``raw``; ``left_out`` names, by code, the
    temporary tables with the rows (source_row) that were accepted at first and then left out.
    ``each`` is the SQL of the price of one piece where ``value`` is worked out from it, ``less``
    has, by code, SQL of what came off each row's value; ``rest`` is the code of what then remains.
    """
    currency = staged.sql.get("currency", "CAST(NULL AS VARCHAR)")
    spoken = currency + value
    steps: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: _ZERO))
    said = None

    def add(code: str, sign: int, where: str) -> None:
        for name, amount in cursor.execute(
                f"SELECT {currency}, sum({value}) FROM raw {staged.joined(spoken + where)} {where} "
                "GROUP BY 1").fetchall():
            steps[name][code] += sign * (amount or _ZERO)

    add("summed", 1, "")
    for verdict, name, amount in cursor.execute(
            f"SELECT raw.verdict, {currency}, sum({value}) FROM bad raw {staged.joined(spoken)} "
            "GROUP BY 1, 2").fetchall():
        amount = amount or _ZERO
        if verdict >= 0:
            steps[name]["part_rejected"] -= amount
        elif verdict == OTHER_EVENT:
            steps[name]["part_other_event"] -= amount
        else:
            steps[name]["summed"] -= amount
    # refunds that the file writes without a minus sign
    if "words_event" in staged.joins or staged.sql.get("event") == "'refund'":
        add("part_refund_rows", -2, f"WHERE {staged.sql['event']} = 'refund' AND {value} > 0 "
            "AND raw.n NOT IN (SELECT n FROM bad)")
    for code, table in left_out.items():
        add("part_" + code, -1, f"WHERE raw.n IN (SELECT source_row FROM {table})")
    kept = " UNION ALL ".join(["SELECT n FROM bad", *(
        f"SELECT source_row FROM {table}" for table in left_out.values())])
    for code, taken in (less or {}).items():
        for name, amount in cursor.execute(
                f"SELECT {currency}, -sum({taken}) FROM raw {staged.joined(spoken + taken)} "
                f"WHERE {value} > 0 AND raw.n NOT IN ({kept}) GROUP BY 1").fetchall():
            steps[name][code] += amount or _ZERO
    if staged.exclusions["totals_row"]:
        summed = sum((s["summed"] for s in steps.values()), _ZERO)
        # under unit prices no sum of money need stand; only one that is the money is taken for it
        stated = [r[0] for r in cursor.execute(
            f"""SELECT {each or value} FROM bad raw {staged.joined(each or value)}
            WHERE raw.verdict = {TOTALS_ROW} ORDER BY raw.n"""
            ).fetchall() if r[0] is not None]
        said = _own_total(stated, summed)
        said = None if each and said != summed else said
    mine = "true"
    if staged.table == "events" and left_out:
        mine = f"order_key IN (SELECT order_key FROM events WHERE import_id = {import_id:d})"
    elif left_out:
        mine = "source_row NOT IN (" + " UNION ALL ".join(
            f"SELECT source_row FROM {t}" for t in left_out.values()) + ")"
    orders: dict[str | None, int] = defaultdict(int)
    above = 0
    for name, count, total, lines, *states, more in cursor.execute(
            _BY_ORDER.format(i=f"{import_id:d}", mine=mine)).fetchall():
        orders[name] += count
        above += more
        steps[name]["reached"] += (total or _ZERO) + (lines or _ZERO)
        if order_level:
            steps[name]["part_lines"] += lines or _ZERO
        for code, amount in zip(_STATES, states, strict=True):
            steps[name][code] += amount or _ZERO
    named = [c for c in orders if c is not None]
    main = min(named, key=lambda c: (-orders[c], c), default=None)
    if main is not None and None in steps:  # money of no stated currency is the shop's
        for code, amount in steps.pop(None).items():
            steps[main][code] += amount
    totals = []
    for name in sorted(steps, key=lambda c: (c != main, -orders[c], c or "")):
        found = steps[name]
        summed, reached = found.pop("summed", _ZERO), found.pop("reached", _ZERO)
        before = summed + sum((a for c, a in found.items() if c not in _STATES), _ZERO)
        found["part_repeated" if order_level else rest] += reached - before
        parts = tuple((c, a) for c, a in found.items() if a)
        if not (summed or parts):
            continue
        totals.append(Total(column, name, said if name == main else None, summed, parts,
                            summed + sum((a for _, a in parts), _ZERO)))
    return tuple(totals), _notes(totals, above)


def with_listed(cursor: duckdb.DuckDBPyConnection, staged: Staged, totals: tuple[Total, ...],
                value: str, listed: str, column: str) -> tuple[Total, ...]:
    """Put beside each sum what price times quantity says, where they differ beyond rounding.

    ``value`` and ``listed`` are SQL over ``raw``; a cent a row is rounding.
    """
    currency = staged.sql.get("currency", "CAST(NULL AS VARCHAR)")
    # rows left out on purpose are in neither sum, as in the bridge
    gaps = {name: (gap, differ) for name, gap, differ in cursor.execute(
        f"""SELECT {currency}, sum({listed} - {value}),
          count(*) FILTER (abs({listed} - {value}) > 0.01)
        FROM raw {staged.joined(currency + value + listed)} LEFT JOIN bad ON bad.n = raw.n
        WHERE bad.verdict IS NULL OR bad.verdict >= 0 OR bad.verdict = {OTHER_EVENT}
        GROUP BY 1""").fetchall()}
    if None in gaps and len(totals) == 1 and totals[0].currency not in gaps:
        gaps[totals[0].currency] = gaps[None]
    return tuple(
        replace(t, listed=t.summed + (gaps[t.currency][0] or _ZERO), listed_as=column)
        if gaps.get(t.currency, (0, 0))[1] else t for t in totals)


def _own_total(stated: list[Decimal], summed: Decimal) -> Decimal | None:
    """Return what a file's rows of totals say of the whole: the last, or its parts together."""
    if not stated:
        return None
    last, parts = stated[-1], sum(stated[:-1], _ZERO)
    # parts of one table (a page, a shopper) each with a sum of its own, and none of them all
    return last if len(stated) == 1 or last in (summed, parts) else last + parts


def _notes(totals: list[Total], above: int) -> list[Note]:
    notes = []
    if totals and totals[0].gap:
        first = totals[0]
        notes.append(Note("total_differs", {
            "column": first.column, "said": _shown(first.said), "summed": _shown(first.summed),
            "gap": _shown(first.gap)}))
    if above:
        notes.append(Note("refund_above_order", {"orders": above}))
    if len(totals) > 1:
        notes.append(Note("sums_by_currency", {
            "sums": ", ".join(f"{t.currency} {_shown(t.read)}" for t in totals)}))
    return notes


def _shown(amount: Decimal | None) -> str:
    return f"{amount or _ZERO:,.2f}"
