"""Controls made from parameter classes, filters, charts with their sentence, tables to download."""

from __future__ import annotations

import contextvars
import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from omni_core import export, params
from omni_core.errors import OmniError
from omni_core.i18n import _
from pages.ui import shell
from pages.ui.filters import filters
from pages.ui.link import choose

_CHART = {"displaylogo": False, "modeBarButtonsToRemove": [
    "zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d",
    "resetScale2d",
]}


def parameters(
    cls: type, prefix: str, *, only: Iterable[str] | None = None, expert: Iterable[str] = (),
    highest: Mapping[str, float] | None = None, start: Mapping[str, Any] | None = None,
    choices: Mapping[str, Iterable[Any]] | None = None, reset: bool = True, about: str = "",
    lowest: Mapping[str, float] | None = None,
) -> Any:
    """Controls for a parameter class, bound to the link; returns an instance of the class.

    ``only`` names the fields to show (the others keep their defaults); those of ``expert`` are
    folded away. Fields whose default is a tuple of pairs are the page's own matter. ``highest``
    lowers the upper bound of a field where the data leave less room than the class, ``lowest``
    raises the lower one, ``choices`` leaves fewer; ``start`` are first values other than the
    class's. ``reset``: with the button. ``about`` is Markdown above the folded controls.
    """
    described = dict(params.describe(cls))
    for name, left in (choices or {}).items():
        described[name] = dataclasses.replace(described[name], choices=tuple(left))
    for name, high in (highest or {}).items():
        described[name] = dataclasses.replace(described[name], high=high)
    for name, low in (lowest or {}).items():
        described[name] = dataclasses.replace(described[name], low=low)
    defaults = first_values(cls, start, highest)
    for bounds, within in ((highest, min), (lowest, max)):
        for name, bound in (bounds or {}).items():
            held = st.session_state.get(f"{prefix}_{name}")
            if held is not None and held != within(held, bound):  # chosen when there was more room
                st.session_state[f"{prefix}_{name}"] = type(held)(bound)
    shown = [n for n in (described if only is None else only) if not isinstance(defaults[n], tuple)]
    folded = [n for n in expert if n in described and not isinstance(defaults[n], tuple)]
    values: dict[str, Any] = {}
    for name in shown:
        if name not in folded:
            values[name] = control(described[name], defaults[name], f"{prefix}_{name}")
    if folded:
        with st.expander(_("More settings")):
            if about:
                st.markdown(about)
            for name in folded:
                values[name] = control(described[name], defaults[name], f"{prefix}_{name}")
    if reset:
        st.button(
            _("Reset"), key=f"{prefix}_reset", on_click=put, args=(
                prefix, {n: defaults[n] for n in values}),
        )
    try:
        return cls(**values)
    except OmniError as error:  # two fields that don't go together
        st.error(shell.literal(error))
        st.stop()


