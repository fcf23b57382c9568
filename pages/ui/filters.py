"""The filters that every query takes: period, channel, segment; and a second group beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import streamlit as st

from omni_core import segments, small_cells
from omni_core.behaviour import facts, labels, shape
from omni_core.behaviour.labels import band_name, channel_name
from omni_core.i18n import N_, _, day
from pages.ui import cached, link

EVERYTHING: dict[str, Any] = {"start": None, "end": None, "channel": None, "segment": None}

_PERIODS = {
    "all": N_("Everything"), "365": N_("Last 12 months"), "90": N_("Last 90 days"),
    "30": N_("Last 30 days"), "custom": N_("From … to …"),
}
_WIDTH = 168  # two beside each other on a phone


def filters(ws: Any, prefix: str) -> dict[str, Any]:
    """Period, channel and segment, bound to the link: ``start``, ``end`` (exclusive), ``channel``,
    ``segment``, each None when not narrowed. Periods count back from the last day in the data."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{prefix}_filters"):
        return _asked(ws, prefix)


def who(ws: Any, prefix: str) -> dict[str, Any]:
    """Channel and segment only: for what is told of a customer's whole time."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{prefix}_filters"):
        return _people(ws, prefix, dict(EVERYTHING))


@dataclass(frozen=True)
class Groups:
    """The filters of the first group and, ``other``, of the one beside it; their names.

    ``asked``: what the filters say, where the first group is only a part of it. ``made_by``: what
    the two are told apart by (fields of ``segments.FIELDS``): in these they differ by nature.
    """

    chosen: dict[str, Any]
    other: dict[str, Any] | None
    names: tuple[str, str]
    asked: dict[str, Any]
    made_by: frozenset[str] = frozenset()


def groups(ws: Any, prefix: str) -> Groups:
    """The filters, age band and bought category beside them, and what to compare with."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{prefix}_filters"):
        chosen = _asked(ws, prefix)
        band = _choice(_("Age band"), _("All ages"), _bands(ws), f"{prefix}_band", band_name)
        names = labels.category_names(facts.sold(cached.query(ws, "top_categories")))
        category = _choice(_("Bought from category"), _("Any category"), list(names),
                           f"{prefix}_category", names.get)
        label = [*([channel_name(chosen["channel"])] if chosen["channel"] else []),
                 *([chosen["segment"]] if chosen["segment"] else []),
                 *([band_name(band)] if band else []),
                 *([names.get(category, category)] if category else [])]
        group = segments.both(
            chosen["segment"],
            segments.Segment((segments.is_one(band, "age_band"),)) if band else None,
            segments.Segment((segments.is_one(category, "category"),)) if category else None)
        against = _against(ws, prefix, chosen, group, band)
    chosen["segment"] = group
    first = ", ".join(label) or _("all shoppers")
    if against is None:
        return Groups(chosen, None, (first, ""), chosen)
    if against == "before":
        other, second = _other(ws, against, chosen, group)
        return Groups(chosen, other, (_("this period"), second), chosen)
    other, second = _other(ws, against, chosen, group)
    made_by = _made_by(ws, chosen, other)
    kind = against.partition(":")[0]
    if kind == "channel" and not chosen["channel"]:
        # a part of the chosen group: beside all the rest of that, not beside itself and the rest
        rest = chosen | {"channel": segments.Rest(other["channel"])}
    elif kind in ("band", "segment") and group is None:
        rest = chosen | {"segment": _whole(other["segment"]).rest}
    else:
        return Groups(chosen, other, (first, second), chosen, made_by)
    everyone = _("all other channels") if kind == "channel" else _("everyone else")
    names = (", ".join([*label, second]), ", ".join([*label, everyone]))
    return Groups(other, rest, names, chosen, made_by)


def _whole(group: Any) -> segments.Segment:
    return segments.Segment((segments.is_one(group),)) if isinstance(group, str) else group


