"""Figures of visits, paths, carts and goods: small frames in, plotly figures out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from omni_core.behaviour import facts, labels, steps
from omni_core.charts.theme import (
    BLUE,
    DIVERGING,
    GREY,
    ORANGE,
    ROSE,
    TEAL,
    apart,
    cell_words,
    faded,
    hatched,
    heights,
    literal,
    style,
    ticks,
    two_lines,
    upright,
)
from omni_core.i18n import _, money, number, percent
from omni_core.small_cells import word

FATE_COLOURS = {"sold": TEAL, "recovered": BLUE, "left": ORANGE, "open": GREY}
GENDERS = (BLUE, ORANGE, TEAL, ROSE)


def ranking(
    table: pd.DataFrame, value: str, names: list[str], words: list[str], colour: str = BLUE
) -> go.Figure:
    """Lying bars, the first on top; ``names`` stand beside them, ``words`` at their ends."""
    place = [str(i) for i in range(len(table))]  # two rows may share a name
    values = table[value].astype(float)
    fig = go.Figure(go.Bar(
        x=values, y=place, orientation="h", marker_color=colour, text=words,
        textposition="outside", cliponaxis=False,
        customdata=[literal(n, 80) for n in names],
        hovertemplate="%{customdata}: %{text}<extra></extra>"))
    fig = style(fig, 60 + 30 * max(3, len(table)))
    fig.update_xaxes(range=[0, max(1e-9, float(values.max() or 0)) * 1.7], visible=False)
    fig.update_yaxes(autorange="reversed", showgrid=False, type="category", tickvals=place,
                     ticktext=[two_lines(n) for n in names])
    return fig


def paths(table: pd.DataFrame) -> go.Figure:
    """The most frequent first three steps, as a share of shoppers."""
    top = table.head(8)
    return ranking(top, "share", [steps.path_name(str(s)) for s in top["steps"]], [
        f"{percent(s)} ({number(n)})" for s, n in zip(top["share"], top["shoppers"], strict=True)],
        TEAL)


def carts(table: pd.DataFrame) -> go.Figure:
    """What became of products put into a cart: one bar, each part with its share."""
    total = float(table["carts"].sum()) or 1.0
    fig = go.Figure()
    for row in table.itertuples():
        fate = str(row.fate)
        words = percent(row.carts / total, 0)
        fig.add_bar(
            x=[row.carts], y=[""], orientation="h", name=_(steps.FATES[fate]),
            marker_color=FATE_COLOURS[fate], text=[words if row.carts > 0.06 * total else ""],
            textposition="inside", insidetextanchor="middle", textangle=0,
            textfont={"color": "#FFFFFF"},
            customdata=[f"{number(row.carts)} ({words})"],
            hovertemplate="%{customdata}<extra>%{fullData.name}</extra>")
    fig = style(fig, 150)
    fig.update_layout(barmode="stack", bargap=0.2, legend={"traceorder": "normal"})
    fig.update_xaxes(visible=False)
    fig.update_yaxes(visible=False)
    return fig


def new_returning(table: pd.DataFrame) -> go.Figure:
    """Orders by week: of new and of returning shoppers, one on the other."""
    fig = go.Figure()
    weeks = pd.date_range(table["week"].min(), table["week"].max(), freq="7D")
    for kind, colour in (("returning", BLUE), ("new", TEAL)):
        part = table[table["kind"] == kind].set_index("week")["orders"]
        part.index = pd.to_datetime(part.index)
        part = part.reindex(weeks, fill_value=0)
        fig.add_bar(x=weeks, y=part, name=_(steps.KINDS[kind]), marker_color=colour,
                    customdata=[number(n) for n in part],
                    hovertemplate="%{x|%Y-%m-%d}: %{customdata}<extra>%{fullData.name}</extra>")
    fig = style(fig, 280)
    sums = table.groupby("week")["orders"].sum()
    fig.update_layout(barmode="stack", bargap=0.15)
    short = len(weeks) < 22
    fig.update_xaxes(tickformat="%m-%d" if short else "%Y-%m", dtick=None if short else "M2")
    fig.update_yaxes(title_text=_("Orders"), **ticks(sums))
    return fig


def ages_by_gender(table: pd.DataFrame) -> go.Figure:
    """Shoppers by age band, a bar each gender; hidden counts hatched."""
    bands = list(dict.fromkeys(table["band"]))
    fig = go.Figure()
    genders = sorted(set(table["gender"]) - {"unknown"}) + (
        ["unknown"] if "unknown" in set(table["gender"]) else [])
    for place, gender in enumerate(genders):
        part = table[table["gender"] == gender].set_index("band")["shoppers"]
        present = [b for b in bands if b in part.index]
        counts = part.reindex(present)
        away = counts.isna()
        colour = GREY if gender == "unknown" else GENDERS[place % len(GENDERS)]
        name = literal(steps.gender_name(gender), 16)
        tall = pd.Series(heights(counts), index=present)
        for gone in (False, True):  # apart, so that the legend's mark isn't hatched
            some = [b for b in present if bool(away[b]) == gone]
            fig.add_bar(
                x=[labels.band_name(str(b)) for b in some], y=tall[some], name=name,
                marker={"color": colour, "pattern": hatched([gone] * len(some))},
                offsetgroup=gender, legendgroup=gender, showlegend=not gone,
                customdata=[word() if gone else number(counts[b]) for b in some],
                hovertemplate="%{x}: %{customdata}<extra>%{fullData.name}</extra>")
    fig = style(fig)
    names = [labels.band_name(str(b)) for b in bands]
    fig.update_xaxes(type="category", categoryorder="array", categoryarray=names, **upright(names))
    fig.update_yaxes(title_text=_("Shoppers"), **ticks(table["shoppers"].dropna()))
    return fig


def tastes(table: pd.DataFrame) -> go.Figure:
    """How much more (blue) or less (orange) than all shoppers each age buys of a category."""
    table = table.assign(**{  # whatever stands where a count is hidden
        c: pd.to_numeric(table[c], errors="coerce").to_numpy(float, na_value=np.nan)
        for c in ("purchases", "lift")})
    bands = list(dict.fromkeys(table["band"]))
    sums = table.groupby("category")["purchases"].sum(min_count=1).sort_values(ascending=False)
    names = {str(r["category"]): labels.category_name(r) for r in table.to_dict("records")}
    grid = table.pivot(index="category", columns="band", values="lift").reindex(
        index=list(sums.index), columns=bands)
    n = table.pivot(index="category", columns="band", values="purchases").reindex_like(grid)
    times = grid.astype(float)
    told = [[word() if c != c or c is None else number(c, 1) + "×" for c in row]
            for row in times.to_numpy()]
    words = [["–" if w == word() else w for w in row] for row in told]  # a cell is narrow
    ages = [labels.band_name(str(b)) for b in bands]
    fig = go.Figure(go.Heatmap(
        z=np.log2(times.clip(lower=0.2, upper=5)).to_numpy(),  # twice and half lie equally far
        x=ages, y=apart(literal(names[str(c)], 20) for c in grid.index),
        colorscale=[list(stop) for stop in DIVERGING], zmid=0, zmin=-1.6, zmax=1.6,
        showscale=False, xgap=1, ygap=1, text=told,
        customdata=[["" if v is None or v != v else number(float(v)) for v in row]
                    for row in n.astype(float).to_numpy()],
        hovertemplate="%{y}, %{x}: %{text} (n = %{customdata})<extra></extra>"))
    strong = (np.abs(np.log2(times.clip(lower=0.2, upper=5))) / 1.6).fillna(0.0).to_numpy()
    fig = style(cell_words(fig, strong, words), 70 + 30 * max(3, len(grid)))
    fig.update_layout(margin={"t": 16})
    fig.update_xaxes(showgrid=False, type="category", **upright(ages, narrow=True))
    fig.update_yaxes(showgrid=False, type="category", autorange="reversed")
    return fig


def categories(table: pd.DataFrame, by: str, currency: str, n: int = 12) -> go.Figure:
    """Categories by a measure, each with the places it won or lost where that is known."""
    top = table.head(n)
    words = []
    for row in top.to_dict("records"):
        shown = money(row[by], currency, 0) if by == "revenue" else number(row[by])
        change = f"  {steps.moved(int(row['rank']), row['rank_before'])}" if (
            "rank_before" in row) else ""
        words.append(shown + change)
    names = [labels.category_name(r) if "item" not in r else labels.product_name(r)
             for r in top.to_dict("records")]
    return ranking(top, by, names, words)


def lost(table: pd.DataFrame) -> go.Figure:
    """Share lost before each step, a bar a group (``steps.by_group``); few shoppers paler."""
    groups = list(dict.fromkeys(table["group"]))
    fig = go.Figure()
    for step, colour in zip(dict.fromkeys(table["step"]), (ORANGE, TEAL), strict=False):
        part = table[table["step"] == step].set_index("group").reindex(groups).dropna()
        fig.add_bar(
            y=[groups.index(g) for g in part.index], x=part["lost"], orientation="h",
            name=_("Lost before “{step}”").format(step=labels.step_name(step)),
            marker={"color": [faded(colour, 0.4) if facts.few(n) else colour
                              for n in part["of"]]},
            text=[_("{share} of {n}").format(share=percent(s, 0), n=number(n))
                  for s, n in zip(part["lost"], part["of"], strict=True)],
            textposition="outside", cliponaxis=False, hoverinfo="skip")
    fig = style(fig, 80 + 52 * max(2, len(groups)))
    fig.update_xaxes(visible=False, range=[0, 1.5 * max(1e-9, float(table["lost"].max()))])
    fig.update_yaxes(autorange="reversed", showgrid=False, zeroline=False,
                     tickvals=list(range(len(groups))),
                     ticktext=[two_lines(g, 16) for g in groups])
    return fig
