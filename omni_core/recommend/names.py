"""What goods and shoppers are called: names, categories, offers in her language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from omni_core.i18n import _, language, money, number

# a colour for each of the categories with most goods; the rest share the last
_COLOURS = ("blue", "orange", "green", "violet", "red", "yellow", "gray")


class Names:
    """What the items of a catalogue (the query "catalogue") are called in the current language."""

    def __init__(self, catalogue: pd.DataFrame) -> None:
        self._rows = {row["item"]: row for row in catalogue.to_dict("records")}
        sizes = catalogue["category"].value_counts() if "category" in catalogue else {}
        self._colours = dict(zip(sorted(sizes.keys(), key=lambda c: (-sizes[c], str(c))),
                                 _COLOURS[:-1], strict=False))

    def of(self, item: Any) -> str:
        """Return an item's name: the English one in English where there is one."""
        row = self._rows.get(item, {})
        english = _text(row.get("name_en")) if language() == "en" else ""
        return english or _text(row.get("name")) or str(row.get("id", item))

    def category(self, item: Any) -> str:
        """Return the category of an item, or nothing."""
        row = self._rows.get(item, {})
        english = _text(row.get("category_en")) if language() == "en" else ""
        return english or _text(row.get("category"))

    def colour(self, item: Any) -> str:
        """Return the colour (Streamlit's name) of an item's category."""
        return self._colours.get(self._rows.get(item, {}).get("category"), _COLOURS[-1])

    def value(self, item: Any, column: str) -> Any:
        """Return another column of the catalogue; None where it isn't known."""
        found = self._rows.get(item, {}).get(column)
        return None if found is None or found != found else found

    def offer(self, item: Any, currency: str) -> str:
        """Return price and stock as far as they are known: "¥39.00 · 12 in stock"."""
        price, stock = self.value(item, "price"), self.value(item, "stock")
        told = [] if price is None else [money(float(price), currency)]
        if stock is not None:
            told.append(_("{n} in stock").format(n=number(stock)) if stock > 0 else _("sold out"))
        return " · ".join(told)

    def sold_out(self) -> tuple[Any, ...]:
        """Return the items whose stock is known and used up."""
        return tuple(i for i, row in self._rows.items() if (row["stock"] or 0) <= 0 and
                     row["stock"] == row["stock"] and row["stock"] is not None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def ids(names: pd.DataFrame, users: Iterable[Any]) -> dict[Any, str]:
    """Return what some shoppers are called, from the query "shopper_names"."""
    rows = names[names["user"].isin(list(users))]
    return dict(zip(rows["user"], rows["id"], strict=True))


def goods(items: Iterable[Any], names: Names, search: str, most: int = 50) -> list[Any]:
    """Return the first goods whose name or number holds a text, whatever its case."""
    wanted, found = search.casefold(), []
    for item in items:
        if wanted in names.of(item).casefold() or wanted in str(names.value(item, "id")).casefold():
            found.append(item)
            if len(found) == most:
                break
    return found
