"""Figures of the ads page about the model: one person's reasons, columns as a whole, coupons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from omni_core.charts.theme import BLUE, GREY, ORANGE, TEAL, apart, literal, style, two_lines
from omni_core.i18n import _, number, percent
from omni_core.targeting import coupon_words

if TYPE_CHECKING:
    import pandas as pd


def reasons(table: pd.DataFrame) -> go.Figure:
    """What each column adds to one person's log-odds; to the right speaks for an answer."""
    shown = table.iloc[::-1]
    labels = [two_lines(m if not v else f"{m}: {v}")
              for m, v in zip(shown["meaning"], shown["value"], strict=True)]
    fig = go.Figure(go.Bar(
        x=shown["adds"], y=list(range(len(shown))), orientation="h", showlegend=False,
        marker_color=[GREY if not i else BLUE if a >= 0 else ORANGE
                      for i, a in zip(shown["input"], shown["adds"], strict=True)],
        customdata=[number(a, 2) for a in shown["adds"]],
        hovertemplate="%{customdata}<extra></extra>"))
    # two columns may read alike: places, not words, keep them apart
    fig.update_yaxes(tickvals=list(range(len(shown))), ticktext=labels)
    fig.update_xaxes(title_text=_("Adds to the score"))
    return style(fig, 60 + 38 * len(shown))


def importance(table: pd.DataFrame, most: int = 12) -> go.Figure:
    """How far the AUC falls when each column is shuffled, with the range of the shuffles."""
    shown = table.head(most).iloc[::-1]
    fig = go.Figure(go.Bar(
        x=shown["drop"], y=list(range(len(shown))), orientation="h", marker_color=BLUE,
        showlegend=False, customdata=[number(d, 3) for d in shown["drop"]],
        error_x={"type": "data", "symmetric": False, "color": GREY, "thickness": 1.5,
                 "array": shown["high"] - shown["drop"],
                 "arrayminus": shown["drop"] - shown["low"]},
        hovertemplate="%{customdata}<extra></extra>"))
    fig.update_yaxes(tickvals=list(range(len(shown))),
                     ticktext=[two_lines(m) for m in shown["meaning"]])
    fig.update_xaxes(title_text=_("AUC lost"))
    return style(fig, 60 + 38 * len(shown))


def swept(table: pd.DataFrame, name: str) -> go.Figure:
    """Mean probability over the values of one column; n people have about each value."""
    words = table["value"].dtype == object
    common = {"y": table["response"], "customdata": [number(n) for n in table["people"]],
              "hovertemplate": "%{x}: %{y:.1%} · n = %{customdata}<extra></extra>",
              "showlegend": False}
    if words:
        fig = go.Figure(go.Bar(
            x=apart(literal(v) for v in table["value"]), marker_color=BLUE, **common))
        fig.update_xaxes(type="category")
    else:
        fig = go.Figure(go.Scatter(x=table["value"], mode="lines+markers",
                                   line={"color": BLUE, "width": 2.5}, **common))
    fig.update_xaxes(title_text=literal(name, 60))
    fig.update_yaxes(title_text=_("Mean probability"), tickformat=".0%", rangemode="tozero")
    return style(fig, 300)


def coupon_groups(table: pd.DataFrame) -> go.Figure:
    """Share of each group that bought on held-out days, and with a coupon, with 95 % ranges."""
    fig = go.Figure()
    for column, low, high, name, colour in (
        ("bought", "bought_low", "bought_high", _("Bought"), BLUE),
        ("with_coupon", "coupon_low", "coupon_high", _("Bought with a coupon"), TEAL),
    ):
        fig.add_bar(
            x=[coupon_words.group_name(g) for g in table["group"]], y=table[column], name=name,
            marker_color=colour, customdata=[number(n) for n in table["held"]],
            text=[percent(v, 0) for v in table[column]], textposition="inside",
            insidetextanchor="start",
            error_y={"type": "data", "symmetric": False, "color": GREY, "thickness": 1.5,
                     "array": table[high] - table[column],
                     "arrayminus": table[column] - table[low]},
            hovertemplate="%{y:.1%} · n = %{customdata}<extra></extra>")
    fig.update_layout(barmode="group")
    fig.update_yaxes(title_text=_("Share of the people tested"), tickformat=".0%",
                     rangemode="tozero")
    return style(fig, 320)
