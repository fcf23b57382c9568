"""From one setting to the next: what rose, fell, came and went; and whether one beats another."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core.recommend.evaluate import FEW, Evaluation, Range, interval
from omni_core.recommend.interactions import Array

STEADY = 200  # test shoppers from which a difference of ten points shows


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


@dataclass(frozen=True)
class Verdict:
    """Whether one beats the other: "better", "worse", "same" (can't be told), "few"; by how much.

    ``shoppers`` could be tested with both; ``asked_alike`` is False where the two settings leave
    different goods out, so that each was asked for other goods.
    """

    word: str
    difference: Range
    shoppers: int
    asked_alike: bool = True


def verdict(mine: Evaluation, other: Evaluation, metric: str = "hit_rate@10") -> Verdict:
    """Compare on the same shoppers; "same" when the range of the difference holds 0."""
    _who, first, second = paired_values(mine, other, metric)
    alike = np.array_equal(mine.shoppers, other.shoppers)
    difference = interval(first - second)
    if len(first) < FEW:
        word = "few"
    elif difference.low > 0:
        word = "better"
    else:
        word = "worse" if difference.high < 0 else "same"
    return Verdict(word, difference, len(first), alike)


@dataclass(frozen=True)
class Duel:
    """A against B, shopper by shopper: for how many A's list is better, as good, worse.

    ``telling`` are up to three shoppers where the two differ most: one whom A serves better, one
    whom B serves better, then by the size of the difference.
    """

    wins: int
    ties: int
    losses: int
    verdict: Verdict
    telling: tuple[Any, ...]


def duel(a: Evaluation, b: Evaluation, metric: str = "ndcg@10") -> Duel:
    """Set two settings side by side on the shoppers whom both could be tested on."""
    who, first, second = paired_values(a, b, metric)
    gap = first - second
    order = np.argsort(-np.abs(gap), kind="stable")
    order = order[gap[order] != 0]
    heads = [side[0] for side in (order[gap[order] > 0], order[gap[order] < 0]) if len(side)]
    rest = [row for row in order if row not in heads]
    return Duel(
        int((gap > 0).sum()), int((gap == 0).sum()), int((gap < 0).sum()), verdict(a, b, metric),
        tuple(who[row] for row in [*heads, *rest][:3]))


def paired_values(a: Evaluation, b: Evaluation, metric: str) -> tuple[Array, Array, Array]:
    """Return the shoppers tested under both, and each one's value under either."""
    who, left, right = np.intersect1d(a.shoppers, b.shoppers, return_indices=True)
    return who, a.per_user[metric][left], b.per_user[metric][right]


