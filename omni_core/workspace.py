"""Workspace: one shop's folder with its store; what pages, scripts and the command line talk to.

Everything that changes the store goes through one transaction: an import is in it whole or not at
all. A bad file is never an exception but a report that says what is wrong.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import pandas as pd

from omni_core.columns import TABLES
from omni_core.errors import BadParameter, UnknownName
from omni_core.ingest.dialect import find_dialect
from omni_core.ingest.mapping import map_columns
from omni_core.ingest.read import RawRows, read_rows
from omni_core.ingest.report import (
    REJECT_COLUMNS,
    ImportReport,
    Note,
    Refused,
    Stopped,
    Unanswered,
    no_rejects,
)
from omni_core.ingest.scan import scan
from omni_core.ingest.stage import Staged, quick_columns, stage
from omni_core.store.database import close_database, open_database
from omni_core.store.queries import query_files, run
from omni_core.store.rollups import rebuild
from omni_core.store.write import remove_import, write

DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_CURRENCY = "CNY"
_SIGNS = {"￥": "CNY", "¥": "CNY", "元": "CNY", "RMB": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_MAX_REJECT_SHARE, _MIN_REJECTS = 0.2, 20
Progress = Callable[[float], None]


class _Inspected(Exception):
    """Internal: rolls an inspection's transaction back."""


