"""What was decided about a file's form, kept for the next file with the same header."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from omni_core.columns import ROLES, normalise_header

_KIND = "mapping"
_FORM = frozenset({"table", "date_order", "decimal_mark", "unit", "sheet"})


def fingerprint(headers: Sequence[str]) -> str:
    """Return a name for a header: the same for the same columns in the same order."""
    text = "\x1f".join(normalise_header(h) for h in headers)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def recall(cursor: duckdb.DuckDBPyConnection, headers: Sequence[str],
           answers: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of such a file before, without what is answered anew."""
    if answers.get("remembered") == "off":
        return {}
    rows = cursor.execute("SELECT value FROM artefacts WHERE kind = $1 AND name = $2",
                          [_KIND, fingerprint(headers)]).fetchall()
    told: dict[str, str] = json.loads(rows[0][0]) if rows else {}
    if "table" in answers:
        return {}  # other columns matter to another kind of table
    return {k: v for k, v in told.items()
            if k not in answers and (k not in ROLES or not v or v in headers)}


def remember(cursor: duckdb.DuckDBPyConnection, headers: Sequence[str],
             answers: Mapping[str, Any]) -> None:
    """Keep the answers that are about the file's form."""
    kept = {k: v for k, v in answers.items()
            if k in ROLES or k in _FORM or k.startswith(("event:", "step:", "personal"))}
    name = fingerprint(headers)
    cursor.execute("DELETE FROM artefacts WHERE kind = $1 AND name = $2", [_KIND, name])
    if kept:
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        cursor.execute("INSERT INTO artefacts VALUES ($1, $2, $3, $4)",
                       [_KIND, name, json.dumps(kept, ensure_ascii=False), now])
