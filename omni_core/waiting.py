"""Files she brought that are not imported yet: kept in the workspace's folder for a day at most.

They lie under names of our own, beside a note with the name she gave, and what she answered about
them. A file goes when it is imported or taken away, when a customer is forgotten, and by itself
after a day; backups never hold it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omni_core.errors import no_room

HOURS = 24
_FOLDER = "waiting"


@dataclass(frozen=True, slots=True)
class Waiter:
    """A file that waits: its id, the name she gave it, its size in bytes and where it lies."""

    id: str
    name: str
    size: int
    path: Path
    told: Mapping[str, Any]


class Waiting:
    """The files that wait in a workspace's folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / _FOLDER

    def add(self, data: bytes | memoryview, name: str) -> str:
        """Keep a file and return its id; the same bytes under the same name are kept once.

        Raises ``DiskFull`` or ``FolderNotWritable``.
        """
        mark = hashlib.sha256(data)
        mark.update(b"\0" + name.encode("utf-8", "replace"))
        key = mark.hexdigest()[:16]
        if self._note(key).exists() and self._path(key).exists():
            return key
        try:
            self._folder.mkdir(exist_ok=True)
            half = self._folder / f"{key}.half"
            half.write_bytes(data)
            os.replace(half, self._path(key))
            # without its note a file is not listed, so the note comes last
            self._write(key, {"name": name, "since": time.time(), "told": {}})
        except OSError as error:
            for left in (self._path(key), self._note(key)):
                with contextlib.suppress(OSError):
                    left.unlink(missing_ok=True)
            raise no_room(error, self._folder.parent) from None
        finally:
            with contextlib.suppress(OSError):
                (self._folder / f"{key}.half").unlink(missing_ok=True)
        return key

    def files(self) -> tuple[Waiter, ...]:
        """Return the files that wait, in the order they came."""
        found = []
        for note in self._folder.glob("*.json"):
            try:
                about = json.loads(note.read_text("utf-8"))
                path = self._path(note.stem)
                found.append((float(about["since"]), Waiter(
                    note.stem, str(about["name"]), path.stat().st_size, path,
                    dict(about["told"]))))
            except (OSError, ValueError, KeyError, TypeError):
                continue  # taken away just now, or cut off while it came
        return tuple(waiter for _since, waiter in sorted(found, key=lambda f: (f[0], f[1].id)))

    def tell(self, key: str, told: Mapping[str, Any]) -> None:
        """Keep what was said about a file; nothing happens where it doesn't wait any more."""
        with contextlib.suppress(OSError, ValueError):
            about = json.loads(self._note(key).read_text("utf-8"))
            if about.get("told") != told:
                self._write(key, {**about, "told": dict(told)})

    def remove(self, key: str) -> None:
        """Delete a file that waits; nothing happens where there is none."""
        if key.isalnum():  # a name of ours
            for path in (self._note(key), self._path(key)):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Delete what has waited longer than ``HOURS``, and what was cut off while it came."""
        oldest = time.time() - HOURS * 3600
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    if path.stat().st_mtime < oldest:
                        path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete all files that wait."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.upload"

    def _note(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _write(self, key: str, about: Mapping[str, Any]) -> None:
        half = self._folder / f"{key}.note"
        half.write_text(json.dumps(about, ensure_ascii=True), "utf-8")
        os.replace(half, self._note(key))
