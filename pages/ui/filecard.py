"""One card per file she drops: what it is, what was read, what is asked, and the import."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.columns import ROLES, TABLES
from omni_core.i18n import N_, _, day, ngettext, number
from omni_core.ingest.messages import sentence
from omni_core.ingest.report import with_reasons
from pages.ui import cached, shell, widgets

DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}
OPTIONS = {"year first": N_("Year first: 26-12-31"),
           "day first": N_("Day first: 31/12/2026"), "month first": N_("Month first: 12/31/2026"),
           ".": N_("Point: 1,234.50"), ",": N_("Comma: 1.234,50")}
MARKS = {"ready": ":blue-badge", "imported": ":green-badge", "needs_answers": ":orange-badge",
         "refused": ":red-badge", "already_imported": ":gray-badge"}


def inspect(ws: Any, file: Any) -> Any:
    """The report on an uploaded file with the answers given so far; read again when they change."""
    answers = _answers(file)

    def read() -> Any:
        with st.spinner(_("Reading {name} …").format(name=shell.literal(file.name))):
            return ws.inspect(data=file.getvalue(), name=file.name, answers=answers)

    return cached.resource(ws, ("inspect", file.file_id, tuple(sorted(answers.items()))), read)


def take(ws: Any, file: Any) -> Any:
    """Import an uploaded file with the answers given, with progress in words."""
    bar = st.progress(0.0, _("Reading {name} …").format(name=shell.literal(file.name)))
    words = _("Importing {name} …").format(name=shell.literal(file.name))
    report = ws.import_file(data=file.getvalue(), name=file.name, answers=_answers(file),
                            progress=lambda share: bar.progress(min(share, 1.0), words))
    bar.empty()
    return report


def draw(ws: Any, file: Any, report: Any) -> bool:
    """Draw the card; returns whether its own import button was pressed."""
    # after its own import a file is "already imported": say so only of one that came before
    mine = st.session_state.get(f"imported_{file.file_id}")
    if report.status != "already_imported":
        mine = None
    with st.container(border=True, key=f"card_{file.file_id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{shell.literal(file.name)}**", width="stretch")
            status = "imported" if mine is not None else report.status
            words = sentence("status_" + status)
            st.markdown(f"{MARKS[status]}[{words}]", width="content")
        st.caption(" · ".join(_facts(report)))
        if report.status == "refused":
            st.error(shell.literal(report.message))
        elif mine is not None:
            st.success(ngettext("{n} row imported", "{n} rows imported", mine).format(
                n=number(mine)))
        elif report.status == "already_imported":
            st.info(shell.literal(report.message))
        for question in report.questions:
            _ask(file, report, question)
        if len(report.preview) and report.status != "already_imported":
            st.dataframe(report.preview, hide_index=True, key=f"preview_{file.file_id}")
            _columns(file, report)
        return report.status == "ready" and _ready(file, report)


def _facts(report: Any) -> list[str]:
    facts = []
    if report.table:
        facts.append(_(TABLES[report.table].label))
    if report.encoding:
        facts.append(_("encoding {encoding}").format(encoding=report.encoding.upper()))
    if report.delimiter in DELIMITERS:
        facts.append(_("separated by {delimiter}").format(
            delimiter=_(DELIMITERS[report.delimiter])))
    if report.rows_in:
        facts.append(ngettext("{n} row", "{n} rows", report.rows_in).format(
            n=number(report.rows_in)))
    return facts


def _ready(file: Any, report: Any) -> bool:
    cleaned = int(report.cleaned["count"].sum()) if len(report.cleaned) else 0
    with st.container(horizontal=True):
        st.metric(_("Rows in the file"), number(report.rows_in))
        st.metric(_("Will be imported"), number(report.accepted))
        st.metric(_("Cells repaired"), number(cleaned))
        st.metric(_("Left out on purpose"), number(report.excluded))
        st.metric(_("Can't be used"), number(report.rejected))
    st.markdown("\n".join("- " + shell.literal(note) for note in report.notes))
    details(report, file.file_id)
    return st.button(_("Import this file"), type="primary", key=f"import_{file.file_id}")


def details(report: Any, key: str) -> None:
    """What was repaired, left out and rejected, with words for each code."""
    if len(report.cleaned) or report.exclusions:
        with st.expander(_("What was repaired or left out")):
            st.dataframe(
                [{_("Column"): column, _("What was done"): sentence(code), _("Cells"): count}
                 for column, code, count in report.cleaned.itertuples(index=False)]
                + [{_("Column"): _("(whole row)"), _("What was done"): sentence(code),
                    _("Cells"): count} for code, count in report.exclusions.items()],
                hide_index=True, key=f"cleaned_{key}")
    rejects(report.rejects, key)


def rejects(frame: Any, key: str) -> None:
    """The rows that can't be used: line, column, reason, cell; to download, mend, bring again."""
    if not len(frame):
        return
    words = with_reasons(frame)
    with st.expander(ngettext("{n} row that can't be used", "{n} rows that can't be used",
                              len(frame)).format(n=number(len(frame)))):
        st.dataframe(words.head(200), hide_index=True, key=f"rejects_{key}",
                     column_config=_reject_headings())
        widgets.download(words, "rejected_rows.csv", _("Download the rows that can't be used"),
                         f"rejects_csv_{key}")


