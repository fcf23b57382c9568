"""``omni classify``: a CSV of messages in, the same messages with what each asks for out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from omni_core import export, home
from omni_core.cli import commands
from omni_core.errors import FileNotReadable, FolderNotWritable
from omni_core.i18n import N_, _, gap
from omni_core.service import answering, csvfile, evaluate, sentences, training, wording
from omni_core.service import telling_trust as telling
from omni_core.service.classifier import IntentClassifier
from omni_core.service.settings import ENGINE_CHOICES
from omni_core.workspace import Workspace

CLASSIFY = N_("say what each message of a CSV file asks for, as the shop's bot understands it")


def add(known: argparse._SubParsersAction, *shared: argparse.ArgumentParser) -> None:
    """Add the command, with the arguments that all share, to the parser."""
    one = known.add_parser("classify", parents=[*shared], help=_(CLASSIFY))
    one.add_argument("file", metavar="FILE", type=Path)
    one.add_argument("--out", metavar="FILE", type=Path, help=_("the CSV file"))
    one.add_argument("--engine", choices=ENGINE_CHOICES, default="auto", help=_(
        "how messages are compared, where no version is in force"))
    one.add_argument("--threshold", type=float, default=0.5, metavar="P", help=_(
        "answer from this probability, 0 to 1"))
    one.set_defaults(run=classify)


def classify(options: argparse.Namespace) -> int:
    """Write or print the decisions; what became of the file goes to the error output."""
    try:
        data = options.file.read_bytes()
    except OSError:
        raise FileNotReadable(options.file.name) from None
    with _workspace(options) as ws:
        read = csvfile.sentences(ws.read_table(data=data, name=options.file.name),
                                 options.file.name)
        version, own = training.Library(ws).in_force(), answering.kept(ws)
        messages = ws.query(
            "labelled_messages", start=None, end=None, channel=None, segment=None)
    source = sentences.default_source(messages)  # as the service page takes it, until she chooses
    engine, pairs = (options.engine, training.base(source, messages)) if version is None else (
        version.engine, version.pairs)
    bot = IntentClassifier(engine, options.threshold).fit(
        [t for t, _i in pairs], [i for _t, i in pairs])
    decided = evaluate.decided(bot, evaluate.on_sentences(bot, read.frame), own)
    print(wording.learnt(source, pairs, len(messages), version.name if version else None),
          wording.method(bot), sep=gap(), file=sys.stderr)
    for remark in bot.notes_:
        print(str(remark), file=sys.stderr)
    print(telling.batch_words(read, decided), file=sys.stderr)
    columns = ["text", "intent", "confidence", "route", "runner_up"]
    table = decided[columns].round({"confidence": 4})
    if read.labelled:
        table.insert(1, "expected", decided["truth"])
    content = export.to_csv(table)
    if options.out is None:
        sys.stdout.write(content.decode("utf-8-sig").replace("\r\n", "\n"))
        return 0
    try:
        options.out.write_bytes(content)
    except OSError:
        raise FolderNotWritable(folder=str(options.out.resolve().parent)) from None
    print(options.out)
    return 0


@contextmanager
def _workspace(options: argparse.Namespace) -> Iterator[Workspace]:
    """Open the workspace meant, or an empty one for the time being where there is none yet."""
    if options.workspace is not None or home.workspaces():
        with commands.opened(options) as ws:
            yield ws
        return
    with TemporaryDirectory() as folder, Workspace.open(folder) as ws:
        yield ws
