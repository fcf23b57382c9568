"""What a fixture is, and how its file is put to the product and judged."""

from __future__ import annotations

import atexit
import csv
import functools
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from omni_core import Workspace

OUTCOMES = ("right", "asked", "refused", "silently wrong")


@dataclass(frozen=True)
class Expected:
    """The truth about a file, worked out by its maker; what is None is not looked at."""

    outcome: str = "right"
    table: str | None = None
    profile: str | None = None
    rows_in: int | None = None
    accepted: int | None = None
    rejects: Sequence[tuple[int, str]] = ()
    exclusions: Mapping[str, int] = field(default_factory=dict)
    revenue: Decimal | None = None
    orders: int | None = None
    shoppers: int | None = None
    units: Decimal | int | None = None
    events: Mapping[str, int] | None = None  # kind of event: rows
    first: str | None = None  # the first time of the file, UTC
    items: Mapping[str, str] | None = None  # some product ids and their names
    ages: Mapping[str, int] | None = None  # band: shoppers
    browsing: int | None = None  # browsing counts of all persons added up
    consents: int | None = None  # persons who said yes to e-mail
    texts: tuple[str, ...] | None = None  # some messages, or texts of reviews
    currency: str | None = None
    encoding: str | None = None
    notes: tuple[str, ...] = ()  # codes that must be among the notes
    question: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    code: str | tuple[str, ...] | None = None  # of the refusal


@dataclass(frozen=True)
class Fixture:
    """One file of the corpus, and the files that were imported before it."""

    group: str
    name: str
    make: Callable[[], tuple[Any, ...]]
    file: str
    confirmed: bool = True

    @property
    def id(self) -> str:
        return f"{self.group}/{self.name}"


FIXTURES: list[Fixture] = []


def fixture(group: str, file: str = "export.csv", confirmed: bool = True
            ) -> Callable[[Callable[[], tuple[Any, ...]]], Callable[[], tuple[Any, ...]]]:
    """Enter a maker: it returns (bytes, Expected), or (bytes, Expected, files before it)."""
    def enter(make: Callable[[], tuple[Any, ...]]) -> Callable[[], tuple[Any, ...]]:
        FIXTURES.append(Fixture(group, make.__name__, make, file, confirmed))
        return make
    return enter


class Lines:
    """A table as it is written, knowing the physical line on which each row begins."""

    def __init__(self, delimiter: str = ",", newline: str = "\r\n",
                 quoting: Any = csv.QUOTE_MINIMAL) -> None:
        self._out: list[str] = []
        self._newline, self._lines = newline, 0
        self._writer = csv.writer(self, delimiter=delimiter, lineterminator=newline,
                                  quoting=quoting)
        self.rows = 0

    @property
    def text(self) -> str:
        return "".join(self._out)

    def write(self, text: str) -> None:
        """Take what the writer of the csv module gives, a row at a time."""
        self._out.append(text)
        self._lines += text.replace("\r\n", "\n").replace("\r", "\n").count("\n")

    def raw(self, text: str) -> None:
        self.write(text + self._newline)

    def header(self, cells: Sequence[str]) -> None:
        self._writer.writerow(cells)

    def row(self, cells: Sequence[Any]) -> int:
        """Write a row and return its line, counted from 1."""
        line = self._lines + 1
        self._writer.writerow(cells)
        self.rows += 1
        return line


@functools.cache
def _empty_shop() -> Path:
    """An empty workspace, to be copied: laying out a new one takes a third of a file's time."""
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Workspace.open(folder / "shop", timezone="Asia/Shanghai").close()
    return folder / "shop"


