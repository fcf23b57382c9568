"""The recommend page's figure: how often a list holds what was bought, with ranges."""

from __future__ import annotations

import plotly.graph_objects as go

from omni_core.charts.theme import BLUE, GREY, faded, literal, style
from omni_core.i18n import _, percent
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
