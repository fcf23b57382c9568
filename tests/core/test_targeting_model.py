"""The response model: alarms, columns left out, calibrated probabilities, exact explanations."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.errors import (
    BadModelInput,
    MissingColumns,
    NotExplainable,
    NotFitted,
    NothingToLearn,
    TooFewOutcomes,
    UnknownName,
)
from omni_core.targeting import KINDS, ResponseModel, metrics, recalibrate

SHARED = Path(os.environ.get("OMNI_SHARED", Path(__file__).parents[2].parent / "shared"))
BANK = SHARED / "data" / "targeting" / "bank-additional.csv.gz"


def shop(n=1500, seed=0):
    """Planted: more orders and channel app mean more answers; age has gaps and means nothing."""
    rng = np.random.default_rng(seed)
    x = pd.DataFrame({
        "orders": rng.poisson(3, n).astype(float),
        "spend": np.exp(rng.normal(3, 1, n)),
        "age": np.where(rng.random(n) < 0.3, np.nan, rng.integers(18, 70, n)),
        "channel": rng.choice(np.array(["app", "web", None], object), n),
        "member": rng.random(n) < 0.4,
    }, index=pd.Index([f"u{i}" for i in range(n)], name="user"))
    margin = -3 + 0.5 * x["orders"] + 1.2 * (x["channel"] == "app")
    y = (rng.random(n) < 1 / (1 + np.exp(-margin))).astype(int)
    return x, y


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_ranks_and_means_its_probabilities(kind):
    (x, y), (later, truth) = shop(), shop(seed=1)
    model = ResponseModel(kind).fit(x, y)
    p = model.predict_proba(later)
    assert p.shape == (len(later),) and (p > 0).all() and (p < 1).all()
    assert metrics.auc(truth, p) > 0.68
    assert metrics.ece(truth, p) < 0.06
    assert model.alarms == ()
    again = ResponseModel(kind).fit(x, y).predict_proba(later)
    assert np.array_equal(p, again)


def test_columns_may_come_in_any_order_and_unknown_words_and_gaps_are_borne():
    x, y = shop()
    model = ResponseModel().fit(x, y)
    p = model.predict_proba(x)
    assert np.array_equal(p, model.predict_proba(x[x.columns[::-1]].assign(extra="?")))
    strange = x.assign(channel="pigeon", orders=np.nan, member=pd.NA, spend=np.inf)
    assert np.isfinite(model.predict_proba(strange)).all()
    with pytest.raises(MissingColumns):
        model.predict_proba(x.drop(columns="orders"))


def test_a_margin_without_the_row_itself_is_that_of_a_fit_without_it():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(0)
    z = rng.normal(size=(200, 20))  # many columns on few rows: a row pulls its own margin hard
    y = (rng.random(200) < 1 / (1 + np.exp(-z[:, 0]))).astype(int)
    make = lambda: LogisticRegression(C=0.1, tol=1e-8)  # noqa: E731
    model = make().fit(z, y)
    exact = np.array([make().fit(np.delete(z, i, 0), np.delete(y, i)).decision_function(z[[i]])[0]
                      for i in range(12)])
    quick, own = recalibrate.left_out(model, z, y)[:12], model.decision_function(z)[:12]
    assert np.abs(quick - exact).max() < 0.02 < 0.2 < np.abs(own - exact).max()


def test_log_odds_are_stretched_only_where_that_helps_rows_left_out():
    rng = np.random.default_rng(0)
    truth = rng.normal(-1, 1.5, 4000)
    y = (rng.random(4000) < recalibrate.sigmoid(truth)).astype(int)
    assert not recalibrate.helps(truth, y) and recalibrate.helps(3 * truth + 1, y)
    assert not recalibrate.helps(truth[:60], y[:60])  # a line through few rows fits their chance
    slope, shift = recalibrate.line(3 * truth + 1, y)
    assert (slope, shift) == pytest.approx((1 / 3, -1 / 3), abs=0.05)


def test_explanations_add_up_to_the_log_odds():
    x, y = shop()
    model = ResponseModel().fit(x, y)
    parts, p = model.explain(x), model.predict_proba(x)
    assert parts.columns.tolist() == ["orders", "spend", "age", "channel", "member"]
    assert np.allclose(parts.sum(axis=1) + model.mean_log_odds, np.log(p / (1 - p)), atol=1e-9)
    assert parts.abs().mean().idxmax() == "orders"
    assert np.allclose(parts.mean(), 0, atol=1e-9)  # the mean training row is the zero point
    with pytest.raises(NotExplainable):
        ResponseModel("tree").fit(x, y).explain(x)


def test_a_column_that_gives_the_outcome_away_is_named():
    x, y = shop()
    rng = np.random.default_rng(2)
    leaks = x.assign(
        minutes=y * 300 + rng.random(len(y)) * 310,
        paid=np.where(y == 1, "yes", None),
    )
    found = {a.column: a for a in ResponseModel().fit(leaks, y).alarms}
    assert {a.code for a in found.values()} == {"single_column"}
    assert set(found) == {"minutes", "paid"} and found["paid"].value == 1.0
    assert "minutes" in str(found["minutes"])


def test_what_is_known_after_is_never_read():
    x, y = shop()
    model = ResponseModel(known_after=("minutes",)).fit(x.assign(minutes=y * 1.0), y)
    assert model.alarms == () and model.left_out == {"minutes": "known_after"}
    plain = ResponseModel().fit(x, y).predict_proba(x)
    assert np.array_equal(model.predict_proba(x.assign(minutes=7)), plain)
    assert np.array_equal(model.predict_proba(x), plain)
    (alarm,) = ResponseModel(known_after=("minuets",)).fit(x, y).alarms
    assert (alarm.column, alarm.code) == ("minuets", "known_after_absent")


def test_ids_are_refused_and_counts_are_not():
    x, y = shop()
    ids = x.assign(
        user_id=np.arange(len(x)) + 5_000_000, code=[f"C-{i:06}" for i in range(len(x))],
        phone=13_800_000_000 + np.random.default_rng(3).permutation(len(x)) * 97,
        same=1, when=pd.Timestamp("2026-01-01"),
        said=[f"{1 + i % 28}.{1 + i % 12}.2026 10:00" for i in range(len(x))],
    )
    model = ResponseModel().fit(ids, y)
    assert {(a.column, a.code) for a in model.alarms} == {
        ("user_id", "identifier"), ("code", "identifier"), ("phone", "identifier")}
    assert model.left_out == {
        "user_id": "identifier", "code": "identifier", "phone": "identifier",
        "same": "constant", "when": "date", "said": "date"}
    assert np.array_equal(model.predict_proba(x), ResponseModel().fit(x, y).predict_proba(x))


def test_gates_in_plain_words():
    x, y = shop(900)
    few = np.zeros(900, int)
    few[np.argsort(-x["orders"].to_numpy())[:31]] = 1
    (alarm,) = [a for a in ResponseModel().fit(x, few).alarms if a.code == "too_few"]
    assert (alarm.value, alarm.of) == (31, 900)
    assert str(alarm) == "A steady model needs 50 buyers and 200 rows; you have 31 and 900."
    few[:] = 0
    few[:9] = 1
    with pytest.raises(TooFewOutcomes) as caught:
        ResponseModel().fit(x, few)
    assert caught.value.code == "not_enough_data" and caught.value.values["have"] == 9


def test_impossible_requests_have_codes():
    x, y = shop(300)
    with pytest.raises(UnknownName):
        ResponseModel("magic")
    with pytest.raises(NotFitted):
        ResponseModel().predict_proba(x)
    for bad in (y + 1, y[:-1], np.array(["yes", "no"] * 150), np.where(y == 1, np.nan, 0)):
        with pytest.raises(BadModelInput):
            ResponseModel().fit(x, bad)
    with pytest.raises(NothingToLearn):
        ResponseModel().fit(x[["member"]] & False, y)
    shuffled = pd.Series(y, x.index).sample(frac=1, random_state=0)
    matched = ResponseModel().fit(x, shuffled)  # by its index, not by its place
    assert np.array_equal(matched.predict_proba(x), ResponseModel().fit(x, y).predict_proba(x))


@pytest.mark.skipif(not BANK.exists(), reason="the shared bank calls are not beside the checkout")
def test_the_leak_of_the_bank_calls():
    calls = pd.read_csv(BANK, sep=";")
    y = (calls.pop("y") == "yes").astype(int)
    test = np.random.default_rng(0).random(len(y)) < 0.3
    reached = {}
    for known_after in ((), ("duration",)):
        model = ResponseModel(known_after=known_after).fit(calls[~test], y[~test])
        assert [a.column for a in model.alarms] == ([] if known_after else ["duration"])
        reached[known_after] = metrics.auc(y[test], model.predict_proba(calls[test]))
    assert 0.74 < reached[("duration",)] < 0.84 < 0.9 < reached[()]
