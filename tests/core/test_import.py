"""Files as shops really export them, through the door that the app and scripts use."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.i18n import use_language
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.mapping import map_columns


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="Asia/Shanghai") as workspace:
        yield workspace


def take(ws, text, name="file.csv", encoding="utf-8", **kw):
    return ws.import_file(data=text.encode(encoding) if isinstance(text, str) else text,
                          name=name, **kw)


def adds_up(r):
    assert r.rows_in == r.accepted + r.rejected + r.excluded
    assert len(r.rejects) == r.rejected
    return r


EVENTS = "user_id,item_id,event,time,channel\n" + "".join(
    f"u{i % 7},p{i % 11},{'view' if i % 3 else 'buy'},2026-03-{1 + i % 28:02d} 10:{i % 60:02d}:00,app\n"
    for i in range(60))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_newlines_and_delimiters_give_the_same_rows(ws, encoding, newline, delimiter):
    text = ("会员名,商品编号,行为,时间\n甲,p1,浏览,2026-01-02 10:00:00\n乙,p2,购买,2026-01-03 11:00:00\n"
            "乙,p2,加购,2026-01-03 10:59:00\n").replace(",", delimiter).replace("\n", newline)
    r = adds_up(take(ws, text, encoding=encoding))
    assert (r.status, r.rows_in, r.accepted) == ("imported", 3, 3)
    assert r.delimiter == delimiter
    assert r.encoding.replace("_", "-").lower() in {encoding, "utf-8", "utf-16"}
    funnel = ws.query("funnel").set_index("step").shoppers
    assert funnel.to_dict() == {"view": 1, "cart": 0, "purchase": 0}
    assert ws.query("summary").shoppers[0] == 2


DIRTY = (
    "店铺订单导出 2026-01-01 至 2026-01-31,,,,,,,\r\n"
    "订单编号,买家会员名,标题,商品编号,价格,购买数量,订单状态,订单创建时间\r\n"
    '="202601010000000011",王**,"棉麻连衣裙, 夏",A1,￥1,299.00,1,交易成功,2026-01-02 10:00:00\r\n'
).replace("￥1,299.00", '"￥1,299.00"') + (
    '="202601010000000012",李四,茶杯,A2,￥30.00,2,交易关闭,2026/1/3 9:05\r\n'
    '="202601010000000013",张三,茶杯,A2,￥30.00,-1,交易成功,2026-01-04 10:00:00\r\n'
    '="202601010000000014",张三,茶壶,A3,￥80.00,1,等待买家付款,2026-01-04 10:00:00\r\n'
    '="202601010000000015",张三,茶壶,A3,￥80.00,1,交易成功,去年冬天\r\n'
    "合计,,,,￥1439.00,,,\r\n")


def test_a_shop_export_in_gbk_with_title_totals_refunds_and_a_bad_date(ws):
    r = adds_up(take(ws, DIRTY, name="订单导出.csv", encoding="gbk"))
    assert (r.status, r.table, r.encoding, r.rows_in) == ("imported", "events", "gb18030", 6)
    assert (r.accepted, r.rejected, r.excluded) == (4, 1, 1)
    assert r.exclusions == {"totals_row": 1}
    assert r.rejects.iloc[0].to_dict() == {
        "line": 7, "column": "订单创建时间", "code": "bad_time", "value": "去年冬天"}
    cleaned = r.cleaned.set_index(["column", "code"])["count"].to_dict()
    assert cleaned[("订单编号", "excel_text")] == 5
    assert cleaned[("价格", "money_sign")] >= 5
    summary = ws.query("summary").iloc[0]
    assert (summary.orders, summary.buyers) == (1, 1)  # closed, unpaid, returned: no orders
    assert summary.revenue == 1299 - 30
    assert ws.query("top_products").set_index("item").loc["A1", "name"] == "棉麻连衣裙, 夏"
    assert {n.code for n in r.notes} >= {"title_lines", "masked_buyers", "zone"}


def test_reject_lines_are_physical_even_after_cells_of_several_lines(ws):
    text = ('user,item,time,note\na,p1,2026-01-01,"two\nlines"\n\na,p1,when?,x\n'
            'a,p1,2026-01-02,"has ""quotes"""\na,p1\na,p1,2026-01-03,x,y\nb,,2026-01-03,z\n')
    r = adds_up(take(ws, text))
    assert r.rejects[["line", "code"]].values.tolist() == [
        [5, "bad_time"], [7, "short_row"], [8, "long_row"], [9, "empty"]]
    assert (r.rows_in, r.accepted) == (6, 2)


