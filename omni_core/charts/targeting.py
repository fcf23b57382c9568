"""Figures of the ads page: small frames in, plotly figures out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from omni_core.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    TEAL,
    apart,
    faded,
    literal,
    style,
    ticks,
    upright,
)
from omni_core.i18n import _, money, number, percent
from omni_core.targeting import words

if TYPE_CHECKING:
    import pandas as pd

    from omni_core.targeting.money import Point


def gains(table: pd.DataFrame, cut: tuple[float, float] | None = None) -> go.Figure:
    """Share of responders found against share of people contacted, best first.

    ``cut`` (contacted, found) marks the cut-off in force.
    """
    fig = go.Figure()
    lines = [("found", _("Score"), BLUE, "solid"),
             ("found_baseline", _("Age, gender, channel"), ORANGE, "dot")]
    for column, name, colour, dash in lines:
        if column in table:
            fig.add_scatter(x=table["contacted"], y=table[column], name=name,
                            line={"color": colour, "dash": dash, "width": 2.5})
    fig.add_scatter(x=[0, 1], y=[0, 1], name=_("Random"), mode="lines",
                    line={"color": GREY, "dash": "dash"})
    if cut is not None:
        fig.add_scatter(x=[cut[0]], y=[cut[1]], mode="markers", name=_("Your cut-off"), marker={
            "color": BLUE, "symbol": "circle-open", "size": 18, "line": {"width": 3}})
    fig.update_traces(hovertemplate="%{x:.0%} → %{y:.0%}")
    fig.update_xaxes(title_text=_("People contacted"), tickformat=".0%", range=[0, 1.02],
                     tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1])
    fig.update_yaxes(title_text=_("Answers found"), tickformat=".0%", range=[0, 1.03])
    return style(fig)


def lift(table: pd.DataFrame) -> go.Figure:
    """Response rate of each tenth of the ranking over that of everyone; 1 is average."""
    fig = go.Figure(go.Bar(
        x=[str(t) for t in table["tenth"]], y=table["lift"],
        marker_color=[BLUE if v >= 1 else faded(BLUE, 0.45) for v in table["lift"]],
        text=[number(v, 1) for v in table["lift"]], textposition="outside", cliponaxis=False,
        customdata=[number(n) for n in table["people"]], showlegend=False,
        hovertemplate="%{text}× · n = %{customdata}<extra></extra>",
    ))
    fig.add_hline(y=1, line={"color": GREY, "dash": "dash"})
    fig.update_xaxes(title_text=_("Tenth of the people, best score first"), type="category")
    fig.update_yaxes(title_text=_("Times the average"), rangemode="tozero")
    return style(fig)


def calibration(table: pd.DataFrame) -> go.Figure:
    """Observed against predicted rate of ten equal groups, with Wilson ranges."""
    top = min(max(float(table["predicted"].max()), float(table["high"].max())) * 1.05, 1.02)
    fig = go.Figure(go.Scatter(
        x=[0, min(top, 1)], y=[0, min(top, 1)], mode="lines", name=_("Exactly as predicted"),
        line={"color": GREY, "dash": "dash"}, hoverinfo="skip",
    ))
    fig.add_scatter(
        x=table["predicted"], y=table["observed"], mode="markers", name=_("A tenth of the people"),
        marker={"color": BLUE, "size": 10},
        error_y={
            "type": "data", "symmetric": False, "color": faded(BLUE, 0.6), "thickness": 1.5,
            "array": table["high"] - table["observed"],
            "arrayminus": table["observed"] - table["low"],
        },
        customdata=[number(n) for n in table["people"]],
        hovertemplate="%{x:.1%} → %{y:.1%} · n = %{customdata}<extra></extra>",
    )
    fig.update_xaxes(title_text=_("Predicted"), tickformat=".0%", range=[0, top])
    fig.update_yaxes(title_text=_("Observed"), tickformat=".0%", range=[0, top])
    return style(fig)


def profit(
    table: pd.DataFrame, point: Point, best: Point | None, edge: Point | None, currency: str
) -> go.Figure:
    """Profit against people contacted, best first: expected with its 90 % band, held out, random.

    Marked: the cut-off in force, the best one, the break-even, and everyone (dotted all along).
    """
    fig = go.Figure()
    x = table["reach"]
    fig.add_scatter(x=x, y=table["profit_high"], mode="lines", line={"width": 0}, showlegend=False,
                    hoverinfo="skip")
    fig.add_scatter(x=x, y=table["profit_low"], mode="lines", line={"width": 0}, fill="tonexty",
                    fillcolor=faded(BLUE, 0.15), name=_("90 of 100 cases"), hoverinfo="skip")
    cuts = [percent(t) for t in table["threshold"]]
    for column, name, colour, dash in (
        ("profit", _("Expected profit"), BLUE, "solid"),
        ("held_profit", _("Profit in the trial"), TEAL, "solid"),
        ("random_profit", _("Random people"), GREY, "dash"),
    ):
        if table[column].notna().any():
            fig.add_scatter(
                x=x, y=table[column], mode="lines", name=name, customdata=cuts,
                text=[money(v, currency, 0) for v in table[column]],
                line={"color": colour, "dash": dash, "width": 2.5 if colour != GREY else 2},
                hovertemplate="n = %{x:,} · ≥ %{customdata} · %{text}",
            )
    marks = [(_("Everyone"), int(x.iloc[-1]), float(table["profit"].iloc[-1]), GREY, "square")]
    if best is not None:
        marks.append((_("Best cut-off"), best.reach, best.profit, ORANGE, "star"))
    marks.append((_("Your cut-off"), point.reach, point.profit, BLUE, "circle-open"))
    for name, at, value, colour, symbol in marks:
        fig.add_scatter(
            x=[at], y=[value], mode="markers", name=name,
            marker={"color": colour, "symbol": symbol,
                    "size": {"circle-open": 18, "star": 13}.get(symbol, 10),
                    "line": {"width": 3 if symbol == "circle-open" else 0}},
            text=[money(value, currency, 0)], hovertemplate="n = %{x:,} · %{text}",
        )
    if edge is not None and edge.reach > 0:
        fig.add_vline(x=edge.reach, line={"color": ORANGE, "dash": "dot"},
                      annotation={"text": _("break-even"), "font": {"color": ORANGE}})
    fig.add_hline(y=float(table["profit"].iloc[-1]), line={"color": GREY, "dash": "dot"})
    fig.add_hline(y=0, line={"color": GREY, "width": 1})
    fig.update_xaxes(title_text=_("People contacted, best score first"), tickformat=",")
    title = _("Profit ({currency})").format(currency=literal(currency)) if currency else _("Profit")
    fig.update_yaxes(title_text=title,
                     **ticks([*table["profit_high"], *table["profit_low"],
                              *table["held_profit"].dropna()]))
    return style(fig, 400)


def groups(table: pd.DataFrame, by: str) -> go.Figure:
    """Share of each group that is chosen, with its 95 % range and n; small groups are pale."""
    colours = [
        GREY if name == "unknown" else faded(BLUE, 0.4) if few else BLUE
        for name, few in zip(table[by], table["few"], strict=True)
    ]
    names = apart(literal(words.group_name(n)) for n in table[by])
    fig = go.Figure(go.Bar(
        x=names, y=table["share"], marker_color=colours,
        width=0.5 if len(table) < 4 else None,
        error_y={
            "type": "data", "symmetric": False, "color": GREY, "thickness": 1.5,
            "array": table["high"] - table["share"], "arrayminus": table["share"] - table["low"],
        },
        text=[f"n = {number(n)}" for n in table["shoppers"]], textposition="inside",
        insidetextanchor="start", showlegend=False,
        hovertemplate="%{x}: %{y:.1%} · %{text}<extra></extra>",
    ))
    fig.update_xaxes(type="category", **(upright(names, narrow=True) if by == "band" else {}))
    fig.update_yaxes(title_text=_("Chosen"), tickformat=".0%", rangemode="tozero")
    return style(fig, 300)
