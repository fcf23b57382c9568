"""Workload, calibration error and held-out results: known answers."""

import numpy as np
import pandas as pd
import pytest

from omni_core.service import IntentClassifier, evaluate, sentences, wording
from omni_core.service.decide import routes, summarise


def result(rows):
    """Rows of (truth, intent, confidence, second, asked, language)."""
    frame = pd.DataFrame(
        rows, columns=["truth", "intent", "confidence", "second", "asked", "language"]
    )
    return frame.assign(text="x", runner_up="stock")


KNOWN = result([
    ("coupon", "coupon", 0.9, 0.05, 1.0, "zh"),            # answered, right
    ("coupon", "payment", 0.8, 0.1, 1.0, "zh"),            # answered, wrong
    ("invoice", "invoice", 0.52, 0.47, 1.0, "en"),         # lead too small: asks back
    ("stock", "stock", 0.3, 0.1, 0.45, "en"),              # too unsure: a person
    ("out_of_scope", "stock", 0.7, 0.1, 0.9, "en"),        # answered what nobody asked
    ("out_of_scope", "out_of_scope", 0.95, 0.02, 0.05, "en"),
    ("human_agent", "human_agent", 0.99, 0.01, 1.0, "en"),
])


def test_routes_of_known_rows():
    assert list(routes(KNOWN, 0.5, 0.1)) == [
        "answer", "answer", "clarify", "person", "answer", "person", "person"
    ]


def test_workload_counts():
    w = evaluate.workload(KNOWN, 0.5, 0.1)
    assert (w["messages"], w["answered"], w["asked"], w["passed"]) == (7, 3, 1, 3)
    assert w["right"] == 1 and w["right_share"] == pytest.approx(1 / 3)
    assert w["right_low"] < 1 / 3 < w["right_high"]
    assert (w["foreign"], w["foreign_answered"]) == (2, 1)
    none = evaluate.workload(KNOWN, 1.0, 0.0)
    assert none["answered"] == 0 and np.isnan(none["right_share"])


def test_a_higher_threshold_never_answers_more():
    curve = evaluate.workload_curve(KNOWN, 0.1)
    assert (curve["answered"].diff().dropna() <= 0).all()
    assert (curve[["answered", "asked", "passed"]].sum(axis=1) == curve["messages"]).all()


def test_calibration_error_of_known_rows():
    # ten at 0.8 of which eight are right: none; ten at 0.8 of which none is right: 0.8
    good = result([("a", "a" if i < 8 else "b", 0.8, 0, 1, "en") for i in range(10)])
    bad = result([("a", "b", 0.8, 0, 1, "en") for _i in range(10)])
    assert evaluate.calibration_error(good) == pytest.approx(0.0)
    assert evaluate.calibration_error(bad) == pytest.approx(0.8)


def test_summary_of_known_probabilities():
    classes = np.array(["a", "b", "c", "d", "out_of_scope"], dtype=object)
    row = summarise(np.array([[0.1, 0.3, 0.15, 0.05, 0.4]]), classes).iloc[0]
    assert (row["intent"], row["runner_up"]) == ("out_of_scope", "b")
    assert row["asked"] == pytest.approx(0.55)  # b, c, a; out of scope is nothing to offer


def test_errors_come_surest_first_and_languages_apart():
    wrong = evaluate.errors(KNOWN, 0.5, 0.1)
    assert list(wrong["confidence"]) == [0.8, 0.7]
    table = evaluate.by_language(KNOWN, 0.5, 0.1).set_index("language")
    assert list(table.index) == ["all", "en", "zh"]
    assert table.loc["zh", "messages"] + table.loc["en", "messages"] == table.loc["all", "messages"]


def test_held_out_sentences_were_not_seen():
    """Labels drawn at random can't be guessed: seen ones would score far above chance."""
    train = sentences.shipped()
    rng = np.random.default_rng(0)
    labels = rng.choice(["a", "b", "c", "d"], len(train))
    clf = IntentClassifier(engine="tfidf").fit(train["text"], labels)
    assert evaluate.accuracy(evaluate.held_out(clf))[0] < 0.35


def test_held_out_of_some_rows_only():
    train = sentences.shipped()
    clf = IntentClassifier(engine="tfidf").fit(train["text"], train["intent"])
    hers = train.assign(source=["own"] * 50 + ["shipped"] * (len(train) - 50))
    part = evaluate.held_out(clf, sentences.mine(hers, clf.rows_))
    assert set(part["text"]) == set(train["text"][:50])


def test_her_messages_are_told_by_their_source_not_by_their_text():
    shipped = sentences.shipped()
    hers = pd.concat([  # three that the sample has too, one unusable, two of her own
        shipped[["text", "intent"]].iloc[:3],
        pd.DataFrame({"text": [" ", "刻字多少钱呀", "开个票给我"], "intent": ["invoice"] * 3}),
    ], ignore_index=True)
    training = sentences.training_set("both", hers)
    clf = IntentClassifier(engine="tfidf").fit(training["text"], training["intent"])
    part = evaluate.held_out(clf, sentences.mine(training, clf.rows_))
    assert sorted(part["text"]) == sorted(t for t in hers["text"] if t.strip())


def test_what_to_learn_from_if_nothing_is_chosen():
    def hers(*intents):
        return pd.DataFrame({"text": ["x"] * len(intents), "intent": list(intents)})

    assert sentences.default_source(hers()) == "shipped"
    assert sentences.default_source(hers("invoice", "stock")) == "both"
    assert sentences.default_source(hers("物流", "退款", "stock")) == "own"
    assert sentences.default_source(hers("物流")) == "both", "one intent can't be learnt alone"
    assert "two names" in wording.source_remark("own", hers("物流", "stock"))
    assert wording.source_remark("own", hers(*["stock"] * 50)) == ""
    assert wording.source_remark("both", hers("invoice")) == ""
    assert "50" in wording.source_remark("own", hers("invoice", "stock"))


def test_the_test_sentences_judge_only_what_bears_their_names():
    test = sentences.shipped(sentences.TEST)
    assert len(sentences.judging(sentences.shipped()["intent"])) == len(test)
    assert set(sentences.judging(["invoice", "stock"])["intent"]) == {"invoice", "stock"}
    assert sentences.judging(["物流", "stock"]).empty


def test_her_messages_join_the_shipped_ones():
    hers = pd.DataFrame({"text": ["有发票吗", "send my invoice"], "intent": ["invoice", "invoice"]})
    both = sentences.training_set("both", hers)
    assert len(both) == len(sentences.shipped()) + 2
    assert list(both["language"][-2:]) == ["zh", "en"]
    assert len(sentences.training_set("own", hers)) == 2
