"""The report on a file: a sentence, the money step by step, what was done to it, what is left."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _, money, ngettext, number
from omni_core.ingest import telling
from omni_core.ingest.report import with_reasons
from pages.ui import shell, widgets
from pages.ui.desk import Desk, Source

MOST_SHOWN = 200


def first(report: Any, currency: str) -> None:
    """The sentence that comes first, what the file says of its sum, and what it can't support."""
    st.markdown(f"**{telling.summary(report)}**")
    for total in report.totals:
        words = shell.literal(telling.total_sentence(total, currency))
        (st.warning if total.gap else st.markdown)(words)
    limits, doubts, _others = telling.sort_notes(report)
    if limits:
        st.info("\n\n".join(shell.literal(n) for n in limits))
    if doubts:
        st.warning("\n\n".join(shell.literal(n) for n in doubts))


def details(desk: Desk, source: Source, report: Any, currency: str) -> None:
    """All the rest, folded: the money step by step, each step with its switch, rejects, remarks."""
    for total in report.totals:
        code = total.currency or currency
        label = _("From your file's sum to the revenue") + (
            f" ({shell.literal(code)})" if len(report.totals) > 1 else "")
        with st.expander(label, expanded=bool(total.gap)):
            steps = telling.bridge(total)
            # of text, not of cells: on a phone the words wrap and no amount is cut off
            st.table({_("Step"): [shell.literal(words) for words, _amount in steps],
                      _("Amount"): [shell.literal(money(float(amount), code))
                                    for _words, amount in steps]},
                     border="horizontal", hide_index=True)
    _steps(desk, source, report)
    if report.status != "already_imported":
        rejects(report.rejects, source.id, report.to_mend, whole=report.status == "refused")
    remarks = telling.sort_notes(report)[2]
    if remarks:
        with st.expander(_("Also noted")):
            st.markdown("\n".join("- " + shell.literal(note) for note in remarks))


def _steps(desk: Desk, source: Source, report: Any) -> None:
    """What was repaired or left out: each step with its count, and a switch where there is one."""
    told = desk.told(source)
    steps = telling.steps(report, told)
    live = report.status != "imported"
    off = any(not s.on for s in steps)
    if not steps or report.status in ("refused", "needs_answers") and not off:
        return  # a file that can't be read yet is left out as a whole, as its badge says
    with st.expander(_("What was repaired or left out"), expanded=off and live):
        if live and any(s.switch for s in steps):
            st.caption(_("Switch a step off, and the file is read again without it."))
        for step in steps:
            words = _step_words(step)
            if not (step.switch and live):
                st.markdown("- " + words)
                continue
            key = f"step_{source.id}_{step.code}"
            st.session_state[key] = step.on
            st.toggle(words, key=key, on_change=_switch, args=(desk, source.id, step.code, key))


def _step_words(step: telling.Step) -> str:
    words = f"{step.words}: {number(step.count)}" if step.on else (
        _("{step}: switched off").format(step=step.words))
    return shell.literal(words + (f" ({', '.join(step.columns)})" if step.columns else ""))


def _switch(desk: Desk, source_id: str, code: str, key: str) -> None:
    desk.answer(source_id, f"step:{code}", "on" if st.session_state[key] else "off")


def rejects(frame: Any, key: str, to_mend: Any = None, *, whole: bool = False) -> None:
    """The rows that can't be used: line, column, reason, cell; to download, mend, bring again.

    ``whole``: the file is refused because of them, so there are no good rows to bring without them.
    """
    if not len(frame):
        return
    words = with_reasons(frame)
    with st.expander(ngettext("{n} row that can't be used", "{n} rows that can't be used",
                              len(frame)).format(n=number(len(frame)))):
        st.dataframe(words.head(MOST_SHOWN), hide_index=True, key=f"rejects_{key}",
                     column_config=_headings())
        if len(frame) > MOST_SHOWN:
            st.caption(_("The first {n} are shown; the download has more.").format(
                n=number(MOST_SHOWN)))
        if whole:
            st.markdown(_(
                "As long as so many rows can't be used, nothing of the file can be imported. "
                "Choose another column under “Which column means what”, or mend these cells in the "
                "file itself and drop it here again."))
        if whole or to_mend is None or not len(to_mend):
            widgets.download(words, "rejected_rows.csv", _("Download the rows that can't be used"),
                             f"rejects_csv_{key}")
            return
        st.markdown(_(
            "To get them in: download them, mend the cells in Excel or WPS (the first three "
            "columns say where and why), save as CSV, and drop that file here. The good rows don't "
            "have to wait for it, and nothing is counted twice."))
        if len(to_mend) < len(frame):
            st.caption(_("The download has the first {n} rows.").format(n=number(len(to_mend))))
        widgets.download(to_mend, "rows_to_mend.csv", _("Download the rows to mend"),
                         f"mend_csv_{key}")


def _headings() -> dict[str, Any]:
    return {"line": st.column_config.NumberColumn(_("Line"), format="localized"),
            "column": _("Column"), "reason": _("Why"), "value": _("Cell")}
