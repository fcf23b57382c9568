"""What a recommend move costs and gains, on the sample shop and on the public grocery panel.

Run: pytest tests/benchmarks/bench_recommend.py -m benchmark -s. Prints times, each also as a ratio
to scikit-learn's dense cosine of the same matrix in the same run, and quality beside bestsellers.
"""

import time

import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity
from threadpoolctl import threadpool_limits

from omni_core import panel, sample
from omni_core.recommend import Interactions, paired, settings
from omni_core.recommend.desk import prepare
from omni_core.workspace import Workspace

pytestmark = pytest.mark.benchmark
EXCLUDE = ("purchase",)
MOVES = [{}, {"k": 60}, {"norm_to": 0.4}, {"half_life": 60.0}, {"damping": 0.5}, {"view": 8.0},
         {"similarity": "jaccard"}]


def clock(do):
    wall, cpu = time.perf_counter(), time.process_time()
    result = do()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def plain_cosine(x):
    """What the articles do: a dense matrix, all cosines, scores of everyone."""
    dense = x.having(x.present).toarray()
    with threadpool_limits(1):
        like = cosine_similarity(dense.T)
        return np.argsort(-(dense @ like - 1e9 * dense), axis=1)[:, :10]


def run(name, rows):
    print(f"\n{name}: {len(rows):,} rows")
    desk, wall, cpu = clock(lambda: prepare(rows))
    print(f"  prepare {wall:.2f} s (cpu {cpu:.2f}); users x items {desk.train.shape}, "
          f"{len(desk.validation.users)} held-out shoppers")
    _, yard, yard_cpu = clock(lambda: plain_cosine(desk.train))
    user = desk.all.users[np.argmax(np.diff(desk.all.having(desk.all.present).indptr))]
    base = desk.measure("popularity", {"weights": settings.Worth().weights()}, EXCLUDE)
    print(f"  bestsellers: hit rate@10 {base['hit_rate@10']:.3f}, nDCG@10 {base['ndcg@10']:.4f}, "
          f"coverage {base['coverage@10']:.3f}")

    def move(setting):
        fields = settings.fields("item_neighbours", **setting)
        quality = desk.measure("item_neighbours", fields, EXCLUDE)
        desk.serve("item_neighbours", fields, user, 10, EXCLUDE)
        return quality

    for setting in MOVES:
        with threadpool_limits(1):
            quality, wall, cpu = clock(lambda s=setting: move(s))
        gain = paired(quality, base, "hit_rate@10")
        print(f"  move {setting!s:28s} {wall:.2f} s (cpu {cpu:.2f}; {cpu / yard_cpu:.2f} of the "
              f"dense cosine) hit rate@10 {quality['hit_rate@10']:.3f} (against bestsellers "
              f"{gain.mean:+.3f}, {gain.low:+.3f} to {gain.high:+.3f}) "
              f"nDCG@10 {quality['ndcg@10']:.4f} coverage {quality['coverage@10']:.3f}")
        assert quality["users"] >= 50


def test_sample_shop(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path))
    with Workspace.open(sample.open_sample()) as ws:
        run("sample shop", ws.query("interactions", level="item"))


def test_panel(tmp_path):
    try:
        files = panel.write_panel(tmp_path / "files")
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        for path in files:
            if path.stem in ("products", "transactions"):
                assert ws.import_file(path).status == "imported"
        for level in ("name", "category"):
            rows, wall, cpu = clock(lambda level=level: ws.query("interactions", level=level))
            print(f"\nquery interactions, {level}: {wall:.2f} s (cpu {cpu:.2f})")
            run(f"panel, {level}", rows)


def test_a_million_events(tmp_path):
    """Ten thousand items: more than the page keeps live, within one move of a script."""
    import pandas as pd

    rng = np.random.default_rng(0)
    n, users, items = 1_000_000, 50_000, 10_000
    popular = 1 / np.arange(1, items + 1) ** 0.7
    frame = pd.DataFrame({
        "user": rng.integers(0, users, n), "item": rng.choice(items, n, p=popular / popular.sum()),
        "event": rng.choice(["view", "cart", "purchase"], n, p=[0.8, 0.12, 0.08]),
        "ts": rng.integers(0, 400 * 86_400, n),
    })
    x, wall, cpu = clock(lambda: Interactions.from_frame(frame))
    print(f"\n1 M events: from_frame {wall:.2f} s (cpu {cpu:.2f})")
    desk = prepare(frame, most=items)
    for setting in ({}, {"k": 60}, {"damping": 0.5}):
        fields = settings.fields("item_neighbours", **setting)
        _, wall, cpu = clock(lambda f=fields: desk.measure("item_neighbours", f, EXCLUDE))
        print(f"  move {setting!s:20s} {wall:.2f} s (cpu {cpu:.2f})")
    assert len(x) == n
