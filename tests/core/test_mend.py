"""Rows that can't be used go out, are mended in a spreadsheet, and come back in."""

import csv
import io

import pytest

from omni_core import Workspace
from omni_core.export import to_csv
from omni_core.ingest.mend import OWN

HEAD = "订单编号,买家会员名,商品编号,金额,备注,订单状态,订单创建时间\r\n"
ROWS = [f'="26010100000000{i:04d}",买家{i},A{i % 5},￥{i}0.00,"好,谢谢\r\n再来",交易成功,'
        f"2026-01-{1 + i % 28:02d} 10:00:00\r\n" for i in range(1, 41)]
ROWS[6] = '="260101000000000007",买家7,A2,￥70.00,,交易成功,昨天\r\n'
ROWS[20] = '="260101000000000021",买家21,A1,￥210.00,多一格,交易成功,2026-01-22 10:00:00,x,y\r\n'
ROWS[30] = '="260101000000000031",买家31\r\n'
FILE = ("订单导出 2026,,,,,,\r\n" + HEAD + "".join(ROWS)).encode("gbk")


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop") as ws:
        yield ws


def edited(report, change, encoding="utf-8-sig", delimiter=","):
    """The table to mend as a spreadsheet saves it after ``change`` of its rows."""
    rows = list(csv.DictReader(io.StringIO(to_csv(report.to_mend).decode("utf-8-sig"))))
    for row in rows:
        change(row)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def mend(row):
    more = [c for c in row if c.startswith("omni_more")]
    if row["omni_column"] == "订单创建时间":
        row["订单创建时间"] = "2026-01-08 10:00:00"
    elif row[more[0]]:
        row.update(dict.fromkeys(more, ""))
    else:
        row |= {"商品编号": "A1", "金额": "￥310.00", "订单状态": "交易成功",
                "订单创建时间": "2026-01-31 10:00:00"}


@pytest.mark.parametrize(("encoding", "delimiter"), [
    ("utf-8-sig", ","), ("gbk", ","), ("utf-8", ";"), ("utf-16", "\t")])
def test_mended_rows_are_as_if_they_had_never_been_wrong(ws, tmp_path, encoding, delimiter):
    first = ws.import_file(data=FILE, name="订单.csv")
    assert first.rejects[["line", "code"]].values.tolist() == [
        [15, "bad_time"], [42, "long_row"], [61, "short_row"]]
    again = ws.import_file(data=edited(first, mend, encoding, delimiter), name="mended.csv")
    assert (again.status, again.accepted, again.rejected) == ("imported", 3, 0)
    assert not {n for n in map(str, again.notes) for own in OWN if own in n}
    assert again.mapping == first.mapping
    whole = [r for r in ROWS]
    whole[6] = whole[6].replace("昨天", "2026-01-08 10:00:00")
    whole[20] = whole[20].replace(",x,y", "")
    whole[30] = '="260101000000000031",买家31,A1,￥310.00,,交易成功,2026-01-31 10:00:00\r\n'
    with Workspace.open(tmp_path / "other") as other:
        other.import_file(data=(HEAD + "".join(whole)).encode("gbk"), name="whole.csv")
        for name in ("summary", "top_products", "hour_by_weekday"):
            assert ws.query(name).equals(other.query(name)), name


def test_a_row_that_was_not_mended_is_rejected_again_by_its_line(ws):
    first = ws.import_file(data=FILE, name="订单.csv")
    again = ws.inspect(data=edited(first, lambda row: None), name="mended.csv")
    assert again.rejects[["line", "code"]].values.tolist() == [
        [2, "bad_time"], [3, "long_row"], [4, "empty"]]


def test_a_file_without_column_names_comes_back_too(ws):
    rows = [f"{i % 7},{2268318 + i},25,pv,{1511544070 + 60 * i}\n" for i in range(60)]
    rows[30] = "2,2268318,25,pv,morgens\n"
    first = ws.import_file(data="".join(rows).encode(), name="UserBehavior.csv")
    assert (first.profile, first.rejected) == ("taobao_user_behavior", 1)

    def change(row):
        row["#5"] = "1511544071"

    again = ws.import_file(data=edited(first, change), name="mended.csv")
    assert (again.profile, again.accepted, again.rejected) == ("taobao_user_behavior", 1, 0)


def test_bytes_that_are_no_letters_and_long_numbers(ws):
    rows = [f"26010100000000{i:04d},茶客{i},A{i % 3},1{i}.5,2026-02-03 10:00:00\n".encode()
            for i in range(40)]
    rows[9] = b"260101000000000009,b\xffuyer,A1,19.5,2026-02-03 10:00:00\n"
    rows[12] = b'260101000000000012,tea,"A1,22.5,2026-02-03 10:00:00\n'
    data = b"order id,customer,sku,amount,created at\n" + b"".join(rows)
    first = ws.import_file(data=data, name="orders.csv")
    assert first.rejects["line"].tolist() == [11, 14]
    sent = to_csv(first.to_mend).decode("utf-8-sig").splitlines()
    assert "'260101000000000009" in sent[1]  # a spreadsheet would cut a bare number's digits
    assert "A1" in sent[2] and "22.5" in sent[2]

    def change(row):
        row["customer"] = row["customer"].replace("\ufffd", "")
        row["sku"] = row["sku"].strip('"')

    unchanged = ws.inspect(data=edited(first, lambda row: None), name="mended.csv")
    assert "bad_bytes" in set(unchanged.rejects["code"])
    again = ws.import_file(data=edited(first, change), name="mended.csv")
    assert (again.status, again.accepted) == ("imported", 2)
    assert ws.query("summary").shoppers[0] == 40
