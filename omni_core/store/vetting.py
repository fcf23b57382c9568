"""Whether the rows of an archive are such as an import of ours would have written.

What comes from elsewhere could otherwise multiply people without a word, or stop a page later.
"""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import duckdb

from omni_core.store import meta
from omni_core.store.keys import DICTIONARIES, USED_IN


def flaw(cursor: duckdb.DuckDBPyConnection, next_import: int) -> str | None:
    """Return which table of a store, not yet rebuilt, can't be ours; None where all are sound."""
    if not _settings_sound(meta.everything(cursor)):
        return "meta"
    try:
        for (text,) in cursor.execute("SELECT value FROM artefacts").fetchall():
            json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return "artefacts"
    many, different, last = cursor.execute(
        """SELECT count(*), count(DISTINCT import_id), coalesce(max(import_id), 0)
        FROM imports""").fetchall()[0]
    if many != different or last >= next_import:
        return "imports"
    every = sorted({t for tables in USED_IN.values() for t in tables})
    filled = {t for t, some in cursor.execute(" UNION ALL ".join(
        f"SELECT '{t}', EXISTS (SELECT 1 FROM {t})" for t in every)).fetchall() if some}
    for role, (table, key, name) in DICTIONARIES.items():
        if not cursor.execute(
                f"""SELECT count(*) = count(DISTINCT {key}) AND count(*) = count(DISTINCT {name})
                FROM {table}""").fetchall()[0][0]:
            return table
        for rows in filter(filled.__contains__, USED_IN[role]):
            if cursor.execute(
                    f"""SELECT 1 FROM (SELECT DISTINCT {key} FROM {rows} WHERE {key} IS NOT NULL) r
                    WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.{key} = r.{key}) LIMIT 1"""
            ).fetchall():
                return rows
    for rows in sorted(filled):
        if cursor.execute(
                f"""SELECT 1 FROM (SELECT DISTINCT import_id FROM {rows}) r WHERE NOT EXISTS (
                SELECT 1 FROM imports i WHERE i.import_id = r.import_id) LIMIT 1""").fetchall():
            return rows
    return None


def _settings_sound(told: dict[str, str | None]) -> bool:
    try:
        if "timezone" in told:
            ZoneInfo(str(told["timezone"]))
        if "small_cells" in told and not 1 <= int(str(told["small_cells"])) <= 100:
            return False
        bytes.fromhex(str(told.get("key") or ""))
    except (ValueError, OSError, KeyError):  # ZoneInfo's own error is a KeyError
        return False
    return None not in told.values()