def _reject_headings() -> dict[str, Any]:
    return {"line": st.column_config.NumberColumn(_("Line"), format="localized"),
            "column": _("Column"), "reason": _("Why"), "value": _("Cell")}


def _ask(file: Any, report: Any, question: Any) -> None:
    key = f"ask_{file.file_id}_{question.field}"
    st.markdown(f"**{shell.literal(question)}**")
    labels = OPTIONS if question.code != "table" else {n: t.label for n, t in TABLES.items()}
    st.selectbox(
        _("Your answer"), question.options, index=None, key=key,
        format_func=lambda o: _(labels.get(o, o)) if question.code != "role" else o,
        placeholder=_("Please choose"), label_visibility="collapsed",
        on_change=_answer, args=(file.file_id, question.field, key))


def _columns(file: Any, report: Any) -> None:
    """Which column means what: every role of the table, corrected by dropdown."""
    guesses = {g.role: g for g in report.mapping}
    doubtful = any(g.confidence < 1 for g in report.mapping)
    answers = _answers(file)
    with st.expander(_("Which column means what"), expanded=doubtful and not report.questions):
        if report.table:
            _pick(file, "table", _("What the file holds"), tuple(TABLES), report.table,
                  lambda t: _(TABLES[t].label))
        options = ("", *dict.fromkeys(c for c in report.columns if c))
        slots = st.columns(3)
        roles = TABLES[report.table].roles if report.table else ()
        for place, role in enumerate(roles):
            guess = guesses.get(role)
            now = answers.get(role, guess.column if guess else "")
            with slots[place % 3]:
                _pick(file, role, _(ROLES[role].label), options, now,
                      lambda c: c or _("not in this file"),
                      _("because {reason}").format(reason=sentence(guess.reason))
                      if guess else None)


def _pick(file: Any, field: str, label: str, options: tuple, now: str, words: Any,
          tip: str | None = None) -> None:
    key = f"role_{file.file_id}_{field}"
    st.session_state[key] = now if now in options else options[0]
    st.selectbox(label, options, key=key, format_func=words, help=tip, on_change=_answer,
                 args=(file.file_id, field, key))


def _answers(file: Any) -> dict[str, str]:
    return dict(st.session_state.get(f"answers_{file.file_id}", {}))


def _answer(file_id: str, field: str, key: str) -> None:
    answers = dict(st.session_state.get(f"answers_{file_id}", {}))
    value = st.session_state[key]
    if field == "table":
        answers = {}  # other columns matter to another kind of table
    elif value:  # a column means one thing; what was chosen last counts
        answers = {f: v for f, v in answers.items() if v != value or f not in ROLES}
    answers[field] = value if value is not None else ""
    st.session_state[f"answers_{file_id}"] = answers


def history(ws: Any, undo: bool = True) -> None:
    """The imports so far, each with its counts, its rejects and (``undo``) a way back."""
    imports = ws.imports()
    for row in imports.itertuples(index=False):
        with st.container(border=True, key=f"past_{row.import_id}"), st.container(
            horizontal=True, vertical_alignment="center"
        ):
            with st.container(width="stretch"):
                st.markdown(f"**{shell.literal(row.file_name)}**")
                st.caption(" · ".join([
                    _(TABLES[row.table].label), day(row.imported_at),
                    _("{n} imported").format(n=number(row.accepted)),
                    _("{n} left out").format(n=number(row.excluded)),
                    _("{n} not usable").format(n=number(row.rejected))]))
            if undo:
                _undo(ws, int(row.import_id))
        if row.rejected:
            rejects(ws.rejects(int(row.import_id)), f"past_{row.import_id}")


def _undo(ws: Any, import_id: int) -> None:
    with st.popover(_("Undo")):
        st.markdown(_("Take this file's rows out again? Rows that a later file had too stay in."))
        if st.button(_("Undo this import"), key=f"undo_{import_id}"):
            with st.spinner(_("Taking the rows out …")):
                ws.undo(import_id)
            st.rerun()
