"""Two settings on the same shoppers: their figures side by side, and a shopper's two lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from omni_core.i18n import _
from omni_core.recommend.desk import Desk
from omni_core.recommend.evaluate import Evaluation, interval
from omni_core.recommend.moves import paired_values
from omni_core.recommend.quality import FIGURES, figure, points
from omni_core.recommend.task import Task


@dataclass(frozen=True)
class Case:
    """A held-out shopper: what she then bought, and the ten that either setting had for her."""

    user: Any
    bought: tuple[Any, ...]
    first: tuple[Any, ...]
    second: tuple[Any, ...]


def figures(a: Evaluation, b: Evaluation) -> pd.DataFrame:
    """Return each figure of A and of B, and the range of the difference A - B where it has one."""
    rows = []
    for name, label, form, _about in FIGURES:
        row = {"metric": _(label), "a": figure(a[name], form), "b": figure(b[name], form),
               "difference": ""}
        if name in a.per_user:
            _who, first, second = paired_values(a, b, name)
            gap = interval(first - second)
            row["difference"] = (
                f"{points(gap.low)} – {points(gap.high)}" if form == "percent"
                else f"{gap.low:+z.3f} – {gap.high:+z.3f}")
        rows.append(row)
    return pd.DataFrame(rows)


def cases(desk: Desk, a: Task, b: Task, users: Iterable[Any]) -> list[Case]:
    """Return what two settings would have shown some held-out shoppers before they bought."""
    users = list(users)
    if desk.validation is None or not users:
        return []
    asked = desk.validation.frame()
    lists = []
    for task in (a, b):
        model = desk.model(task.model, task.fields, ladder=task.ladder)
        found = model.recommend(users, 10, task.exclude)
        lists.append({user: tuple(part["item"]) for user, part in found.groupby("user")})
    return [
        Case(user, tuple(dict.fromkeys(asked.loc[asked["user"] == user, "item"])),
             lists[0].get(user, ()), lists[1].get(user, ()))
        for user in users
    ]
