"""Two groups in one figure: their shares side by side."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from omni_core.charts.theme import BLUE, ORANGE, literal, style, ticks, two_lines
from omni_core.i18n import _, compact, number, percent


def pair(table: pd.DataFrame, names: tuple[str, str], *, lying: bool = False) -> go.Figure:
    """Bars of both groups' shares (``compare.shares``); ``lying``: bars to the right."""
    labels = [two_lines(x) if lying else literal(x, 16) for x in table["label"]]
    place, room_for_words = list(range(len(table))), len(table) <= (12 if lying else 8)
    fig = go.Figure()
    for side, colour, name in (("first", BLUE, names[0]), ("second", ORANGE, names[1])):
        share = table[f"{side}_share"]
        bars = {"y": place, "x": share} if lying else {"x": place, "y": share}
        fig.add_bar(
            **bars, orientation="h" if lying else "v", name=literal(name, 28), marker_color=colour,
            customdata=[f"{label}: {percent(s)} ({number(n)})" for label, s, n in zip(
                labels, share, table[side], strict=True)],
            text=[percent(s, 0 if s >= 0.1 else 1) for s in share] if room_for_words else None,
            textposition="outside", cliponaxis=False, textangle=0,
            hovertemplate="%{customdata}<extra></extra>",
        )
    fig = style(fig, 60 + 44 * max(3, len(table)) if lying else 320)
    every = 1 if len(table) <= 14 else 1 + len(table) // 12
    marks = {"tickvals": place[::every], "ticktext": labels[::every]}
    room = 1.2 * max(float(table[["first_share", "second_share"]].max(axis=None) or 0), 1e-9)
    if lying:
        fig.update_xaxes(visible=False, range=[0, room])
        fig.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, **marks)
    else:
        whole = {"tickvals": [0, 0.25, 0.5, 0.75, 1]} if room > 1 else {}  # none above 100%
        fig.update_yaxes(tickformat=".0%", range=[0, room], **whole)
        fig.update_xaxes(showgrid=False, **marks)
    fig.update_layout(bargap=0.3, bargroupgap=0.08)
    return fig


def lines(first: pd.Series, second: pd.Series, names: tuple[str, str], title: str) -> go.Figure:
    """Two weekly series from their first week on; the dates of each in its words."""
    fig = go.Figure()
    for series, colour, name, dash in (
        (first, BLUE, names[0], "solid"), (second, ORANGE, names[1], "dot")
    ):
        fig.add_scatter(
            x=list(range(1, len(series) + 1)), y=series, mode="lines+markers",
            name=literal(name, 28), line={"color": colour, "dash": dash}, marker={"size": 5},
            customdata=[f"{at:%Y-%m-%d}: {compact(v)}" for at, v in series.items()],
            hovertemplate="%{customdata}<extra></extra>")
    fig.update_yaxes(title_text=title, **ticks([*first, *second]))
    fig.update_xaxes(showgrid=False, title_text=_("Week of the period"))
    return style(fig, 280)
