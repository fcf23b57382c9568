"""The service page as she uses it, with and without her own messages, in both languages."""

import json

import pytest

from omni_core import Workspace, home
from omni_core.i18n import use_language
from omni_core.service import review, sentences
from omni_core.service.training import Library
from pages.ui import service_try
from tests.app.conftest import assert_well


@pytest.fixture(autouse=True)
def few_sentences(monkeypatch):
    """The first ten sentences of each intent and language: the page is the same with all."""
    shipped = sentences.shipped

    def first(name=sentences.TRAINING):
        frame = shipped(name)
        return frame.groupby(["intent", "language"], sort=False).head(10).reset_index(drop=True)

    monkeypatch.setattr(sentences, "shipped", first)


def metrics(at):
    return {m.label: m.value for m in at.metric}


def figure(at, number):
    return json.loads(at.get("plotly_chart")[number].proto.spec)


def say(at, text):
    at.chat_input(key="sv_text").set_value(text).run()
    assert_well(at)
    return at


def own_workspace(own_home, rows=None):
    with Workspace.open(own_home / "shop") as ws:
        if rows:
            done = ws.import_file(data="\n".join(rows).encode(), name="chat.csv",
                                  answers={"table": "messages"})
            assert done.table == "messages", (done.code, done.questions)
    home.remember(own_home / "shop")


def test_a_message_its_intent_what_it_names_and_what_decided(open_page):
    at = say(open_page("service"), "the bottle came smashed to pieces, order 100482")
    assert metrics(at)["Intent"] == r"Damaged\, wrong or missing goods"
    assert any("falls from" in t.value or "No single word" in t.value for t in at.text)
    assert len(figure(at, 0)["data"][0]["x"]) == 4
    named = next(d.value for d in at.dataframe if "words" in d.value.columns)
    assert list(named["value"]) == ["100482"]
    say(at, "asdfgh")
    assert metrics(at)["What happens"] == "A person takes over"


def test_a_conversation_asks_and_remembers(open_page, own_home, monkeypatch):
    monkeypatch.setattr(service_try, "_KEPT", 1)  # as a long one has reached its length
    at = say(open_page("service"), "where is my parcel")
    at.get("feedback")[0].set_value(0).run()
    assert metrics(at)["What happens"] == "The bot asks for what is missing"
    say(at, "it's 100482")
    assert any("can't find an order 100482" in t.value for t in at.text)
    with Workspace.open(home.last_opened()) as ws:
        thumbs = {e["text"]: e["thumb"] for e in review.log(ws)}
    assert thumbs == {"where is my parcel": "down", "it's 100482": None}
    assert metrics(at)["Intent"] == "Where is my parcel"
    at.button(key="sv_new").click().run()
    assert_well(at)
    assert "Intent" not in metrics(at)


def test_hostile_text_is_shown_as_text(open_page):
    at = say(open_page("service"), "<img src=x onerror=alert(1)> **快递** 13800138000 呢")
    html = "".join(h.value if hasattr(h, "value") else h.proto.body for h in at.get("html"))
    assert "<img" not in html and "&lt;img" in html


def test_the_threshold_moves_the_work_and_minutes_are_hers(open_page):
    at = open_page("service", sv_view="trust")
    before = metrics(at)
    assert "Minutes saved" not in before
    at.slider(key="sv_threshold").set_value(95.0).run()
    at.number_input(key="sv_minutes").set_value(2.0).run()
    assert_well(at)
    after = metrics(at)
    assert before["Answered by the bot"] != after["Answered by the bot"]
    assert "Minutes saved" in after
    at.toggle(key="sv_compare").set_value(True).run()
    assert_well(at)
    table = next(d.value for d in at.dataframe if "held_out_accuracy" in d.value.columns)
    assert len(table) == 4 and table["held_out_accuracy"].str.contains("%").all()
    assert any(m.value.startswith("Take ") for m in at.markdown)