def test_a_stray_inch_mark_is_text(ws):
    r = adds_up(take(ws, 'user,item,item_name,time\na,p1,5" nails,2026-01-01\nb,p2,x,2026-01-02\n'))
    assert r.accepted == 2


def test_an_open_quote_costs_its_own_row_and_no_other(ws):
    rows = "".join(f"u{i},p{i},2026-01-01 10:00:00\n" for i in range(40))
    r = adds_up(take(ws, "user,item,time\n" + rows + 'u,"p,2026-01-01\n' + rows))
    assert (r.status, r.rows_in, r.accepted) == ("imported", 81, 80)
    assert r.rejects[["line", "code"]].values.tolist() == [[42, "quote_open"]]


def workbook():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr("[Content_Types].xml", "x")
        z.writestr("xl/workbook.xml", "x")
    return packed.getvalue()


@pytest.mark.parametrize(("data", "code"), [
    (b"", "empty_file"), (b"  \n \n", "empty_file"), (b"user_id,item_id,time\n", "no_data_rows"),
    (workbook(), "is_excel"), (b"\x1f\x8b\x08garbage", "damaged_archive"), (b"\x89PNG\r\n\x1a\n" + bytes(200), "is_image"),
    (bytes(range(256)) * 20, "is_binary"), (b"%PDF-1.4 x", "is_pdf"),
    (b"<!DOCTYPE html><html>", "is_html"), (b"<table><tr><td>user</td></tr></table>", "is_html_table"),
    (b"order_id,user_id,item_id,time\n2.4E+17,u,p,2026-01-01\n2.4E+17,v,q,2026-01-02\n", "digits_lost"),
])
def test_what_cannot_be_read_is_refused_in_words(ws, data, code):
    r = adds_up(take(ws, data))
    assert (r.status, r.code) == ("refused", code)
    assert sum(ws.counts().values()) == 0
    english = r.message
    with use_language("zh"):
        assert r.message != english
        assert any("\u4e00" <= c <= "\u9fff" for c in r.message)
    assert "{" not in english


def test_lost_digits_name_column_and_line(ws):
    r = take(ws, "order_id,user_id,item_id,time\n1,u,p,2026-01-01\n2.4E+17,u,p,2026-01-01\n")
    assert (r.values["column"], r.values["line"]) == ("order_id", 3)


def test_a_missing_role_is_asked_and_the_answer_used(ws):
    text = "wer,item_id,time\nu1,p1,2026-01-01 10:00:00\n"
    r = take(ws, text)
    assert r.status == "needs_answers"
    assert [(q.field, q.code, q.options) for q in r.questions] == [("user", "role", ("wer",))]
    r = adds_up(take(ws, text, answers={"user": "wer"}))
    assert (r.status, r.accepted) == ("imported", 1)
    r = take(ws, text + "u2,p2,2026-01-02\n", answers={"user": ""})
    assert (r.status, r.code) == ("refused", "missing_role")


def test_the_header_most_like_the_missing_one_is_named_and_offered_first(ws):
    text = "prodct,custmer,whn\n" + "".join(f"P{i},K{i},2026-05-0{i}\n" for i in range(1, 9))
    [question] = take(ws, text, answers={"table": "events"}).questions
    assert (question.field, question.options[0]) == ("user", "custmer")
    assert str(question).endswith("The name most like it is “custmer”.")
    r = take(ws, text, answers={"table": "events", "user": ""})
    assert (r.code, r.values["closest"]) == ("missing_role", "custmer")


def test_days_and_months_that_can_be_swapped_are_asked(ws):
    text = "user,item,time\na,p,03/04/2026 10:00\nb,p,05/06/2026 11:00\n"
    r = take(ws, text)
    assert [q.code for q in r.questions] == ["date_order"]
    r = take(ws, text, answers={"date_order": "day first"})
    assert str(ws.query("period")["first"][0]) == "2026-04-03 10:00:00"
    r = take(ws, "user,item,time\na,q,03/14/2026 10:00\nb,q,05/06/2026 11:00\n")
    assert r.status == "imported"


