"""Copies of a workspace and the way back to one: ``Workspace.backups``."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd

from omni_core.errors import NotAnArchive, OmniError, StoreInUse, TracesLeft, no_room
from omni_core.store import faults, files, meta, wiping
from omni_core.store.archive import SUFFIX, read_archive, write_archive
from omni_core.store.database import Database, check_free, is_open
from omni_core.store.files import FILE_NAME
from omni_core.store.forget import forget_again

Progress = Callable[[float], None]
BY_HAND = "by-hand"
_KEEP = 5  # of those that were made by themselves
_DAILY_BELOW = 200 << 20  # bytes; a larger store is copied when she asks


class Backups:
    """The backups of one workspace, in its folder ``backups``; each is one file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.folder = database.path.parent / "backups"

    def make(self, target: Path | None = None, *, why: str = BY_HAND, contacts: bool = False,
             progress: Progress = lambda _: None) -> Path:
        """Write everything as it stands into one file and return its path.

        ``target`` is a file of hers; without it the file goes into the workspace's folder.
        ``contacts``: with the addresses kept for audiences. Raises ``DiskFull``,
        ``FolderNotWritable``.
        """
        if target is None:
            target = new_name(self.folder, why)
        try:
            write_archive(self._database, target, progress, contacts)
        except OSError as error:
            raise no_room(error, target.parent) from None
        self._thin_out(target)
        return target

    def daily(self) -> Path | None:
        """Make today's backup of a store that has something in it, unless there is one."""
        today = dt.datetime.now().strftime("%Y%m%d")
        if any(p.name.startswith(today) for p in self._files()):
            return None
        with self._database.cursor() as cursor:
            (some,) = cursor.execute("SELECT count(*) FROM imports").fetchall()[0]
        if not some or self._database.path.stat().st_size > _DAILY_BELOW:
            return None
        return self.make(why="daily")

    def listing(self) -> pd.DataFrame:
        """Return the backups, newest first: path, made_at (local time), why, bytes."""
        return listing(self.folder)

    def restore(self, source: Path, progress: Progress = lambda _: None) -> Path | None:
        """Bring the workspace to what an archive holds; returns the backup of what was before.

        Who was forgotten since stays forgotten. Raises ``NotAnArchive``, ``StoreNewer``,
        ``DiskFull``; then all is as it was. Raises ``TracesLeft`` where all is restored but those
        who were forgotten could not be wiped out of the file yet.
        """
        staging = self._database.staging
        fresh = staging / f"{secrets.token_hex(8)}.duckdb"
        with self._database.write_lock, faults.plain(str(staging.parent), FILE_NAME):
            with self._database.cursor() as cursor:
                codes = cursor.execute("SELECT kind, code FROM forgotten").fetchall()
                key, pending = meta.get(cursor, "key"), wiping.to_do(cursor)
                (some,) = cursor.execute("SELECT count(*) FROM imports").fetchall()[0]

            words: list[str] = []

            def again(archive: duckdb.DuckDBPyConnection) -> None:
                theirs = meta.get(archive, "key")
                if key is not None and theirs is None:  # made before anything was coded
                    meta.put(archive, "key", key)
                if codes and theirs in (None, key):
                    words.extend(forget_again(archive, codes))
                if words or pending:
                    wiping.leave_to_do(archive, pending or "file")

            try:
                read_archive(source, staging, fresh, lambda share: progress(0.9 * share), again)
                before = self.make(why="before-restore") if some else None
                self._database.replace(fresh)
            finally:
                files.remove(fresh)
            if words and not pending:
                self._wipe(words)
        progress(1.0)
        return before

    def _wipe(self, words: list[str]) -> None:
        """Rid the file of people who were in what was restored. Raises ``TracesLeft``."""
        try:
            wiping.write_anew(self._database, words)
            with self._database.transaction() as cursor:
                wiping.is_done(cursor)
        except (OmniError, OSError) as error:
            raise TracesLeft(reason=str(error)) from error

    def restore_bytes(self, data: bytes, name: str) -> Path | None:
        """``restore`` from an archive's bytes; ``name`` is only shown."""
        held = self._database.staging / f"{secrets.token_hex(8)}{SUFFIX}"
        try:
            with faults.plain(str(held.parent.parent), FILE_NAME):
                held.parent.mkdir(exist_ok=True)
                held.write_bytes(data)
            return self.restore(held)
        except NotAnArchive as error:
            raise NotAnArchive(**{**error.values, "name": name}) from None
        finally:
            held.unlink(missing_ok=True)

    def delete_all(self) -> None:
        """Delete all backups in the folder."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return archives(self.folder)

    def _thin_out(self, made: Path) -> None:
        # names tell the clock; where that went back, the one just made is not the newest
        mine = [p for p in self._files() if not p.stem.endswith(BY_HAND) and p != made]
        for path in mine[:1 - _KEEP]:
            path.unlink(missing_ok=True)


def new_name(folder: Path, why: str = BY_HAND) -> Path:
    """Return the path of a backup that is made now in a folder of backups."""
    now = dt.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    return folder / f"{now}-{why}{SUFFIX}"


def archives(folder: Path) -> list[Path]:
    """Return the backups in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.is_file() and p.suffix == SUFFIX
                  and p.name.count("-") >= 3 and _made_at(p) is not None)


def listing(folder: Path) -> pd.DataFrame:
    """Return the backups in a folder, newest first: path, made_at (local time), why, bytes."""
    rows = [(p, _made_at(p), p.stem.split("-", 3)[3], p.stat().st_size)
            for p in reversed(archives(folder))]
    return pd.DataFrame(rows, columns=["path", "made_at", "why", "bytes"])


def _made_at(path: Path) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(path.name[:15], "%Y%m%d-%H%M%S")
    except ValueError:  # a file of hers
        return None


def unpack(source: Path, folder: Path, progress: Progress = lambda _: None) -> None:
    """Make a workspace of an archive in a folder that has none, or whose store is damaged.

    A damaged store is set aside under another name, never deleted. Raises ``NotAnArchive``,
    ``StoreNewer``, ``StoreInUse``, ``DiskFull``.
    """
    if is_open(folder):
        raise StoreInUse()
    staging, path = folder / "staging", folder / FILE_NAME
    fresh = staging / f"{secrets.token_hex(8)}.duckdb"
    with faults.plain(str(folder), FILE_NAME):
        try:
            staging.mkdir(parents=True, exist_ok=True)
            if path.exists():
                check_free(folder)
            read_archive(source, staging, fresh, progress)
            kept = folder / f"damaged-{dt.datetime.now():%Y%m%d-%H%M%S-%f}.duckdb"
            for part, other in ((files.log_of(path), files.log_of(kept)), (path, kept)):
                if part.exists():
                    os.replace(part, other)
            os.replace(fresh, path)
        except OSError as error:
            raise no_room(error, folder) from None
        finally:
            files.remove(fresh)


def unpack_bytes(data: bytes, name: str, folder: Path) -> None:
    """``unpack`` an archive's bytes; ``name`` is only shown."""
    with tempfile.TemporaryDirectory(prefix="omni-restore-") as room:
        held = Path(room) / f"given{SUFFIX}"
        with faults.plain(room, FILE_NAME):
            held.write_bytes(data)
        try:
            unpack(held, folder)
        except NotAnArchive as error:
            raise NotAnArchive(**{**error.values, "name": name}) from None
