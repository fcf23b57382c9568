"""Whatever a table holds and however it is written, each row is accepted, rejected or excluded."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omni_core import Workspace
from omni_core.ingest.words import parse_age

# any text that a shop's cell can hold; words for "nothing" and totals mean something of their own
CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"),
                             exclude_characters="\ufffd\ufeff"), min_size=1, max_size=12)
ID = st.from_regex(r"[A-Za-z0-9_一-龥]{1,12}", fullmatch=True).filter(
    lambda s: s.lower() not in {"nan", "none", "null", "na", "total", "totals", "sum", "subtotal"}
    and s not in {"合计", "总计", "小计", "汇总", "总合计"})
NOTE = st.one_of(CELL, st.just("two\nlines"), st.just('say "hi"'), st.just("a,b;c\td"),
                 st.just('5" nail'), st.just(""))
TIME = st.sampled_from(["2026-01-02 03:04:05", "2026-02-03 10:00:00", "when?", ""])
ROW = st.tuples(ID, ID, TIME, NOTE)


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("shop"), timezone="Asia/Shanghai") as workspace:
        yield workspace


@given(rows=st.lists(ROW, min_size=1, max_size=30), delimiter=st.sampled_from(",;\t|"),
       newline=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL,
                                                                       csv.QUOTE_ALL]))
@settings(max_examples=40, deadline=None, suppress_health_check=[
    HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_written_table_is_read_row_by_row(ws, rows, delimiter, newline, quoting):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerow(["user", "item", "time", "note"])
    lines = []
    for row in rows:
        lines.append(2 + out.getvalue().replace("\r\n", "\n").count("\n") - 1)
        writer.writerow(row)
    r = ws.import_file(data=out.getvalue().encode(), name="x.csv")
    assert r.status == "imported" or r.code == "too_many_rejects", (r.code, r.questions)
    assert r.rows_in == len(rows) == r.accepted + r.rejected + r.excluded
    bad = [line for line, row in zip(lines, rows, strict=True) if not row[2].startswith("2026")]
    assert r.rejects.line.tolist() == bad
    if r.status == "imported":
        good = [row for row in rows if row[2].startswith("2026")]
        assert r.accepted == len(good)
        assert ws.query("summary").shoppers[0] == len({row[0] for row in good})
        assert set(ws.query("top_products").item) <= {row[1] for row in good}
        ws.undo(r.import_id)
    assert sum(ws.counts().values()) == 0


@given(low=st.integers(1, 109), width=st.integers(0, 9))
def test_ages_and_bands_are_read_in_any_form(low, width):
    high = low + width
    for cell in (f"{low}-{high}", f"{low}~{high}岁", f"{low}至{high}"):
        assert parse_age(cell, 2026) == (low, high)
    for cell in (str(low), f"{low}岁", f"{low}.0", str(2026 - low)):
        assert parse_age(cell, 2026) == (low, low)


@pytest.mark.parametrize(("cell", "age"), [
    ("0", None), ("999", None), ("-5", None), ("200", None), ("", None), ("abc", None),
    ("80后", (37, 46)), ("00后", (17, 26)), ("65+", (65, 110)), ("<18", (1, 17)),
    ("18岁以下", (1, 17)), ("２５", (25, 25)),
])
def test_ages_that_are_words_or_none(cell, age):
    assert parse_age(cell, 2026) == age
