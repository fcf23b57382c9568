"""Where things stand on the recommend page: knobs, list and quality in one view at any width.

Side by side the knobs stay in place while the rest scrolls; where that would be too narrow they
become a low panel on top that scrolls in itself, above the list and its figures.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

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
@container lab (max-width: 519px) {
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {
    flex-wrap: wrap; }
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
    > [data-testid="stColumn"] { flex: 1 0 100%; }
  .st-key-rc_desk > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"]
    > [data-testid="stColumn"]:first-child {
    flex: 1 0 100%; max-height: 30vh; background: var(--lab-page, Canvas);
    border: 1px solid rgba(138,143,152,0.35); border-radius: 6px; padding: 0.75rem; }
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


def desk() -> Any:
    """Two columns: the knobs, and what they move."""
    with st.container(key="rc_desk"):
        st.html(_STYLE)
        return st.columns([1, 2])
