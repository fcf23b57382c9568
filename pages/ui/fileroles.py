"""Which column means what: guesses with their reason; doubtful ones open, sure ones folded."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.columns import ROLES, TABLES
from omni_core.i18n import _, percent
from omni_core.ingest import telling
from omni_core.ingest.messages import sentence
from pages.ui import shell
from pages.ui.desk import Desk, Source

_SURE = 0.85  # a guess above this has the column's own name for it


def doubtful(desk: Desk, source: Source, report: Any) -> None:
    """The guesses that she had better look at, each with a dropdown."""
    unsure = [g for g in report.mapping if g.confidence < _SURE]
    if not unsure:
        return
    with st.container(border=True, key=f"doubtful_{source.id}"):
        st.markdown("**" + _("Please look at these guesses") + "**")
        for guess in unsure:
            _pick_role(desk, source, report, guess.role, guess)


def every(desk: Desk, source: Source, report: Any) -> None:
    """All roles of the table, folded; those that stand open above are left out."""
    guesses = {g.role: g for g in report.mapping}
    open_above = {r for r, g in guesses.items() if g.confidence < _SURE} if (
        report.status == "ready") else set()
    with st.expander(_("Which column means what")):
        if report.table:
            key = f"role_{source.id}_table"
            st.session_state[key] = report.table
            st.selectbox(
                _("What the file holds"), tuple(TABLES), key=key,
                format_func=lambda t: _(TABLES[t].label), on_change=_keep,
                args=(desk, source.id, "table", key))
        roles = TABLES[report.table].roles if report.table else ()
        for place, role in enumerate([r for r in roles if r not in open_above]):
            if place % 3 == 0:
                slots = st.columns(3)
            with slots[place % 3]:
                _pick_role(desk, source, report, role, guesses.get(role), short=True)


def _pick_role(desk: Desk, source: Source, report: Any, role: str, guess: Any,
               short: bool = False) -> None:
    options = ("", *dict.fromkeys(c for c in report.columns if c))
    now = desk.told(source).get(role, guess.column if guess else "")
    key = f"role_{source.id}_{role}"
    st.session_state[key] = now if now in options else ""
    reason = _("because {reason}; {share} sure").format(
        reason=sentence(guess.reason), share=percent(guess.confidence, 0)) if guess else None
    st.selectbox(
        _(ROLES[role].label), options, key=key, help=reason if short else None,
        format_func=lambda c: c or _("not in this file"), on_change=_keep,
        args=(desk, source.id, role, key))
    if reason and not short:
        shown = ", ".join(telling.cells(report, guess.column))
        st.caption(reason + (" · " + _("for example {cells}").format(
            cells=shell.literal(shown)) if shown else ""))


def _keep(desk: Desk, source_id: str, field: str, key: str) -> None:
    value = st.session_state[key]
    desk.answer(source_id, field, "" if value is None else value)
