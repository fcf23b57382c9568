"""The recommend page's figure: how often a list holds what was bought, with ranges."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from omni_core.charts.theme import BLUE, GREY, ORANGE, apart, faded, literal, style
from omni_core.i18n import _, number, percent
from omni_core.metrics import FEW
from omni_core.recommend import Range


def comparison(rows: list[tuple[str, Range]]) -> go.Figure:
    """Draw one bar with its range for each named share; the first is the setting itself."""
    colours = [BLUE, *[GREY] * len(rows)]
    fig = go.Figure()
    for place, ((name, found), colour) in enumerate(zip(rows, colours, strict=False)):
        label = f"{literal(name)}<br>{percent(found.mean)}"
        fig.add_bar(
            y=[label], x=[found.mean], orientation="h", showlegend=False, name=literal(name),
            marker={"color": colour if place == 0 else faded(colour, 0.55)},
            error_x={
                "type": "data", "symmetric": False, "array": [found.high - found.mean],
                "arrayminus": [found.mean - found.low], "color": "rgba(138,143,152,1)",
                "thickness": 2, "width": 5,
            },
            hovertemplate=_("{name}: {share} (likely {low} – {high})").format(
                name=literal(name), share=percent(found.mean), low=percent(found.low),
                high=percent(found.high),
            ) + "<extra></extra>",
        )
    style(fig, 60 + 46 * len(rows))
    fig.update_layout(margin={"t": 8})
    fig.update_xaxes(tickformat=".0%", rangemode="tozero")
    fig.update_yaxes(autorange="reversed")
    return fig


def groups(frame: pd.DataFrame) -> go.Figure:
    """Draw each group's share with its range, its number of shoppers, and the bestsellers' mark.

    ``frame``: group, users, value, low, high, bestsellers. Groups of fewer than 30 are faded.
    """
    rows = frame.to_dict("records")
    labels = apart(f"{literal(r['group'])}<br>n = {number(r['users'])}" for r in rows)
    fig = go.Figure()
    fig.add_bar(
        x=labels, y=[r["value"] for r in rows], name=_("This setting"),
        marker={"color": [faded(BLUE, 1.0 if r["users"] >= FEW else 0.4) for r in rows]},
        error_y={
            "type": "data", "symmetric": False,
            "array": [r["high"] - r["value"] for r in rows],
            "arrayminus": [r["value"] - r["low"] for r in rows],
            "color": "rgba(138,143,152,1)", "thickness": 2, "width": 5,
        },
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    fig.add_scatter(
        x=labels, y=[r["bestsellers"] for r in rows], name=_("Bestsellers"), mode="markers",
        marker={"color": ORANGE, "symbol": "line-ew-open", "size": 26, "line": {"width": 3}},
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    style(fig, 280)
    fig.update_yaxes(tickformat=".0%", rangemode="tozero")
    return fig


def routes(frame: pd.DataFrame) -> go.Figure:
    """Draw which rung of the ladder serves how many shoppers: route, shoppers, share."""
    rows = frame[frame["shoppers"] > 0].to_dict("records")
    fig = go.Figure(go.Bar(
        y=[f"{literal(r['route'])}<br>{number(r['shoppers'])} · {percent(r['share'], 0)}"
           for r in rows],
        x=[r["share"] for r in rows], orientation="h", marker={"color": BLUE},
        hovertemplate="%{y}<extra></extra>",
    ))
    style(fig, 60 + 46 * len(rows))
    fig.update_xaxes(tickformat=".0%", range=[0, 1])
    fig.update_yaxes(autorange="reversed")
    return fig
