"""Why an item is on a shopper's list, with counts as proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from omni_core.errors import NotAdditive
from omni_core.recommend.additive import Additive
from omni_core.recommend.base import Model
from omni_core.recommend.interactions import Array
from omni_core.recommend.without import rank_of, scores_of, scores_without


@dataclass(frozen=True)
class Reason:
    """The strongest part of a score: what she did with which item, and whom that item led here.

    ``share`` of the score comes from ``because`` (all kinds of event with it); ``both`` of its
    ``base`` shoppers also have the recommended item, by the kind ``by`` ("purchase" or None: any).
    Without ``because`` the item is there for its popularity: ``base`` is its number of shoppers.
    ``rank`` is where it stands, ``falls_to`` where it would stand had she not done this with the
    item (0: nowhere, nothing else speaks for it; None: that can't be told).
    """

    item: Any
    because: Any | None
    event: str
    when: Any | None
    share: float
    both: int
    base: int
    by: str | None
    rank: int = 0
    falls_to: int | None = None


def reasons(
    model: Model, user: Any, items: Iterable[Any], exclude: Iterable[str] = ("purchase",),
    without: Iterable[Any] = (),
) -> list[Reason]:
    """Return the strongest reason for each item of a user's list, best first, and its proof.

    ``exclude`` and ``without`` are those that the list was made with.
    """
    mine, items = int(model.train.codes_of([user])[0]), list(items)
    codes = model.train.item_codes(items)
    whole = scores_of(model, mine) if mine >= 0 and isinstance(model, Additive) else None
    owned, blocked = model._left_out(exclude, without)
    away = np.flatnonzero(blocked)
    if mine >= 0:
        away = np.union1d(owned.indices[owned.indptr[mine] : owned.indptr[mine + 1]], away)
    scores: dict[tuple[int, str], Array | None] = {}  # without each thing that is named
    proven = []
    told = _told(model, user, mine, items, codes)
    for rank, (code, (because, reason)) in enumerate(zip(codes, told, strict=True), 1):
        falls_to = None
        if reason.because is not None:
            key = because, reason.event
            if key not in scores:
                scores[key] = _scores(model, mine, *key, whole)
            left = scores[key]
            falls_to = None if left is None else rank_of(left, int(code), away) or 0
        proven.append(replace(reason, rank=rank, falls_to=falls_to))
    return proven


def clicked(
    model: Model, clicks: Sequence[Any], items: Iterable[Any]
) -> list[Reason]:
    """Return for each item the click that speaks most for it, of someone without a history."""
    train = model.train
    known = [c for c in clicks if train.item_codes([c])[0] >= 0]
    links = {c: model._like(int(train.item_codes([c])[0])).toarray().ravel() for c in known}
    told = []
    for rank, item in enumerate(items, 1):
        code = int(train.item_codes([item])[0])
        strength = {c: float(links[c][code]) for c in known}
        best = max(strength, key=lambda c: strength[c], default=None)
        if best is None or strength[best] <= 0:
            told.append(replace(_popular(model, item), rank=rank))
            continue
        both, base, kind = shared(model, best, item)
        told.append(Reason(
            item, best, "click", None, strength[best] / sum(strength.values()), both, base, kind,
            rank))
    return told


def _scores(
    model: Model, user: int, item: int, event: str, whole: Array | None
) -> Array | None:
    try:
        return scores_without(model, user, item, event, whole)
    except NotAdditive:
        return None


def _told(
    model: Model, user: Any, mine: int, items: list[Any], codes: Array
) -> list[tuple[int, Reason]]:
    """Return for each item what speaks for it (code; -1: nothing), and the reason, unproven."""
    if mine < 0 or not isinstance(model, Additive) or not items:
        found = [_reason(model, user, item) for item in items]
        because = model.train.item_codes([r.because for r in found])
        return list(zip(because.tolist(), found, strict=True))
    train, told = model.train, []
    for item, own, code, kind, share in zip(
            items, codes, *model.strongest(mine, codes), strict=True):
        if code < 0:
            told.append((-1, _popular(model, item)))
            continue
        both, base, by = _in_common(model, int(code), int(own))
        told.append((int(code), Reason(
            item, train.items[code], train.events[kind], _when(model, mine, int(code), int(kind)),
            float(share), both, base, by)))
    return told


def _reason(model: Model, user: Any, item: Any) -> Reason:
    try:
        parts = model.explain(user, item)
    except NotAdditive:
        return _popular(model, item)
    if parts.empty:
        return _popular(model, item)
    total = parts["contribution"].sum()
    first = parts.iloc[0]
    because = first["because_item"]
    same = parts["because_item"] == because
    both, base, kind = shared(model, because, item)
    train, event = model.train, str(first["event"])
    (mine,), (code,) = train.codes_of([user]), train.item_codes([because])
    return Reason(
        item, because, event, _when(model, int(mine), int(code), train.events.index(event)),
        float(parts.loc[same, "contribution"].sum() / total), both, base, kind,
    )


def _popular(model: Model, item: Any) -> Reason:
    bought, (code,) = _bought(model), model.train.item_codes([item])
    own = len(_shoppers(model, code, bought)) if bought else 0
    return Reason(
        item, None, "", None, 0.0, 0, own or len(_shoppers(model, code, None)),
        bought if own else None,
    )


def _bought(model: Model) -> str | None:
    return "purchase" if "purchase" in model.train.present else None


def shared(model: Model, because: Any, item: Any) -> tuple[int, int, str | None]:
    """Return how many shoppers have both items, how many have the first, and by which kind."""
    return _in_common(model, *map(int, model.train.item_codes([because, item])))


def _in_common(model: Model, because: int, item: int) -> tuple[int, int, str | None]:
    """Return the same of two items' codes."""
    kind = _bought(model)
    base = _shoppers(model, because, kind)
    both = np.intersect1d(base, _shoppers(model, item, kind), assume_unique=True)
    if kind and not len(both):  # only looked at together so far
        kind, base = None, _shoppers(model, because, None)
        both = np.intersect1d(base, _shoppers(model, item, None), assume_unique=True)
    return len(both), len(base), kind


def _shoppers(model: Model, item: int, kind: str | None) -> Array:
    """Return the codes of the users who have an item (code) by a kind of event (None: any)."""
    train = model.train
    kinds = train.present if kind is None else (kind,)
    across = train.remember(("across", kinds), lambda: train.having(kinds).T.tocsr())
    return across.indices[across.indptr[item] : across.indptr[item + 1]]


def _when(model: Model, user: int, item: int, event: int) -> Any | None:
    """Return when a user last did something with an item (codes); None without times."""
    items, events, ts = model.train.done_by(user)
    return None if ts is None else ts[(items == item) & (events == event)][0]
