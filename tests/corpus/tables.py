"""A plain file of order lines, written in any way a stranger may write it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines
from tests.corpus.shop import Order, first, orders, truth, units

ENGLISH = ("Order No", "Customer ID", "Order Date", "SKU", "Product Name", "Quantity",
           "Unit Price")
CHINESE = ("订单号", "客户编号", "下单时间", "商品编号", "商品名称", "数量", "单价")


def iso(ts: dt.datetime) -> str:
    return f"{ts:%Y-%m-%d %H:%M:%S}"


def plain(value: Decimal) -> str:
    return f"{value:.2f}"


def made(seed: int, n: int = 60) -> list[Order]:
    return orders(seed, n, states="paid", shipping=False, discount=False)


def write(some: Sequence[Order], header: Sequence[str] = ENGLISH, *, delimiter: str = ",",
          newline: str = "\r\n", quoting: Any = csv.QUOTE_MINIMAL,
          when: Callable[[dt.datetime], str] = iso,
          money: Callable[[Decimal], str] = plain, before: Sequence[str] = (),
          every: Callable[[list[Any]], list[Any]] = lambda row: row) -> Lines:
    """Write one row a line of an order; ``every`` changes each row, header too where it is one."""
    out = Lines(delimiter, newline, quoting)
    for line in before:
        out.raw(line)
    if header:
        out.header(every(list(header)))
    for o in some:
        for line in o.lines:
            out.row(every([f"S-{o.number}", f"K{o.buyer:03d}", when(o.ts), line.item, line.name,
                           line.quantity, money(line.price)]))
    return out


def expected(some: Sequence[Order], rows: int, **more: Any) -> Expected:
    return Expected(**({"table": "events", "rows_in": rows, "accepted": rows,
                        "units": units(some), "first": first(some),
                        "items": {"A101": "陶瓷茶杯"}} | truth(some) | more))


def simple(seed: int, encoding: str = "utf-8", expect: dict[str, Any] | None = None,
           **how: Any) -> tuple[bytes, Expected]:
    """Make a file of 60 orders in one way and its truth."""
    some = made(seed)
    out = write(some, **how)
    return out.text.encode(encoding), expected(some, out.rows, **(expect or {}))
