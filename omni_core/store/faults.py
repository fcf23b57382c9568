"""What the engine says when disk, memory or file fail, as errors with sentences of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from omni_core.errors import (
    DiskFull,
    FolderNotWritable,
    OmniError,
    OutOfMemory,
    StoreDamaged,
    StoreInUse,
    is_disk_full,
)

_FULL = ("no space left", "disk full", "file too large", "quota exceeded", "not enough space",
         "max_temp_directory_size", "could not write all bytes")
_BROKEN = ("checksum", "corrupt", "invalidated", "not a valid duckdb", "could not read enough",
           "failed to deserialize", "storage")
_HELD = ("could not set lock", "conflicting lock", "being used by another process")


def told(error: BaseException, folder: str, name: str) -> OmniError | None:
    """Return the error to raise in its place, or None where the mistake is our own."""
    words = str(error).lower()
    if isinstance(error, MemoryError):
        return OutOfMemory()
    if isinstance(error, OSError) and not isinstance(error, duckdb.Error):
        return DiskFull(folder=folder) if is_disk_full(error) else None
    if not isinstance(error, duckdb.Error):
        return None
    if any(w in words for w in _FULL):
        return DiskFull(folder=folder)
    if isinstance(error, duckdb.OutOfMemoryException):
        return OutOfMemory()
    if any(w in words for w in _HELD):
        return StoreInUse()
    if isinstance(error, duckdb.IOException) and ("permission" in words or "read-only" in words):
        return FolderNotWritable(folder=folder)
    fatal = (duckdb.FatalException, duckdb.SerializationException, duckdb.IOException,
             duckdb.InternalException)
    # a block whose checksum is wrong comes as the bare root of the engine's errors
    if (isinstance(error, fatal) or type(error) is duckdb.Error) and any(
            w in words for w in _BROKEN):
        return StoreDamaged(name=name)
    if isinstance(error, duckdb.IOException):  # a file of ours that is gone, a disk that fails
        return FolderNotWritable(folder=folder)
    return None


@contextmanager
def plain(folder: str, name: str) -> Iterator[None]:
    """Raise what the engine or the disk says as an error of our own."""
    try:
        yield
    except (duckdb.Error, OSError, MemoryError) as error:
        own = told(error, folder, name)
        if own is None:
            raise
        raise own from error
