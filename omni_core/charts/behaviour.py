"""Figures of the behaviour and start pages: small frames in, plotly figures out."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from omni_core.behaviour import facts, labels, shape, steps
from omni_core.charts.calendar import mark_seasons
from omni_core.charts.theme import (
    BLUE,
    GREY,
    ORANGE,
    SEQUENTIAL,
    TEAL,
    apart,
    faded,
    hatched,
    heights,
    literal,
    style,
    ticks,
    upright,
)
from omni_core.charts.visits import ranking
from omni_core.i18n import _, money, number, percent, weekday_name
from omni_core.small_cells import word


def age_bands(bands: pd.DataFrame) -> go.Figure:
    """Shoppers per age band, "unknown" last and grey, small groups paler, hidden ones hatched."""
    away = bands["shoppers"].isna()
    colours = [
        GREY if b == "unknown" or gone else faded(BLUE, 0.4) if facts.few(n) else BLUE
        for b, n, gone in zip(bands["band"], bands["shoppers"], away, strict=True)
    ]
    fig = go.Figure(
        go.Bar(
            x=[labels.band_name(str(b)) for b in bands["band"]],
            y=heights(bands["shoppers"]),
            marker={"color": colours, "pattern": hatched(away)},
            text=[word() if gone else number(n)
                  for n, gone in zip(bands["shoppers"], away, strict=True)],
            textposition="outside",
            cliponaxis=False,
            customdata=["" if gone else f" ({percent(s)})"
                        for s, gone in zip(bands["share"], away, strict=True)],
            hovertemplate="%{x}: %{text}%{customdata}<extra></extra>",
        )
    )
    fig.update_xaxes(type="category", title_text=_("Age"),
                     **upright([labels.band_name(str(b)) for b in bands["band"]]))
    fig.update_yaxes(title_text=_("Shoppers"), **ticks(bands["shoppers"].dropna()))
    return style(fig)


def age_years(ages: pd.DataFrame, unknown: int | None) -> go.Figure:
    """Shoppers per year of age, hidden ones hatched, and one bar apart for the unknown ones.

    ``unknown`` None: how many those are is not to be said.
    """
    years = shape.bin_ages(ages)
    away = years["shoppers"].isna()
    fig = go.Figure(
        go.Bar(
            x=years["age"], y=heights(years["shoppers"]),
            marker={"color": [GREY if gone else BLUE for gone in away], "pattern": hatched(away)},
            customdata=[word() if gone else number(n)
                        for n, gone in zip(years["shoppers"], away, strict=True)],
            hovertemplate="%{x}: %{customdata}<extra></extra>", showlegend=False,
        )
    )
    if unknown:
        place = (int(years["age"].max()) if len(years) else 0) + 5
        fig.add_bar(
            x=[place], y=[unknown], width=3, marker_color=GREY, text=[number(unknown)],
            textposition="outside", cliponaxis=False, showlegend=False,
            hovertemplate=_("unknown") + ": %{y:,}<extra></extra>",
        )
        marks = list(range(0, place - 3, 10))
        marks = [t for t in marks if not len(years) or t >= int(years["age"].min()) - 9]
        fig.update_xaxes(
            tickvals=[*marks, place], ticktext=[*map(str, marks), _("unknown")]
        )
    fig.update_xaxes(title_text=_("Age"))
    fig.update_yaxes(title_text=_("Shoppers"), **ticks([*years["shoppers"].dropna(), unknown or 0]))
    fig = style(fig)
    fig.update_layout(bargap=0.1)
    return fig


def browsing(table: pd.DataFrame, log: bool) -> go.Figure:
    """Shoppers by number of views: equal ranges and a grey rest, or (``log``) doubling ranges."""
    return counts(table, log, (_("Views per shopper"), _("Shoppers")))


def counts(table: pd.DataFrame, log: bool, titles: tuple[str, str]) -> go.Figure:
    """How many have how many views (views, shoppers), in ranges; ``titles`` of both axes."""
    bins = shape.bin_views(table, doubling=log)
    names = [
        _("{n} and more").format(n=number(low)) if high != high
        else number(low) if low == high else f"{number(low)}–{number(high)}"
        for low, high in zip(bins["low"], bins["high"], strict=True)
    ]
    place = list(range(len(bins)))
    fig = go.Figure(
        go.Bar(
            x=place, y=bins["shoppers"], customdata=names,
            marker_color=[TEAL if h == h else GREY for h in bins["high"]],
            hovertemplate=titles[0] + " %{customdata}: %{y:,}<extra></extra>",
        )
    )
    every = -(-len(place) // 8)
    # the first of each range will do as its mark, where ranges are many; none beside the last
    marks = place if log else [t for t in place[::every] if t <= place[-1] - every] + place[-1:]
    words = names if log else [number(bins["low"].iloc[t]) for t in marks]
    if words and not log and bins["high"].iloc[-1] != bins["high"].iloc[-1]:
        words[-1] += "+"
    fig.update_xaxes(tickvals=marks, ticktext=words, title_text=titles[0])
    fig.update_yaxes(title_text=titles[1], **ticks(bins["shoppers"]))
    fig = style(fig)
    fig.update_layout(bargap=0.08)
    return fig


def funnel(table: pd.DataFrame, height: int = 260) -> go.Figure:
    """Views, carts, purchases as shoppers; the words at a bar say its share of the step before.

    Where the table is ``funnel_in_order``, they say what was lost and the time since that step.
    """
    ordered = "lost" in table
    shares = [
        "" if i == 0 or row["share_of_previous"] != row["share_of_previous"]
        else f"  (−{percent(row['lost'])}, {steps.hours_name(row['hours'])})" if ordered
        else f"  ({percent(row['share_of_previous'])})"
        for i, row in enumerate(table.to_dict("records"))
    ]
    fig = go.Figure(
        go.Bar(
            x=table["shoppers"],
            y=[labels.step_name(str(s)) for s in table["step"]],
            orientation="h",
            marker_color=[BLUE, ORANGE, TEAL][: len(table)],
            text=[number(n) + s for n, s in zip(table["shoppers"], shares, strict=True)],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    top = max(1.0, float(table["shoppers"].max() or 0))
    fig.update_xaxes(range=[0, top * (1.7 if ordered else 1.35)], visible=False)
    fig = style(fig, height)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    return fig


def hours(frame: pd.DataFrame) -> go.Figure:
    """Events by weekday (down) and hour (across) in the shop's time zone."""
    grid = shape.week_grid(frame)
    days = [weekday_name(int(d)) for d in grid.index]
    most = float(grid.to_numpy().max())
    fig = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(), x=[f"{h}:00" for h in grid.columns], y=days,
            colorscale=[list(stop) for stop in SEQUENTIAL], xgap=1, ygap=1,
            zmin=0, zmax=max(1.0, most),  # from 0: chance alone must not look like a pattern
            colorbar={"title": {"text": _("Events"), "side": "top"}, "orientation": "h", "x": 0,
                      "xanchor": "left", "y": 1.02, "yanchor": "bottom", "len": 0.5,
                      "thickness": 8, "outlinewidth": 0, **ticks([most], 3)},
            hovertemplate="%{y} %{x}: %{z:,.0f}<extra></extra>",
        )
    )
    fig = style(fig, 340)
    fig.update_xaxes(showgrid=False, dtick=3)
    fig.update_yaxes(autorange="reversed", showgrid=False, type="category")
    return fig


