"""What a message becomes before an engine reads it, and the sentences that are shipped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core.service import INTENTS, is_noise, normalise, sentences
from omni_core.service.normal_form import mask
from omni_core.service.words import pieces, words


@pytest.mark.parametrize(("typed", "read"), [
    ("你好，包邮吗", "包邮吗"),
    ("亲亲在吗～麻煩問下包郵嗎謝謝", "包邮吗"),
    ("Hi there, WHERE is my parcel please", "where is my parcel"),
    ("什麼時候發貨！！！", "什么时候发货!"),
    ("ｉＰｈｏｎｅ １５", "iphone 15"),
    ("soooooo slow", "soo slow"),
    ("哈哈哈哈哈", "哈哈"),
    ("订单 100000", "订单 100000"),      # digits are not repeats
    ("亲子装有吗", "亲子装有吗"),          # 亲 that is no greeting
    ("客服电话多少", "客服电话多少"),
    ("hidden fees?", "hidden fees?"),     # hi that is no greeting
    ("你好", "你好"),                      # nothing else would be left
    ("hello bot", "hello bot"),
    ("Hello!!", "hello!"),
    ("谢谢", "谢谢"),
])
def test_normal_form(typed, read):
    assert normalise(typed) == read


@pytest.mark.parametrize("opening", ["你好，", "您好 请问", "亲，", "Hi, ", "Good morning! "])
def test_a_greeting_in_front_changes_nothing(opening):
    frame = sentences.shipped(sentences.TEST)
    asked = frame[~frame["intent"].isin(["greeting", "thanks_bye"])]["text"]
    changed = [t for t in asked if normalise(opening + t) != normalise(t)]
    assert not changed


@pytest.mark.parametrize(("text", "masked"), [
    ("单号sf1390227451066呢", "单号<order>呢"),
    ("order #100482", "order #<order>"),
    ("电话13800001234", "电话<phone>"),
    ("¥199还是200元", "<price>还是<price>"),
    ("under $50", "under <price>"),
    ("mail me at a.b@c.com", "mail me at <email>"),
    ("身高165体重110", "身高0体重0"),
    ("满200减30", "满0减0"),
])
def test_numbers_are_no_features(text, masked):
    assert mask(text) == masked


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_the_normal_form_is_stable_and_pieces_cover_it(text):
    once = normalise(text)
    assert normalise(once) == once
    assert is_noise(text) in (True, False)
    spans = pieces(once)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_a, b), (c, _d) in zip(spans, spans[1:], strict=False))
    words(mask(once))


@pytest.mark.parametrize("noise", [
    "asdf", "1234567", "。。。", "???", "qwertyuiop", "sdfsdf", "gfdsa hjkl", "啊啊啊啊啊", "aaaa",
    "😀😀",
])
def test_noise(noise):
    assert is_noise(noise)


@pytest.mark.parametrize("real", [
    "ok", "thx", "嗯", "property", "liberty", "watchstrap", "postscript", "xxxxl", "在", "brb",
    "hi", "iphone 15", "asdf 是什么牌子", "订单1234567",
])
def test_not_noise(real):
    assert not is_noise(real)


def test_a_number_ends_where_chinese_begins():
    assert words("订单2509的杯子碎了,200元以下的t-shirt") == [
        "订单", "2509", "的", "杯子", "碎", "了", "200", "元", "以下", "的", "t-shirt"]


def test_jieba_s_own_dictionary_is_left_alone():
    import jieba

    from omni_core.service.words import _tokenizer

    words("我的快递到哪了")
    assert _tokenizer() is not jieba.dt


# -- the shipped sentences -------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "least"), [(sentences.TRAINING, 8), (sentences.TEST, 3)])
def test_shipped_sentences_are_complete(name, least):
    frame = sentences.shipped(name)
    assert list(frame.columns[:3]) == ["text", "intent", "language"]
    counts = frame.groupby(["intent", "language"]).size()
    assert len(counts) == 2 * len(INTENTS) == 46 and counts.min() >= least
    assert set(frame["intent"]) == set(INTENTS)
    assert not frame["text"].map(normalise).duplicated().any()
    assert not frame["text"].map(is_noise).any()


def test_no_test_sentence_is_a_training_sentence():
    train, test = (
        set(sentences.shipped(n)["text"].map(normalise).map(mask))
        for n in (sentences.TRAINING, sentences.TEST)
    )
    assert not train & test
