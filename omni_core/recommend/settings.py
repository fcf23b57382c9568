"""The controls of the recommend page: what they are for each method, where they start, presets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from omni_core import params
from omni_core.errors import NotInstalled
from omni_core.i18n import N_
from omni_core.recommend import MODELS
from omni_core.recommend.als import EXTRA
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.worth import suggested_weights

_WORTH = ("view", "cart", "favourite")
# what works only in the general formula, or only beside another control
_GENERAL = {"damping", "norm_from", "norm_to"}
_EXPERT = {
    "norm_from", "popularity", "shrink", "min_common", "similarity", "seed", "negatives", "hidden",
    "smoothing", "alpha",
}
# Where the page starts unlike the class. Pairs that one shopper has in common are most pairs, and
# measured worse.
_STARTS: dict[str, dict[str, Any]] = {"item_neighbours": {"min_common": 2}}
# how each method's controls are called in the link
SHORT = {
    "popularity": "po", "item_neighbours": "in", "user_neighbours": "un", "content": "co",
    "ease": "ea", "hybrid": "hy", "als": "al", "neural": "ne",
}
ABOUT = {
    "popularity": N_("What sells, the same for all: the line to beat."),
    "item_neighbours": N_("Whoever took this also took that."),
    "user_neighbours": N_("What the shoppers most like her took."),
    "content": N_("Goods with a like title, category, brand and price."),
    "ease": N_("All of a shopper's goods together predict the next; good on small catalogues."),
    "hybrid": N_("The ranks of two methods, blended."),
    "als": N_("Hidden tastes that shoppers and goods share; takes some seconds."),
    "neural": N_("A small network, as the articles propose; takes long and can't say why."),
}
FORMULA = (
    r"$s(i \to j) = \frac{\sum_u v_{ui}\, v_{uj}}{q_i^{p}\, q_j^{t}\, (n_j + 1)^{b} + c}$, "
    r"$v_{ui} = w_{ui}\, d_u^{-a/2}$"
)
SLOW = ("als", "neural")  # seconds to half a minute: worked out when asked for, not at each move
SAFE, BALANCED, DISCOVER = "safe", "balanced", "discover"
PRESETS = {SAFE: N_("Safe"), BALANCED: N_("Balanced"), DISCOVER: N_("Discover")}
# what a preset changes from where the page starts; each was measured to move novelty its way
_PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "item_neighbours": {
        SAFE: {"norm_to": 0.0, "min_common": 5}, DISCOVER: {"norm_to": 0.4}},
    "user_neighbours": {SAFE: {"k": 500, "damping": 0.0}, DISCOVER: {"k": 50, "damping": 1.5}},
    "ease": {SAFE: {"l2": 1000.0}, DISCOVER: {"l2": 10.0}},
    "als": {SAFE: {"factors": 16}, DISCOVER: {"factors": 128}},
}


@dataclass(frozen=True, slots=True)
class Worth:
    """What one purchase is worth in other events, in her words; ``weights`` is the models' word."""

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

    def __post_init__(self) -> None:
        params.validate(self)

    def weights(self) -> dict[str, float]:
        """Return the weight of each kind of event, a purchase being 1."""
        worth = {name: getattr(self, name) for name in _WORTH}
        return {"purchase": 1.0} | {n: 1.0 / w if w else 0.0 for n, w in worth.items()}


def worth_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights as the sliders show them: a purchase's weight over each kind's, on a step."""
    whole = weights.get("purchase", 0.0) or 1.0
    return {n: _on_a_step(n, whole / weights[n]) if weights[n] else 0.0
            for n in _WORTH if n in weights}


def start(model: str, least: int = 1) -> dict[str, Any]:
    """Return the fields of a method whose controls start elsewhere than the class's defaults.

    ``least``: with how many common shoppers pairs are counted at all (``Desk.least``).
    """
    found = dict(_STARTS.get(model, {}))
    return found | {n: max(low, found.get(n, low)) for n, low in lowest(model, least).items()}


def lowest(model: str, least: int) -> dict[str, int]:
    """Return lower bounds that the data set above the class's own."""
    return {"min_common": least} if model == "item_neighbours" and least > 1 else {}


