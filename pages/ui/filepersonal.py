"""What becomes of a file's personal columns: only a code, nothing, or kept for audiences."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _, ngettext, number
from omni_core.ingest import telling
from pages.ui import shell
from pages.ui.desk import Desk, Source


def draw(desk: Desk, source: Source, report: Any) -> None:
    """Each personal column with what becomes of it, folded; open where she decided something."""
    if not report.personal:
        return
    decided = any(f.startswith("personal") for f in {**report.remembered, **desk.told(source)})
    label = ngettext("{n} column with personal data", "{n} columns with personal data",
                     len(report.personal)).format(n=number(len(report.personal)))
    label = _("{role}: {column}").format(role=label, column=telling.fates(report.personal))
    with st.expander(label, expanded=decided):
        st.caption(_("Of addresses, phone and ID numbers only a code is kept, enough to tell that "
                     "two files mean one person. What you keep for audiences lies apart from all "
                     "else: no page, report or backup shows it unless you say so there."))
        for place, column in enumerate(report.personal):
            if place % 3 == 0:
                slots = st.columns(3)
            with slots[place % 3]:
                _pick(desk, source, column)


def _pick(desk: Desk, source: Source, column: Any) -> None:
    key = f"personal_{source.id}_{column.index}"
    options = column.fates()
    st.session_state[key] = column.fate if column.fate in options else options[0]
    st.selectbox(shell.literal(column.column or f"#{column.index + 1}"), options, key=key,
                 format_func=lambda fate: telling.fate(column, fate), on_change=_keep,
                 args=(desk, source.id, column.column, key))


def _keep(desk: Desk, source_id: str, column: str, key: str) -> None:
    desk.answer(source_id, "personal:" + column, st.session_state[key])
