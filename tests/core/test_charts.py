"""Figures whose names come from files: long ones that begin alike, and numbers."""

import pandas as pd
import pytest

from omni_core.charts import behaviour, customers, service, targeting, visits

LONG = ["Women's linen summer dress with sleeves in blue",
        "Women's linen summer dress with sleeves in red"]
HALF = [0.5, 0.9]
RANGE = {"low": HALF, "high": HALF}


def figures(names):
    """One figure of each kind, with the axis that the names lie along."""
    intents = pd.DataFrame([[3, 1], [0, 4]], index=names, columns=names)
    return {
        "channels": (behaviour.channels(pd.DataFrame(
            {"channel": names, "revenue": [10.0, 20.0], "shoppers": [3, 4]}), "CNY", 7), "x"),
        "one shopper's tastes": (customers.tastes(names, pd.DataFrame(
            {"views": [5, 6], "purchases": [1, 2]})), "y"),
        "tastes by age": (visits.tastes(pd.DataFrame(
            {"band": ["18-24"] * 2, "category": names, "category_en": None,
             "purchases": [40, 50], "lift": [1.2, 0.8]})), "y"),
        "reviews": (service.mood_by_product(pd.DataFrame(
            {"item": ["1", "2"], "reviews": [40, 50], "content": HALF, **RANGE}),
            dict(zip("12", names, strict=True))), "y"),
        "words": (service.frequent(pd.DataFrame({"word": names, "messages": [4, 3]})), "y"),
        "intents": (service.confusion(intents), "y"),
        "left out": (targeting.groups(pd.DataFrame(
            {"segment": names, "share": HALF, **RANGE, "shoppers": [40, 50], "few": False}),
            "segment"), "x"),
    }


@pytest.mark.parametrize("name", figures(["a", "b"]))
@pytest.mark.parametrize("names", [LONG, ["100", "2000"]])
def test_each_name_has_a_place_of_its_own(names, name):
    figure, axis = figures(names)[name]
    assert len(set(figure.data[0][axis])) == 2
    assert figure.layout[f"{axis}axis"].type == "category"  # else 2000 lies twenty times as far
