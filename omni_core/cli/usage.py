"""The sentences of ``argparse`` itself, in the language of the command.

``argparse`` looks each of them up through its module's ``_`` when it needs it. They are written
down here so that the catalogue has them; the English stays as ``argparse`` words it.
"""

from __future__ import annotations

import argparse

from omni_core.i18n import N_, _

SENTENCES = (
    N_("usage: "), N_("options"), N_("positional arguments"),
    N_("show this help message and exit"), N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"), N_("expected one argument"),
    N_("expected at least one argument"), N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("the following arguments are required: %s"), N_("unrecognized arguments: %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)


def translate() -> None:
    """Let ``argparse`` speak the language of the context."""
    vars(argparse)["_"] = _
