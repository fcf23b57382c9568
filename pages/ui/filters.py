"""The filters that every query takes: period, channel, segment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from omni_core import small_cells
from omni_core.behaviour.sentences import channel_name
from omni_core.i18n import N_, _, day
from pages.ui import cached, link

EVERYTHING: dict[str, Any] = {"start": None, "end": None, "channel": None, "segment": None}

_PERIODS = {
    "all": N_("Everything"), "365": N_("Last 12 months"), "90": N_("Last 90 days"),
    "30": N_("Last 30 days"), "custom": N_("From … to …"),
}


def filters(ws: Any, prefix: str) -> dict[str, Any]:
    """Period, channel and segment, bound to the link: ``start``, ``end`` (exclusive), ``channel``,
    ``segment``, each None when not narrowed. Periods count back from the last day in the data."""
    first, last = span(ws)
    values = cached.query(ws, "filter_values")
    channels = _named(values, "channel")
    # a hidden segment is not offered: every number of the page would then be about those few
    segments = _named(small_cells.shown_rows(values), "segment")
    chosen = dict(EVERYTHING)
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{prefix}_filters"):
        if first is not None:
            period = link.choose(
                st.selectbox, _("Period"), _PERIODS, "all", f"{prefix}_period",
                lambda p: _(_PERIODS[p]), width=200,
                help=_("Counted back from {last}, the last day in your data.").format(
                    last=day(last)
                ),
            )
            chosen["start"], chosen["end"] = _bounds(period, first, last, prefix)
        if len(channels) > 1:
            chosen["channel"] = _one_of(
                _("Channel"), _("All channels"), channels, f"{prefix}_channel", channel_name)
        if segments:
            chosen["segment"] = _one_of(
                _("Segment"), _("All segments"), segments, f"{prefix}_segment")
    return chosen


def _named(values: Any, kind: str) -> list[str]:
    return [str(v["value"]) for v in values.to_dict("records") if v["kind"] == kind]


def _one_of(
    label: str, everything: str, names: list[str], key: str, words: Any = str
) -> str | None:
    return link.choose(
        st.selectbox, label, names, None, key, words, placeholder=everything, width=200
    )


def _bounds(period: str, first: date, last: date, prefix: str) -> tuple[date | None, date | None]:
    after = last + timedelta(days=1)
    if period == "all":
        return None, None
    if period != "custom":
        return after - timedelta(days=int(period)), None
    picked = st.date_input(
        _("Days"), value=(first, last), min_value=first, max_value=last, key=f"{prefix}_days",
        bind="query-params", width=240,
    )
    if len(picked) < 2:  # the first click of two: wait for the second
        return picked[0] if picked else None, None
    return picked[0], picked[1] + timedelta(days=1)


def span(ws: Any) -> tuple[date | None, date | None]:
    """The first and the last day in the data."""
    row = cached.query(ws, "period").to_dict("records")
    first, last = (row[0]["first"], row[0]["last"]) if row else (None, None)
    return _day(first), _day(last)


def _day(value: Any) -> date | None:
    if value is None or value != value:  # NaT differs from itself
        return None
    return value.date() if hasattr(value, "date") else value

