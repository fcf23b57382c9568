"""``omni backup``, ``omni restore`` and ``omni forget``: copies, a way back, one person gone."""

from __future__ import annotations

import argparse
from pathlib import Path

from omni_core.backups import archives, new_name, unpack
from omni_core.cli import commands
from omni_core.errors import StoreDamaged
from omni_core.i18n import N_, _
from omni_core.small_cells import DEFAULT_K
from omni_core.workspace import Workspace

BACKUP = N_("write everything in a workspace into one file")
RESTORE = N_("bring a workspace to what a backup holds; without a file, list the backups")
FORGET = N_("delete one customer everywhere, for good")


def add(known: argparse._SubParsersAction, shared: argparse.ArgumentParser,
        at: argparse.ArgumentParser, copying: argparse.ArgumentParser) -> None:
    """Add the three commands, with the arguments they share, to the parser."""
    backup = known.add_parser("backup", parents=[shared, at, copying], help=_(BACKUP))
    backup.add_argument("file", metavar="FILE", type=Path, nargs="?", help=_(
        "the file to write; without it one in the workspace's folder"))
    backup.add_argument("--contacts", action="store_true", help=_(
        "with the addresses kept for audiences"))
    backup.set_defaults(run=make)
    restore = known.add_parser("restore", parents=[shared, at], help=_(RESTORE))
    restore.add_argument("file", metavar="FILE", type=Path, nargs="?")
    restore.set_defaults(run=bring_back)
    forgetting = known.add_parser("forget", parents=[shared, at], help=_(FORGET))
    forgetting.add_argument("user", metavar="CUSTOMER", help=_(
        "the customer's number, as it stands in the files"))
    forgetting.add_argument("--yes", action="store_true", help=_(
        "delete; without it you only learn what would be deleted"))
    forgetting.set_defaults(run=forget)


def make(options: argparse.Namespace) -> int:
    """Write a backup and print where it is; an older file of that name is replaced."""
    with commands.opened(options) as ws:
        # a copy's own folder goes when it is closed
        target = new_name(commands.folder(options).absolute() / "backups")
        print(ws.backups.make(options.file or target, contacts=options.contacts))
    return 0


def bring_back(options: argparse.Namespace) -> int:
    """Restore a file; what was there before is kept, as a backup or beside it if it is damaged."""
    folder = commands.folder(options)
    if options.file is None:
        for path in reversed(archives(folder / "backups")):
            print(path)
        return 0
    try:
        with Workspace.open(folder, small_cells=DEFAULT_K) as ws:
            before = ws.backups.restore(options.file)
    except StoreDamaged:
        unpack(options.file, folder)
        print(_("The damaged workspace was set aside in {folder}; nothing was deleted.").format(
            folder=folder))
        before = None
    with Workspace.open(folder, small_cells=DEFAULT_K) as ws:
        commands.show_in_app(ws)
    print(_("Restored from {file}.").format(file=options.file))
    if before is not None:
        print(_("What was there before: {file}").format(file=before))
    return 0


def forget(options: argparse.Namespace) -> int:
    """Delete a customer, if told to; 1 where it was only said what that would delete."""
    with Workspace.open(commands.existing(options), small_cells=DEFAULT_K) as ws:
        told = ws.people.would_forget(options.user)
        if not options.yes:
            print(_("This would delete {what} for good, and replace the older backups. Add "
                    "--yes to do it.").format(what=told.words()))
            return 1
        _told, path = ws.people.forget(options.user)
    print(_("Deleted: {what}. The older backups were replaced by {file}").format(
        what=told.words(), file=path))
    return 0
