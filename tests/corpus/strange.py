"""Files that others thought of: cells that say no money, marks inside cells, columns of yes and no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from tests.corpus.base import Expected, fixture
from tests.corpus.oddities import HEADER, _file, _read, _rows, _sold

_GROUP = "Strangers: a second look"
_NAMES = ('24" TV', 'Hose 1/2"', "Pan", 'Frame 5" x 7"', "Cup")


def _priced(cell: str, every: int) -> list[list[str]]:
    return [[*r[:5], cell if i % every == 0 else r[5]] for i, r in enumerate(_rows())]


@fixture(_GROUP)
def prices_that_are_no_numbers() -> tuple[bytes, Expected]:
    return _file(HEADER, _priced("3折", 3)), Expected(outcome="refused", code="money_unread")


@fixture(_GROUP)
def two_prices_without_a_number_are_a_slip() -> tuple[bytes, Expected]:
    rows = _priced("面议", 15)
    paid = [r for r in rows if r[5] != "面议"]
    return _read(_file(HEADER, rows), _rows(), 30, revenue=_sold(paid))


@fixture(_GROUP)
def prices_in_ten_thousands() -> tuple[bytes, Expected]:
    rows = [[*r[:5], f"{Decimal(r[5]) / 10_000:.6f}"] for r in _rows()]
    return _read(_file(HEADER.replace("price", "单价(万元)"), rows), _rows(), 30,
                 notes=("in_units",), currency="CNY")


@fixture(_GROUP)
def amounts_in_thousands_of_dollars() -> tuple[bytes, Expected]:
    rows = [[*r[:5], f"{int(r[4]) * Decimal(r[5]) / 1000:.6f}"] for r in _rows()]
    return _read(_file(HEADER.replace("price", "amount (k$)"), rows), _rows(), 30,
                 notes=("in_units",))


@fixture(_GROUP)
def words_for_nobody() -> tuple[bytes, Expected]:
    words = ("无", "暂无", "nil", "(blank)", "/", "??", "空")
    rows = [[r[0], words[i // 4] if i % 4 == 0 and i < 28 else r[1], *r[2:]]
            for i, r in enumerate(_rows())]
    return _read(_file(HEADER, rows), rows, 30, notes=("rows_without_user",))


@fixture(_GROUP)
def some_numbers_passed_through_a_float() -> tuple[bytes, Expected]:
    rows = [[r[0], f"178{r[1][1:]}{'.0' if i % 2 else ''}", *r[2:]] for i, r in enumerate(_rows())]
    return _read(_file(HEADER, rows), rows, 30)


@fixture(_GROUP)
def marks_of_inches_in_quoted_cells() -> tuple[bytes, Expected]:
    rows = [[*r[:2], f'"{_NAMES[i % 5]}"', f'"{_NAMES[i % 5]}"', *r[3:]] for i, r in enumerate(_rows())]
    return _read(_file(HEADER.replace("sku", "sku,product name"), rows), _rows(), 30,
                 notes=("quotes_as_text",), items={'Hose 1/2"': 'Hose 1/2"', '24" TV': '24" TV'})


@fixture(_GROUP)
def rows_that_end_before_an_empty_remark() -> tuple[bytes, Expected]:
    rows = [[*r, "x"] if i % 3 else r for i, r in enumerate(_rows())]
    return _read(_file(HEADER + ",remark", rows), rows, 30, notes=("filled_short",))


@fixture(_GROUP)
def rows_that_end_before_their_price() -> tuple[bytes, Expected]:
    rows = [r[:5] if i in (5, 9, 14) else r for i, r in enumerate(_rows())]
    good = [r for r in rows if len(r) == 6]
    return _read(_file(HEADER, rows), good, 30, rejects=tuple(
        (i + 2, "short_row") for i in (5, 9, 14)))


@fixture(_GROUP)
def units_parted_by_their_separator() -> tuple[bytes, Expected]:
    text = _file(HEADER, _rows()).replace(b",", b"\x1f")
    return _read(text + b"\0" * 400, _rows(), 30)


def _counted(flag: str, yes: str, no: str, orders: int = 25) -> tuple[bytes, Expected]:
    rows = _rows()
    good = [r for i, r in enumerate(rows) if i % 6]
    data = _file(f"{HEADER},{flag}", [[*r, no if i % 6 else yes] for i, r in enumerate(rows)])
    return _read(data, rows, 30, revenue=_sold(good), orders=orders, shoppers=None)


@fixture(_GROUP)
def a_column_says_which_rows_are_deleted() -> tuple[bytes, Expected]:
    return _counted("is_deleted", "1", "0")


@fixture(_GROUP)
def a_column_says_which_orders_are_paid() -> tuple[bytes, Expected]:
    return _counted("是否付款", "否", "是")


@fixture(_GROUP)
def a_column_says_which_orders_went_back() -> tuple[bytes, Expected]:
    data, told = _counted("is_refund", "1", "0", orders=30)
    return data, told


@fixture(_GROUP)
def sums_of_lines_without_their_products() -> tuple[bytes, Expected]:
    lines = [[f"O{i // 2}", f"C{i % 14 // 2}", f"2026-03-{i + 1:02d} 10:00:00", f"{10 + i}.00"]
             for i in range(28)]
    return _file("order,customer,date,amount", lines), Expected(
        table="events", rows_in=28, accepted=28, orders=14, shoppers=7,
        revenue=sum((Decimal(r[3]) for r in lines), Decimal(0)))


@fixture(_GROUP)
def one_order_at_several_times() -> tuple[bytes, Expected]:
    states = [[f"O{i // 2}", f"C{i % 14 // 2}", f"2026-03-{i // 2 + 1:02d} 10:00:00",
               "paid" if i % 2 else "pending", f"{10 + i}.00"] for i in range(28)]
    return _file("order,customer,date,status,amount", states), Expected(
        table="orders", rows_in=28, accepted=28, orders=14, shoppers=7,
        revenue=sum((Decimal(r[4]) for r in states[1::2]), Decimal(0)))


def _dated(rows: Sequence[Sequence[str]], form: str) -> list[list[str]]:
    return [[*r[:3], dt.datetime.fromisoformat(r[3]).strftime(form), *r[4:]] for r in rows]


@fixture(_GROUP)
def the_day_stands_in_the_middle() -> tuple[bytes, Expected]:
    return _read(_file(HEADER, _dated(_rows(), "%Y-%d-%m %H:%M:%S")), _rows(), 30)


@fixture(_GROUP)
def narrow_blanks_before_am() -> tuple[bytes, Expected]:
    return _read(_file(HEADER, _dated(_rows(), "%Y-%m-%d %I:%M:%S\u202f%p")), _rows(), 30)


@fixture(_GROUP)
def the_zone_by_its_name_in_chinese() -> tuple[bytes, Expected]:
    return _read(_file(HEADER, _dated(
        _rows(), "%a %b %d %Y %H:%M:%S GMT+0800 (中国标准时间)")), _rows(), 30)


@fixture(_GROUP)
def days_that_excel_swapped() -> tuple[bytes, Expected]:
    rows = []
    for r in _rows():
        day = dt.date.fromisoformat(r[3][:10])
        cell = f"{day:%d/%m/%Y}" if day.day > 12 else f"{day.year}/{day.day}/{day.month}"
        rows.append([*r[:3], cell, *r[4:]])
    return _file(HEADER, rows), Expected(outcome="refused", code="dates_swapped")


@fixture(_GROUP)
def an_empty_column_named_like_the_customer() -> tuple[bytes, Expected]:
    rows = [[r[0], "", r[1], *r[2:]] for r in _rows()]
    return _read(_file(HEADER.replace("customer", "Nickname,Shop Customer ID"), rows), _rows(), 30)
