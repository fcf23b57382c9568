"""What the response model gains and costs on the sample shop and on the public grocery panel.

Run: pytest tests/benchmarks/bench_targeting.py -m benchmark -s. Prints AUC with its range beside
the baseline of age, gender and channel, calibration error and lift; times also as a ratio to one
plain scikit-learn logistic regression on the same table, and quality beside a small LightGBM on
the same rows, in the same run.
"""

import time

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from omni_core import panel, sample
from omni_core.targeting import KINDS, Money, Ranking, ResponseModel, metrics
from omni_core.targeting.design import Design
from omni_core.targeting.evaluate import holdout, score_everyone
from omni_core.targeting.origins import split
from omni_core.targeting.stack import choices, stack
from omni_core.workspace import Workspace

pytestmark = pytest.mark.benchmark


def clock(do):
    """What ``do`` returns, and its seconds of processor time: all fits run on one thread, and what
    else a machine does lengthens the time of day at random."""
    start = time.process_time()
    return do(), time.process_time() - start


def plain(ws, rows):
    """Seconds of one plain logistic regression from the same table, the best of three: medians for
    gaps, scales, words one-hot."""
    parts = split(ws, rows)
    x = rows.x[parts.train]
    words = [c for c in x.columns if x[c].dtype == object]
    numbers = [c for c in x.columns if c not in words and x[c].notna().any()]
    x = x.assign(**{c: x[c].astype(str) for c in words})

    def fit():
        table = ColumnTransformer([
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("words", OneHotEncoder(min_frequency=20, handle_unknown="ignore"), words)])
        return make_pipeline(table, LogisticRegression(C=0.1, max_iter=2000)).fit(x, parts.y_train)

    with threadpool_limits(1):
        return min(clock(fit)[1] for _time in range(3))


def as_lightgbm(x):
    words = {c: x[c].astype("category") for c in x.columns if x[c].dtype == object}
    return x.assign(**words)


def beside_lightgbm(ws, rows):
    """AUC gained on a small LightGBM, log loss over its, and our fit's time over a plain one's."""
    lightgbm = pytest.importorskip("lightgbm", reason="the peer LightGBM is not installed")
    parts = split(ws, rows)
    whole = as_lightgbm(rows.x)
    with threadpool_limits(1):
        peer = lightgbm.LGBMClassifier(
            n_estimators=100, learning_rate=0.05, num_leaves=15, min_child_samples=20, n_jobs=1,
            verbose=-1, random_state=0).fit(whole[parts.train], parts.y_train)
        theirs = peer.predict_proba(whole[parts.test])[:, 1]
    model = ResponseModel()
    # one after the other, so that whatever else the machine does slows both
    times = [(clock(lambda: model.fit(rows.x[parts.train], parts.y_train))[1], plain(ws, rows))
             for _time in range(3)]
    ratio = min(mine / theirs for mine, theirs in times)
    with threadpool_limits(1):
        z = Design().fit(rows.x[parts.train]).transform(rows.x[parts.train])
        bare = min(clock(lambda: LogisticRegression(C=0.1, max_iter=2000).fit(z, parts.y_train))[1]
                   for _time in range(5))
    ready = min(mine for mine, _theirs in times) / bare
    ours, y = model.predict_proba(rows.x[parts.test]), rows.y[parts.test]
    gap = metrics.auc(y, ours) - metrics.auc(y, theirs)
    losses = metrics.log_loss(y, ours) / metrics.log_loss(y, theirs)
    print(f"  beside LightGBM: AUC {metrics.auc(y, ours):.3f} / {metrics.auc(y, theirs):.3f}, "
          f"log loss x {losses:.3f}; our fit {ratio:.1f}x one plain fit, "
          f"{ready:.1f}x one on the ready matrix of {z.shape[0]:,} x {z.shape[1]}")
    return gap, losses, ratio


def day_auc(rows, held):
    """Mean AUC of the campaigns (or windows) tried on that have at least five answers."""
    day = rows.name[np.isin(rows.name, held.names)]
    return np.mean([metrics.auc(held.y[day == name], held.p[day == name]) for name in held.names
                    if held.y[day == name].sum() >= 5])


def report(name, ws, target, kinds):
    rows, stacked = clock(lambda: stack(ws, target))
    one = plain(ws, rows)
    print(f"\n{name} {target}: {len(rows.y)} rows of {len(set(rows.name))} days, "
          f"stacked in {stacked:.2f} s")
    found = {}
    for kind in kinds:
        held, took = clock(lambda k=kind: holdout(ws, rows, k))
        _, scored = clock(lambda k=kind: score_everyone(ws, rows, k))
        f, b = held.figures, held.baseline
        print(f"  {kind:9s} AUC {f['auc']:.3f} ({f['auc_low']:.3f}-{f['auc_high']:.3f}) baseline "
              f"{b['auc'] if b else float('nan'):.3f} base rate {f['base_rate']:.3f} n {f['n']} "
              f"ECE {f['ece']:.3f} Brier {f['brier']:.3f} log loss {f['log_loss']:.3f} lift@10% "
              f"{f['lift_10']:.2f}; by {held.how} from {held.cut}, {len(held.models)} origins; "
              f"mean AUC a day {day_auc(rows, held):.3f}; {took:.2f} s "
              f"({took / one:.0f}x one fit), everyone {scored:.2f} s")
        found[kind] = f
    return found


