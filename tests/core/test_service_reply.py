"""Conversations: replies from her data alone, gaps asked for, several turns, both languages."""

import datetime as dt
import re

import pytest

from omni_core import Workspace
from omni_core.service import IntentClassifier, sentences
from omni_core.service.replies import TEMPLATES, BadTemplate, gaps
from omni_core.service.shop import Shop
from omni_core.service.talk import Context, respond

TODAY = dt.date(2026, 11, 25)
PRODUCTS = """product_id,name,name_en,category,category_en,brand,price,stock
P1,亚麻连衣裙,Linen dress,女装,Women's clothing,Muwu 木屋,299,3
P2,蓝牙耳机,Bluetooth headphones,数码,Electronics,Nuo 诺,199,5
P3,降噪耳机 旗舰,Noise-cancelling headphones,数码,Electronics,Nuo 诺,899,2
P4,入耳式耳机,In-ear headphones,数码,Electronics,Nuo 诺,149,0
"""
ORDERS = """order_id,customer_id,created_at,status,total,refund_amount
250917103822641907,u1,2026-09-17 10:38:22,completed,299.00,0
250917103822641908,u2,2026-09-18 10:38:22,cancelled,199.00,0
250917103822641909,u3,2026-09-19 10:38:22,refunded,199.00,199.00
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("shop")) as ws:
        for name, text in (("products.csv", PRODUCTS), ("orders.csv", ORDERS)):
            report = ws.import_file(data=text.encode(), name=name)
            assert report.status == "imported", (report.code, report.questions)
        yield Shop(ws)


@pytest.fixture(scope="module")
def bot():
    few = sentences.shipped()
    return IntentClassifier(engine="tfidf", threshold=0.3, margin=0.05).fit(few["text"], few["intent"])


def say(bot, shop, *texts, **more):
    context, turns = more.pop("context", None), []
    for text in texts:
        turns.append(respond(bot, shop, text, context, TODAY, **more))
        context = turns[-1].context
    return turns


def test_a_missing_order_number_is_asked_for_and_the_next_turn_fills_it(bot, shop):
    first, second = say(bot, shop, "我的快递到哪了", "250917103822641907")
    assert first.reply.asks == "order_no" and "订单号" in first.reply.text
    assert second.intent == "track_order" and second.filled == "order_no"
    assert "250917103822641907" in second.reply.text and "已完成" in second.reply.text
    assert second.reply.asks is None


def test_an_order_is_of_its_day_in_the_shops_zone(tmp_path):
    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        report = ws.import_file(name="orders.csv", data=(
            b"order_id,customer_id,created_at,total\nA100001,u1,2026-03-05 01:30:00,10\n"
            b"A100002,u2,2026-03-05 13:30:00,20\n"), answers={"table": "orders"})
        assert report.status == "imported"
        days = [Shop(ws).order(n).day for n in ("A100001", "A100002")]
    assert days == [dt.date(2026, 3, 5)] * 2


def test_what_was_named_stays_known(bot, shop):
    turns = say(bot, shop, "where is my parcel", "it's 250917103822641908", "cancel my order")
    assert turns[1].reply.text.startswith("Order 250917103822641908")
    assert turns[2].reply.text == "Order 250917103822641908 is cancelled already."


def test_another_question_is_not_taken_for_the_answer(bot, shop):
    turns = say(bot, shop, "我的快递到哪了", "能开发票吗")
    assert (turns[1].intent, turns[1].filled) == ("invoice", None)


def test_an_unknown_order_is_said_and_asked_again(bot, shop):
    (turn,) = say(bot, shop, "where is my order 250999999999999999")
    assert "can't find" in turn.reply.text and turn.reply.asks == "order_no"


def test_a_refund_on_record_is_told(bot, shop):
    (turn,) = say(bot, shop, "退款什么时候到账 订单250917103822641909")
    assert "已经退款" in turn.reply.text


@pytest.mark.parametrize(("text", "items"), [
    ("推荐一款耳机 500元以下", ["P2"]),  # P4 costs less, and is sold out
    ("can you recommend headphones under 1000", ["P2", "P3"]),
    ("推荐一款耳机，800到1000元", ["P3"]),
    ("推荐一款50元以下的耳机", []),
])
def test_a_price_limit_leads_to_real_goods(bot, shop, text, items):
    (turn,) = say(bot, shop, text, intent="recommend")
    assert sorted(turn.reply.items) == items
    assert turn.reply.person == (not items)
    for item in items:
        goods = shop.product(item)
        assert (goods.name if turn.language == "zh" else goods.name_en) in turn.reply.text


def test_the_goods_page_is_the_product_meant(bot, shop):
    (without,) = say(bot, shop, "有货吗")
    assert without.reply.asks == "product"
    (turn,) = say(bot, shop, "有货吗", context=Context(item="P4"))
    assert turn.reply.text == "入耳式耳机：我们的清单显示已售完。"
    (named,) = say(bot, shop, "亚麻连衣裙多少钱", context=Context(item="P4"))
    assert "亚麻连衣裙" in named.reply.text and "299" in named.reply.text


def test_unsure_offers_choices_and_the_choice_is_followed(bot, shop):
    strict = bot.at(0.99, 0.5)
    text = next(t for t in ("这个能不能退回运费", "退货的钱运费", "发货地址") if
                strict.at(0.5, 0.9).classify(t).route == "clarify")
    (turn,) = say(strict.at(0.5, 0.9), shop, text)
    assert len(turn.reply.choices) == 3 and not turn.reply.person
    (next_turn,) = say(bot, shop, text, intent=turn.reply.choices[0])
    assert next_turn.intent == turn.reply.choices[0]


def test_her_own_words_go_first_and_odd_gaps_are_refused(bot, shop):
    own = {"shipping_fee": {"zh": "满99元包邮。"}}
    (turn,) = say(bot, shop, "包邮吗", own=own)
    assert turn.reply.text == "满99元包邮。"
    (english,) = say(bot, shop, "how much is shipping", own=own)
    assert "checkout" in english.reply.text
    with pytest.raises(BadTemplate):
        gaps("we promise {gold}")
    with pytest.raises(BadTemplate):
        gaps("{")


@pytest.mark.parametrize("text", ["", "🙂🙂", "asdf", "x" * 100_000, "\x00\x07", "<script>alert(1)</script>"])
def test_whatever_is_written_gets_a_reply(bot, shop, text):
    (turn,) = say(bot, shop, text)
    assert turn.reply.text and "{" not in turn.reply.text


def test_every_template_is_complete_in_both_languages(bot, shop):
    for intent in TEMPLATES:
        for text in ("订单250917103822641907 亚麻连衣裙", "order 250917103822641907 linen dress"):
            (turn,) = say(bot, shop, text, intent=intent)
            assert turn.reply.text and not re.search(r"[{}]", turn.reply.text), intent
            assert turn.reply.asks is None, intent


def test_nothing_is_claimed_of_an_empty_shop(bot):
    (turn,) = say(bot, Shop(), "推荐一款")
    assert turn.reply.person and not turn.reply.items
