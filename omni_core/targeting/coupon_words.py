"""What is said of a coupon strategy: differences between groups, never effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omni_core.errors import NotEnoughData, OmniError
from omni_core.i18n import _, money, number, percent, together

if TYPE_CHECKING:
    import pandas as pd


def group_name(name: str) -> str:
    """Return the name of a group."""
    return {"needs": _("May need a coupon"), "anyway": _("Buys anyway"),
            "quiet": _("Hardly buys either way")}[name]


def button(name: str) -> str:
    """Return the words of the button that saves a group's list."""
    return {"needs": _("Download: may need a coupon"), "anyway": _("Download: buys anyway"),
            "quiet": _("Download: hardly buys")}[name]


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table for display."""
    return table.assign(group=[group_name(g) for g in table["group"]])


def strategy_words(table: pd.DataFrame, days: int, currency: str) -> str:
    """Say how large the groups are, and what they did on held-out days."""
    rows = table.set_index("group")
    need, anyway = rows.loc["needs"], rows.loc["anyway"]
    text = _("{n} people may need a coupon: sent to them, coupons bring {most} at the very "
             "most.").format(n=number(need["people"]), most=money(need["brings"], currency, 0))
    if anyway["held"]:
        text = together(text, _(
            "{n} buy anyway: of people like them, {share} ({low}–{high}, n = {held}) bought within "
            "{days} days, and a coupon would mostly give money away.").format(
                n=number(anyway["people"]), share=percent(anyway["bought"], 0),
                low=percent(anyway["bought_low"], 0), high=percent(anyway["bought_high"], 0),
                held=number(anyway["held"]), days=number(days)))
    return together(text, _("{n} hardly buy either way.").format(
        n=number(rows.loc["quiet", "people"])))


def caution() -> str:
    """Say what these figures are not."""
    return _("These are differences between groups, not effects: every order with a coupon is "
             "counted as one that would not have come without. What a coupon really brings, only a "
             "test with a control group can say.")


def cannot(error: OmniError) -> str:
    """Say why there is no strategy, and which file would bring one."""
    if isinstance(error, NotEnoughData):
        return together(str(error), _("A file of orders with a coupon column fills it."))
    return str(error)