def _made_by(ws: Any, *chosen: dict[str, Any]) -> frozenset[str]:
    """The fields of the conditions that only one of two groups has to meet."""
    one, two = ({("channel", c["channel"]), *_conditions(ws, c["segment"])} for c in chosen)
    return frozenset(field for field, *_what in one ^ two)


def _conditions(ws: Any, group: Any) -> set[tuple[Any, ...]]:
    """What a group asks of its members, those of a saved segment that it names included."""
    if group is None:
        return set()
    whole, saved = _whole(group), ws.artefacts(segments.KIND)
    found = {(c.field, c.operator, c.value, whole.outside) for c in whole.conditions}
    for field, _operator, name, outside in tuple(found):
        if field == "segment" and name in saved:
            kept = segments.Segment.from_dict(ws.artefact(segments.KIND, name))
            found |= {(c.field, c.operator, c.value, outside) for c in kept.conditions}
    return found


def _asked(ws: Any, prefix: str) -> dict[str, Any]:
    first, last = span(ws)
    chosen = dict(EVERYTHING)
    if first is not None and last is not None:
        period = link.choose(
            st.selectbox, _("Period"), _PERIODS, "all", f"{prefix}_period",
            lambda p: _(_PERIODS[p]), width=_WIDTH,
            help=_("Counted back from {last}, the last day in your data.").format(last=day(last)),
        )
        chosen["start"], chosen["end"] = _bounds(period, first, last, prefix)
    return _people(ws, prefix, chosen)


def _people(ws: Any, prefix: str, chosen: dict[str, Any]) -> dict[str, Any]:
    channels = _channels(ws)
    if len(channels) > 1:
        chosen["channel"] = _choice(
            _("Channel"), _("All channels"), channels, f"{prefix}_channel", channel_name)
    chosen["segment"] = segment(ws, prefix)
    return chosen


def segment(ws: Any, prefix: str) -> str | None:
    """A saved segment or one that the customers' file names; None for all."""
    return _choice(_("Segment"), _("All segments"), _segments(ws), f"{prefix}_segment")


def _channels(ws: Any) -> list[str]:
    return _named(cached.query(ws, "filter_values"), "channel")


def _segments(ws: Any) -> list[str]:
    # a hidden segment is not offered: every number of the page would then be about those few
    given = _named(small_cells.shown_rows(cached.query(ws, "filter_values"), "n"), "segment")
    saved = ws.artefacts(segments.KIND)
    return [*saved, *(g for g in given if g not in saved)]


