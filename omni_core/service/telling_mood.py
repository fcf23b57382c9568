"""What the page says of reviews by product and month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from omni_core.i18n import _, gap, language, ngettext, number, percent
from omni_core.metrics import FEW, wilson
from omni_core.service.sentiment import Mood
from omni_core.service.wording import ranged

# Some of hundreds of products look bad by chance: 3.3 standard errors are passed by one in 1,000.
_LEAST_REVIEWS, _AMONG_MANY = 5, 3.3


def mood_source(mood: Mood) -> str:
    """Say what the model learnt from and how far to believe it."""
    if mood.source == "own":
        text = _("Learnt from the stars of {n} of your reviews.").format(n=number(mood.learnt))
    else:
        text = _("Your reviews have too few clear stars to learn from ({n}; 200 are needed, 40 of "
                 "the rarer kind), so it starts from {k} written sentences.").format(
            n=number(mood.judged), k=number(mood.learnt))
    if mood.judged:
        text += gap() + _("On {n} reviews it had not seen, it agrees with the stars in {share} "
                        "(likely {low} to {high}); always saying the commoner would in "
                        "{base}.").format(
            n=number(mood.judged), share=percent(mood.accuracy, 0), low=percent(mood.low, 0),
            high=percent(mood.high, 0), base=percent(mood.baseline, 0))
    return text


def mood_figures(read: pd.DataFrame, mood: Mood) -> list[tuple[Any, ...]]:
    """Return (label, value, help, under) of the reviews' figures."""
    n = len(read)
    rows = []
    for code, label in (("positive", _("Positive")), ("negative", _("Negative")),
                        ("mixed", _("Mixed"))):
        k = int((read["mood"] == code).sum())
        rows.append((label, percent(k / n, 0), _("What the words say, whatever the stars."),
                     f"{number(k)} / {number(n)}"))
    k = int(read["contradicts"].sum())
    rows.append((_("Stars say otherwise"), number(k),
                 _("The words are clearly of another mind than the stars: a slip, or irony."),
                 f"{number(k)} / {number(n)}"))
    return rows


def months(by_month: pd.DataFrame) -> list[str]:
    """Return the months of a summary as "2026-03", the latest first."""
    return [str(m)[:7] for m in reversed(by_month["month"].tolist())]


def month_words(by_month: pd.DataFrame) -> str:
    """Say how the latest month stands beside the one before."""
    last, before = by_month.iloc[-1], by_month.iloc[-2]
    text = _("{month}: {share} of {n} reviews are positive (likely {low} to {high}), {then} the "
             "month before.").format(
        month=str(last["month"])[:7], share=percent(last["content"], 0), n=number(last["reviews"]),
        low=percent(last["low"], 0), high=percent(last["high"], 0),
        then=percent(before["content"], 0))
    apart = last["low"] > before["high"] or last["high"] < before["low"]
    return text if apart else text + gap() + _("The two can't be told apart.")


def product_names(read: pd.DataFrame) -> dict[str, str]:
    """Return the reviewed products' names by id, the most reviewed first."""
    order = read["item"].value_counts().index
    first = read.drop_duplicates("item").set_index("item")
    english = language() == "en"
    return {str(i): str(first.loc[i, "name_en"] if english and isinstance(
        first.loc[i, "name_en"], str) else first.loc[i, "name"]) for i in order}


def product_words(by_item: pd.DataFrame, names: dict[str, str]) -> str:
    """Say which product is surely below the rest, though many are looked at."""
    total = by_item["positive"].sum() / by_item["reviews"].sum()
    enough = by_item[by_item["reviews"] >= _LEAST_REVIEWS]
    below = np.array([wilson(k, n, _AMONG_MANY)[1] < total for k, n in zip(
        enough["positive"], enough["reviews"], strict=True)], dtype=bool)
    low = enough[below].sort_values("content")
    if low.empty:
        return _("No product is surely less liked than the average ({share}).").format(
            share=percent(total, 0))
    worst = low.iloc[0]
    return _(
        "“{name}” is surely less liked than the average: {share} of {n} against {all}."
    ).format(
        name=names[str(worst["item"])], share=percent(worst["content"], 0),
        n=number(worst["reviews"]), all=percent(total, 0))


def mood_table(table: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return a summary of reviews for display."""
    by = table.columns[0]
    names = product_names(read) if by == "item" else {}
    first = [names[str(v)] if by == "item" else str(v)[:7] for v in table[by]]
    return pd.DataFrame({
        "name" if by == "item" else "review_month": first, "reviews": table["reviews"],
        "content": ranged(table, "content", "low", "high", "reviews"),
        "negative": table["negative"], "stars": table["stars"].round(2),
        "few": [_("yes") if n < FEW else "" for n in table["reviews"]]})


def behind_words(rows: pd.DataFrame) -> str:
    """Say how many reviews are listed."""
    return ngettext("{n} review, the clearest first.", "{n} reviews, the clearest first.",
                    len(rows)).format(n=number(len(rows)))


def review_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return reviews for display."""
    names = product_names(rows) if len(rows) else {}
    moods = {"positive": _("Positive"), "negative": _("Negative"), "mixed": _("Mixed")}
    return pd.DataFrame({
        "review": rows["text"], "name": [names[str(i)] for i in rows["item"]],
        "review_month": [str(m)[:7] if m == m and m is not None else "–" for m in rows["month"]],
        "stars": rows["stars"], "mood": [moods[m] for m in rows["mood"]],
        "positive_share": rows["positive"].astype(float)})
