"""One file into the store: scan, understand, type, write; in one transaction, or not at all.

This is where ``ingest`` (what a file says) and ``store`` (what is kept) meet; ``Workspace`` is the
door to it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from omni_core.errors import (
    DiskFull,
    FolderNotWritable,
    OmniError,
    OutOfMemory,
    StoreDamaged,
    no_room,
)
from omni_core.ingest.cells import Typed
from omni_core.ingest.dialect import Dialect, find_dialect
from omni_core.ingest.examples import examples, preview
from omni_core.ingest.mapping import ColumnMap, map_columns
from omni_core.ingest.mend import mended, rejected_rows
from omni_core.ingest.messages import sentence
from omni_core.ingest.patience import Patient
from omni_core.ingest.personal import Personal
from omni_core.ingest.read import RawRows, read_rows
from omni_core.ingest.repair import repair
from omni_core.ingest.report import (
    ImportReport,
    Note,
    Refused,
    Stopped,
    Unanswered,
    no_rejects,
)
from omni_core.ingest.scan import Scan, scan
from omni_core.ingest.stage import quick_columns, stage, word_columns, written_columns
from omni_core.ingest.staged import Staged
from omni_core.joining import join_orders
from omni_core.remembered import recall, remember
from omni_core.store import refresh
from omni_core.store.bridge import bridge, with_listed
from omni_core.store.database import Database
from omni_core.store.keys import secret
from omni_core.store.write import write

Progress = Callable[[float], None]
_MAX_REJECT_SHARE, _MIN_REJECTS = 0.2, 20
_QUICK = 1 << 18  # bytes; what is smaller is read before anybody could wish to stop it


class _Inspected(Exception):
    """Internal: rolls an inspection's transaction back."""


def take(database: Database, source: Path | bytes, name: str, *, zone: str,
         answers: dict[str, str], progress: Progress, commit: bool) -> ImportReport:
    """Read one file (a path, or its bytes) and, with ``commit``, write it. Never raises for it.

    What ``progress`` raises cancels the import and leaves the store as it was.
    """
    report = ImportReport(name=name)
    left: list[Path] = []
    dialect: Dialect | None = None
    try:
        database.staging.mkdir(exist_ok=True)  # somebody may have cleared it away
        if not os.access(database.staging, os.W_OK):
            raise FolderNotWritable(folder=str(database.path.parent))
        if isinstance(source, bytes):
            # the name given is only shown; the bytes lie under a name of our own
            upload = database.staging / f"{secrets.token_hex(8)}.upload"
            left.append(upload)
            upload.write_bytes(source)
            source = upload
        scanned = scan(source, database.staging, name, answers)
        left.append(scanned.path)
        report.encoding = scanned.encoding
        scanned, named = mended(scanned)
        left.append(scanned.path)
        dialect = find_dialect(scanned, answers if named is None else {
            "header_line": str(int(named)), "delimiter": ",", **answers})
        with database.write_lock:
            _read(database, report, scanned, dialect, left, zone, answers, progress, commit)
    except Refused as reason:
        report.status, report.code, report.values = "refused", reason.code, reason.values
    except (DiskFull, OutOfMemory, StoreDamaged, FolderNotWritable) as fault:
        _refuse(report, fault)
    except OSError as error:
        _refuse(report, no_room(error, database.path.parent))
    except Unanswered as stop:
        report.status, report.questions = "needs_answers", stop.questions
        report.examples = examples(stop.questions[0], dialect)
    finally:
        for path in left:
            path.unlink(missing_ok=True)
    return report


def _refuse(report: ImportReport, fault: OmniError) -> None:
    """What went wrong was not the file: say so; nothing of it was imported."""
    logging.getLogger(__name__).error("an import failed: %s", fault.code, exc_info=fault)
    report.status, report.code, report.values = "refused", fault.code, dict(fault.values)
    report.accepted, report.excluded = 0, report.rows_in - report.rejected
    report.exclusions = {"file_not_imported": report.excluded} if report.excluded else {}


