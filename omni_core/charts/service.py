"""Figures of the service page: decisions and workload in, plotly figures (and one line) out."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from omni_core.charts.theme import (
    BLUE,
    COLOURS,
    GREY,
    ORANGE,
    ROSE,
    SEQUENTIAL,
    TEAL,
    VIOLET,
    apart,
    faded,
    literal,
    style,
)
from omni_core.charts.threshold import Line, trade
from omni_core.i18n import _, number, percent
from omni_core.metrics import FEW
from omni_core.service import Decision, Entity, Explanation, intent_name, wording
from omni_core.service import telling_turn as telling

_FAINTEST, _STRONGEST = 0.12, 0.55  # opacity behind a word; text stays readable on both themes
_NOTHING = 0.01  # a smaller difference in probability is not worth a colour


def probabilities(d: Decision, threshold: float) -> go.Figure:
    """The intent and its runners-up as bars, with the threshold as a line."""
    ranked = [(d.intent, d.confidence), *d.alternatives]
    fig = go.Figure(
        go.Bar(
            x=[p for _intent, p in ranked], y=[str(i) for i in range(len(ranked))],
            orientation="h", marker_color=[BLUE, *[GREY] * len(d.alternatives)],
            text=[wording.chance(p) for _intent, p in ranked], textposition="outside",
            cliponaxis=False, hoverinfo="skip",
        )
    )
    fig.add_vline(
        x=threshold, line_dash="dot", line_color=ORANGE,
        annotation_text=_("answers from {p}").format(p=percent(threshold, 0)),
        annotation_position="top",
    )
    fig = style(fig, 60 + 34 * len(ranked))
    fig.update_xaxes(range=[0, 1.22], visible=False)  # room for ">99%" on a phone
    fig.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=[str(i) for i in range(len(ranked))],
        ticktext=[literal(intent_name(i), 30) for i, _p in ranked],
    )
    return fig


def workload(
    curve: pd.DataFrame, threshold: float, suggested: float | None = None
) -> go.Figure:
    """Over the threshold: share answered, and share right among those answered with its range."""
    lines = (
        Line("right_share", _("Right among the answered"), TEAL,
             range=("right_low", "right_high")),
        Line("answered_share", _("Answered by the bot"), BLUE, "dash"),
    )
    return trade(curve, lines, threshold, _("Answer from this confidence"), suggested)


def coloured_words(x: Explanation) -> str:
    """The message as read, as one safe line of HTML: blue speaks for the intent, orange against."""
    most = max((abs(w.weight) for w in x.words), default=0.0)
    spans, end = [], 0
    for word in x.words:
        start = x.read_as.find(word.text, end)
        spans.append(html.escape(x.read_as[end:start]))
        end = start + len(word.text)
        text = html.escape(word.text)
        if abs(word.weight) < _NOTHING:
            spans.append(text)
            continue
        opacity = _FAINTEST + (_STRONGEST - _FAINTEST) * abs(word.weight) / most
        colour = faded(BLUE if word.weight > 0 else ORANGE, round(opacity, 2))
        tip = html.escape(_("without it: {p}").format(p=wording.chance(word.without)))
        spans.append(
            f'<span title="{tip}" style="background:{colour};border-radius:4px;'
            f'padding:2px 4px;margin:0 1px">{text}</span>'
        )
    spans.append(html.escape(x.read_as[end:]))
    return f'<p style="font-size:1.15rem;line-height:2">{"".join(spans)}</p>'


_ENTITY_COLOURS = {
    "order_no": BLUE, "tracking_no": BLUE, "phone": ROSE, "email": ROSE, "price": TEAL,
    "quantity": TEAL, "date": VIOLET, "size": ORANGE, "coupon": ORANGE, "product": GREY,
    "brand": GREY,
}


def named(text: str, entities: Sequence[Entity]) -> str:
    """The message as typed with what it names marked, as one safe line of HTML."""
    parts, end = [], 0
    for e in entities:
        kind = html.escape(telling.entity_label(e))
        colour = faded(_ENTITY_COLOURS[e.type], 0.3)
        parts.append(html.escape(text[end:e.start]))
        parts.append(
            f'<span title="{kind}" style="background:{colour};border-radius:4px;padding:2px 4px">'
            f"{html.escape(text[e.start:e.end])}"
            f'<small style="opacity:.75"> {kind}</small></span>')
        end = e.end
    parts.append(html.escape(text[end:]))
    return f'<p style="line-height:2;overflow-wrap:anywhere">{"".join(parts)}</p>'


def confidence(histogram: pd.DataFrame) -> go.Figure:
    """How sure it was, right and wrong answers on top of each other."""
    labels = [f"{percent(c, 0)}–{percent(c + 0.1, 0)}" for c in histogram["from_confidence"]]
    fig = go.Figure()
    for column, name, colour, mark in (("right_count", _("Right"), TEAL, ""),
                                       ("wrong_count", _("Wrong"), ORANGE, "/")):
        fig.add_bar(x=labels, y=histogram[column], name=name, marker_color=colour,
                    marker_pattern={"shape": mark, "solidity": 0.3},
                    hovertemplate="%{x}: %{y}<extra></extra>")
    fig.update_layout(barmode="stack")
    fig.update_xaxes(title_text=_("Confidence"), type="category")
    fig.update_yaxes(title_text=_("Messages"), rangemode="tozero", tickformat=",d")
    return style(fig)


def confusion(matrix: pd.DataFrame) -> go.Figure:
    """True intents down, what they were taken for across; each row as shares of its messages."""
    shares = matrix.div(matrix.sum(axis=1).where(lambda n: n > 0, 1), axis=0)
    names = apart(literal(intent_name(str(i)), 24) for i in matrix.index)
    fig = go.Figure(go.Heatmap(
        z=shares.to_numpy(), x=names, y=names, colorscale=[list(s) for s in SEQUENTIAL],
        zmin=0, zmax=1, showscale=False, xgap=1, ygap=1, customdata=matrix.to_numpy(),
        text=[[number(v) if v else "" for v in row] for row in matrix.to_numpy()],
        texttemplate="%{text}", textfont={"size": 10},
        hovertemplate="%{y} → %{x}: %{customdata}<extra></extra>"))
    fig.update_xaxes(title_text=_("Understood as"), tickangle=-45, showgrid=False, type="category")
    fig.update_yaxes(title_text=_("Expected"), autorange="reversed", showgrid=False,
                     type="category")
    return style(fig, 180 + 24 * len(names))


def learning(table: pd.DataFrame) -> go.Figure:
    """Accuracy over the number of sentences, a line an engine, with ranges."""
    fig = go.Figure()
    for colour, dash, (engine, part) in zip(
            COLOURS, ("solid", "dash", "dot", "dashdot"), table.groupby("engine", sort=False),
            strict=False):
        fig.add_scatter(
            x=part["sentences"], y=part["accuracy"], name=_(str(engine)), mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2.5},
            error_y={"type": "data", "symmetric": False, "color": faded(colour, 0.5),
                     "array": part["high"] - part["accuracy"],
                     "arrayminus": part["accuracy"] - part["low"]},
            hovertemplate="n = %{x}: %{y:.0%}<extra></extra>")
    fig.update_xaxes(title_text=_("Training sentences"), rangemode="tozero")
    fig.update_yaxes(tickformat=".0%", range=[0, 1.02])
    return style(fig)


def frequent(words: pd.DataFrame) -> go.Figure:
    """The words of unanswered messages, by how many hold them."""
    some = words.head(15)
    fig = go.Figure(go.Bar(
        x=some["messages"], y=apart(literal(w, 24) for w in some["word"]), orientation="h",
        marker_color=BLUE, text=[number(n) for n in some["messages"]], textposition="outside",
        cliponaxis=False, hoverinfo="skip"))
    fig.update_yaxes(autorange="reversed", type="category", showgrid=False)
    fig.update_xaxes(visible=False, rangemode="tozero")
    return style(fig, 60 + 26 * len(some))


def mood_by_month(table: pd.DataFrame) -> go.Figure:
    """The share of positive reviews by month with its range; hollow where fewer than 30."""
    fig = go.Figure(go.Scatter(
        x=[str(m)[:7] for m in table["month"]], y=table["content"], mode="lines+markers",
        line={"color": TEAL, "width": 2.5},
        marker={"size": 9, "symbol": ["circle" if n >= FEW else "circle-open"
                                      for n in table["reviews"]]},
        error_y={"type": "data", "symmetric": False, "color": faded(TEAL, 0.5),
                 "array": table["high"] - table["content"],
                 "arrayminus": table["content"] - table["low"]},
        customdata=[number(n) for n in table["reviews"]],
        hovertemplate="%{x}: %{y:.0%} · n = %{customdata}<extra></extra>"))
    fig.update_xaxes(type="category")
    fig.update_yaxes(title_text=_("Positive"), tickformat=".0%", range=[0, 1.02])
    return style(fig)


def mood_by_product(table: pd.DataFrame, names: Mapping[str, str]) -> go.Figure:
    """The share of positive reviews of the most reviewed products; faded where fewer than 30."""
    some = table.head(12)
    places = apart(literal(names[str(i)], 26) for i in some["item"])
    fig = go.Figure(go.Bar(
        x=some["content"], y=places, orientation="h",
        marker_color=[TEAL if n >= FEW else faded(TEAL, 0.45) for n in some["reviews"]],
        hoverinfo="skip", showlegend=False,
        error_x={"type": "data", "symmetric": False, "color": faded(GREY, 0.7),
                 "array": some["high"] - some["content"],
                 "arrayminus": some["content"] - some["low"]}))
    fig.add_scatter(  # beside the longest range, so that no line crosses a figure
        x=[1.03] * len(some), y=places, mode="text", textposition="middle right",
        hoverinfo="skip", showlegend=False,
        text=[f"{percent(s, 0)} ({number(n)})" for s, n in zip(
            some["content"], some["reviews"], strict=True)])
    fig.update_yaxes(autorange="reversed", type="category", showgrid=False)
    fig.update_xaxes(tickformat=".0%", range=[0, 1.5], tickvals=[0, 0.25, 0.5, 0.75, 1])
    return style(fig, 80 + 30 * len(some))
