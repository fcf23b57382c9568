"""Ads: a file of one row a person: its columns, what came of each person, what to leave."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _
from omni_core.targeting import own, own_case, own_words
from omni_core.targeting.model import KINDS
from pages.ui import ads_blind, cached, shell, widgets


def case(ws: Any) -> tuple[Any, Any]:
    """The case of an uploaded file; its cache key: what is foreseen, model, without age and gender.

    Stops the page until there is one.
    """
    st.markdown(_("One row a person: for example age, gender, interests and whether they bought. "
                  "The file is read for this page only and kept nowhere."))
    dropped = st.file_uploader(_("A file with one row a person"), type=None, key="ads_file",
                               label_visibility="collapsed")
    if dropped is None:
        st.stop()
    data = dropped.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    try:
        table = cached.resource(ws, ("ads_table", digest),
                                lambda: ws.read_table(data=data, name=dropped.name))
        columns = cached.resource(ws, ("ads_columns", digest), lambda: own.describe(table))
    except OmniError as error:
        st.warning(shell.literal(error))
        st.stop()
    widgets.show(own_words.column_table(columns, *_so_far(columns, digest)), "ads_columns")
    chosen = _chosen(table, columns, digest)
    folded = st.expander(_("How it is learned"))
    with folded:
        kind = widgets.choose(st.selectbox, _("Model"), KINDS, next(iter(KINDS)), "ads_own_model",
                              lambda k: _(KINDS[k]))
        blind = ads_blind.asked()

    def learned(blind: bool) -> Any:
        return cached.resource(ws, ("ads_case", (digest, chosen), kind, blind),
                               lambda: _made(ws, table, columns, chosen, kind, blind))

    try:
        made = learned(blind)
    except OmniError as error:
        st.warning(shell.literal(error))
        st.stop()
    with folded:
        widgets.note(shell.literal(own_words.rows_words(made)))
    if blind:
        ads_blind.price(made, lambda: learned(False))
    return made, ((digest, chosen), kind, blind)


def _so_far(columns: Any, digest: str) -> tuple[Any, Any]:
    """Outcome and columns known only afterwards, as they were chosen before this run."""
    mark = digest[:8]
    outcome = st.session_state.get(f"ads_outcome_{mark}", own.guess_outcome(columns))
    return outcome, st.session_state.get(f"ads_after_{mark}_{outcome}", ())


def _chosen(table: Any, columns: Any, digest: str) -> tuple[Any, ...]:
    """Outcome, what means yes, who each row is, the date, and what is known only afterwards."""
    able = [c.name for c in columns if c.kind in own.OUTCOMES]
    if not able:
        st.warning(_("No column of this file can say what came of each person."))
        st.stop()
    guess = own.guess_outcome(columns)
    mark = digest[:8]  # another file begins anew
    left, right = st.columns(2)
    outcome = left.selectbox(
        _("Which column says what came of each person?"), able, key=f"ads_outcome_{mark}",
        index=None if guess is None else able.index(guess),
        placeholder=_("choose a column"))
    if outcome is None:
        st.info(_("Choose the column with the outcome: bought or not, clicked or not, or a number "
                  "such as a rating."))
        st.stop()
    column = next(c for c in columns if c.name == outcome)
    yes: tuple[str, ...] = ()
    at_least = None
    with right:
        if column.levels:
            values = own.values_of(table, outcome)
            yes = tuple(st.multiselect(
                _("Which values mean yes?"), list(values), default=own.guess_yes(values),
                key=f"ads_yes_{mark}_{outcome}",
                placeholder=_("choose one or more")))
            if not yes and column.kind != "same":
                st.info(_("Say which values mean yes."))
                st.stop()
            if rest := own_words.no_words(values, yes):
                widgets.note(shell.literal(rest))
        else:
            at_least = st.number_input(
                _("Yes means at least"), value=own.middle(table, outcome),
                key=f"ads_least_{mark}_{outcome}", placeholder=_("a number"))
            if at_least is None:
                st.stop()
    after, who, when = st.columns(3)
    known_after = tuple(after.multiselect(
        _("Known only afterwards"), [c.name for c in columns if c.name != outcome],
        key=f"ads_after_{mark}_{outcome}",
        placeholder=_("none"), help=_(
            "Columns that were filled in after the outcome, such as the length of the call that "
            "sold. They would make the score look better than it is.")))
    names = [c.name for c in columns if c.name != outcome]
    first = own.guess_id(columns)
    id_column = who.selectbox(
        _("Who each row is"), names, key=f"ads_id_{mark}",
        index=names.index(first) if first in names else None, placeholder=_("the row's number"))
    dates = [c.name for c in columns if c.kind == "date"]
    day = when.selectbox(
        _("When it was"), dates, key=f"ads_when_{mark}", index=None,
        placeholder=_("no date"), disabled=not dates,
        help=_("With a date the latest are tried on; without one people are divided at random."))
    return outcome, yes, at_least, known_after, id_column, day


def _made(ws: Any, table: Any, columns: Any, chosen: tuple[Any, ...], kind: str, blind: bool
          ) -> Any:
    outcome, yes, at_least, known_after, id_column, day = chosen
    with st.spinner(_("Learning from your file …")):
        y = own.outcomes(table, outcome, yes, at_least)
        rows = own_case.own_rows(table, columns, outcome, y, id_column, day)
        return own_case.own_case(ws, table, columns, rows, y, id_column, outcome, kind,
                                 known_after, blind)
