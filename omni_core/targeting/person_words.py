"""One person: why she scores so, and what to mind in an ad to her."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omni_core.i18n import _, number, percent, together
from omni_core.targeting.creative import Goods, restricted
from omni_core.targeting.evaluate import Scores
from omni_core.targeting.features import FEATURES, RECIPIENTS

if TYPE_CHECKING:
    import pandas as pd

_MEANING = {f.name: f.meaning for f in (*FEATURES, RECIPIENTS)}
_MOST = 8


def meaning(column: str) -> str:
    """Return what a column means in the language of the context; a file's own name as it is."""
    return _(_MEANING[column]) if column in _MEANING else column


def reasons(scores: Scores, user: Any) -> pd.DataFrame | None:
    """Return what each column adds to a person's log-odds: input, meaning, value, adds.

    The eight weightiest, then the rest as one row, so that the sum is the whole distance from the
    mean person. None for a model that can't be taken apart.
    """
    import pandas as pd

    if scores.model.kind != "logistic":
        return None
    place = int(np.flatnonzero(scores.user == user)[0])
    row = scores.x.iloc[[place]]
    parts = scores.model.explain(row).iloc[0]
    order = parts.abs().sort_values(ascending=False, kind="stable").index
    table = pd.DataFrame({
        "input": order[:_MOST], "meaning": [meaning(c) for c in order[:_MOST]],
        "value": [_shown(row[c].iloc[0]) for c in order[:_MOST]],
        "adds": [float(parts[c]) for c in order[:_MOST]]})
    rest = order[_MOST:]
    if len(rest):
        table.loc[len(table)] = ["", _("{n} other columns").format(n=number(len(rest))), "",
                                 float(parts[rest].sum())]
    return table


def _shown(value: Any) -> str:
    if value is None or value != value:
        return _("not known")
    return number(float(value), 2) if isinstance(value, int | float | np.number) else str(value)


def why_words(scores: Scores, user: Any, table: pd.DataFrame) -> str:
    """Say what a person's score is and what speaks most for and against it."""
    place = int(np.flatnonzero(scores.user == user)[0])
    mean = 1 / (1 + np.exp(-scores.model.mean_log_odds))
    text = _("Probability {p}; the mean person has {mean}.").format(
        p=percent(scores.p[place]), mean=percent(float(mean)))
    named = table[table["input"] != ""]
    up, down = named[named["adds"] > 0], named[named["adds"] < 0]
    if len(up):
        best = up.iloc[0]
        text = together(text, _("Most speaks for it: {meaning} ({value}).").format(
            meaning=best["meaning"], value=best["value"]))
    if len(down):
        worst = down.iloc[0]
        text = together(text, _("Most speaks against it: {meaning} ({value}).").format(
            meaning=worst["meaning"], value=worst["value"]))
    return text


def creative_warnings(headline: str, body: str, goods: tuple[Goods, ...], own: bool) -> list[str]:
    """Say which restricted kinds of goods the ad names, and that a file of people has no goods."""
    texts = [headline, body, *(g.category for g in goods), *(g.name for g in goods)]
    out = [_("This ad seems to be about {kind}: platforms restrict or forbid targeting such goods. "
             "Read their rules first.").format(kind=_(label)) for label in restricted(texts)]
    if own and any(hole in headline + body for hole in ("{category}", "{product}", "{price}")):
        out.append(_("Your file names no goods, so the holes for them stay empty."))
    return out
