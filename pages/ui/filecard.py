"""One card per file: what it is, what is asked or wrong, the report, the import."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _
from omni_core.ingest import telling
from omni_core.ingest.messages import sentence
from pages.ui import filepersonal, filequestion, filereport, fileroles, shell
from pages.ui.desk import Desk, Source

MARKS = {"ready": ":blue-badge", "imported": ":green-badge", "needs_answers": ":orange-badge",
         "refused": ":red-badge", "already_imported": ":gray-badge"}


def draw(ws: Any, desk: Desk, source: Source, report: Any, *, waiting: bool, alone: bool) -> None:
    """Draw the card. ``waiting``: its orders are here and go in first; ``alone``: the only file."""
    with st.container(border=True, key=f"card_{source.id}"):
        _head(ws, desk, source, report, waiting)
        if report is None:
            st.button(_("Read it now"), key=f"read_{source.id}", on_click=desk.unread.discard,
                      args=(source.id,))
            return
        if facts := telling.facts(report):
            st.caption(shell.literal(" · ".join(facts)))
        _remembered(desk, source, report)
        if waiting:
            st.info(_("This file lists what was in the orders of another file here. “Import all” "
                      "takes the orders first, then this one."))
        elif report.status == "refused":
            st.error(shell.literal(report.message))
        elif report.status == "already_imported":
            st.info(shell.literal(report.message))
            return
        if report.questions:
            filequestion.ask(desk, source, report)
        _answered(desk, source, report)
        if report.status in ("ready", "imported"):
            filereport.first(report, ws.currency)
        if report.status == "ready":
            fileroles.doubtful(desk, source, report)
            st.button(
                _("Import this file"), type="primary" if alone else "secondary",
                key=f"import_{source.id}", on_click=desk.line_up, args=([source.id],))
        _preview(source, report, alone)
        filereport.details(desk, source, report, ws.currency)
        if report.status != "imported" and len(report.preview):
            fileroles.every(desk, source, report)
            filepersonal.draw(desk, source, report)


def _head(ws: Any, desk: Desk, source: Source, report: Any, waiting: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{shell.literal(source.name)}**", width="stretch")
        if report is None:
            st.markdown(":gray-badge[" + _("Not read") + "]", width="content")
        elif waiting:
            st.markdown(":blue-badge[" + _("Goes in after its orders") + "]", width="content")
        else:
            words = sentence("status_" + report.status)
            st.markdown(f"{MARKS[report.status]}[{words}]", width="content")
        if source.waits:
            away = _("Close") if source.id in desk.done else _("Remove")
            st.button(away, type="tertiary", key=f"away_{source.id}", on_click=desk.put_away,
                      args=(ws, source))


def _preview(source: Source, report: Any, alone: bool) -> None:
    if not len(report.preview):
        return
    # a question shows rows of its own
    with st.expander(_("First rows of the file"), expanded=alone and not report.questions
                     and report.status != "imported"):
        st.dataframe(report.preview, hide_index=True, key=f"preview_{source.id}")


def _remembered(desk: Desk, source: Source, report: Any) -> None:
    """What was decided about such a file before and holds for this one, and how to drop it."""
    if not report.remembered:
        return
    with st.container(border=True, key=f"remembered_{source.id}"):
        decided = "; ".join(telling.decision(f, v) for f, v in report.remembered.items())
        st.markdown(_("Applied again, as you decided for such a file before:") + " "
                    + shell.literal(decided))
        if report.status != "imported":
            st.button(_("Decide anew"), key=f"anew_{source.id}", on_click=desk.answer,
                      args=(source.id, "remembered", "off"))


def _answered(desk: Desk, source: Source, report: Any) -> None:
    """What she answered so far, with a way back."""
    asked = desk.asked.get(source.id)
    told = desk.told(source)
    if report.status == "imported" or not asked:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("You answered:") + " " + shell.literal(
            "; ".join(telling.decision(f, told[f]) for f in asked if f in told)), width="content")
        st.button(_("Answer again"), type="tertiary", key=f"again_{source.id}",
                  on_click=desk.forget, args=(source.id,))
