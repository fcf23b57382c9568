"""What Excel makes of an export: workbooks, serial dates, "Unicode text", regional CSV."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from openpyxl import Workbook

from tests.corpus.base import Expected, fixture
from tests.corpus.languages import comma
from tests.corpus.shop import Order
from tests.corpus.tables import CHINESE, ENGLISH, expected, made, simple

GROUP = "Excel round trips"


def serial(ts: dt.datetime) -> str:
    return f"{(ts - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1):.6f}"


def _rows(some: list[Order]) -> list[list[Any]]:
    return [[f"S-{o.number}", f"K{o.buyer:03d}", o.ts, x.item, x.name, x.quantity, float(x.price)]
            for o in some for x in o.lines]


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _book(seed: int, header: tuple[str, ...], above: tuple[str, ...] = (), other: bool = False,
          total: bool = False, when: Any = lambda t: t) -> tuple[bytes, Expected]:
    some = made(seed)
    book = Workbook()
    sheet = book.active
    if other:
        sheet.title = "说明"
        sheet.append(["本表由系统导出"])
        sheet = book.create_sheet("订单")
    for title in above:
        sheet.append([title])
    sheet.append(header)
    rows = _rows(some)
    for row in rows:
        sheet.append([*row[:2], when(row[2]), *row[3:]])
    told = expected(some, len(rows))
    if total:
        sheet.append(["合计", None, None, None, None, sum(r[5] for r in rows), None])
        told = expected(some, len(rows) + 1, accepted=len(rows), exclusions={"totals_row": 1})
    return _saved(book), told


@fixture(GROUP, "orders.xlsx")
def a_workbook_with_true_dates() -> tuple[bytes, Expected]:
    return _book(600, ENGLISH)


@fixture(GROUP, "orders.xlsx")
def a_workbook_with_titles_and_a_total() -> tuple[bytes, Expected]:
    return _book(601, CHINESE, above=("店铺订单", "2026年3月"), total=True)


@fixture(GROUP, "orders.xlsx")
def a_sheet_of_words_before_the_sheet_of_orders() -> tuple[bytes, Expected]:
    return _book(602, CHINESE, other=True)


@fixture(GROUP, "orders.xlsx")
def dates_as_text_in_a_workbook() -> tuple[bytes, Expected]:
    return _book(603, CHINESE, when=lambda t: f"{t:%Y-%m-%d %H:%M:%S}")


@fixture(GROUP, "orders.xlsx")
def two_sheets_with_a_table_each() -> tuple[bytes, Expected]:
    some, rest = made(604), made(605, 20)
    book = Workbook()
    for sheet, rows in ((book.active, _rows(some)), (book.create_sheet("April"), _rows(rest))):
        sheet.append(ENGLISH)
        for row in rows:
            sheet.append(row)
    book.active.title = "March"
    return _saved(book), expected(some, len(_rows(some)), outcome="asked", question="sheet",
                                  answers={"sheet": "March"})


@fixture(GROUP)
def a_workbook_under_another_name() -> tuple[bytes, Expected]:
    return _book(606, ENGLISH)[0], Expected(outcome="refused", code="is_excel")


@fixture(GROUP)
def serial_dates_in_a_csv() -> tuple[bytes, Expected]:
    return simple(607, when=serial)


@fixture(GROUP, "unicode.txt")
def unicode_text() -> tuple[bytes, Expected]:
    return simple(608, encoding="utf-16", delimiter="\t", header=CHINESE,
                  expect={"encoding": "utf-16"})


@fixture(GROUP)
def semicolons_and_decimal_commas() -> tuple[bytes, Expected]:
    return simple(609, delimiter=";", money=comma)


@fixture(GROUP)
def sep_and_decimal_commas() -> tuple[bytes, Expected]:
    return simple(610, delimiter=";", money=comma, before=["sep=;"], encoding="utf-8-sig")


@fixture(GROUP)
def rows_padded_with_empty_ones() -> tuple[bytes, Expected]:
    data, told = simple(611)
    return data + b",,,,,,\r\n" * 30, Expected(**(vars(told) | {
        "rows_in": (told.rows_in or 0) + 30, "exclusions": {"blank_row": 30}}))


@fixture(GROUP)
def a_total_in_the_last_row() -> tuple[bytes, Expected]:
    data, told = simple(612, header=CHINESE, encoding="gb18030")
    return data + "总计,,,,,999,\r\n".encode("gb18030"), Expected(**(vars(told) | {
        "rows_in": (told.rows_in or 0) + 1, "exclusions": {"totals_row": 1}}))


@fixture(GROUP, "members.xlsx")
def remarks_below_a_list_of_people_with_spaced_phones() -> tuple[bytes, Expected]:
    book = Workbook()
    sheet = book.active
    sheet.append(["姓名", "电话", "年龄", "性别"])
    for i in range(40):
        sheet.append([f"王{i}", f"138 {1000 + i} {2000 + i}", 20 + i, ("女", "保密", "未知")[i % 3]])
    sheet.append([])
    sheet.append(["共40人"])
    sheet.append(["注：以上不含批发"])
    return _saved(book), Expected(
        outcome="asked", question="role", answers={"user": "电话"}, table="customers",
        rows_in=42, accepted=40, exclusions={"footer_line": 2}, shoppers=40,
        notes=("remark_rows",))
