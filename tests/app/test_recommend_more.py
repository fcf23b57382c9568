"""What lies beside the list on the recommend page: long works, pins, the ladder, saved settings."""

import re
import threading
import time

import pytest

from omni_core import home
from omni_core.recommend import MODELS, Interactions, evaluate, settings, time_split
from omni_core.recommend import desk as desks
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, finish, words
from tests.app.recommend_page import QUICK, figures, fill, lines, rows, shown, state


def test_a_method_that_takes_long_is_worked_out_when_asked_and_can_be_stopped(
    open_page, sample_shop
):
    at = open_page("recommend", rc_model="neural", rc_ne_rounds="1", rc_ne_hidden="2",
                   rc_ne_negatives="1", **QUICK)
    assert not shown(at)
    at.button(key="rc_go").click().run()
    finish(at, lambda: shown(at))
    first = state(at)
    assert len(shown(at)) == 10 and "bestseller" in lines(at)[0], "it can't say why"
    at.slider(key="rc_ne_rounds").set_value(100).run()
    assert state(at) == first and "still the setting before" in words(at)
    at.button(key="rc_go").click().run()
    at.button(key="stop_rc_work").click().run()
    finish(at, lambda: "Stopped" in words(at))
    assert state(at) == first


def test_a_count_that_lasts_leaves_the_list_in_place_and_can_be_stopped(
    open_page, sample_shop, monkeypatch
):
    plain, gate = desks.Desk.tuner, threading.Event()

    def slow(desk, progress=None):
        while progress and not gate.is_set():
            progress(0.1)
            time.sleep(0.02)
        return plain(desk, progress)

    monkeypatch.setattr(desks, "_IN_NO_TIME", 0)
    monkeypatch.setattr(desks.Desk, "tuner", slow)
    at = open_page("recommend")
    assert_well(at)
    assert len(shown(at)) == 10 and not at.metric
    assert "no usable time" not in words(at)
    at.button(key="stop_rc_pairs").click().run()
    finish(at, lambda: any(b.key == "rc_count" for b in at.button))
    assert len(shown(at)) == 10 and not at.metric
    gate.set()
    at.button(key="rc_count").click().run()
    finish(at, lambda: len(at.metric) == 6)


def test_two_pins_fight_on_the_same_shoppers(open_page, sample_shop):
    at = open_page("recommend")
    at.button(key="rc_pin_A").click().run()
    at.button(key="rc_pin_B").click().run()
    assert "same lists" in at.info[0].value
    at.selectbox(key="rc_model").set_value("popularity").run()
    at.button(key="rc_pin_B").click().run()
    assert_well(at)
    tally = {m.label: int(m.value) for m in at.metric[6:]}
    with Workspace.open(sample_shop) as ws:
        x = Interactions.from_frame(ws.query("interactions", level="item"))
    train, validation, _ = time_split(x)
    a, b = (evaluate(MODELS[m](**settings.fields(m)).fit(train), validation, events=("purchase",))
            .per_user["ndcg@10"] for m in ("item_neighbours", "popularity"))
    assert list(tally.values()) == [(a > b).sum(), (a == b).sum(), (a < b).sum()]
    text = words(at)
    assert "A is better" in text and text.count("** then bought") == 3
    at.button(key="rc_pin_A").click().run()
    at.slider(key="rc_view").set_value(5.5).run()
    at.button(key="rc_pin_B").click().run()
    assert "cannot be told apart" in words(at)


def test_the_ladder_says_who_is_served_from_where(open_page, sample_shop):
    at = open_page("recommend", rc_more="cold")
    text = words(at)
    assert "from their own history" in text and "who were new" in text
    assert "of its score is its own" in text
    first = text
    at.selectbox(key="rc_fresh").select_index(1).run()
    assert_well(at)
    assert words(at) != first


def test_a_new_shopper_gets_a_list_that_follows_her_clicks(open_page, sample_shop):
    at = open_page("recommend", rc_shopper="new", **QUICK)
    badges = [m.value for m in at.markdown]
    assert len(shown(at)) == 10 and any("Bestsellers of all shoppers" in b for b in badges)
    before = shown(at)
    box = at.selectbox(key="rc_new_segment")
    box.set_value(box.options[0]).run()
    assert any("Bestsellers of the segment" in m.value for m in at.markdown)
    at.multiselect(key="rc_clicks").select(at.multiselect(key="rc_clicks").options[3]).run()
    assert_well(at)
    assert any("being clicked right now" in m.value for m in at.markdown)
    assert shown(at) != before and "just looked at" in lines(at)[0]


