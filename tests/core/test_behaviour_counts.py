"""What a figure is of: rows without a shopper, buyers nobody saw come, orders that don't count."""

import pandas as pd
import pytest

from omni_core.behaviour import beside, facts, sentences, steps
from omni_core.customers import wording
from omni_core.store.forget import Forgotten
from omni_core.workspace import Workspace


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    # two browse (one buys), three lines name nobody, three only buy; two orders don't count
    log = ("a,p1,view,2026-03-01 10:00,web\na,p1,purchase,2026-03-01 10:05,web\n"
           "b,p1,cart,2026-03-02 10:00,app\n,p1,view,2026-03-03 10:00,web\n"
           ",p2,view,2026-03-03 11:00,web\n,p2,view,2026-03-03 12:00,app\n")
    orders = "".join(f"o{i},{u},10,2026-03-05 10:00,{s}\n" for i, (u, s) in enumerate(
        [("c", "paid"), ("d", "paid"), ("e", "paid"), ("e", "cancelled"), ("a", "unpaid")]))
    with Workspace.open(tmp_path_factory.mktemp("counts"), timezone="UTC") as ws:
        for name, head, rows in (
            ("log", "user_id,item_id,event,time,channel", log),
            ("orders", "order_id,user_id,total,order_time,order_status", orders),
        ):
            report = ws.import_file(data=f"{head}\n{rows}".encode(), name=f"{name}.csv")
            assert report.status == "imported", (report.code, report.questions)
        yield ws


def test_visits_say_how_many_rows_name_no_shopper(shop):
    row = steps.row(shop.query("visits"))
    assert (row["shoppers"], row["events"], row["of_nobody"]) == (5, 9, 3)
    assert "3 of 9 rows (33%) name no shopper" in steps.visits(row)
    web = steps.row(shop.query("visits", channel="web"))
    assert (web["events"], web["of_nobody"]) == (4, 2)
    late = steps.row(shop.query("visits", start="2026-03-04"))
    assert late["of_nobody"] == 0 and "name no shopper" not in steps.visits(late)
    single = steps.visits(row | {"minutes": float("nan")})
    assert "visits with a view." in single and "–" not in single, "no visit has two events"


def test_first_visits_leave_out_who_is_known_by_purchases_alone_and_say_so(shop):
    table = shop.query("first_steps")
    assert dict(zip(table["steps"], table["shoppers"], strict=True)) == {
        "view,purchase": 1, "cart": 1}
    assert table["share"].sum() == 1
    assert "Left out: 3 shoppers of whom only" in steps.paths(table, 5)
    assert "Left out" not in steps.paths(table, 2)
    assert shop.query("first_steps", start="2026-03-04").empty


def test_the_orders_that_are_not_counted_are_told(shop):
    row = facts.one(shop.query("summary"))
    assert (row["orders"], row["not_counted"]) == (4, 2)
    assert "2 orders that were cancelled or left" in sentences.not_counted(row["not_counted"])
    assert facts.one(shop.query("summary", end="2026-03-05"))["not_counted"] == 0


def test_any_order_and_this_order_are_told_apart():
    loose = pd.DataFrame({"step": ["view", "cart", "purchase"], "shoppers": [350, 344, 119]})
    assert "119 (34.6%) bought, in any order." in sentences.funnel(loose)
    assert ", in any order" not in sentences.funnel(loose.tail(1)), "one step has no order"


def test_one_customer_begins_with_the_buyer_who_bought_most():
    telling = pd.DataFrame({"id": ["t", "a", "looks"], "purchases": [2, 9, 0]})
    found = pd.DataFrame({"id": ["b", "looks", "a"]})
    assert wording.buyers_first(telling, found) == ["a", "t", "b", "looks"]
    assert wording.buyers_first(telling.tail(1), found) == ["b", "looks", "a"]


def test_one_id_is_no_ids():
    assert Forgotten(1, 2, 1, 0).words() == "1 id, 2 orders and 1 row"


def test_orders_without_a_part_in_the_revenue_are_told_apart_and_are_of_no_mean(tmp_path):
    orders = "".join(f"o{i},{u},{t},{c},2026-03-0{i} 10:00\n" for i, (u, t, c) in enumerate(
        [("a", 10, "USD"), ("a", 20, "USD"), ("b", 7, "EUR"), ("a", 5, "GBP"), ("c", 9, "USD")], 1))
    log = ("w1,p1,purchase,2026-03-02 12:00\nw1,p1,purchase,2026-03-04 12:00\n"
           "w1,p1,purchase,2026-02-01 12:00\na,p1,purchase,2026-03-20 12:00\n"
           "a,p1,purchase,2026-03-01 12:00\n")  # the last is a's first order once more
    ages = "customer_id,age\nv1,30\nv2,40\n"
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        for name, rows in (("orders", "order_id,user_id,total,currency,order_time\n" + orders),
                           ("log", "user_id,item_id,event,time\n" + log), ("ages", ages)):
            assert ws.import_file(data=rows.encode(), name=f"{name}.csv").status == "imported"
        rows = ws.query("orders_beside")
        assert rows.values.tolist() == [["EUR", 1, 7], ["GBP", 1, 5], ["", 2, 0]]
        said = beside.other_currencies(rows, ws.currency)
        assert "2 of these orders are in other currencies" in said and "EUR, 1" in said
        assert beside.without_sum(rows).startswith("2 of these orders are purchases")
        assert ws.query("orders_beside", start="2026-03-05").empty
        assert "age of 2 customers" in beside.ages_elsewhere(ws.query("ages_known"))
        person = ws.query("person", user="a").iloc[0]
        assert (person.orders, person.revenue, person.mean_order) == (4, 30, 15)
        ws.people.join("v1", "a")
        assert beside.ages_elsewhere(ws.query("ages_known")) == ""
