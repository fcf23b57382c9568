"""Strangers' files: delimiters, encodings, titles, headers, quotes, newlines."""

from __future__ import annotations

import csv
from typing import Any

from tests.corpus.base import Expected, fixture
from tests.corpus.tables import CHINESE, ENGLISH, expected, made, plain, simple, write

GROUP = "Strangers: shape"


def _delimiters() -> None:
    names = {";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes",
             "，": "full_width_commas"}
    for seed, (delimiter, name) in enumerate(names.items(), 100):
        def make(seed: int = seed, delimiter: str = delimiter) -> tuple[bytes, Expected]:
            return simple(seed, delimiter=delimiter) if delimiter != "，" else _wide(seed)
        make.__name__ = name
        fixture(GROUP)(make)


def _wide(seed: int) -> tuple[bytes, Expected]:
    some = made(seed)
    out = write(some, CHINESE, delimiter="，")
    return out.text.encode(), expected(some, out.rows)


def _encodings() -> None:
    for seed, (encoding, _) in enumerate({
            "utf-8-sig": "utf-8", "utf-16": "utf-16", "utf-16-le": "utf-16", "utf-16-be": "utf-16",
            "gb18030": "gb18030"}.items(), 110):
        def make(seed: int = seed, encoding: str = encoding) -> tuple[bytes, Expected]:
            return simple(seed, encoding=encoding, header=CHINESE)
        make.__name__ = encoding.replace("-", "_")
        fixture(GROUP)(make)


def _newlines() -> None:
    for seed, (newline, name) in enumerate({"\n": "line_feeds", "\r": "carriage_returns"}.items(),
                                           120):
        def make(seed: int = seed, newline: str = newline) -> tuple[bytes, Expected]:
            return simple(seed, newline=newline)
        make.__name__ = name
        fixture(GROUP)(make)


_delimiters()
_encodings()
_newlines()


@fixture(GROUP)
def mixed_newlines() -> tuple[bytes, Expected]:
    data, told = simple(130)
    lines = data.decode().split("\r\n")
    text = "".join(line + ("\n", "\r\n", "\r")[i % 3] for i, line in enumerate(lines[:-1]))
    return text.encode(), told


@fixture(GROUP)
def every_cell_in_quotes() -> tuple[bytes, Expected]:
    return simple(131, quoting=csv.QUOTE_ALL)


@fixture(GROUP)
def a_space_after_each_comma() -> tuple[bytes, Expected]:
    some = made(132)
    rows = [f'S-{o.number}, K{o.buyer:03d}, {o.ts:%Y-%m-%d %H:%M:%S}, {x.item}, '
            f'"{x.name.replace(chr(34), chr(34) * 2)}", {x.quantity}, {x.price}'
            for o in some for x in o.lines]
    return ("\n".join([", ".join(ENGLISH), *rows]) + "\n").encode(), expected(some, len(rows))


@fixture(GROUP)
def inch_marks_without_quoting() -> tuple[bytes, Expected]:
    some = made(133)
    rows = [f"S-{o.number};K{o.buyer:03d};{o.ts:%Y-%m-%d %H:%M:%S};{x.item};{x.name};"
            f"{x.quantity};{x.price}" for o in some for x in o.lines]
    return ("\n".join([";".join(ENGLISH), *rows]) + "\n").encode(), expected(
        some, len(rows), items={"C330": '相框 12"'})


@fixture(GROUP)
def a_title_block_above_the_header() -> tuple[bytes, Expected]:
    return simple(134, before=["Order report of the shop", "2026-03-01 to 2026-04-30", ""],
                  expect={"notes": ("title_lines",)})


@fixture(GROUP)
def title_lines_padded_with_commas() -> tuple[bytes, Expected]:
    return simple(135, header=CHINESE, before=["店铺订单导出,,,,,,", "2026-03-01 至 2026-04-30,,,,,,"],
                  encoding="gb18030")


@fixture(GROUP)
def a_totals_row_at_the_end() -> tuple[bytes, Expected]:
    some = made(136)
    out = write(some, CHINESE)
    out.row(["合计", "", "", "", "", sum(o.units for o in some), plain(sum(o.goods for o in some))])
    return out.text.encode(), expected(some, out.rows, accepted=out.rows - 1,
                                       exclusions={"totals_row": 1})


@fixture(GROUP)
def an_english_total_at_the_end() -> tuple[bytes, Expected]:
    some = made(137)
    out = write(some)
    out.row(["Grand total", "", "", "", "", sum(o.units for o in some), ""])
    return out.text.encode(), expected(some, out.rows, accepted=out.rows - 1,
                                       exclusions={"totals_row": 1})


@fixture(GROUP)
def a_comma_at_the_end_of_each_row() -> tuple[bytes, Expected]:
    return simple(138, every=lambda row: [*row, ""], expect={"notes": ("trailing_comma",)})


@fixture(GROUP)
def a_comma_at_the_end_but_not_in_the_header() -> tuple[bytes, Expected]:
    return simple(139, every=lambda row: row if row[0] == ENGLISH[0] else [*row, ""])


