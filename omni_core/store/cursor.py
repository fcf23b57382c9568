"""A cursor that reads the words of a statement once: small statements cost mostly that."""

from __future__ import annotations

from typing import Any, cast

import duckdb

_MOST = 2000  # statements kept; those that hold a number of an import come once each
_read: dict[str, duckdb.Statement] = {}


class Cursor:
    """Passes everything to the engine's cursor; ``execute`` knows statements it had before."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def execute(self, sql: Any, *values: Any) -> Any:
        """Run a statement as the engine's cursor does."""
        statement = _read.get(sql)
        if statement is None:
            found = self._cursor.extract_statements(sql)
            if len(found) != 1:
                return self._cursor.execute(sql, *values)
            if len(_read) >= _MOST:
                _read.clear()
            statement = _read[sql] = found[0]
        self._cursor.execute(statement, *values)
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


def reading_once(cursor: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a cursor that quacks like the one given."""
    return cast(duckdb.DuckDBPyConnection, Cursor(cursor))
