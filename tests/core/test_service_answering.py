"""Intents without a reply: the tester, the workload and the queue agree, and a match mends all."""

import re

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.i18n import use_language
from omni_core.service import IntentClassifier, answering, evaluate, review, sentences, training
from omni_core.service.shop import Product, Shop
from omni_core.service.talk import respond
from omni_core.service.telling_turn import examples, happens, turn_reason

HERS = [(f"{w}能开{f}吗", "开发票") for w in ("可以", "明天", "今天") for f in ("发票", "专票")]
HERS += [(f"{w}怎么还没{v}", "物流查询") for w in ("包裹", "快递", "订单") for v in ("到", "发货")]
ASKED = ["请问可以开发票吗", "我的快递怎么还没到"]


@pytest.fixture(scope="module")
def hers():
    return IntentClassifier("tfidf", 0.4, 0.05).fit([t for t, _i in HERS], [i for _t, i in HERS])


def ways(bot, own):
    """The share of the messages that are answered: as the tester, the workload, the queue say."""
    frame = sentences.own(pd.DataFrame({"text": ASKED, "intent": ["开发票", "物流查询"]}))
    result = evaluate.on_sentences(bot, frame)
    at = bot.threshold, bot.margin, own
    said = [respond(bot, Shop(), t, own=own) for t in ASKED]
    queue = review.queue(bot, ASKED, own=own)
    return (said, sum(not t.reply.lacking for t in said),
            evaluate.workload(result, *at)["answered"],
            int((queue["route"] == "answer").sum()), evaluate.silent(result, *at), queue)


def test_without_a_reply_all_three_pass_on_and_with_one_all_three_answer(hers, tmp_path):
    with Workspace.open(tmp_path / "shop") as ws:
        said, *counts, silent, queue = ways(hers, answering.kept(ws))
        assert counts == [0, 0, 0]
        assert silent["messages"].sum() == 2 and queue["lacking"].all()
        assert happens(said[0]) == "A person takes over"
        assert "no reply in Chinese" in turn_reason(said[0], 0.4, 0.05)
        answering.keep(ws, "开发票", **{"as": "invoice"})
        answering.keep(ws, "物流查询", en="We look into it.")
        said, *counts, silent, queue = ways(hers, answering.kept(ws))
        assert counts == [1, 1, 1] and list(silent["intent"]) == ["物流查询"]
        assert said[0].reply.asks == "order_no", "the shipped reply with what it asks for"
        assert answering.lacking(hers.classes_, answering.kept(ws)) == {"物流查询": ("zh",)}
        answering.keep(ws, "物流查询", zh="我们去查。")
        assert ways(hers, answering.kept(ws))[1:4] == (2, 2, 2)
        answering.keep(ws, "开发票", **{"as": ""})
        assert set(answering.kept(ws)) == {"物流查询"}


def test_her_intents_are_matched_by_what_their_messages_read_as():
    few = sentences.shipped().groupby(["intent", "language"]).head(12)
    shipped = IntentClassifier("tfidf").fit(few["text"], few["intent"])
    taken = [(t, "甲") for t in few[few["intent"] == "invoice"]["text"].head(5)]
    mixed = [(t, "乙") for t in few.groupby("intent").head(1)["text"]]
    table = answering.likely(shipped, taken + taken + mixed, ["甲", "乙"]).set_index("intent")
    assert tuple(table.loc["甲"]) == ("invoice", 5, 5), "what reads the same counts once"
    assert table.loc["乙", "match"] == ""


def test_examples_speak_her_language_and_name_her_goods():
    shop = Shop()
    with use_language("en"):
        assert not any(re.search("[\u3400-\u9fff]|tea", e) for e in examples(shop))
    with use_language("zh"):
        assert not any("茶" in e or re.search("[a-z]{3} ", e) for e in examples(shop))
        shop.goods = (Product("P1", "羊毛围巾", "Wool scarf", "服饰", "Clothing", price=199.0),)
        assert "羊毛围巾有货吗" in examples(shop) and any("服饰" in e for e in examples(shop))
    with use_language("en"):
        assert any("Wool scarf" in e for e in examples(shop))
        shop.goods = (Product("P1", "羊毛围巾", None, "服饰", price=199.0),)
        assert not any(re.search("[\\u3400-\\u9fff]", e) for e in examples(shop)), "no English name"


def test_a_few_sentences_foreign_to_shops_keep_her_bot_from_answering_them():
    messages = pd.DataFrame(HERS, columns=["text", "intent"])
    answered = []
    for foreign in (False, True):
        pairs = training.base("own", messages, foreign)
        bot = IntentClassifier("tfidf").fit([t for t, _i in pairs], [i for _t, i in pairs])
        result = evaluate.on_sentences(bot, sentences.judging_foreign())
        answered.append(evaluate.workload(result, 0.5, 0.1)["answered"])
        assert len(pairs) == len(HERS) + 6 * foreign
    assert answered[1] < answered[0] / 2, answered