def judge(fixture: Fixture) -> tuple[str, list[str]]:
    """Put a file to a fresh workspace; return the outcome and how it differs from the truth."""
    data, expected, *before = fixture.make()
    with tempfile.TemporaryDirectory() as folder, Workspace.open(
            shutil.copytree(_empty_shop(), Path(folder) / "shop"), timezone="Asia/Shanghai") as ws:
        try:
            for other in before[0] if before else ():
                r = ws.import_file(data=other, name="before.csv")
                if r.status != "imported":
                    return r.status, [f"the file before it: {r.code} {r.questions}"]
            r = ws.import_file(data=data, name=fixture.file)
            asked = r.status == "needs_answers"
            if asked:
                told = [q.code for q in r.questions]
                if expected.outcome != "asked" or expected.question not in told:
                    return "asked", [f"asks {[(q.field, q.code, q.options) for q in r.questions]}"]
                r = ws.import_file(data=data, name=fixture.file, answers=dict(expected.answers))
                if r.status == "needs_answers":
                    return "asked", [f"still asks {[(q.field, q.options) for q in r.questions]}"]
        except Exception as fault:  # noqa: BLE001  a crash is the worst of outcomes
            return "silently wrong", [f"crashed: {fault!r}"]
        wrong = _accounting(r)
        if r.status == "refused":
            codes = expected.code if isinstance(expected.code, tuple) else (expected.code,)
            if expected.outcome != "refused" or r.code not in codes:
                wrong.append(f"refused: {r.code} {r.values}")
            if any(ws.counts().values()):
                return "silently wrong", [*wrong, "a refused file left rows behind"]
            return "refused", wrong
        if expected.outcome == "refused":
            return "silently wrong", [*wrong, f"read as {r.table} {r.mapping}"]
        if expected.outcome == "asked" and not asked:
            return "silently wrong", [*wrong, "read without asking"]
        wrong += _differences(ws, r, expected)
        return ("silently wrong" if wrong else "asked" if asked else "right"), wrong


def _accounting(r: Any) -> list[str]:
    wrong = []
    if r.rows_in != r.accepted + r.rejected + r.excluded or len(r.rejects) != r.rejected or (
            sum(r.exclusions.values()) != r.excluded):
        wrong.append(f"{r.rows_in} rows, but {r.accepted} + {r.rejected} + {r.exclusions}")
    return wrong


_SQL = {
    "units": "SELECT coalesce(sum(quantity) FILTER (event = 'purchase'), 0) FROM events",
    "first": """SELECT strftime(min(ts), '%Y-%m-%d %H:%M:%S') FROM (SELECT ts FROM events
        UNION ALL SELECT ts FROM order_rows UNION ALL SELECT ts FROM review_rows
        UNION ALL SELECT ts FROM message_rows UNION ALL SELECT sent_at FROM send_rows)""",
    "browsing": "SELECT coalesce(sum(browsing_count), 0) FROM customers",
    "consents": "SELECT count(*) FROM customers WHERE consent_email",
}


def _differences(ws: Workspace, r: Any, expected: Expected) -> list[str]:
    found: dict[str, Any] = {
        "table": r.table, "profile": r.profile, "rows_in": r.rows_in, "accepted": r.accepted,
        "encoding": r.encoding, "currency": None}
    summary = ws.query("summary").iloc[0]
    found |= {"orders": int(summary.orders), "shoppers": int(summary.shoppers),
              "revenue": round(Decimal(str(summary.revenue)), 2), "currency": ws.currency}
    with ws._database.cursor() as cursor:
        for name, sql in _SQL.items():
            if getattr(expected, name) is not None:
                found[name] = cursor.execute(sql).fetchall()[0][0]
        if expected.events is not None:
            found["events"] = dict(cursor.execute(
                "SELECT event::VARCHAR, count(*) FROM events GROUP BY 1").fetchall())
        if expected.items is not None:
            names = dict(cursor.execute(
                """SELECT item_id, name FROM item_ids JOIN products USING (item_key)""").fetchall())
            found["items"] = {k: names.get(k) for k in expected.items}
        if expected.texts is not None:
            all_texts = {t for (t,) in cursor.execute(
                "SELECT text FROM messages UNION ALL SELECT text FROM reviews").fetchall()}
            found["texts"] = tuple(t for t in expected.texts if t in all_texts)
    if expected.ages is not None:
        ages = ws.query("age_histogram")
        found["ages"] = {b: int(n) for b, n in zip(ages.band, ages.shoppers, strict=True) if n}
    wrong = [f"{name}: expected {getattr(expected, name)}, found {value}"
             for name, value in found.items()
             if getattr(expected, name) is not None and value != getattr(expected, name)]
    rejects = list(zip(r.rejects.line.tolist(), r.rejects.code.tolist(), strict=True))
    if rejects != list(expected.rejects):
        wrong.append(f"rejects: expected {list(expected.rejects)[:8]}, found {rejects[:8]}")
    if r.exclusions != dict(expected.exclusions):
        wrong.append(f"exclusions: expected {dict(expected.exclusions)}, found {r.exclusions}")
    codes = {n.code for n in r.notes}
    wrong += [f"no note {code}; there are {sorted(codes)}" for code in expected.notes
              if code not in codes]
    return wrong