def _read(database: Database, report: ImportReport, scanned: Scan, dialect: Dialect,
          left: list[Path], zone: str, answers: dict[str, str], progress: Progress,
          commit: bool) -> None:
    report.delimiter, report.columns = dialect.delimiter, dialect.header
    report.preview = preview(dialect.header, dialect.sample[:5])
    report.header_line = dialect.header_lines if dialect.named else 0
    if _known(database, report, scanned.sha256):
        return
    with database.cursor() as reader:
        report.remembered = recall(reader, dialect.header, answers)
    answers = {**report.remembered, **answers}
    try:
        mapping = map_columns(dialect, answers)
    except Stopped as stop:
        report.tables = (stop.table,) if stop.table else ()
        report.mapping = stop.guesses
        report.profile = stop.platform.name if stop.platform else None
        raise
    report.tables, report.mapping = (mapping.table,), mapping.guesses
    report.personal = mapping.personal
    report.profile = mapping.platform.name if mapping.platform else None
    watch = _Watch(progress)
    watch.reach(0.1)
    try:
        with database.transaction() as plain, _watched(plain, watch, scanned) as cursor:
            quick = quick_columns(mapping, dialect, zone)
            words = word_columns(mapping, dialect)
            raw, found = _rows(cursor, scanned, dialect, left, mapping, quick, words)
            report.rows_in = raw.records
            watch.reach(0.4)
            if mapping.join:
                join_orders(cursor, mapping, answers)
            try:
                staged = stage(cursor, mapping, dialect, zone, secret(cursor),
                               answers, scanned.has_bad_bytes, quick, words)
            except Refused as reason:
                if "n" in reason.values:  # a row of raw; she needs the line of her file
                    reason.values["line"] = raw.line(reason.values.pop("n"))
                raise
            _fill_rejects(report, raw, staged, mapping, scanned, dialect)
            watch.reach(0.6)
            (import_id,) = cursor.execute("SELECT nextval('import_ids')").fetchall()[0]
            _fill_written(cursor, report, staged, mapping, import_id,
                          scanned.notes + found, report.header_line, zone)
            if not commit:
                raise _Inspected
            watch.reach(0.8)
            # the file's rows would be in the way of the rollups, and be written out on commit
            for view in ("odd", "raw"):
                cursor.execute(f"DROP VIEW {view}")
            for rows in ("odd_rows", "raw_rows"):
                cursor.execute(f"DROP TABLE IF EXISTS temp.{rows}")
            cursor.execute("DROP TABLE bad")
            echoes = _count_echoes(cursor)
            change = refresh.begin(cursor)
            refresh.note_come(cursor, change, refresh.of_import(import_id))
            refresh.refresh(cursor, change, came_with=import_id)
            echoes = _count_echoes(cursor) - echoes
            if echoes > 0:
                report.notes += (Note("echoes", {"rows": echoes}),)
            _record(cursor, report, import_id, scanned.sha256)
            remember(cursor, dialect.header, answers)
            watch.reach(0.95)
    except _Inspected:
        report.status = "ready"
        return
    except Stopped:
        # nothing is half-imported: what wasn't rejected is left out with the file
        report.accepted, report.excluded = 0, report.rows_in - report.rejected
        report.exclusions = {"file_not_imported": report.excluded} if report.excluded else {}
        raise
    report.status, report.import_id = "imported", import_id
    progress(1.0)


