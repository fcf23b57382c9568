"""Where workspaces live on this computer, and which one was open last."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path


def home() -> Path:
    """Return Omni's folder: the environment's OMNI_HOME, else the user's data folder."""
    if given := os.environ.get("OMNI_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("Omni", appauthor=False))


def workspaces() -> list[Path]:
    """Return the folders of the user's own workspaces, the newest first."""
    root = home() / "workspaces"
    if not root.is_dir():
        return []
    found = [p for p in root.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted(found, key=lambda p: (p.stat().st_mtime, p.name), reverse=True)


def new_workspace() -> Path:
    """Return a folder for a new workspace; its name is random, never made from the user's words."""
    return home() / "workspaces" / secrets.token_hex(6)


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
    """Note ``folder`` as the one opened last; a reader sees the old note or the new, never half."""
    root = home().resolve()
    root.mkdir(parents=True, exist_ok=True)
    name = Path(folder).resolve().relative_to(root).as_posix()
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".last-", suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"folder": name}, out)
    os.replace(temporary, root / "last.json")
