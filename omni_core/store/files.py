"""The files of a store: the database, its log, and the old ones while a fresh store takes over.

A replacement moves the old file away first and its log after it, then the fresh file comes; the
way back is the same in reverse. So wherever it is cut off: without a file under the store's name
the old one counts, and with one there the fresh one does, if it can be opened.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from omni_core.errors import DiskFull, StoreDamaged, StoreInUse, is_disk_full

FILE_NAME = "omni.duckdb"
_PREPARED = "prepared"  # a folder beside it, of what can be counted anew


def holds_store(folder: Path) -> bool:
    """Whether a folder is a workspace, be it that its store was set aside a moment ago."""
    path = folder / FILE_NAME
    return path.exists() or _aside(path).exists()


def log_of(path: Path) -> Path:
    """Return where the engine keeps what it has not yet written into a store's file."""
    return Path(f"{path}.wal")


def prepared(path: Path) -> Path:
    """Return where tables that were made ahead of the questions lie, beside a store's file."""
    return path.with_name(_PREPARED) / f"{_PREPARED}.duckdb"


def remove(path: Path) -> None:
    """Delete a store's file with its log, if they are there."""
    log_of(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def set_aside(path: Path) -> None:
    """Move a closed store out of the way of the one that replaces it."""
    aside = _aside(path)
    os.replace(path, aside)
    if log_of(path).exists():
        os.replace(log_of(path), log_of(aside))


def put_back(path: Path) -> bool:
    """Give a store its old file again, if one was set aside; says whether one was."""
    aside = _aside(path)
    if not aside.exists():
        return False
    if path.exists():  # a fresh store that can't be used
        remove(path)
    if log_of(aside).exists():
        os.replace(log_of(aside), log_of(path))
    os.replace(aside, path)
    return True


def drop_aside(path: Path) -> None:
    """Delete what was set aside: the fresh store is open and in use."""
    with contextlib.suppress(OSError):  # next time it is opened
        remove(_aside(path))


def copy_store(folder: Path, target: Path) -> None:
    """Copy a store that another program may hold into a folder. Raises ``StoreInUse``.

    The copy counts only if the files didn't change while they were read.
    """
    parts = [folder / FILE_NAME, log_of(folder / FILE_NAME)]

    def state() -> list[tuple[int, int] | None]:
        return [(p.stat().st_size, p.stat().st_mtime_ns) if p.exists() else None for p in parts]

    for _ in range(5):
        before = state()
        if before[0] is None:
            raise StoreDamaged(name=FILE_NAME)
        try:
            for path in parts:
                (target / path.name).unlink(missing_ok=True)
                if path.exists():
                    shutil.copyfile(path, target / path.name)
        except OSError as error:
            if is_disk_full(error):
                raise DiskFull(folder=str(target)) from None
            raise StoreInUse() from None  # Windows gives nobody else a look at it
        if state() == before:
            return
        time.sleep(0.2)
    raise StoreInUse()


def sweep(staging: Path) -> None:
    """Delete what an import, a backup or a replacement left when it was cut off."""
    for left in staging.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _aside(path: Path) -> Path:
    return path.with_suffix(".before")
