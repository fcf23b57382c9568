"""A table of sentences as a chat tool saves it: text, and the intent where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.errors import OmniError
from omni_core.export import unguard
from omni_core.i18n import N_

MOST_ROWS, LONGEST = 50_000, 20_000
SUFFIXES = ["csv", "txt", "tsv", "xlsx"]
# what an import calls so, and what only a file of labelled sentences does
_TEXT = {*SYNONYMS["text"], *map(normalise_header, ("messages", "query"))}
_INTENT = {*SYNONYMS["intent"], *map(normalise_header, (
    "expected", "category", "分类", "类别", "期望", "预期", "正确意图"))}


class NoTextColumn(OmniError):
    """A file without a column that holds sentences."""

    code = "no_text_column"
    message = N_("This file has no column of sentences. Name one “text” (or 消息); its columns "
                 "are: {found}.")


class NoIntentColumn(OmniError):
    """A file whose sentences carry no intent."""

    code = "no_intent_column"
    message = N_("This file says no intents. Add a column “intent” (or 意图); its columns are: "
                 "{found}.")


class TooManyRows(OmniError):
    """A file with more rows than are read at once."""

    code = "too_many_rows"
    message = N_("{name} has {rows} rows; at most {most} are read at once. Split it in parts.")
    counts = ("rows", "most")


class NoRows(OmniError):
    """A file with a header and nothing below it."""

    code = "no_rows"
    message = N_("{name} holds no sentences below its header.")


class Table(Protocol):
    """A file read as plain text, as ``Workspace.read_table`` gives it."""

    @property
    def rows(self) -> pd.DataFrame:
        """Return every cell as text, empty ones None."""

    @property
    def broken(self) -> int:
        """Return how many rows could not be cut into cells."""

    @property
    def encoding(self) -> str:
        """Return the encoding that the file is read in."""


@dataclass(frozen=True)
class Sentences:
    """What a file holds: frame text, intent ("" where unknown); rows in and left out; encoding."""

    frame: pd.DataFrame
    rows_in: int
    empty: int
    encoding: str

    @property
    def labelled(self) -> bool:
        """Whether at least one row says its intent."""
        return bool((self.frame["intent"] != "").any())


def sentences(table: Table, name: str = "", need_intent: bool = False) -> Sentences:
    """Return the sentences of a table (``Workspace.read_table``), at most 50,000 rows.

    Rows without text are left out and counted, those that can't be cut into cells among them.
    Raises ``NoTextColumn``, ``NoRows``, ``TooManyRows`` and, with ``need_intent``,
    ``NoIntentColumn``.
    """
    rows = table.rows
    plain = [normalise_header(str(h)) for h in rows.columns]
    at = next((i for i, h in enumerate(plain) if h in _TEXT), None)
    label = next((i for i, h in enumerate(plain) if h in _INTENT), None)
    found = ", ".join(str(h)[:40] for h in rows.columns[:12])
    if at is None:
        raise NoTextColumn(found=found)
    if need_intent and label is None:
        raise NoIntentColumn(found=found)
    if len(rows) > MOST_ROWS:
        raise TooManyRows(name=name, rows=len(rows), most=MOST_ROWS)

    def cells(place: int | None) -> list[str]:
        if place is None:
            return [""] * len(rows)
        return ["" if c is None else unguard(c.strip()) for c in rows.iloc[:, place]]

    kept = [(t[:LONGEST], i) for t, i in zip(cells(at), cells(label), strict=True) if t]
    if not kept:
        raise NoRows(name=name)
    rows_in = len(rows) + table.broken
    return Sentences(pd.DataFrame(kept, columns=["text", "intent"], dtype=object), rows_in,
                     rows_in - len(kept), table.encoding)