class Workspace:
    """A shop's data: import and undo files, ask the named queries, keep settings.

    Use ``Workspace.open(folder)``; it is a context manager. Methods may be called from several
    threads and sessions at once.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._database = open_database(folder)
        self._closed = False

    @classmethod
    def open(cls, folder: str | os.PathLike[str], timezone: str | None = None) -> Workspace:
        """Open the workspace in a folder, creating it where there is none.

        ``timezone`` (a tz name) says where times without a zone were written; it is kept. A
        workspace that was never told one takes Asia/Shanghai. Raises ``FolderNotWritable``,
        ``StoreInUse``, ``StoreDamaged``, ``StoreNewer``, ``BadParameter``.
        """
        path = Path(folder).expanduser().absolute()
        if timezone is not None:
            _check_zone(timezone)
        ws = cls(path)
        try:
            if timezone is not None and timezone != ws.timezone:
                ws._set_zone(timezone)
        except BaseException:
            ws.close()
            raise
        return ws

    def close(self) -> None:
        """Give the store back; safe to call twice."""
        if not self._closed:
            self._closed = True
            close_database(self._database)

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
        return self._meta("timezone") or DEFAULT_ZONE

    @property
    def currency(self) -> str:
        """The ISO code of the currency that sums are in."""
        with self._database.cursor() as cursor:
            rows = cursor.execute(
                """SELECT currency FROM orders WHERE currency IS NOT NULL GROUP BY currency
                ORDER BY count(*) DESC, currency LIMIT 1""").fetchall()
        given = str(rows[0][0]).upper() if rows else self._meta("currency") or DEFAULT_CURRENCY
        code = _SIGNS.get(given, given)
        return code if len(code) == 3 and code.isascii() and code.isalpha() else DEFAULT_CURRENCY

    def _meta(self, name: str) -> str | None:
        with self._database.cursor() as cursor:
            rows = cursor.execute("SELECT value FROM meta WHERE name = $1", [name]).fetchall()
        return rows[0][0] if rows else None

    def _set_zone(self, zone: str) -> None:
        # times already stored are UTC and stay; only their local hours are counted anew
        with self._database.transaction() as cursor:
            cursor.execute("INSERT OR REPLACE INTO meta VALUES ('timezone', $1)", [zone])
            rebuild(cursor, zone)

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
        Never raises for a bad file: see the report's ``status``, ``code`` and ``questions``.
        ``progress`` is called with a share of 1; what it raises cancels the import.
        """
        return self._take(path, data, name, answers, progress, commit=True)

    def _take(self, path: str | os.PathLike[str] | None, data: bytes | None, name: str | None,
              answers: Mapping[str, str] | None, progress: Progress | None,
              commit: bool) -> ImportReport:
        shown = name or (Path(path).name if path is not None else "")
        report = ImportReport(name=shown)
        staging = self._database.staging
        source, upload, clean = Path(path) if path is not None else None, None, None
        try:
            if source is None:
                if data is None:
                    raise BadParameter("path", None, "a path, or data with a name")
                # the name given is only shown; the bytes lie under a name of our own
                upload = staging / f"{secrets.token_hex(8)}.upload"
                upload.write_bytes(data)
                source = upload
            scanned = scan(source, staging, shown)
            clean = scanned.path
            with self._database.write_lock:
                self._read(report, scanned, dict(answers or {}), progress or _silent, commit)
        except Refused as reason:
            report.status, report.code, report.values = "refused", reason.code, reason.values
        except Unanswered as open_questions:
            report.status, report.questions = "needs_answers", open_questions.questions
        finally:
            for left in (upload, clean):
                if left is not None:
                    left.unlink(missing_ok=True)
        return report

    def _read(self, report: ImportReport, scanned: Any, answers: dict[str, str],
              progress: Progress, commit: bool) -> None:
        report.encoding = scanned.encoding
        dialect = find_dialect(scanned.path)
        report.delimiter, report.columns = dialect.delimiter, dialect.header
        report.preview = _preview(dialect.header, dialect.sample[:5])
        known = self._known_file(scanned.sha256)
        if known:
            report.status, report.code = "already_imported", "already_imported"
            report.values = {"when": known[0], "name": known[1]}
            report.import_id = known[2]
            return
        try:
            mapping = map_columns(dialect, answers)
        except Stopped as stop:
            report.tables = (stop.table,) if stop.table else ()
            report.mapping = stop.guesses
            raise
        report.tables, report.mapping = (mapping.table,), mapping.guesses
        progress(0.1)
        try:
            with self._database.transaction() as cursor:
                quick = quick_columns(mapping, dialect, self.timezone)
                raw = read_rows(cursor, scanned, dialect, mapping.roles.values(), quick)
                report.rows_in = raw.records
                progress(0.4)
                try:
                    staged = stage(cursor, mapping, dialect.header, self.timezone, self._secret(),
                                   answers, scanned.has_bad_bytes, quick)
                except Refused as reason:
                    if "n" in reason.values:  # a row of raw; she needs the line of her file
                        reason.values["line"] = raw.line(reason.values.pop("n"))
                    raise
                _fill_rejects(report, raw, staged, mapping.personal, dialect.header, mapping.roles)
                progress(0.6)
                (import_id,) = cursor.execute("SELECT nextval('import_ids')").fetchall()[0]
                written = write(cursor, staged, mapping, import_id)
                report.tables, report.accepted = written.tables, written.accepted
                report.exclusions = {
                    c: n for c, n in {**staged.exclusions, **written.exclusions}.items() if n}
                report.excluded = sum(report.exclusions.values())
                report.notes = tuple(_notes(staged, written.notes, mapping, dialect.header_lines,
                                            self.timezone))
                report.cleaned = pd.DataFrame(
                    [(*where, n) for where, n in sorted(staged.cleaned.items()) if n],
                    columns=["column", "code", "count"])
                if report.rows_in != report.accepted + report.rejected + report.excluded:
                    raise Refused("rows_disagree", expected=report.rows_in,
                                  found=report.accepted + report.rejected + report.excluded)
                if not commit:
                    raise _Inspected
                progress(0.8)
                rebuild(cursor, self.timezone)
                _record(cursor, report, import_id, scanned.sha256)
                progress(0.95)
        except _Inspected:
            report.status = "ready"
            return
        except Stopped:
            # nothing is half-imported: what wasn't rejected is left out with the file
            report.accepted, report.excluded = 0, report.rows_in - report.rejected
            report.exclusions = {"file_not_imported": report.excluded} if report.excluded else {}
            raise
        except duckdb.OutOfMemoryException:
            logging.getLogger(__name__).exception("import ran out of memory")
            raise Refused("too_large", size="?", limit="?") from None
        report.status, report.import_id = "imported", import_id
        progress(1.0)

    def _known_file(self, sha256: str) -> tuple[str, str, int] | None:
        with self._database.cursor() as cursor:
            rows = cursor.execute(
                """SELECT strftime(imported_at, '%Y-%m-%d'), file_name, import_id FROM imports
                WHERE sha256 = $1 ORDER BY import_id LIMIT 1""", [sha256]).fetchall()
        return rows[0] if rows else None

    def _secret(self) -> bytes:
        """The key that turns e-mails and phones into codes; made once, kept beside the store."""
        path = self.path / "key"
        if not path.exists():
            fresh = self.path / f"key.{secrets.token_hex(4)}"
            fresh.write_bytes(secrets.token_bytes(32))
            fresh.chmod(0o600)
            try:
                os.link(fresh, path)  # never replaces a key that another import just made
            except FileExistsError:
                pass
            except OSError:
                shutil.copyfile(fresh, path)
            fresh.unlink()
        return path.read_bytes()

    def imports(self) -> pd.DataFrame:
        """Return the imports in the store, newest first."""
        with self._database.cursor() as cursor:
            return cursor.execute(
                """SELECT import_id, imported_at, file_name, table_name AS table, tables, encoding,
                delimiter, rows_in, accepted, rejected, excluded
                FROM imports ORDER BY import_id DESC""").df()

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
                raise UnknownName("import", str(import_id), known)
            remove_import(cursor, import_id)
            rebuild(cursor, self.timezone)

    # questions -----------------------------------------------------------------------------------
    def queries(self) -> tuple[str, ...]:
        """Return the names of the queries."""
        return tuple(query_files())

    def query(self, name: str, start: Any = None, end: Any = None, channel: str | None = None,
              segment: str | None = None, **parameters: Any) -> pd.DataFrame:
        """Run a named query; ``start`` (inclusive) and ``end`` (exclusive) in the shop's zone."""
        with self._database.cursor() as cursor:
            return run(cursor, name, self.timezone, start=start, end=end, channel=channel,
                       segment=segment, **parameters)

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


