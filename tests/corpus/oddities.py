"""Odd files of strangers: pages, remarks, sums among rows, tables by month, files joined together."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, fixture

HEADER = "order,customer,sku,date,qty,price"
_GROUP = "Strangers: oddities"


def _rows(n: int = 30) -> list[list[str]]:
    return [[f"O{1000 + i}", f"C{i % 7}", f"SKU{i % 5}", f"2026-03-{i % 28 + 1:02d} 10:{i:02d}:00",
             str(i % 3 + 1), f"{(i % 9 + 1) * 5}.50"] for i in range(n)]


def _sold(rows: Sequence[Sequence[str]]) -> Decimal:
    return sum((Decimal(r[4]) * Decimal(r[5]) for r in rows), Decimal(0))


def _file(*parts: str | Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Lines as given and rows with commas, one below the other."""
    out = []
    for part in parts:
        out += [part] if isinstance(part, str) else [",".join(r) for r in part]
    return ("\n".join(out) + "\n").encode(encoding)


def _read(data: bytes, rows: Sequence[Sequence[str]], rows_in: int, **more: Any
          ) -> tuple[bytes, Expected]:
    told: dict[str, Any] = {
        "table": "events", "rows_in": rows_in, "accepted": len(rows), "revenue": _sold(rows),
        "orders": len(rows), "shoppers": 7, "first": "2026-03-01 02:00:00"}
    return data, Expected(**(told | more))


@fixture(_GROUP)
def remarks_between_the_rows() -> tuple[bytes, Expected]:
    rows = _rows()
    return _read(_file("# shop export", HEADER, rows[:9], "# page 2", rows[9:], "# end of file"),
                 rows, 32, exclusions={"footer_line": 2})


@fixture(_GROUP)
def a_row_of_units_with_dashes() -> tuple[bytes, Expected]:
    return _read(_file(HEADER, "-,-,-,YYYY-MM-DD,pcs,EUR", _rows()), _rows(), 31,
                 exclusions={"hint_row": 1})


@fixture(_GROUP)
def sums_of_parts_and_of_all_in_words() -> tuple[bytes, Expected]:
    rows, parts = _rows(), []
    for k in range(6):
        parts += rows[k * 5:k * 5 + 5]
        parts.append([f"Subtotal C{k}", "", "", "", "10", "100.00"])
    return _read(_file(HEADER, parts, "Grand total (30 orders),,,,60,1650.00"), rows, 37,
                 exclusions={"totals_row": 7})


@fixture(_GROUP)
def the_word_total_in_a_later_column() -> tuple[bytes, Expected]:
    return _read(_file(HEADER, _rows(), ",,,TOTAL:,60,1650.00"), _rows(), 31,
                 exclusions={"totals_row": 1})


@fixture(_GROUP)
def a_total_is_no_person() -> tuple[bytes, Expected]:
    people = [[f"C{i}", str(20 + i), str(i)] for i in range(9)]
    return _file("customer,age,browsing_count", people, "Grand total (9 customers),,36"), Expected(
        table="customers", rows_in=10, accepted=9, browsing=36, exclusions={"totals_row": 1})


@fixture(_GROUP)
def two_files_put_together_with_their_marks_of_encoding() -> tuple[bytes, Expected]:
    rows = _rows()
    data = b"".join(b"\xef\xbb\xbf" + _file(HEADER, part) for part in (rows[:15], rows[15:]))
    return _read(data, rows, 31, exclusions={"repeated_header": 1})


@fixture(_GROUP)
def marks_that_nobody_sees_around_ids() -> tuple[bytes, Expected]:
    rows = _rows()
    hidden = [[r[0], f"\u200e{r[1]}" if i % 2 else f"{r[1]}\u200b", *r[2:]]
              for i, r in enumerate(rows)]
    return _read(_file(HEADER, hidden), rows, 30)


