"""What staging does with cells and rows: switches, packed cells, money and its bridge, words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from omni_core import Workspace


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="Asia/Shanghai") as workspace:
        yield workspace


def take(ws, text, **answers):
    r = ws.import_file(data=text.encode(), name="file.csv",
                       answers={k.replace("__", ":"): v for k, v in answers.items()})
    assert r.rows_in == r.accepted + r.rejected + r.excluded
    return r


def bridges(ws, r):
    """The bridge holds to the cent and ends at the revenue of the store."""
    for total in r.totals:
        assert total.summed + sum(a for _, a in total.parts) == total.read
        assert isinstance(total.read, Decimal)
    read = r.totals[0].read if r.totals else Decimal(0)
    assert read == Decimal(str(ws.query("summary").revenue[0]))
    return {code: amount for total in r.totals[:1] for code, amount in total.parts}


JD = ("订单号,商品ID,商品名称,订购数量,京东价,应付金额,订单状态,下单帐号,下单时间\n"
      "1001,a,茶,1,10.10,30.30,完成,u1,2026-03-01 10:00:00\n"
      "1001,b,杯,1,20.20,30.30,完成,u1,2026-03-01 10:00:00\n"
      "1002,a,茶,1,10.10,10.10,已取消,u2,2026-03-02 10:00:00\n"
      "1003,a,茶,1,10.10,10.10,等待付款,u2,2026-03-02 11:00:00\n"
      "1004,a,茶,2,10.10,20.20,完成,u3,去年\n"
      "合计,,,,,70.70,,,\n")


def test_repeated_order_amounts_reach_the_revenue_by_named_steps(ws):
    r = take(ws, JD)
    assert (r.status, r.profile) == ("imported", "jd_orders")
    parts = bridges(ws, r)
    assert parts == {
        "part_repeated": Decimal("-30.30"), "part_cancelled": Decimal("-10.10"),
        "part_unpaid": Decimal("-10.10"), "part_rejected": Decimal("-20.20")}
    assert r.totals[0].summed == Decimal("101.00")
    assert r.totals[0].said == Decimal("70.70") and r.totals[0].gap == Decimal("-30.30")
    assert "total_differs" in {n.code for n in r.notes}


def test_order_amounts_on_the_first_line_only_are_not_repeated(ws):
    r = take(ws, "Name,Email,Financial Status,Total,Shipping,Refunded Amount,Created at,"
                 "Lineitem quantity,Lineitem name,Lineitem price,Currency\n"
                 "#1,a@x.eu,paid,35.00,5.00,0,2026-03-01 10:00:00 +0200,1,Tea,10.00,EUR\n"
                 "#1,a@x.eu,,,,,2026-03-01 10:00:00 +0200,2,Cup,10.00,\n"
                 "#2,b@x.eu,partially_refunded,20.00,0,4.50,2026-03-02 10:00:00 +0200,2,Cup,10,EUR\n"
                 "#3,b@x.eu,refunded,20.00,0,20,2026-03-02 10:00:00 +0200,2,Cup,10,EUR\n")
    assert r.profile == "shopify_orders"
    assert bridges(ws, r) == {
        "part_shipping": Decimal(-5), "part_refunds": Decimal("-4.50"),
        "part_refunded": Decimal(-20)}


@pytest.mark.parametrize("text", [
    "user,item,time,order,price,quantity,line id\nu,a,2026-03-01,1,9.99,3,L1\nu,a,2026-03-01,1,9.99,3,L1\n"
    "u,b,2026-03-01,C2,5,-1,L2\nu,b,bad,3,5,1,L3\n",
    "user,item,time,event,amount\nu,a,2026-03-01,view,7\nu,a,2026-03-01,buy,7.5\nu,a,2026-03-02,refund,2\n"
    "u,a,2026-03-02,refund,-1\nu,a,2026-03-02,scroll,5\n",
    "user,order,time,total,status,shipping,refund\nu,1,2026-03-01,10,paid,2,1\n"
    "u,2,2026-03-01,20,cancelled,2,1\nu,3,2026-03-01,30,refunded,2,30\nu,1,2026-03-01,12,paid,2,1\n",
    "user,order,time,total,currency\nu,1,2026-03-01,10,EUR\nu,2,2026-03-01,20,EUR\nu,3,2026-03-01,30,美元\n",
])
def test_every_bridge_ends_at_the_revenue(ws, text):
    r = take(ws, text)
    assert r.status == "imported" and r.totals
    bridges(ws, r)


def test_a_bridge_of_an_overlap_says_what_was_there(ws):
    text = "user,order,time,total\n" + "".join(f"u,{i},2026-03-0{i},10\n" for i in range(1, 5))
    take(ws, text)
    r = take(ws, text + "u,5,2026-03-05,10\n")
    assert dict(r.totals[0].parts) == {"part_already_in_store": Decimal(-40)}
    assert r.totals[0].read == 10


PACKED = ("订单号,订单状态,买家付款时间,订单实付金额,全部商品名称,买家昵称\n"
          "1,交易完成,2026-03-01 10:00:00,30.00,茶杯;茶壶,甲\n"
          "2,交易完成,2026-03-02 10:00:00,10.00,茶杯,乙\n")


def test_a_packed_record_is_one_row_and_several_lines(ws):
    r = take(ws, PACKED)
    assert (r.rows_in, r.accepted) == (2, 2)
    assert bridges(ws, r) == {}
    top = ws.query("top_products").set_index("item")
    assert top.purchases.to_dict() == {"茶杯": 2, "茶壶": 1}
    assert top.revenue.sum() == 40 and top.revenue["茶壶"] == 15
    assert ws.query("summary").orders[0] == 2
    ws.undo(r.import_id)
    assert ws.query("summary").orders[0] == 0


def test_a_packed_record_can_be_left_whole(ws):
    take(ws, PACKED, step__packed_cells="off")
    assert set(ws.query("top_products")["item"]) == {"茶杯;茶壶", "茶杯"}


@pytest.mark.parametrize(("cells", "products"), [
    (["1× Tea, 2× Cup", "1× Tea, black"], {"Tea": 1, "Cup": 1, "Tea, black": 1}),
    (["Tea x 1; Cup x 2", "Tea x 3"], {"Tea": 2, "Cup": 1}),
    (["Tea, black and green", "Cup; large"], {"Tea, black and green": 1, "Cup; large": 1}),
    (["A1;B2", "A1", "B2"], {"A1": 2, "B2": 2}),
])
def test_cells_are_taken_apart_only_on_evidence(ws, cells, products):
    rows = "".join(f'u{i},{i},2026-03-01,"{c}"\n' for i, c in enumerate(cells))
    r = take(ws, "user,order,time,item\n" + rows)
    assert r.accepted == len(cells)
    assert ws.query("top_products").set_index("item").purchases.to_dict() == products
