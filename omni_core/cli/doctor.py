"""``omni doctor``: what an import would make of files; nothing is imported, nothing is kept."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from omni_core.cli import reporting
from omni_core.i18n import N_, _
from omni_core.workspace import Workspace

HELP = N_("say what an import would make of files: what is read, repaired, left out and asked")


def add(known: argparse._SubParsersAction, *shared: argparse.ArgumentParser) -> None:
    """Add the command, with the arguments it shares, to the parser."""
    doctor = known.add_parser("doctor", parents=list(shared), help=_(HELP), description=_(
        "Say what an import would make of files. Nothing is imported and no workspace is opened. "
        "The exit code is 0 if all are ready, else 1."))
    doctor.add_argument("--rejects", metavar="N", type=int, default=reporting.MOST_REJECTS, help=_(
        "how many rows that can't be used JSON lists at most, file by file"))
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the report of each file; 1 if any of them is not ready."""
    # a file is read beside an empty store of its own, which goes when all is said
    with tempfile.TemporaryDirectory(prefix="omni-doctor-", ignore_cleanup_errors=True) as folder, \
            Workspace.open(Path(folder) / "shop", timezone=options.timezone) as ws:
        reports = (ws.inspect(path, answers=reporting.answers(options.answer))
                   for path in options.files)
        return reporting.tell(reports, ws, options.format, {"ready"}, max(0, options.rejects))