@pytest.mark.parametrize(("cell", "utc"), [
    ("2026-05-01 10:00:00 +0200", "2026-05-01 08:00:00"), ("2026-05-01T10:00:00Z", "2026-05-01 10:00:00"),
    ("2026-05-01 10:00:00", "2026-05-01 02:00:00"), ("1777600800", "2026-05-01 02:00:00"),
    ("1777600800000", "2026-05-01 02:00:00"), ("2026年5月1日 10:00", "2026-05-01 02:00:00"),
    ("46143.5", "2026-05-01 04:00:00"), ("20260501", "2026-04-30 16:00:00"),
    ("05/21/26", "2026-05-20 16:00:00"), ("21.05.2026 10:00", "2026-05-21 02:00:00"),
])
def test_times_of_many_kinds(ws, cell, utc):
    r = take(ws, f"user,item,time\na,p,{cell}\n")
    assert r.status == "imported", (r.code, r.rejects)
    with ws._database.cursor() as cursor:
        assert str(cursor.execute("SELECT ts FROM events").fetchall()[0][0]) == utc
    zoned = "+0200" in cell or "Z" in cell or cell.startswith("1777")
    assert ("zone" in {n.code for n in r.notes}) != zoned


def test_decimal_commas_by_the_whole_column(ws):
    text = 'user;item;time;amount\na;p;2026-01-01;1.234,50\nb;p;2026-01-02;12,00 €\n'
    assert take(ws, text).status == "imported"
    assert ws.query("summary").revenue[0] == 1246.5
    r = take(ws, 'user;item;time;amount\na;q;2026-01-01;1.234,50\nb;q;2026-01-02;"1,234.50"\n')
    assert [q.code for q in r.questions] == ["decimal_mark"]


def test_ages_of_a_file_with_one_row_per_person(ws):
    r = adds_up(take(ws, "用户编号,年龄,评分,浏览次数\n1,25岁,4,3\n2,80后,5,10\n3,0,3,3\n4,999,2,1\n5,,5,3\n6,17,1,0\n"))
    assert (r.table, r.accepted) == ("customers", 6)
    ages = ws.query("age_histogram").set_index("band").shoppers.to_dict()
    assert ages == {"under 18": 1, "25-34": 1, "35-44": 1, "unknown": 3}
    given = ws.query("browsing_counts")
    assert given.given.all()
    assert dict(zip(given["views"], given.shoppers, strict=True)) == {0: 1, 1: 1, 3: 3, 10: 1}
    assert ws.query("summary").shoppers[0] == 6


def test_persons_without_ids_are_anonymous(ws):
    r = take(ws, "age,rating,browsing_count\n30,4,5\n30,4,5\n")
    assert r.accepted == 2
    assert ws.query("age_histogram").shoppers.sum() == 2


def test_the_same_file_twice_and_overlapping_exports_are_not_doubled(ws):
    first = take(ws, EVENTS)
    again = take(ws, EVENTS)
    assert (again.status, again.import_id) == ("already_imported", first.import_id)
    lines = EVENTS.splitlines(keepends=True)
    overlap = adds_up(take(ws, lines[0] + "".join(lines[31:]) + "u9,p9,view,2026-03-30 10:00:00,app\n"))
    assert (overlap.accepted, overlap.exclusions) == (1, {"already_in_store": 30})
    assert ws.counts()["events"] == 61


def everything(ws):
    skip = {"buyers", "campaign_answers", "campaigns", "features"}
    found = {}
    for name in ws.queries():
        if name in skip:
            continue
        try:
            found[name] = ws.query(name).to_csv()
        except ValueError:  # needs more than the filters
            continue
    return found


def test_undo_leaves_what_never_importing_would_leave(ws, tmp_path):
    lines = EVENTS.splitlines(keepends=True)
    part = lines[0] + "".join(lines[20:])
    first = take(ws, lines[0] + "".join(lines[1:41]))
    take(ws, part)
    before = ws.revision
    ws.undo(first.import_id)
    assert ws.revision != before
    with Workspace.open(tmp_path / "other", timezone="Asia/Shanghai") as other:
        take(other, part)
        assert everything(ws) == everything(other)
        assert ws.counts() == other.counts()
    assert take(ws, lines[0] + "".join(lines[1:41])).status == "imported"


