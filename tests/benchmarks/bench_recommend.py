"""What a move of a recommend control costs beside ``implicit`` on the same data, in the same run.

Run: pytest tests/benchmarks/bench_recommend.py -m benchmark -s. A move is new lists, all held-out
shoppers scored over the whole catalogue, five metrics and more, one shopper's list with reasons.
``implicit`` does for the same shoppers what it takes there: fit, recommend, the five metrics.
Each line is a ratio of medians of turns taken by both, by the clock and by processor time (both
use two threads); the aim is the issue's. Times are printed, none is asserted.
"""

import subprocess
import sys
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from omni_core import panel, sample
from omni_core.recommend import MODELS, Interactions, settings, topn
from omni_core.recommend.desk import prepare
from omni_core.workspace import Workspace
from tests.benchmarks.generated import shop

pytestmark = pytest.mark.benchmark
EXCLUDE = ("purchase",)
MOVES = [{"view": 7.0}, {"norm_to": 0.4}, {"k": 60}, {"cart": 4.0}, {"shrink": 5.0},
         {"norm_from": 0.6, "view": 3.0}, {"popularity": 0.2}, {"min_common": 3}]
DAMPINGS = [{"damping": d} for d in (0.4, 0.7, 0.3, 1.3)]


def clock(do):
    wall, cpu = time.perf_counter(), time.process_time()
    result = do()
    return result, np.array([time.perf_counter() - wall, time.process_time() - cpu])


def line(what, mine, peer, aim):
    mine, peer = np.median(mine, axis=0), np.median(peer, axis=0)
    wall, cpu = mine / peer
    print(f"  {what:34s} {mine[0]:7.3f} s (cpu {mine[1]:6.3f})  ratio {wall:.3f} "
          f"(cpu {cpu:.3f})  aim {aim}")


class Peer:
    """``implicit`` on the desk's training data, for its held-out shoppers."""

    def __init__(self, desk):
        x = desk.train
        self.matrix = x.matrix(settings.fields("item_neighbours")["weights"]).astype(np.float32)
        self.codes = x.codes_of(desk.validation.users)
        self.codes = self.codes[self.codes >= 0]
        wanted = desk.validation.having(desk.events).tocoo()
        users, items = x.codes_of(desk.validation.users), x.item_codes(desk.validation.items)
        self.relevant = {}
        for u, i in zip(users[wanted.row], items[wanted.col], strict=True):
            self.relevant.setdefault(int(u), set()).add(int(i))
        self.share = x.shoppers / len(x.users)

    def cosine(self):
        from implicit.nearest_neighbours import CosineRecommender

        model = CosineRecommender(K=100, num_threads=2)
        model.fit(self.matrix, show_progress=False)
        return self._measured(model)

    def als(self, **settings):
        from implicit.cpu.als import AlternatingLeastSquares

        with threadpool_limits(1, "blas"):
            model = AlternatingLeastSquares(num_threads=2, random_state=1, **settings)
            model.fit(self.matrix, show_progress=False)
            return self._measured(model)

    def _measured(self, model):
        items, _scores = model.recommend(self.codes, self.matrix[self.codes], N=10)
        gain, rows = 1 / np.log2(np.arange(2, 12)), []
        for user, mine in zip(self.codes, items, strict=True):
            relevant = self.relevant[int(user)]
            hit = np.array([i in relevant for i in mine])
            rows.append((hit @ gain / gain[: len(relevant)].sum(), hit.sum() / len(relevant),
                         hit.any(), -np.log2(np.maximum(self.share[mine], 1e-12)).mean()))
        return *np.mean(rows, axis=0), len(np.unique(items)) / self.matrix.shape[1]


def mover(desk):
    lengths = np.diff(desk.all.having(desk.all.present).indptr)
    user = desk.all.users[np.argsort(lengths)[int(len(lengths) * 0.9)]]  # busier than most

    start = settings.start("item_neighbours", desk.least)

    def move(setting):
        fields = settings.fields("item_neighbours", **{**start, **setting})
        quality = desk.measure("item_neighbours", fields, EXCLUDE)
        served = desk.serve("item_neighbours", fields, user, 10, EXCLUDE)
        assert len(served.reasons) == len(served.items)
        return quality

    return move


def _other(setting, turn):
    """The setting with other weights at each turn, so that none is found worked out."""
    return {n: v + turn if n in ("view", "cart") else v for n, v in setting.items()}


