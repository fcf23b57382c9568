"""Find good settings: random points measured on validation, the chosen one once on the test.

A random search finds as good a setting as a grid with far fewer points, because most parameters
hardly matter (Bergstra and Bengio 2012). The best of many points is partly the luckiest: so the
standard setting stays unless the lead over it is beyond chance, and the test period is looked at
once, by the chosen point only.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core import params
from omni_core.errors import BadParameter, NotEnoughData, OmniError, UnknownName
from omni_core.i18n import N_
from omni_core.recommend import MODELS
from omni_core.recommend.base import Model
from omni_core.recommend.evaluate import Evaluation, Range, evaluate, interval, paired
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.split import together
from omni_core.recommend.tuning import Tuner
from omni_core.recommend.worth import suggested_weights

WORTH = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)  # of a purchase: more measured worse wherever it was tried
KEPT = {"seed", "parts", "settings"}  # what no point is drawn for
_WIDE = 50.0  # a range over so many times its least value is drawn by order of magnitude
Fields = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """A setting that was tried, and what it reached on validation (None: it can't be fitted)."""

    fields: Fields
    value: Range | None


@dataclass(frozen=True)
class Found:
    """The outcome: all points in the order tried, the best, the chosen, the one look at the test.

    ``gain`` is the best point's lead over the first, the standard setting, on validation, paired
    shopper by shopper. ``chosen`` is the best point where that range lies above 0, else the
    standard setting. The range knows nothing of how many points were tried, so it still flatters.
    ``complete`` is False when the search was cancelled.
    """

    model: str
    metric: str
    points: tuple[Point, ...]
    best: Point
    gain: Range
    chosen: Point
    test: Evaluation | None
    complete: bool


def find_settings(
    model: str,
    train: Interactions,
    validation: Interactions,
    test: Interactions | None = None,
    earlier: Interactions | None = None,
    tries: int = 40,
    metric: str = "ndcg@10",
    fixed: Mapping[str, Any] | None = None,
    exclude: Iterable[str] = ("purchase",),
    events: Iterable[str] | None = None,
    seed: int = 1,
    progress: Callable[[int, int, Point], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    tuner: Tuner | None = None,
) -> Found:
    """Try settings of a model on the validation shoppers; keep one that is better by ``metric``.

    The first point is the standard setting, the second the weights that the data suggest, the rest
    are drawn by ``seed``; ``fixed`` fields stay as given. ``progress(done, tries, point)`` is told
    of each; where ``cancelled()`` says so the search ends with what it has. ``tuner`` holds the
    pairs of ``train`` for the validation shoppers where they were summed before. With ``test`` the
    chosen setting is fitted on ``earlier`` (all that lies before the test; None: train and
    validation, which may be a sample) and measured there, once. Raises
    ``UnknownName``, ``BadParameter``, ``NotEnoughData`` (nobody to test), or what the standard
    setting can't be fitted for.
    """
    if model not in MODELS:
        raise UnknownName(N_("method"), model, MODELS)
    if tries < 1:
        raise BadParameter("tries", tries, "≥ 1")
    kind, exclude = MODELS[model], tuple(exclude)
    events = None if events is None else tuple(events)
    name, _sign, cut = metric.partition("@")
    if name not in ("ndcg", "recall", "hit_rate", "hit_rate_new") or not cut.isdigit():
        raise BadParameter("metric", metric, "ndcg@10, recall@20, hit_rate@10, hit_rate_new@10")

    def measure(fields: Fields, on: Interactions, asked: Interactions) -> Evaluation:
        if tuner is not None and on is train:
            fitted: Model = tuner.model(**fields)
        else:
            fitted = kind(**fields).fit(on)
        return evaluate(fitted, asked, (int(cut),), exclude, events)

    def counted(fields: Fields) -> Fields:
        """Raise the least common shoppers to those that pairs were kept with: below is slow."""
        if tuner is None or fields.get("min_common", 1) >= tuner.pairs.least:
            return fields
        return {**fields, "min_common": tuner.pairs.least}

    fixed = dict(fixed or {})
    if model == "item_neighbours" and len(train) and tuner is None:
        tuner = Tuner(train, validation.users)  # pairs summed once for all points
    standard = counted(fixed)
    first = measure(standard, train, validation)
    if not first["users"]:
        raise NotEnoughData(N_("shoppers to test"), 1, 0)
    points = [Point(standard, interval(first.per_user[metric]))]
    best, best_place, complete = first, 0, True
    drawn = draws(model, train, fixed, tries, seed)
    if progress:
        progress(1, tries, points[0])
    for fields in drawn:
        if cancelled and cancelled():
            complete = False
            break
        fields = counted(fields)
        try:
            mine = measure(fields, train, validation)
            points.append(Point(fields, interval(mine.per_user[metric])))
            if mine[metric] > best[metric]:
                best, best_place = mine, len(points) - 1
        except OmniError:  # a point that these data don't allow, such as no weighted event
            points.append(Point(fields, None))
        if progress:
            progress(len(points), tries, points[-1])
    gain, final = paired(best, first, metric), None
    chosen = points[best_place if gain.low > 0 else 0]
    if test is not None and complete:
        past = together(train, validation) if earlier is None else earlier
        final = measure(chosen.fields, past, test)
    return Found(
        model, metric, tuple(points), points[best_place], gain, chosen, final, complete)


def draws(
    model: str, train: Interactions, fixed: Mapping[str, Any], tries: int, seed: int
) -> list[Fields]:
    """Return the points after the standard one: the suggested weights, then random ones."""
    rng = np.random.default_rng(seed)
    described = params.describe(MODELS[model].parameters)
    free = [f.name for f in dataclasses.fields(MODELS[model].parameters)
            if f.name in described and f.name not in fixed and f.name not in KEPT]
    made: list[Fields] = []
    suggested = dict(suggested_weights(train))
    if "weights" in free and len(suggested) > 1:
        made.append({**fixed, "weights": suggested})
    while len(made) < tries - 1:
        made.append({**fixed, **{
            name: _weights(rng, train) if name == "weights" else _draw(
                rng, described[name], name, train) for name in free}})
    return made[: tries - 1]


def _weights(rng: np.random.Generator, train: Interactions) -> dict[str, float]:
    """Draw what each kind of event is worth beside a purchase (or the first kind there is)."""
    whole = "purchase" if "purchase" in train.present else train.present[0]
    return {name: 1.0 if name == whole else float(rng.choice(WORTH)) for name in train.present}


def _draw(rng: np.random.Generator, p: params.Param, name: str, train: Interactions) -> Any:
    if p.choices:
        usable = [c for c in p.choices if name != "scope" or c == "all" or _known(train, c)]
        return usable[rng.integers(len(usable))]
    if p.optional and (train.ts is None or rng.random() < 0.5):
        return None
    low, high, step = float(p.low or 0.0), float(p.high or 1.0), float(p.step or 0.0)
    if low == 0.0 and high > _WIDE:  # such as shrinkage: off, or of any order of magnitude
        if rng.random() < 0.5:
            return 0.0
        low = max(step, 1.0)
    if low > 0 and high / low >= _WIDE:
        value = math.exp(rng.uniform(math.log(low), math.log(high)))
    else:
        value = rng.uniform(low, high)
    if step:
        value = min(high, max(low, round(value / step) * step))
    whole = step >= 1 and float(step).is_integer() and float(p.low or 0).is_integer()
    return round(value) if whole else round(value, 6)


def _known(train: Interactions, scope: str) -> bool:
    about = train.about_items if scope == "category" else train.about_users
    return about(scope) is not None
