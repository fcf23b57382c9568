"""The commands: each opens a workspace, makes one call of the library and prints its answer."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

from omni_core import home
from omni_core.cli import reporting
from omni_core.errors import BadParameter, NoWorkspace, UnknownName
from omni_core.i18n import N_, _
from omni_core.panel import write_panel
from omni_core.sample import is_sample_folder
from omni_core.segments import KIND
from omni_core.small_cells import DEFAULT_K
from omni_core.workspace import Workspace


def usage(parser: argparse.ArgumentParser) -> Callable[[argparse.Namespace], int]:
    """Return the command that runs when none was named: the help."""

    def show(_options: argparse.Namespace) -> int:
        parser.print_help()
        return 2

    return show


def panel(options: argparse.Namespace) -> int:
    """Write the panel's files and say how to import them."""
    files = write_panel(options.folder)
    for path in files:
        print(path)
    print(_("Import them with: {command}").format(
        command="omni import " + " ".join(f'"{p}"' for p in files)))
    return 0


def take(options: argparse.Namespace) -> int:
    """Import files in the order given; 1 if any of them did not get in."""
    with Workspace.open(folder(options), timezone=options.timezone,
                        small_cells=DEFAULT_K) as ws:
        reports = (ws.import_file(path, answers=reporting.answers(options.answer))
                   for path in options.files)
        code = reporting.tell(reports, ws, options.format, {"imported", "already_imported"})
        show_in_app(ws)
    return code


def ask(options: argparse.Namespace) -> int:
    """Print a query's frame as CSV, or the names of all queries."""
    with opened(options) as ws:
        if options.name is None:
            print("\n".join(ws.queries()))
            return 0
        _check_period(options.start, options.end)
        _check_filters(ws, options.channel, options.segment)
        frame = ws.query(options.name, start=options.start, end=options.end,
                         channel=options.channel, segment=options.segment)
    frame.to_csv(sys.stdout, index=False, lineterminator="\n")
    return 0


def _check_period(start: str | None, end: str | None) -> None:
    """Refuse a period that ends before it begins; what is no day at all the query itself says."""
    try:
        ends = start and end and dt.datetime.fromisoformat(end) <= dt.datetime.fromisoformat(start)
    except (TypeError, ValueError):
        return
    if ends:
        raise BadParameter("--end", end, _("a day after {day}").format(day=start))


def _check_filters(ws: Workspace, channel: str | None, segment: str | None) -> None:
    """Refuse a mistyped filter: as one that fits nobody it would be answered with zeros."""
    values = ws.query("filter_values")
    for kind, name, more in (("channel", channel, ()), ("segment", segment, ws.artefacts(KIND))):
        known = {*values.loc[values["kind"] == kind, "value"], *more}
        if name is not None and name not in known:
            raise UnknownName(N_("channel") if kind == "channel" else N_("segment"), name, known)


def imports(options: argparse.Namespace) -> int:
    """Print the imports as CSV, newest first."""
    with opened(options) as ws:
        ws.imports().to_csv(sys.stdout, index=False, lineterminator="\n")
    return 0


def undo(options: argparse.Namespace) -> int:
    """Take one import out again."""
    with Workspace.open(existing(options), small_cells=DEFAULT_K) as ws:
        ws.undo(options.number)
    print(_("Import {number} was taken out.").format(number=options.number))
    return 0


def opened(options: argparse.Namespace) -> Workspace:
    """Open the workspace of a command that only asks; with ``--copy`` a copy of it."""
    if options.copy:
        return Workspace.open_copy(existing(options), small_cells=DEFAULT_K)
    return Workspace.open(existing(options), small_cells=DEFAULT_K)


def existing(options: argparse.Namespace) -> Path:
    """Return the workspace's folder. Raises ``NoWorkspace`` if one was named that is none."""
    path = folder(options)
    if options.workspace is not None and not Workspace.exists(path):
        raise NoWorkspace(str(path))
    return path


def folder(options: argparse.Namespace) -> Path:
    """Return the workspace's folder: the one named, else the shop that the app shows."""
    if options.workspace is not None:
        return Path(options.workspace)
    last = home.last_opened()
    if last is not None and not is_sample_folder(last):
        return last
    return next(iter(home.workspaces()), None) or home.new_workspace()


def show_in_app(ws: Workspace) -> None:
    """Let the app open this workspace next, if it is one of its own."""
    if home.home().resolve() in ws.path.resolve().parents:
        home.remember(ws.path)
