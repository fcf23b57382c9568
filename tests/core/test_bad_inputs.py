"""The 49 bad inputs that import must survive, by number, and the answer each deserves, in words."""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from openpyxl import Workbook

from omni_core import Workspace
from omni_core.i18n import use_language
from omni_core.ingest import container, scan
from omni_core.ingest.messages import sentence


@dataclass(frozen=True)
class Case:
    """Bytes and the answer to them; what is None is not looked at."""

    number: int
    data: bytes | str
    status: str = "ready"
    code: str | None = None
    name: str = "file.csv"
    rows: int | None = None
    accepted: int | None = None
    rejects: Sequence[tuple[int, str]] = ()
    notes: Sequence[str] = ()
    cleaned: Mapping[str, int] = field(default_factory=dict)
    exclusions: Mapping[str, int] = field(default_factory=dict)
    question: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    encoding: str | None = None


def log(n: int = 30, header: str = "user,item,time", extra: str = "") -> str:
    return header + "\n" + "".join(
        f"u{i % 7},p{i % 5},2026-03-{i % 28 + 1:02d} 10:00:00{extra}\n" for i in range(n))


def sales(*rows: str, header: str = "order,user,item,time,quantity,price") -> str:
    base = [f"o{i},u{i % 7},p{i % 5},2026-03-{i % 28 + 1:02d} 10:00:00,1,9.50" for i in range(30)]
    return "\n".join([header, *base, *rows]) + "\n"


