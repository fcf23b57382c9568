"""Figures of the service page: decisions and workload in, plotly figures (and one line) out."""

from __future__ import annotations

import html

import pandas as pd
import plotly.graph_objects as go

from omni_core.charts.theme import BLUE, GREY, ORANGE, TEAL, faded, literal, style
from omni_core.charts.threshold import Line, trade
from omni_core.i18n import _, percent
from omni_core.service import Decision, Explanation, intent_name, wording

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
