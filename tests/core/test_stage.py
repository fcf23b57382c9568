"""What staging does with cells and rows: switches, packed cells, money and its bridge, words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core import Workspace
from omni_core.ingest import cells, once, times, words
from omni_core.ingest.report import SWITCHES


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
    # the file's own total has each order once
    assert r.totals[0].said == Decimal("70.70") and r.totals[0].gap == 0
    assert "total_differs" not in {n.code for n in r.notes}


def test_order_amounts_on_the_first_line_only_are_not_repeated(ws):
    r = take(ws, "Name,Email,Financial Status,Total,Shipping,Refunded Amount,Created at,"
                 "Lineitem quantity,Lineitem name,Lineitem price,Currency\n"
                 "#1,a@x.eu,paid,35.00,5.00,0,2026-03-01 10:00:00 +0200,1,Tea,10.00,EUR\n"
                 "#1,a@x.eu,,,,,2026-03-01 10:00:00 +0200,2,Cup,10.00,\n"
                 "#2,b@x.eu,partially_refunded,20.00,0,4.50,2026-03-02 10:00:00 +0200,2,C,10,EUR\n"
                 "#3,b@x.eu,refunded,20.00,0,20,2026-03-02 10:00:00 +0200,2,Cup,10,EUR\n")
    assert r.profile == "shopify_orders"
    assert bridges(ws, r) == {
        "part_shipping": Decimal(-5), "part_refunds": Decimal("-4.50"),
        "part_refunded": Decimal(-20)}


@pytest.mark.parametrize("text", [
    "user,item,time,order,price,quantity,line id\nu,a,2026-03-01,1,9.99,3,L1\n"
    "u,a,2026-03-01,1,9.99,3,L1\nu,b,2026-03-01,C2,5,-1,L2\nu,b,bad,3,5,1,L3\n",
    "user,item,time,event,amount\nu,a,2026-03-01,view,7\nu,a,2026-03-01,buy,7.5\n"
    "u,a,2026-03-02,refund,2\nu,a,2026-03-02,refund,-1\nu,a,2026-03-02,scroll,5\n",
    "user,order,time,total,status,shipping,refund\nu,1,2026-03-01,10,paid,2,1\n"
    "u,2,2026-03-01,20,cancelled,2,1\nu,3,2026-03-01,30,refunded,2,30\nu,1,2026-03-01,12,paid,2,1\n",
    "user,order,time,total,currency\nu,1,2026-03-01,10,EUR\nu,2,2026-03-01,20,EUR\n"
    "u,3,2026-03-01,30,美元\n",
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


def test_a_packed_product_stays_known_where_only_a_bad_row_has_it_alone(ws):
    r = take(ws, PACKED.replace("2026-03-02 10:00:00", "soon"))
    assert (r.accepted, r.rejected) == (1, 1)
    assert set(ws.query("top_products")["item"]) == {"茶杯", "茶壶"}


def test_a_platform_that_packs_need_not(ws):
    r = take(ws, PACKED.replace("茶杯;茶壶", "茶杯x大"))
    assert (r.status, r.accepted) == ("imported", 2)


def test_a_name_stands_in_for_an_empty_number_where_every_other_cell_is_plain(ws):
    rows = "".join(f"u{i},{100 + i},Tea{i},2026-03-01 10:00:00\n" for i in range(5))
    r = take(ws, f"user,sku,title,time\n{rows}u9,,Cup,2026-03-01 10:00:00\n")
    assert (r.accepted, r.rejected) == (6, 0)
    assert set(ws.query("top_products")["item"]) == {*map(str, range(100, 105)), "Cup"}


def test_words_of_no_shop_need_no_product(ws):
    r = take(ws, "user,item,event,time\nu,,session_start,2026-03-01\nu,a,view,2026-03-01\n"
                 "u,a,buy,2026-03-02\n")
    assert (r.rejected, r.exclusions, r.accepted) == (0, {"other_event": 1}, 2)


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


def moments(ws):
    with ws._database.cursor() as cursor:
        return [str(r[0]) for r in cursor.execute(
            "SELECT ts FROM events ORDER BY source_row").fetchall()]


def dated(cells):
    return "user\titem\tevent\ttime\n" + "".join(f"u\tp\tview\t{c}\n" for c in cells)


@pytest.mark.parametrize(("cells", "utc"), [
    (["2026-5-1", "2026/5/1 3:04", "20260501102233", "46023.5", "1777600000", "1777600000123",
      "1777600000123456", "1777600000123456789"],
     ["2026-04-30 16:00:00", "2026-04-30 19:04:00", "2026-05-01 02:22:33", "2026-01-01 04:00:00",
      "2026-05-01 01:46:40", "2026-05-01 01:46:40.123000", "2026-05-01 01:46:40.123456",
      "2026-05-01 01:46:40.123456"]),
    (["2026年5月1日 10时30分", "2026年5月1日 上午9:05", "2026年5月1日下午9:05",
      "星期五 2026-05-01", "令和8年5月1日", "２０２６－０５－０１"],
     ["2026-05-01 02:30:00", "2026-05-01 01:05:00", "2026-05-01 13:05:00", "2026-04-30 16:00:00",
      "2026-04-30 16:00:00", "2026-04-30 16:00:00"]),
    (["10-Dez-25", "3. Mai 2026", "12 février 2026", "3 de mayo de 2026", "Sept 3, 2025",
      "Friday, May 1, 2026", "May 1, 2026, 10:00 PM"],
     ["2025-12-09 16:00:00", "2026-05-02 16:00:00", "2026-02-11 16:00:00", "2026-05-02 16:00:00",
      "2025-09-02 16:00:00", "2026-04-30 16:00:00", "2026-05-01 14:00:00"]),
    (["2026-05-01 10:00:00 +0200", "2026-05-01T10:00:00.5+02:00", "2026-05-01 10:00:00 UTC",
      "2026-05-01 10:00:00 GMT+8", "Fri, 01 May 2026 10:00:00 GMT", "2026-05-01 10:00:00+02"],
     ["2026-05-01 08:00:00", "2026-05-01 08:00:00.500000", "2026-05-01 10:00:00",
      "2026-05-01 02:00:00", "2026-05-01 10:00:00", "2026-05-01 08:00:00"]),
    (["13/04/2026", "5/6/2026 3:04 PM", "1.5.26 10:00 Uhr"],
     ["2026-04-12 16:00:00", "2026-06-05 07:04:00", "2026-05-01 02:00:00"]),
])
def test_all_forms_of_one_column_are_read(ws, cells, utc):
    assert take(ws, dated(cells)).rejected == 0
    assert moments(ws) == utc


@pytest.mark.parametrize("cells", [["03/04/2026", "05/06/2026"],
                                   ["13/04/2026", "14/04/2026", "04/13/2026"]])
def test_days_and_months_are_asked_where_nothing_or_two_things_tell_them(ws, cells):
    r = take(ws, dated(cells))
    assert [q.code for q in r.questions] == ["date_order"]
    assert r.questions[0].values["example"] in cells
    assert take(ws, dated(cells), date_order="day first").status == "imported"


def test_impossible_and_future_times_are_rejected_or_said(ws):
    r = take(ws, dated(["2026-05-01", "1985-01-01", "2569-05-01", "2026-02-30", "0000-00-00",
                        "2099-01-01"]))
    assert [tuple(x) for x in r.rejects[["code", "value"]].to_numpy()] == [
        ("bad_time", "1985-01-01"), ("bad_time", "2569-05-01"), ("bad_time", "2026-02-30"),
        ("empty", "0000-00-00")]
    assert {"rows": 1} in [n.values for n in r.notes if n.code == "future_times"]


@given(st.lists(st.datetimes(dt.datetime(1985, 1, 1), dt.datetime(2101, 1, 1)), min_size=1,
                max_size=30),
       st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S"]),
       st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "UTC"]))
@settings(max_examples=20, deadline=None)
def test_times_read_quickly_are_those_read_with_care(when, form, zone):
    cursor = duckdb.connect()
    cursor.execute("SET TimeZone = 'UTC'")
    cells = [w.strftime(form) for w in when]
    cursor.execute("CREATE TABLE raw AS SELECT unnest($1) AS c0", [cells])
    quick = times.quick_time("c0", cells, zone)
    care = times.time(cursor, 0, "time", zone, {}).sql
    for fast, slow in cursor.execute(f"SELECT {quick}, {care} FROM raw").fetchall():
        assert fast == slow


_IDS = st.from_regex(
    r"[1-9][0-9]{0,17}|[0-9]{1,9}|u[0-9]{0,18}|顾客-[0-9]{1,3}|u ?[-+]?1e?[0-9]", fullmatch=True)


@given(st.lists(st.sampled_from(["7", "420000001", "0042", "u0042", "u7", "顾客-7"]), min_size=1),
       st.lists(_IDS, min_size=1, max_size=30), st.booleans())
@settings(max_examples=40, deadline=None)
def test_ids_read_as_numbers_give_back_their_text(sample, rest, plain):
    quick = cells.quick_id("c0", sample, plain)
    if quick is None:
        return
    found = duckdb.connect().execute(
        f"SELECT c0, n, {quick.text('n')} FROM (SELECT c0, {quick.sql} AS n "
        "FROM (SELECT unnest($1) AS c0))", [sample + rest + [None]]).fetchall()
    assert all(text == cell for cell, number, text in found if number is not None)
    assert None not in [number for _, number, _ in found[:len(sample)]]  # or it would be slow
    assert found[-1][1] is None


def test_ids_of_another_form_far_below_are_themselves(ws):
    ids = [f"u{n % 7:04}" for n in range(20_000)] + ["u7", "guest", "'u0001", "", "U0001", "u+1"]
    r = take(ws, "user_id,item_id,event,time\n" + "".join(
        f"{who},0{1000 + n % 3},view,2026-03-01 10:00:00\n" for n, who in enumerate(ids)))
    assert (r.accepted, r.rejected) == (20_006, 0)
    with ws._database.cursor() as cursor:
        found = {i for (i,) in cursor.execute("SELECT user_id FROM shopper_ids").fetchall()}
        assert found == {*ids[:7], "u7", "U0001", "u+1"}
        assert cursor.execute("SELECT DISTINCT item_id FROM item_ids ORDER BY 1").fetchall() == [
            ("01000",), ("01001",), ("01002",)]
    assert ws.query("summary").events[0] == 20_006


@pytest.mark.parametrize(("users", "items", "kept"), [
    ("12", "78", 3), ("1,", "78", 3), ("12", "7,", 2), ("1,", "7,", 2)])
def test_rows_without_a_shopper_stay_and_those_without_a_product_go(ws, users, items, kept):
    # ids of digits alone, of all rows or of some
    rows = [(users[0], items[0]), (users[1].strip(","), items[1].strip(",")), (users[0], items[0])]
    r = take(ws, "user_id,item_id,event,time,amount\n" + "".join(
        f"{who},{what},purchase,2026-03-0{n + 1},5\n" for n, (who, what) in enumerate(rows)))
    assert (r.accepted, r.rejected) == (kept, 3 - kept)
    with ws._database.cursor() as cursor:
        assert cursor.execute("SELECT count(*), count(user_key), count(item_key) FROM events"
                              ).fetchall() == [(kept, sum(bool(w) for w, i in rows if i), kept)]


def test_a_format_has_the_shape_of_what_it_writes():
    # else a column that it reads would be refused without ever being tried
    dates = (*times._ISO, *times._DAY_FIRST, *times._MONTH_FIRST, *times._SHORT_YEAR_FIRST,
             *times._NAMED)
    formats = [date + clock for date in dates for clock in times._CLOCKS]
    told = duckdb.connect().execute("SELECT " + ", ".join(
        f"(SELECT {times._SHAPE} FROM (SELECT strftime(TIMESTAMP '2026-11-05 13:04:05.25', '{f}') "
        "AS v))" for f in formats)).fetchall()[0]
    assert list(told) == [times._shape_of(f) for f in formats]


def test_texts_read_once_come_to_the_same_as_row_by_row(tmp_path, monkeypatch):
    cells = ("3 May 2026 9:05 pm", "2026-05-03 10:00:00", "2026年5月3日 上午9点05分", "soon",
             "2026-05-03", "2026-05-03T10:00:00+02:00", "2026-05-03 10:00:00")
    sums = ("￥1,234.50", "12.5", "(3.00)", "1.2万", "n/a", "", "￥1,234.50")
    text = "order id,customer id,sku,created at,price\n" + "".join(
        f'o{i},u{i % 7},p{i % 5},{cells[i % 7]},"{sums[i % 6]}"\n' for i in range(60))
    found = []
    for many in (200_000, 0):
        monkeypatch.setattr(once, "_MANY", many)
        with Workspace.open(tmp_path / str(many), timezone="Europe/Berlin") as shop:
            r = take(shop, text)
            with shop._database.cursor() as cursor:
                rows = cursor.execute("SELECT * FROM events ORDER BY source_row").fetchall()
            found.append((r.status, rows, r.totals, r.rejects.values.tolist(),
                          r.cleaned.values.tolist(), [n.code for n in r.notes]))
    assert found[0] == found[1]
    assert found[0][0] == "imported" and len(found[0][1]) > 30


@pytest.mark.parametrize(("cell", "age"), [
    ("30岁", (30, 30)), ("30s", (30, 39)), ("30代", (30, 39)), ("80后", (37, 46)),
    ("95后", (27, 31)), ("90s", (27, 36)), ("1990", (36, 36)), ("1990-05-01", (36, 36)),
    ("1990年5月1日", (36, 36)), ("01/05/1990", (36, 36)), ("３０", (30, 30)),
    ("约30岁", (30, 30)), ("45左右", (45, 45)), ("30多岁", (30, 39)), ("三十出头", (30, 34)),
    ("四十五岁", (45, 45)), ("八零后", (37, 46)), ("60后退休", (57, 66)), ("about 30", (30, 30)),
    ("25-34", (25, 34)), ("0", None), ("999", None),
    ("-5", None), ("200", None), ("unknown", None)])
def test_ages(cell, age):
    assert words.parse_age(cell, 2026) == age


def test_ages_that_are_none_are_counted_by_reason(ws):
    r = take(ws, "user,age\n" + "".join(
        f"u{i},{a}\n" for i, a in enumerate(["30", "30岁", "0", "999", "unknown"])))
    assert r.cleaned.set_index("code")["count"].to_dict() == {
        "age_words": 1, "impossible_age": 2, "unknown_age": 1}


def sums(ws):
    with ws._database.cursor() as cursor:
        return cursor.execute(
            "SELECT total, currency FROM order_rows ORDER BY source_row").fetchall()


def priced(cells):
    return "user\torder\ttime\ttotal\n" + "".join(
        f"u\t{i}\t2026-03-01\t{c}\n" for i, c in enumerate(cells))


@pytest.mark.parametrize(("cells", "read"), [
    (["￥１２．５０", "１,２３４．００元", "5 RMB"],
     [("12.5", "CNY"), ("1234", "CNY"), ("5", "CNY")]),
    (["1.000,50", "1.000", "1"], [("1000.5", None), ("1000", None), ("1", None)]),
    (["1'234.50", "1,23,456.00"], [("1234.5", None), ("123456", None)]),
    (["1 234,50", "1.234", "1\u202f234,00"], [("1234.5", None), ("1234", None), ("1234", None)]),
    (["12.50-", "(3.00)", "−4.00", "$-5.00"],
     [("-12.5", None), ("-3", None), ("-4", None), ("-5", "USD")]),
    (["HK$5", "€7.00", "5 zł", "R$ 3", "JPY 500"],
     [("5", "HKD"), ("7", "EUR"), ("5", "PLN"), ("3", "BRL"), ("500", "JPY")]),
    (["12%", "#N/A", "2"], [(None, None), (None, None), ("2", None)]),
])
def test_money(ws, cells, read):
    assert take(ws, priced(cells)).status == "imported"
    assert sums(ws) == [(None if v is None else Decimal(v), c) for v, c in read]


@pytest.mark.parametrize("cells", [["1,234", "2,345"], ["1.234", "7"], ["1.50", "2,50"],
                                   ["1.250", "2.500", "1.000"]])
def test_a_decimal_mark_that_nothing_tells_is_asked(ws, cells):
    r = take(ws, priced(cells))
    assert [q.code for q in r.questions] == ["decimal_mark"]
    assert take(ws, priced(cells), decimal_mark=",").status == "imported"


@pytest.mark.parametrize(("word", "state"), [
    ("已发货，待收货", "paid"), ("退款成功", "refunded"), ("退款中", "paid"),
    ("交易关闭", "cancelled"), ("等待买家付款", "unpaid"), ("Storniert", "cancelled"),
    ("bezahlt", "paid"),
    ("Zahlung ausstehend", "unpaid"), ("Remboursé", "refunded"), ("annulée", "cancelled"),
    ("pendiente de pago", "unpaid"), ("enviado", "paid"), ("キャンセル済み", "cancelled"),
    ("返金済み", "refunded"), ("入金待ち", "unpaid"), ("partially_refunded", "paid"),
    ("wc-on-hold", "unpaid"), ("退款关闭", "paid")])
def test_order_states(word, state):
    assert words.parse_state(word) == state


HEAD = "user,item,time,order,amount,line id\n"
SWITCHED = {
    "totals_row": HEAD + "u,a,2026-03-01,1,5,L1\n合计,,,,5,\n",
    "hint_row": "user,item,time,order,amount\n , , ,,收入+支出\n" + "".join(
        f"u,a{i},2026-03-0{i},{i},5\n" for i in range(1, 9)),
    "repeated_header": HEAD + "u,a,2026-03-01,1,5,L1\n" * 9 + HEAD + "u,b,2026-03-01,2,5,L2\n",
    "duplicate": HEAD + "u,a,2026-03-01,1,5,L1\nu,a,2026-03-01,1,5,L1\n",
    "excel_text": HEAD + 'u,a,2026-03-01,"=""0012""",5,L1\n',
    "leading_mark": HEAD + "'u,a,2026-03-01,1,5,L1\n",
    "money_sign": HEAD + "u,a,2026-03-01,1,￥5.00,L1\n",
    "decimal_zero": HEAD + "17850.0,a,2026-03-01,1,5,L1\n",
    "age_words": "user,age\nu,30岁\nv,40\n",
    "refund_rows": HEAD + "u,a,2026-03-01,1,5,L1\nu,a,2026-03-02,2,-3,L2\n",
    "packed_cells": PACKED,
    "filled_down": HEAD + "u,a,2026-03-01,1,5,L1\n,b,,,6,L2\nv,a,2026-03-02,2,5,L3\n",
    "rating_words": "item,rating,text\na,好评,x\nb,5,y\n",
    "discount_taken": "user,item,time,order,price,quantity,discount\nu,a,2026-03-01,1,5,2,3\n",
    "other_event": "user,item,time,event\nu,a,2026-03-01,scroll\nu,a,2026-03-01,view\n",
}