def zipped(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries.items():
            packed.writestr(name.replace("__", "/").replace("_csv", ".csv").replace(
                "_zip", ".zip").replace("_xml", ".xml"), data)
    return out.getvalue()


def workbook(merged: bool = False, sheets: int = 1, formula: bool = False) -> bytes:
    book = Workbook()
    for number in range(sheets):
        sheet = book.active if number == 0 else book.create_sheet(f"S{number}")
        sheet.append(["user", "item", "time", "category"])
        for i in range(20):
            sheet.append([f"u{i}", "=1+1" if formula and i == 3 else f"p{i % 5}",
                          f"2026-03-{i % 28 + 1:02d} 10:00:00", "Tea"])
        if merged:
            sheet.merge_cells("D2:D5")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose sheet asks for a file of the computer and for a word a million times."""
    book = io.BytesIO(workbook())
    out = io.BytesIO()
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "'
                        + b"b" * 99 + b'">]>' + data.replace(b"<t>u1</t>", b"<t>u1&a;&b;</t>"))
            target.writestr(name, data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
CHINESE = log().replace("user,item,time", "会员名,商品编号,下单时间").replace("u1,", "王小明,")
CASES = [
    Case(1, b"", "refused", "empty_file"), Case(1, b"\xef\xbb\xbf", "refused", "empty_file"),
    Case(1, b" \r\n\r\n \n", "refused", "empty_file"),
    Case(2, "user,item,time\n", "refused", "no_data_rows"),
    Case(2, "订单编号,买家会员名,订单创建时间\r\n", "refused", "no_data_rows"),
    Case(3, workbook(), "refused", "is_excel"), Case(3, b"%PDF-1.7 ...", "refused", "is_pdf"),
    Case(3, b"\xff\xd8\xff\xe0" + bytes(99), "refused", "is_image"),
    Case(3, zipped(readme_xml=b"<x/>"), "refused", "zip_of_several"),
    Case(4, random.Random(4).randbytes(5000), "refused", "is_binary"),
    Case(5, CHINESE.encode("gb18030"), rows=30, accepted=30, encoding="gb18030"),
    Case(6, CHINESE.encode("utf-16-le"), rows=30, accepted=30, encoding="utf-16-le"),
    Case(6, CHINESE.encode("utf-16-be"), rows=30, accepted=30, encoding="utf-16-be"),
    Case(6, CHINESE.encode("utf-16"), rows=30, accepted=30, encoding="utf-16"),
    Case(7, CHINESE.encode("utf-8-sig"), rows=30, accepted=30),
    Case(8, log(200).replace("u1,", "王,").encode() + b"u1,p\xff1,2026-03-01 10:00:00\n"
         + b"u1,p1,2026-03-01 11:00:00\n", rows=202, accepted=201, rejects=[(202, "bad_bytes")]),
    Case(9, log().replace("u3,", "u\x003,").encode(), rows=30, accepted=30, notes=["nuls_removed"]),
    Case(10, log().replace("\n", "\r"), rows=30, accepted=30),
    Case(10, log().replace("\n", "\r\n", 9).replace("5,", "5,", 1), rows=30, accepted=30),
    Case(11, log(40) + 'u1,"p1,2026-03-01 10:00:00\n' + log(40).partition("\n")[2],
         rows=81, accepted=80, rejects=[(42, "quote_open")]),
    Case(12, log(header="user,item,time,note", extra=",x") + "u1,p1\n" + 'a,p1,2026-03-01,"b\nc"\n'
         + "u1\n", rows=33, accepted=31, rejects=[(32, "short_row"), (35, "short_row")]),
    Case(13, log() + "u1,p1,2026-03-01,x,y\n", rows=31, accepted=30, rejects=[(32, "long_row")]),
    Case(14, log(header="user,item,time,", extra=","), rows=30, accepted=30,
         notes=["trailing_comma"]),
    Case(15, "user,item,time,time\n" + "".join(
        f"u{i},p{i},2026-03-{i % 28 + 1:02d},2026-04-{i % 28 + 1:02d}\n" for i in range(30)),
        "needs_answers", question="role"),
    Case(16, "order id,total\n" + "".join(f"A{i},{i}.50\n" for i in range(30)), "refused",
         "missing_role", values={"role": "ts", "found": "order id, total"}),
    Case(17, log(), "refused", "same_column_twice"),  # with an answer, see below
    Case(18, "".join(f"{i % 9},22{i:05d},252{i % 7},{'pv' if i % 3 else 'buy'},{1511544070 + i * 60}\n"
                     for i in range(60)), rows=60, accepted=60, notes=["no_header_row"]),
    Case(19, "# ----\n# Free form\n# 20260301-20260331\n\nEvent name,Event count,Total users\n"
         ",90,20\n" + "view,1,1\n" * 20, "refused", "ga4_aggregated"),
    Case(19, "Report of the shop\n2026-03\n\n" + log(), rows=30, accepted=30,
         notes=["title_lines"]),
    Case(20, sales("合计,,,,30,285.00"), rows=31, accepted=30, exclusions={"totals_row": 1}),
    Case(21, sales().replace("price\n", "price\n , , , ,件,元\n", 1), rows=31, accepted=30,
         exclusions={"hint_row": 1}),
    Case(21, log(20) + "user,item,time\n" + log(20).partition("\n")[2], rows=41, accepted=40,
         exclusions={"repeated_header": 1}),
    Case(22, "".join(f'"=""{n}""",u,p,2026-03-01 10:00:00\n' if n > 100 else
                     "order,user,item,time\n\"\t9001\",'u1,p,2026-03-01 10:00:00\n"
                     for n in (0, *range(101, 131))), rows=31, accepted=31,
         cleaned={"excel_text": 30, "leading_mark": 2}),
    Case(23, "order,user,item,time\n6.92015E+18,u,p,2026-03-01\n6.92016E+18,v,q,2026-03-02\n",
         "refused", "digits_lost", values={"column": "order", "line": 2}),
    Case(24, sales().replace("9.50", '"￥1,009.50"'), rows=30, accepted=30,
         cleaned={"money_sign": 30}),
    Case(24, sales().replace("9.50", '"9,50 €"'), rows=30, accepted=30, cleaned={"money_sign": 30}),
    Case(24, sales('x,u,p,2026-03-01,1,"1.009,50"'), "needs_answers", question="decimal_mark"),
    Case(25, "order,user,item,time\n" + "".join(
        f"o{i},u{i},p,{i % 12 + 1:02d}/{(i * 5) % 12 + 1:02d}/2026\n" for i in range(30)),
        "needs_answers", question="date_order"),
    Case(26, "user,item,time\n" + "".join(
        f"u{i},p,{('2026-03-05 10:00:00', '2026/3/5 10:00', '2026年3月5日', '5 Mar 2026')[i % 4]}\n"
        for i in range(40)), rows=40, accepted=40),
    Case(27, "user,item,time\n" + "".join(f"u{i},p,{46023.5 + i}\n" for i in range(30)), rows=30,
         accepted=30),
    *(Case(28, "user,item,time\n" + "".join(
        f"u{i},p{i},{(1772330000 + i * 60) * factor}\n" for i in range(30)), rows=30, accepted=30)
      for factor in (1, 1000, 1_000_000)),
    Case(29, log() + "u1,p1,2098-01-01\nu1,p1,1969-01-01\n", rows=32, accepted=31,
         rejects=[(33, "bad_time")], notes=["future_times"]),
    Case(30, log(), rows=30, accepted=30, notes=["zone"]),
    Case(31, "user,age\n" + "".join(f"u{i},{a}\n" for i, a in enumerate(
        ["0", "200", "-5", "30岁", "1990"] + ["33"] * 20)), rows=25, accepted=25,
        cleaned={"impossible_age": 3, "age_words": 2}),
    Case(32, sales("o3,u3,p3,2026-03-30 10:00:00,-1,9.50"), rows=31, accepted=31,
         notes=["refund_rows"]),
    Case(32, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
         + "".join(f"{'C' if i == 9 else ''}5363{i},S{i % 5},Cup,{-2 if i == 9 else 2},"
                   f"12/{i % 28 + 1}/2010 8:26,2.55,17850,UK\n" for i in range(30)),
         rows=30, accepted=30, notes=["refund_rows"]),
    Case(33, "user,item,event,time\n" + "".join(
        f"u{i},p,{'teleport' if i % 10 == 0 else 'view'},2026-03-01 10:00:{i:02d}\n"
        for i in range(30)), rows=30, accepted=27, exclusions={"other_event": 3},
        notes=["other_events"]),
    Case(34, "订单号,商品ID,商品名称,订购数量,下单时间,京东价,订单金额,应付金额,订单状态,下单帐号\n" + "".join(
        f"77{i // 2},s{i},杯,1,2026-03-01 10:00:00,10.00,20.00,20.00,完成,u{i // 2}\n"
        for i in range(40)), rows=40, accepted=40),
    Case(35, "Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales\n"
         + "".join(f'2026-03-01 10:00:{i:02d},{i},completed,A{i},new,"1× Tea, 2× Cup",3,,9.00\n'
                   for i in range(30)), rows=30, accepted=30),
    Case(36, "商品,订单号,订单状态,商品总价(元),用户实付金额(元),商品数量(件),订单成交时间\n" + "".join(
        f"杯,26-{i},已发货，待收货,9.00,9.00,1,2026-03-01 10:00:{i:02d}\n" for i in range(30)),
        rows=30, accepted=30, notes=["no_buyer"]),
    Case(37, log(), "already_imported", "already_imported"),  # twice, see below
    Case(38, "user,item,time,note\nu1,p1,2026-03-01," + "x" * 5_000_000 + "\n" + log(
        header="u,p,2026-03-02,y", extra=",z"), "ready", rows=32, accepted=31,
        rejects=[(2, "cell_too_long")]),
    Case(38, ",".join(f"c{i}" for i in range(5000)) + "\n" + ",".join("1" * 5000) + "\n",
         "refused", "too_many_columns", values={"found": 5000, "limit": 1000}),
    Case(39, log(), "refused", "too_large"),  # with a lowered limit, see below
    Case(40, gzip.compress(bytes(40 << 20)), "refused", "unpacks_too_large", name="x.csv.gz"),
    Case(40, zipped(x_csv=bytes(40 << 20)), "refused", "unpacks_too_large", name="x.zip"),
    Case(40, zipped(x_zip=zipped(x_csv=log().encode())), "refused", "zip_of_several", name="x.zip"),
    Case(40, OLE, "refused", "workbook_locked", name="x.xlsx"),
    Case(41, workbook(merged=True), rows=20, accepted=20, name="x.xlsx", notes=["merged_cells"]),
    Case(41, workbook(sheets=2), "needs_answers", question="sheet", name="x.xlsx"),
    Case(41, workbook(formula=True), rows=20, accepted=19, name="x.xlsx", rejects=[(5, "empty")]),
    Case(41, entities(), "refused", "damaged_workbook", name="x.xlsx"),
    *(Case(42, log(), rows=30, accepted=30, name=name) for name in (
        "../../x.csv", "n" * 4000 + ".csv", "x\u202evsc.exe", "a\x00b.csv")),
    *(Case(43, log(header=f"user,item,time,{name}", extra=",1"), rows=30, accepted=30)
      for name in ('"""; DROP TABLE"', '"a""b"', "__proto__", "", "h" * 10_000)),
    *(Case(44, log(header="user,item,time,item name", extra="," + text), rows=30, accepted=30)
      for text in ("<script>", "![](http://x)", "[x](javascript:y)", ":red[..]", "$x$")),
    Case(45, log(header="user,item,time,item name", extra=",=1+1"), rows=30, accepted=30),
    Case(46, log(header="user,item,time,商品名称", extra=",𠮷👩‍👩‍👧e\u0301").encode("gb18030"), rows=30,
         accepted=30),
    Case(47, "email,item,time,phone,收货地址\n" + "".join(
        f"a{i}@mail.example,p,2026-03-01 10:00:00,13800000{i:03d},路1号\n" for i in range(30)), rows=30,
        accepted=30, notes=["hashed_ids", "personal_left_out"]),
    Case(48, log().replace("u1,", "甲**,"), rows=30, accepted=30, notes=["masked_buyers"]),
    Case(49, gzip.compress(log(3000).encode()), rows=3000, accepted=3000, name="x.csv.gz"),
]
_ENGINE = re.compile(r"duckdb|invalid input|traceback|sniff|exception|read_csv|errno|utf-8' codec"
                     r"|[{}]|/tmp/|/home/|\.py\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("shop"), timezone="Asia/Shanghai") as workspace:
        yield workspace


def sayings(r: Any) -> list[str]:
    codes = {*r.rejects.code, *r.cleaned.code, *r.exclusions, f"status_{r.status}"}
    return [str(n) for n in r.notes] + [str(q) for q in r.questions] + [
        sentence(code) for code in sorted(codes)] + ([r.message] if r.code else [])


def speaks_both(r: Any) -> None:
    with use_language("en"):
        english = sayings(r)
    with use_language("zh"):
        chinese = sayings(r)
    for one, other in zip(english, chinese, strict=True):
        assert one and one != other and re.search("[\u4e00-\u9fff]", other), (one, other)
        # a file's own words may stand in quotation marks; ours never look like these
        for said in (re.sub("“[^”]*”", "", one), re.sub("“[^”]*”", "", other)):
            assert not _ENGINE.search(said), said


def numbers() -> set[int]:
    return {c.number for c in CASES}


def test_all_49_are_here():
    assert numbers() == set(range(1, 50))


@pytest.mark.parametrize("case", [c for c in CASES if c.number not in (17, 37, 39)], ids=lambda c: (
    f"{c.number}-{c.code or c.question or c.status}"))
def test_a_bad_input_gets_its_answer(ws, case):
    data = case.data.encode() if isinstance(case.data, str) else case.data
    r = ws.inspect(data=data, name=case.name)
    assert r.status == case.status, (r.code, r.values, [str(q) for q in r.questions])
    assert r.code == case.code
    assert r.rows_in == r.accepted + r.rejected + r.excluded
    if case.rows is not None:
        assert (r.rows_in, r.accepted) == (case.rows, case.accepted)
    if case.status == "ready":
        assert list(zip(r.rejects.line.tolist(), r.rejects.code.tolist(), strict=True)) == list(
            case.rejects)
        assert r.exclusions == dict(case.exclusions)
    assert set(case.notes) <= {n.code for n in r.notes}
    cleaned = r.cleaned.groupby("code")["count"].sum().to_dict()
    assert {code: cleaned.get(code) for code in case.cleaned} == dict(case.cleaned)
    assert {k: r.values.get(k) for k in case.values} == dict(case.values)
    if case.question:
        assert case.question in [q.code for q in r.questions]
    if case.encoding:
        assert r.encoding == case.encoding
    speaks_both(r)


def test_17_two_roles_in_one_column(ws):
    r = ws.inspect(data=log().encode(), name="x.csv", answers={"user": "item", "item": "item"})
    assert (r.status, r.code) == ("refused", "same_column_twice")
    assert r.values["column"] == "item"
    speaks_both(r)


def test_34_repeated_order_amounts_are_shown_to_reach_the_revenue(ws):
    case = next(c for c in CASES if c.number == 34)
    (total,) = ws.inspect(data=str(case.data).encode(), name="jd.csv").totals
    # 20 orders of 20.00, each on two lines
    assert (total.summed, total.read, dict(total.parts)) == (800, 400, {"part_repeated": -400})


def test_37_the_same_file_twice(tmp_path):
    with Workspace.open(tmp_path) as ws:
        first = ws.import_file(data=log().encode(), name="first.csv")
        r = ws.import_file(data=log().encode(), name="again.csv")
        assert (first.status, r.status, r.import_id) == (
            "imported", "already_imported", first.import_id)
        assert "first.csv" in r.message
        speaks_both(r)


def test_39_a_file_above_the_limit(ws, monkeypatch):
    monkeypatch.setattr(scan, "MAX_BYTES", 100)
    r = ws.inspect(data=log().encode(), name="x.csv")
    assert (r.status, r.code) == ("refused", "too_large")
    speaks_both(r)


def test_40_unpacking_ends_at_the_limit(ws, monkeypatch):
    monkeypatch.setattr(container, "MAX_UNPACKED", 1000)
    r = ws.inspect(data=gzip.compress(log(500).encode()), name="x.gz")
    assert (r.status, r.code) == ("refused", "unpacks_too_large")
    speaks_both(r)


def test_42_a_name_is_only_shown(tmp_path):
    shop = tmp_path / "shop"
    with Workspace.open(shop) as ws:
        ws.import_file(data=log().encode(), name="../../x.csv")
        assert ws.imports().file_name[0] == "../../x.csv"
    assert [p for p in tmp_path.rglob("*x.csv*")] == [] and list(tmp_path.iterdir()) == [shop]


def test_47_no_personal_cell_reaches_the_store(tmp_path):
    data = next(c.data for c in CASES if c.number == 47)
    assert isinstance(data, str)
    with Workspace.open(tmp_path) as ws:
        ws.import_file(data=data.encode(), name="x.csv")
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"@mail.example" not in stored and b"13800000" not in stored
    assert "路1号".encode() not in stored


def test_each_sheet_of_a_workbook_is_brought_in_once(tmp_path):
    data = workbook(sheets=2)
    with Workspace.open(tmp_path / "w", timezone="Asia/Shanghai") as ws:
        told = [ws.import_file(data=data, name="x.xlsx", answers={"sheet": sheet}).status
                for sheet in (*ws_sheets(ws, data), *ws_sheets(ws, data))]
        assert told == ["imported"] * 2 + ["already_imported"] * 2
        assert ws.imports()["file_name"].tolist() == [
            f"x.xlsx · {sheet}" for sheet in reversed(ws_sheets(ws, data))]


def ws_sheets(ws: Workspace, data: bytes) -> tuple[str, ...]:
    return ws.inspect(data=data, name="x.xlsx").questions[0].options
