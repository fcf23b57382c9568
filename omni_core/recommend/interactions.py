"""Who did what with which item, when: the one input of every recommender.

Ids are turned into codes at the border, in sorted order, so that nothing behind it depends on the
order of the rows it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core.errors import BadInteractions, MissingColumns
from omni_core.recommend import sides
from omni_core.recommend.cells import Cells
from omni_core.recommend.types import Array

_DAY = 86_400_000_000  # a day in microseconds
_REMEMBERED = 6
_SAMPLE = 2_000  # users


@dataclass(frozen=True)
class Interactions:
    """Events as codes: ``user[r]`` did ``events[event[r]]`` with ``item[r]`` at ``ts[r]``.

    ``users`` and ``items`` hold the ids as they were given; ``ts`` is UTC to the microsecond or
    None; ``value`` (an amount, a rating) is carried along for reports: the models here count who
    has what, not how much of it. ``goods`` (by item) and ``people`` (by user) say more about them
    where it is known, see ``sides``.
    """

    users: pd.Index
    items: pd.Index
    events: tuple[str, ...]
    user: Array
    item: Array
    event: Array
    ts: Array | None = None
    value: Array | None = None
    goods: pd.DataFrame | None = None
    people: pd.DataFrame | None = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        items: pd.DataFrame | None = None,
        users: pd.DataFrame | None = None,
    ) -> Interactions:
        """Read a frame with ``user``, ``item`` and optional ``event``, ``ts``, ``value``.

        Without ``event`` every row is a "purchase". ``ts`` may be datetimes (with a zone or in
        UTC), texts, or numbers: seconds since 1970. ``items`` is a frame of ``item`` and any of
        ``title``, ``category``, ``brand``, ``price``; ``users`` one of ``user`` and any of
        ``age_band``, ``segment``; rows about ids without events are kept (see ``stocked``).
        Raises ``MissingColumns`` and ``BadInteractions`` (an empty or unreadable cell).
        """
        found = list(frame.columns)
        if missing := [c for c in ("user", "item") if c not in found]:
            raise MissingColumns(missing, found)
        for column in ("user", "item", "event"):
            if column in found and (bad := int(frame[column].isna().sum())):
                raise BadInteractions(column, bad)
        user, owners = _codes(frame["user"])
        item, known = _codes(frame["item"])
        if "event" in found:
            event, kinds = _codes(frame["event"].astype(str), np.int8)
        else:
            event, kinds = np.zeros(len(frame), np.int8), pd.Index(["purchase"])
        ts = _times(frame["ts"]) if "ts" in found else None
        value = _numbers(frame["value"]) if "value" in found else None
        return cls(
            owners, known, tuple(map(str, kinds)), user, item, event, ts, value,
            None if items is None else sides.meeting(sides.goods(items), known),
            None if users is None else sides.meeting(sides.people(users), owners),
        )

    def __len__(self) -> int:
        return len(self.user)

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame with the columns of ``from_frame``."""
        columns: dict[str, Any] = {
            "user": self.users.take(self.user),
            "item": self.items.take(self.item),
            "event": np.asarray(self.events or ("",), dtype=object)[self.event],
        }
        if self.ts is not None:
            columns["ts"] = self.ts
        if self.value is not None:
            columns["value"] = self.value
        return pd.DataFrame(columns)

    def where(self, keep: Array) -> Interactions:
        """Return the rows for which ``keep`` is true, knowing only the ids that occur in them."""
        user, users = _narrow(self.user[keep], self.users)
        item, items = _narrow(self.item[keep], self.items)
        return replace(
            self, users=users, items=items, user=user, item=item, event=self.event[keep],
            ts=None if self.ts is None else self.ts[keep],
            value=None if self.value is None else self.value[keep],
        )

    def only(self, events: Iterable[str]) -> Interactions:
        """Return the rows of the named kinds of event."""
        wanted = set(events)
        codes = [i for i, name in enumerate(self.events) if name in wanted]
        return self.where(np.isin(self.event, codes))

    def stocked(self) -> Interactions:
        """Return the same events over all described goods: also those nobody came to yet."""
        if self.goods is None:
            return self
        new = self.goods.index[self.items.get_indexer(self.goods.index) < 0]
        place, items = _codes(pd.Series([*self.items, *new], dtype=object).infer_objects())
        return replace(self, items=items, item=place[self.item])

    @cached_property
    def swapped(self) -> Interactions:
        """The same events with shoppers in the place of items: what likens items likens them."""
        return replace(
            self, users=self.items, items=self.users, user=self.item, item=self.user,
            goods=None, people=None,
        )

    def about_items(self, column: str) -> Array | None:
        """Return what is known of each item, by code (None where it isn't), or None at all."""
        return sides.aligned(self.goods, self.items, column)

    def about_users(self, column: str) -> Array | None:
        """Return what is known of each user, by code (None where it isn't), or None at all."""
        return sides.aligned(self.people, self.users, column)

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The kinds of event that occur, sorted."""
        counts = np.bincount(self.event, minlength=len(self.events))
        return tuple(name for name, n in zip(self.events, counts, strict=True) if n)

    @cached_property
    def _lasting(self) -> tuple[Array, Cells]:
        width, items = max(len(self.events), 1), max(len(self.items), 1)
        key = (self.user.astype(np.int64) * items + self.item) * width + self.event
        order = np.argsort(key, kind="stable") if self.ts is None else np.lexsort((self.ts, key))
        order = order.astype(np.int32 if len(order) < 2**31 else np.int64)
        key = key[order]
        final = np.ones(len(key), bool)
        final[:-1] = key[1:] != key[:-1]
        return order[final], Cells.of(key[final] // width, self.shape)

    @property
    def last(self) -> Array:
        """The row of each (user, item, event), sorted by these: where it happened last."""
        return self._lasting[0]

    @property
    def cells(self) -> Cells:
        """Each (user, item) once, sorted, over the rows of ``last``."""
        return self._lasting[1]

    @cached_property
    def kind(self) -> Array:
        """The kind of event of each row of ``last``."""
        return self.event[self.last]

    def done_by(self, user: int) -> tuple[Array, Array, Array | None]:
        """Return each item and kind of event (codes) of a user (code) once, and when it was last.
        """
        def make() -> tuple[Array, Array, Array | None]:
            rows = self.last[self.cells.rows_of(user)]
            return self.item[rows], self.event[rows], None if self.ts is None else self.ts[rows]

        found: tuple[Array, Array, Array | None] = self.remember(("done by", user), make)
        return found

    @property
    def end(self) -> Any:
        """The time of the last event: "now" for everything that ages; None without times."""
        return None if self.ts is None or not len(self.ts) else self.ts.max()

    def age(self, ts: Array) -> Array:
        """Return how many days before the last event each time lies."""
        return np.asarray(self.end - ts, dtype="timedelta64[us]").astype(float) / _DAY

    @property
    def shape(self) -> tuple[int, int]:
        """Number of users and of items."""
        return len(self.users), len(self.items)

    def matrix(
        self, weights: Mapping[str, float], half_life: float | None = None,
        users: Array | None = None,
    ) -> sparse.csr_matrix:
        """Return users x items: the sum of the weights of the kinds of event she has with it.

        With ``half_life`` (days) each weight halves for every half-life between the event's last
        occurrence and the end of these data. With ``users`` (codes) only their rows.
        """
        def some(users: Array) -> tuple[Cells, Any, Array]:
            cells, rows = self.cells.of_users(users)
            return cells, rows, self.kind[rows]

        cells, rows, kind = self.cells, slice(None), self.kind
        if users is not None:
            cells, rows, kind = some(users) if len(users) > _SAMPLE else self.remember(
                ("cells of users", users.tobytes()), lambda: some(users))
        worth = np.array([float(weights.get(name, 0.0)) for name in self.events])
        value = worth.take(kind)
        if half_life is not None and self.ts is not None and len(self.ts):
            value = value * np.exp2(-self.age(self.ts[self.last[rows]]) / half_life)
        return cells.matrix(cells.sums(value))

    def having(self, events: Iterable[str]) -> sparse.csr_matrix:
        """Return users x items: 1 where she has any of the named kinds of event with it.

        Its values are shared, and not to be written to.
        """
        names = tuple(events)
        counted = np.array([name in names for name in self.events], bool)
        return self.remember(
            ("having", names), lambda: self.cells.where(counted[self.kind]))

    def remember(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what was made of these data under ``key``, making it once.

        The last few of each kind (what the key begins with) are kept, so that moving one parameter
        of a model doesn't pay again for what it doesn't touch.
        """
        kept = self._made.setdefault(key[0], {})
        made = kept.pop(key, None)
        if made is None:
            made = make()
        kept[key] = made
        while len(kept) > _REMEMBERED:
            kept.pop(next(iter(kept)), None)  # work beside the page may have dropped it, too
        return made

    @cached_property
    def _made(self) -> dict[Any, dict[tuple[Any, ...], Any]]:
        return {}

    @cached_property
    def shoppers(self) -> Array:
        """How many users each item has, by any kind of event."""
        return np.bincount(self.having(self.events).indices, minlength=len(self.items))

    def codes_of(self, users: Iterable[Any]) -> Array:
        """Return the codes of user ids; -1 where an id is unknown."""
        return _lookup(self.users, users)

    def item_codes(self, items: Iterable[Any]) -> Array:
        """Return the codes of item ids; -1 where an id is unknown."""
        return _lookup(self.items, items)