def test_orders_and_their_lines_are_one_purchase_and_a_later_export_updates(ws):
    take(ws, "order_id,customer_id,product_id,time,quantity,amount\n"
             "1,a,p,2026-01-01,1,60\n1,a,q,2026-01-01,1,50\n2,b,p,2026-01-02,1,60\n")
    take(ws, "order_id,customer_id,created_at,status,total,shipping\n"
             "1,a,2026-01-01,paid,110,10\n2,b,2026-01-02,unpaid,60,0\n3,c,2026-01-03,paid,30,0\n")
    summary = ws.query("summary").iloc[0]
    assert (summary.orders, summary.revenue, summary.buyers) == (2, 130, 2)
    r = adds_up(take(ws, "order_id,customer_id,created_at,status,total,shipping\n"
                         "2,b,2026-01-02,paid,60,0\n3,c,2026-01-03,paid,30,0\n"))
    assert (r.accepted, r.exclusions) == (1, {"already_in_store": 1})
    assert "orders_updated" in {n.code for n in r.notes}
    assert ws.query("summary").revenue[0] == 190


def test_a_second_currency_is_never_added(ws):
    r = take(ws, "order_id,user_id,item_id,time,amount,currency\n1,a,p,2026-01-01,10,EUR\n"
                 "2,b,p,2026-01-02,20,EUR\n3,c,p,2026-01-03,500,JPY\n")
    assert "several_currencies" in {n.code for n in r.notes}
    assert (ws.query("summary").revenue[0], ws.currency) == (30, "EUR")
    assert ws.query("trend").revenue.sum() == ws.query("channels").revenue.sum() == 30


@pytest.mark.parametrize("totals", [("100", "100"), ("100", "")])
def test_order_totals_on_each_line_or_on_the_first_are_counted_once(ws, totals):
    take(ws, "order_id,customer_id,product_id,time,price,quantity,total\n"
             f"1,a,p,2026-01-01,60,1,{totals[0]}\n1,a,q,2026-01-01,50,1,{totals[1]}\n"
             "2,b,q,2026-01-01,50,1,50\n")
    assert ws.query("summary").revenue[0] == 150


def test_emails_become_codes_and_personal_columns_are_not_read(ws):
    r = take(ws, "Email,收货人姓名,sku,time\nA@x.com,王小明,p,2026-01-01\na@x.com,王小明,q,2026-01-02\n")
    assert r.status == "imported"
    assert {n.code for n in r.notes} >= {"hashed_ids", "personal_left_out"}
    assert ws.query("summary").shoppers[0] == 1
    stored = (ws.path / "omni.duckdb").read_bytes()
    assert "王小明".encode() not in stored and b"a@x.com" not in stored.lower()


def test_a_file_of_rejects_is_refused_and_nothing_is_half_imported(ws):
    bad = "".join(f"u,p,when {i}\n" for i in range(30))
    r = adds_up_refused(take(ws, "user,item,time\n" + bad + "u,p,2026-01-01\n" * 50))
    assert r.code == "too_many_rejects"
    assert ws.counts()["events"] == 0


def adds_up_refused(r):
    assert r.status == "refused"
    assert r.rows_in == r.accepted + r.rejected + r.excluded
    return r


def test_inspect_commits_nothing(ws):
    before = ws.revision
    r = ws.inspect(data=EVENTS.encode(), name="x.csv")
    assert (r.status, r.accepted) == ("ready", 60)
    assert sum(ws.counts().values()) == 0 and len(ws.imports()) == 0
    assert ws.revision == before


def test_filters_over_everything_equal_no_filter(ws):
    take(ws, EVENTS)
    for name in ("summary", "age_histogram", "browsing_counts", "funnel", "hour_by_weekday",
                 "top_products", "channels", "trend"):
        whole, by_rows = ws.query(name), ws.query(name, start="2000-01-01", end="2100-01-01")
        pd.testing.assert_frame_equal(whole, by_rows)
        pd.testing.assert_frame_equal(whole, ws.query(name, channel="app"))
    assert ws.query("summary", channel="shop").shoppers[0] == 0
    assert ws.query("age_histogram").shoppers.sum() == ws.query("summary").shoppers[0]


def test_a_cell_cannot_become_sql(ws):
    text = 'user,item,time,"x""; DROP TABLE events; --"\n\'; DROP TABLE events; --,p,2026-01-01,1\n'
    assert take(ws, text).accepted == 1
    assert ws.counts()["events"] == 1