def _silent(_: float) -> None:
    return None


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadParameter("timezone", zone, "a tz name such as Asia/Shanghai") from None


def _preview(header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> pd.DataFrame:
    names = [h or f"({i + 1})" for i, h in enumerate(header)]
    names = [f"{n} ({i + 1})" if names.count(n) > 1 else n for i, n in enumerate(names)]
    cells = [(list(r) + [""] * len(names))[: len(names)] for r in rows]
    return pd.DataFrame(cells, columns=names, dtype="str")


def _fill_rejects(report: ImportReport, raw: RawRows, staged: Staged, personal: tuple[str, ...],
                  header: tuple[str, ...], roles: Mapping[str, int]) -> None:
    rows = [(line, "", code, "" if personal else text) for line, code, text in raw.broken]
    rows += [(raw.line(n), header[roles[role]], code, _masked(value) if role == "user" else value)
             for n, role, code, value in staged.bad]
    report.rejects = pd.DataFrame(sorted(rows), columns=list(REJECT_COLUMNS)) if rows else (
        no_rejects())
    report.rejected = len(rows)
    if len(rows) >= _MIN_REJECTS and len(rows) > _MAX_REJECT_SHARE * report.rows_in:
        column, code = report.rejects.groupby(["column", "code"]).size().idxmax()
        from omni_core.ingest.messages import sentence

        raise Refused("too_many_rejects", rejected=len(rows), rows=report.rows_in, column=column,
                      reason=sentence(code))


def _masked(value: str) -> str:
    return value[:2] + "…" if value else value


def _notes(staged: Staged, written: list[Note], mapping: Any, header_lines: int,
           zone: str) -> list[Note]:
    notes = list(staged.notes) + written
    if {"ts", "sent_at", "first_seen"} & set(mapping.roles):
        notes.append(Note("zone", {"zone": zone}))
    if header_lines > 1:
        notes.append(Note("title_lines", {"lines": header_lines - 1}))
    if mapping.personal:
        notes.append(Note("personal_left_out", {"columns": ", ".join(mapping.personal)}))
    if mapping.unused:
        notes.append(Note("not_used", {"columns": ", ".join(mapping.unused[:20])}))
    return notes


def _record(cursor: duckdb.DuckDBPyConnection, report: ImportReport, import_id: int,
            sha256: str) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    cursor.execute(
        "INSERT INTO imports VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [import_id, now, report.name, sha256, report.table, ",".join(report.tables),
         report.profile, report.encoding, report.delimiter, report.rows_in, report.accepted,
         report.rejected, report.excluded])
    if report.rejected:
        cursor.executemany("INSERT INTO rejects VALUES ($1, $2, $3, $4, $5)", [
            [import_id, int(line), column, code, value]
            for line, column, code, value in report.rejects.itertuples(index=False)])
