"""Session-scoped caches, keyed by (workspace, revision, question); values carry no language."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

_SHELF = 12  # models and large frames kept per session
_SMALL = 200  # results of a few kilobytes


@st.cache_data(scope="session", max_entries=300, show_spinner=False)
def _query(_ws: Any, path: str, revision: str, name: str, filters: tuple) -> Any:
    return _ws.query(name, **dict(filters))


def query(ws: Any, name: str, **filters: Any) -> Any:
    """A named query's small frame; asked of the store once per revision and filters."""
    return _query(ws, str(ws.path), ws.revision, name, tuple(sorted(filters.items())))


@st.cache_resource(scope="session", show_spinner=False)
def _shelf(size: int) -> OrderedDict:
    return OrderedDict()


def resource(ws: Any, key: Hashable, build: Callable[[], Any]) -> Any:
    """What ``build`` makes (a model, a large frame), kept under (workspace, revision, key).

    ``build`` may show progress: it runs outside Streamlit's own cached functions, which can't
    replay that.
    """
    return _kept(ws, key, build, _SHELF)


def small(ws: Any, key: Hashable, build: Callable[[], Any]) -> Any:
    """What ``build`` makes, a result of a few kilobytes: many of these are kept."""
    return _kept(ws, key, build, _SMALL)


def has(ws: Any, key: Hashable) -> bool:
    """Whether ``small`` holds something under this key."""
    return (str(ws.path), ws.revision, key) in _shelf(_SMALL)


def state(ws: Any) -> tuple[str, str]:
    """What names a shop's data as they stand, for what is kept elsewhere (beside the page, say).

    It stays where only settings are saved (see ``saving``).
    """
    return str(ws.path), small(ws, "state", lambda: ws.revision)


def saving(ws: Any, save: Callable[[], Any]) -> None:
    """Save an artefact without losing what was made of the data, which stay as they are."""
    place, before = str(ws.path), ws.revision
    imports = list(ws.imports()["import_id"])
    save()
    if list(ws.imports()["import_id"]) != imports:
        return
    for size in (_SHELF, _SMALL):
        shelf = _shelf(size)
        for old in [k for k in shelf if k[:2] == (place, before)]:
            shelf[(place, ws.revision, old[2])] = shelf.pop(old)


def _kept(ws: Any, key: Hashable, build: Callable[[], Any], size: int) -> Any:
    shelf = _shelf(size)
    place = (str(ws.path), ws.revision)
    full = (*place, key)
    if full in shelf:
        shelf.move_to_end(full)
        return shelf[full]
    value = build()
    for old in [k for k in shelf if k[0] == place[0] and k[1] != place[1]]:
        shelf.pop(old, None)  # what was made from data that has since changed
    shelf[full] = value
    while len(shelf) > size:
        shelf.popitem(last=False)
    return value


def content(ws: Any, key: Hashable, build: Callable[[], Any]) -> Any:
    """What ``build`` makes from what ``key`` names in full (a hash of sentences, say).

    It outlives changes elsewhere in the store, where ``resource`` would make it anew.
    """
    shelf = _contents()
    full = (str(ws.path), key)
    if full not in shelf:
        shelf[full] = build()
        while len(shelf) > _SHELF:
            shelf.popitem(last=False)
    shelf.move_to_end(full)
    return shelf[full]


@st.cache_resource(scope="session", show_spinner=False)
def _contents() -> OrderedDict:
    return OrderedDict()