@fixture(GROUP)
def the_header_again_on_each_page() -> tuple[bytes, Expected]:
    some = made(140)
    out = write(some[:30])
    out.header(ENGLISH)
    more = write(some[30:], header=())
    text = out.text + more.text
    rows = out.rows + more.rows + 1
    return text.encode(), expected(some, rows, accepted=rows - 1,
                                   exclusions={"repeated_header": 1})


@fixture(GROUP)
def blank_lines_between_rows() -> tuple[bytes, Expected]:
    data, told = simple(141)
    lines = data.decode().split("\r\n")
    return "\r\n".join(line + ("\r\n" if i % 9 == 3 else "") for i, line in enumerate(lines)
                       ).encode(), told


@fixture(GROUP)
def spaces_and_case_in_headers() -> tuple[bytes, Expected]:
    return simple(142, header=tuple(f"  {h.upper()} " for h in ENGLISH))


@fixture(GROUP)
def headers_like_names_in_a_database() -> tuple[bytes, Expected]:
    return simple(143, header=("order_id", "customer_id", "created_at", "product_id",
                               "product_name", "qty", "unit_price"))


@fixture(GROUP)
def headers_in_two_languages() -> tuple[bytes, Expected]:
    return simple(144, header=("订单号 Order No", "客户编号 Customer ID", "下单时间 Order Date",
                               "商品编号 SKU", "商品名称 Product Name", "数量 Quantity",
                               "单价 Unit Price"))


@fixture(GROUP)
def headers_with_brackets_and_units() -> tuple[bytes, Expected]:
    return simple(145, header=("订单号(Order)", "客户编号（Customer）", "下单时间", "商品编号", "商品名称",
                               "数量(件)", "单价（元）"))


@fixture(GROUP)
def sep_on_the_first_line() -> tuple[bytes, Expected]:
    return simple(146, delimiter=";", before=["sep=;"])


@fixture(GROUP)
def row_names_of_r_without_a_heading() -> tuple[bytes, Expected]:
    counter = iter(range(10_000))
    return simple(147, every=lambda row: row if row[0] == ENGLISH[0] else [next(counter), *row])


@fixture(GROUP)
def an_index_of_pandas() -> tuple[bytes, Expected]:
    counter = iter(range(10_000))
    return simple(148, every=lambda row: ["" if row[0] == ENGLISH[0] else next(counter), *row])


@fixture(GROUP)
def many_columns_of_no_use() -> tuple[bytes, Expected]:
    def wide(row: list[Any]) -> list[Any]:
        head = row[0] == ENGLISH[0]
        return [*row, *[f"extra {i}" if head else i for i in range(60)]]
    return simple(149, every=wide)


@fixture(GROUP)
def the_last_line_has_no_end() -> tuple[bytes, Expected]:
    data, told = simple(150)
    return data.rstrip(b"\r\n"), told


@fixture(GROUP)
def a_few_bytes_are_broken() -> tuple[bytes, Expected]:
    some = made(151)
    out = write(some)
    line = out.row(["S-9", "K000", "2026-03-03 10:00:00", "Z\ue000", "x", 1, "5.00"])
    data = out.text.encode().replace("\ue000".encode(), b"\xff")
    return data, expected(some, out.rows, accepted=out.rows - 1, rejects=[(line, "bad_bytes")])


@fixture(GROUP)
def an_open_quote_in_the_middle() -> tuple[bytes, Expected]:
    some = made(152)
    out = write(some[:30])
    at = out.text.count("\n") + 1
    rest = write(some[30:], header=())
    text = out.text + 'S-9,K000,2026-03-03 10:00:00,"A101,x,1,5.00\r\n' + rest.text
    rows = out.rows + rest.rows + 1
    return text.encode(), expected(some, rows, accepted=rows - 1, rejects=[(at, "quote_open")])


@fixture(GROUP)
def duplicate_headers_with_different_cells() -> tuple[bytes, Expected]:
    header = (*ENGLISH[:4], "Product Name", "Quantity", "Unit Price", "Order Date")
    return simple(153, header=header, every=lambda row: row if row[0] == ENGLISH[0] else [
        *row, "2030-01-01 00:00:00"], expect={
            "outcome": "asked", "question": "role", "answers": {"ts": "Order Date"}})


@fixture(GROUP)
def a_note_below_the_table() -> tuple[bytes, Expected]:
    some = made(154)
    out = write(some, CHINESE)
    text = out.text + "\r\n以上数据仅供参考\r\n"
    return text.encode(), expected(some, out.rows + 1, accepted=out.rows,
                                   exclusions={"footer_line": 1})


@fixture(GROUP)
def two_header_lines() -> tuple[bytes, Expected]:
    return simple(155, header=CHINESE, before=["订单信息,,,商品信息,,,"])


@fixture(GROUP, "orders.csv")
def names_of_sql_as_headers() -> tuple[bytes, Expected]:
    return simple(156, header=(*ENGLISH[:6], 'Unit Price', '"; DROP TABLE events; --', 'a"b',
                               "__proto__"), every=lambda row: [*row, 1, 2, 3][:10])
