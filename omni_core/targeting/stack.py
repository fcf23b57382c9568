"""Several past days under each other, each with what was known on it and what came of it.

Each campaign (or each window of days) has its features ``as_of`` its own day, so that a model can
be tried on later ones than those it learned from (``origins``).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import TooShortHistory
from omni_core.targeting.features import BASELINE, RECIPIENTS, SENSITIVE
from omni_core.targeting.targets import (
    Target,
    build_features,
    campaign_answers,
    campaigns,
    categories,
    data_days,
    moment,
    parse_target,
)

if TYPE_CHECKING:
    import pandas as pd

HISTORY = 28        # days of activity a campaign or window needs before it
MOST_WINDOWS = 6    # windows of days, beside the one tested on
MOST_CATEGORIES = 12  # offered as targets, those with most buyers
LAPSE = 60          # days without a purchase that count as a lapse
MOST_ROWS = 40_000  # per day: beyond it people are drawn by a hash of their id
STEADY = 20         # answers from which a campaign is offered first


@dataclass(frozen=True)
class Stack:
    """Rows of several days: ``x`` (n, features), ``y`` (n,), ``user``, ``day``, ``name`` (n,).

    ``known_by`` (n,) is the moment (naive UTC) an outcome of 1 was known, NaT where it is not said.
    ``baseline`` are the columns that the source articles' model would look at, ``sensitive`` those
    that say a person's age or gender.
    """

    target: Target
    x: pd.DataFrame
    y: NDArray[np.int64]
    user: NDArray[np.object_]
    name: NDArray[np.object_]
    day: NDArray[np.datetime64]
    known_by: NDArray[np.datetime64]
    recipients: int | None
    skipped: int  # campaigns left out because the data hold too little before them
    baseline: tuple[str, ...] = BASELINE
    sensitive: tuple[str, ...] = SENSITIVE

    @property
    def sensitive_used(self) -> tuple[str, ...]:
        """Columns that say age or gender and differ between people."""
        return tuple(c for c in self.sensitive if c in self.x and self.x[c].nunique() > 1)

    def take(self, mask: NDArray[np.bool_], y: NDArray[np.int64]) -> Stack:
        """Return some rows, with what is known of their outcomes ``y``."""
        return replace(
            self, x=self.x[mask].reset_index(drop=True), y=y, user=self.user[mask],
            name=self.name[mask], day=self.day[mask], known_by=self.known_by[mask])

    def without(self, columns: Iterable[str]) -> Stack:
        """Return the same rows without some columns, for the model and the baseline alike."""
        gone = set(columns)
        return replace(
            self, x=self.x.drop(columns=[c for c in self.x.columns if c in gone]),
            baseline=tuple(c for c in self.baseline if c not in gone))


def choices(ws: Any, days: int = 30) -> tuple[list[str], pd.DataFrame]:
    """Return the targets these data can answer, the steadiest first, and the campaigns behind them.

    First the campaigns with answers and 28 days of activity before them, newest first, those of at
    least 20 answers ahead; then, where the data reach far enough, a purchase within ``days``, a
    lapse of 60 days, and a purchase of one of the 12 categories with most buyers.
    """
    span, known = data_days(ws), campaigns(ws)
    if span is None:
        return [], known
    ready = known[(known["day"] >= span[0] + timedelta(days=HISTORY)) & (known["answers"] > 0)]
    ready = ready.assign(steady=ready["answers"] >= STEADY)
    ready = ready.sort_values(["steady", "day", "campaign"], ascending=[False, False, True])
    out = [f"responded:{name}" for name in ready["campaign"]]
    covered = (span[1] - span[0]).days
    if covered >= HISTORY + days:
        out.append(f"buys_within:{days}")
    if covered >= HISTORY + LAPSE:
        out.append(f"lapses_within:{LAPSE}")
    if covered >= HISTORY + days:
        out += [f"buys_category:{days}:{c}" for c in categories(ws)[:MOST_CATEGORIES]]
    return out, known


def stack(
    ws: Any, target: str, progress: Callable[[float], None] | None = None
) -> Stack:
    """Return the rows of a target's past days.

    "responded:CAMPAIGN": that campaign and all before it, each as of the day of its first send.
    Any other: windows of its days back from the end of the data, not overlapping.
    ``progress`` is called with the share done.
    Raises ``TooShortHistory`` when no day has 28 days of activity before it.
    """
    wanted = parse_target(target)
    span = data_days(ws)
    if span is None:
        raise TooShortHistory(need=HISTORY)
    if wanted.kind == "responded":
        return _campaigns(ws, wanted, span, progress or _silent)
    return _windows(ws, wanted, span, progress or _silent)


def _silent(share: float) -> None:
    """Nobody asked how far it is."""


def _campaigns(
    ws: Any, target: Target, span: tuple[date, date], progress: Callable[[float], None]
) -> Stack:
    known = campaigns(ws)
    people = campaign_answers(ws, str(target.campaign))  # raises for an unknown one
    last = known.set_index("campaign").loc[target.campaign, "day"]
    known = known[(known["day"] <= last) & (known["people"] > 0)]
    ready = known[known["day"] >= span[0] + timedelta(days=HISTORY)]
    parts = []
    for done, row in enumerate(ready.itertuples()):
        progress(done / len(ready))
        x, y = build_features(ws, row.day, f"responded:{row.campaign}")
        asked = campaign_answers(ws, row.campaign).loc[x.index]
        x[RECIPIENTS.name] = float(len(x))
        parts.append((row.campaign, row.day, x, y, asked["responded_at"]))
    return _pile(target, parts, len(people), len(known) - len(ready))


def _windows(
    ws: Any, target: Target, span: tuple[date, date], progress: Callable[[float], None]
) -> Stack:
    first, end = span
    parts = []
    for step in range(1, MOST_WINDOWS + 2):
        day = end - timedelta(days=target.days * step)
        if day < first + timedelta(days=HISTORY):
            break
        progress((step - 1) / (MOST_WINDOWS + 1))
        x, y = build_features(ws, day, str(target))
        over = moment(ws, day + timedelta(days=target.days))
        parts.append((day.isoformat(), day, x, y, [over - timedelta(seconds=1)] * len(x)))
    return _pile(target, parts[::-1], None, 0)


def _pile(target: Target, parts: list[Any], recipients: int | None, skipped: int) -> Stack:
    import pandas as pd

    if not parts:
        raise TooShortHistory(need=HISTORY)
    xs, ys, users, names, days, known = [], [], [], [], [], []
    for name, day, x, y, known_by in parts:
        keep = _drawn(x.index.to_numpy())
        xs.append(x[keep])
        ys.append(y.to_numpy()[keep])
        users.append(x.index.to_numpy(object)[keep])
        names.append(np.full(keep.sum(), str(name), object))
        days.append(np.full(keep.sum(), np.datetime64(day, "D")))
        known.append(np.array(known_by, "datetime64[us]")[keep])
    return Stack(
        target, pd.concat(xs, ignore_index=True), np.concatenate(ys), np.concatenate(users),
        np.concatenate(names), np.concatenate(days), np.concatenate(known), recipients, skipped,
    )


def _drawn(users: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Keep everyone, or a stable sample of at most ``MOST_ROWS`` in a large shop."""
    if len(users) <= MOST_ROWS:
        return np.ones(len(users), bool)
    return hashed(users, "sample") < MOST_ROWS / len(users)


def hashed(users: NDArray[np.object_], salt: str) -> NDArray[np.float64]:
    """Return a number from 0 to 1 per user that never changes: draws that a rerun repeats."""
    codes = [zlib.crc32(f"{salt}|{user}".encode()) for user in users]
    return np.array(codes, float) / 2**32
