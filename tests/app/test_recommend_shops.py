"""The recommend page on data that lack something: a sentence, never a traceback."""

import json
import re

import pytest

from omni_core import home
from omni_core.i18n import LANGUAGES
from omni_core.recommend import MODELS, pair_sums, settings
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words
from tests.app.recommend_page import QUICK, few, figures, fill, lines, look, rows, shown


def test_neighbours_end_where_the_goods_end_even_from_a_link(open_page, own_home):
    fill(rows())
    at = open_page("recommend", rc_in_k="900")
    slider = at.slider(key="rc_in_k")
    assert slider.max == slider.value == 39


def test_with_too_many_pairs_they_count_from_more_common_shoppers_on_and_the_page_says_so(
    open_page, own_home, monkeypatch
):
    monkeypatch.setattr(pair_sums, "MOST_PAIRS", 100)
    fill(rows())
    at = open_page("recommend", rc_in_min_common="1")
    slider = at.slider(key="rc_in_min_common")
    assert slider.min == slider.value > 2
    assert f"from {slider.min:.0f} common shoppers on" in words(at)
    assert at.metric and len(shown(at)) == 10
    given = settings.presets("item_neighbours", int(slider.min))
    assert min(values["min_common"] for values in given.values()) == slider.min


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
    # each name stands under two ids of one taste
    fill(re.sub(r"Thing (\d+)", lambda m: f"Thing {int(m[1]) & ~2}", rows(event="view")))
    at = open_page("recommend")
    assert len(at.metric) == 6 and "did something" in words(at)
    assert any("are the same under another id" in c.value for c in at.caption)
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
