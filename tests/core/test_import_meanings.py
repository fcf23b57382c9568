"""What a shop's words and sums mean: paid by line or order, coupons used, ratings in words."""

from __future__ import annotations

import pytest

from omni_core import Workspace
from omni_core.ingest.telling import bridge, sort_notes
from omni_core.targeting.targets import campaigns


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="Asia/Shanghai") as workspace:
        yield workspace


def take(ws, text, **answers):
    return ws.import_file(data=text.encode(), name="file.csv", answers=answers)


def inspect(ws, text, **answers):
    return ws.inspect(data=text.encode(), name="file.csv", answers=answers)


PAID = "order,user,time,sku,price,qty,paid amount\n"


def lines_of_orders(pay):
    """20 orders of two products, 10 × 1 and 30 × 2; ``pay(order)``: what each line says."""
    return PAID + "".join(
        f"O{i},u{i % 7},2026-03-{i + 1:02d} 10:00,{sku},{price},{qty},{paid}\n"
        for i in range(20)
        for sku, price, qty, paid in zip("AB", (10, 30), (1, 2), pay(i), strict=True))


@pytest.mark.parametrize(("pay", "revenue", "listed"), [
    pytest.param(lambda i: (9, 55), 20 * 64, 20 * 70, id="differs from line to line"),
    pytest.param(lambda i: (64, 64), 20 * 64, None, id="repeated on each line"),
    pytest.param(lambda i: (64, 0), 20 * 64, None, id="on the first line, 0 on the others"),
    pytest.param(lambda i: (10, 60), 20 * 70, None, id="the listed price itself"),
])
def test_what_was_paid_is_the_lines_or_the_orders_by_its_cells(ws, pay, revenue, listed):
    r = take(ws, lines_of_orders(pay))
    assert ws.query("summary").iloc[0].revenue == revenue == r.totals[0].read
    assert r.totals[0].listed == listed
    if listed:
        assert [float(amount) for _, amount in bridge(r.totals[0])] == [1400, -120, 1280, 1280]


@pytest.mark.parametrize(("said", "gap"), [(1280, 0), (2560, 0), (1300, -1260)])
def test_a_total_that_counts_each_order_once_is_no_gap(ws, said, gap):
    r = inspect(ws, lines_of_orders(lambda i: (64, 64)) + f"合计,,,,,,{said}\n")
    assert (r.totals[0].said, r.totals[0].gap, r.totals[0].read) == (said, gap, 1280)
    assert ("total_differs" in {n.code for n in r.notes}) == bool(gap)


def test_lines_of_one_price_are_not_taken_for_an_order_total(ws):
    rows = "".join(f"O{i},u{i % 7},2026-03-{i + 1:02d} 10:00,{sku},20,1,20\n"
                   for i in range(20) for sku in "AB")
    take(ws, PAID + rows)
    assert ws.query("summary").iloc[0].revenue == 800


def test_a_sum_that_may_be_the_lines_or_the_orders_is_asked(ws):
    text = lines_of_orders(lambda i: (5, 6) if i < 4 else (50, 50))
    r = take(ws, text)
    assert [(q.code, q.options) for q in r.questions] == [("total_of", ("line", "order"))]
    assert "4 of 20" in str(r.questions[0])
    assert float(inspect(ws, text, total_of="line").totals[0].read) == 4 * 11 + 16 * 100
    assert float(take(ws, text, total_of="order").totals[0].read) == 4 * 6 + 16 * 50


def test_a_file_of_coupons_is_a_campaign_with_its_answers(ws):
    head = "优惠券名称,会员名,手机号,发放时间,使用状态,使用时间\n"
    rows = "".join(
        f"满200减20,买家{i},1380000{i:04d},2026-07-15 10:00,"
        + ("已使用,2026-07-16 10:00\n" if i % 3 == 0 else "未使用,\n") for i in range(30))
    r = take(ws, head + rows)
    assert (r.table, r.accepted) == ("sends", 30)
    found = campaigns(ws).iloc[0]
    assert (found.campaign, found.people, found.answers) == ("满200减20", 30, 10)
    assert "no_answers" not in {n.code for n in r.notes}
    bare = take(ws, "优惠券名称,会员名,发放时间\n满99减9,买家1,2026-07-15 10:00\n")
    assert bare.table == "sends" and "no_answers" in {n.code for n in sort_notes(bare)[0]}


def test_ratings_in_words_are_read_as_stars_and_said(ws):
    text = "商品编码,评分,评价内容\n" + "".join(
        f"A{i},{word},还行{i}\n" for i, word in enumerate(("好评", "中评", "差评", "4星", "5")))
    r = take(ws, text)
    with ws._database.cursor() as cursor:
        assert [int(s) for (s,) in cursor.execute(
            "SELECT stars FROM review_rows ORDER BY source_row").fetchall()] == [5, 3, 1, 4, 5]
    assert "ratings_in_words" in {n.code for n in sort_notes(r)[1]}
    assert len(inspect(ws, text + "A9,好评,又来\n", **{"step:rating_words": "off"}).rejects) == 4


def test_a_file_of_nothing_but_rating_words_has_ratings(ws):
    r = take(ws, "商品编码,评价,评价内容\nA1,好评,很好\nA2,差评,破了\n", **{"rating": "评价"})
    assert (r.table, r.accepted) == ("reviews", 2)
    r = take(ws, "商品编码,评分,评价内容\nA1,好评,很好\nA2,差评,破了\n")
    assert (r.table, r.accepted) == ("reviews", 2)
