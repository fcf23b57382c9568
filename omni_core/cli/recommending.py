"""``omni recommend`` and ``omni evaluate``: a file of settings in, lists or figures out."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pandas as pd

from omni_core.cli import commands
from omni_core.errors import FileNotReadable, FolderNotWritable, NotEnoughData
from omni_core.i18n import N_, _, number
from omni_core.recommend import by_history, by_people, compare, cut, evaluate, together
from omni_core.recommend.cold import Ladder
from omni_core.recommend.desk import busiest
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.names import Names
from omni_core.recommend.task import Task, gather
from omni_core.recommend.writing import write_lists
from omni_core.small_cells import suppress
from omni_core.workspace import Workspace

RECOMMEND = N_("write the list of every shopper to a CSV file, by a file of settings")
EVALUATE = N_("measure a file of settings on the last tenth of the events, beside bestsellers")
GROUPS = ("history", "age_band", "segment")


def add(known: argparse._SubParsersAction, *shared: argparse.ArgumentParser) -> None:
    """Add both commands, with the arguments they share, to the parser."""
    settings = argparse.ArgumentParser(add_help=False)
    settings.add_argument("--settings", metavar="FILE", type=Path, help=_(
        "JSON such as {example}; without it the standard setting").format(
            example='{"model": "item_neighbours", "fields": {"k": 100}, "n": 10}'))
    lists = known.add_parser("recommend", parents=[*shared, settings], help=_(RECOMMEND))
    lists.add_argument("--out", metavar="FILE", type=Path, required=True, help=_("the CSV file"))
    lists.set_defaults(run=recommend)
    measure = known.add_parser("evaluate", parents=[*shared, settings], help=_(EVALUATE))
    measure.add_argument("--by", choices=GROUPS, help=_(
        "hit rate by kind of shopper instead of the table of figures"))
    measure.set_defaults(run=figures)


def recommend(options: argparse.Namespace) -> int:
    """Write the lists, some thousand shoppers at a time; a file is whole or not there."""
    task = _task(options)
    with commands.opened(options) as ws:
        x, names, people = _data(ws, task)
    model = task.made()
    model.fit(x.stocked() if isinstance(model, Ladder) else x)
    without = () if task.sold_out else names.sold_out()
    part = options.out.with_name(options.out.name + ".part")
    try:
        with part.open("wb") as out:
            rows, routes = write_lists(out, task, model, people, names, without)
        os.replace(part, options.out)
    except OSError:
        raise FolderNotWritable(folder=str(options.out.resolve().parent)) from None
    finally:
        part.unlink(missing_ok=True)
    print(_("{rows} rows for {shoppers} shoppers in {file}").format(
        rows=number(rows), shoppers=number(len(x.users)), file=options.out))
    for route, count in routes.items():
        print(f"{route}: {number(count)}")
    return 0


def figures(options: argparse.Namespace) -> int:
    """Print the figures as CSV, and to the error output what to keep in mind."""
    task = _task(options)
    with commands.opened(options) as ws:
        x, _names, _people = _data(ws, task)
        fewest = ws.small_cells
    parts = cut(x)
    events = ("purchase",) if "purchase" in x.present else x.present
    model = task.made().fit(together(parts.train, parts.validation))
    measured = evaluate(model, parts.test, (10,), task.exclude, events)
    if not measured["users"]:
        raise NotEnoughData(N_("shoppers to test"), 1, 0)
    if parts.warning:
        print(parts.warning, file=sys.stderr)
    if measured.few:
        print(_("Only {n} shoppers could be tested: the figures are mostly chance.").format(
            n=number(measured["users"])), file=sys.stderr)
    if options.by is None:
        frame = compare({task.model: model}, parts.test, 10, task.exclude, events)
    elif options.by == "history":
        frame = by_history(measured, "hit_rate@10")
    else:
        frame = by_people(measured, "hit_rate@10", x, options.by)
    if options.by is not None:  # figures of a few people would point at them
        frame = suppress(frame, fewest, "users", ("value", "low", "high"))
    frame.to_csv(sys.stdout, index=False, lineterminator="\n")
    return 0


def _task(options: argparse.Namespace) -> Task:
    if options.settings is None:
        return Task()
    try:
        text = options.settings.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        raise FileNotReadable(options.settings.name) from None
    return Task.read(text)


def _data(ws: Workspace, task: Task) -> tuple[Interactions, Names, pd.DataFrame]:
    catalogue, people = ws.query("catalogue", level=task.level), ws.query("shopper_names")
    x = gather(ws.query("interactions", level=task.level, **task.filters), catalogue, people)
    return x if task.most is None else busiest(x, task.most), Names(catalogue), people