def kinds(ws: Any, chosen: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The breakdowns that a choice leaves open, each by the filter it sets: code to name."""
    found = {"channel": {c: channel_name(c) for c in _channels(ws)},
             "segment": {s: s for s in _segments(ws)}}
    return {kind: names for kind, names in found.items() if len(names) > 1 and not chosen[kind]}


def _named(values: Any, kind: str) -> list[str]:
    return [str(v["value"]) for v in values.to_dict("records") if v["kind"] == kind]


def _bands(ws: Any) -> list[str]:
    # nor a hidden band; ages that nobody knows are no choice
    bands = small_cells.shown_rows(cached.query(ws, "age_histogram"))["band"]
    return [str(b) for b in bands] if len(bands) > 1 else []


def _choice(
    label: str, everything: str, names: list[str], key: str, words: Any = str
) -> str | None:
    if not names:
        return None
    return link.choose(
        st.selectbox, label, names, None, key, words, placeholder=everything, width=_WIDTH
    )


def _against(
    ws: Any, prefix: str, chosen: dict[str, Any], group: Any, band: str | None
) -> str | None:
    options = {}
    if shape.window_before(chosen["start"], chosen["end"], span(ws)[1]) is not None:
        options["before"] = _("the period before")
    if group is not None or chosen["channel"]:
        options["rest"] = _("the rest")
    # never a group with itself
    options |= {f"channel:{c}": _("Channel: {name}").format(name=channel_name(c))
                for c in _channels(ws) if c != chosen["channel"]}
    options |= {f"band:{b}": _("Age: {name}").format(name=band_name(b))
                for b in _bands(ws) if b != band}
    options |= {f"segment:{s}": _("Segment: {name}").format(name=s)
                for s in _segments(ws) if s != chosen["segment"]}
    return link.choose(
        st.selectbox, _("Compare with"), options, None, f"{prefix}_against", options.get,
        placeholder=_("nothing"), width=_WIDTH,
        help=_("Every chart then shows both groups. The rest is everybody whom the filters leave "
               "out. A part of the chosen shoppers is compared with all others of them."))


def _other(
    ws: Any, against: str, chosen: dict[str, Any], group: Any
) -> tuple[dict[str, Any], str]:
    kind, _colon, value = against.partition(":")
    if kind == "before":
        window = shape.window_before(chosen["start"], chosen["end"], span(ws)[1])
        start, end = window or (None, None)
        return chosen | {"start": start, "end": end}, _("the period before")
    if kind == "rest":
        if group is None:
            return chosen | {"channel": segments.Rest(chosen["channel"])}, _("the rest")
        return chosen | {"segment": _whole(group).rest}, _("the rest")
    if kind == "channel":
        return chosen | {"channel": value}, channel_name(value)
    if kind == "band":
        return chosen | {"segment": segments.Segment(
            (segments.is_one(value, "age_band"),))}, band_name(value)
    return chosen | {"segment": value}, value


def set_filter(prefix: str, name: str, value: Any) -> None:
    """Set a filter from elsewhere (a click on a bar), before the page is drawn anew."""
    if name == "days":
        st.session_state[f"{prefix}_period"] = "custom"
    st.session_state[f"{prefix}_{name}"] = value


def _bounds(period: str, first: date, last: date, prefix: str) -> tuple[date | None, date | None]:
    after = last + timedelta(days=1)
    if period == "all":
        return None, None
    if period != "custom":
        return after - timedelta(days=int(period)), None
    key = f"{prefix}_days"
    kept = st.session_state.get(key)
    days = _from_link(st.query_params.get(key, "")) if kept is None else tuple(kept)
    # of another shop, or of a file that was taken out since, they may reach beyond these data
    if kept is None or days != _within(days, first, last):
        st.session_state[key] = _within(days, first, last)
    picked = st.date_input(
        _("Days"), min_value=first, max_value=last, key=key, width=240, persist_state="session")
    # Streamlit's own binding leaves out days that a click on a bar has set
    link.write(key, "~".join(d.isoformat() for d in picked), f"{first}~{last}")
    if len(picked) < 2:  # the first click of two: wait for the second
        return picked[0] if picked else None, None
    return picked[0], picked[1] + timedelta(days=1)


def _from_link(words: str) -> tuple[date, ...]:
    """The two days that a link names; none where it names no two."""
    try:
        start, end = map(date.fromisoformat, words.split("~"))
    except ValueError:
        return ()
    return start, end


def _within(days: tuple[date, ...], first: date, last: date) -> tuple[date, ...]:
    """Days in their order as far as the data reach; all days where none of them does."""
    if not days or not first <= days[-1] or not days[0] <= min(days[-1], last):
        return first, last
    return tuple(min(last, max(first, d)) for d in days)


def note_future(ws: Any) -> None:
    """Say so where rows of the data lie in the future: a wrong date is the likely reason."""
    _first, last = span(ws)
    if last is not None and last > date.today() + timedelta(days=1):
        st.warning(_("Your data reach to {last}, which lies in the future. Check the dates of your "
                     "files under Data; “days ago” is counted from today.").format(last=day(last)))


def span(ws: Any) -> tuple[date | None, date | None]:
    """The first and the last day in the data."""
    row = cached.query(ws, "period").to_dict("records")
    first, last = (row[0]["first"], row[0]["last"]) if row else (None, None)
    return _day(first), _day(last)


def _day(value: Any) -> date | None:
    if value is None or value != value:  # NaT differs from itself
        return None
    return value.date() if hasattr(value, "date") else value
