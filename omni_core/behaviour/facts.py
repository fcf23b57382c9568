"""What the rows of the behaviour queries hold, asked before a word or a picture is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from omni_core.metrics import FEW
from omni_core.small_cells import any_hidden


def sold(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``top_categories`` that have a name and were bought from."""
    return table[(table["category"] != "") & (table["purchases"] > 0)]


def overlapping(frame: pd.DataFrame, shoppers: float) -> bool:
    """Whether some shoppers came through several channels (``channels`` against ``summary``)."""
    return float(frame["shoppers"].sum()) > shoppers


def earns(frame: pd.DataFrame) -> bool:
    """Whether any row has revenue: without any there is nothing to draw or to rank by."""
    return bool((frame["revenue"].astype(float) != 0).any())


def telling(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return those of the named measures that hold more than zeros; all of them if none does."""
    return [n for n in names if (frame[n].astype(float) != 0).any()] or list(names)


def one(frame: pd.DataFrame) -> dict[str, float]:
    """Return the only row of ``summary`` as plain numbers; NaN and NULL become 0."""
    row = frame.iloc[0].to_dict() if len(frame) else {}
    names = ("shoppers", "buyers", "events", "orders", "revenue", "conversion", "not_counted")
    return {n: 0.0 if pd.isna(row.get(n, 0)) else float(row.get(n, 0)) for n in names}


def first(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the first row of a frame as a mapping."""
    return {str(k): v for k, v in frame.iloc[0].to_dict().items()}


def any_age(bands: pd.DataFrame) -> bool:
    """Whether any shopper's age is known, and may be shown at least as hidden."""
    known = bands.loc[bands["band"] != "unknown", "shoppers"]
    return bool((known.isna() | (known > 0)).any())


def unknown_ages(bands: pd.DataFrame, years: pd.DataFrame) -> int | None:
    """Return how many shoppers have no year of age: unknown, or known by a band only.

    Where counts are hidden only those of whom nothing is known are counted, as the bands show them:
    the difference to all would tell what the hidden ones hold together. None where that is hidden.
    """
    if any_hidden(bands) or any_hidden(years):
        shown = bands.loc[(bands["band"] == "unknown") & bands["shoppers"].notna(), "shoppers"]
        return int(shown.iloc[0]) if len(shown) else None
    known = years.dropna(subset=["age"])["shoppers"].sum()
    return int(bands["shoppers"].sum() - known)


def steps_known(steps: pd.DataFrame, *names: str) -> bool:
    """Whether the funnel counts anybody at each of the named steps."""
    seen = set(steps.loc[steps["shoppers"] > 0, "step"].astype(str))
    return all(n in seen for n in names)


def can_convert(steps: pd.DataFrame) -> bool:
    """Whether the data show anything before the purchase (else conversion is 100% by nature)."""
    return bool(set(steps["step"].astype(str)) - {"purchase"})


def few(n: float) -> bool:
    """Whether a group is too small for its share to be more than a hint."""
    return n < FEW
