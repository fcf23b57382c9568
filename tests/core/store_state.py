"""All that a workspace answers and holds, to compare two of them."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from omni_core import Workspace
from omni_core.store.queries import FILTERS, query_files

# what some queries need beside the filters
GIVEN = {"level": "item", "user": 1, "campaign": "spring", "control": "control",
         "yes": "yes", "as_of": dt.datetime(2026, 2, 1), "until": dt.datetime(2026, 3, 1),
         "everyone": True, "offset": 0}


def answers(ws: Workspace) -> dict[str, pd.DataFrame]:
    """Every named query's frame, sorted where the query leaves the order open; keys left out."""
    found = {}
    for name in ws.queries():
        asked = set(re.findall(r"\$([a-z_]+)", query_files()[name])) - {*FILTERS, "zone", "now"}
        given = {k: GIVEN.get(k) for k in asked}
        frame = ws.query(name, **given)
        frame = frame.drop(columns=[c for c in ("user", "item") if name in _KEYED and c in frame])
        found[name] = frame.sort_values(list(frame.columns), ignore_index=True)
    return found


_KEYED = {"interactions", "shoppers", "telling_shoppers", "shopper_history", "shopper_names",
          "catalogue"}


def everything(ws: Workspace) -> dict[str, pd.DataFrame]:
    """The rows of every table."""
    with ws._database.cursor() as cursor:
        names = [r[0] for r in cursor.execute(
            """SELECT table_name FROM duckdb_tables()
            WHERE NOT temporary AND database_name = current_database()""").fetchall()]
        return {n: cursor.execute(f"SELECT * FROM {n}").df() for n in sorted(names)}
