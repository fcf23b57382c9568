"""The behaviour page: filters move the numbers, each chart has its sentence, both languages."""

import json
import re
import threading
from datetime import date

import pytest

from omni_core import home
from omni_core.behaviour.labels import channel_name
from omni_core.i18n import LANGUAGES, number, percent
from omni_core.segments import Segment, is_one
from omni_core.store import on_demand
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, finish, words


def figures(at):
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_its_sentence(open_page, sample_shop, language):
    at = open_page("behaviour", language)
    charts = at.get("plotly_chart")
    assert len(charts) == 7
    assert all(c.proto.alt for c in charts)
    text = words(at)
    if language == "zh":
        # product names and the zone may be Latin; a sentence of ours is not
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
    else:
        assert not re.search(r"\{\w+\}", text)


def test_unknown_age_is_the_last_bar_and_the_bars_sum_to_the_shoppers(open_page, sample_shop):
    at = open_page("behaviour")
    ages = figures(at)[1]["data"][0]
    assert ages["x"][-1] == "unknown"
    with Workspace.open(sample_shop) as ws:
        bands = ws.query("age_histogram")
        assert list(bands["band"])[-1] == "unknown" and bands["shoppers"].iloc[-1] > 0
        assert bands["shoppers"].sum() == ws.query("summary")["shoppers"].iloc[0]


