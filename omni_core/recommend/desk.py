"""What the recommend page works on: data cut once, a setting measured at each move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from omni_core.errors import NoTime
from omni_core.recommend import MODELS
from omni_core.recommend.base import Model
from omni_core.recommend.chance import Chance
from omni_core.recommend.cold import Ladder, Rungs
from omni_core.recommend.distinct import one_each
from omni_core.recommend.evaluate import Evaluation, evaluate
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.reasons import Reason, reasons
from omni_core.recommend.settings import suggested_worth
from omni_core.recommend.split import before_test, cut_by, period, sample_shoppers
from omni_core.recommend.tuning import Tuner, least_common
from omni_core.recommend.types import Array, Progress, silent

MOST_GOODS = 5000  # the finest level of goods that the page begins with: rarer ones tell little
MOST_KEPT = 200_000  # goods that take part at any level
SAMPLE = 2000  # held-out shoppers measured at each move: enough for ranges of +- .02
CUTS = (10, 20)
VIEWS = ("time", "last", "chance")
_IN_NO_TIME = 40_000_000  # pairs of a shopper's goods: summed in a third of a second
_AT_ONCE = 250  # shoppers between two words of progress


@dataclass(frozen=True)
class Served:
    """One shopper's list, best first: items, their scores, the reason for each, the ladder's rung.

    ``route`` is None where the method stands without the ladder. ``same_name`` are the items left
    out for having the name of one higher up or of one she has.
    """

    items: tuple[Any, ...]
    scores: tuple[float, ...]
    reasons: tuple[Reason, ...]
    route: str | None = None
    same_name: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Desk:
    """All events, and the same cut into train, validation (a sample) and test; None without time.

    ``whole`` has the goods beyond ``MOST_KEPT`` as well, which can't be recommended and which
    ``left_out`` counts; ``events`` are the kinds of event that count as success: purchases, or
    everything where nothing was bought. ``by`` is the view: "time" (one cut for all), "last" (what
    each shopper bought last), "chance" (drawn at random). ``held`` are all validation events, of
    which ``validation`` may be a sample of shoppers.
    """

    all: Interactions
    whole: Interactions
    left_out: int
    events: tuple[str, ...]
    train: Interactions | None = None
    validation: Interactions | None = None
    test: Interactions | None = None
    held: Interactions | None = None
    loyal: int = 0  # shoppers with two goods or more: only they tell what goes with what
    period: tuple[Any, Any] = (None, None)  # first and last moment of the validation events
    last_period: tuple[Any, Any] = (None, None)  # of the test events
    by: str = "time"

    @cached_property
    def earlier(self) -> Interactions | None:
        """All that lies before the test, made when it is asked for: for the one look at that."""
        if not self.testable:
            return None
        return busiest(before_test(self.whole, self.by, self.events), len(self.all.items))

    @cached_property
    def suggested(self) -> Mapping[str, float]:
        """What the data say a purchase is worth in other events, see ``suggested_worth``."""
        return suggested_worth(self.all)

    @cached_property
    def _tuners(self) -> dict[str, Tuner]:
        return {}

    def tuner(self, progress: Progress | None = None) -> Tuner:
        """Return the pairs that make a move cheap, summed at the first call.

        ``progress`` is told the share that is done; where it raises, the next call begins anew.
        Raises ``NoTime``.
        """
        if self.train is None or self.validation is None:
            raise NoTime()
        if "live" not in self._tuners:
            self._tuners["live"] = Tuner(
                self.train, self.validation.users, progress=progress)
        return self._tuners["live"]

    @property
    def tuned(self) -> bool:
        """Whether the pairs of ``tuner`` are at hand, or so few that they are summed in no time."""
        if "live" in self._tuners or self.train is None:
            return True
        goods = np.diff(self.train.having(self.train.present).indptr).astype(np.int64)
        return int((goods**2).sum()) < _IN_NO_TIME

    @property
    def least(self) -> int:
        """How many common shoppers a pair of goods has at least to be counted while one tunes.

        1 unless there are more pairs than fit; where they haven't been counted, by some of them.
        """
        if self.train is None or self.validation is None:
            return 1
        if "live" in self._tuners:
            return self._tuners["live"].pairs.least
        return self._guessed

    @cached_property
    def _guessed(self) -> int:
        assert self.train is not None and self.validation is not None
        return least_common(self.train, self.validation.users)

    def _hers(self, user: Any) -> Tuner:
        """Return the pairs of one shopper's items in all events; those of the last few are kept."""
        return self.all.remember(("hers", user), lambda: Tuner(self.all, [user]))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to learn from."""
        return not len(self.all)

    @property
    def testable(self) -> bool:
        """Whether quality can be measured on events that were kept aside."""
        return self.train is not None and self.validation is not None

    @property
    def sampled(self) -> bool:
        """Whether a move is measured on a part of the held-out shoppers only."""
        return (self.held is not None and self.validation is not None
                and len(self.held.users) > len(self.validation.users))

    def viewed(self, by: str, shoppers: int = SAMPLE) -> Desk:
        """Return the same data cut another way, one of ``VIEWS``; not testable where that fails."""
        most = len(self.all.items)
        plain = replace(
            self, train=None, validation=None, test=None, held=None, period=(None, None),
            last_period=(None, None), by=by)
        try:
            train, validation, test = cut_by(self.whole, by, self.events)
        except NoTime:
            return plain
        train, held = busiest(train, most), validation.only(self.events)
        sample = sample_shoppers(held, shoppers)
        if not len(train) or not len(sample):
            return plain
        return replace(
            plain, train=train, validation=sample,
            test=sample_shoppers(test.only(self.events), shoppers), held=held,
            period=period(validation), last_period=period(test))

    def model(
        self, name: str, fields: Mapping[str, Any], final: bool = False,
        ladder: Mapping[str, Any] | None = None, progress: Progress | None = None,
    ) -> Model:
        """Fit a model on what lies before the measured period."""
        data = self.earlier if final else self.train
        if data is None:
            raise NoTime()
        return fitted(data, name, fields, ladder, progress)

    def live(
        self, name: str, fields: Mapping[str, Any], ladder: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> Model:
        """Fit a model on all events, for the lists of today."""
        return fitted(self.all, name, fields, ladder, progress)

    def serve(
        self, name: str, fields: Mapping[str, Any], user: Any, n: int, exclude: Iterable[str],
        without: Iterable[Any] = (), ladder: Mapping[str, Any] | None = None,
        live: Callable[[], Model] | None = None,
    ) -> Served:
        """Return what a shopper would be shown today, and why.

        ``live()`` gives the method fitted on all events where one is kept; it is asked for only
        where her own pairs don't do.
        """
        own = (name == "item_neighbours" and ladder is None
               and self.all.codes_of([user])[0] >= 0)
        if own:
            model: Model = self._hers(user).model(**fields)
        else:
            model = self.live(name, fields, ladder) if live is None else live()
        return serve(model, user, n, exclude, without)

    def measure(
        self, name: str, fields: Mapping[str, Any], exclude: Iterable[str], final: bool = False,
        ladder: Mapping[str, Any] | None = None, everyone: bool = False,
        progress: Progress | None = None,
    ) -> Evaluation:
        """Measure a setting on the validation shoppers, or once on the ``final`` test period.

        ``everyone``: on all held-out shoppers, not the sample. ``progress`` is told a share of 1.
        """
        data = self.test if final else self.held if everyone else self.validation
        if data is None:
            raise NoTime()
        tell = progress or silent
        asked: Any
        if name == "item_neighbours" and ladder is None and not final and not everyone:
            asked = self.tuner().model(**fields)
        else:
            asked = self.model(name, fields, final, ladder, lambda share: tell(0.7 * share))
        if isinstance(asked, Ladder):
            asked = Rungs(asked, data)
        if progress is not None:
            asked = _Telling(asked, lambda share: tell(0.7 + 0.3 * share))
        return evaluate(asked, data, CUTS, exclude, self.events)

    def chance(self, exclude: Iterable[str], final: bool = False,
               everyone: bool = False) -> Evaluation:
        """Measure lists drawn at random on the same shoppers."""
        train = self.earlier if final else self.train
        data = self.test if final else self.held if everyone else self.validation
        if data is None or train is None:
            raise NoTime()
        weights = dict.fromkeys(train.present, 1.0)
        return evaluate(Chance(weights=weights).fit(train), data, CUTS, exclude, self.events)


def prepare(
    frame: pd.DataFrame, most: int = MOST_KEPT, shoppers: int = SAMPLE,
    items: pd.DataFrame | None = None, users: pd.DataFrame | None = None, by: str = "time",
) -> Desk:
    """Make a desk of the rows of the queries "interactions", "catalogue" and "shopper_names"."""
    whole = Interactions.from_frame(frame, items=items, users=users)
    events = ("purchase",) if "purchase" in whole.present else whole.present
    kept = busiest(whole, most)
    loyal = int((np.diff(kept.having(kept.present).indptr) > 1).sum())
    desk = Desk(kept, whole, len(whole.items) - len(kept.items), events, loyal=loyal)
    return desk.viewed(by, shoppers) if len(whole) else desk


def fitted(
    data: Interactions, name: str, fields: Mapping[str, Any],
    ladder: Mapping[str, Any] | None = None, progress: Progress | None = None,
) -> Model:
    """Fit a method on data, on the ladder (then goods without events take part) or without it."""
    method = MODELS[name](**fields)
    if ladder is None:
        return method.fit(data, progress)
    return Ladder(method, **ladder).fit(data.stocked(), progress)


def serve(
    model: Model, user: Any, n: int, exclude: Iterable[str], without: Iterable[Any] = (),
) -> Served:
    """Return what a fitted model shows a shopper, and why."""
    exclude, without = tuple(exclude), tuple(without)
    ask = model.routed if isinstance(model, Ladder) else model.recommend
    found, left = one_each(
        lambda m: ask([user], m, exclude, without), model.train, n, exclude)
    items, same = tuple(found["item"]), tuple(left["item"])
    route = str(found["route"].iloc[0]) if "route" in found and len(found) else None
    told = reasons(model, user, items, exclude, (*without, *same))
    return Served(items, tuple(found["score"]), tuple(told), route, same)


def busiest(x: Interactions, most: int) -> Interactions:
    """Keep the events of the ``most`` items that most shoppers have; among equals the first id."""
    if len(x.items) <= most:
        return x
    chosen = np.zeros(len(x.items), bool)
    chosen[np.lexsort((np.arange(len(x.items)), -x.shoppers))[:most]] = True
    return x.where(chosen[x.item])


class _Telling:
    """A fitted model that says how far it is while it makes many lists."""

    def __init__(self, model: Any, tell: Progress) -> None:
        self.train, self._model, self._tell = model.train, model, tell

    def top(
        self, users: Array, n: int, exclude: Iterable[str] = (), without: Iterable[Any] = ()
    ) -> tuple[Array, Array]:
        found = []
        for start in range(0, max(len(users), 1), _AT_ONCE):
            found.append(self._model.top(users[start : start + _AT_ONCE], n, exclude, without))
            self._tell(min(1.0, (start + _AT_ONCE) / max(len(users), 1)))
        items, scores = zip(*found, strict=True)
        return np.vstack(items), np.vstack(scores)
