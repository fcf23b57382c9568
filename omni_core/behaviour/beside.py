"""What stands beside a figure because the figure leaves it out, and ids that don't meet."""

from __future__ import annotations

import pandas as pd

from omni_core.i18n import _, money, ngettext, number


def other_currencies(rows: pd.DataFrame, currency: str) -> str:
    """Say which orders the revenue leaves out, with their sums (``orders_beside``); "" for none.

    ``currency``: the one that the revenue is in.
    """
    apart = rows[rows["currency"] != ""]
    if apart.empty:
        return ""
    sums = _(", ").join(
        _("{sum} ({currency}, {n})").format(
            sum=money(float(row.revenue), str(row.currency), 0), currency=row.currency,
            n=number(int(row.orders)))
        for row in apart.itertuples(index=False))
    n = int(apart["orders"].sum())
    return ngettext(
        "The revenue is in {main}. {n} of these orders is in another currency and kept apart: "
        "{sums}.",
        "The revenue is in {main}. {n} of these orders are in other currencies and kept apart: "
        "{sums}.", n).format(main=currency, n=number(n), sums=sums)


def without_sum(rows: pd.DataFrame) -> str:
    """Say how many orders are a log's purchases that nothing ties to an order; "" for none."""
    n = int(rows.loc[rows["currency"] == "", "orders"].sum())
    return ngettext(
        "{n} of these orders is a purchase of a log that carries no sum and matches no order. If "
        "it is one of your other orders once more, join the ids.",
        "{n} of these orders are purchases of a log that carry no sum and match no order. If they "
        "are your other orders once more, join the ids.", n).format(n=number(n)) if n else ""


def ages_elsewhere(known: pd.DataFrame) -> str:
    """Say that ages are there, of ids that do nothing (``ages_known``); "" where that isn't so."""
    customers, active = (int(known[c].iloc[0]) for c in ("customers", "active"))
    if active or not customers:
        return ""
    return _("Your files give the age of {n} customers, but none of their ids is among those who "
             "browse or buy. Join the ids that are one person.").format(n=number(customers))
