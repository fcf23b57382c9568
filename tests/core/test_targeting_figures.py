"""AUC, gains, lift, calibration, money: closed forms and properties."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core.errors import BadParameter
from omni_core.targeting import metrics, words
from omni_core.targeting.evaluate import Holdout
from omni_core.targeting.money import Money, Ranking, snapped

Y = np.array([1, 1, 0, 1, 0, 0, 0, 0])
P = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])


def test_auc_counts_pairs():
    # of 3 x 5 pairs one is wrong (0.6 under 0.7)
    assert metrics.auc(Y, P) == pytest.approx(14 / 15)
    assert metrics.auc(Y, -P) == pytest.approx(1 / 15)
    assert metrics.auc(Y, np.ones(8)) == 0.5
    assert math.isnan(metrics.auc(np.ones(3), [0.1, 0.2, 0.3]))
    assert metrics.auc([0, 1, 1], [-math.inf, 0.0, math.inf]) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    y, s = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows], float)
    ones, zeros = s[y == 1], s[y == 0]
    if not len(ones) or not len(zeros):
        return
    pairs = [(a > b) + 0.5 * (a == b) for a in ones for b in zeros]
    assert metrics.auc(y, s) == pytest.approx(np.mean(pairs))


def test_auc_range_resamples_whole_shoppers():
    rng = np.random.default_rng(1)
    y = rng.random(300) < 0.3
    p = y * 0.3 + rng.random(300)
    low, high = metrics.auc_range(y, p)
    assert low < metrics.auc(y, p) < high
    # each shopper ten times: rows alone would make the range about three times too narrow
    many = metrics.auc_range(np.tile(y, 10), np.tile(p, 10), np.tile(np.arange(300), 10))
    assert many[1] - many[0] == pytest.approx(high - low, rel=0.3)
    gap = metrics.auc_gap_range(y, p, rng.random(300))
    assert gap[0] > 0 and metrics.auc_gap_range(y, p, p) == (0.0, 0.0)


def test_gains_and_lift_of_a_known_ranking():
    assert metrics.gains(Y, P, [0, 0.25, 0.5, 1]) == pytest.approx([0, 2 / 3, 1, 1])
    assert metrics.lift(Y, P, 0.25) == pytest.approx((2 / 2) / (3 / 8))  # precision over base
    assert metrics.gains(Y, np.ones(8), [0.1, 0.5]) == pytest.approx([0.1, 0.5])  # ties: random
    assert metrics.lift_by_decile(Y, P).mean() == pytest.approx(1)


def test_calibration_error_of_known_bins():
    y = np.tile([1, 0], 50)
    assert metrics.ece(y, np.full(100, 0.5)) == pytest.approx(0)
    assert metrics.ece(y, np.full(100, 0.8)) == pytest.approx(0.3)
    bins = metrics.calibration(np.arange(95) % 2, np.linspace(0, 1, 95))
    assert bins.n.tolist() == [10] * 5 + [9] * 5
    assert (bins.low <= bins.observed).all() and (bins.observed <= bins.high).all()
    assert metrics.brier([1, 0], [0.7, 0.4]) == pytest.approx((0.09 + 0.16) / 2)
    assert metrics.log_loss([1, 0], [0.5, 0.5]) == pytest.approx(math.log(2))


def test_a_logit_of_the_articles_gives_the_probability_it_should():
    from omni_core.targeting.recalibrate import sigmoid

    logit = np.array([-2 + 0.5 * 25 + 1.2 - 0.8])  # given there as 10 and 0.9544
    assert logit[0] == pytest.approx(10.9)
    assert sigmoid(logit)[0] == pytest.approx(0.99998, abs=5e-6)
    # a score of 103.434 is no probability: the link keeps any into 0 to 1
    assert sigmoid(np.array([103.434, -1e9])).tolist() == pytest.approx([1, 0])


def test_break_even_and_profit():
    money = Money(margin=50, coupon=10, contact_cost=2)
    assert money.break_even == pytest.approx(0.05)
    ranking = Ranking([0.5, 0.01, 0.2, 0.05], ["d", "c", "b", "a"])
    assert ranking.best(money) == pytest.approx(0.05)
    point = ranking.at(0.05, money)  # at the break-even a contact pays nothing and costs nothing
    assert point.reach == 3
    assert point.profit == pytest.approx(40 * 0.75 - 3 * 2)
    assert point.sd == pytest.approx(40 * math.sqrt(0.5 * 0.5 + 0.2 * 0.8 + 0.05 * 0.95))
    assert point.roi == pytest.approx(24 / 6)
    assert math.isnan(point.held_profit)


def test_no_threshold_pays_when_the_coupon_eats_the_margin():
    money = Money(margin=10, coupon=10, contact_cost=1)
    assert money.break_even is None and Ranking([0.9]).best(money) is None
    assert Ranking([0.1]).best(Money(margin=10, contact_cost=5)) is None
    assert Ranking([0.1]).best(Money(margin=10, contact_cost=50)) is None


def test_a_budget_takes_the_best_and_breaks_ties_by_id():
    money = Money(margin=100, contact_cost=0.1, budget=0.3)  # 3 contacts: 0.3 / 0.1 is 2.99...
    ranking = Ranking([0.4, 0.9, 0.4, 0.4, 0.8], ["e", "x", "c", "d", "y"])
    assert ranking.users.tolist() == ["x", "y", "c", "d", "e"]
    point = ranking.at(0.0, money)
    assert (point.reach, point.capped) == (3, True)
    assert ranking.best(money) == pytest.approx(0.4)
    broke = Money(margin=9, contact_cost=1, budget=0)
    nobody = Ranking([0.5], held_y=[1], held_p=[0.5]).at(0, broke)
    assert (nobody.reach, nobody.profit, nobody.held_profit) == (0, 0, 0)
    assert math.isnan(nobody.roi)


def test_held_out_profit_is_scaled_to_everyone():
    money = Money(margin=10, contact_cost=1)
    ranking = Ranking(np.full(100, 0.5), held_y=[1, 0, 1, 0], held_p=[0.9, 0.8, 0.2, 0.1])
    point = ranking.at(0.5, money)
    assert point.held_profit == pytest.approx((10 * 1 - 2) * 100 / 4)
    assert (point.precision, point.recall, point.held_reach) == (0.5, 0.5, 2)
    values = np.array([9, -1, 0, 0])  # what each of the four brought
    assert point.held_sd == pytest.approx(values.std() * 2 * 25)


def test_held_out_people_stand_for_those_with_scores_like_theirs():
    rng = np.random.default_rng(4)
    p = rng.beta(1, 15, 20_000)  # everyone; the campaign went to the likelier ones
    sent = rng.beta(2, 8, 3_000)
    ranking = Ranking(p, held_y=rng.random(3_000) < sent, held_p=sent)
    money = Money(margin=40, contact_cost=3)
    for t in (0.3, 0.15, money.break_even, 0.0):
        point = ranking.at(t, money)  # the scores are true, so both profits must be about the same
        assert abs(point.held_profit - point.profit) < 3 * math.hypot(point.held_sd, point.sd)
    assert ranking._reached[-1] == pytest.approx(20_000)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.floats(0.5, 100), st.floats(0, 20), st.one_of(st.none(), st.floats(0, 200)),
)
def test_no_cut_off_beats_the_best_one(p, margin, cost, budget):
    money, ranking = Money(margin=margin, contact_cost=cost, budget=budget), Ranking(p)
    best = ranking.best(money)
    top = 0.0 if best is None else ranking.at(best, money).profit
    for t in [*p, 0.0, 1.0]:
        assert ranking.at(t, money).profit <= top + 1e-9 * margin * len(p)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=60),
    st.floats(0.5, 100), st.floats(0, 20), st.one_of(st.none(), st.floats(0, 200)),
)
def test_the_best_step_is_one_a_slider_can_stand_on(p, margin, cost, budget):
    money, ranking = Money(margin=margin, contact_cost=cost, budget=budget), Ranking(p)
    best = ranking.best_step(money)
    if best is None:
        return
    shown = snapped(round(100 * best.threshold, 1) / 100)  # to the slider and back
    assert shown == best.threshold and best.reach == ranking.at(shown, money).reach > 0
    for step in range(1001):
        point = ranking.at(snapped(step / 1000), money)
        assert point.profit <= best.profit + 1e-9 * margin * len(p) or not point.reach


def test_the_best_step_agrees_where_rounding_would_not():
    money = Money(margin=100, contact_cost=17.44)  # 17.44 %: the slider shows 17.4
    ranking = Ranking([0.3, 0.2, 0.17445, 0.1741, 0.1742, 0.1])
    assert ranking.reach(money.break_even) == 3 and ranking.reach(0.174) == 5
    best = ranking.best_step(money)
    assert best.reach == ranking.reach(best.threshold) and best.threshold in (0.174, 0.175)
    assert ranking.top(0.5) == 0.174 and Ranking([0.4, 0.174, 0.1]).top(0.5) == 0.174
    assert Ranking([]).top(0.2) == 1.0


def test_the_curve_passes_through_nobody_and_everyone():
    money = Money(margin=20, coupon=5, contact_cost=3)
    p = np.linspace(0.01, 0.6, 500)
    curve = Ranking(p, held_y=np.arange(50) % 2, held_p=np.linspace(0, 1, 50)).curve(money)
    assert curve.reach[0] == 0 and curve.profit[0] == 0 and curve.held[0] == 0
    everyone = 15 * p.sum() - 3 * 500
    assert curve.profit[-1] == pytest.approx(everyone)
    assert curve.random[-1] == pytest.approx(everyone)
    assert (curve.low <= curve.profit).all() and (curve.profit <= curve.high).all()


def test_impossible_money_and_scores_are_refused():
    with pytest.raises(BadParameter):
        Money(margin=-1)
    with pytest.raises(BadParameter):
        Ranking([0.2, 1.4])
    with pytest.raises(BadParameter):
        Ranking([0.2, math.nan])


def held(auc_low, gap_low, baseline=True, how="time", positives=200):
    """A test that says nothing but these figures."""
    figures = {"n": 900, "positives": positives, "auc": 0.6, "auc_low": auc_low, "auc_high": 0.7}
    return Holdout(
        how=how, cut=None, trained_on=5000, trained_positives=600, names=(), y=np.zeros(900, int),
        p=np.zeros(900), base_p=None, inputs=(), figures=figures,
        baseline={"auc": 0.55} if baseline else None, gap_low=gap_low, gap_high=0.1,
        calibration=metrics.calibration(Y, P), calibrated=True, alarms=(), left_out={},
    )


@pytest.mark.parametrize(("test", "colour", "said"), [
    (held(0.52, 0.01), "green", "Tried on 900 cases"),
    (held(0.5, 0.01), "orange", "random choice"),
    (held(0.47, -0.05), "orange", "random choice"),
    (held(math.nan, 0.01), "orange", "random choice"),
    (held(0.55, 0.0), "orange", "no better than age, gender and channel alone"),
    (held(0.55, math.nan, baseline=False), "green", "Tried on 900 cases"),
    (held(0.47, 0.0, how="shoppers", positives=12), "orange", "random choice"),
    (held(0.55, 0.01, how="shoppers"), "orange", "divided at random"),
])
def test_the_lamp_looks_at_the_ranking_and_not_at_counts_alone(test, colour, said):
    lamp, why = words.gate(test)
    assert lamp == colour and said in why
