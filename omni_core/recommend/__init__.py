"""Recommendations: interactions, models behind one contract, an honest split and measure."""

from __future__ import annotations

from omni_core.recommend.base import Model
from omni_core.recommend.compare import by_history, by_people, compare
from omni_core.recommend.evaluate import Evaluation, Range, evaluate, interval, paired
from omni_core.recommend.hybrid import PARTS, Hybrid
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.item_neighbours import ItemNeighbours, ItemNeighboursParameters
from omni_core.recommend.popularity import Popularity, PopularityParameters
from omni_core.recommend.split import Parts, cut, leave_last, sample_shoppers, time_split, together

MODELS: dict[str, type[Model]] = {
    name: Hybrid if name == Hybrid.name else PARTS[name] for name in (
        "popularity", "item_neighbours", "user_neighbours", "content", "ease", "hybrid", "als",
        "neural")
}

__all__ = [
    "MODELS", "Evaluation", "Interactions", "ItemNeighbours", "ItemNeighboursParameters", "Model",
    "Parts", "Popularity", "PopularityParameters", "Range", "by_history", "by_people", "compare",
    "cut", "evaluate", "interval", "leave_last", "paired", "sample_shoppers", "time_split",
    "together",
]