def test_a_file_of_messages(open_page):
    at = open_page("service", sv_view="trust")
    at.file_uploader(key="sv_batch").upload(
        "chat.csv", "消息,意图\n包邮吗,shipping_fee\n什么时候发货,invoice\n".encode("gbk"),
        "text/csv").run()
    assert_well(at)
    assert any("gb18030" in m.value and "1 are understood as you say" in m.value.replace("\\", "")
               for m in at.markdown)
    at.file_uploader(key="sv_batch").upload("x.csv", b"a,b\n1,2\n", "text/csv").run()
    assert any("no column of sentences" in e.value for e in at.error)


def test_from_the_queue_into_the_set_retrained_read_and_rolled_back(open_page, own_home):
    own_workspace(own_home)
    at = say(open_page("service"), "你们这个能刻字不")
    at.segmented_control(key="sv_view").set_value("review").run()
    assert_well(at)
    take = next(b for b in at.button if b.key.startswith("sv_take_"))
    pick = next(s for s in at.selectbox if s.key.startswith("sv_as_"))
    pick.set_value("product_info").run()
    take = next(b for b in at.button if b.key == take.key)
    take.click().run()
    assert_well(at)
    with Workspace.open(own_home / "shop") as ws:
        assert Library(ws).draft().added == (("你们这个能刻字不", "product_info"),)
        assert [e["text"] for e in review.log(ws)] == ["你们这个能刻字不"]
    at.segmented_control(key="sv_view").set_value("teach").run()
    at.button(key="sv_retrain").click().run()
    assert_well(at)
    assert any("broke" in m.value and "mended" in m.value for m in at.markdown)
    with Workspace.open(own_home / "shop") as ws:
        library = Library(ws)
        assert library.names() == ["0002", "0001"] and not len(library.draft())
        assert library.in_force().pairs[-1] == ("你们这个能刻字不", "product_info")
    at.button(key="sv_back").click().run()
    assert_well(at)
    with Workspace.open(own_home / "shop") as ws:
        assert Library(ws).in_force().name == "0001"
        assert len(Library(ws).in_force().pairs) == len(sentences.shipped())
    at.segmented_control(key="sv_view").set_value("review").run()
    at.button(key="sv_clear").click().run()
    assert_well(at)
    with Workspace.open(own_home / "shop") as ws:
        assert review.log(ws) == []


def test_messages_of_one_intent_only_are_joined_with_the_sample_s(open_page, own_home):
    own_workspace(own_home, ["text,intent", "礼物卡能开票吗,invoice", "开票要几天,invoice"])
    at = open_page("service", sv_view="trust")
    assert at.pills(key="sv_source").value == "both"
    at.pills(key="sv_source").set_value("own").run()
    assert_well(at)
    assert any("same intent" in w.value for w in at.warning)
    at.pills(key="sv_source").set_value("shipped").run()
    assert_well(at)
    assert not at.warning


def test_sentences_are_edited_imported_and_conflicts_shown(open_page, own_home):
    own_workspace(own_home)
    at = open_page("service", sv_view="teach")
    at.text_input(key="sv_add_text").set_value("包邮吗")
    assert not any(s.proto.accept_new_options for s in at.selectbox), "its words are English only"
    at.selectbox(key="sv_add_intent").set_value("coupon")
    at.button(key="FormSubmitter:sv_add-Add").click().run()
    assert_well(at)
    assert any("1 sentences have two intents" in m.value for m in at.markdown)
    at.file_uploader(key="sv_import").upload(
        "more.csv", "text,intent\n刻字多少钱,engraving\n包邮吗,shipping_fee\n".encode(),
        "text/csv").run()
    assert any("1 new, 1 known" in m.value.replace("\\", "") for m in at.markdown)
    at.button(key="sv_import_add").click().run()
    assert_well(at)
    at.file_uploader(key="sv_import").upload("bad.csv", b"text\nhello\n", "text/csv").run()
    assert any("says no intents" in e.value for e in at.error)
    at.button(key="sv_discard").click().run()
    with Workspace.open(own_home / "shop") as ws:
        assert not len(Library(ws).draft())


