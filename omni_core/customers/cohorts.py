"""Shoppers by the month of their first order, and who came back when (query "cohorts")."""

from __future__ import annotations

import pandas as pd

from omni_core.i18n import _, money, number, percent

MOST = 24  # months down and across; older cohorts are in the table


def grid(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return ``by`` ("share", or "revenue" a head) with cohorts down and months across.

    NaN where the data don't reach.
    """
    values = table["share"] if by == "share" else table["revenue"] / table["shoppers"]
    shown = table.assign(value=values, cohort=pd.to_datetime(table["cohort"]))
    if by == "share":
        shown = shown[shown["month"] > 0]  # of the first month everybody is part
    wide = shown.pivot(index="cohort", columns="month", values="value")
    return wide.iloc[-MOST:, :MOST]


def sizes(table: pd.DataFrame) -> dict[pd.Timestamp, int]:
    """Return the number of shoppers of each cohort."""
    first = table.drop_duplicates("cohort")
    return dict(zip(pd.to_datetime(first["cohort"]), first["shoppers"].astype(int), strict=True))


def unfinished(table: pd.DataFrame) -> set[tuple[pd.Timestamp, int]]:
    """Return the cells whose month the data end in."""
    part = table[~table["whole"].astype(bool)]
    return set(zip(pd.to_datetime(part["cohort"]), part["month"].astype(int), strict=True))


def sentence(table: pd.DataFrame, by: str, currency: str) -> str:
    """Say how many come back one month and three months after their first order."""
    whole = table[table["whole"].astype(bool)]
    said = []
    for month in (1, 3):
        part = whole[whole["month"] == month]
        n = int(part["shoppers"].sum())
        if not n:
            continue
        if by == "share":
            said.append(_("{share} of {n} order in month {month} after their first order").format(
                share=percent(part["active"].sum() / n), n=number(n), month=month))
        else:
            upto = whole[(whole["month"] <= month) & whole["cohort"].isin(set(part["cohort"]))]
            said.append(_("{money} a head by month {month} ({n} shoppers)").format(
                money=money(upto["revenue"].sum() / n, currency, 0), n=number(n), month=month))
    if not said:
        return _("The data cover too few whole months to see who comes back.")
    return _("; ").join(said) + _(".")


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows for a table: the month of the cohort as text."""
    return table.assign(cohort=pd.to_datetime(table["cohort"]).dt.strftime("%Y-%m"))
