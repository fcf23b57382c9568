"""What is said of groups: who is left out, how right the score is for each, what fairness costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omni_core.i18n import _, money, number, percent, together
from omni_core.targeting.case import Case
from omni_core.targeting.fairness import ENOUGH, ENOUGH_ANSWERS, FOUR_FIFTHS, Even, four_fifths
from omni_core.targeting.words import group_name

if TYPE_CHECKING:
    import pandas as pd


def held_groups(case: Case, by: str) -> NDArray[np.object_]:
    """Return (n,) the age "band" or "gender" of the people tested."""
    assert case.held.user is not None
    found = case.people[by].reindex(case.held.user).fillna("unknown")
    return found.to_numpy(object)


def price_words(price: tuple[float, float, float], had_any: bool) -> str:
    """Say what leaving age and gender out costs; ``price``: fall of the AUC and its range."""
    if not had_any:
        return _("These data say neither age nor gender, so leaving them out changes nothing.")
    gap, low, high = price
    if gap != gap:
        return _("What that costs can't be measured here: the two were not tested on the same "
                 "people.")
    points = [number(100 * v, 1) for v in (gap, low, high)]
    if low <= 0 <= high:
        return _("Without age and gender the ranking is as good as with them, as far as can be "
                 "told: the right one of two comes first {gap} points more or less often ({low} to "
                 "{high}).").format(gap=points[0].lstrip("-−"), low=points[1], high=points[2])
    if gap > 0:
        return _("Without age and gender the ranking is worse: the right one of two comes first "
                 "{gap} points less often ({low} to {high}).").format(
            gap=points[0], low=points[1], high=points[2])
    points = [number(100 * v, 1) for v in (-gap, -high, -low)]
    return _("Without age and gender the ranking is better: the right one of two comes first {gap} "
             "points more often ({low} to {high}).").format(
        gap=points[0], low=points[1], high=points[2])


def judged_words(table: pd.DataFrame) -> str:
    """Say which group is chosen least often among the people tested, with the four-fifths rule."""
    found = four_fifths(table)
    few = int((~table["enough"] & (table["group"] != "unknown")).sum())
    thin = _("{n} groups have too little data to judge: fewer than {people} people or {answers} "
             "answers.").format(n=number(few), people=number(ENOUGH),
                                answers=number(ENOUGH_ANSWERS)) if few else ""
    if found is None:
        return together(_("Too little data in the trial to compare groups."), thin)
    least, most, ratio = found
    text = _("In the trial, {least} are chosen {ratio} as often as {most}.").format(
        least=group_name(least), most=group_name(most), ratio=percent(ratio, 0))
    if ratio < FOUR_FIFTHS:
        text = together(text, _("That is below four fifths, the usual mark for a closer look: is "
                                "it right for this ad?"))
    return together(text, thin)


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of groups for display: names in words, "not enough data" said."""
    shown = table.assign(
        group=[group_name(g) for g in table["group"]],
        enough=["" if e else _("not enough data") for e in table["enough"]])
    return shown.rename(columns={"enough": "judged"})


def even_words(even: Even, currency: str) -> str:
    """Say what choosing the same share of each group would change."""
    text = _("{moved} people would come in and as many go; {orders} answers expected instead of "
             "{now}.").format(moved=number(even.moved), orders=number(even.orders, 1),
                              now=number(even.orders_now, 1))
    if even.profit != even.profit:
        return text
    return together(text, _("Expected profit {profit} instead of {now}: evening out costs "
                            "{cost}.").format(
        profit=money(even.profit, currency, 0), now=money(even.profit_now, currency, 0),
        cost=money(even.profit_now - even.profit, currency, 0)))