@fixture(_GROUP)
def cells_in_apostrophes_with_commas_inside() -> tuple[bytes, Expected]:
    rows = [[f"'{c}'" for c in (*r, "Tea, green")] for r in _rows()]
    names = ",".join(f"'{h}'" for h in (*HEADER.split(","), "product name"))
    return _read(_file(names, rows), _rows(), 30, items={"SKU1": "Tea, green"})


@fixture(_GROUP)
def apostrophes_only_where_a_cell_has_a_comma() -> tuple[bytes, Expected]:
    rows = [[*r, "'Tea, green'"] for r in _rows()]
    return _read(_file(f"{HEADER},product name", rows), _rows(), 30, items={"SKU1": "Tea, green"})


@fixture(_GROUP)
def quotation_marks_escaped_by_a_backslash() -> tuple[bytes, Expected]:
    rows = [[*r, '"Tea, \\"green\\""'] for r in _rows()]
    return _read(_file(f"{HEADER},product name", rows), _rows(), 30,
                 items={"SKU1": 'Tea, "green"'})


@fixture(_GROUP)
def a_table_written_as_a_web_page() -> tuple[bytes, Expected]:
    cells = ["".join(f"<td>{c}</td>" for c in r) for r in (HEADER.split(","), *_rows())]
    page = "<html><body><table>" + "".join(f"<tr>{c}</tr>" for c in cells) + "</table></body></html>"
    return page.encode(), Expected("refused", code="is_html_table")


@fixture(_GROUP)
def decimal_commas_without_quotation_marks() -> tuple[bytes, Expected]:
    rows = [[r[1], r[2], r[5].replace(".", ","), r[3]] for r in _rows()]
    return _file("customer,sku,amount,date", rows), Expected("refused", code="too_many_broken")


@fixture(_GROUP)
def merged_cells_leave_the_order_on_its_first_line() -> tuple[bytes, Expected]:
    rows = _rows(20)
    more = ["", "", "SKU9", "", "2", "3.00"]
    both = [x for r in rows for x in (r, more)]
    return _read(_file(HEADER, both), rows, 40, accepted=40, revenue=_sold(both),
                 units=sum(int(r[4]) for r in both))


@fixture(_GROUP)
def merged_cells_beside_numbers_of_products() -> tuple[bytes, Expected]:
    rows = [[*r[:2], str(70001 + i % 7), *r[3:]] for i, r in enumerate(_rows(20))]
    more = ["", "", "70009", "", "2", "3.00"]
    both = [x for r in rows for x in (r, more)]
    return _read(_file(HEADER, both), rows, 40, accepted=40, revenue=_sold(both),
                 units=sum(int(r[4]) for r in both))


@fixture(_GROUP)
def words_for_nothing() -> tuple[bytes, Expected]:
    nothing = ("NULL", "N/A", "-", "None", "nan", "#N/A", "--", "n/a", "null", "#REF!")
    rows = [[r[0], nothing[i % 10], *r[2:]] if i < 10 else r for i, r in enumerate(_rows())]
    return _read(_file(HEADER, rows), rows, 30, notes=("rows_without_user",))


@fixture(_GROUP)
def a_second_table_under_the_first() -> tuple[bytes, Expected]:
    more = [[f"C{i}", "Rome", str(20 + i)] for i in range(4)]
    return _read(_file(HEADER, _rows(), "", "customer,city,age", more), _rows(), 35,
                 rejects=[(line, "short_row") for line in range(33, 38)])


@fixture(_GROUP)
def a_header_of_two_levels_is_asked_about() -> tuple[bytes, Expected]:
    rows = [[r[0], r[3], r[2], "Tea", r[4], r[5]] for r in _rows()]
    return _file("Order,Order,Item,Item,Item,Item", "number,date,sku,name,qty,price", rows), Expected(
        "asked", table="events", rows_in=30, accepted=30, question="role", revenue=_sold(_rows()),
        answers={"user": "", "order": "number"})


def _refused(header: str, rows: Sequence[Sequence[str]], code: str, encoding: str = "utf-8"
             ) -> tuple[bytes, Expected]:
    return _file(header, rows, encoding=encoding), Expected("refused", code=code)


