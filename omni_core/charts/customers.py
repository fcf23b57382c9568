"""Figures of the customers page: small frames in, plotly figures out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from omni_core.behaviour import facts
from omni_core.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SEQUENTIAL,
    TEAL,
    apart,
    cell_words,
    faded,
    literal,
    style,
    ticks,
)
from omni_core.customers import cohorts, groups
from omni_core.i18n import _, compact, money, number, percent

COLOURS = {"champions": TEAL, "loyal": TEAL, "promising": TEAL, "new": BLUE,
           "need_attention": BLUE, "hesitant": BLUE, "cant_lose": ORANGE, "at_risk": ORANGE,
           "sleeping": GREY, "lost": GREY}


def sizes(table: pd.DataFrame) -> go.Figure:
    """Buyers by group, with the change since the snapshot where there is one."""
    words = []
    for row in table.itertuples():
        gain = 0 if row.before != row.before else row.shoppers - row.before
        change = f"  {'+' if gain > 0 else '−'}{number(abs(gain))}" if gain else ""
        words.append(f"{number(row.shoppers)} ({percent(row.share, 0)}){change}")
    return _lying(table["rfm"], table["shoppers"], words)


def _lying(codes: pd.Series, values: pd.Series, words: list[str]) -> go.Figure:
    fig = go.Figure(go.Bar(
        x=values, y=[groups.name(str(g)) for g in codes], orientation="h", text=words,
        textposition="outside", cliponaxis=False, hoverinfo="skip",
        marker_color=[COLOURS.get(str(g), GREY) for g in codes]))
    fig.update_xaxes(visible=False, range=[0, 1.65 * max(1e-9, float(values.max() or 0))])
    fig = style(fig, 60 + 30 * max(3, len(values)))
    fig.update_yaxes(autorange="reversed", showgrid=False)
    return fig


def kept(table: pd.DataFrame) -> go.Figure:
    """Share of each earlier group that ordered since, with its range and (n); few are paler."""
    fig = _lying(table["rfm"], table["share"], [""] * len(table))
    fig.data[0].marker.color = [
        faded(colour, 0.4) if facts.few(n) else colour
        for colour, n in zip(fig.data[0].marker.color, table["shoppers"], strict=True)]
    fig.add_scatter(  # beyond the range, not across it
        x=table["high"], y=fig.data[0].y, mode="text", textposition="middle right",
        text=[f" {percent(s, 0)} ({number(n)})" for s, n in zip(
            table["share"], table["shoppers"], strict=True)],
        hoverinfo="skip", showlegend=False, cliponaxis=False)
    fig.update_layout(margin={"t": 16}, showlegend=False)
    fig.data[0].error_x = {
        "type": "data", "symmetric": False, "array": table["high"] - table["share"],
        "arrayminus": table["share"] - table["low"], "color": GREY, "thickness": 1}
    return fig


def moves(table: pd.DataFrame) -> go.Figure:
    """Who went from which group (down) to which (across); who stayed lies on the diagonal."""
    across = [groups.name(str(g)) for g in table.columns]
    down = [groups.name(str(g)) for g in table.index]
    words = [[number(n) if n else "" for n in row] for row in table.to_numpy()]
    roots = table.to_numpy(float) ** 0.5  # else a few large cells whiten all the others
    fig = go.Figure(go.Heatmap(
        z=roots, x=across, y=down, xgap=1, ygap=1, showscale=False, zmin=0,
        colorscale=[list(stop) for stop in SEQUENTIAL], text=words,
        hovertemplate="%{y} → %{x}: %{text}<extra></extra>"))
    fig = style(cell_words(fig, roots / max(1.0, float(roots.max())), words), 420)
    fig.update_xaxes(showgrid=False, side="top", tickangle=-40, title_text=_("Now"))
    fig.update_yaxes(showgrid=False, autorange="reversed", title_text=_("Before"))
    return fig


def cohort_grid(table: pd.DataFrame, by: str, currency: str) -> go.Figure:
    """Cohorts down, months across; empty where the data don't reach, * where they end within."""
    grid, sizes_of = cohorts.grid(table, by), cohorts.sizes(table)
    open_cells = cohorts.unfinished(table)
    shown = (lambda v: number(100 * v, 0)) if by == "share" else lambda v: compact(v, 0)
    words = [["" if v != v else shown(v) + ("*" if (c, int(m)) in open_cells else "")
              for m, v in grid.loc[c].items()] for c in grid.index]
    top = grid.to_numpy(float)
    fig = go.Figure(go.Heatmap(
        z=top, x=[str(int(m)) for m in grid.columns],
        y=[f"{c:%Y-%m} ({number(sizes_of[c])})" for c in grid.index], xgap=1, ygap=1,
        colorscale=[list(stop) for stop in SEQUENTIAL], zmin=0, showscale=False, text=words,
        hoverongaps=False,
        hovertemplate="%{y}, %{x}: %{text}" + ("%" if by == "share" else "") + "<extra></extra>"))
    strong = np.nan_to_num(top / max(1e-9, float(np.nanmax(top))))
    fig = style(cell_words(fig, strong, words), 100 + 28 * max(3, len(grid)))
    fig.update_xaxes(showgrid=False, type="category", side="top",
                     title_text=_("%, by months after the first order") if by == "share"
                     else _("Months after the first order"))
    fig.update_yaxes(showgrid=False, type="category", autorange="reversed")
    return fig


