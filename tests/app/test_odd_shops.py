"""Shops whose files lack something: what can be shown is, the rest says which file fills it."""

import pandas as pd
import pytest

from omni_core import home
from omni_core.workspace import Workspace
from tests.app.conftest import assert_well, words

BEHAVIOUR = ("overview", "people", "visits", "carts", "goods", "calendar")
CUSTOMERS = ("groups", "person", "cohorts", "value", "lapsed", "segments")


def log(rows, head="user_id,item_id,event,time"):
    return "\n".join([head, *rows]) + "\n"


def moment(n, first="2026-03-01"):
    return pd.Timestamp(first) + pd.Timedelta(hours=7 * n)


def mixed(
    n=300, user=lambda k: f"u{k % 40}", at=moment, head="user_id,item_id,event,time", more=""
):
    kinds = ("view", "view", "cart", "purchase")
    return log([f"{user(k)},p{k % 9},{kinds[k % 4]},{at(k)}{more}" for k in range(n)], head)


ORDERS = "order id,buyer,total,created at\n"
SHOPS = {
    # name: (files, words that must stand on the behaviour page, on the customers page)
    "no_ages": ({"log": mixed()}, "No age is known", None),
    "no_time": ({"people": "user_id,age,browsing_count\n" + "\n".join(
        f"u{k},{20 + k % 40},{k % 7}" for k in range(80)) + "\n"}, "as given by your file",
        "No orders by known customers"),
    "one_day": ({"log": mixed(at=lambda k: f"2026-03-01 {k % 24:02}:{k % 60:02}")},
                "too few to tell a high day", "too few whole months"),
    "future": ({"log": mixed(at=lambda k: moment(k, "2031-01-01"))}, "in the future",
               "in the future"),
    "one_customer": ({"log": mixed(user=lambda k: "only")}, None, "Too few even for a table"),
    "no_views": ({"orders": ORDERS + "".join(
        f"o{k},u{k % 30},{10 + k % 5},{moment(3 * k)}\n" for k in range(200))},
        "Views and carts are missing", None),
    "negative": ({"log": mixed(
        head="user_id,item_id,event,time,quantity,amount,order id", more=",1,20,") + "".join(
        f"u{k},p{k},purchase,{moment(k)},-1,-20,r{k}\n" for k in range(9))}, None, None),
    "no_price": ({"log": mixed(), "products": "product_id,name,price\n" + "".join(
        f"p{k},thing {k},{'' if k % 2 else 9}\n" for k in range(9))}, "without a price", None),
    "no_ids": ({"log": mixed(user=lambda k: "")}, None, "No orders by known customers"),
}


@pytest.fixture
def shop(request, own_home):
    files, *_said = SHOPS[request.param]
    folder = home.new_workspace()
    with Workspace.open(folder, small_cells=1) as ws:
        for name, text in files.items():
            report = ws.import_file(data=text.encode(), name=f"{name}.csv")
            if report.status == "needs_answers":  # a quantity below 0 is asked about, perhaps
                report = ws.import_file(data=text.encode(), name=f"{name}.csv", answers={
                    q.field: q.options[0] for q in report.questions})
            assert report.status == "imported", (report.code, report.questions)
    home.remember(folder)
    return request.param


QUICK = {"no_ages", "future", "one_customer", "no_views"}  # the others in the long run


@pytest.mark.parametrize("shop", [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SHOPS
], indirect=True)
def test_what_can_be_shown_is_shown(open_page, shop):
    _files, on_behaviour, on_customers = SHOPS[shop]
    for page, parts, key, wanted in (("behaviour", BEHAVIOUR, "b_part", on_behaviour),
                                     ("customers", CUSTOMERS, "c_part", on_customers)):
        at = open_page(page, **{key: parts[0]})
        said = words(at)
        for part in parts[1:]:
            at.segmented_control(key=key).set_value(part).run()
            assert_well(at)
            said += words(at)
        assert "nan" not in said and "None" not in said, said
        assert wanted is None or wanted in said.replace("\\", ""), said


@pytest.mark.parametrize("part", [
    part if part == "overview" else pytest.param(part, marks=pytest.mark.slow)
    for part in BEHAVIOUR])
def test_a_group_that_lacks_everything_stands_beside_one_that_has_it(own_home, open_page, part):
    folder = home.new_workspace()
    with Workspace.open(folder, small_cells=1) as ws:
        for data in ("user,item,event,time,channel\n" + "".join(
                f"a{k % 30},,search,{moment(k)},app\n" for k in range(60)) + "".join(
                f"u{k % 40},p{k % 9},{('view', 'cart', 'purchase')[k % 3]},{moment(k)},web\n"
                for k in range(600)),
                "customer id,age,gender\n" + "".join(f"u{k},{20 + k},f\n" for k in range(40)),
                "product id,category\n" + "".join(f"p{k},cups\n" for k in range(9))):
            assert ws.import_file(data=data.encode(), name=f"{len(data)}.csv").status == "imported"
    home.remember(folder)
    for against in ("app", "web"):  # the one that lacks them comes first, and second
        at = open_page("behaviour", b_part=part, b_against=f"channel:{against}")
        assert at.get("plotly_chart"), words(at)
        for missing in ("No age is known", "No gender", "No orders", "No file says"):
            assert missing not in words(at), words(at)
