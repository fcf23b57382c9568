"""What the rows of the behaviour queries are called on the screen, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from omni_core import i18n
from omni_core.i18n import N_, _, language, weekday_name
from omni_core.small_cells import worded

STEP_NAMES = {"view": N_("Viewed"), "cart": N_("In the cart"), "purchase": N_("Bought")}


def band_name(band: str) -> str:
    """Return an age band's name for display; "unknown" and "under 18" are words."""
    return {"unknown": _("unknown"), "under 18": _("under 18")}.get(band, band.replace("-", "–"))


def product_name(row: Any) -> str:
    """Return a product's name in the reader's language if there is one, else its name, else its id.

    ``row``: a mapping with item and, if known, name and name_en.
    """
    names = ["name", "item"] if language() == "zh" else ["name_en", "name", "item"]
    given = (row.get(n) for n in names)
    return next((str(n) for n in given if isinstance(n, str) and n), str(row["item"]))


def category_name(row: Any) -> str:
    """Return a category's name in the reader's language, or the word for goods without one.

    ``row``: a mapping with category and, if known, category_en.
    """
    names = ["category"] if language() == "zh" else ["category_en", "category"]
    given = (row.get(n) for n in names)
    return next((str(n) for n in given if isinstance(n, str) and n), _("no category"))


def product_names(*tables: pd.DataFrame) -> dict[str, str]:
    """Return what each product of ``top_products`` is called."""
    return {str(r["item"]): product_name(r) for t in tables for r in t.to_dict("records")}


def category_names(*tables: pd.DataFrame) -> dict[str, str]:
    """Return what each category of ``top_categories`` is called."""
    return {str(r["category"]): category_name(r) for t in tables for r in t.to_dict("records")}


def step_name(step: str) -> str:
    """Return a funnel step's name for display."""
    return _(STEP_NAMES.get(step, step))


def month_name(month: object) -> str:
    """Return a month of the year for display."""
    return i18n.month_name(int(str(month)))


def hour_name(hour: object) -> str:
    """Return an hour of the day for display."""
    return f"{int(str(hour))}:00"


def channel_name(channel: object) -> str:
    """Return a channel's name for display; the sample's four and "unknown" are translated."""
    known = {
        "": _("unknown"), "unknown": _("unknown"), "website": _("website"), "app": _("app"),
        "shop": _("shop"), "social": _("social"),
    }
    return _("unknown") if channel is None or channel != channel else known.get(
        str(channel), str(channel)
    )


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a query's result with its codes (steps, bands, channels, weekdays) as words.

    So are counts that are hidden because they are of few people.
    """
    words: dict[str, Callable[[Any], str]] = {
        "step": step_name, "band": band_name,
        "channel": channel_name, "weekday": lambda day: weekday_name(int(day)),
    }
    shown = table.drop(columns="given", errors="ignore")
    for column in set(words) & set(shown.columns):
        shown[column] = shown[column].map(words[column])
    return worded(shown)
