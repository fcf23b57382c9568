"""A cursor whose long statements can be watched and stopped."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from types import TracebackType
from typing import Any

import duckdb

_EVERY = 0.25  # seconds between two looks


class Patient:
    """Passes everything to a cursor; ``execute`` calls ``tick`` while a statement runs.

    What ``tick`` raises interrupts the statement and goes on to the caller. A context manager.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, tick: Callable[[], None]) -> None:
        self._cursor, self._tick = cursor, tick
        self._worker = ThreadPoolExecutor(1)

    def __enter__(self) -> Any:
        return self  # quacks like the cursor it watches

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._worker.shutdown()

    def execute(self, *query: Any) -> duckdb.DuckDBPyConnection:
        """Run a statement as the cursor does."""
        running = self._worker.submit(self._cursor.execute, *query)
        while True:
            try:
                return running.result(_EVERY)
            except StillRunning:
                if running.done():  # the statement itself raised one
                    return running.result()
                try:
                    self._tick()
                except BaseException:
                    self._cursor.interrupt()
                    running.exception()
                    raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)