def test_goods_alike_are_found_by_a_part_of_the_name(open_page, sample_shop):
    at = open_page("recommend", rc_more="alike")
    at.text_input(key="rc_item_search").set_value("charger").run()
    assert_well(at)
    assert all("charger" in o.lower() for o in at.selectbox(key="rc_item").options)
    table = at.dataframe[-1].value
    assert len(table) == 10 and table["both"].str.contains("of its").all()
    at.text_input(key="rc_item_search").set_value("no such thing").run()
    assert "No product" in at.info[0].value


def test_a_setting_is_saved_under_a_name_and_comes_back(open_page, sample_shop):
    at = open_page("recommend", **QUICK)
    standard = state(at)
    at.slider(key="rc_in_norm_to").set_value(0.7)
    at.slider(key="rc_view").set_value(12.0)
    at.toggle(key="rc_in_half_life_on").set_value(True).run()
    kept = state(at)
    at.text_input(key="rc_name").set_value("Spring 春").run()
    at.button(key="rc_save").click().run()
    assert_well(at)
    assert state(at) == kept
    at.button(key="rc_reset").click().run()
    assert state(at) == standard
    at.button(key="rc_load").click().run()
    assert state(at) == kept and at.slider(key="rc_view").value == 12.0
    again = open_page("recommend", rc_saved="Spring 春", **QUICK)
    assert state(again) == kept
    assert "leaves that choice" not in words(again)
    again.segmented_control(key="rc_level").set_value("category").run()
    assert "leaves that choice" in words(again)
    at.button(key="rc_forget").click().run()
    assert_well(at)
    with Workspace.open(sample_shop) as ws:
        assert not ws.artefacts("recommend_settings")


@pytest.mark.slow
def test_a_search_uses_validation_and_ends_in_the_controls(open_page, sample_shop):
    at = open_page("recommend", rc_model="ease")
    at.slider(key="rc_seek_n").set_value(10).run()
    at.button(key="rc_seek").click().run()
    finish(at, lambda: "Looked at once" in words(at))
    assert "10 settings tried" in words(at)
    at.button(key="rc_seek_use").click().run()
    assert_well(at)
    at.slider(key="rc_seek_n").set_value(60).run()
    at.button(key="rc_seek").click().run()
    if not any(b.key == "stop_rc_seek" for b in at.button):
        return  # a machine that was quicker than the hand
    at.button(key="stop_rc_seek").click().run()
    finish(at, lambda: "settings tried" in words(at))
    assert "Looked at once" not in words(at), "the test is for the end of a search"


def test_lists_for_everyone_are_made_beside_the_page(open_page):
    fill(rows())
    at = open_page("recommend", rc_more="all")
    at.button(key="rc_all").click().run()
    finish(at, lambda: any(b.key == "rc_all_csv" for b in at.get("download_button")))
    assert "800 rows for 80 shoppers" in words(at)
    one = home.last_opened()
    fill(rows().replace("u1,", "u100,"))
    for folder in (home.last_opened(), one):
        with Workspace.open(folder) as ws:  # of another shop, and of this one as it was
            ws.import_file(data=rows(day="2026-04-{:02}").encode(), name="later.csv")
        at.session_state["omni_folder"] = str(folder)
        at.run()
        assert_well(at)
        assert not any(b.key == "rc_all_csv" for b in at.get("download_button"))


def test_groups_show_their_n_and_hide_the_small(open_page, sample_shop):
    at = open_page("recommend")
    seen = set()
    for by in ("history", "age_band", "segment"):
        at.segmented_control(key="rc_by").set_value(by).run()
        assert_well(at)
        bars = figures(at)[1]["data"][0]["x"]
        assert bars and all(re.search(r"n = \d", label) for label in bars)
        seen.add(tuple(bars))
    assert len(seen) == 3


@pytest.mark.slow
def test_three_views_of_the_measure_differ_and_chance_warns(open_page, sample_shop):
    at = open_page("recommend")
    seen = [state(at)[0]]
    for by in ("last", "chance"):
        at.segmented_control(key="rc_view_by").set_value(by).run()
        assert_well(at)
        assert len(at.warning) == (by == "chance")
        seen.append(state(at)[0])
    assert seen[0] != seen[1] != seen[2]


def test_why_names_what_the_item_hangs_on(open_page, sample_shop):
    at = open_page("recommend", rc_n="30", **QUICK)
    text = "\n".join(lines(at))
    assert re.search(r"Without that \w+ it falls from \d+ to \d+", text)
    assert "in stock" in text and "¥" in text and ":small[" in text
