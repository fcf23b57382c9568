"""Questions of the behaviour and customers pages at 12 million events of 600,000 shoppers.

Run: pytest -m benchmark -s tests/benchmarks/bench_behaviour.py. The store is that of bench_store.py
with categories and prices; nearly every event is a visit of its own, which is the worst case.
Prints what counting ahead costs on its own, after the program was closed and after 33,000 more
rows, then each query from what is counted and with filters. What is asserted is that nothing is
counted twice and that the figures after the small import are those counted from scratch.
"""

import os
import shutil
import time
from pathlib import Path

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.store import touched
from omni_core.store.queries import query_files
from omni_core.store.rollups import rebuild
from tests.benchmarks.bench_store import (
    AIM,
    AIM_COHORTS,
    AIM_FILTERED,
    FILL,
    FILTERS,
    GOODS,
    ROWS,
    clocked,
    log,
    say,
    timed,
)

pytestmark = pytest.mark.benchmark
HERE = Path(__file__).parents[2] / "omni_core/store/sql"
NAMES = [p.stem for room in ("behaviour", "customers") for p in sorted((HERE / room).glob("*.sql"))]
UNFILTERED = {"filter_values", "bots", "condition_values", "person", "person_channels",
              "person_tastes", "person_timeline"}
PRODUCTS = f"""
INSERT INTO product_rows SELECT 6, n, 1, n + 1, 'thing ' || n, NULL, 'category ' || (n % 20), NULL,
  NULL, (n % 900) / 10.0, NULL, NULL FROM range({GOODS}) r(n)
  WHERE n + 1 IN (SELECT item_key FROM item_ids);
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    kept = os.environ.get("OMNI_BENCH_BEHAVIOUR")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("behaviour") / "shop"
    if not (folder / "omni.duckdb").exists():
        with (Workspace.open(folder, timezone="Asia/Shanghai", small_cells=5) as ws,
              ws._database.transaction() as cursor):
            for statement in filter(str.strip, (FILL + PRODUCTS).split(";\n")):
                cursor.execute(statement)
            for n in range(1, 7):
                cursor.execute(
                    """INSERT INTO imports SELECT nextval('import_ids'), now()::TIMESTAMP,
                    'made.csv', $1, 'events', 'events', NULL, 'utf-8', ',', 1, 1, 0, 0""", [str(n)])
            rebuild(cursor)
    yield folder
    if not kept:
        shutil.rmtree(folder)


def counted(ws, name):
    told = []
    with clocked(told):
        ws.prepare()
    say(name, told[0])


def test_counting_ahead(folder):
    print(f"\n{ROWS:,} events")
    shutil.rmtree(folder / "prepared", ignore_errors=True)
    with Workspace.open(folder) as ws:
        counted(ws, "counted ahead, everything")
    with Workspace.open(folder) as ws:
        told = []
        with clocked(told):
            assert ws.is_prepared
        say("opened again", told[0])
        report = ws.import_file(data=log(33_000), name="more.csv")
        assert report.status == "imported", report.message
        counted(ws, "counted ahead after 33,000 rows")
        asked = [ws.query(name) for name in ("visits", "first_steps", "funnel_in_order", "rfm")]
        with ws._database.transaction() as cursor:
            touched.note_all(cursor)
        counted(ws, "the same, everything")
        for frame, name in zip(asked, ("visits", "first_steps", "funnel_in_order", "rfm"),
                               strict=True):
            pd.testing.assert_frame_equal(frame, ws.query(name), rtol=1e-9)
        ws.undo(report.import_id)
        counted(ws, "counted ahead after the undo")


def test_every_question(folder):
    print()
    with Workspace.open(folder) as ws:
        ws.prepare()
        began = time.perf_counter()
        for name in NAMES:
            more = {"user": "u777"} if "$user" in query_files()[name] else {}
            say(name, timed(lambda name=name, more=more: ws.query(name, **more))[1],
                aim=AIM_COHORTS if name == "cohorts" else AIM)
            for filters in FILTERS if name not in UNFILTERED else ():
                say(f"{name} {filters}", timed(
                    lambda name=name, filters=filters: ws.query(name, **filters), 1)[1],
                    aim=AIM_FILTERED)
        channels = ws.query("filter_values").query("kind == 'channel'")["value"]
        say("funnel_in_order of each channel", timed(
            lambda: [ws.query("funnel_in_order", channel=c) for c in channels], 1)[1])
        print(f"{time.perf_counter() - began:.0f} s")
