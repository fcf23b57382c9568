"""Import of a behaviour log of 18 million lines, 1 GB: clean, in GB18030, and with bad rows.

Run: pytest -m benchmark -s tests/benchmarks/bench_large_file.py. Prints wall and CPU time as ratios
to a bare typed ``CREATE TABLE AS SELECT * FROM read_csv`` of the clean file (DuckDB's defaults,
into a file) in the same run, each in a process of its own with its peak memory. What is asserted
is that all rows are accounted for and that each planted bad row is found on its exact line.
``OMNI_BENCH_ROWS`` (18000000) and ``OMNI_BENCH_ROUNDS`` (3) make it smaller.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass

import duckdb
import numpy as np
import pytest

pytestmark = pytest.mark.benchmark
ROWS = int(os.environ.get("OMNI_BENCH_ROWS", 18_000_000))
ROUNDS = int(os.environ.get("OMNI_BENCH_ROUNDS", 3))
BLOCK = 200_000
ENGLISH = (["user_id", "item_id", "event", "time", "channel", "quantity", "amount", "note"],
           ["view", "cart", "favourite", "purchase"], ["app", "web", "mini", "shop"])
CHINESE = (["用户ID", "商品ID", "行为类型", "时间", "渠道", "数量", "金额", "备注"],
           ["浏览", "加购", "收藏", "购买"], ["应用", "网页", "小程序", "门店"])
# what is wrong with every hundredth row, in turns: the code it is to be rejected with
FAULTS = ("short_row", "bad_time", "empty", "long_row", "bad_time")
MEASURE = """
import json, resource, sys, time
def now():
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)
def told(start, more=()):
    took = [b - a for a, b in zip(start, now())]
    lines = open("/proc/self/status").read().splitlines()
    peak = next(int(l.split()[1]) for l in lines if l.startswith("VmHWM")) / 1024
    print(json.dumps([*took, peak, *more]))
"""
BARE = MEASURE + """
import duckdb
start = now()
c = duckdb.connect(sys.argv[2])
c.execute('''CREATE TABLE t AS SELECT * FROM read_csv($1, header = true, columns = {
  user_id: 'VARCHAR', item_id: 'BIGINT', event: 'VARCHAR', time: 'TIMESTAMP', channel: 'VARCHAR',
  quantity: 'DOUBLE', amount: 'DECIMAL(18, 4)', note: 'VARCHAR'})''', [sys.argv[1]])
c.close()
told(start)
"""
OURS = MEASURE + """
from omni_core import Workspace
start = now()
with Workspace.open(sys.argv[2], timezone="Asia/Shanghai") as ws:
    r = ws.import_file(sys.argv[1])
