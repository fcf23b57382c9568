"""What the recommend page works on: data cut in time once, a setting measured at each move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from omni_core.errors import NoTime
from omni_core.recommend import MODELS
from omni_core.recommend.base import Model
from omni_core.recommend.evaluate import Evaluation, Range, evaluate, paired
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.pair_sums import Progress
from omni_core.recommend.reasons import Reason, reasons
from omni_core.recommend.split import sample_shoppers, time_split, together
from omni_core.recommend.tuning import Tuner

MOST_GOODS = 5000  # more than that, and a move takes seconds; the rest sell too rarely to tell
STEADY = 200  # test shoppers from which a difference of ten points shows


@dataclass(frozen=True)
class Served:
    """One shopper's list, best first: items, their scores, the reason for each."""

    items: tuple[Any, ...]
    scores: tuple[float, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Desk:
    """All events, and the same cut into train, validation (a sample) and test; None without time.

    ``left_out`` counts the goods beyond ``MOST_GOODS``, which can't be recommended; ``events`` are
    the kinds of event that count as success: purchases, or everything where nothing was bought.
    """

    all: Interactions
    left_out: int
    events: tuple[str, ...]
    train: Interactions | None = None
    validation: Interactions | None = None
    test: Interactions | None = None
    earlier: Interactions | None = None  # train and validation together, for the look at the test
    loyal: int = 0  # shoppers with two goods or more: only they tell what goes with what
    period: tuple[Any, Any] = (None, None)  # first and last moment of the validation events
    last_period: tuple[Any, Any] = (None, None)  # of the test events

    @cached_property
    def _tuners(self) -> dict[str, Tuner]:
        return {}

    def tuner(
        self, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Tuner:
        """Return the pairs that make a move cheap, summed at the first call.

        ``progress`` is told the share that is done; where ``cancelled()`` says so, ``Cancelled``
        is raised and the next call begins anew. Raises ``NoTime``.
        """
        if self.train is None or self.validation is None:
            raise NoTime()
        if "live" not in self._tuners:
            self._tuners["live"] = Tuner(
                self.train, self.validation.users, progress=progress, cancelled=cancelled)
        return self._tuners["live"]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to learn from."""
        return not len(self.all)

    @property
    def testable(self) -> bool:
        """Whether quality can be measured forward in time."""
        return self.train is not None and self.validation is not None

    def model(self, name: str, fields: dict[str, Any], final: bool = False) -> Model:
        """Fit a model on what lies before the measured period."""
        data = self.earlier if final else self.train
        if data is None:
            raise NoTime()
        return MODELS[name](**fields).fit(data)

    def live(self, name: str, fields: dict[str, Any]) -> Model:
        """Fit a model on all events, for the lists of today."""
        return MODELS[name](**fields).fit(self.all)

    def serve(
        self, name: str, fields: dict[str, Any], user: Any, n: int, exclude: Iterable[str],
        without: Iterable[Any] = (),
    ) -> Served:
        """Return what a shopper would be shown today, and why."""
        model = self.live(name, fields)
        found = model.recommend([user], n, exclude, without)
        items = tuple(found["item"])
        return Served(items, tuple(found["score"]), tuple(reasons(model, user, items)))

    def measure(
        self, name: str, fields: dict[str, Any], exclude: Iterable[str], final: bool = False
    ) -> Evaluation:
        """Measure a setting on the validation shoppers, or once on the ``final`` test period."""
        data = self.test if final else self.validation
        if data is None:
            raise NoTime()
        tuned = name == "item_neighbours" and not final
        model = self.tuner().model(**fields) if tuned else self.model(name, fields, final)
        return evaluate(model, data, k=(10,), exclude=exclude, events=self.events)


def prepare(frame: pd.DataFrame, most: int = MOST_GOODS, shoppers: int = 2000) -> Desk:
    """Make a desk of the rows of the query "interactions"."""
    whole = Interactions.from_frame(frame)
    events = ("purchase",) if "purchase" in whole.present else whole.present
    kept = busiest(whole, most)
    left = len(whole.items) - len(kept.items)
    loyal = int((np.diff(kept.having(kept.present).indptr) > 1).sum())
    try:
        train, validation, test = time_split(whole)
    except NoTime:
        return Desk(kept, left, events, loyal=loyal)
    train = busiest(train, most)
    sample = sample_shoppers(validation.only(events), shoppers)
    if not len(train) or not len(sample):
        return Desk(kept, left, events, loyal=loyal)
    earlier = busiest(together(train, validation), most)
    return Desk(
        kept, left, events, train, sample, sample_shoppers(test.only(events), shoppers), earlier,
        loyal, _period(validation), _period(test),
    )


def _period(x: Interactions) -> tuple[Any, Any]:
    return (None, None) if x.ts is None or not len(x.ts) else (x.ts.min(), x.ts.max())


def busiest(x: Interactions, most: int) -> Interactions:
    """Keep the events of the ``most`` items that most shoppers have; among equals the first id."""
    if len(x.items) <= most:
        return x
    chosen = np.zeros(len(x.items), bool)
    chosen[np.lexsort((np.arange(len(x.items)), -x.shoppers))[:most]] = True
    return x.where(chosen[x.item])


@dataclass(frozen=True)
class Verdict:
    """Whether a setting beats the bestsellers: "better", "worse", "same" (can't be told), "few"."""

    word: str
    difference: Range


def verdict(mine: Evaluation, bestsellers: Evaluation, metric: str = "hit_rate@10") -> Verdict:
    """Compare on the same shoppers; "same" when the range of the difference holds 0."""
    difference = paired(mine, bestsellers, metric)
    if mine.few:
        return Verdict("few", difference)
    if difference.low > 0:
        return Verdict("better", difference)
    return Verdict("worse" if difference.high < 0 else "same", difference)


@dataclass(frozen=True)
class Shown:
    """One state of the page: whose list, under which setting, what it held, how good it was."""

    subject: tuple[Any, ...]
    setting: str
    items: tuple[Any, ...]
    quality: Evaluation | None


def before(memory: MutableMapping[Any, Any], now: Shown, key: str = "rc_shown") -> Shown | None:
    """Return the state before the last move of the same subject, and remember this one.

    A rerun without a move keeps what was before; another shopper forgets it.
    """
    last, earlier = memory.get(key, (None, None))
    if last is None or last.subject != now.subject:
        earlier = None
    elif last.setting != now.setting:
        earlier = last
    memory[key] = (now, earlier)
    return earlier


@dataclass(frozen=True)
class Place:
    """An item's place in a list and its place before: None where it is new."""

    item: Any
    rank: int
    score: float
    was: int | None


def places(
    items: Iterable[Any], scores: Iterable[float], earlier: tuple[Any, ...] | None
) -> list[Place]:
    """Set a list beside the one before; without one, every item keeps its place."""
    ranks = {item: rank for rank, item in enumerate(earlier or (), 1)}
    return [
        Place(item, rank, float(score), ranks.get(item) if earlier is not None else rank)
        for rank, (item, score) in enumerate(zip(items, scores, strict=True), 1)
    ]
