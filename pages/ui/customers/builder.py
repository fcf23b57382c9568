"""The customers page on segments: plain conditions, a live count, saved for every page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core import segments as meaning
from omni_core import small_cells
from omni_core.behaviour.facts import first
from omni_core.behaviour.labels import band_name, category_names, channel_name
from omni_core.behaviour.steps import gender_name
from omni_core.customers import wording
from omni_core.customers.groups import name as group_name
from omni_core.errors import OmniError
from omni_core.i18n import N_, _
from pages.ui import cached, link, shell, widgets
from pages.ui.filters import EVERYTHING
from pages.ui.view import heading

_ROWS = "c_rows"
_START = ({"field": "orders", "operator": "at_least", "value": 2},)
_HOW = {"all": N_("all conditions"), "any": N_("any condition")}


def segments(ws: Any) -> None:
    """Build a segment, see how many it holds, save it; the saved ones."""
    heading(_("Build a segment"))
    values = small_cells.shown_rows(cached.query(ws, "condition_values"))
    categories = category_names(cached.query(ws, "top_categories", **EVERYTHING))
    rows = st.session_state.setdefault(_ROWS, [dict(c, id=n) for n, c in enumerate(_START)])
    how = link.choose(st.segmented_control, _("Shoppers who meet"), _HOW, "all", "c_how",
                      lambda h: _(_HOW[h]), required=True)
    conditions = [c for row in rows if (c := _row(row, values, categories)) is not None]
    with st.container(horizontal=True):
        st.button(_("Add a condition"), key="c_add", on_click=_add,
                  disabled=len(rows) >= meaning.MOST)
        st.button(_("Start anew"), key="c_anew", on_click=_anew)
    if conditions:
        _built(ws, meaning.Segment(tuple(conditions), how == "any"))
    _saved(ws, lambda field, value: _named(field, value, categories))


def _built(ws: Any, group: meaning.Segment) -> None:
    """How many a segment holds, its name, who they are."""
    try:
        size = first(cached.query(ws, "segment_size", segment=group))
    except OmniError as error:
        st.warning(shell.literal(error))
        return
    widgets.say(wording.size(size, ws.currency))
    _save(ws, group)
    with st.expander(_("List of people")):
        widgets.show(cached.query(ws, "segment_people", segment=group), "c_members", ws.currency)


def _row(row: dict[str, Any], values: Any, categories: dict[str, str]) -> Any:
    key = f"c_{row['id']}"
    offered = {f: s for f, s in meaning.FIELDS.items()
               if s.kind != "choice" or f in set(values["field"])}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = st.selectbox(
            _("Condition"), list(offered), list(offered).index(row["field"]), key=f"{key}_field",
            format_func=lambda f: _(offered[f].label), width=240)
        kind = offered[field].kind
        operators = meaning.OPERATORS[kind]
        operator = st.selectbox(
            _("How"), list(operators), key=f"{key}_{kind}_how",
            format_func=lambda o: _(operators[o]), width=120)
        if kind == "number":
            value: Any = st.number_input(
                _("How much"), value=float(row["value"]) if field == row["field"] else 1.0,
                min_value=0.0, max_value=1e12, step=1.0, format="%g", key=f"{key}_{field}",
                width=160)
        elif kind == "choice":
            options = list(values.loc[values["field"] == field, "value"])
            value = st.selectbox(
                _("Value"), options, key=f"{key}_{field}", width=220,
                format_func=lambda v: _named(field, v, categories))
        else:
            value = st.segmented_control(
                _("Answer"), [True, False], default=True, key=f"{key}_{field}", required=True,
                format_func=lambda v: _("yes") if v else _("no"))
        st.button(_("Remove"), key=f"{key}_remove", on_click=_remove, args=(row["id"],))
    return meaning.Condition(field, operator, value)


def _named(field: str, value: Any, categories: dict[str, str]) -> str:
    words = {"age_band": band_name, "channel": channel_name, "gender": gender_name,
             "rfm": group_name, "category": lambda c: categories.get(c, c)}
    return words.get(field, str)(value)


def _add() -> None:
    rows = st.session_state[_ROWS]
    rows.append({"field": "days_since_order", "value": 30,
                 "id": 1 + max((r["id"] for r in rows), default=-1)})


def _remove(number: int) -> None:
    st.session_state[_ROWS] = [r for r in st.session_state[_ROWS] if r["id"] != number]


def _anew() -> None:
    next_id = 1 + max((r["id"] for r in st.session_state[_ROWS]), default=-1)
    st.session_state[_ROWS] = [dict(c, id=next_id + n) for n, c in enumerate(_START)]


def _save(ws: Any, group: meaning.Segment) -> None:
    with st.form("c_save", border=False), st.container(
        horizontal=True, vertical_alignment="bottom"
    ):
        name = st.text_input(_("Name"), key="c_name", max_chars=60, width=260).strip()
        pressed = st.form_submit_button(_("Save segment"), type="primary")
    if not pressed:
        return
    taken = name in set(cached.query(ws, "filter_values").query("kind == 'segment'")["value"])
    if not name:
        st.warning(_("Give the segment a name first."))
    elif taken:
        st.warning(_("Your customers' file has a segment of that name: choose another."))
    elif any(c.field == "segment" and c.value == name for c in group.conditions):
        st.warning(_("A segment can't be a condition of itself: choose another name."))
    else:
        ws.save_artefact(meaning.KIND, name, group.as_dict())
        st.success(_("Saved: choose it as a segment on any page."))


def _saved(ws: Any, named: Any) -> None:
    names = ws.artefacts(meaning.KIND)
    if not names:
        return
    heading(_("Saved segments"))
    for place, name in enumerate(names):
        with st.container(border=True):
            try:
                group = meaning.Segment.from_dict(ws.artefact(meaning.KIND, name))
                widgets.say(f"{name}: " + wording.conditions(group, named))
                widgets.say(wording.size(first(cached.query(
                    ws, "segment_size", segment=name)), ws.currency))
            except OmniError as error:
                widgets.say(f"{name}: {error}")
            st.button(_("Delete"), key=f"c_delete_{place}",
                      on_click=shell.caught(ws.delete_artefact), args=(meaning.KIND, name))
