"""Strangers' files: money, dates, ids, refunds, and what must be asked or refused."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.languages import comma, european
from tests.corpus.shop import CENT, orders, truth, units
from tests.corpus.tables import CHINESE, ENGLISH, expected, made, plain, simple, write

MONEY, TIME, OTHER = "Strangers: money", "Strangers: time", "Strangers: the rest"


def _add(group: str, name: str, make: Callable[[], tuple[bytes, Expected]]) -> None:
    make.__name__ = name
    fixture(group)(make)


_MONEY: dict[str, tuple[Callable[[Decimal], str], str]] = {
    "yen_sign_before": (lambda v: f"￥{v}", "CNY"), "half_width_yen_sign": (lambda v: f"¥{v}", "CNY"),
    "yuan_after": (lambda v: f"{v}元", "CNY"), "dollars": (lambda v: f"${v:,.2f}", "USD"),
    "euros_after_with_comma": (lambda v: f"{european(v)} €", "EUR"),
    "pounds": (lambda v: f"£{v}", "GBP"), "code_before": (lambda v: f"EUR {v}", "EUR"),
    "full_width_digits": (lambda v: str(v).translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
                          ""),
    "decimal_commas": (comma, ""), "spaces_between_thousands": (lambda v: f"{v * 10:,.2f}".replace(
        ",", "\u202f"), ""), "apostrophes_between_thousands": (
            lambda v: f"{v * 10:,.2f}".replace(",", "’"), ""),
    "points_between_thousands": (lambda v: european(v * 10), ""),
    "commas_between_thousands": (lambda v: f"{v * 10:,.2f}", ""),
}


def _money(seed: int, shown: Callable[[Decimal], str], currency: str) -> tuple[bytes, Expected]:
    data, told = simple(seed, money=shown, header=CHINESE)
    times = 10 if shown(Decimal(7)).lstrip("￥¥$£EUR ")[:2] == "70" else 1
    changed: dict[str, Any] = {"revenue": (told.revenue or Decimal(0)) * times}
    if currency:
        changed["currency"] = currency
    return data, Expected(**(vars(told) | changed))


for _seed, (_name, (_shown, _currency)) in enumerate(_MONEY.items(), 300):
    _add(MONEY, _name, lambda seed=_seed, shown=_shown, currency=_currency: _money(
        seed, shown, currency))


@fixture(MONEY)
def mixed_decimal_marks_are_asked_about() -> tuple[bytes, Expected]:
    some = made(320)
    prices = iter(range(10_000))
    out = write(some, money=lambda v: comma(v) if next(prices) % 2 else plain(v))
    return out.text.encode(), Expected(outcome="asked", question="decimal_mark",
                                       answers={"decimal_mark": "."})


@fixture(MONEY)
def three_digits_after_the_mark_are_asked_about() -> tuple[bytes, Expected]:
    some = made(321)
    out = write(some, money=lambda v: f"{int(v) % 9 + 1}.{int(v * 7) % 900 + 101}")
    pieces = sum(Decimal(f"{int(x.price) % 9 + 1}{int(x.price * 7) % 900 + 101}") * x.quantity
                 for o in some for x in o.lines)
    return out.text.encode(), expected(
        some, out.rows, outcome="asked", question="decimal_mark", answers={"decimal_mark": ","},
        revenue=pieces.quantize(CENT))


@fixture(MONEY)
def fen_instead_of_yuan() -> tuple[bytes, Expected]:
    return simple(322, header=(*CHINESE[:6], "单价(分)"), money=lambda v: str(int(v * 100)))


@fixture(MONEY)
def negative_quantities_are_refunds() -> tuple[bytes, Expected]:
    some = made(323)
    out = write(some)
    first, line = some[0], some[0].lines[0]
    out.row([f"S-{first.number}", f"K{first.buyer:03d}", "2026-05-30 10:00:00", line.item,
             line.name, -1, plain(line.price)])
    told = expected(some, out.rows, notes=("refund_rows",))
    return out.text.encode(), Expected(**(vars(told) | {
        "revenue": (told.revenue or Decimal(0)) - line.price}))


@fixture(MONEY)
def negative_sums_in_brackets() -> tuple[bytes, Expected]:
    header = (*ENGLISH[:6], "Amount")
    some = made(324)
    out = write(some, header)
    data = out.text.replace("\r\n", "\n")
    first = some[0]
    data += f'S-{first.number},K{first.buyer:03d},2026-05-30 10:00:00,A101,x,1,"(36.50)"\n'
    total = sum((x.price for o in some for x in o.lines), Decimal(0)) - Decimal("36.50")
    return data.encode(), expected(some, out.rows + 1, revenue=total, items=None)


@fixture(MONEY)
def order_totals_repeated_on_each_line() -> tuple[bytes, Expected]:
    some = made(325)
    out = Lines()
    out.header([*CHINESE[:6], "订单金额"])
    for o in some:
        for x in o.lines:
            out.row([f"S-{o.number}", f"K{o.buyer:03d}", f"{o.ts:%Y-%m-%d %H:%M:%S}", x.item,
                     x.name, x.quantity, o.total])
    return out.text.encode(), expected(some, out.rows)


@fixture(MONEY)
def order_totals_on_the_first_line_only() -> tuple[bytes, Expected]:
    some = made(326)
    out = Lines()
    out.header([*ENGLISH[:6], "Order Total"])
    for o in some:
        for i, x in enumerate(o.lines):
            out.row([f"S-{o.number}", f"K{o.buyer:03d}", f"{o.ts:%Y-%m-%d %H:%M:%S}", x.item,
                     x.name, x.quantity, "" if i else o.total])
    return out.text.encode(), expected(some, out.rows)


@fixture(MONEY)
def line_amount_and_order_total_and_a_discount() -> tuple[bytes, Expected]:
    some = made(327)
    out = Lines()
    out.header([*ENGLISH[:6], "Line Total", "Order Total"])
    revenue = Decimal(0)
    for o in some:
        revenue += o.total - 2
        for x in o.lines:
            out.row([f"S-{o.number}", f"K{o.buyer:03d}", f"{o.ts:%Y-%m-%d %H:%M:%S}", x.item,
                     x.name, x.quantity, x.amount, o.total - 2])
    return out.text.encode(), expected(some, out.rows, revenue=revenue)


# dates -------------------------------------------------------------------------------------------
_TIMES: dict[str, Callable[[dt.datetime], Any]] = {
    "slashes": lambda t: f"{t:%Y/%m/%d %H:%M:%S}", "no_leading_zeros": (
        lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute:02d}:{t.second:02d}"),
    "dots": lambda t: f"{t:%Y.%m.%d %H:%M:%S}", "iso_with_t": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}",
    "iso_with_offset": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+08:00",
    "fractions_of_a_second": lambda t: f"{t:%Y-%m-%d %H:%M:%S}.000",
    "days_first": lambda t: f"{t:%d/%m/%Y %H:%M:%S}",
    "months_first_with_pm": lambda t: f"{t:%m/%d/%Y %I:%M:%S %p}",
    "names_of_months": lambda t: f"{t:%d %b %Y %H:%M:%S}",
    "american_names_of_months": lambda t: f"{t:%b %d, %Y %H:%M:%S}",
    "digits_only": lambda t: f"{t:%Y%m%d%H%M%S}", "hanzi": lambda t: f"{t:%Y年%m月%d日 %H:%M:%S}",
    "milliseconds": lambda t: int((t - dt.timedelta(hours=8)).replace(
        tzinfo=dt.UTC).timestamp()) * 1000,
}
for _seed, (_name, _when) in enumerate(_TIMES.items(), 400):
    _add(TIME, _name, lambda seed=_seed, when=_when: simple(seed, when=when))


@fixture(TIME)
def german_names_of_months() -> tuple[bytes, Expected]:
    names = ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
    some = made(420)
    out = write(some, delimiter=";", money=lambda v: f"{european(v)} €",
                when=lambda t: f"{t.day:02d}-{names[t.month - 1]}-{t:%y %H:%M:%S}")
    return out.text.encode(), expected(some, out.rows, currency="EUR")


@fixture(TIME)
def day_and_month_that_may_be_swapped() -> tuple[bytes, Expected]:
    some = [o for o in made(421, 200) if o.ts.day <= 12]
    out = write(some, when=lambda t: f"{t:%d/%m/%Y %H:%M:%S}")
    return out.text.encode(), expected(some, out.rows, outcome="asked", question="date_order",
                                       answers={"date_order": "day first"})


@fixture(TIME)
def dates_in_the_future_are_told() -> tuple[bytes, Expected]:
    some = made(422)
    out = write(some)
    out.row(["S-1", "K000", "2089-01-01 00:00:00", "A101", "陶瓷茶杯", 1, "10.00"])
    told = expected(some, out.rows, notes=("future_times",))
    return out.text.encode(), Expected(**(vars(told) | {
        "units": (told.units or 0) + 1, "revenue": (told.revenue or Decimal(0)) + 10,
        "orders": (told.orders or 0) + 1}))


@fixture(TIME)
def dates_before_1990_are_rejected() -> tuple[bytes, Expected]:
    some = made(423)
    out = write(some)
    at = out.row(["S-1", "K000", "1970-01-01 00:00:00", "A101", "x", 1, "10.00"])
    return out.text.encode(), expected(some, out.rows, accepted=out.rows - 1,
                                       rejects=[(at, "bad_time")])


# the rest ----------------------------------------------------------------------------------------
@fixture(OTHER)
def numbers_of_orders_that_excel_has_cut() -> tuple[bytes, Expected]:
    some = made(500)
    out = write(some, every=lambda row: row if row[0] == ENGLISH[0] else ["6.92015E+18", *row[1:]])
    return out.text.encode(), Expected(outcome="refused", code="digits_lost")


@fixture(OTHER)
def ids_keep_their_zeros() -> tuple[bytes, Expected]:
    some = made(501)
    out = write(some, every=lambda row: row if row[0] == ENGLISH[0] else [
        *row[:3], f"00{ord(row[3][0])}{row[3][1:]}", *row[4:]])
    return out.text.encode(), expected(some, out.rows, items={"0065101": "陶瓷茶杯"})


@fixture(OTHER)
def the_same_line_id_twice() -> tuple[bytes, Expected]:
    some = made(502)
    lines = iter(range(10_000))
    out = write(some, every=lambda row: [
        *row, "Line ID" if row[0] == ENGLISH[0] else f"L{next(lines)}"])
    last = out.text.rstrip("\r\n").rpartition("\r\n")[2]
    return (out.text + last + "\r\n").encode(), expected(
        some, out.rows + 1, accepted=out.rows, exclusions={"duplicate": 1})


@fixture(OTHER)
def a_column_of_nothing_but_messages() -> tuple[bytes, Expected]:
    texts = ["什么时候发货？", "可以退货吗", "Where is my parcel, please?", "尺码偏大吗，亲", "谢谢 🙏"] * 20
    text = "message\n" + "".join(f'"{t} {i}"\n' for i, t in enumerate(texts))
    return text.encode(), Expected(table="messages", rows_in=100, accepted=100,
                                   texts=("什么时候发货？ 0", "Where is my parcel, please? 2"))


@fixture(OTHER)
def reviews_of_products() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["商品编号", "评分", "用户ID", "评价时间", "评价内容"])
    for i in range(120):
        out.row([f"A{i % 9}", i % 5 + 1, f"u{i}", f"2026-03-{i % 28 + 1:02d} 10:00:00",
                 f"很好，\n“满意” {i}"])
    return out.text.encode("gb18030"), Expected(
        table="reviews", rows_in=120, accepted=120, texts=("很好，\n“满意” 7",))


@fixture(OTHER)
def sends_of_a_campaign() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["活动名称", "用户ID", "发送时间", "组别", "是否响应"])
    for i in range(100):
        out.row(["三月上新", f"u{i}", "2026-03-01 10:00:00", "对照组" if i % 5 == 0 else "实验组",
                 "是" if i % 7 == 0 else "否"])
    return out.text.encode(), Expected(table="sends", rows_in=100, accepted=100,
                                       first="2026-03-01 02:00:00")


@fixture(OTHER)
def products_of_a_shop() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["SKU", "Title", "Category", "Price", "Stock"])
    for i in range(80):
        out.row([f"00{i}", f"Thing {i}", "Home", f"{i}.50", i])
    return out.text.encode(), Expected(table="products", rows_in=80, accepted=80,
                                       items={"007": "Thing 7"})


@fixture(OTHER)
def text_that_is_code_stays_text() -> tuple[bytes, Expected]:
    nasty = ("<script>alert(1)</script>", "![](http://x)", ":red[x]", "$x$", "'; DROP TABLE events")
    some = made(503)
    out = write(some)
    for i, text in enumerate(nasty):
        out.row([f"S-{some[0].number}", f"K{some[0].buyer:03d}", "2026-05-30 10:00:00", f"N{i}",
                 text, 1, "0.00"])
    told = expected(some, out.rows, items={f"N{i}": t for i, t in enumerate(nasty)})
    return out.text.encode(), Expected(**(vars(told) | {"units": (told.units or 0) + len(nasty)}))


@fixture(OTHER)
def columns_of_random_words_are_asked_about() -> tuple[bytes, Expected]:
    dice = random.Random(504)
    words = ("apple", "river", "stone", "cloud", "amber", "quiet")
    text = "alpha,beta,gamma\n" + "".join(
        f"{dice.choice(words)},{dice.choice(words)},{dice.choice(words)}\n" for _ in range(80))
    return text.encode(), Expected(outcome="asked", question="table",
                                   answers={"table": "messages", "text": "alpha"},
                                   table="messages", rows_in=80, accepted=80)


@fixture(OTHER)
def half_of_the_dates_are_words() -> tuple[bytes, Expected]:
    some = made(505)
    turns = iter(range(10_000))
    out = write(some, when=lambda t: "soon" if next(turns) % 2 else f"{t:%Y-%m-%d %H:%M:%S}")
    return out.text.encode(), Expected(outcome="refused", code="too_many_rejects")


@fixture(OTHER, "photo.csv")
def a_picture() -> tuple[bytes, Expected]:
    return b"\x89PNG\r\n\x1a\n" + bytes(400), Expected(outcome="refused", code="is_image")


@fixture(OTHER)
def a_page_of_a_login() -> tuple[bytes, Expected]:
    return b"<!DOCTYPE html><html><body>Please sign in</body></html>" * 9, Expected(
        outcome="refused", code="is_html")


@fixture(OTHER)
def states_in_words() -> tuple[bytes, Expected]:
    words = {"paid": "已完成", "unpaid": "待付款", "cancelled": "已取消", "refunded": "退款成功"}
    some = orders(506, 90, shipping=False, discount=False)
    out = Lines()
    out.header([*CHINESE, "订单状态"])
    for o in some:
        for x in o.lines:
            out.row([f"S-{o.number}", f"K{o.buyer:03d}", f"{o.ts:%Y-%m-%d %H:%M:%S}", x.item,
                     x.name, x.quantity, x.price, words[o.state]])
    return out.text.encode("gb18030"), Expected(
        table="events", rows_in=out.rows, accepted=out.rows, units=units(some), **truth(some))
