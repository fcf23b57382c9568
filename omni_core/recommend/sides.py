"""What is known of goods and shoppers beside their events: optional, by id, in fixed words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from omni_core.errors import BadInteractions, MissingColumns

GOODS = ("title", "category", "brand", "price")
PEOPLE = ("age_band", "segment")


def goods(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what a frame says of each item, by its id; ``name`` stands for ``title``.

    Columns that are none of ``GOODS`` are left out; of two rows about one item the last counts.
    Raises ``MissingColumns`` and ``BadInteractions`` (an empty id, a price that is no number).
    """
    if "title" not in frame and "name" in frame:
        frame = frame.rename(columns={"name": "title"})
    made = _by(frame, "item", GOODS)
    if "price" in made:
        price = pd.to_numeric(made["price"], errors="coerce")
        if bad := int((price.isna() & made["price"].notna()).sum()):
            raise BadInteractions("price", bad)
        made["price"] = price.astype(float)
    return made


def people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what a frame says of each user, by her id, as ``goods`` does of items."""
    return _by(frame, "user", PEOPLE)


def meeting(about: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """Return what is said of ids under the ids of the events, where no two of them are the same.

    One table may hold 7 and another "7": a number stands for the text that it is written as. Texts
    such as "007" stay what they are.
    """
    if not len(about) or about.index.isin(ids).any():
        return about
    numbers = pd.api.types.is_numeric_dtype(ids)
    if numbers == pd.api.types.is_numeric_dtype(about.index):
        return about
    made = [_number(i) if numbers else _text(i) for i in about.index]
    return about.set_axis(pd.Index(made))


def _text(number: Any) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _number(text: Any) -> Any:
    try:
        number = float(text)
    except (TypeError, ValueError):
        return text
    if _text(number) != str(text):
        return text
    return int(number) if number.is_integer() else number


def aligned(about: pd.DataFrame | None, ids: pd.Index, column: str) -> np.ndarray[Any, Any] | None:
    """Return one value per id, None where it is missing; None where no frame has the column."""
    if about is None or column not in about:
        return None
    found = about[column].reindex(ids).astype(object)
    return found.where(found.notna(), None).to_numpy()


def _by(frame: pd.DataFrame, key: str, columns: tuple[str, ...]) -> pd.DataFrame:
    found = list(map(str, frame.columns))
    if key not in found:
        raise MissingColumns([key], found)
    if bad := int(frame[key].isna().sum()):
        raise BadInteractions(key, bad)
    last = frame.drop_duplicates(key, keep="last")
    return last.set_index(key)[[c for c in columns if c in found]].copy()
