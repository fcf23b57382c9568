"""What is said of models: which one the data choose, what moves it as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omni_core.i18n import _, number, percent, together
from omni_core.targeting import compare
from omni_core.targeting.compare import ARTICLES, Comparison
from omni_core.targeting.model import KINDS
from omni_core.targeting.person_words import meaning

if TYPE_CHECKING:
    import pandas as pd


def kind_name(kind: str) -> str:
    """Return a model's name; the articles' baseline by what it sees."""
    return _("Articles' model (age, gender, channel or interests)") if kind == ARTICLES \
        else _(KINDS[kind])


def table(found: Comparison, threshold: float) -> pd.DataFrame:
    """Return the comparison with names in words; the chosen one is marked."""
    shown = compare.table(found, threshold)
    shown["model"] = [kind_name(k) + (" ★" if k == found.best else "") for k in shown["model"]]
    return shown


def chosen_words(found: Comparison, used: str) -> str:
    """Say which model the data choose, why the simple one stays where it does, and which one the
    page uses where that is another."""
    if not found.choice:
        return _("Too few answers before the days tested to choose by: the logistic regression "
                 "stays.")
    text = _("The data favour: {model} (★).").format(model=kind_name(found.best))
    if found.best == "logistic":
        text = together(text, _("No other model fits better by 1 % or more (log loss), so the "
                                "one that can be explained stays."))
    if found.how == "shoppers":
        text = together(text, _("There are no earlier days to choose on, so people were divided "
                                "at random."))
    if used != found.best:
        text = together(text, _("The page uses {model} as long as nothing else is set under “How "
                                "it is learned”.").format(model=kind_name(used)))
    return text


def cut_words(threshold: float) -> str:
    """Say which cut-off precision, recall and F1 belong to."""
    return _("Precision, recall and F1 at your cut-off of {cut}.").format(cut=percent(threshold))


def named(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of columns with what each means."""
    out = table.copy()
    out.insert(1, "meaning", [meaning(c) for c in table["input"]])
    return out


def importance(table: pd.DataFrame) -> str:
    """Say which column the ranking leans on most."""
    if not len(table) or not table["drop"].iloc[0] > 0:
        return _("No single column is missed when it is shuffled.")
    top = table.iloc[0]
    return _("Shuffled among people, “{meaning}” costs most: the right one of two comes first "
             "{drop} points less often ({low} to {high}). Columns that say the same as others cost "
             "little.").format(
        meaning=meaning(top["input"]), drop=number(100 * top["drop"], 1),
        low=number(100 * top["low"], 1), high=number(100 * top["high"], 1))


def swept(table: pd.DataFrame, column: str) -> str:
    """Say between which rates the mean response moves as a column is swept."""
    low, high = table.loc[table["response"].idxmin()], table.loc[table["response"].idxmax()]
    return _("Were “{meaning}” the same for everyone, the mean probability would lie between {low} "
             "(at {at_low}) and {high} (at {at_high}). This is how the model answers, not what a "
             "change would do.").format(
        meaning=meaning(column), low=percent(low["response"]), high=percent(high["response"]),
        at_low=_value(low["value"]), at_high=_value(high["value"]))


def _value(value: object) -> str:
    return number(value, 1) if isinstance(value, int | float) else str(value)