class _Watch:
    """Tells how far the import is, also while a long statement runs."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._share = progress, 0.0

    def reach(self, share: float) -> None:
        self._share = share
        self.tick()

    def tick(self) -> None:
        self._progress(self._share)


def _watched(cursor: duckdb.DuckDBPyConnection, watch: _Watch,
             scanned: Scan) -> contextlib.AbstractContextManager[Any]:
    """Watch the statements where they may take long; handing each over has its price too."""
    if scanned.path.stat().st_size < _QUICK:
        return contextlib.nullcontext(cursor)
    return Patient(cursor, watch.tick)


def _rows(cursor: Any, scanned: Scan, dialect: Dialect, left: list[Path], mapping: ColumnMap,
          quick: Mapping[int, Typed], words: Mapping[int, tuple[str, ...]]
          ) -> tuple[RawRows, tuple[Note, ...]]:
    """Read the rows by the fast reader; what it can't tell apart by the tolerant one.

    Returns what was found of the file's form, too.
    """
    wanted = [*mapping.roles.values()]
    wanted += [i for i in (mapping.stand_in, mapping.clock) if i is not None]
    wanted += [p.index for p in mapping.personal if p.is_read]
    written = written_columns(mapping)
    if not dialect.odd:
        try:
            return read_rows(cursor, scanned, dialect, wanted, quick, words,
                             written), dialect.notes
        except Refused:
            pass  # the two counts differ: a stray quotation mark, a row of megabytes
    scanned, dialect = repair(scanned, dialect)
    left.append(scanned.path)
    return read_rows(cursor, scanned, dialect, wanted, quick, words, written), dialect.notes


def _count_echoes(cursor: duckdb.DuckDBPyConnection) -> int:
    return int(cursor.execute("SELECT count(*) FROM echoes").fetchall()[0][0])


def _known(database: Database, report: ImportReport, sha256: str) -> bool:
    """Whether this very file is in the store; says so in the report."""
    with database.cursor() as cursor:
        rows = cursor.execute(
            """SELECT strftime(imported_at, '%Y-%m-%d'), file_name, import_id FROM imports
            WHERE sha256 = $1 ORDER BY import_id LIMIT 1""", [sha256]).fetchall()
    if not rows:
        return False
    when, name, report.import_id = rows[0]
    report.status = report.code = "already_imported"
    report.values = {"when": when, "name": name}
    return True


def _fill_written(cursor: duckdb.DuckDBPyConnection, report: ImportReport, staged: Staged,
                  mapping: ColumnMap, import_id: int, before: tuple[Note, ...], header_line: int,
                  zone: str) -> None:
    """Write the rows inside the transaction and put the counts into the report."""
    written = write(cursor, staged, mapping, import_id)
    report.tables, report.accepted = written.tables, written.accepted
    if written.money:
        column = " × ".join(report.columns[mapping.roles[r]] for r in written.money_roles)
        report.totals, more = bridge(cursor, staged, written.money, column, written.order_level,
                                     written.left_out, import_id, staged.sql["price"] if
                                     written.money_roles == ("price", "quantity") else None,
                                     written.less, "part_discount" if written.order_discount
                                     else "part_no_sale")
        if written.listed:
            report.totals = with_listed(
                cursor, staged, report.totals, written.money, written.listed,
                " × ".join(report.columns[mapping.roles[r]] for r in written.listed_roles))
        written.notes += more
    report.exclusions = {
        code: n for code, n in {**staged.exclusions, **written.exclusions}.items() if n}
    report.excluded = sum(report.exclusions.values())
    report.notes = before + tuple(_notes(
        staged, written.notes, mapping, header_line, zone, bool(report.remembered)))
    report.cleaned = pd.DataFrame(
        [(*where, n) for where, n in sorted(staged.cleaned.items()) if n],
        columns=["column", "code", "count"])
    told = report.accepted + report.rejected + report.excluded
    if report.rows_in != told:
        raise Refused("rows_disagree", expected=report.rows_in, found=told)


def _fill_rejects(report: ImportReport, raw: RawRows, staged: Staged, mapping: ColumnMap,
                  scanned: Scan, dialect: Dialect) -> None:
    header = dialect.header
    # a line that begins with "#" and has no second cell is a remark of the program that wrote it
    broken = [(line, "footer_line" if code == "short_row" and text.startswith("#")
               and dialect.delimiter not in text else code, text)
              for line, code, text in raw.broken]
    staged.exclusions["footer_line"] += sum(code == "footer_line" for _, code, _ in broken)
    hidden = any(p.kind != "member" for p in mapping.personal)
    cut = [(line, code, "" if hidden else text) for line, code, text in broken
           if code != "footer_line"]
    lines = raw.lines(np.array([n for n, _, _, _ in staged.bad], dtype=np.int64))
    report.rejected = len(cut) + len(staged.bad)
    # column by column: of a large file a tuple for each row would take more than what it holds
    report.rejects = pd.DataFrame({
        "line": np.concatenate([np.array([line for line, _, _ in cut], dtype=np.int64), lines]),
        "column": [""] * len(cut) + [header[mapping.roles[role]] for _, role, _, _ in staged.bad],
        "code": [code for _, code, _ in cut] + [code for _, _, code, _ in staged.bad],
        "value": [text for _, _, text in cut] + [
            _masked(value) if role == "user" else value for _, role, _, value in staged.bad],
    }).sort_values(["line", "column"], ignore_index=True) if report.rejected else no_rejects()
    # a large file's are many, and what is to come needs the memory
    staged.bad.clear()
    raw.broken.clear()
    if staged.remarks:
        places = raw.lines(np.array([n for n, _ in staged.remarks], dtype=np.int64)).tolist()
        staged.notes.append(Note("remark_rows", {"list": "; ".join(
            f"{line}: {text[:60]}" for line, (_, text) in zip(places, staged.remarks[:5],
                                                              strict=False))}))
    if report.rejected:
        report.to_mend = rejected_rows(scanned, dialect, report.rejects)
    left_out = sum(staged.exclusions.values())
    nothing_left = 0 < report.rejected >= report.rows_in - left_out
    if nothing_left or (report.rejected >= _MIN_REJECTS
                        and report.rejected > _MAX_REJECT_SHARE * report.rows_in):
        column, code = report.rejects.groupby(["column", "code"]).size().idxmax()
        raise Refused("too_many_rejects" if column else "too_many_broken", rejected=report.rejected,
                      rows=report.rows_in, column=column,
                      reason=sentence(code))


def _masked(value: str) -> str:
    return value[:2] + "…" if value else value


def _notes(staged: Staged, written: list[Note], mapping: ColumnMap, header_line: int,
           zone: str, remembered: bool) -> list[Note]:
    notes = list(staged.notes) + written
    if remembered:
        notes.append(Note("remembered"))
    if staged.naive_times:
        notes.append(Note("zone", {"zone": zone}))
    if header_line > 1:
        notes.append(Note("title_lines", {"lines": header_line - 1}))
    for code, columns in _personal(mapping.personal).items():
        notes.append(Note(code, {"columns": ", ".join(columns)}))
    if mapping.unused:
        more = ", …" * (len(mapping.unused) > 20)
        notes.append(Note("not_used", {"columns": ", ".join(mapping.unused[:20]) + more}))
    return notes


def _personal(places: tuple[Personal, ...]) -> dict[str, list[str]]:
    """What became of the personal columns: code of the note -> headers."""
    found: dict[str, list[str]] = {}
    for place in places:
        if place.kind == "member" or (place.names_shoppers and place.fate == "key"):
            continue  # ids are no secret; coded ids have a note of their own
        kept = "personal_kept" if place.fate == "keep" else (
            "personal_coded" if place.ties else "personal_left_out")
        found.setdefault(kept, []).append(place.column)
    return found


def _with_sheet(report: ImportReport) -> str:
    """The file's name as the history shows it: of a workbook with several sheets, which it was."""
    sheet = next((n.values["sheet"] for n in report.notes if n.code == "other_sheets"), None)
    return report.name if sheet is None else f"{report.name} · {sheet}"


def _record(cursor: duckdb.DuckDBPyConnection, report: ImportReport, import_id: int,
            sha256: str) -> None:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    cursor.execute(
        "INSERT INTO imports VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [import_id, now, _with_sheet(report), sha256, report.table, ",".join(report.tables),
         report.profile, report.encoding, report.delimiter, report.rows_in, report.accepted,
         report.rejected, report.excluded])
    if report.rejected:
        cursor.register("incoming", report.rejects)
        cursor.execute('INSERT INTO rejects SELECT $1, line, "column", code, "value" FROM incoming',
                       [import_id])
        cursor.unregister("incoming")
