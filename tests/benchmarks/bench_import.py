"""Import of the public panel's 1.47 million lines, and each named query on the result.

Run: pytest -m benchmark -s tests/benchmarks/bench_import.py. Prints the import's wall time as a
ratio to a bare typed ``CREATE TABLE AS SELECT * FROM read_csv`` (DuckDB's defaults, into a file) in
the same run, each in a process of its own with its peak memory, and each query in milliseconds.
"""

import datetime as dt
import json
import re
import statistics
import subprocess
import sys
import time

import pytest

from omni_core import panel
from omni_core.store.queries import query_files
from omni_core.workspace import Workspace

pytestmark = pytest.mark.benchmark
ROUNDS = 3
PEAK = """
def peak():
    try:
        # not getrusage: a child begins with its parent's peak there
        lines = open("/proc/self/status").read().splitlines()
        return next(int(l.split()[1]) for l in lines if l.startswith("VmHWM")) / 1024
    except OSError:
        import resource, sys
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1024 ** 2 if sys.platform == "darwin" else 1024)
"""
BARE = PEAK + """
import duckdb, json, sys, time
start = time.perf_counter()
c = duckdb.connect(sys.argv[2])
c.execute('''CREATE TABLE t AS SELECT * FROM read_csv($1, header = true, columns = {
  household_id: 'BIGINT', store_id: 'BIGINT', basket_id: 'BIGINT', product_id: 'BIGINT',
  quantity: 'DOUBLE', sales_value: 'DECIMAL(18, 4)', retail_disc: 'DOUBLE', coupon_disc: 'DOUBLE',
  coupon_match_disc: 'DOUBLE', week: 'BIGINT', transaction_timestamp: 'TIMESTAMP'})''',
  [sys.argv[1]])
c.close()
print(json.dumps([time.perf_counter() - start, peak()]))
"""
OURS = PEAK + """
import json, sys, time
from omni_core import Workspace
ws = Workspace.open(sys.argv[2], timezone="UTC")
start = time.perf_counter()
r = ws.import_file(sys.argv[1])
assert r.status == "imported", r.code
took = time.perf_counter() - start
ws.close()
print(json.dumps([took, peak()]))
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    try:
        return {p.stem: p for p in panel.write_panel(tmp_path_factory.mktemp("panel"))}
    except panel.NoPanel as reason:
        pytest.skip(str(reason))


def alone(code, *arguments):
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_import_against_a_bare_read(files, tmp_path):
    bare, ours = [], []
    for turn in range(ROUNDS):  # in turns, so that a busy machine is busy for both
        bare.append(alone(BARE, files["transactions"], tmp_path / f"bare{turn}.duckdb"))
        ours.append(alone(OURS, files["transactions"], tmp_path / f"ours{turn}"))
    ratios = [o[0] / b[0] for o, b in zip(ours, bare, strict=True)]
    print(f"\nimport {statistics.median(o[0] for o in ours):.2f} s, bare read "
          f"{statistics.median(b[0] for b in bare):.2f} s: ratio "
          f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); peak memory "
          f"{max(o[1] for o in ours):.0f} MB against {max(b[1] for b in bare):.0f} MB")




# what some queries need beside the filters
GIVEN = {
    "level": "name", "search": "12", "user": 1, "campaign": "18", "control": "control",
    "yes": "yes", "as_of": dt.datetime(2017, 8, 1), "until": dt.datetime(2017, 8, 31),
    "everyone": True, "offset": 0,
}


def given_to(name):
    sql = query_files()[name]
    return {k: v for k, v in GIVEN.items() if re.search(rf"\${k}\b", sql)}


def test_each_named_query(files, tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        for path in files.values():
            assert ws.import_file(path).status == "imported"
        times = {}
        for name in ws.queries():
            for filters in ({}, {"start": "2017-03-01", "end": "2017-09-01"}):
                took = []
                for _ in range(5):
                    start = time.perf_counter()
                    rows = len(ws.query(name, **given_to(name), **filters))
                    took.append(time.perf_counter() - start)
                label = name + (" in a period" if filters else "")
                times[label] = 1000 * statistics.median(took), rows
        print()
        for label, (took, rows) in sorted(times.items(), key=lambda pair: -pair[1][0]):
            print(f"{took:8.1f} ms  {rows:9,} rows  {label}")