def _codes(column: pd.Series, kind: type = np.int32) -> tuple[Array, pd.Index]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    try:
        codes, ids = pd.factorize(column, sort=True)
    except TypeError:  # ids of several types: no order of their own, so that of their texts
        codes, ids = pd.factorize(column)
        order = np.argsort([f"{i}\0{type(i)}" for i in ids], kind="stable")
        codes, ids = np.argsort(order)[codes], ids[order]
    return codes.astype(kind), pd.Index(ids)


def _narrow(codes: Array, ids: pd.Index) -> tuple[Array, pd.Index]:
    used = np.bincount(codes, minlength=len(ids)) > 0
    return (np.cumsum(used) - 1)[codes].astype(np.int32), ids[used]


def _lookup(index: pd.Index, ids: Iterable[Any]) -> Array:
    ids = list(ids)
    if len(ids) == 1:  # a list's reasons ask for one at a time
        try:
            return np.array([index.get_loc(ids[0])], dtype=np.int64)
        except (KeyError, TypeError, ValueError):
            return np.array([-1])
    return np.asarray(index.get_indexer(pd.Index(ids, dtype=object).infer_objects()))


def _times(column: pd.Series) -> Array:
    if pd.api.types.is_numeric_dtype(column):
        read = pd.to_datetime(column, unit="s", errors="coerce", utc=True)
    else:
        read = pd.to_datetime(column, errors="coerce", utc=True)
    if bad := int(read.isna().sum()):
        raise BadInteractions("ts", bad)
    return read.dt.tz_localize(None).to_numpy().astype("datetime64[us]")


def _numbers(column: pd.Series) -> Array:
    read = pd.to_numeric(column, errors="coerce")
    if bad := int((read.isna() & column.notna()).sum()):
        raise BadInteractions("value", bad)
    return read.to_numpy(float)
