"""Where things stand on the recommend page: knobs, list and quality in one view at any width.

Side by side the knobs stay in place while the rest scrolls. Where that would be too narrow, on a
phone, the answers come first and the knobs are a bar at the lower edge of the window: one line with
the setting in words, which opens to a low panel that scrolls in itself, under the answers it moves.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _

_STYLE = """<style>
.st-key-rc_desk { container: lab / inline-size; }
.st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
  flex-wrap: nowrap; align-items: flex-start; gap: 1.5rem; }
.st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
  > [data-testid="stColumn"] { flex: 1 1 0; min-width: 0; }
.st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
  > [data-testid="stColumn"]:first-child {
  flex: 0 0 clamp(190px, 30cqw, 280px); position: sticky; top: 3.75rem; z-index: 3;
  max-height: calc(100vh - 4.5rem); overflow-y: auto; overscroll-behavior: contain;
  padding: 0 0.75rem 0.5rem 0.25rem; }
[data-testid="stLayoutWrapper"]:has(> .st-key-rc_bar) { display: none; }
.st-key-rc_pick [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; gap: 0.9rem; }
.st-key-rc_pick [data-testid="stColumn"] { flex: 1 1 0; min-width: 0; }
.st-key-rc_pick [data-testid="stColumn"]:last-child { flex-grow: 2; }
@container lab (max-width: 519px) {
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-wrap: wrap; }
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
    > [data-testid="stColumn"] { flex: 1 0 100%; }
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
    > [data-testid="stColumn"]:first-child {
    order: 2; flex: 1 0 100%; position: sticky; top: auto; bottom: 0; max-height: 42vh;
    background: var(--lab-page, Canvas); border: 1px solid rgba(138,143,152,0.35);
    border-radius: 8px 8px 0 0; box-shadow: 0 -4px 14px rgba(0,0,0,0.14); padding: 0 0.75rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-rc_bar) { display: block; position: sticky; top: 0;
    z-index: 4; padding: 0.6rem 0; background: var(--lab-page, Canvas); }
  .st-key-rc_bar [data-testid="stCaptionContainer"] p { white-space: nowrap; overflow: hidden;
    text-overflow: ellipsis; }
  .st-key-rc_desk [data-testid="stColumn"]:first-child:not(:has(.st-key-rc_adjust input:checked))
    .st-key-rc_knobs { display: none; }
}
.st-key-rc_figures { display: grid; gap: 0.6rem 0.9rem;
  grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); }
.st-key-rc_figures > div { width: auto; }
.st-key-rc_figures [data-testid="stMetricValue"] { font-size: 1.25rem; line-height: 1.4; }
.st-key-rc_figures [data-testid="stMetricLabel"] p { font-size: 0.85rem; }
.st-key-rc_figures [data-testid="stMetric"] { padding: 0; }
.st-key-rc_figures [data-testid="stMetric"] + div,
.st-key-rc_figures [data-testid="stCaptionContainer"] p { font-size: 0.75rem; line-height: 1.35; }
.st-key-rc_presets button { padding: 0.15rem 0.55rem; min-height: 2rem; }
.st-key-rc_list [data-testid="stMarkdownContainer"] p,
.st-key-rc_past [data-testid="stMarkdownContainer"] p { line-height: 1.45; }
</style>"""


def desk() -> tuple[Any, Any, Any]:
    """The bar of a phone (see ``bar``), the knobs, and what they move."""
    with st.container(key="rc_desk"):
        st.html(_STYLE)
        side, main = st.columns([1, 2])
    with side:
        return st.container(key="rc_bar", gap=None), st.container(key="rc_knobs"), main


def bar(place: Any, words: str) -> None:
    """Fill the bar: the setting in words, and a switch that shows the knobs; seen on a phone only.

    The switch is the browser's matter: nothing depends on it here.
    """
    with place:
        st.toggle(_("Change the setting"), key="rc_adjust")
        st.caption(words)
