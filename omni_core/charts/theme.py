"""One look for every figure: colours that hold on light and dark pages, quiet axes, safe words."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable
from math import ceil, floor, log10
from typing import Any

import plotly.graph_objects as go

from omni_core.i18n import compact

# At least 3:1 against both page colours; told apart with the common colour blindnesses.
BLUE = "#3D7EC9"
ORANGE = "#D17A22"
TEAL = "#1F9484"
ROSE = "#C2577A"
VIOLET = "#8B7BC8"
GREY = "#8A8F98"
COLOURS = (BLUE, ORANGE, TEAL, ROSE, VIOLET, GREY)

# From nearly the page itself to the full colour, so one scale serves both pages.
SEQUENTIAL = ((0.0, "rgba(61,126,201,0.06)"), (1.0, "rgba(61,126,201,1)"))
# less - equal - more
DIVERGING = ((0.0, ORANGE), (0.5, "rgba(138,143,152,0.12)"), (1.0, BLUE))
# the page's own colour and that of its words, as in .streamlit/config.toml; words of an axis
PAGES = {"light": ("#FFFFFF", "#1E2625", "#5B6664"), "dark": ("#14191A", "#E6ECEA", "#A9B4B2")}
_LINE = "rgba(138,143,152,0.25)"


def literal(text: Any, longest: int = 40) -> str:
    """Make text from data harmless in a figure: no markup, at most ``longest`` characters."""
    words = " ".join(str(text).split())
    if len(words) > longest:
        words = words[: longest - 1] + "…"
    return html.escape(words, quote=False)


def apart(names: Iterable[str]) -> list[str]:
    """Return names that look as they did and all differ: Plotly draws like ones into one place.

    Cut to what an axis has room for, two goods of one maker often read the same.
    """
    told: Counter[str] = Counter()
    out = []
    for name in names:
        out.append(name + "\u200b" * told[name])  # of no width
        told[name] += 1
    return out


def two_lines(text: Any, width: int = 24) -> str:
    """Return ``literal`` text for beside a bar: in two lines where it is longer than ``width``."""
    words = " ".join(str(text).split())
    if len(words) <= width:
        return literal(words)
    cut = words.rfind(" ", 0, width + 1)
    first, rest = (words[:cut], words[cut + 1:]) if cut > 0 else (words[:width], words[width:])
    return literal(first) + "<br>" + literal(rest, width)


def upright(names: list[str], *, narrow: bool = False) -> dict[str, Any]:
    """Return axis marks for a few short names, a line for each word: so they needn't slant.

    ``narrow``: both ends of a range such as 18–24 take a line each, too.
    """
    words = [n.replace(" ", "<br>") for n in names]
    if narrow:
        words = [w.replace("–", "–<br>") for w in words]
    return {"tickvals": names, "ticktext": words, "tickangle": 0}


def faded(colour: str, share: float) -> str:
    """Return ``colour`` at an opacity between 0 and 1 (for bands, and for rates with few cases)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"


def heights(counts: Iterable[Any]) -> list[float]:
    """Return bar heights of counts; a hidden one gets a height that depends on no hidden count."""
    values = [float(n) if n == n else None for n in map(_plain, counts)]
    low = 0.06 * max((v for v in values if v is not None), default=0.0) or 1.0
    return [low if v is None else v for v in values]


def _plain(count: Any) -> float:
    try:
        return float(count)
    except TypeError:  # pandas' own "not available" is no number
        return float("nan")


def hatched(hidden: Iterable[bool]) -> dict[str, Any]:
    """Return the pattern of bars: hatched where the count behind a bar is hidden."""
    return {"shape": ["/" if h else "" for h in hidden], "size": 6, "solidity": 0.35}


def ticks(values: Iterable[float], most: int = 5) -> dict[str, list[Any]]:
    """Return round axis marks from 0 over whole-number ``values``, worded as the language does.

    Plotly's own marks say "30k" in every language; these say 3万 in Chinese.
    """
    known = [0.0, *(float(v) for v in values if v == v)]
    low, high = min(known), max(known)
    rough = max((high - low) / most, 1.0)
    power = 10.0 ** floor(log10(rough))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= rough)
    marks = [i * step for i in range(floor(low / step), ceil(high / step) + 1)]
    return {"tickvals": marks, "ticktext": [compact(mark) for mark in marks]}


def style(fig: go.Figure, height: int = 320) -> go.Figure:
    """Give a figure the house's look and return it; ``height`` in pixels."""
    fig.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 34 if len(fig.data) > 1 else 16, "b": 8},
        colorway=list(COLOURS),
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 13},
        bargap=0.25,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        hoverlabel={"align": "left"},
        modebar={"bgcolor": "rgba(0,0,0,0)"},
        dragmode=False,  # a thumb on a phone scrolls the page, not the chart
    )
    axis = {"gridcolor": _LINE, "zerolinecolor": _LINE, "automargin": True}
    fig.update_xaxes(**axis)
    fig.update_yaxes(**axis)
    return fig


def on_page(fig: go.Figure, page: str | None) -> go.Figure:
    """Give a figure the colours of the page it stands on ("light", "dark"; None: not known).

    Its picture, saved to a file, then has the ground that its words were made for.
    """
    if page in PAGES:
        paper, words, axis = PAGES[page]
        fig.update_layout(paper_bgcolor=paper, font={"color": words})
        quiet = {"tickfont": {"color": axis}, "title": {"font": {"color": axis}}}
        fig.update_xaxes(**quiet)
        fig.update_yaxes(**quiet)
    return fig


def cell_words(fig: go.Figure, strength: Any, words: list[list[str]]) -> go.Figure:
    """Write words into the cells of a figure's first trace, a heatmap, so that they can be read.

    ``strength``: rows of how strong each cell's colour is, from 0 to 1. On pale cells words take
    the page's own colour, dark on a light page and light on a dark one; on strong ones white.
    """
    heat = fig.data[0]
    for strong in (False, True):
        cells = [(x, y, word) for y, row, told in zip(heat.y, strength, words, strict=True)
                 for x, s, word in zip(heat.x, row, told, strict=True)
                 if word and (s > 0.8) == strong]
        if cells:
            fig.add_scatter(
                x=[c[0] for c in cells], y=[c[1] for c in cells], text=[c[2] for c in cells],
                mode="text", hoverinfo="skip", showlegend=False,
                textfont={"size": 12, **({"color": "#FFFFFF"} if strong else {})})
    return fig