def fields(model: str, **moved: Any) -> dict[str, Any]:
    """Return the fields of a method where the page starts, some controls moved.

    Those of ``Worth`` (view, cart, favourite) become weights.
    """
    worth = Worth(**{n: moved.pop(n) for n in _WORTH if n in moved})
    return {"weights": worth.weights()} | start(model) | moved


def presets(model: str, least: int = 1) -> dict[str, dict[str, Any]]:
    """Return the values of all controls that the presets of a method set; empty if it has none.

    ``least``: see ``start``.
    """
    given = _PRESETS.get(model, {})
    if not given:
        return {}
    touched = {name for values in given.values() for name in values}
    plain = {f.name: f.default for f in dataclasses.fields(MODELS[model].parameters)}
    base = {name: (plain | start(model))[name] for name in touched}
    low: dict[str, Any] = dict(lowest(model, least))
    return {name: {n: max(low.get(n, v), v) for n, v in (base | given.get(name, {})).items()}
            for name in PRESETS}


def worths(x: Interactions) -> list[str]:
    """Return the names of the sliders of ``Worth`` that these data give a meaning."""
    return [n for n in _WORTH if n in x.present and "purchase" in x.present]


def shown(
    model: str, x: Interactions, chosen: Mapping[str, Any], timed: bool = True
) -> tuple[list[str], list[str]]:
    """Return the names of a method's controls that do something, and which are for experts.

    ``chosen`` are the values that others depend on (similarity, shrink) where they differ from the
    start; ``timed`` says whether what is measured carries times.
    """
    kind = MODELS[model].parameters
    described = params.describe(kind)
    defaults = {f.name: f.default for f in dataclasses.fields(kind)}
    idle: set[str] = set()
    if chosen.get("similarity", "general") != "general":
        idle |= _GENERAL
    if model == "user_neighbours" and not chosen.get("shrink"):
        idle.add("norm_from")  # scales all her scores alike
    if x.ts is None or not timed:
        idle |= {"half_life", "window"}
    prices = x.about_items("price")
    if prices is None or not any(p is not None and p == p for p in prices):
        idle.add("price_bands")
    if len(scopes(x)) < 2:
        idle.add("scope")
    names = [n for n in described if n not in idle and not isinstance(defaults[n], tuple)]
    return names, [n for n in names if n in _EXPERT]


def scopes(x: Interactions) -> list[str]:
    """Return among whom bestsellers can be counted, as far as the data describe them."""
    known = {"segment": x.about_users, "age_band": x.about_users, "category": x.about_items}
    found = ["all"]
    for name, about in known.items():
        values = about(name)
        if values is not None and len({v for v in values if v is not None}) > 1:
            found.append(name)
    return found


def highest(model: str, x: Interactions) -> dict[str, float]:
    """Return upper bounds that the data set below the class's own."""
    others = x.users if model == "user_neighbours" else x.items
    found = {"k": float(max(2, len(others) - 1))}
    if x.ts is not None and len(x):
        days = max(2.0, float(np.ceil(x.age(x.ts).max())) + 1)
        found["window"] = days  # a longer one counts everything, as none does
    described = params.describe(MODELS[model].parameters)
    return {n: min(high, float(described[n].high or high))
            for n, high in found.items() if n in described}


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
    return {name: _on_a_step(name, value) for name, value in suggested.items()}


def _on_a_step(name: str, value: float) -> float:
    """Return the value of a slider nearest to one; never 0, which would say it doesn't count."""
    described = params.describe(Worth)[name]
    step, high = float(described.step or 0.5), float(described.high or value)
    return float(min(high, max(step, round(value / step) * step)))


def blend(first: str, second: str, say: float) -> dict[str, Any]:
    """Return the fields of a blend of two methods, ``say`` being the share of the first."""
    return {
        "parts": {first: round(say, 2), second: round(1.0 - say, 2)},
        "settings": {name: start(name) for name in (first, second) if start(name)},
    }


def slow(model: str, given: Mapping[str, Any]) -> bool:
    """Whether a setting takes too long to be worked out at each move."""
    return model in SLOW or any(name in SLOW for name in given.get("parts", ()))


def missing(model: str, given: Mapping[str, Any]) -> NotInstalled | None:
    """Return what to say where a method's optional package isn't installed."""
    if "als" in (model, *given.get("parts", ())) and find_spec("implicit") is None:
        return NotInstalled(EXTRA)
    return None
