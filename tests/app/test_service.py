"""The service page as she uses it, with and without her own messages, in both languages."""

import json

import pytest

from omni_core import Workspace, home
from omni_core.i18n import use_language
from omni_core.service import sentences
from tests.app.conftest import assert_well


def metrics(at):
    return {m.label: m.value for m in at.metric}


def figure(at, number):
    return json.loads(at.get("plotly_chart")[number].proto.spec)


def test_a_message_its_intent_and_what_decided(open_page):
    at = open_page("service")
    at.text_input(key="sv_text").set_value("my stuff arrived in pieces").run()
    assert_well(at)
    assert metrics(at)["Intent"] == "Damaged, wrong or missing goods"
    assert metrics(at)["What happens"] == "The bot answers"
    assert any("falls from" in t.value or "No single word" in t.value for t in at.text)
    assert len(figure(at, 0)["data"][0]["x"]) == 4
    at.text_input(key="sv_text").set_value("asdfgh").run()
    assert metrics(at)["What happens"] == "A person takes over"


def test_the_threshold_moves_the_work(open_page):
    at = open_page("service")
    before = next(t.value for t in at.text if t.value.startswith("Of "))
    at.slider(key="sv_threshold").set_value(0.95).run()
    after = next(t.value for t in at.text if t.value.startswith("Of "))
    assert_well(at)
    assert before != after
    assert figure(at, 0)["layout"]["shapes"][0]["x0"] == pytest.approx(0.95)


def test_hostile_text_is_shown_as_text(open_page):
    at = open_page("service")
    at.text_input(key="sv_text").set_value("<img src=x onerror=alert(1)> **快递** 呢").run()
    assert_well(at)
    html = "".join(h.value if hasattr(h, "value") else h.proto.body for h in at.get("html"))
    assert "<img" not in html and "&lt;" in html


def test_engines_side_by_side(open_page):
    at = open_page("service")
    at.toggle(key="sv_compare").set_value(True).run()
    assert_well(at)
    table = next(d.value for d in at.dataframe if "held_out_accuracy" in d.value.columns)
    assert len(table) == 4 and table["held_out_accuracy"].str.contains("%").all()


def test_in_chinese_with_her_own_messages(open_page, own_home):
    goods = ("杯子", "手表", "戒指", "笔", "书", "项链")
    rows = ["text,intent"]
    rows += [f"你们家{w}能刻字吗,engraving" for w in goods]
    rows += [f"{w}可以包礼盒吗,gift_wrap" for w in goods]
    with Workspace.open(own_home / "shop") as ws:
        done = ws.import_file(
            data="\n".join(rows).encode(), name="chat.csv", answers={"table": "messages"}
        )
        assert (done.table, done.accepted) == ("messages", 12), (done.code, done.questions)
    home.remember(own_home / "shop")
    with use_language("zh"):  # AppTest finds a choice by its words, in this thread's language
        at = open_page("service", "zh")
        at.text_input(key="sv_text").set_value("这个书签能刻字吗").run()
        assert_well(at)
        assert metrics(at)["意图"] == "engraving"
        assert at.pills(key="sv_source").value == "own", "not the sample's labels"
        assert any("只用你的消息训练" in c.value and "只有 12 条" in c.value for c in at.caption)
        assert any("12 条消息" in t.value for t in at.text)
        assert any("与本店无关" in i.value for i in at.info)
        assert "测试语句" not in at.pills(key="sv_test").options
        at.toggle(key="sv_compare").set_value(True).run()
        assert_well(at)
        table = next(d.value for d in at.dataframe if "held_out_accuracy" in d.value.columns)
        assert (table["test_zh"] == "–").all(), "the sample's test can't judge her intents"
        at.pills(key="sv_source").set_value("both").run()
        assert_well(at)
        assert any("拿不准" in c.value for c in at.caption)


def test_only_her_messages_are_counted_as_hers(open_page, own_home):
    rows = sentences.shipped()[["text", "intent"]].head(9)
    hers = "\n".join(["text,intent", *rows.agg(",".join, axis=1), "礼物卡能开票吗,invoice"])
    with Workspace.open(own_home / "shop") as ws:
        ws.import_file(data=hers.encode(), name="chat.csv", answers={"table": "messages"})
    home.remember(own_home / "shop")
    at = open_page("service")
    assert at.pills(key="sv_source").value == "both"
    assert any(t.value.startswith("Of 10 messages") for t in at.text)