def test_a_channel_narrows_every_number(open_page, sample_shop):
    at = open_page("behaviour")
    whole = [m.value for m in at.metric]
    box = at.selectbox(key="b_channel")
    at.selectbox(key="b_channel").select(box.options[0]).run()
    assert_well(at)
    assert all(a != b for a, b in zip(whole, [m.value for m in at.metric], strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_period_shows_the_change_against_the_one_before(open_page, sample_shop, language):
    at = open_page("behaviour", language)
    assert not any(m.delta for m in at.metric)
    at.selectbox(key="b_period").set_value("90").run()
    assert_well(at)
    assert all(m.delta for m in at.metric)
    assert at.query_params["b_period"] == "90"  # the code, whatever the language


def test_a_link_sets_the_filters(open_page, sample_shop):
    at = open_page("behaviour", b_period="30", b_channel="app", b_top="nonsense")
    assert (at.selectbox(key="b_period").value, at.selectbox(key="b_channel").value) == (
        "30", "app")
    assert at.segmented_control(key="b_top").value == "revenue"


def test_the_days_that_a_click_on_a_week_sets_stay_in_the_link(open_page, sample_shop):
    at = open_page("behaviour")
    at.session_state["b_period"] = "custom"
    at.session_state["b_days"] = (date(2025, 11, 10), date(2025, 11, 16))
    at.run()
    week, link = [m.value for m in at.metric], at.query_params["b_days"]
    again = open_page("behaviour", b_period="custom", b_days=link)
    assert_well(again)
    assert [m.value for m in again.metric] == week
    assert again.date_input(key="b_days").value == (date(2025, 11, 10), date(2025, 11, 16))


def test_days_chosen_in_one_shop_end_where_another_ones_data_do(open_page, own_home):
    with Workspace.open(own_home / "shop") as ws:
        for name, days in (("a", ("01-05", "01-27")), ("b", ("03-02", "03-20"))):
            rows = "".join(f"u{k},i{k},view,2026-{d} 10:00:00\n" for k in range(3) for d in days)
            ws.import_file(data=b"user,item,event,time\n" + rows.encode(), name=f"{name}.csv")
    home.remember(own_home / "shop")
    at = open_page("behaviour", b_period="custom", b_days="2026-01-20~2026-03-20")
    with Workspace.open(own_home / "shop") as ws:
        ws.undo(2)
    at.run()
    assert_well(at)
    assert at.date_input(key="b_days").value == (date(2026, 1, 20), date(2026, 1, 27))
    at = open_page("behaviour", b_period="custom", b_days="2026-03-02~2026-03-20")
    assert at.date_input(key="b_days").value == (date(2026, 1, 5), date(2026, 1, 27))


@pytest.mark.parametrize("k", [1, 5])
def test_years_show_the_unknown_apart_and_give_nobody_away(open_page, sample_shop, k):
    with Workspace.open(sample_shop) as ws:
        ws.set_small_cells(k)
    at = open_page("behaviour")
    at.segmented_control(key="b_age").set_value("years").run()
    assert_well(at)
    known, *unknown = figures(at)[1]["data"]
    assert [len(bars["x"]) for bars in unknown] == [1]
    with Workspace.open(sample_shop) as ws:
        bands = ws.query("age_histogram").set_index("band")["shoppers"]
    assert unknown[0]["y"] == [bands["unknown"]], "no difference to all, which would tell"
    assert ("/" in known["marker"]["pattern"]["shape"]) == (k == 5)


def test_without_data_the_page_says_which_file(open_page):
    at = open_page("behaviour", "zh")
    text = words(at)
    assert "行为或订单明细" in text and not at.get("plotly_chart")
    assert [b.key for b in at.button][:2] == ["need_data", "need_sample"]


def test_persons_with_ages_and_counts_alone_fill_what_they_can(open_page, own_home):
    from omni_core import home

    folder = home.new_workspace()
    rows = "\n".join(f"u{i},{20 + i % 40},{i % 7 + 1}" for i in range(120))
    with Workspace.open(folder) as ws:
        report = ws.import_file(
            data=f"user_id,age,browsing_count\n{rows}\n".encode(), name="people.csv"
        )
        assert report.status == "imported"
    home.remember(folder)
    at = open_page("behaviour")
    assert "as given by your file" in words(at)
    assert len(at.get("plotly_chart")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_revenue_no_picture_and_no_sentence_is_about_it(open_page, own_home, language):
    from omni_core import home

    folder = home.new_workspace()
    rows = "\n".join(
        f"u{i % 60},p{i % 9},{'view' if i % 3 else 'purchase'},"
        f"2026-03-{i % 28 + 1:02} {i % 24:02}:10,{'APP' if i % 2 else 'web'}"
        for i in range(600)
    )
    with Workspace.open(folder) as ws:
        report = ws.import_file(
            data=f"user_id,item_id,event,time,channel\n{rows}\n".encode(), name="log.csv")
        assert report.status == "imported", (report.code, report.questions)
        assert not float(ws.query("summary")["revenue"].iloc[0])
    home.remember(folder)
    at = open_page("behaviour", language)
    assert "¥" not in words(at)
    assert at.metric[2].value == "–"
    assert not {"b_trend"} & {c.key for c in at.segmented_control}
    assert at.segmented_control(key="b_top").value == "purchases"
    at.selectbox(key="b_channel").select("APP").run()
    assert_well(at)
    assert "¥" not in words(at)


def test_shares_of_shoppers_are_of_the_shoppers(open_page, sample_shop):
    at = open_page("behaviour")
    bars = next(d for f in figures(at) for d in f["data"] if d.get("name") == "Share of shoppers")
    with Workspace.open(sample_shop) as ws:
        table, total = ws.query("channels"), ws.query("summary")["shoppers"].iloc[0]
    assert bars["text"] == [percent(n / total, 0) for n in table["shoppers"]]
    assert table["shoppers"].sum() > total and "more than 100%" in words(at)


def test_a_part_of_all_stands_beside_everyone_else_and_never_beside_itself(open_page, sample_shop):
    at = open_page("behaviour", b_against="band:25-34")
    with Workspace.open(sample_shop) as ws:
        whole = ws.query("summary")["shoppers"].iloc[0]
        band = ws.query("age_histogram").set_index("band")["shoppers"]["25-34"]
        seen = ws.query("channels", segment=Segment((is_one("25-34", "age_band"),)))
    text = words(at).replace("\\", "")
    assert at.metric[0].value == number(whole), "the numbers above are of whom the filters leave"
    assert f"25–34: {number(band)} shoppers" in text
    assert f"everyone else: {number(whole - band)} shoppers" in text
    assert "differ most at 25–34" not in text and "chosen by what this chart shows" in text
    # a channel's share is of people, once each, in both groups
    bars = next(f["data"] for f in figures(at) if any("website" in str(t) for t in (
        *f["layout"].get("xaxis", {}).get("ticktext", []),)))
    assert bars[0]["customdata"] == [
        f"{channel_name(r.channel)}: {percent(r.shoppers / band)} ({number(r.shoppers)})"
        for r in seen.itertuples()]
    assert "Age: 25–34" in at.selectbox(key="b_against").options
    at.selectbox(key="b_band").set_value("25-34").run()
    assert_well(at)
    assert "Age: 25–34" not in at.selectbox(key="b_against").options
    assert at.selectbox(key="b_against").value is None and "100.0%" not in words(at)


def test_a_large_shop_is_counted_beside_the_page_with_progress(
        open_page, sample_shop, monkeypatch):
    monkeypatch.setattr(on_demand, "LARGE", 0)
    go, prepare = threading.Event(), Workspace.prepare

    def slowly(ws, progress):
        progress(0.4)
        go.wait(60)
        prepare(ws, progress)

    monkeypatch.setattr(Workspace, "prepare", slowly)
    at = open_page("behaviour", b_part="carts")
    assert not at.get("plotly_chart") and "Your shop is large" in words(at)
    assert at.get("progress")[0].proto.value == 40
    go.set()
    finish(at, lambda: at.get("plotly_chart"))
    assert "Your shop is large" not in words(at)
