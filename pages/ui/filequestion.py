"""What a file doesn't say is asked, one question at a time, beside rows that it is about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import N_, _, number
from omni_core.ingest import telling
from pages.ui import shell
from pages.ui.desk import Desk, Source

_WHY = {
    "role": N_("No column name says it for sure, and without it the file can't be used fully."),
    "twins": N_("These columns have one name and different cells, so only you can tell."),
    "table": N_("The columns fit more than one kind of table, or none."),
    "date_order": N_("Every date in the file is possible both ways, so only you can tell."),
    "decimal_mark": N_("Read the wrong way, amounts would be a thousand times too large or small."),
    "sheet": N_("More than one sheet looks like a table, and one file is one table."),
    "join_with": N_("Lines without buyer and time can't be counted for any shopper or day."),
    "total_of": N_("Read the wrong way, orders of several products count too much or too little."),
    "event_word": N_("The word is none that Omni knows, and most rows have it."),
}
_FEW = 6  # so many answers or fewer lie open


def ask(desk: Desk, source: Source, report: Any) -> None:
    """The first open question: its number, the reason, five rows, the answers to choose from."""
    question = report.questions[0]
    with st.container(border=True, key=f"question_{source.id}"):
        place = len(desk.asked.get(source.id, ())) + 1
        st.caption(_("Question {n}").format(n=number(place)))
        st.markdown(f"**{shell.literal(question)}**")
        why = "twins" if "twins" in question.values else question.code
        if why in _WHY:
            st.markdown(_(_WHY[why]))
        if len(report.examples):
            st.dataframe(report.examples, hide_index=True, key=f"examples_{source.id}",
                         column_config=_headings(question))
        key = f"ask_{source.id}_{question.field}"
        told = {"key": key, "index": None, "on_change": _keep, "args": (
            desk, source.id, question.field, key), "label_visibility": "collapsed",
            "format_func": lambda o: telling.option(question.code, o)}
        if len(question.options) <= _FEW and question.code != "role":
            labels = {o: shell.literal(telling.option(question.code, o)) for o in question.options}
            st.radio(_("Your answer"), question.options,
                     **{**told, "format_func": lambda o: labels[o]})
        else:
            st.selectbox(_("Your answer"), question.options, placeholder=_("Please choose"), **told)


def _headings(question: Any) -> dict[str, Any]:
    if question.code != "sheet":
        return {}
    return {"sheet": _("Sheet"), "row_1": _("First row"), "row_2": _("Second row")}


def _keep(desk: Desk, source_id: str, field: str, key: str) -> None:
    value = st.session_state[key]
    if value is not None:
        desk.answer(source_id, field, value, asked=True)
