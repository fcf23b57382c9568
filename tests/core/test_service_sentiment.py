"""Reviews: learnt from her stars when there are enough, a cold start else, figures with sentences."""

import numpy as np
import pandas as pd
import pytest

from omni_core.sample import SOURCE
from omni_core.service import sentiment, telling_mood

WRITTEN = pd.read_csv(SOURCE / "moods.csv", dtype=str)


def reviews(n=None, stars=None):
    frame = WRITTEN.sample(frac=1, random_state=1)
    frame = frame if n is None else frame.head(n)
    return pd.DataFrame({
        "text": frame["text"], "item": [f"p{i % 3}" for i in range(len(frame))],
        "name": "x", "name_en": None, "month": pd.Timestamp("2026-03-01"),
        "stars": np.where(frame["mood"] == "positive", 5.0, 1.0) if stars is None else stars,
    }).reset_index(drop=True)


def test_few_stars_start_from_written_sentences_and_say_so():
    few = reviews(60)
    mood = sentiment.learn(few)
    assert mood.source == "written" and mood.learnt == len(WRITTEN) and mood.judged == 60
    unseen = ["杯子裂了，气死我", "特别满意，下次还来", "awful, it fell apart", "lovely, my mum adores it"]
    p = mood.positive(unseen)
    assert [q > 0.5 for q in p] == [False, True, False, True]


def test_without_the_encoder_it_still_starts(monkeypatch):
    monkeypatch.setattr(sentiment.encoder, "available", lambda: False)
    mood = sentiment.learn(reviews(10, stars=3.0))
    assert mood.source == "written" and mood.judged == 0 and np.isnan(mood.accuracy)
    assert mood.positive(["质量很差，坏了"])[0] < 0.5 < mood.positive(["质量很好，喜欢"])[0]
    assert len(mood.positive([])) == 0


def test_enough_stars_are_learnt_from_and_judged_held_out():
    own = sentiment.learn(reviews())
    assert (own.source, own.learnt) == ("own", len(WRITTEN))
    assert own.accuracy > own.baseline and own.low < own.accuracy < own.high
    rng = np.random.default_rng(0)
    chance = sentiment.learn(reviews(stars=rng.choice([1.0, 5.0], len(WRITTEN))))
    assert chance.accuracy < 0.62, "labels drawn at random can't be guessed"


def test_figures_by_product_and_month_have_their_sentences_behind():
    frame = reviews()
    frame.loc[:9, "month"] = pd.Timestamp("2026-04-01")
    frame.loc[0, "stars"] = 6 - frame.loc[0, "stars"]
    mood = sentiment.learn(frame)
    read = sentiment.read(mood, frame)
    for by in ("item", "month"):
        table = sentiment.summarise(read, by)
        assert table["reviews"].sum() == len(read)
        assert (table[["positive", "negative", "mixed"]].sum(axis=1) == table["reviews"]).all()
        assert ((table["low"] <= table["content"]) & (table["content"] <= table["high"])).all()
    april = sentiment.behind(read, month="2026-04")
    assert len(april) == 10
    row = sentiment.summarise(read, "item").iloc[0]
    assert len(sentiment.behind(read, item=row["item"], kind="negative")) == row["negative"]
    assert sentiment.behind(read, kind="positive")["positive"].is_monotonic_decreasing
    against = sentiment.behind(read, kind="contradicts")
    assert frame["text"][0] in set(against["text"]) or read["mood"][0] == "mixed"


def test_a_shop_whose_products_have_a_review_or_two_has_no_worst_one():
    frame = reviews(3)
    read = sentiment.read(sentiment.learn(frame), frame)
    said = telling_mood.product_words(sentiment.summarise(read, "item"), {"p0": "x"})
    assert said.startswith("No product is surely less liked")
    assert sentiment.behind(read.iloc[:0], month="2026-03", kind="contradicts").empty


@pytest.mark.parametrize("text", ["", "🙂", "。。。", "x" * 50_000])
def test_any_text_has_a_probability(text):
    p = sentiment.learn(reviews(20)).positive([text])
    assert 0 <= p[0] <= 1
