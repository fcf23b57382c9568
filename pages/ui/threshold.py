"""One control for every "from which probability on": slider, best value, what it means in figures.

The page brings the words and the figures (messages answered, people reached, money); this brings
the same hand and eye for all: a slider in per cent kept in the link, a button that sets it to the
suggested value, a row of figures under it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from omni_core.i18n import _


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the row: its name, its value in words, what it is, its range or change."""

    label: str
    value: str
    help: str | None = None
    under: str | None = None


def cutoff(
    label: str, key: str, start: float, *, suggested: float | None = None, step: float = 1.0,
    help: str | None = None,
) -> float:
    """The slider (0-100 %) and the button beside it; returns the threshold between 0 and 1.

    ``start`` is where it stands at first; ``suggested`` (None: there is none, the button is off)
    is what the button sets.
    """
    slider, button = st.columns([4, 1], vertical_alignment="bottom")
    value = slider.slider(
        label, 0.0, 100.0, value=_in_steps(start, step), step=step, key=key, help=help,
        bind="query-params", format="%g%%",
    )
    button.button(
        _("Suggested value"), key=f"{key}_suggested", width="stretch", disabled=suggested is None,
        on_click=_put, args=(key, _in_steps(suggested or 0.0, step)),
    )
    return float(value) / 100


def figures(row: Iterable[Figure]) -> None:
    """The figures that follow from the threshold, side by side; below each other where narrow."""
    with st.container(horizontal=True):
        for f in row:
            st.metric(f.label, f.value, help=f.help, delta=f.under, delta_color="off",
                      delta_arrow="off", border=True, height="stretch")


def _in_steps(share: float, step: float) -> float:
    return min(100.0, max(0.0, round(round(100 * share / step) * step, 6)))


def _put(key: str, value: Any) -> None:
    st.session_state[key] = value


__all__ = ["Figure", "cutoff", "figures"]