def test_in_chinese_with_her_own_messages(open_page, own_home):
    goods = ("杯子", "手表", "戒指", "笔", "书", "项链")
    rows = ["text,intent", *(f"你们家{w}能刻字吗,laser_engraving" for w in goods),
            *(f"{w}可以包礼盒吗,gift_wrap" for w in goods)]
    own_workspace(own_home, rows)
    with use_language("zh"):  # AppTest finds a choice by its words, in this thread's language
        at = say(open_page("service", "zh"), "这个书签能刻字吗")
        assert metrics(at)["意图"] == r"laser\_engraving", "a figure is Markdown"
        assert "laser_engraving" in at.selectbox(key="sv_reply_intent").options, "a choice is none"
        assert at.pills(key="sv_source").value == "own", "not the sample's labels"
        assert any("只用你的消息训练" in c.value and "只有 12 条" in c.value for c in at.caption)
        assert any("与本店无关" in i.value and "out_of_scope" not in i.value for i in at.info)
        assert any("只学了你标好的 12 条消息" in c.value for c in at.caption)
        assert metrics(at)["怎么处理"] == "转给人工"
        assert any("还没有中文回复" in t.value for t in at.text)
        write = next(a for a in at.text_area if a.key.startswith("sv_missing_zh"))
        write.set_value("能刻，请把要刻的字发来。")
        at.button(key="FormSubmitter:sv_missing_form-保存回复").click().run()
        assert_well(at)
        assert metrics(at)["怎么处理"] == "机器人直接回答"
        assert any(t.value == "能刻，请把要刻的字发来。" for t in at.text), "the message anew"
        at.segmented_control(key="sv_view").set_value("trust").run()
        assert_well(at)
        assert any("12 条消息" in t.value for t in at.text)
        assert any("gift" in w.value and "engraving" not in w.value for w in at.warning)
        assert any("与店铺无关的内置测试消息" in c.value for c in at.caption)
        assert "测试语句" not in at.pills(key="sv_test").options
        at.pills(key="sv_source").set_value("both").run()
        assert_well(at)
        assert any("拿不准" in c.value for c in at.caption)


def test_only_her_messages_are_counted_as_hers(open_page, own_home):
    rows = sentences.shipped()[["text", "intent"]].head(9)
    own_workspace(own_home, ["text,intent", *rows.agg(",".join, axis=1), "礼物卡能开票吗,invoice"])
    at = open_page("service", sv_view="trust")
    assert at.pills(key="sv_source").value == "both"
    assert any(t.value.startswith("Of 10 messages") for t in at.text)
    at.run()
    assert not at.button(key="sv_threshold_suggested").disabled
    at.pills(key="sv_source").set_value("shipped").run()
    assert at.button(key="sv_threshold_suggested").disabled, "that was the other bot's"
    before = [t.value for t in at.text]
    with Workspace.open(own_home / "shop") as ws:  # as many messages, under other intents
        ws.undo(1)
        other = rows.assign(intent="invoice").agg(",".join, axis=1)
        text = "\n".join(["text,intent", *other, "礼物卡能开票吗,coupon"])
        ws.import_file(data=text.encode(), name="other.csv", answers={"table": "messages"})
    at.run()
    assert_well(at)
    assert [t.value for t in at.text] != before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reviews_by_product_and_month(open_page, sample_shop, language):
    at = open_page("service", language, sv_view="mood")
    assert len(at.get("plotly_chart")) == 2
    table = next(d.value for d in at.dataframe if "review" in d.value.columns)
    assert len(table)
    assert any("600" in m.value for m in at.metric) or any("/" in str(m.delta) for m in at.metric)
