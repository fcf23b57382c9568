"""The list of pages, shared by ``app.py`` and by a page that a deep link opened before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from omni_core.i18n import N_, _

_PAGES = Path(__file__).parent.parent
# section -> pages: (file name = url path, title)
_SECTIONS = {
    "": (("start", N_("Start")), ("data", N_("Data"))),
    N_("Understand"): (("behaviour", N_("Behaviour")),),
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
    return st.navigation(
        {
            _(section): [
                st.Page(
                    _PAGES / f"{name}.py", title=_(words), url_path=name, default=name == "start"
                )
                for name, words in pages
                if exists(name)
            ]
            for section, pages in _SECTIONS.items()
        },
        expanded=True,
    )


def exists(name: str) -> bool:
    """Whether the page's file is there."""
    return (_PAGES / f"{name}.py").is_file()