SHOPIFY = ("Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem name,"
           "Lineitem price,Lineitem sku\n"
           "#1001,a@x.example,paid,30.00,2026-01-01 10:00:00 +0200,1,Cup,10.00,p1\n"
           "#1001,a@x.example,,,2026-01-01 10:00:00 +0200,2,Tea,10.00,p2\n"
           "#1002,b@x.example,pending,10.00,2026-01-02 10:00:00 +0200,1,Cup,10.00,p1\n")


def test_the_name_of_a_shopify_order_is_its_number(ws):
    r = adds_up(take(ws, SHOPIFY))
    assert {g.role: g.column for g in r.mapping}["order"] == "Name"
    assert {g.role: g.column for g in r.mapping}["item_name"] == "Lineitem name"
    assert tuple(ws.query("summary")[["orders", "revenue"]].iloc[0]) == (1, 30)


def test_states_without_an_order_number_are_said_not_to_count(ws):
    r = ws.inspect(data=SHOPIFY.replace("Name,Email", "Ref,Email", 1).encode(), name="x.csv")
    assert "no_order_number" in [n.code for n in r.notes]
    r = ws.inspect(data=SHOPIFY.encode(), name="x.csv")
    assert "no_order_number" not in [n.code for n in r.notes]


def test_rows_of_a_large_file_keep_their_order_and_lines(ws):
    # read by several threads in pieces: order and numbers must be those of the file all the same
    rows = [f"u{i % 50},p{i},view,2026-01-01 {i // 60000:02d}:{i // 1000 % 60:02d}:{i // 17 % 60:02d},"
            f"{'x' * 40}\n" for i in range(400_000)]
    rows[123_456] = "u1,p1,view,never,x\n"
    rows[399_000] = "u1,p1,view,2026-01-01 00:00:00,x,too many\n"
    r = adds_up(take(ws, "user,item,event,time,note\n" + "".join(rows)))
    assert r.rejects[["line", "code"]].values.tolist() == [
        [123_458, "bad_time"], [399_002, "long_row"]]
    with ws._database.cursor() as cursor:
        wrong = cursor.execute(
            """SELECT count(*) FROM events JOIN item_ids USING (item_key) WHERE item_id <> concat(
            'p', source_row - 1 + CASE WHEN source_row > 399000 THEN 1 ELSE 0 END)""").fetchall()
    assert wrong == [(0,)]


LOG = ("user_id,item_id,event,time\na,p,view,2026-01-01 09:00:00\na,p,purchase,2026-01-01 10:00:03\n"
       "b,q,buy,2026-01-02 11:00:00\nc,q,buy,2026-01-05 11:00:00\n,q,buy,2026-01-02 08:00:00\n")
LINES = ("order_id,customer_id,product_id,time,amount\n1,a,p,2026-01-01 10:00:00,60\n"
         "2,b,q,2026-01-02 12:00:00,40\n")


@pytest.mark.parametrize("files", [(LOG, LINES), (LINES, LOG)])
def test_a_log_beside_the_orders_does_not_double_them(ws, files):
    reports = [take(ws, text) for text in files]
    summary = ws.query("summary").iloc[0]
    # c bought something that no order file has; the nameless one is within the orders' days
    assert (summary.orders, summary.buyers, summary.revenue) == (3, 3, 100)
    assert ws.query("top_products").set_index("item").purchases.to_dict() == {"p": 1, "q": 2}
    assert [n.values["rows"] for n in reports[1].notes if n.code == "echoes"] == [3]
    ws.undo(reports[files.index(LINES)].import_id)
    assert ws.query("summary").orders[0] == 4


def test_products_add_up_to_the_shop(ws):
    take(ws, "order_id,customer_id,product_id,time,quantity,amount\n"
             "1,a,p,2026-01-01,1,60\n1,a,q,2026-01-01,1,40\n2,b,p,2026-01-02,1,60\n3,b,q,2026-01-03,1,40\n")
    take(ws, "order_id,customer_id,created_at,status,total,shipping,refund_amount\n"
             "1,a,2026-01-01,paid,90,10,0\n2,b,2026-01-02,refunded,60,0,60\n3,b,2026-01-03,paid,40,0,10\n")
    sold = ws.query("top_products").set_index("item").revenue
    assert sold.to_dict() == pytest.approx({"p": 48, "q": 32 + 30})
    assert sold.sum() == pytest.approx(ws.query("summary").revenue[0]) == 110
    by_rows = ws.query("top_products", start="2000-01-01").set_index("item").revenue
    assert by_rows.to_dict() == pytest.approx(sold.to_dict())


