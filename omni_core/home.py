"""Where workspaces live on this computer, what they are called, and which one was open last."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ABOUT = "about.json"  # in a workspace's folder, so that it can be told of a damaged store too
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Shop:
    """A workspace of the user's own: folder, name ("" if she gave none), last opened (local)."""

    folder: Path
    name: str
    opened: dt.datetime
    listed: bool


def home() -> Path:
    """Return Omni's folder: the environment's OMNI_HOME, else the user's data folder."""
    if given := os.environ.get("OMNI_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("Omni", appauthor=False))


def workspaces() -> list[Path]:
    """Return the folders of the user's own workspaces on her list, the last opened first."""
    return [shop.folder for shop in shops() if shop.listed]


def shops() -> list[Shop]:
    """Return the user's own workspaces, also those taken off the list, the last opened first."""
    root = home() / "workspaces"
    if not root.is_dir():
        return []
    found = [_shop(p) for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(found, key=lambda s: (s.opened, s.folder.name), reverse=True)


def new_workspace() -> Path:
    """Return a folder for a new workspace; its name is random, never made from the user's words."""
    return home() / "workspaces" / secrets.token_hex(6)


def rename(folder: Path, name: str) -> None:
    """Give a workspace a name, on one line and not too long; it is shown and means nothing else."""
    _note(folder, name=" ".join(name.split())[:LONGEST_NAME])


def put_on_list(folder: Path, listed: bool) -> None:
    """Take a workspace off the list of shops, or put it back; nothing of it is deleted."""
    _note(folder, listed=listed)


def _shop(folder: Path) -> Shop:
    told = _about(folder)
    try:
        opened = dt.datetime.fromisoformat(told["opened"])
    except (KeyError, TypeError, ValueError):
        opened = dt.datetime.fromtimestamp(folder.stat().st_mtime)
    name = told.get("name")
    return Shop(folder, name[:LONGEST_NAME] if isinstance(name, str) else "",
                opened.replace(tzinfo=None), told.get("listed") is not False)


def _about(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads((folder / _ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _note(folder: Path, **told: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _ABOUT, {**_about(folder), **told})


def _write(path: Path, told: dict[str, Any]) -> None:
    """Write a small file so that a reader sees the old one or the new, never half."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False)
    os.replace(temporary, path)


def last_opened() -> Path | None:
    """Return the folder that was open last, or None when none was or it is gone."""
    try:
        name = json.loads((home() / "last.json").read_text("utf-8"))["folder"]
        root = home().resolve()
        folder = (root / name).resolve()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # a pointer that leads out of our folder was not written by us
    return folder if folder.is_dir() and root in folder.parents else None


def remember(folder: Path) -> None:
    """Note ``folder`` as the one opened last, and a workspace of hers as on the list again."""
    root = home().resolve()
    root.mkdir(parents=True, exist_ok=True)
    real = Path(folder).resolve()
    _write(root / "last.json", {"folder": real.relative_to(root).as_posix()})
    if real.parent == root / "workspaces" and real.is_dir():
        _note(real, opened=dt.datetime.now().isoformat(), listed=True)
