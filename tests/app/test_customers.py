"""The customers page: every part in both languages, one person, segments built and used."""

import re

import pytest

from omni_core.i18n import LANGUAGES, number
from omni_core.segments import Condition, Segment
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words

PARTS = ("groups", "person", "cohorts", "value", "lapsed", "segments")


@pytest.fixture
def shop(sample_shop):
    """The sample shop, without the segments that a test saves."""
    with Workspace.open(sample_shop) as ws:
        yield ws
        for name in ws.artefacts("segment"):
            ws.delete_artefact("segment", name)


def said(at):
    """The words as they are read, without the marks that keep Markdown off."""
    return words(at).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_speaks_and_draws(open_page, shop, part, language):
    at = open_page("customers", language, c_part=part)
    charts = at.get("plotly_chart")
    assert len(charts) == {"groups": 3, "person": 1, "cohorts": 1, "value": 2}.get(part, 0)
    assert all(c.proto.alt for c in charts)
    text = words(at)
    assert not re.search(r"\{\w+\}", text)
    if language == "zh":
        assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text


def test_one_customer_is_told_as_the_store_knows_her(open_page, shop):
    best = shop.query("segment_people").iloc[0]
    at = open_page("customers", c_part="person", c_search=best["user"][1:])
    text = said(at)
    assert at.selectbox(key="c_user").value == best["user"]
    assert f"{number(best['orders'])} orders, ¥{number(best['revenue'])}" in text
    seen = at.dataframe[-1].value
    mine = shop.query("person_timeline", user=best["user"])
    assert len(seen) == len(mine) and (seen["amount"].dropna() == mine["amount"].dropna()).all()
    at.text_input(key="c_search").set_value("no such id").run()
    assert_well(at)
    assert "Nobody's id holds that" in said(at)


def test_whoever_is_shown_first_is_no_machine(open_page, shop):
    machines = set(shop.query("bots")["user"])
    assert shop.query("shoppers", search=None)["id"].iloc[0] in machines
    at = open_page("customers", c_part="person")
    assert at.selectbox(key="c_user").value not in machines
    assert machines & set(at.selectbox(key="c_user").options)


def test_two_ids_of_one_person_are_one_customer(open_page, shop):
    a, b = shop.query("segment_people")["user"].iloc[[0, 5]]
    orders = [shop.query("person", user=u)["orders"].iloc[0] for u in (a, b)]
    choice = shop.people.join(a, b)
    try:
        both = [shop.query("person", user=u).iloc[0] for u in (a, b)]
        assert both[0]["orders"] == both[1]["orders"] == sum(orders)
        assert set(both[0]["ids"].split(", ")) == {a, b}
        at = open_page("customers", c_part="person", c_search=both[0]["user"])
        assert "under several ids" in said(at)
    finally:
        shop.people.take_back(choice)


def test_a_segment_is_built_counted_saved_and_is_a_filter_everywhere(open_page, shop):
    at = open_page("customers", c_part="segments")
    group = Segment((Condition("orders", "at_least", 2),))
    size = shop.query("segment_size", segment=group).iloc[0]
    assert f"{number(size['shoppers'])} of {number(size['all_shoppers'])}" in said(at)
    at.number_input(key="c_0_orders").set_value(5.0).run()
    assert f"{number(size['shoppers'])} of" not in said(at), "the count is live"
    at.button(key="c_add").click().run()
    at.selectbox(key="c_1_field").set_value("rfm").run()
    at.selectbox(key="c_1_rfm").set_value("champions").run()
    assert_well(at)
    at.text_input(key="c_name").set_value("best")
    at.button(key="FormSubmitter:c_save-Save segment").click().run()
    assert_well(at)
    wanted = Segment((Condition("orders", "at_least", 5.0), Condition("rfm", "is", "champions")))
    assert Segment.from_dict(shop.artefact("segment", "best")) == wanted
    for page, box in (("behaviour", "b_segment"), ("customers", "c_segment")):
        there = open_page(page, **{box: "best"})
        assert there.selectbox(key=box).value == "best", page
    summary = shop.query("summary", segment="best").iloc[0]
    there = open_page("behaviour", b_segment="best")
    assert there.metric[0].value == number(summary["shoppers"])
    again = open_page("customers", c_part="segments")
    again.button(key="c_0_remove").click().run()  # without a condition, too
    assert "best: Number of orders at least 5 and Customer group is Champions" in said(again)
    again.button(key="c_delete_0").click().run()
    assert shop.artefacts("segment") == ()


def test_so_small_a_segment_by_age_is_not_counted_out(open_page, shop):
    at = open_page("customers", c_part="segments")
    at.selectbox(key="c_0_field").set_value("age").run()
    at.number_input(key="c_0_age").set_value(75.0).run()
    assert_well(at)
    assert "Fewer than 5 people" in at.warning[0].value


def test_the_regulars_who_went_quiet_become_a_segment(open_page, shop):
    at = open_page("customers", c_part="lapsed", c_days="120")
    people = shop.query("segment_people", segment=Segment((
        Condition("orders", "at_least", 2), Condition("days_since_order", "at_least", 120))))
    assert f"{number(len(people))} customers with two orders or more" in said(at)
    at.button(key="c_save_lapsed").click().run()
    assert shop.artefacts("segment") == ("Quiet for 120 days",)


def test_the_same_number_on_every_page(open_page, shop):
    """Shoppers, orders, revenue: start, behaviour and customers say what the store says."""
    truth = shop.query("summary").iloc[0]
    for page in ("start", "behaviour"):
        at = open_page(page)
        assert [m.value for m in at.metric][:3] == [
            number(truth["shoppers"]), number(truth["orders"]), f"¥{number(truth['revenue'])}"]
    groups = shop.query("rfm")
    assert groups["orders"].sum() == truth["orders"] == shop.query("trend")["orders"].sum()
    assert groups["shoppers"].sum() == shop.query("segment_size")["buyers"].iloc[0]
    assert shop.query("order_days")["orders"].sum() == truth["orders"]
    weekly = shop.query("new_returning")
    assert weekly["orders"].sum() == truth["orders"]
    cohorts = shop.query("cohorts")
    for money in (shop.query("trend"), weekly, cohorts, shop.query("segment_size")):
        assert money["revenue"].sum() == pytest.approx(truth["revenue"])
    assert cohorts.drop_duplicates("cohort")["shoppers"].sum() == groups["shoppers"].sum()
    assert shop.query("top_categories")["revenue"].sum() == pytest.approx(truth["revenue"])
    shop.set_small_cells(1)  # counts of few are hidden otherwise
    ages = shop.query("age_histogram")["shoppers"].sum()
    assert shop.query("ages_by_gender")["shoppers"].sum() == ages == truth["shoppers"]
    shop.set_small_cells(5)
    assert shop.query("visits")["shoppers"].iloc[0] == truth["shoppers"]
