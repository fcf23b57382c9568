"""Mutilated files never crash an import and every row stays accounted for; money reconciles."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omni_core import Workspace
from tests.corpus.mutations import mutilated
from tests.corpus.shop import Order, orders

STATUSES = {"ready", "needs_answers", "refused", "already_imported"}
RELAXED = {"deadline": None, "suppress_health_check": [
    HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(tmp_path_factory.mktemp("shop"), timezone="Asia/Shanghai") as workspace:
        yield workspace


def holds(ws: Workspace, data: bytes, twice: bool = True) -> None:
    """Look at a file; where it is refused, also import it."""
    r = ws.inspect(data=data, name="file.csv")
    assert r.status in STATUSES
    assert r.rows_in == r.accepted + r.rejected + r.excluded
    assert (r.rejected, r.excluded) == (len(r.rejects), sum(r.exclusions.values()))
    assert r.rejects.line.is_unique and r.rejects.line.is_monotonic_increasing
    assert bool(r.message) == (r.status == "refused")
    assert bool(r.questions) == (r.status == "needs_answers")
    if r.status == "refused" and twice:
        again = ws.import_file(data=data, name="file.csv")
        assert (again.status, again.code) == ("refused", r.code)
        assert not any(ws.counts().values())


@given(seed=st.integers(0, 2**31))
@example(4409)  # an age beside a control character that only some functions call a blank
@settings(max_examples=300, **RELAXED)
def test_a_mutilated_file_is_accounted_for(ws: Workspace, seed: int) -> None:
    holds(ws, mutilated(seed), twice=False)


@pytest.mark.slow
@given(seed=st.integers(0, 2**31))
@settings(max_examples=10_000, **RELAXED)
def test_ten_thousand_mutilated_files(ws: Workspace, seed: int) -> None:
    holds(ws, mutilated(seed))


def table(made: list[Order], totals: str, dice: random.Random) -> str:
    """Write orders with money as lines, as totals on each line, or on the first line only."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=dice.choice(",;\t"), quoting=dice.choice(
        (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)), lineterminator=dice.choice(("\n", "\r\n")))
    money = {"lines": "unit price", "each": "order total", "first": "order total"}[totals]
    writer.writerow(["order id", "customer id", "created at", "sku", "note", "quantity", money])
    for o in made:
        for i, line in enumerate(o.lines):
            cell = o.total if i == 0 or totals == "each" else ""
            cell = line.price if totals == "lines" else cell
            writer.writerow([o.number, f"u{o.buyer}", o.ts, line.item,
                             dice.choice(("", "two\nlines", 'say "x"', "a,b;c\td")), line.quantity,
                             cell])
    return out.getvalue()


def by_order(text: str) -> dict[str, Decimal]:
    """Read revenue by order out of the written text, by nothing but the csv module."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    found: dict[str, Decimal] = {}
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
        if "unit price" in row:
            line = Decimal(row["unit price"]) * int(row["quantity"])
            found[row["order id"]] = found.get(row["order id"], Decimal(0)) + line
        elif row["order total"]:
            found[row["order id"]] = Decimal(row["order total"])
    return found


@given(seed=st.integers(0, 2**31), n=st.integers(3, 40),
       totals=st.sampled_from(["lines", "each", "first"]),
       encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
@settings(max_examples=25, **RELAXED)
def test_revenue_by_order_reconciles_with_the_file(
        ws: Workspace, seed: int, n: int, totals: str, encoding: str) -> None:
    made = orders(seed, n, states="paid", shipping=False, discount=False)
    text = table(made, totals, random.Random(seed))
    r = ws.import_file(data=text.encode(encoding), name="orders.csv")
    assert r.status == "imported" and r.rejected == r.excluded == 0, (r.code, r.questions)
    with ws._database.cursor() as cursor:
        stored = dict(cursor.execute(
            "SELECT order_id, revenue FROM orders JOIN order_ids USING (order_key)").fetchall())
    ws.undo(r.import_id)
    assert stored == by_order(text)
    assert not any(ws.counts().values())


def test_blank_lines_between_broken_rows_keep_their_numbers(ws: Workspace) -> None:
    rows = "".join(f"u{i},p{i},2026-01-01\n" for i in range(20))
    text = f"user,item,time\n{rows}x,y\n\nx,z\n\n\nw\n{rows}u1,p1,when?\n"
    r = ws.inspect(data=text.encode(), name="x.csv")
    assert r.rejects.line.tolist() == [22, 24, 27, 48]


def test_a_file_that_is_cut_off_anywhere_is_accounted_for(ws: Workspace) -> None:
    data = table(orders(1, 4, states="paid"), "lines", random.Random(2)).encode()
    for end in range(0, len(data), 23):
        holds(ws, data[:end])
