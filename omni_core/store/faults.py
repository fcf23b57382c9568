"""What the engine says when disk, memory or file fail, as errors with sentences of our own."""

from __future__ import annotations

import duckdb

from omni_core.errors import (
    DiskFull,
    FolderNotWritable,
    OmniError,
    OutOfMemory,
    StoreDamaged,
    is_disk_full,
)

_FULL = ("no space left", "disk full", "file too large", "quota exceeded", "not enough space",
         "max_temp_directory_size", "could not write all bytes")
_BROKEN = ("checksum", "corrupt", "invalidated", "not a valid duckdb", "could not read enough",
           "failed to deserialize", "storage")


def told(error: Exception, folder: str, name: str) -> OmniError | None:
    """Return the error to raise in the engine's place, or None where the mistake is our own."""
    words = str(error).lower()
    if isinstance(error, OSError) and not isinstance(error, duckdb.Error):
        return DiskFull(folder=folder) if is_disk_full(error) else None
    if any(w in words for w in _FULL):
        return DiskFull(folder=folder)
    if isinstance(error, duckdb.OutOfMemoryException):
        return OutOfMemory()
    if isinstance(error, duckdb.IOException) and ("permission" in words or "read-only" in words):
        return FolderNotWritable(folder=folder)
    fatal = (duckdb.FatalException, duckdb.SerializationException, duckdb.IOException,
             duckdb.InternalException)
    if isinstance(error, fatal) and any(w in words for w in _BROKEN):
        return StoreDamaged(name=name)
    return None