def top_products(top: pd.DataFrame, currency: str, by: str = "revenue", n: int = 10) -> go.Figure:
    """The ``n`` leading products by revenue, purchases or views, the first on top."""
    best = top.assign(value=top[by].astype(float)).nlargest(n, "value")
    words = [money(v, currency, 0) if by == "revenue" else number(v) for v in best["value"]]
    return ranking(
        best, "value", [labels.product_name(row) for row in best.to_dict("records")], words)


def channels(frame: pd.DataFrame, currency: str, shoppers: float) -> go.Figure:
    """Each channel's share of revenue and of all ``shoppers`` (who may use several channels)."""
    names = apart(literal(labels.channel_name(c), 18) for c in frame["channel"])
    fig = go.Figure()
    for column, colour, label in (
        ("revenue", BLUE, _("Share of revenue")), ("shoppers", ORANGE, _("Share of shoppers")),
    ):
        values = frame[column].astype(float)
        total = float(values.sum()) if column == "revenue" else float(shoppers)
        if total <= 0:  # no bars of nothing
            continue
        words = [
            money(v, currency, 0) if column == "revenue" else number(v) for v in values
        ]
        fig.add_bar(
            x=names, y=values / total, name=label, marker_color=colour,
            text=[percent(v / total, 0) for v in values], textposition="outside",
            cliponaxis=False, customdata=words,
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    fig.update_xaxes(type="category")
    fig.update_yaxes(tickformat=".0%", rangemode="tozero")
    return style(fig, 300)


def trend(frame: pd.DataFrame, currency: str, by: str = "revenue") -> go.Figure:
    """Revenue or orders by week with the shops' seasons; a week that the period cuts is paler."""
    weeks = shape.by_week(frame)
    words = [money(v, currency, 0) if by == "revenue" else number(v) for v in weeks[by]]
    fig = go.Figure(
        go.Bar(
            x=weeks["week"], y=weeks[by], customdata=words,
            marker_color=[BLUE if d == 7 else faded(BLUE, 0.4) for d in weeks["days"]],
            hovertemplate="%{x|%Y-%m-%d}: %{customdata}<extra></extra>",
        )
    )
    short = len(weeks) < 22
    fig.update_xaxes(tickformat="%m-%d" if short else "%Y-%m", dtick=None if short else "M2")
    fig.update_yaxes(
        title_text=_("Revenue") if by == "revenue" else _("Orders"), **ticks(weeks[by])
    )
    return mark_seasons(style(fig, 280), weeks["week"])