@pytest.mark.parametrize("step", sorted(SWITCHES))
def test_a_step_is_counted_and_can_be_switched_off(tmp_path, step):
    seen = []
    for answers in ({}, {"step__" + step: "off"}):
        with Workspace.open(tmp_path / str(len(answers)), timezone="Asia/Shanghai") as ws:
            r = take(ws, SWITCHED[step], **answers)
            told = {*r.exclusions, *r.cleaned["code"], *(n.code for n in r.notes)}
            assert (step in told) == (not answers)
            seen.append((r.accepted, r.rejected, *(
                ws.query(q).to_csv() for q in ("summary", "top_products", "age_histogram")), [
                    ws._database.connection.execute(f"SELECT * FROM {t}").fetchall()
                    for t in ("shopper_ids", "order_ids")]))
    assert seen[0] != seen[1]


def test_lines_take_buyer_and_time_from_their_orders_and_undo_leaves_nothing(ws):
    orders = "订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间\n" + "".join(
        f"{i},甲{i},{i}0.00,交易成功,2026-03-0{i} 10:00:00\n" for i in range(1, 5))
    lines = "订单编号,标题,价格,购买数量,商品属性,商家编码\n" + "".join(
        f"{i},茶,{i}0.00,1,红,sku{i}\n" for i in range(1, 6))
    assert take(ws, lines).code.startswith("orders_needed")
    take(ws, orders)
    before = {q: ws.query(q).to_csv() for q in ("summary", "top_products", "hour_by_weekday")}
    r = take(ws, lines)
    assert [q.code for q in r.questions] == ["join_with"]
    r = take(ws, lines, join_with=r.questions[0].options[0])
    assert (r.status, r.accepted) == ("imported", 4)
    assert r.rejects["code"].to_list() == ["order_not_found"]
    assert ws.query("summary").revenue[0] == 100 and ws.query("summary").shoppers[0] == 4
    assert ws.query("top_products").revenue.sum() == 100
    ws.undo(r.import_id)
    assert {q: ws.query(q).to_csv() for q in before} == before
