"""The frame of each page: begin, title, empty states, the sample ribbon."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from omni_core import home
from omni_core.columns import ROLES, TABLES
from omni_core.errors import OmniError
from omni_core.i18n import LANGUAGES, _
from omni_core.workspace import Workspace
from pages.ui import link, session
from pages.ui.navigation import exists, navigation, path
from pages.ui.navigation import title as page_title

_PASSED = "omni_passed"  # session_state: app.py has run in this session
_FAULT = "omni_fault"  # session_state: what went wrong in a callback
# Words in the cells of a heatmap: Streamlit draws them too grey for tinted cells, and on a phone
# cells are narrow.
_CELLS = """<style>
.js-plotly-plot:has(.hm) .textpoint text:not([style*="255, 255, 255"]) {
  fill: currentColor !important}
@media (max-width: 640px) {.js-plotly-plot:has(.hm) .textpoint text {font-size: 9px !important}}
</style>"""
_COLUMNS = """<style>
.st-key-{key} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {{
  flex-wrap: {wrap}; align-items: stretch; row-gap: 1.5rem; }}
.st-key-{key} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
  > [data-testid="stColumn"] {{ min-width: min(100%, {first}px); }}
.st-key-{key} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
  > [data-testid="stColumn"]:last-child {{ min-width: min(100%, {last}px); }}
