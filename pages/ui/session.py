"""Which workspace is open and in which language; nothing else about data is kept in the session."""

from __future__ import annotations

import contextlib
from pathlib import Path

import streamlit as st

from omni_core import home
from omni_core.errors import BadParameter, OmniError
from omni_core.i18n import LANGUAGES, set_language
from omni_core.sample import is_sample_folder, open_sample
from omni_core.small_cells import DEFAULT_K
from omni_core.workspace import Workspace
from pages.ui import link

_FOLDER = "omni_folder"  # session_state: the folder open in this tab
SHOP = "shop"  # link: the random name of the open shop's folder, where she has several
LANGUAGE = "lang"  # session_state and link: the language switch


def browser_language() -> str:
    """The language of the browser: Chinese for any zh locale, else English."""
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def apply_language() -> str:
    """Set the language of this run (a context variable) from the switch, else the browser."""
    code = st.session_state.get(LANGUAGE)
    if code not in LANGUAGES:
        code = browser_language()
    set_language(code)
    return code


@st.cache_resource(scope="session", max_entries=3, show_spinner=False,
                   on_release=lambda ws: ws.close())
def _open(folder: str, _timezone: str | None = None) -> Workspace:
    try:
        return Workspace.open(folder, timezone=_timezone, small_cells=DEFAULT_K)
    except BadParameter:  # a browser's zone that this computer doesn't know
        return Workspace.open(folder, small_cells=DEFAULT_K)


def folder() -> Path:
    """The folder open in this tab: the session's, the link's, the one opened last, a new one."""
    kept = st.session_state.get(_FOLDER)
    if kept is None or not Path(kept).is_dir():
        kept = _of_link() or home.last_opened() or _own()
        st.session_state[_FOLDER] = str(kept)
    return Path(kept)


def _of_link() -> Path | None:
    """The shop that the link names, so that a reload stays in it whatever other tabs opened.

    The name is only compared with those of her shops: nothing of a link becomes a path.
    """
    asked = st.query_params.get(SHOP)
    return next((s.folder for s in home.shops() if s.listed and s.folder.name == asked), None)


def workspace() -> Workspace:
    """Open the workspace of this tab; a new tab and a restart come back to the last one."""
    path = folder()
    ws = _use(path, remember=home.last_opened() is None)
    several = not is_sample() and len(home.workspaces()) > 1
    link.write(SHOP, path.name if several else None)
    return ws


def _use(path: Path, remember: bool = True) -> Workspace:
    # the browser's zone is the shop's until she says otherwise; a stored workspace keeps its own
    zone = None if path.is_dir() else st.context.timezone
    ws = _open(str(path), zone)
    if remember:  # only on a turn: two tabs with two shops would else write it in each run
        home.remember(path)
    st.session_state[_FOLDER] = str(path)
    return ws


def _own() -> Path:
    found = home.workspaces()
    return found[0] if found else home.new_workspace()


def own_has_data() -> bool:
    """Whether she has a workspace of her own with something in it, or with a damaged store."""
    found = home.workspaces()
    try:
        return bool(found) and any(_open(str(found[0])).counts().values())
    except OmniError:
        return True


def use_own() -> Workspace:
    """Turn to her own workspace (the latest; a new one if there is none)."""
    return _use(_own())


def use_new(name: str = "") -> Workspace:
    """Turn to a new, empty workspace; the others stay on disk."""
    folder = home.new_workspace()
    ws = _use(folder)
    if name:
        home.rename(folder, name)
    return ws


def use(folder: Path) -> None:
    """Turn to a workspace of hers; one that can't be opened says so when the page is drawn."""
    st.session_state[_FOLDER] = str(folder)
    with contextlib.suppress(OmniError):
        _use(folder)


def take_off_list(folder: Path) -> None:
    """Take a shop off the list; where it is open, turn to the one opened before it."""
    home.put_on_list(folder, False)
    if folder.resolve() == Path(st.session_state.get(_FOLDER, "")).resolve():
        use(_own())


def use_sample(progress=None) -> Workspace:
    """Turn to the sample shop, built on first use."""
    path = open_sample(progress)
    return _use(path)


def is_sample(ws: Workspace | None = None) -> bool:
    """Whether the open workspace (or ``ws``) is the sample shop."""
    return is_sample_folder(Path(ws.path) if ws is not None else folder())
