"""The recommend page: one move changes the list, the measure and the marks; both languages."""

import json
import re
import threading
import time

import pytest

from omni_core import home
from omni_core.i18n import LANGUAGES, number, percent
from omni_core.recommend import MODELS, Interactions, evaluate, settings, time_split
from omni_core.recommend import desk as desks
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, finish, words


def figures(at):
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def lines(at):
    return [m.value for m in at.markdown if re.match(r"\*\*\d+\\\.", m.value)]


def shown(at):
    """The names on the list, in order, as they stand in the page's Markdown."""
    return [re.match(r"\*\*\d+\\\. (.*?)\*\*[ \n]", line).group(1) for line in lines(at)]


def fill(csv):
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        report = ws.import_file(data=csv.encode(), name="events.csv")
        assert report.status == "imported", (report.code, report.questions)
    home.remember(folder)


def rows(event="purchase", day="2026-03-{:02}", name="Thing {}"):
    """Eighty shoppers of two tastes; a row for each thing they took."""
    made = ["user_id,item_id,event,time,item name"]
    for u in range(80):
        for i in range(6):
            item = (u * 7 + i * 3) % 20 * 2 + u % 2
            made.append(f"u{u},p{item},{event},{day.format((u + 3 * i) % 28 + 1)},"
                        + name.format(item))
    return "\n".join(made) + "\n"


