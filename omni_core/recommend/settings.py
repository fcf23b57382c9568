"""The controls of the recommend page: one parameter class in her words, for all methods."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core import params
from omni_core.i18n import N_
from omni_core.recommend import MODELS
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.item_neighbours import ItemNeighboursParameters
from omni_core.recommend.popularity import PopularityParameters
from omni_core.recommend.worth import suggested_weights

_WORTH = ("view", "cart", "favourite")
_GENERAL = ("damping", "norm_from", "norm_to")
_MORE = ("popularity", "shrink", "min_common", "similarity")


def _same(cls: Any, name: str, default: Any) -> Any:
    """Declare a field as the model's parameter class does, with a starting value of the page."""
    return params.field(default, **dataclasses.asdict(params.describe(cls)[name]))


@dataclass(frozen=True, slots=True)
class Settings:
    """What one setting of the page's controls says; ``fields(model)`` turns it into the model's."""

    view: float = params.field(
        5.0, low=0.0, high=50.0, step=0.5, label=N_("One purchase is worth … views"),
        help=N_("How many views tell as much of a shopper's taste as one purchase. 0: views don't "
                "count."),
    )
    cart: float = params.field(
        2.0, low=0.0, high=20.0, step=0.5, label=N_("One purchase is worth … carts"),
        help=N_("How many things put in the cart tell as much as one bought. 0: they don't count."),
    )
    favourite: float = params.field(
        2.0, low=0.0, high=20.0, step=0.5, label=N_("One purchase is worth … favourites"),
        help=N_("How many favourites tell as much as one purchase. 0: they don't count."),
    )
    k: int = _same(ItemNeighboursParameters, "k", 100)
    damping: float = _same(ItemNeighboursParameters, "damping", 1.0)
    norm_to: float = _same(ItemNeighboursParameters, "norm_to", 0.2)
    half_life: float | None = _same(ItemNeighboursParameters, "half_life", None)
    norm_from: float = _same(ItemNeighboursParameters, "norm_from", 0.8)
    popularity: float = _same(ItemNeighboursParameters, "popularity", 0.0)
    shrink: float = _same(ItemNeighboursParameters, "shrink", 0.0)
    # pairs that one shopper has in common are most pairs, and measured worse
    min_common: int = _same(ItemNeighboursParameters, "min_common", 2)
    similarity: str = _same(ItemNeighboursParameters, "similarity", "general")
    window: float | None = _same(PopularityParameters, "window", None)

    def __post_init__(self) -> None:
        params.validate(self)

    def weights(self) -> dict[str, float]:
        """Return the weight of each kind of event, a purchase being 1."""
        worth = {name: getattr(self, name) for name in _WORTH}
        return {"purchase": 1.0} | {n: 1.0 / w if w else 0.0 for n, w in worth.items()}

    def fields(self, model: str) -> dict[str, Any]:
        """Return those fields of a model's parameter class that the controls set."""
        names = {f.name for f in dataclasses.fields(self)}
        given = [f.name for f in dataclasses.fields(MODELS[model].parameters) if f.name in names]
        return {"weights": self.weights()} | {name: getattr(self, name) for name in given}


def shown(model: str, events: tuple[str, ...], similarity: str) -> tuple[list[str], list[str]]:
    """Return the names of the controls that do something, and which of them are for experts."""
    worth = [n for n in _WORTH if n in events and "purchase" in events]
    if model == "popularity":
        return [*worth, "window"], []
    general = _GENERAL if similarity == "general" else ()
    expert = [n for n in general if n == "norm_from"] + list(_MORE)
    main = ["k", *(n for n in general if n != "norm_from"), "half_life"]
    return [*worth, *main, *expert], expert


# what to leave out of a list -> the kinds of event that leave it out; None: all kinds
LEAVE_OUT: dict[str, tuple[str, ...] | None] = {
    "bought": ("purchase",), "carted": ("purchase", "cart"), "seen": None, "nothing": (),
}


def leave_out(events: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the choices of ``LEAVE_OUT`` that differ for these kinds of event."""
    found: dict[str, tuple[str, ...]] = {}
    for name, kinds in LEAVE_OUT.items():
        real = events if kinds is None else tuple(k for k in kinds if k in events)
        if real not in found.values():
            found[name] = real
    return found


def suggested_worth(x: Interactions) -> Mapping[str, float]:
    """Return how many products viewed (put in the cart, saved) one was bought of afterwards.

    A tenth bought makes one purchase worth ten views. Only for kinds that occur, when there are
    purchases.
    """
    share = suggested_weights(x)
    return {n: float(np.round(1.0 / share[n], 1)) for n in _WORTH if n in share}


def on_the_slider(suggested: Mapping[str, float]) -> dict[str, float]:
    """Return suggested weights as the sliders can show them: on a step, within the bounds."""
    described = params.describe(Settings)
    found = {}
    for name, value in suggested.items():
        step, high = float(described[name].step or 0.5), float(described[name].high or value)
        # never 0, which would mean that such events don't count
        found[name] = float(min(high, max(step, round(value / step) * step)))
    return found


def most_neighbours(x: Interactions) -> int:
    """Return how many neighbours a product can have at most: all the others."""
    return max(2, min(len(x.items) - 1, int(params.describe(Settings)["k"].high or 1)))