def test_the_sample_shop():
    try:
        folder = sample.open_sample()
    except sample.NoSample as reason:
        pytest.skip(str(reason))
    with Workspace.open(folder) as ws:
        targets, _ = choices(ws)
        for target in (targets[0], "buys_within:30"):
            found = report("sample shop", ws, target, KINDS)
            assert found["logistic"]["auc"] > 0.65
            gap, losses, ratio = beside_lightgbm(ws, stack(ws, target))
            assert gap > -0.005 and losses < 1.02 and ratio < 5


def test_the_panel_before_august(tmp_path):
    try:
        files = panel.write_panel(tmp_path / "panel")
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        for path in files:
            assert ws.import_file(path).status == "imported"
        every = stack(ws, "responded:23")
        # learned from the campaigns before 2017-08-01, tried on those after it: the split that the
        # published figure of 0.81 was measured on (those over by the year's end, too)
        after = np.datetime64("2017-08-01")
        over = np.isin(every.name, ["13", "14", "16", "17", "18", "19"])
        learned, tried = every.day < after, every.day >= after
        y = every.y * (np.isnat(every.known_by) | (every.known_by < after.astype("M8[us]")))
        p = np.zeros(len(y))
        p[tried] = ResponseModel().fit(every.x[learned], y[learned]).predict_proba(every.x[tried])
        for name, rows in (("all later", tried), ("over by 2017-12-31", tried & over)):
            f = metrics.summary(every.y[rows], p[rows], every.user[rows])
            print(f"\npanel, learned before 2017-08-01, tried on {name}: n {f['n']}, answers "
                  f"{f['positives']}, AUC {f['auc']:.3f} ({f['auc_low']:.3f}-{f['auc_high']:.3f}) "
                  f"ECE {f['ece']:.3f} lift@10% {f['lift_10']:.2f}")
            assert 0.80 <= f["auc"] < 0.86 and f["ece"] <= 0.04 and f["lift_10"] >= 3.4
        # as the page tries it: each of the last campaigns from the time before it
        page = report("panel", ws, "responded:23", KINDS)["logistic"]
        assert 0.80 <= page["auc"] < 0.86 and page["ece"] <= 0.04 and page["lift_10"] >= 3.4
        later = report("panel", ws, "responded:18", ("logistic",))["logistic"]
        assert 0.80 <= later["auc"] < 0.86
        # before August alone there is little to learn from: the figure is low, and no leak
        spring = stack(ws, "responded:11")
        early = report("panel", ws, "responded:11", ("logistic",))["logistic"]
        assert 0.60 < early["auc"] < 0.86
        last = spring.day >= np.datetime64("2017-05-31")
        cut = np.datetime64("2017-05-31", "us")
        y = spring.y * (np.isnat(spring.known_by) | (spring.known_by < cut))
        p = ResponseModel().fit(spring.x[~last], y[~last]).predict_proba(spring.x[last])
        f = metrics.summary(spring.y[last], p, spring.user[last])
        print(f"  the last four of them at once: n {f['n']}, answers {f['positives']}, AUC "
              f"{f['auc']:.3f} ({f['auc_low']:.3f}-{f['auc_high']:.3f}) ECE {f['ece']:.3f} "
              f"lift@10% {f['lift_10']:.2f}")
        for target in ("responded:11", "responded:18"):
            gap, losses, ratio = beside_lightgbm(ws, stack(ws, target))
            assert gap > -0.005 and losses < 1.02 and ratio < 5
        report("panel", ws, "buys_within:30", ("logistic",))
        report("panel", ws, "lapses_within:60", ("logistic",))


def test_a_million_people_are_scored(tmp_path):
    try:
        folder = sample.open_sample()
    except sample.NoSample as reason:
        pytest.skip(str(reason))
    with Workspace.open(folder) as ws:
        rows = stack(ws, "buys_within:30")
    model = ResponseModel().fit(rows.x, rows.y)
    many = rows.x.iloc[np.resize(np.arange(len(rows.x)), 1_000_000)].reset_index(drop=True)
    p, took = clock(lambda: model.predict_proba(many))
    _, one = clock(lambda: Design().fit(rows.x).transform(rows.x))
    print(f"\n1,000,000 people scored in {took:.1f} s ({took / one:.0f}x the matrix of "
          f"{len(rows.x):,} rows)")
    assert p.shape == (1_000_000,) and np.array_equal(p[: len(rows.x)], model.predict_proba(rows.x))


def test_a_move_of_the_threshold_for_100_000_customers():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 12, 100_000)
    held = rng.beta(1, 12, 30_000)
    y = rng.random(30_000) < held
    users = np.array([f"u{i:06}" for i in rng.permutation(100_000)], object)
    ranking, built = clock(lambda: Ranking(p, users, y, held))
    one_sort = clock(lambda: np.sort(p))[1]

    def move(t):
        money = Money(margin=40 + t, contact_cost=2, budget=20_000)
        return ranking.at(t, money), ranking.curve(money), ranking.best(money)

    times = [clock(lambda t=t: move(t))[1] for t in np.linspace(0.01, 0.5, 50)]
    print(f"\nthreshold move, 100,000 customers: median {1000 * np.median(times):.1f} ms, worst "
          f"{1000 * max(times):.1f} ms ({np.median(times) / one_sort:.2f}x one sort); ranked once "
          f"in {built:.2f} s")
    assert metrics.auc(y, held) > 0.6
