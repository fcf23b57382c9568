"""Workspace: one shop's folder with its store; what pages, scripts and the command line talk to.

Everything that changes the store goes through one transaction: an import is in it whole or not at
all. A bad file is never an exception but a report that says what is wrong.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pandas as pd

from omni_core.backups import Backups
from omni_core.columns import TABLES
from omni_core.errors import BadParameter, TracesLeft, UnknownName
from omni_core.i18n import N_
from omni_core.importing import Progress, take
from omni_core.ingest.report import ImportReport, is_field
from omni_core.people import People
from omni_core.reading import PlainTable, read_table
from omni_core.segments import Rest, Segment
from omni_core.store import meta, on_demand
from omni_core.store.database import close_database, open_database
from omni_core.store.files import copy_store, holds_store
from omni_core.store.queries import fewest, query_files, run
from omni_core.store.rollups import rebuild, zone_of
from omni_core.store.write import remove_import
from omni_core.waiting import Waiting

DEFAULT_CURRENCY = "CNY"
_SIGNS = {"￥": "CNY", "¥": "CNY", "元": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}


class Workspace:
    """A shop's data: import and undo files, ask the named queries, keep settings.

    Use ``Workspace.open(folder)``; it is a context manager. Methods may be called from several
    threads and sessions at once.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._database = open_database(
            folder, lambda store: Backups(store).make(why="before-update"))
        self.backups = Backups(self._database)
        self.people = People(self._database, self.backups)
        self.waiting = Waiting(folder)
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._closed = False

    @classmethod
    def open(cls, folder: str | os.PathLike[str], timezone: str | None = None,
             small_cells: int | None = None) -> Workspace:
        """Open the workspace in a folder, creating it where there is none.

        ``timezone`` (a tz name) says where times without a zone were written; it is kept. A
        workspace that was never told one takes Asia/Shanghai. ``small_cells`` is the fewest people
        that a count by age or segment may show, kept if none was told before (the app and the
        command line say 5; a script that says nothing sees every count). Raises
        ``FolderNotWritable``, ``StoreInUse``, ``StoreDamaged``, ``StoreNewer``, ``BadParameter``.
        """
        path = Path(folder).expanduser().absolute()
        if timezone is not None:
            _check_zone(timezone)
        ws = cls(path)
        try:
            if timezone is not None:
                ws.set_timezone(timezone)
            if small_cells is not None and ws._meta("small_cells") is None:
                ws.set_small_cells(small_cells)
            ws.waiting.sweep()
            try:
                ws.people.finish()
            except TracesLeft as fault:
                logging.getLogger(__name__).error("%s", fault)
        except BaseException:
            ws.close()
            raise
        return ws

    @staticmethod
    def exists(folder: str | os.PathLike[str]) -> bool:
        """Whether there is a workspace in a folder; nothing is opened or made."""
        return holds_store(Path(folder).expanduser())

    @classmethod
    def open_copy(cls, folder: str | os.PathLike[str],
                  small_cells: int | None = None) -> Workspace:
        """Open a copy of a workspace that another program holds, as it was last saved.

        What is changed in it is gone when it is closed. ``small_cells`` as in ``open``.
        Raises ``StoreInUse`` where the file can't be copied whole.
        """
        room = tempfile.TemporaryDirectory(prefix="omni-copy-")
        try:
            copy_store(Path(folder).expanduser().absolute(), Path(room.name))
            ws = cls(Path(room.name))
            if small_cells is not None and ws._meta("small_cells") is None:
                ws.set_small_cells(small_cells)
        except BaseException:
            room.cleanup()
            raise
        ws._copy = room
        return ws

    def close(self) -> None:
        """Give the store back; safe to call twice."""
        if not self._closed:
            self._closed = True
            close_database(self._database)
            if self._copy is not None:
                self._copy.cleanup()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # settings ------------------------------------------------------------------------------------
    @property
    def revision(self) -> str:
        """A token that changes with every commit and undo and never repeats."""
        return self._database.revision

    @property
    def timezone(self) -> str:
        """The shop's time zone (a tz name)."""
        with self._database.cursor() as cursor:
            return zone_of(cursor)

    @property
    def small_cells(self) -> int:
        """The fewest people that a count by age, segment and the like may show."""
        with self._database.cursor() as cursor:
            return fewest(cursor)

    def set_small_cells(self, people: int) -> None:
        """Set the fewest people that a count may show, 1 to 100. Raises ``BadParameter``."""
        if not 1 <= people <= 100:
            raise BadParameter("small_cells", people, "1 … 100")
        with self._database.transaction() as cursor:
            meta.put(cursor, "small_cells", str(people))

    @property
    def currency(self) -> str:
        """The ISO code of the currency that sums are in."""
        return self.told_currency or DEFAULT_CURRENCY

    @property
    def told_currency(self) -> str:
        """The currency that the files or a setting say, "" where none does."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(
                "SELECT currency FROM orders WHERE main AND currency IS NOT NULL LIMIT 1"
            ).fetchall()
        given = str(rows[0][0]).upper() if rows else self._meta("currency") or ""
        code = _SIGNS.get(given, given)
        return code if len(code) == 3 and code.isascii() and code.isalpha() else ""

    def _meta(self, name: str) -> str | None:
        with self._database.cursor() as cursor:
            return meta.get(cursor, name)

    def set_timezone(self, zone: str) -> None:
        """Say where times without a zone are written; for the imports to come.

        Times already stored keep their instant; only their local days and hours are counted anew.
        Raises ``BadParameter`` for a zone that this computer doesn't know.
        """
        _check_zone(zone)
        if zone == self.timezone:
            return
        with self._database.transaction() as cursor:
            meta.put(cursor, "timezone", zone)
            rebuild(cursor)

    # import --------------------------------------------------------------------------------------
    def inspect(self, path: str | os.PathLike[str] | None = None, *, data: bytes | None = None,
                name: str | None = None, answers: Mapping[str, str] | None = None,
                progress: Progress | None = None) -> ImportReport:
        """Read and check a file as ``import_file`` would, and commit nothing."""
        return self._take(path, data, name, answers, progress, commit=False)

    def import_file(self, path: str | os.PathLike[str] | None = None, *,
                    data: bytes | None = None, name: str | None = None,
                    answers: Mapping[str, str] | None = None,
                    progress: Progress | None = None) -> ImportReport:
        """Read a file (a path, or ``data`` with ``name``) into the store in one transaction.

        ``answers`` answer the questions of an earlier report, by field, and override guesses: a
        role's name with a column's header ("" for none), "table", "date_order", "decimal_mark".
        Raises ``BadParameter`` for a field that no file has. Never raises for a bad file: see the
        report's ``status``, ``code`` and ``questions``. ``progress`` is called with a share of 1;
        what it raises cancels the import.
        """
        return self._take(path, data, name, answers, progress, commit=True)

    def read_table(self, path: str | os.PathLike[str] | None = None, *, data: bytes | None = None,
                   name: str | None = None) -> PlainTable:
        """Read a file of any schema as text and keep nothing of it. Raises ``UnreadableTable``."""
        if path is None and data is None:
            raise BadParameter("path", None, "a path, or data with a name")
        source: Path | bytes = Path(path) if path is not None else data or b""
        return read_table(self._database, source,
                          name or (Path(path).name if path is not None else ""))

    def _take(self, path: str | os.PathLike[str] | None, data: bytes | None, name: str | None,
              answers: Mapping[str, str] | None, progress: Progress | None,
              commit: bool) -> ImportReport:
        if path is None and data is None:
            raise BadParameter("path", None, "a path, or data with a name")
        for field in answers or {}:
            if not is_field(field):
                raise BadParameter("answers", field, N_("a role, or the field of a question"))
        source: Path | bytes = Path(path) if path is not None else data or b""
        return take(self._database, source, name or (Path(path).name if path is not None else ""),
                    zone=self.timezone, answers=dict(answers or {}), progress=progress or _silent,
                    commit=commit)

    def imports(self) -> pd.DataFrame:
        """Return the imports in the store, newest first; ``imported_at`` in the shop's zone."""
        with self._database.cursor() as cursor:
            return cursor.execute(
                """SELECT import_id, timezone($1, timezone('UTC', imported_at)) AS imported_at,
                file_name, table_name AS table, tables, encoding,
                delimiter, rows_in, accepted, rejected, excluded
                FROM imports ORDER BY import_id DESC""", [zone_of(cursor)]).df()

    def rejects(self, import_id: int) -> pd.DataFrame:
        """Return the rejected rows of an import: line, column, code, value."""
        with self._database.cursor() as cursor:
            return cursor.execute(
                """SELECT line, column_name AS column, code, value FROM rejects
                WHERE import_id = $1 ORDER BY line""", [import_id]).df()

    def undo(self, import_id: int) -> None:
        """Take an import out again. Raises ``UnknownName`` if there is none with this number."""
        with self._database.transaction() as cursor:
            known = [r[0] for r in cursor.execute("SELECT import_id FROM imports").fetchall()]
            if import_id not in known:
                raise UnknownName(N_("import"), str(import_id), known)
            remove_import(cursor, import_id)

    # questions -----------------------------------------------------------------------------------
    def queries(self) -> tuple[str, ...]:
        """Return the names of the queries."""
        return tuple(query_files())

    def query(self, name: str, start: Any = None, end: Any = None,
              channel: str | Rest | None = None, segment: str | Segment | None = None,
              **parameters: Any) -> pd.DataFrame:
        """Run a named query; ``start`` (inclusive) and ``end`` (exclusive) in the shop's zone.

        ``segment``: a name, or conditions (see ``segments``); ``channel``: a name or its ``Rest``.
        """
        with self._database.cursor() as cursor:
            return run(cursor, name, zone_of(cursor), fewest(cursor), start=start, end=end,
                       channel=channel, segment=segment, **parameters)

    @property
    def is_prepared(self) -> bool:
        """Whether no question about visits, carts, customers and segments waits to be counted.

        True for a small shop, where counting takes no time.
        """
        with self._database.cursor() as cursor:
            return not on_demand.due(cursor)

    def prepare(self, progress: Progress | None = None) -> None:
        """Count ahead what those questions need, where that takes long; kept until rows change.

        ``progress`` is called with a share of 1, also while the engine works; what it raises stops
        the counting, and what is done by then stays.
        """
        with self._database.cursor() as cursor:
            on_demand.prepare(cursor, progress or _silent)

    def counts(self) -> dict[str, int]:
        """Return the number of rows of each table, as it stands."""
        with self._database.cursor() as cursor:
            row = cursor.execute(
                "SELECT " + ", ".join(f"(SELECT count(*) FROM {t})" for t in TABLES)).fetchall()[0]
        return dict(zip(TABLES, (int(n) for n in row), strict=True))

    # artefacts -----------------------------------------------------------------------------------
    def artefact(self, kind: str, name: str) -> Any:
        """Return a saved value (settings, sentences, a list), or None."""
        with self._database.cursor() as cursor:
            rows = cursor.execute("SELECT value FROM artefacts WHERE kind = $1 AND name = $2",
                                  [kind, name]).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def artefacts(self, kind: str) -> tuple[str, ...]:
        """Return the names saved under a kind."""
        with self._database.cursor() as cursor:
            return tuple(r[0] for r in cursor.execute(
                "SELECT name FROM artefacts WHERE kind = $1 ORDER BY name", [kind]).fetchall())

    def save_artefact(self, kind: str, name: str, value: Any) -> None:
        """Save a JSON-able value under a kind and a name, replacing what was there."""
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM artefacts WHERE kind = $1 AND name = $2", [kind, name])
            cursor.execute("INSERT INTO artefacts VALUES ($1, $2, $3, $4)",
                           [kind, name, json.dumps(value, ensure_ascii=False), now])

    def delete_artefact(self, kind: str, name: str) -> None:
        """Delete a saved value; nothing happens where there is none."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM artefacts WHERE kind = $1 AND name = $2", [kind, name])


def zones() -> tuple[str, ...]:
    """Return the names of the time zones that this computer knows, by place."""
    return tuple(sorted(z for z in available_timezones() if "/" in z and not z.startswith(
        ("Etc/", "SystemV/", "US/", "Mexico/", "Canada/", "Brazil/", "Chile/")))) + ("UTC",)


def _silent(_: float) -> None:
    return None


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadParameter("timezone", zone, N_("a time zone such as Asia/Shanghai")) from None
