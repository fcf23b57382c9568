"""What is said of a file of one row a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from omni_core.i18n import _, number, together
from omni_core.targeting.case import Case
from omni_core.targeting.own import KINDS, USED, Column

if TYPE_CHECKING:
    import pandas as pd


def column_table(
    columns: Sequence[Column], outcome: str | None = None, after: Sequence[str] = ()
) -> pd.DataFrame:
    """Return column, kind, filled, distinct, example (hidden where it is personal) and use.

    ``outcome``: the column chosen as it; ``after``: those told to be known only afterwards.
    """
    import pandas as pd

    return pd.DataFrame([
        (c.name, _(KINDS[c.kind]), c.filled, c.distinct,
         "" if c.kind in ("personal", "id") else c.example,
         _("the outcome") if c.name == outcome else
         _("left out: known only afterwards") if c.name in after else
         _("used") if c.kind in USED else _why(c)) for c in columns
    ], columns=["input", "kind", "filled", "distinct", "example", "state"])


def _why(column: Column) -> str:
    return {
        "date": _("left out: turn it into days before the outcome, or name it below as the day"),
        "id": _("left out: it only names the person or the row"),
        "personal": _("left out: an address or a name is for the upload only"),
        "same": _("left out: it is the same for everyone"),
        "empty": _("left out: it is empty"),
        "consent": _("decides who may be written to, not who is likely to answer"),
    }[column.kind]


def no_words(values: dict[str, int], yes: Sequence[str], most: int = 8) -> str:
    """Say which values of the outcome count as no, with their rows; empty cells are neither."""
    rest = [(v, n) for v, n in values.items() if v not in yes]
    if not rest:
        return ""
    text = _("These count as no: {values}.").format(values=_(", ").join(
        _("“{value}” ({n} rows)").format(value=v, n=number(n)) for v, n in rest[:most]))
    if len(rest) > most:
        text = together(text, _("So do {n} others.").format(n=number(len(rest) - most)))
    return text


def rows_words(case: Case) -> str:
    """Say how many rows were learned from, how they were divided, and who is scored."""
    n, k = len(case.rows.y), int(case.rows.y.sum())
    text = _("{n} rows with an outcome, {k} of them yes.").format(n=number(n), k=number(k))
    if case.held.how == "shoppers":
        text = together(text, _("Two thirds of the people were learned from and one third tested, "
                                "drawn by their numbers: this says nothing about how long the "
                                "score will hold."))
    else:
        text = together(text, _("The latest days were tested, the earlier ones learned from."))
    if case.open_rows:
        text = together(text, _("Scored below: the {n} people without an outcome yet.").format(
            n=number(len(case.scores.user))))
    return text