</style>"""
# Streamlit has no words of its own for its uploader but English ones
_UPLOADER = """<style>
[data-testid="stFileUploaderDropzone"] button p,
[data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
[data-testid="stFileUploaderDropzone"] button p::after {{
  content: "{choose}"; font-size: 0.875rem; }}
[data-testid="stFileUploaderDropzoneInstructions"] span::after {{
  content: "{drop}"; font-size: 0.875rem; }}
</style>"""
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def enter() -> None:
    """Called by ``app.py`` in each run, before the navigation: the language switch."""
    with st.sidebar:
        link.choose(
            st.segmented_control,
            "Language · 语言",  # both at once: whoever needs the switch can't read the other
            LANGUAGES,
            session.browser_language(),
            session.LANGUAGE,
            LANGUAGES.__getitem__,
            always=True,
            required=True,
            width="stretch",
        )
    session.apply_language()
    with st.sidebar:
        st.caption(_("Runs on this computer. Nothing is sent."))
    st.html(_UPLOADER.format(choose=_("Choose files"), drop=_("or drop them here")))


def chosen_page() -> Any:
    """Called by ``app.py`` after ``enter``: register the navigation, return the page to run."""
    page = navigation()
    # Last: a browser's second request may cut a run off at any earlier point, and a session that
    # seems to have passed would then show Streamlit's own list of files.
    st.session_state[_PASSED] = True
    return page


def begin(page: str) -> Workspace:
    """First line of every page: guard, language, workspace, ribbon. Returns the open workspace."""
    if not st.session_state.get(_PASSED):
        # A deep link on a fresh server runs the page's file without app.py, until st.navigation
        # has been called once in the process.
        session.apply_language()
        navigation()
        st.rerun()
    session.apply_language()
    try:
        ws = session.workspace()
    except OmniError as error:
        from pages.ui import stuck  # which draws with this module

        stuck.draw(error)
    st.html(_CELLS)
    if session.is_sample(ws):
        _ribbon(page)
    else:
        _whose(ws)
    _tell_fault()
    return ws


def _whose(ws: Workspace) -> None:
    """Where she has several shops: which of them this is."""
    listed = [s for s in home.shops() if s.listed]
    if len(listed) > 1:
        mine = [s for s in listed if s.folder.resolve() == Path(ws.path).resolve()]
        for shop in mine:
            st.sidebar.caption(_("Shop: {shop}").format(shop=literal(shop_name(shop))))


def shop_name(shop: home.Shop) -> str:
    """What a shop of hers is called on the screen."""
    return shop.name or _("My shop")


def _ribbon(page: str) -> None:
    with st.container(
        key="sample_ribbon", horizontal=True, vertical_alignment="center", border=True
    ):
        st.markdown(
            ":orange-badge[**" + _("Sample") + "**] "
            + _("This is an invented shop. No figure on this page is about yours."),
            width="stretch",
        )
        if page != "start" and st.button(_("Use my own files"), key="ribbon_own"):
            go_to_own()


def open_sample() -> None:
    """Open the sample shop (built once, with words while it lasts) and show the page anew."""
    with st.status(_("Opening the sample shop …"), expanded=True) as status:
        bar = st.progress(0.0)
        session.use_sample(lambda share, words="": bar.progress(min(share, 1.0), words))
        status.update(label=_("The sample shop is open."), state="complete")
    st.rerun()


def go_to_own(page: str = "data") -> None:
    """Turn to her own workspace and to the page where files are brought in."""
    session.use_own()
    st.switch_page(path(page))


def title(heading: str, sentence: str) -> None:
    """The page's heading and the one sentence under it."""
    st.title(heading, anchor=False)
    if sentence:
        st.markdown(sentence)


def columns(
    spec: int | Sequence[float], key: str, least: tuple[int, int] = (340, 340), *,
    gap: Any = "large", last_first: bool = False,
) -> Any:
    """Two ``st.columns``, below each other where they'd be narrower than ``least`` pixels.

    Streamlit's own turn at a narrow *window* only, and an open sidebar takes half of a small one.
    ``last_first``: below each other, the last comes first.
    """
    style = _COLUMNS.format(
        key=key, first=least[0], last=least[1], wrap="wrap-reverse" if last_first else "wrap"
    )
    with st.container(key=key):
        st.html(style)
        return st.columns(spec, gap=gap)


def literal(text: Any) -> str:
    """Text from data made harmless for Markdown: each mark escaped, on one line.

    For labels, buttons and figures, too; not for what a select box offers, which is shown as it is.
    """
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def need(ws: Workspace, *tables: str, why: str) -> None:
    """Stop the page with an explanation when one of ``tables`` is empty; else do nothing.

    Says which file and which columns fill it, and offers the sample shop.
    """
    counts = ws.counts()
    missing = [t for t in tables if not counts.get(t)]
    if not missing:
        return
    with st.container(border=True, key="need"):
        st.markdown(why)
        for name in missing:
            st.markdown("- " + columns_of(name))
        with st.container(horizontal=True):
            if st.button(_("Bring a file"), type="primary", key="need_data"):
                st.switch_page(path("data"))
            sample = not session.is_sample(ws) and st.button(
                _("Look at the sample shop"), key="need_sample"
            )
        if sample:
            open_sample()
    st.stop()


def hint(text: str, *tables: str) -> None:
    """In the place of a chart: what is missing, and which file fills it."""
    st.caption(literal(text))
    for name in tables:
        st.caption(_("What fills it:") + " " + columns_of(name))


def columns_of(table: str) -> str:
    """One line of Markdown: the file that fills a table, the columns it needs and may have."""
    spec = TABLES[table]
    names = [_(ROLES[r].label) for r in spec.required]
    more = [_(ROLES[r].label) for r in spec.optional[:6]]
    text = _("**{table}**: a CSV file with the columns {required}").format(
        table=_(spec.label), required=_(", ").join(names)
    )
    if more:
        text += " " + _("(welcome: {optional})").format(optional=_(", ").join(more))
    return text


def guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Run a page or a part of one; whatever goes wrong becomes a plain sentence, never a traceback.

    ``st.stop`` and ``st.rerun`` are no ``Exception``: they pass.
    """
    try:
        function(*args, **kwargs)
    except Exception as error:
        _tell(error)


def caught(function: Callable[..., Any]) -> Callable[..., None]:
    """A callback for ``on_click`` and its like: what goes wrong in it is told on the page after it.

    A callback runs before the page, where nothing of ours stands around it.
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:
            st.session_state[_FAULT] = error

    return run


def _tell_fault() -> None:
    """Tell what went wrong in the callback that led to this run, if anything did."""
    error = st.session_state.pop(_FAULT, None)
    if error is not None:
        _tell(error)


def _tell(error: Exception) -> None:
    if isinstance(error, OmniError):
        st.error(literal(error))
        return
    logging.getLogger("omni").exception("a page failed", exc_info=error)
    st.error(
        _(
            "Something went wrong here; your data are as they were. Reload the page; if it "
            "happens again, the terminal that runs Omni shows the cause."
        )
    )


def fragment(
    function: Callable[..., Any], run_every: float | None = None
) -> Callable[..., Any]:
    """``st.fragment`` that knows the language: its reruns skip ``app.py`` and ``begin``."""

    @functools.wraps(function)
    def inside(*args: Any, **kwargs: Any) -> None:
        session.apply_language()
        _tell_fault()
        guarded(function, *args, **kwargs)

    return st.fragment(inside, run_every=run_every)


__all__ = [
    "begin", "caught", "chosen_page", "columns", "columns_of", "enter", "exists", "fragment",
    "go_to_own", "guarded", "hint", "literal", "need", "open_sample", "page_title",
    "path", "shop_name", "title",
]
