"""A file of one row a person: types, refusals, bad inputs in both languages, the bank's leak."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.errors import BadParameter, NothingToLearn, OneOutcome, TooFewOutcomes
from omni_core.i18n import use_language
from omni_core.targeting import own, own_words
from omni_core.targeting.audience import audience, consent_columns
from omni_core.targeting.money import Money, Ranking
from omni_core.targeting.own_case import _days, own_case, own_rows

SHARED = Path(os.environ.get("OMNI_SHARED", Path(__file__).parents[2].parent / "shared"))
BANK = SHARED / "data" / "targeting" / "bank-additional.csv.gz"


def people(n=600, seed=1):
    """Planted: the young and the musical buy; the code of the region is written 05, 06, ..."""
    rng = np.random.default_rng(seed)
    age = rng.integers(16, 75, n)
    music = rng.random(n) < 0.4
    p = 1 / (1 + np.exp(0.05 * (age - 35) - 1.5 * music + 0.8))
    shown = np.where(rng.random(n) < 0.1, "", age.astype(str) + np.array("岁"))
    shown[:2] = ("0", "999")
    return pd.DataFrame({
        "会员编号": [f"U{i:04}" for i in range(n)], "年龄": shown,
        "性别": rng.choice(np.array(["男", "女"]), n),
        "兴趣": np.where(music, "音乐;运动", "阅读;运动"),
        "地区": rng.choice(np.array(["05", "06", "11"]), n),
        "注册日期": pd.to_datetime("2025-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
        "手机": [f"138{i:08}" for i in range(n)], "来源": "官网",
        "是否购买": np.where(rng.random(n) < p, "是", "否"),
    })


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("own")) as workspace:
        yield workspace


def read(ws, frame):
    table = ws.read_table(data=frame.to_csv(index=False).encode(), name="人.csv")
    return table, own.describe(table)


def made(ws, frame, outcome="是否购买", yes=("是",), at_least=None, known_after=(), when=None,
         kind="logistic"):
    table, columns = read(ws, frame)
    y = own.outcomes(table, outcome, yes, at_least)
    who = own.guess_id(columns)
    rows = own_rows(table, columns, outcome, y, who, when)
    return own_case(ws, table, columns, rows, y, who, outcome, kind, known_after)


def test_types_come_from_the_cells(ws):
    table, columns = read(ws, people())
    kinds = {c.name: c.kind for c in columns}
    assert kinds == {"会员编号": "id", "年龄": "number", "性别": "words", "兴趣": "several",
                     "地区": "words", "注册日期": "date", "手机": "personal", "来源": "same",
                     "是否购买": "yes_no"}
    assert own.guess_outcome(columns) == "是否购买" and own.guess_id(columns) == "会员编号"
    x = own.matrix(table, columns, "是否购买")
    assert list(x.columns) == ["年龄", "性别", "兴趣: 运动", "兴趣: 阅读", "兴趣: 音乐", "地区"]
    assert set(x["地区"]) == {"05", "06", "11"}  # a code, no number
    assert x["年龄"].iloc[:2].isna().all() and 0.05 < x["年龄"].isna().mean() < 0.2
    assert not {"13800000000", "U0000"} & set(own_words.column_table(columns)["example"])


def test_the_articles_file_gives_an_audience(ws):
    case = made(ws, people())
    assert case.held.how == "shoppers" and case.held.figures["auc"] > 0.65
    assert case.rows.baseline == ("年龄", "性别", "兴趣: 运动", "兴趣: 阅读", "兴趣: 音乐")
    assert case.rows.sensitive == ("年龄", "性别")
    assert case.held.left_out["兴趣: 运动"] == "constant"
    who = audience(case.people, case.scores, case.held)
    assert len(who.people) == 600 and set(who.people["gender"]) == {"male", "female"}
    assert who.people["band"].iloc[:60].isin(["under 18", "18-24", "25-34"]).mean() > 0.6
    blind = case.rows.without(case.rows.sensitive)
    assert list(blind.x.columns) == ["兴趣: 运动", "兴趣: 阅读", "兴趣: 音乐", "地区"]
    parts = case.scores.model.explain(case.scores.x)
    logit = np.log(case.scores.p / (1 - case.scores.p))
    assert np.abs(parts.sum(axis=1) + case.scores.model.mean_log_odds - logit).max() < 1e-9


def test_what_is_known_after_goes_with_all_its_words(ws):
    case = made(ws, people(), known_after=("兴趣", "手机"))
    assert {n for n, why in case.held.left_out.items() if why == "known_after"} == {
        "兴趣: 运动", "兴趣: 阅读", "兴趣: 音乐"}
    assert not case.held.alarms


def test_a_date_makes_a_split_in_time_and_open_rows_are_the_ones_scored(ws):
    frame = people()
    frame.loc[::3, "是否购买"] = ""
    frame["是否同意"] = np.where(frame.index % 2 == 0, "是", "否")
    case = made(ws, frame, when="注册日期")
    assert case.held.how == "time" and case.open_rows and len(case.scores.user) == 200
    assert consent_columns(case.people) == ("consent_email",)
    who = audience(case.people, case.scores, case.held)
    assert (who.known, who.unconsented, who.later) == (200, 100, 0)
    assert {int(u[1:]) % 6 for u in who.people["user"]} == {0}


@pytest.mark.parametrize("cells", [
    ["05/11/2026", "13/11/2026", "2026-11-05"], ["5.11.2026 09:30", "13.11.2026", "2026年11月5日"],
    ["11/05/2026", "11/13/2026", "2026/11/05"]])
def test_the_days_of_a_column_are_read_one_way(ws, cells):
    table = ws.read_table(data=("when\n" + "\n".join(cells) + "\n").encode(), name="a.csv")
    assert [str(d) for d in _days(table, "when")] == [
        "2026-11-05", "2026-11-13", "2026-11-05"]


BAD = {
    "one class": (lambda f: f.assign(是否购买="否"), {}, OneOutcome),
    "twelve buyers": (lambda f: f.assign(是否购买=np.where(f.index < 12, "是", "否")), {},
                      TooFewOutcomes),
    "constant columns": (lambda f: f[["会员编号", "来源", "是否购买"]], {}, NothingToLearn),
    "only dates": (lambda f: f[["会员编号", "注册日期", "是否购买"]], {}, NothingToLearn),
    "nobody reaches it": (lambda f: f, {"outcome": "年龄", "at_least": 5000.0}, OneOutcome),
}


@pytest.mark.parametrize("language", ("en", "zh"))
@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_sentences_with_a_repair(ws, name, language):
    change, more, kind = BAD[name]
    with use_language(language), pytest.raises(kind) as caught:
        made(ws, change(people()), **more)
    with use_language(language):
        said = str(caught.value)
    assert said.endswith((".", "。")) and "{" not in said and len(said) > 20
    assert (language == "zh") == any("\u4e00" <= c <= "\u9fff" for c in said.replace("是否购买", "")
                                     .replace("年龄", ""))
    if name == "twelve buyers":
        assert "12" in said and "30" in said


def test_all_ages_missing_leaves_the_rest(ws):
    case = made(ws, people().assign(年龄=""))
    assert "年龄" not in case.rows.x and set(case.people["band"]) == {"unknown"}
    assert case.held.figures["n"] > 100


def test_a_label_written_05_is_a_label(ws):
    frame = people().drop(columns="是否购买").assign(
        结果=lambda f: np.where(f.index % 3 == 0, "05", "5"))
    table, columns = read(ws, frame)
    values = own.values_of(table, "结果")
    assert list(values) == ["5", "05"]
    said = own_words.no_words(values, ["5"])
    assert "“05”" in said and "“5”" not in said and not own_words.no_words(values, ["5", "05"])
    assert own.outcomes(table, "结果", ("05",)).sum() == 200


@pytest.mark.parametrize("language", ("en", "zh"))
def test_money_that_makes_no_sense_has_an_answer(language):
    from omni_core.targeting import money_words

    ranking = Ranking([0.5, 0.2, 0.1], held_y=[1, 0], held_p=[0.5, 0.2])
    with use_language(language):
        for money in (Money(margin=5, coupon=5, contact_cost=1),   # M = d
                      Money(margin=5, coupon=9, contact_cost=1)):  # M < d
            assert ranking.best_step(money) is None
            point = ranking.at(0.0, money)
            for said in (money_words.best_words(ranking, money, None, "CNY"),
                         money_words.profit_words(point, money, "CNY")):
                assert "coupon" in said or "券" in said
        free = Money(margin=5, contact_cost=0)
        assert ranking.best_step(free).reach == 3 and np.isnan(ranking.at(0.0, free).roi)
        broke = Money(margin=5, contact_cost=1, budget=0)
        assert ranking.best_step(broke) is None and ranking.at(0.0, broke).reach == 0
        assert money_words.best_words(ranking, broke, None, "CNY").endswith((".", "。"))
        with pytest.raises(BadParameter) as caught:
            Money(margin=float("nan"))
        assert "margin" in str(caught.value)


@pytest.mark.skipif(not BANK.exists(), reason="the shared bank calls are not beside the checkout")
def test_the_bank_s_leak_is_told_undeclared_and_left_out_declared(ws):
    table = ws.read_table(BANK)
    columns = own.describe(table)
    y = own.outcomes(table, own.guess_outcome(columns), ("yes",))
    rows = own_rows(table, columns, "y", y, None)
    seen, told = (own_case(ws, table, columns, rows, y, None, "y", "logistic", known_after)
                  for known_after in ((), ("duration",)))
    assert told.held.left_out["duration"] == "known_after" and told.held.figures["auc"] < 0.85
    assert seen.held.figures["auc"] > 0.9 and not told.held.alarms
    (alarm,) = seen.held.alarms
    assert (alarm.column, alarm.code) == ("duration", "single_column")
    assert "duration" in str(alarm) and "afterwards" in str(alarm)
