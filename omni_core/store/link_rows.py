"""What ties a shopper's ids together, and the addresses she chose to keep, from one import."""

from __future__ import annotations

import duckdb

from omni_core.ingest import cells
from omni_core.ingest.personal import Personal, code
from omni_core.ingest.sql import as_table
from omni_core.ingest.staged import Staged


def write_links(cursor: duckdb.DuckDBPyConnection, staged: Staged, user: str, source: str,
                import_id: int) -> None:
    """Write links and contacts of the good rows; ``user`` is the SQL of the shopper's key."""
    for place in staged.personal:
        column = _column(staged, place)
        if place.ties:
            _links(cursor, staged, place, column, user, source, import_id)
        if place.fate == "keep" and place.kind != "member":
            cursor.execute(
                f"""INSERT INTO contacts SELECT {import_id:d}, min(raw.n), {user}, '{place.kind}',
                  {cells.free_text(f'CAST({column} AS VARCHAR)')} AS value {source}
                AND {user} IS NOT NULL AND ({cells.text(f'CAST({column} AS VARCHAR)')}) IS NOT NULL
                GROUP BY ALL""")


def _column(staged: Staged, place: Personal) -> str:
    return f"raw.{staged.ids['user']}" if place.names_shoppers else f"raw.c{place.index}"


def _links(cursor: duckdb.DuckDBPyConnection, staged: Staged, place: Personal, column: str,
           user: str, source: str, import_id: int) -> None:
    told = cursor.execute(
        f"""SELECT DISTINCT {column} AS cell,
          {cells.unwrapped(f'CAST({column} AS VARCHAR)')} AS plain
        FROM raw WHERE {column} IS NOT NULL""").df()
    # a masked number is not one person's
    told = told[told["plain"].notna() & ~told["plain"].astype("str").str.contains(r"[*#]")]
    if place.kind == "member":
        told["code"] = told["plain"]  # a shop's own number is an id as others are
    else:
        told["code"] = [code(v, staged.key) for v in told["plain"]]
    as_table(cursor, "codes", told[["cell", "code"]].astype({"code": "str"}))
    cursor.execute(
        f"""INSERT INTO identity_links SELECT DISTINCT {import_id:d}, {user}, '{place.kind}',
          codes.code {source.replace('WHERE', f'JOIN codes ON codes.cell = {column} WHERE', 1)}
        AND {user} IS NOT NULL""")