def first_values(
    cls: type, start: Mapping[str, Any] | None = None, highest: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Where the controls of ``parameters`` begin, by field."""
    described = params.describe(cls)
    found = {f.name: f.default for f in dataclasses.fields(cls) if f.name in described}
    found |= start or {}
    for name, high in (highest or {}).items():
        if found[name] is not None:
            found[name] = type(found[name])(min(found[name], high))
    return found


def optional(cls: type, name: str) -> bool:
    """Whether a field of a parameter class can be left off, and so has a switch of its own."""
    param = params.describe(cls).get(name)
    return param is not None and param.optional and not param.choices


def put(prefix: str, values: Mapping[str, Any]) -> None:
    """Set the controls of some fields; for a button's ``on_click``. None: off."""
    for name, value in values.items():
        key = f"{prefix}_{name}"
        if value is None or f"{key}_on" in st.session_state:
            st.session_state[f"{key}_on"] = value is not None
        if value is not None:
            st.session_state[key] = value
        else:
            st.session_state.pop(key, None)


def control(param: params.Param, default: Any, key: str) -> Any:
    """One control for one described parameter; its value (None for an optional one left off)."""
    label, tip = _(param.label), _(param.help) or None
    if param.unit:
        label = f"{label} ({_(param.unit)})"
    bound = {"key": key, "help": tip, "bind": "query-params"}
    if param.optional and not param.choices:
        if not st.toggle(
            label, value=default is not None, key=f"{key}_on", help=tip, bind="query-params"
        ):
            return None
        bound["help"] = None
        bound["label_visibility"] = "collapsed"
        default = _middle(param) if default is None else default
    if param.choices:
        return choose(
            st.selectbox, label, param.choices, default, key,
            lambda c: _(dict(param.words).get(c, str(c))) if c is not None else _("none"), help=tip,
        )
    if isinstance(default, bool):
        return st.toggle(label, value=default, **bound)
    whole = isinstance(default, int) and float(param.step or 1).is_integer()
    kind = int if whole else float
    limits = {
        "min_value": None if param.low is None else kind(param.low),
        "max_value": None if param.high is None else kind(param.high),
        "value": kind(default),
        "step": kind(param.step) if param.step else None,
    }
    if None in (param.low, param.high):
        return st.number_input(label, **limits, **bound)
    return st.slider(label, **limits, **bound)


def _middle(param: params.Param) -> float:
    """Where an optional control begins when it is switched on: the middle of its steps."""
    low, high, step = param.low or 0, param.high or 1, param.step or 1
    return low + step * int((high - low) / step / 2)


def chart(
    fig: Any, sentence: str, key: str, table: Any = None, currency: str | None = None,
    picked: Callable[[int], None] | None = None,
) -> None:
    """The sentence, the chart (read aloud as the sentence), and its table folded under it.

    ``picked`` is called with the number of the bar that was clicked, before the next run.
    """
    from omni_core.charts.theme import on_page  # which not every page with widgets waits for

    st.markdown(shell.literal(sentence))
    more: dict[str, Any] = {}
    if picked is not None:
        more = {"on_select": functools.partial(_pick, key, picked), "selection_mode": "points"}
    st.plotly_chart(
        on_page(fig, st.context.theme.type), key=key, alt=sentence,
        config=_CHART | {"toImageButtonOptions": {"filename": key, "scale": 2}}, **more,
    )
    if table is not None:
        with st.expander(_("Figures")):
            show(table, f"{key}_table", currency)


def _pick(key: str, picked: Callable[[int], None]) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        picked(int(points[0]["point_index"]))


def show(table: Any, key: str, currency: str | None = None) -> None:
    """A table with headings in her language, and its CSV under it."""
    st.dataframe(table, hide_index=True, key=key, column_config=_columns(table, currency),
                 placeholder="–")
    download(table, f"{key}.csv", _("Download as CSV"), f"{key}_csv", translate=True)


_FORMS = {"count": "localized", "number": "localized", "percent": "percent", "money": "localized"}


def _columns(table: Any, currency: str | None) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name in map(str, table.columns):
        head = export.heading(name)
        label = _(head.label) + (f" ({currency})" if head.form == "money" and currency else "")
        if head.form in _FORMS and table[name].dtype != object:  # words where counts are hidden
            shown[name] = st.column_config.NumberColumn(label, format=_FORMS[head.form])
        elif head.form == "day":
            shown[name] = st.column_config.DateColumn(label, format="YYYY-MM-DD")
        else:
            shown[name] = st.column_config.Column(label)
    return shown


def download(
    frame: Any, file_name: str, label: str, key: str, *, translate: bool = False
) -> None:
    """A button that saves the frame as CSV; made only when clicked.

    ``translate`` writes headings in her language; without it the column names stay as they are,
    for files that another program reads.
    """
    names = export.headings(frame.columns) if translate else None
    st.download_button(
        label, data=lambda: export.to_csv(frame, names), file_name=file_name, mime="text/csv",
        key=key, on_click="ignore",
    )


def say(sentence: str) -> None:
    """A sentence made from numbers and from words of the data."""
    st.markdown(shell.literal(sentence))


def download_later(
    build: Callable[[], Any], file_name: str, label: str, key: str
) -> None:
    """A button that saves a frame as CSV for programs, which is made only when it is clicked."""
    context = contextvars.copy_context()  # the click is served elsewhere, without the language
    st.download_button(
        label, data=lambda: context.copy().run(lambda: export.to_csv(build())),
        file_name=file_name, mime="text/csv", key=key, on_click="ignore",
    )


def note(text: str) -> None:
    """A small remark under a chart or a control."""
    st.caption(text)


__all__ = [
    "chart", "choose", "control", "download", "download_later", "filters", "first_values", "note",
    "optional", "parameters", "put", "say", "show",
]
