"""The lists of all shoppers as a CSV file, some thousands at a time, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

import pandas as pd

from omni_core import export
from omni_core.recommend.base import Model
from omni_core.recommend.cold import share_by_route
from omni_core.recommend.names import Names
from omni_core.recommend.task import Task
from omni_core.recommend.types import Progress, silent
from omni_core.recommend.wording import everyone


def write_lists(
    out: BinaryIO, task: Task, model: Model, people: pd.DataFrame, names: Names,
    without: tuple[Any, ...] = (), translate: bool = False,
    progress: Progress | None = None,
) -> tuple[int, Mapping[str, int]]:
    """Write user, rank, product, name, score (and the ladder's route) of every shopper's list.

    Returns the number of rows, and on the ladder how many shoppers each route served.
    ``translate``: headings in the language of the context. ``progress`` is told a share of 1.
    """
    rows, done, tell = 0, 0, progress or silent
    routes: dict[str, int] = {}
    for lists in task.lists(model, without):
        table = everyone(lists, people, names)
        if "route" in lists:
            table["route"] = lists["route"]
            for row in share_by_route(lists).itertuples():
                routes[str(row.route)] = routes.get(str(row.route), 0) + int(row.shoppers)
        headings = export.headings(table.columns) if translate else None
        out.write(export.to_csv(table, headings, first=not rows))
        rows, done = rows + len(table), done + lists["user"].nunique()
        tell(done / max(len(model.train.users), 1))
    return rows, routes
