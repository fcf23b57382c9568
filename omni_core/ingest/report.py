"""What an inspection or an import answers: counts that add up, rejects, notes and questions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from omni_core.columns import ROLES
from omni_core.ingest.messages import sentence


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know that stopped nothing."""

    code: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return sentence(self.code, self.values)


@dataclass(frozen=True, slots=True)
class Question:
    """Something the file doesn't say; answer it with ``answers={field: option}``."""

    field: str
    # role | table | date_order | decimal_mark | unit | join_with | sheet | event_word | total_of
    code: str
    options: tuple[str, ...]
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return sentence("question_" + self.code, {"field": self.field, **self.values})


# Cleaning steps that she can switch off before the import, by ``answers={"step:CODE": "off"}``.
SWITCHES = frozenset({
    "totals_row", "hint_row", "repeated_header", "duplicate", "excel_text", "leading_mark",
    "money_sign", "decimal_zero", "age_words", "refund_rows", "packed_cells", "other_event",
    "filled_down", "rating_words", "discount_taken",
})


_FIELDS = frozenset({
    "encoding", "delimiter", "header_line", "sheet", "table", "date_order", "decimal_mark", "unit",
    "join_with", "remembered", "personal", "total_of",
})


def is_field(name: str) -> bool:
    """Whether anything about a file can be answered under this name."""
    kind, colon, rest = name.partition(":")
    if colon:
        return rest in SWITCHES if kind == "step" else kind in ("event", "personal")
    return name in _FIELDS or name in ROLES


def is_on(step: str, answers: Mapping[str, str]) -> bool:
    """Whether a cleaning step is to be done: all are, until she switches one off."""
    return answers.get("step:" + step) != "off"


@dataclass(frozen=True, slots=True)
class Total:
    """The bridge from a column of money to the revenue that the file brings, in one currency.

    ``summed`` is the sum over the file's rows (totals rows left out); ``parts`` are what is added
    to it or taken away (message code, signed amount) to reach ``read``; ``said`` is what the file's
    own row of totals says, if it has one. ``listed`` is what price times quantity (``listed_as``)
    adds up to over the same rows, where that differs from what was paid.
    """

    column: str
    currency: str | None
    said: Decimal | None
    summed: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    read: Decimal
    listed: Decimal | None = None
    listed_as: str = ""

    @property
    def gap(self) -> Decimal | None:
        """How much the file's own total differs from the sum of its rows; None without one.

        A sum that counts each order once is no gap where the order's amount is on every line.
        """
        if self.said is None:
            return None
        once = sum((a for code, a in self.parts if code == "part_repeated"), self.summed)
        return Decimal(0) if self.said == once else self.said - self.summed


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """Which column plays a role, how sure that is (0 to 1) and why (a message code)."""

    role: str
    column: str
    confidence: float
    reason: str


class Stopped(Exception):
    """Internal: ends the reading of a file; becomes a report, never reaches a caller.

    ``table``, ``guesses`` and ``platform`` are what was known by then, so that she can correct it.
    """

    table: str | None = None
    guesses: tuple[RoleGuess, ...] = ()
    platform: Any = None


class Refused(Stopped):
    """The file can't be imported; the code and values say why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class Unanswered(Stopped):
    """The file can't be read further without an answer."""

    def __init__(self, *questions: Question) -> None:
        super().__init__("needs_answers")
        self.questions = questions


REJECT_COLUMNS = ("line", "column", "code", "value")


def no_rejects() -> pd.DataFrame:
    """Return an empty frame of rejects with its columns."""
    return pd.DataFrame({"line": pd.Series(dtype="int64")} | {
        c: pd.Series(dtype="str") for c in REJECT_COLUMNS[1:]})


@dataclass(slots=True)
class ImportReport:
    """The answer to one file; ``rows_in == accepted + rejected + excluded`` always holds.

    ``status`` is "ready" (inspected), "imported", "needs_answers", "refused" or
    "already_imported". ``rejects`` has one row per rejected row of the file: line (physical,
    counted from 1, of the row's first line), column, code, value. ``cleaned`` counts repaired
    cells by column and code; ``exclusions`` counts rows left out on purpose by code.
    """

    name: str
    status: str = "ready"
    tables: tuple[str, ...] = ()
    profile: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    rows_in: int = 0
    accepted: int = 0
    rejected: int = 0
    excluded: int = 0
    rejects: pd.DataFrame = dataclasses.field(default_factory=no_rejects)
    cleaned: pd.DataFrame = dataclasses.field(
        default_factory=lambda: pd.DataFrame(columns=["column", "code", "count"]))
    exclusions: dict[str, int] = dataclasses.field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    questions: tuple[Question, ...] = ()
    code: str | None = None
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    import_id: int | None = None
    columns: tuple[str, ...] = ()
    header_line: int = 0  # physical line of the column names; 0: the file has none
    mapping: tuple[RoleGuess, ...] = ()
    preview: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    totals: tuple[Total, ...] = ()
    personal: tuple[Any, ...] = ()  # of Personal: personal columns and what becomes of them
    # the first rows that can't be used, with all their cells, to be mended: see ``mend``
    to_mend: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    # some rows (up to five) of the columns that the first question is about
    examples: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    # what is known of this header from earlier imports and was applied, by field
    remembered: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def table(self) -> str | None:
        """The main table of the file."""
        return self.tables[0] if self.tables else None

    @property
    def message(self) -> str:
        """Why the file was refused, in the language of the context; empty when it was not."""
        return sentence(self.code, self.values) if self.code else ""


def with_reasons(rejects: pd.DataFrame) -> pd.DataFrame:
    """Return rejects for a reader: line, column, reason (words of the code), value."""
    return pd.DataFrame({
        "line": rejects["line"], "column": rejects["column"],
        "reason": [sentence(code) for code in rejects["code"]], "value": rejects["value"]})
