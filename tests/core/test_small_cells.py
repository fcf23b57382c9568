"""Hidden counts as they are read: any kind of empty cell, and nothing called hidden that is not."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from omni_core.behaviour.labels import readable
from omni_core.charts.visits import tastes
from omni_core.small_cells import hidden, suppress, word, worded

EMPTY = [None, np.nan, pd.NA]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize("dtype", [object, "Int64", float])
def test_any_empty_count_is_worded_and_what_is_shown_stays(empty, dtype):
    counts = pd.Series([9, np.nan if dtype is float else empty], dtype=dtype)
    frame = pd.DataFrame({
        "shoppers": counts, "share": pd.Series([Decimal("0.25"), empty], dtype=object),
        "lift": [np.nan, np.nan], "name_en": pd.Series([empty, empty], dtype=object)})
    shown = worded(frame)
    assert list(shown["shoppers"]) == ["9", word()] and list(shown["share"]) == ["0.25", word()]
    assert list(shown["lift"]) == ["", word()], "empty of its own is not called nan"
    assert shown["name_en"].isna().all(), "a name that no file gives is not hidden"


@pytest.mark.parametrize("empty", EMPTY)
def test_counts_of_any_dtype_are_judged_and_rows_without_a_group_too(empty):
    counts = pd.Series([9, 3, empty, 20], dtype=object)
    assert list(hidden(counts, 5)) == [True, True, False, False]
    frame = pd.DataFrame({"shoppers": pd.Series([90, 70, 2, 30, 40], dtype=object),
                          "within": ["a", "a", empty, empty, empty]})
    shown = suppress(frame, 5, "shoppers", within="within")["shoppers"]
    assert list(shown.isna()) == [False, False, True, True, False]


@pytest.mark.parametrize("empty", EMPTY)
def test_a_picture_of_tastes_calls_a_hidden_cell_hidden(empty):
    table = pd.DataFrame({
        "band": ["18-24", "18-24"], "category": ["a", "b"], "category_en": [None, None],
        "shoppers": pd.array([9, None], dtype="Int64"),
        "purchases": pd.Series([10, empty], dtype=object),
        "lift": pd.Series([1.2, empty], dtype=object)})
    assert [cell for row in tastes(table).data[0].text for cell in row] == ["1.2×", word()]
    assert list(readable(table)["lift"]) == ["1.2", word()]
