"""The recommend page: one move changes the list, the measure and the marks; both languages."""

import pytest

from omni_core.i18n import LANGUAGES, percent
from omni_core.recommend import MODELS, Interactions, evaluate, settings, time_split
from omni_core.recommend import desk as desks
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words
from tests.app.recommend_page import QUICK, figures, lines, look, shown, speaks, state


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