@fixture(_GROUP)
def months_as_columns() -> tuple[bytes, Expected]:
    return _refused("Product,Jan 2026,Feb 2026,Mar 2026,Total", [
        [f"Tea {i}", str(i), str(2 * i), str(3 * i), str(6 * i)] for i in range(20)], "pivot")


@fixture(_GROUP)
def months_of_digits_as_columns() -> tuple[bytes, Expected]:
    return _refused("Customer,2026-01,2026-02,2026-03", [
        [f"C{i}", f"{i}.50", f"{2 * i}.00", f"{3 * i}.20"] for i in range(20)], "pivot")


@fixture(_GROUP)
def months_in_chinese_as_columns() -> tuple[bytes, Expected]:
    return _refused("商品名称,1月,2月,3月,4月,合计", [
        [f"茶{i}", *(str(i * k) for k in (1, 2, 3, 4, 10))] for i in range(20)], "pivot", "gb18030")


@fixture(_GROUP)
def takings_of_each_day() -> tuple[bytes, Expected]:
    return _refused("Date,Revenue,Orders", [
        [f"2026-03-{i + 1:02d}", f"{i}.00", str(i)] for i in range(28)], "aggregated")


@fixture(_GROUP)
def what_each_product_sold_in_a_month() -> tuple[bytes, Expected]:
    return _refused("Month,Product,Units sold,Revenue", [
        [f"2026-{i % 3 + 1:02d}", f"Tea {i}", str(i), f"{i}.00"] for i in range(28)], "aggregated")


@fixture(_GROUP)
def views_of_each_page_are_no_persons() -> tuple[bytes, Expected]:
    return _refused("Page path and screen class,Views,Active users,Views per active user", [
        [f"/p/{i}", str(i * 9), str(i), "2.5"] for i in range(28)], "aggregated")


@fixture(_GROUP)
def people_counted_by_age() -> tuple[bytes, Expected]:
    return _refused("年龄段,人数,成交金额", [
        ["18-24岁", "120", "900.00"], ["25-34岁", "300", "5000.00"], ["35-44岁", "200", "4000.00"],
    ], "aggregated", "gb18030")


@fixture(_GROUP)
def a_list_of_what_came_back() -> tuple[bytes, Expected, list[bytes]]:
    rows = _rows()
    back = [[f"R{r[0]}", r[0], r[1], r[2], "too small", r[3], "1.50"] for r in rows[:10]]
    data = _file("Return ID,Order ID,Customer,SKU,Reason,Return Date,Refund Amount", back)
    before = _file(HEADER, rows)
    told = Expected(table="events", rows_in=10, accepted=10, orders=30, shoppers=7,
                    events={"purchase": 30, "refund": 10}, revenue=_sold(rows) - 15)
    return data, told, [before]


@fixture(_GROUP)
def capitals_and_points_in_headers() -> tuple[bytes, Expected]:
    names = "ORDER.NO,CUST.ID,ITEM.CODE,TRX.DATE,QTY.SOLD,UNIT.PRICE"
    return _read(_file(names, _rows()), _rows(), 30, units=sum(int(r[4]) for r in _rows()))


@fixture(_GROUP)
def sales_without_any_money_are_said_to_be() -> tuple[bytes, Expected]:
    rows = [[*r[:5], "blue"] for r in _rows()]
    return _read(_file("order,customer,sku,date,qty,colour", rows), _rows(), 30,
                 revenue=Decimal("0.00"), notes=("no_money",))


@fixture(_GROUP)
def people_under_a_strange_heading_are_asked_about() -> tuple[bytes, Expected]:
    people = [[f"P{i:03d}", str(20 + i), "杭州"] for i in range(20)]
    return _file("谁,年龄,城市", people, encoding="gb18030"), Expected(
        "asked", table="customers", rows_in=20, accepted=20, question="role",
        answers={"user": "谁"}, ages={"18-24": 5, "25-34": 10, "35-44": 5})