def check(table: pd.DataFrame) -> go.Figure:
    """What was foreseen and what came, a buyer, by the number of earlier repeat purchases."""
    last = int(table["repeats"].max())
    names = [f"{int(r)}{'+' if int(r) == last else ''}<br>n = {number(n)}" for r, n in zip(
        table["repeats"], table["buyers"], strict=True)]
    fig = go.Figure()
    for column, colour, label in (
        ("predicted", BLUE, _("Foreseen")), ("actual", ORANGE, _("Came"))
    ):
        fig.add_bar(x=names, y=table[column], name=label, marker_color=colour,
                    text=[number(v, 2) for v in table[column]], textposition="outside",
                    cliponaxis=False, textangle=0, hoverinfo="skip")
    fig.update_xaxes(type="category", title_text=_("Purchases after the first, until then"))
    fig.update_yaxes(title_text=_("Purchases a buyer"))
    return style(fig, 320)


def tastes(names: list[str], table: pd.DataFrame) -> go.Figure:
    """What one person looked at and bought, by category."""
    fig = go.Figure()
    for column, colour, label in (
        ("views", BLUE, _("Views")), ("purchases", ORANGE, _("Purchases"))
    ):
        fig.add_bar(y=apart(literal(n, 20) for n in names), x=table[column], name=label,
                    orientation="h", marker_color=colour,
                    text=[number(n) if n else "" for n in table[column]],
                    textposition="outside", cliponaxis=False, hoverinfo="skip")
    room = 1.2 * max(1.0, *map(float, table["views"]), *map(float, table["purchases"]))
    fig = style(fig, 80 + 40 * max(2, len(names)))
    fig.update_xaxes(visible=False, range=[0, room])
    fig.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return fig


def values(people: pd.DataFrame, currency: str) -> go.Figure:
    """What each tenth of the buyers, the best first, is likely to bring together."""
    ranked = people.reset_index(drop=True)
    tenth = (ranked.index * 10 // max(1, len(ranked))).astype(int)
    sums = ranked["value"].groupby(tenth).sum()
    whole = float(sums.sum()) or 1.0
    fig = go.Figure(go.Bar(
        x=[str(t + 1) for t in sums.index], y=sums, marker_color=BLUE,
        text=[percent(v / whole, 0) for v in sums], textposition="outside", cliponaxis=False,
        customdata=[money(v, currency, 0) for v in sums],
        hovertemplate="%{x}: %{customdata}<extra></extra>"))
    fig.update_xaxes(type="category", title_text=_("Tenth of the buyers, the best first"))
    fig.update_yaxes(title_text=_("Expected value"), **ticks(sums))
    return style(fig, 280)
