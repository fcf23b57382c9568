"""No byte of what was deleted stays in a store's file: it is written anew, and looked through.

The engine fills the few bytes between two columns of a block with what its memory held before,
which may be a forgotten customer's short id. A file written after the store was opened anew comes
from memory that never held her; so while one of her words is found, it is written once more.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from omni_core.store import meta
from omni_core.store.database import Database

_TO_DO = "to_wipe"
_SHORTEST = 4  # bytes; what is shorter is found in any file, by chance
_MOST_TURNS = 5


def leave_to_do(cursor: duckdb.DuckDBPyConnection, what: str) -> None:
    """Note, with the deletion itself, that the "file" or the "backups" too still hold the rows."""
    if to_do(cursor) != "backups":
        meta.put(cursor, _TO_DO, what)


def to_do(cursor: duckdb.DuckDBPyConnection) -> str | None:
    """Return what is still to be wiped: "file", "backups" (and the file), or None."""
    return meta.get(cursor, _TO_DO)


def is_done(cursor: duckdb.DuckDBPyConnection) -> None:
    """Note that nothing is left to wipe."""
    cursor.execute("DELETE FROM meta WHERE name = $1", [_TO_DO])


def write_anew(database: Database, words: Collection[str] = ()) -> None:
    """Write the store's file anew until none of the words stands in it.

    A word that stays as often as it was is a part of somebody else's, as "anna" of "hannah".
    """
    database.compact()
    before, found = -1, found_in(database.path, words)
    for _ in range(_MOST_TURNS - 1):
        if found in (0, before):
            return
        database.compact()
        before, found = found, found_in(database.path, words)


def found_in(path: Path, words: Collection[str]) -> int:
    """Return how often words of four bytes or more stand in a file."""
    known = sorted({w for word in words if len(w := word.encode()) >= _SHORTEST})
    if not known or not path.stat().st_size:
        return 0
    with path.open("rb") as stream, mmap.mmap(
            stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return sum(1 for _ in re.finditer(b"|".join(map(re.escape, known)), content))