assert r.status == "imported", (r.status, r.code, r.values, r.questions)
assert r.rows_in == r.accepted + r.rejected + r.excluded
told(start, [r.encoding, r.rows_in, r.accepted, r.excluded])
r.rejects.to_csv(sys.argv[2] + ".rejects", index=False)
"""


@dataclass
class Log:
    """A written file: its rows, and line and code of each planted bad row."""

    path: str
    rows: int
    excluded: int
    lines: np.ndarray
    codes: list[str]


def write_log(path, words, encoding="utf-8", faults=False):
    header, events, channels = words
    event, channel = (f"({[*kinds]})" for kinds in (events, channels))
    note, fault, word = "''", "-1", f"{event}[e]"
    if faults:
        note = """CASE WHEN n % 100 = 11 THEN '"asked for\n\n""gift"", red\npaper"' ELSE '' END"""
        fault = f"CASE WHEN n % 100 = 37 THEN n // 100 % {len(FAULTS)} ELSE -1 END"
        # a word that means nothing to a shop: left out and counted
        word = f"CASE WHEN n % 1000 = 77 THEN 'teleport' ELSE {word} END"
    lines = f"""
      WITH dice AS (
        SELECT n, hash(n) % 600000 + 1 AS u, hash(n, 1) % 50000 + 1000000 AS i,
          hash(n, 2) % 100 AS p, (1 + hash(n, 3) % 4)::BIGINT AS c, hash(n, 4) AS h,
          TIMESTAMP '2026-01-01' + to_seconds(n * 10000000 // {ROWS}) AS t,
          {fault} AS f
        FROM range($low, $high) r(n)),
      rows AS (
        SELECT *, CASE WHEN p < 80 THEN 1 WHEN p < 90 THEN 2 WHEN p < 97 THEN 3 ELSE 4 END AS e
        FROM dice)
      SELECT concat_ws(',', 'u' || lpad(u::VARCHAR, 7, '0'),
        CASE WHEN f = 2 THEN '' ELSE i::VARCHAR END, {word},
        CASE f WHEN 1 THEN '2026-13-45 10:00:00' WHEN 4 THEN 'yesterday'
          ELSE strftime(t, '%Y-%m-%d %H:%M:%S') END,
        {channel}[c],
        CASE f WHEN 0 THEN '1' WHEN 3 THEN '1,2.50,,more' ELSE concat_ws(',',
          CASE WHEN e = 4 THEN (1 + h % 3)::VARCHAR ELSE '' END,
          CASE WHEN e = 4 THEN (h % 90000 / 100)::DECIMAL(9, 2)::VARCHAR ELSE '' END, {note})
        END) || '\n' AS line FROM rows"""
    maker = duckdb.connect(config={"threads": 1})
    with open(path, "wb") as out:
        out.write((",".join(header) + "\n").encode(encoding))
        for low in range(0, ROWS, BLOCK):
            (text,) = maker.execute(f"SELECT string_agg(line, '') FROM ({lines})", {
                "low": low, "high": min(low + BLOCK, ROWS)}).fetchone()
            out.write(text.encode(encoding))
    if not faults:
        return Log(str(path), ROWS, 0, np.array([], dtype=np.int64), [])
    bad = np.arange(37, ROWS, 100)
    # three more lines for each cell of several lines above, the header, and lines begin at 1
    lines = bad + 2 + 3 * ((bad + 100 - 12) // 100)
    return Log(str(path), ROWS, len(range(77, ROWS, 1000)), lines,
               [FAULTS[n] for n in (bad // 100 % 5).tolist()])


def alone(code, *arguments):
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


VARIANTS = {
    "clean UTF-8": (ENGLISH, "utf-8", False),
    "GB18030": (CHINESE, "gb18030", False),
    "1 % bad rows": (ENGLISH, "utf-8", True),
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    log = write_log(tmp_path_factory.mktemp("log") / "clean.csv", ENGLISH)
    yield log
    os.unlink(log.path)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_large_log_against_a_bare_read(name, clean, tmp_path):
    words, encoding, faults = VARIANTS[name]
    log = clean if name == "clean UTF-8" else write_log(
        tmp_path / "log.csv", words, encoding, faults)
    bare, ours = [], []
    for turn in range(ROUNDS):  # in turns, so that a busy machine is busy for both
        bare.append(alone(BARE, clean.path, tmp_path / "bare.duckdb"))
        (tmp_path / "bare.duckdb").unlink()
        shop = tmp_path / f"ours{turn}"
        took = alone(OURS, log.path, shop)
        shutil.rmtree(shop)
        ours.append(took)
        found_as, rows_in, accepted, excluded = took[3:]
        rejects = np.genfromtxt(f"{shop}.rejects", delimiter=",", dtype=None, encoding="utf-8",
                                skip_header=1, usecols=(0, 2), ndmin=1)
        assert found_as == encoding
        assert (rows_in, excluded) == (log.rows, log.excluded)
        assert accepted == log.rows - log.excluded - len(log.lines)
        if faults:
            assert np.array_equal(rejects["f0"], log.lines)
            assert rejects["f1"].tolist() == log.codes
        else:
            assert not len(rejects)
    if log is not clean:
        os.unlink(log.path)
    wall, cpu = (statistics.median(o[i] / b[i] for o, b in zip(ours, bare, strict=True))
                 for i in (0, 1))
    middle = [[statistics.median(x[i] for x in each) for i in (0, 1)] for each in (bare, ours)]
    print(f"\n{name}, {log.rows:,} rows: wall {middle[1][0]:.1f} s against {middle[0][0]:.1f} s, "
          f"ratio {wall:.2f}; CPU {middle[1][1]:.1f} s against {middle[0][1]:.1f} s, ratio "
          f"{cpu:.2f}; peak {max(o[2] for o in ours):.0f} MB against "
          f"{max(b[2] for b in bare):.0f} MB; "
          f"{len(log.lines):,} planted rows, all found")