def test_currency_signs_keep_money_apart(ws):
    take(ws, "订单编号,买家会员名,商品编号,金额,订单创建时间\n1,a,p,￥60.00,2026-01-01\n2,b,p,￥70.00,2026-01-02\n")
    r = take(ws, "order_id,user_id,item_id,time,amount\n8,c,p,2026-01-03,$5.00\n")
    assert "several_currencies" in {n.code for n in r.notes}
    assert (ws.query("summary").revenue[0], ws.currency) == (130, "CNY")
    assert ws.query("top_products").revenue[0] == 130


def test_cells_on_an_orders_first_line_hold_for_its_other_lines(ws):
    take(ws, "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
             "#1,a@x.com,pending,2026-01-01 10:00:00 +0800,1,A,60,p\n"
             "#1,a@x.com,,2026-01-01 10:00:00 +0800,1,B,40,q\n"
             "#2,b@x.com,paid,2026-01-02 10:00:00 +0800,1,A,60,p\n#2,b@x.com,,2026-01-02 10:00:00 +0800,1,B,40,q\n")
    assert ws.query("summary").iloc[0][["orders", "revenue"]].tolist() == [1, 100]


def test_refunds_given_line_by_line_are_added(ws):
    take(ws, "order_id,user_id,item_id,time,amount,退款金额\n1,a,p,2026-01-01,200,100\n"
             "1,a,q,2026-01-01,100,50\n1,a,r,2026-01-01,100,0\n2,b,p,2026-01-01,50,50\n2,b,q,2026-01-01,50,50\n")
    assert ws.query("summary").revenue[0] == 250


@pytest.mark.parametrize(("header", "expected"), [
    ("timestamp,visitorid,event,itemid,transactionid",
     {"ts": 0, "user": 1, "event": 2, "item": 3, "order": 4}),
    ("Sale Date,Item Name,Buyer,Quantity,Price,Transaction ID,Listing ID,Order ID",
     {"ts": 0, "item_name": 1, "user": 2, "quantity": 3, "price": 4, "line": 5, "item": 6, "order": 7}),
    ("订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号",
     {"order": 0, "item": 1, "item_name": 2, "quantity": 3, "ts": 4, "price": 5, "total": 7,
      "status": 8, "user": 9}),
])
def test_real_headers_mean_what_they_mean(header, expected):
    columns = tuple(header.split(","))
    row = tuple("2026-01-01" if i == expected["ts"] else "1" for i in range(len(columns)))
    assert map_columns(Dialect(",", columns, 1, (row,)), {}).roles == expected


def test_an_aggregated_report_is_no_product_list(ws):
    r = take(ws, "Item name,Items viewed,Items purchased\nMug,60,3\n")
    assert [q.code for q in r.questions] == ["table"]


@pytest.mark.parametrize("number", ["客户编号", "Customer No", "Kundennummer", "member id"])
def test_a_customers_number_beats_her_address(ws, number):
    """Orders and people meet by the number, and it survives a new address."""
    text = f"{number},Email,age,city\n" + "".join(
        f"C{n:04},u{n}@example.com,{20 + n},Ulm\n" for n in range(9))
    report = ws.import_file(data=text.encode(), name="people.csv")
    assert report.table == "customers", report.code
    assert list(ws.query("find_shoppers", search="0003")["id"]) == ["C0003"]


def test_what_is_not_given_is_no_fault_and_a_remark_keeps_its_line(ws):
    rows = [f"c{i},{('女', '保密', '未知', 'x!')[i % 4]},{('04/21', '1990-05-02')[i % 2]},{i % 5 + 1}"
            for i in range(8)]
    text = "\n".join(["会员编号,性别,生日,MEMBER_RATING", *rows, "共8人,,,", "备注：截至5月,,,"])
    r = ws.import_file(data=text.encode(), name="members.csv")
    assert r.accepted == 8 and r.exclusions == {"footer_line": 2} and r.rejected == 0
    assert r.cleaned.values.tolist() == [["性别", "optional_word", 2]]
    assert "rating" not in {g.role for g in r.mapping}
    told = {n.code: n.values for n in r.notes}
    assert told["no_birth_year"]["rows"] == 4
    assert told["remark_rows"]["list"] == "10: 共8人; 11: 备注：截至5月"