def run(name, rows, aims, turns=3):
    """``aims``: of a move against cosine, against ALS, of damping, of the SciPy path."""
    desk, took = clock(lambda: prepare(rows))
    _, pairs = clock(desk.tuner)
    sums = desk.tuner().pairs
    print(f"\n{name}: {len(rows):,} events, users x items {desk.train.shape}, "
          f"{len(desk.validation.users):,} held-out shoppers; prepare {took[0]:.2f} s (cpu "
          f"{took[1]:.2f}), pairs {pairs[0]:.2f} s (cpu {pairs[1]:.2f}): "
          f"{sums.count:,} with >= {sums.least} common shoppers")
    move, peer = mover(desk), Peer(desk)
    move({})
    cosine, moves, damped = [], [], []
    for turn in range(turns):
        cosine.append(clock(peer.cosine)[1])
        for setting in MOVES:  # a little different each time, so that nothing is remembered
            moves.append(clock(lambda s=setting, t=turn: move({"k": 100 - t} | _other(s, t)))[1])
    for setting in DAMPINGS:
        damped.append(clock(lambda s=setting: move(s))[1])
    move({})
    line("implicit: cosine", cosine, cosine, "-")
    line("move", moves, cosine, aims[0])
    late = np.quantile(moves, 0.95, axis=0) * 1000
    print(f"  compute of a move, p95: {late[0]:.0f} ms (cpu {late[1]:.0f})  aim 150 ms")
    line("damping", damped, cosine, aims[2])
    slow = [clock(peer.als)[1]]
    line("implicit: ALS", slow, slow, "-")
    line("move, against ALS", moves, slow, aims[1])
    fewer = [clock(lambda: peer.als(factors=64))[1]]  # what our own ALS begins with
    line("move, against ALS of 64 factors", moves, fewer, "(none)")
    kept, topn._compiled = topn._compiled, None
    try:
        plain = [clock(lambda s=s: move({"k": 90} | s))[1] for s in MOVES]
    finally:
        topn._compiled = kept
    line("move, SciPy only", plain, cosine, aims[3])
    start = settings.start("item_neighbours", desk.least)
    for setting in ({}, {"view": 0.0}):  # the same lists as without the pairs that were summed
        fields = settings.fields("item_neighbours", **start, **setting)
        mine = desk.measure("item_neighbours", fields, EXCLUDE)
        from omni_core.recommend import evaluate
        plainly = evaluate(desk.model("item_neighbours", fields), desk.validation, (10,), EXCLUDE,
                           desk.events)
        print(f"  {setting or 'standard'!s:16} nDCG@10 {mine['ndcg@10']:.6f}, plainly "
              f"{plainly['ndcg@10']:.6f}; hit rate@10 {mine['hit_rate@10']:.4f}, plainly "
              f"{plainly['hit_rate@10']:.4f}")


def test_a_million_events():
    run("1 M sparse events x 10,000 items", shop(1_000_000, 50_000, 10_000),
        ("1/5", "1/50", "1/3", "1/2"))


def test_five_million_events():
    run("5 M sparse events x 20,000 items", shop(5_000_000, 250_000, 20_000),
        ("1/10", "1/50", "1/3", "1/2"), turns=2)


def test_sample_shop(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path))
    with Workspace.open(sample.open_sample()) as ws:
        rows = ws.query("interactions", level="item")
    desk = prepare(rows)
    move = mover(desk)
    move({})
    took = np.array([clock(lambda s=s: move(s))[1] for s in MOVES + DAMPINGS])
    print(f"\nsample shop: a move {np.median(took[:, 0]) * 1000:.0f} ms (cpu "
          f"{np.median(took[:, 1]) * 1000:.0f}), the slowest {took[:, 0].max() * 1000:.0f} ms "
          "(aim 50 ms)")


def test_panel(tmp_path):
    try:
        files = panel.write_panel(tmp_path / "files")
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        for path in files:
            if path.stem in ("products", "transactions"):
                assert ws.import_file(path).status == "imported"
        rows = ws.query("interactions", level="name")
    run("panel, product types", rows, ("1/3", "1/12", "(dense: none)", "1/2"))


def test_fit_and_recommend_for_all():
    """Lists of every shopper, as arrays on both sides."""
    from implicit.nearest_neighbours import CosineRecommender

    x = Interactions.from_frame(shop(1_000_000, 50_000, 10_000))
    weights = settings.fields("item_neighbours")["weights"]
    every = np.arange(len(x.users))

    def mine(k):
        fresh = Interactions(x.users, x.items, x.events, x.user, x.item, x.event, x.ts)
        fresh.__dict__.update(_lasting=x._lasting)  # reading is not what is compared
        model = MODELS["item_neighbours"](
            weights=weights, damping=0.0, norm_from=0.5, norm_to=0.5, k=k).fit(fresh)
        return model.top(every, 10, EXCLUDE)

    def theirs():
        matrix = x.matrix(weights).astype(np.float32)
        model = CosineRecommender(K=100, num_threads=2)
        model.fit(matrix, show_progress=False)
        return model.recommend(every, matrix, N=10)

    times = [(clock(lambda t=t: mine(100 - t))[1], clock(theirs)[1]) for t in range(3)]
    print(f"\nfit and recommend for {len(every):,} shoppers")
    line("item neighbours", [t[0] for t in times], [t[1] for t in times], ".85")


PEAK = r"""
import re, sys
from tests.benchmarks.generated import shop
import pandas as pd
from omni_core.recommend.desk import prepare
from omni_core.recommend import settings
events, users, items = map(int, sys.argv[1:])
frame = shop(events, users, items)
desk = prepare(frame)
del frame
tuner = desk.tuner()
for setting in ({}, {"view": 7.0}, {"damping": 0.5}, {"view": 0.0}):
    fields = settings.fields(
        "item_neighbours", **settings.start("item_neighbours", desk.least), **setting)
    desk.measure("item_neighbours", fields, ("purchase",))
    desk.serve("item_neighbours", fields, desk.all.users[0], 10, ("purchase",))
# ru_maxrss would begin with what the process that started this one had
print(int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) / 1024,
      tuner.pairs.least)
"""


@pytest.mark.parametrize("events, users, items, aim", [
    (1_000_000, 50_000, 10_000, "450 MB"), (5_000_000, 250_000, 20_000, "1.1 GB"),
    (2_000_000, 100_000, 200_000, "works"),
])
def test_peak_memory(events, users, items, aim):
    """Of a process of its own, with the interpreter, the libraries and the data."""
    took = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", PEAK, str(events), str(users), str(items)],
                          check=True, capture_output=True, text=True).stdout.split()
    print(f"\n{events:,} events x {items:,} items: peak {float(said[0]):.0f} MB of the whole "
          f"process (aim {aim}), pairs with >= {said[1]} common shoppers, "
          f"{time.perf_counter() - took:.0f} s in all")
