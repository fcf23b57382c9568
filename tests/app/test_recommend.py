"""The recommend page: one move changes the list, the measure and the marks; both languages."""

import json
import re

import pytest

from omni_core import home
from omni_core.i18n import LANGUAGES, percent
from omni_core.recommend import MODELS, Interactions, evaluate, settings, time_split
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_one_language(open_page, sample_shop, language):
    at = open_page("recommend", language)
    text = words(at)
    assert len(shown(at)) == 10 and len(at.metric) == 3
    assert all(c.proto.alt for c in at.get("plotly_chart"))
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
    else:
        assert not re.search(r"[\u4e00-\u9fff]", text.replace("中文", "")), text
    assert not re.search(r"\{\w+\}", text)


MOVES = [
    ("rc_view", 20.0), ("rc_cart", 0.0), ("rc_favourite", 0.5), ("rc_k", 5), ("rc_damping", 0.0),
    ("rc_norm_to", 0.8), ("rc_norm_from", 0.2), ("rc_popularity", 0.6), ("rc_shrink", 20.0),
    ("rc_min_common", 12),
]


def test_every_control_changes_the_figures(open_page, sample_shop):
    at = open_page("recommend")
    start = figures(at)[0]["data"][0]["x"], [m.value for m in at.metric]
    for key, value in MOVES:
        before = at.slider(key=key).value
        at.slider(key=key).set_value(value).run()
        assert_well(at)
        moved = figures(at)[0]["data"][0]["x"], [m.value for m in at.metric]
        assert moved != start, key
        assert len(figures(at)[0]["data"]) == 3, "the setting before, and bestsellers"
        at.slider(key=key).set_value(before).run()
        assert (figures(at)[0]["data"][0]["x"], [m.value for m in at.metric]) == start
    at.selectbox(key="rc_similarity").set_value("jaccard").run()
    assert [m.value for m in at.metric] != start[1]
    assert not [s for s in at.slider if s.key == "rc_damping"], "jaccard knows no damping"


def test_one_click_sets_the_suggested_weights(open_page, sample_shop):
    at = open_page("recommend")
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
    at = open_page("recommend", rc_k="900")
    slider = at.slider(key="rc_k")
    assert slider.max == slider.value == 39


def test_a_move_marks_what_rose_fell_came_and_went(open_page, sample_shop):
    at = open_page("recommend")
    first = shown(at)
    assert not any("badge" in line for line in lines(at))
    at.slider(key="rc_norm_to").set_value(0.7).run()
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
    at = open_page("recommend", rc_k="60")
    with Workspace.open(sample_shop) as ws:
        x = Interactions.from_frame(ws.query("interactions", level="item"))
    train, validation, _ = time_split(x)
    model = MODELS["item_neighbours"](k=60, min_common=2).fit(train)
    own = evaluate(model, validation, k=(10,), events=("purchase",))
    base = evaluate(MODELS["popularity"]().fit(train), validation, k=(10,), events=("purchase",))
    assert at.metric[0].value == percent(own["hit_rate@10"])
    assert figures(at)[0]["data"][-1]["x"][0] == pytest.approx(base["hit_rate@10"])
    assert own["hit_rate@10"] > base["hit_rate@10"]


def test_bestsellers_need_no_because(open_page, sample_shop):
    at = open_page("recommend", rc_model="popularity")
    assert all("bestseller" in line and "Because" not in line for line in lines(at))
    assert {s.key for s in at.slider} == {"rc_view", "rc_cart", "rc_favourite", "rc_n"}
    at.toggle(key="rc_window_on").set_value(True).run()
    assert_well(at)


def test_a_shopper_is_found_by_a_part_of_the_id_and_stays_in_the_link(open_page, sample_shop):
    at = open_page("recommend")
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
    at.toggle(key="rc_final").set_value(True).run()
    at.toggle(key="rc_all").set_value(True).run()
    assert_well(at)


def test_data_of_one_moment_are_shown_without_a_measure(open_page, own_home):
    fill(rows(day="2026-03-01"))
    for language in LANGUAGES:
        at = open_page("recommend", language)
        assert len(shown(at)) == 10 and not at.metric
        assert len(at.info) == 1


def test_views_alone_are_measured_on_views(open_page, own_home):
    fill(rows(event="view"))
    at = open_page("recommend")
    assert len(at.metric) == 3 and "did something" in words(at)
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
