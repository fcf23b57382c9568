"""Files in a folder of this computer that an import can read, in their place."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from omni_core.errors import FolderNotReadable

ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".gz", ".zip", ".xlsx", ".xlsm", ".xlsb", ".xls",
           ".ods", ".et")
MOST = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be imported: its path, size in bytes, and when it was changed (epoch s)."""

    path: Path
    size: int
    changed: float

    @property
    def name(self) -> str:
        """The file's name as it is shown."""
        return self.path.name


def readable_files(text: str) -> tuple[Found, ...]:
    """Return the readable files of a folder, the newest first, at most 500; of a file, itself.

    ``text`` is what a person typed: quotation marks around it and ``~`` are understood. Raises
    ``FolderNotReadable``.
    """
    typed = text.strip().strip("\"'“”").strip()
    try:
        place = Path(typed).expanduser()
        if not place.is_absolute():
            raise FolderNotReadable("not_whole", typed)
        if place.is_file():
            found = [_found(place)]
        else:
            # of each entry only what the folder itself says is looked at; none is opened
            with os.scandir(place) as entries:
                found = [*_readable(entries)]
    except PermissionError:
        raise FolderNotReadable("not_allowed", typed) from None
    except (OSError, ValueError, RuntimeError):  # NUL in the text, a name too long, no such home
        raise FolderNotReadable("not_found", typed) from None
    if not found:
        raise FolderNotReadable("no_files", typed)
    return tuple(sorted(found, key=lambda f: (-f.changed, f.name)))[:MOST]


def _readable(entries: Iterable[os.DirEntry[str]]) -> Iterator[Found]:
    for entry in entries:
        # a file that is deleted or renamed just now is one file less, not a missing folder
        with contextlib.suppress(FileNotFoundError):
            if entry.name.lower().endswith(ENDINGS) and not entry.name.startswith((".", "~$")) and (
                    entry.is_file()):
                yield _found(Path(entry.path))


def _found(path: Path) -> Found:
    about = path.stat()
    return Found(path, about.st_size, about.st_mtime)
