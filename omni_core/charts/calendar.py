"""Figures of the calendar: every day of the period, and the days of a month."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, floor

import pandas as pd
import plotly.graph_objects as go

from omni_core.behaviour import seasons
from omni_core.charts.theme import BLUE, GREY, ORANGE, SEQUENTIAL, style
from omni_core.i18n import _, change, number


def days(trend: pd.DataFrame) -> go.Figure:
    """Orders by month (down) and day (across); named days in their hover words."""
    daily = seasons.whole_days(trend)
    grid = pd.DataFrame({"month": daily.index.strftime("%Y-%m"), "day": daily.index.day,
                         "orders": daily.to_numpy()})
    wide = grid.pivot(index="month", columns="day", values="orders").reindex(columns=range(1, 32))
    named = {at: seasons.name(code) for at, code in seasons.marks(
        daily.index[0].date(), daily.index[-1].date())}
    dates = [[_date(str(month), int(d)) for d in wide.columns] for month in wide.index]
    words = [[named.get(d, "") if d else "" for d in row] for row in dates]
    fig = go.Figure(go.Heatmap(
        z=wide.to_numpy(), x=list(wide.columns), y=list(wide.index), text=words, xgap=1, ygap=1,
        colorscale=[list(stop) for stop in SEQUENTIAL], zmin=0,
        zmax=float(daily.quantile(0.98)) or 1.0,  # one sale must not whiten the rest
        showscale=False, hoverongaps=False,
        hovertemplate="%{y}-%{x:02d}: %{z:,.0f} %{text}<extra></extra>"))
    for peak in seasons.peaks(trend).itertuples():
        fig.add_scatter(
            x=[peak.day.day], y=[peak.day.strftime("%Y-%m")], mode="markers", showlegend=False,
            marker={"symbol": "circle-open", "size": 13, "color": ORANGE, "line": {"width": 2}},
            hoverinfo="skip")
    fig = style(fig, 80 + 26 * max(3, len(wide)))
    fig.update_layout(margin={"t": 16})
    fig.update_xaxes(showgrid=False, dtick=5, tick0=5, title_text=_("Day of the month"))
    fig.update_yaxes(showgrid=False, type="category", autorange="reversed")
    return fig


def _date(month: str, day: int) -> date | None:
    try:
        return pd.Timestamp(f"{month}-{day:02d}").date()
    except ValueError:  # 30 February
        return None


def monthdays(trend: pd.DataFrame) -> go.Figure:
    """Orders by day of the month against a usual day; those beyond chance in another colour."""
    table = seasons.by_monthday(trend)
    sure = set(seasons.pay_days(trend)["monthday"])
    fig = go.Figure(go.Bar(
        x=table["monthday"], y=table["ratio"] - 1,
        marker_color=[ORANGE if d in sure else BLUE for d in table["monthday"]],
        customdata=[f"{change(r - 1)} ({number(n)})" for r, n in zip(
            table["ratio"], table["orders"], strict=True)],
        hovertemplate="%{x}: %{customdata}<extra></extra>"))
    ratio = table["ratio"] - 1
    low, high = min(0.0, float(ratio.min())), max(0.0, float(ratio.max()))
    step = next(s for s in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 1e9) if (high - low) / s <= 5)
    marks = [m * step for m in range(ceil(low / step), floor(high / step) + 1)]
    fig.update_yaxes(
        title_text=_("Against a usual day"), tickvals=marks,
        ticktext=[change(m) for m in marks])
    fig.update_xaxes(dtick=5, tick0=5, title_text=_("Day of the month"), showgrid=False)
    return style(fig, 260)


def mark_seasons(fig: go.Figure, weeks: pd.Series, most: int = 8) -> go.Figure:
    """Write the named days above the weeks of a figure whose x axis holds their Mondays."""
    if not len(weeks):
        return fig
    first, last = weeks.min().date(), weeks.max().date() + timedelta(days=6)
    loud = [m for m in seasons.marks(first, last) if m[1] in seasons.LOUD]
    if len(loud) > most:
        loud = [m for m in loud if m[1] in ("double11", "618", "spring_festival")]
    for at, code in loud:
        monday = at - timedelta(days=at.weekday())
        fig.add_vline(x=pd.Timestamp(monday), line={"color": GREY, "dash": "dot", "width": 1})
        fig.add_annotation(
            x=pd.Timestamp(monday), y=1, yref="paper", text=seasons.name(code), showarrow=False,
            textangle=-90, xanchor="center", yanchor="bottom", font={"size": 11, "color": GREY})
    room = max((sum(6 if c.isascii() else 12 for c in seasons.name(m[1])) for m in loud), default=0)
    fig.update_layout(margin={"t": 16 + room}, height=fig.layout.height + room)
    return fig