def look(at, part):
    at.segmented_control(key="rc_more").set_value(part).run()
    assert_well(at)
    return words(at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_one_language(open_page, sample_shop, language):
    at = open_page("recommend", language)
    text = words(at)
    assert len(shown(at)) == 10 and len(at.metric) == 6
    for part in ("duel", "cold", "alike", "all", "final", "quality"):
        text += look(at, part)
    assert all(c.proto.alt for c in at.get("plotly_chart"))
    speaks(text, language)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_method_speaks_one_language(open_page, sample_shop, language):
    at = open_page("recommend", language)
    for method in MODELS:
        at.selectbox(key="rc_model").set_value(method).run()
        assert_well(at)
        speaks(words(at), language)


def speaks(text, language):
    text = re.sub(r"\$[^$]*\$", "", text)  # a formula has no language
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
    else:
        assert not re.search(r"[\u4e00-\u9fff]", text.replace("中文", "")), text
    assert not re.search(r"\{\w+\}", text)


def state(at):
    """What a move can change: the figures, the list."""
    return [m.value for m in at.metric], shown(at)


QUICK = {"rc_more": "final"}  # the part of the page that draws least


MOVES = {
    "item_neighbours": [
        ("rc_view", 20.0), ("rc_cart", 0.0), ("rc_favourite", 0.5), ("rc_in_k", 5),
        ("rc_in_damping", 0.0), ("rc_in_norm_to", 0.8), ("rc_in_norm_from", 0.2),
        ("rc_in_popularity", 0.6), ("rc_in_shrink", 20.0), ("rc_in_min_common", 12),
        ("rc_in_half_life_on", True), ("rc_in_similarity", "jaccard")],
    "user_neighbours": [
        ("rc_un_k", 10), ("rc_un_damping", 0.0), ("rc_un_norm_to", 1.0), ("rc_un_popularity", 1.0),
        ("rc_un_shrink", 5.0), ("rc_un_min_common", 8), ("rc_un_half_life_on", True),
        ("rc_un_similarity", "loglikelihood")],
    "popularity": [("rc_po_window_on", True), ("rc_po_scope", "category"), ("rc_view", 0.0)],
    "content": [("rc_co_k", 3), ("rc_co_price_bands", 0), ("rc_co_half_life_on", True)],
    "ease": [("rc_ea_l2", 2000.0), ("rc_ea_half_life_on", True)],
    "hybrid": [("rc_hy_say", 20), ("rc_hy_first", "ease"), ("rc_hy_second", "popularity"),
               ("rc_hy_smoothing", 0.0)],
}


def move(at, key, value):
    """Set a control, whatever kind it is, and run; returns what it was."""
    kind = next(k for k in ("slider", "toggle", "selectbox") if any(
        w.key == key for w in at.get(k)))
    widget = getattr(at, kind)(key=key)
    before = widget.value
    widget.set_value(value).run()
    assert_well(at)
    return before


@pytest.mark.parametrize("model", [
    m if m == "item_neighbours" else pytest.param(m, marks=pytest.mark.slow) for m in MOVES])
def test_every_control_of_a_method_changes_something_and_can_be_taken_back(
    open_page, sample_shop, model
):
    at = open_page("recommend", rc_model=model, **QUICK)
    start = state(at)
    own = {w.key for k in ("slider", "toggle", "selectbox") for w in at.get(k)
           if str(w.key).startswith(f"rc_{settings.SHORT[model]}_")}
    tried = {key for key, _value in MOVES[model]}
    assert own <= tried, own - tried
    last = start
    for key, value in MOVES[model]:
        move(at, key, value)
        assert state(at) != last, key
        last = state(at)
    at.button(key="rc_reset").click().run()
    assert state(at) == start


def test_what_is_left_out_the_length_and_the_stock_change_the_list(open_page, sample_shop):
    at = open_page("recommend", **QUICK)
    start = state(at)
    for key, value in (("rc_leave", "nothing"), ("rc_n", 20), ("rc_ladder", True)):
        move(at, key, value)
        assert state(at) != start, key
        start = state(at)
    with Workspace.open(sample_shop) as ws:
        assert (ws.query("catalogue", level="item")["stock"] <= 0).any()
    at.slider(key="rc_n").set_value(30)
    at.toggle(key="rc_ladder").set_value(False).run()
    assert "sold out" not in " ".join(lines(at))
    everywhere = []
    at.toggle(key="rc_stock").set_value(False)
    for place in range(4):
        at.selectbox(key="rc_shopper").select_index(place).run()
        everywhere += lines(at)
        if "sold out" in " ".join(everywhere):
            return
    raise AssertionError("nothing sold out is on any list")


@pytest.mark.parametrize("model, key", [
    pytest.param("item_neighbours", "rc_in_norm_to", marks=pytest.mark.slow),
    pytest.param("user_neighbours", "rc_un_k", marks=pytest.mark.slow),
    pytest.param("ease", "rc_ea_l2", marks=pytest.mark.slow)])
def test_presets_go_from_what_is_known_to_what_is_not(open_page, sample_shop, model, key):
    at = open_page("recommend", rc_model=model, **QUICK)
    novelty, first = {}, at.slider(key=key).value
    for name in settings.PRESETS:
        at.button(key=f"rc_preset_{name}").click().run()
        assert_well(at)
        novelty[name] = float(at.metric[5].value)
    assert novelty["safe"] < novelty["balanced"] < novelty["discover"]
    at.button(key="rc_preset_balanced").click().run()
    assert at.slider(key=key).value == first


def test_one_click_sets_the_suggested_weights(open_page, sample_shop):
    at = open_page("recommend", **QUICK)
    with Workspace.open(sample_shop) as ws:
        suggested = settings.suggested_worth(
            Interactions.from_frame(ws.query("interactions", level="item")))
    expected = settings.on_the_slider(suggested)
    assert set(expected) == {"view", "cart", "favourite"}
    at.button(key="rc_use").click().run()
    assert_well(at)
    assert {name: at.slider(key=f"rc_{name}").value for name in expected} == expected
    assert at.button(key="rc_use").disabled
    at.button(key="rc_reset").click().run()
    assert at.slider(key="rc_view").value == 5.0 and not at.button(key="rc_use").disabled


def test_neighbours_end_where_the_goods_end_even_from_a_link(open_page, own_home):
    fill(rows())
    at = open_page("recommend", rc_in_k="900")
    slider = at.slider(key="rc_in_k")
    assert slider.max == slider.value == 39


def test_a_move_marks_what_rose_fell_came_and_went(open_page, sample_shop):
    at = open_page("recommend")
    first = shown(at)
    assert not any("badge" in line for line in lines(at))
    at.slider(key="rc_in_norm_to").set_value(0.7).run()
    second = shown(at)
    assert second != first
    for name, line in zip(second, lines(at), strict=True):
        rank = second.index(name)
        if name not in first:
            assert ":blue-badge[new]" in line
        elif first.index(name) != rank:
            assert ("▲" if first.index(name) > rank else "▼") in line
        else:
            assert "badge" not in line
    gone = [c.value for c in at.caption if c.value.startswith("Gone")]
    assert bool(gone) == bool(set(first) - set(second))
    at.selectbox(key="rc_shopper").select_index(1).run()
    assert not any("badge" in line for line in lines(at)), "another shopper: nothing to compare"


def test_the_page_shows_what_the_library_measures(open_page, sample_shop):
    at = open_page("recommend", rc_in_k="60")
    with Workspace.open(sample_shop) as ws:
        x = Interactions.from_frame(ws.query("interactions", level="item"))
    train, validation, _ = time_split(x)
    model = MODELS["item_neighbours"](k=60, min_common=2).fit(train)
    own = evaluate(model, validation, events=("purchase",))
    base = evaluate(MODELS["popularity"]().fit(train), validation, events=("purchase",))
    expected = [percent(own[m]) for m in ("hit_rate@10", "hit_rate_new@10")] + [
        f"{own['ndcg@10']:.3f}", percent(own["recall@20"]), percent(own["coverage@10"]),
        f"{own['novelty@10']:.3f}"]
    assert [m.value for m in at.metric] == expected
    assert figures(at)[0]["data"][1]["x"][0] == pytest.approx(base["hit_rate@10"])
    assert own["hit_rate@10"] > base["hit_rate@10"]


def test_a_move_of_item_neighbours_fits_nothing_on_all_events(
    open_page, sample_shop, monkeypatch
):
    def fit(*_any):
        raise AssertionError("the shopper's own pairs were at hand")

    monkeypatch.setattr(desks.Desk, "live", fit)
    at = open_page("recommend")
    at.slider(key="rc_in_norm_to").set_value(0.6).run()
    assert_well(at)
    assert len(shown(at)) == 10


def test_bestsellers_need_no_because(open_page, sample_shop):
    at = open_page("recommend", rc_model="popularity")
    assert all("bestseller" in line and "Because" not in line for line in lines(at))
    assert {s.key for s in at.slider} == {
        "rc_view", "rc_cart", "rc_favourite", "rc_n", "rc_seek_n"}


def test_a_shopper_is_found_by_a_part_of_the_id_and_stays_in_the_link(open_page, sample_shop):
    at = open_page("recommend", **QUICK)
    at.text_input(key="rc_search").set_value("c012").run()
    box = at.selectbox(key="rc_shopper")
    assert len(box.options) > 1 and all(o.startswith("C012") for o in box.options)
    at.selectbox(key="rc_shopper").select_index(1).run()
    assert_well(at)
    assert box.options[1].split(" ")[0] in at.query_params["rc_shopper"]
    at.text_input(key="rc_search").set_value("%_no one").run()
    assert_well(at)
    assert not shown(at)


def test_purchases_alone_are_enough_and_have_nothing_to_weigh(open_page, own_home):
    fill(rows())
    at = open_page("recommend")
    assert len(shown(at)) == 10 and "purchases only" in words(at)
    assert not [s.key for s in at.slider if s.key in ("rc_view", "rc_cart", "rc_favourite")]
    with_time = [m.label for m in at.metric]
    assert with_time
    look(at, "final")
    at.toggle(key="rc_final").set_value(True).run()
    assert_well(at)
    assert at.dataframe


def test_data_of_one_moment_are_shown_without_a_measure(open_page, own_home):
    fill(rows(day="2026-03-01"))
    for language in LANGUAGES:
        at = open_page("recommend", language)
        assert len(shown(at)) == 10 and not at.metric
        assert len(at.info) == 1
        at.segmented_control(key="rc_view_by").set_value("chance").run()
        assert len(at.metric) == 6 and len(at.warning) == 1


def test_views_alone_are_measured_on_views(open_page, own_home):
    fill(rows(event="view"))
    at = open_page("recommend")
    assert len(at.metric) == 6 and "did something" in words(at)
    assert "came to this too" in lines(at)[0]


def test_names_from_a_file_are_never_markup(open_page, own_home):
    evil = "**{}** <b>x</b> [go](http://evil.example) :red[r] $$1$$ `c`"
    fill(rows(name=evil))
    at = open_page("recommend")
    for line in lines(at):
        text = re.sub(r"\\.", "", line)  # what is escaped is gone; nothing of it is left
        assert "<" not in text and "](http" not in text and "$$" not in text and "`" not in text
        assert ":red[" not in text
    for figure in figures(at):
        assert "<b>" not in json.dumps(figure)


def test_without_data_the_page_says_which_file(open_page):
    at = open_page("recommend", "zh")
    assert "行为或订单明细" in words(at) and not at.get("plotly_chart")


def test_a_method_whose_part_is_missing_says_how_to_get_it(open_page, sample_shop, monkeypatch):
    monkeypatch.setattr(settings, "find_spec", lambda name: None)
    for language, link in (("en", {"rc_model": "als"}), ("zh", {
            "rc_model": "hybrid", "rc_hy_first": "als"})):
        at = open_page("recommend", language, **link)
        assert ".[als]" in at.warning[0].value.replace("\\", "")
        assert not shown(at) and not at.metric


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
    assert "A is better" in text and text.count("then bought") == 3
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


def test_lists_for_everyone_are_made_beside_the_page(open_page, sample_shop):
    at = open_page("recommend", rc_more="all")
    at.button(key="rc_all").click().run()
    finish(at, lambda: any(b.key == "rc_all_csv" for b in at.get("download_button")))
    with Workspace.open(sample_shop) as ws:
        users = len(Interactions.from_frame(ws.query("interactions", level="item")).users)
    assert f"{number(10 * users)} rows for {number(users)} shoppers" in words(at)


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


def few(users, items, event="purchase", days=28):
    rows = ["user_id,item_id,event,time"]
    for u in range(users):
        for i in range(items):
            rows.append(f"{1000 + u},{i},{event},2026-03-{(u * 3 + i * 5) % days + 1:02} 10:00")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("users, items", [
    (1, 1), (50, 12), *(pytest.param(u, i, marks=pytest.mark.slow) for u, i in (
        (1, 8), (40, 1), (2, 2)))])
def test_hardly_any_data_give_a_plain_sentence(open_page, own_home, users, items):
    fill(few(users, items))
    at = open_page("recommend", **QUICK)
    if users == 50:
        assert "Take it as a hint" in words(at) or "Too little to judge by" in words(at)
    for part in ("cold", "alike"):
        look(at, part)
    for method in MODELS:
        at.selectbox(key="rc_model").set_value(method).run()
        assert_well(at)
        assert shown(at) or "Nothing is left" in words(at) or method in settings.SLOW


def test_an_unknown_shopper_of_a_link_is_said_to_be_unknown(open_page, sample_shop):
    at = open_page("recommend", rc_shopper="<b>nobody", **QUICK)
    assert "isn't in these data" in at.warning[0].value and len(shown(at)) == 10
    found = open_page("recommend", rc_shopper="C00123", **QUICK)
    assert not found.warning and found.selectbox(key="rc_shopper").value == "C00123"


def test_goods_sold_out_everywhere_leave_an_empty_list_and_say_so(open_page, own_home):
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        ws.import_file(data=few(30, 6).encode(), name="events.csv")
        goods = "product_id,name,stock\n" + "".join(f"{i},Thing {i},0\n" for i in range(6))
        assert ws.import_file(data=goods.encode(), name="products.csv").status == "imported"
    home.remember(folder)
    at = open_page("recommend", rc_leave="nothing")
    assert "Nothing is left to recommend" in at.info[0].value
    at.toggle(key="rc_stock").set_value(False).run()
    assert len(shown(at)) == 6


def test_reviews_instead_of_events_say_which_file_is_missing(open_page, own_home):
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        ratings = "user_id,product_id,rating,date\n" + "".join(
            f"u{i % 9},p{i % 5},{i % 5 + 1},2026-03-{i % 28 + 1:02}\n" for i in range(60))
        ws.import_file(data=ratings.encode(), name="ratings.csv")
    home.remember(folder)
    at = open_page("recommend")
    assert "This page learns from what shoppers viewed and bought" in words(at)
