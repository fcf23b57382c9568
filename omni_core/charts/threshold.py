"""What a threshold trades: lines over it, with ranges, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from omni_core.charts.theme import GREY, ORANGE, faded, style
from omni_core.i18n import percent


@dataclass(frozen=True, slots=True)
class Line:
    """A column to draw: its name in words, its colour, its dash, the columns of its range."""

    column: str
    name: str
    colour: str
    dash: str = "solid"
    range: tuple[str, str] | None = None


def trade(
    table: pd.DataFrame, lines: Sequence[Line], threshold: float, axis: str,
    suggested: float | None = None, height: int = 340,
) -> go.Figure:
    """Draw shares (0-1) over the column ``threshold`` of a table; rows with gaps are left out.

    A dotted line marks the threshold in force, a dashed one the suggested value.
    """
    fig = go.Figure()
    for line in lines:
        part = table[table[line.column].notna()]
        if line.range is not None:
            low, high = line.range
            fig.add_scatter(
                x=[*part["threshold"], *part["threshold"][::-1]],
                y=[*part[high], *part[low][::-1]], fill="toself",
                fillcolor=faded(line.colour, 0.18), line={"width": 0}, hoverinfo="skip",
                showlegend=False,
            )
        fig.add_scatter(
            x=part["threshold"], y=part[line.column], name=line.name, mode="lines",
            line={"color": line.colour, "dash": line.dash, "width": 2.5},
            customdata=[[percent(v, 0), percent(t, 0)]
                        for v, t in zip(part[line.column], part["threshold"], strict=True)],
            hovertemplate="%{customdata[1]}: %{customdata[0]}<extra></extra>",
        )
    if suggested is not None:
        fig.add_vline(x=suggested, line_dash="dash", line_color=GREY)
    fig.add_vline(x=threshold, line_dash="dot", line_color=ORANGE)
    fig.update_xaxes(title_text=axis, tickformat=".0%", range=[0, 1])
    fig.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return style(fig, height)
