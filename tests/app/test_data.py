"""The data page as a person uses it: drop files, correct, import, undo."""

from __future__ import annotations

import pytest

from omni_core import Workspace, home

GBK = ("订单导出,,,,,\r\n订单编号,买家会员名,商品编号,金额,订单状态,订单创建时间\r\n"
       '="202601010000000011",张三,A1,"￥1,299.00",交易成功,2026-01-02 10:00:00\r\n'
       '="202601010000000012",李四,A2,￥60.00,交易成功,昨天\r\n'
       "合计,,,￥1359.00,,\r\n").encode("gbk")


def press(at, key):
    next(b for b in at.button if b.key and b.key.startswith(key)).click().run()
    assert not at.exception
    return at


def words(at):
    return " ".join(str(m.value) for m in (*at.markdown, *at.caption, *at.error, *at.info))


@pytest.mark.parametrize(("language", "heading", "summed", "done"), [
    ("en", "Bring your files",
     "3 rows: 1 to import, 1 can't be used, 1 left out on purpose", "1 imported"),
    ("zh", "导入你的文件", "共 3 行：将导入 1 行，1 行不可用，1 行有意略过", "导入 1 行")])
def test_a_gbk_export_is_understood_imported_and_undone(
        open_page, language, heading, summed, done):
    at = open_page("data", language)
    assert at.title[0].value == heading
    at.file_uploader[0].upload("订单导出.csv", GBK, "text/csv").run()
    assert not at.exception
    assert summed in words(at)
    press(at, "import_")
    assert done in words(at)
    with Workspace.open(home.last_opened()) as ws:
        assert ws.query("summary").revenue[0] == 1299
    press(at, "undo_")
    with Workspace.open(home.last_opened()) as ws:
        assert sum(ws.counts().values()) == 0


def test_a_role_is_corrected_by_dropdown_before_the_import(open_page):
    at = open_page("data")
    text = "customer,helper,sku,time\nshop,anna,p1,2026-01-01\nshop,ben,p2,2026-01-02\n"
    at.file_uploader[0].upload("x.csv", text.encode(), "text/csv").run()
    picker = next(s for s in at.selectbox if s.key.startswith("role_") and s.key.endswith("_user"))
    assert picker.value == "customer"
    picker.set_value("helper").run()
    assert not at.exception
    press(at, "import_")
    with Workspace.open(home.last_opened()) as ws:
        assert ws.query("summary").shoppers[0] == 2


def test_a_missing_role_is_asked(open_page):
    at = open_page("data", "zh")
    at.file_uploader[0].upload("x.csv", b"wer,sku,time\na,p,2026-01-01\n", "text/csv").run()
    assert "哪一列是" in words(at)
    next(s for s in at.selectbox if s.key.startswith("ask_")).set_value("wer").run()
    press(at, "import_")
    with Workspace.open(home.last_opened()) as ws:
        assert ws.counts()["events"] == 1


@pytest.mark.parametrize(("language", "words_expected"), [("en", "Excel workbook"), ("zh", "Excel 工作簿")])
def test_a_workbook_named_csv_gets_a_sentence(open_page, language, words_expected):
    at = open_page("data", language)
    at.file_uploader[0].upload("x.csv", b"PK\x03\x04xl/workbook" + bytes(99), "text/csv").run()
    assert words_expected in " ".join(e.value for e in at.error)
    assert not [b for b in at.button if b.key and b.key.startswith("import_")]


def test_text_from_a_file_stays_text(open_page):
    at = open_page("data")
    name = "![x](http://evil) <script> :red[a] $b$.csv"
    at.file_uploader[0].upload(name, b"user,sku,time\na,p,2026-01-01\n", "text/csv").run()
    shown = words(at)
    assert "![x](" not in shown and "<script>" not in shown.replace("\\<script\\>", "")
