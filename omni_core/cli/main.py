"""Read the command line, run one command, answer with sentences and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from omni_core.cli import usage
from omni_core.errors import OmniError, StoreInUse
from omni_core.i18n import LANGUAGES, _, set_language


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the ``omni`` command; 0 done, 1 something was refused, 2 usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    set_language(_language(given))
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # a Chinese name on Windows
    usage.translate()
    options = _parser().parse_args(given)
    try:
        try:
            return int(options.run(options))
        except StoreInUse as error:
            print(error, file=sys.stderr)
            if not _wants_copy(options):
                return 1
            options.copy = True
            return int(options.run(options))
    except OmniError as error:
        print(str(error), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads on (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _wants_copy(options: argparse.Namespace) -> bool:
    """Offer a command that changes nothing to work on a copy of what another program holds."""
    if getattr(options, "copy", True):
        return False
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        print(_("Add --copy to work on a copy, as it was last saved."), file=sys.stderr)
        return False
    print(_("Work on a copy, as it was last saved? (y/n)"), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "是", "好")


def _language(given: Sequence[str]) -> str:
    """The language asked for by --lang, else that of the terminal; needed before the help."""
    for place, word in enumerate(given):
        if word == "--lang" and place + 1 < len(given):
            return given[place + 1]
        if word.startswith("--lang="):
            return word.partition("=")[2]
    told = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), "")
    return "zh" if told.lower().startswith("zh") else "en"


def _parser() -> argparse.ArgumentParser:
    from omni_core.cli import (
        classifying,
        commands,
        doctor,
        keeping,
        recommending,
        targeting,
    )

    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--lang", choices=list(LANGUAGES), help=_("language of the answers"))
    at = argparse.ArgumentParser(add_help=False)
    at.add_argument("--workspace", metavar="DIR", type=Path, help=_(
        "the workspace's folder; without it the shop that the app shows (never the sample)"))
    copying = argparse.ArgumentParser(add_help=False)
    copying.add_argument("--copy", action="store_true", help=_(
        "work on a copy, as it was last saved, while another program holds the workspace"))
    reading = argparse.ArgumentParser(add_help=False)
    reading.add_argument("files", metavar="FILE", type=Path, nargs="+")
    reading.add_argument("--answer", metavar="FIELD=VALUE", action="append", default=[], help=_(
        "answer a question: a role and its column (user=buyer), or table=orders"))
    reading.add_argument("--timezone", metavar="ZONE", help=_(
        "the zone that times without one were written in, such as Asia/Shanghai"))
    reading.add_argument("--format", choices=("text", "json"), default="text", help=_(
        "lines for a person, or everything for a program"))
    parser = argparse.ArgumentParser(prog="omni", parents=[shared], description=_(
        "Import a shop's CSV exports and ask about them, as the pages do."))
    parser.set_defaults(run=commands.usage(parser))
    known = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))

    panel = known.add_parser("panel", parents=[shared], help=_(
        "write a public grocery panel as CSV exports, to try Omni on real data"))
    panel.add_argument("folder", metavar="FOLDER", type=Path)
    panel.set_defaults(run=commands.panel)

    take = known.add_parser("import", parents=[shared, at, reading], help=_(
        "read CSV files into a workspace and say what became of each row"))
    take.set_defaults(run=commands.take)

    doctor.add(known, shared, reading)

    ask = known.add_parser("query", parents=[shared, at, copying], help=_(
        "print a named query as CSV; without a name, the names"))
    ask.add_argument("name", metavar="NAME", nargs="?")
    ask.add_argument("--start", metavar="DAY", help=_("first day"))
    ask.add_argument("--end", metavar="DAY", help=_("the day after the last"))
    ask.add_argument("--channel")
    ask.add_argument("--segment")
    ask.set_defaults(run=commands.ask)

    recommending.add(known, shared, at, copying)
    targeting.add(known, shared, at, copying)
    classifying.add(known, shared, at, copying)

    listing = known.add_parser("imports", parents=[shared, at, copying], help=_("list the imports"))
    listing.set_defaults(run=commands.imports)

    undo = known.add_parser("undo", parents=[shared, at], help=_("take an import out again"))
    undo.add_argument("number", metavar="NUMBER", type=int)
    undo.set_defaults(run=commands.undo)

    keeping.add(known, shared, at, copying)
    return parser
