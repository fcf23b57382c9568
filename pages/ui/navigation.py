"""The list of pages, shared by ``app.py`` and by a page that a deep link opened before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from omni_core.i18n import N_, _

_PAGES = Path(__file__).parent.parent
_FIRST = "start"
# section -> pages: (file name = url path, title)
_SECTIONS = {
    "": (("start", N_("Start")), ("data", N_("Data")), ("privacy", N_("Privacy and backups"))),
    N_("Understand"): (("behaviour", N_("Behaviour")), ("customers", N_("Your customers"))),
    N_("Act"): (
        ("recommend", N_("Recommend")), ("service", N_("Service")), ("targeting", N_("Ads")),
    ),
}


def path(name: str) -> str:
    """The page's file, as ``st.page_link`` and ``st.switch_page`` take it."""
    return f"pages/{name}.py"


def title(name: str) -> str:
    """The page's name in the navigation."""
    return next(_(t) for pages in _SECTIONS.values() for n, t in pages if n == name)


def navigation() -> Any:
    """Register the pages in the current language and return the one asked for.

    No icons: Streamlit would fetch a page's icon from a foreign host for the browser's tab.
    """
    pages = {
        _(section): [
            st.Page(_PAGES / f"{name}.py", title=_(words), default=name == _FIRST,
                    url_path="home" if name == _FIRST else name)
            for name, words in named
            if exists(name)
        ]
        for section, named in _SECTIONS.items()
    }
    # The first page lies at "/"; whoever types its name gets it too, not "page not found".
    pages[""].append(
        st.Page(_PAGES / f"{_FIRST}.py", title=title(_FIRST), url_path=_FIRST, visibility="hidden"))
    return st.navigation(pages, expanded=True)


def exists(name: str) -> bool:
    """Whether the page's file is there."""
    return (_PAGES / f"{name}.py").is_file()
