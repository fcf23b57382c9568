"""An invented shop's orders, and what any report of them must come to."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

GOODS = (
    ("A100", "棉麻连衣裙, 夏", "Linen dress, summer", "129.00"),
    ("A101", "陶瓷茶杯", "Ceramic tea cup", "36.50"), ("A102", "手冲壶 600ml", "Kettle 600 ml", "218.00"),
    ("B007", "儿童雨衣", "Raincoat for children", "79.90"), ("B008", "香薰蜡烛", "Scented candle", "45.00"),
    ("C330", '相框 12"', 'Frame 12"', "58.80"), ("C331", "羊毛围巾", "Wool scarf", "168.00"),
    ("D001", "𠮷祥如意帆布袋🧧", "Tote bag 🧧", "39.90"), ("D002", "笔记本（A5）", "Notebook (A5)", "19.90"),
)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    item: str
    name: str
    name_en: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True)
class Order:
    number: int
    buyer: int
    ts: dt.datetime  # as the clock of the shop says
    state: str  # paid | unpaid | cancelled | refunded
    lines: tuple[Line, ...]
    shipping: Decimal
    discount: Decimal

    @property
    def goods(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the buyer pays, with shipping."""
        return self.goods - self.discount + self.shipping

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)


def orders(seed: int, n: int = 60, *, shipping: bool = True, discount: bool = True,
           states: str = "paid paid paid paid paid paid unpaid cancelled refunded") -> list[Order]:
    """Invent n orders of 1 to 3 lines, in order of time."""
    dice = random.Random(seed)
    ts = dt.datetime(2026, 3, 1, 9, 5, 7)
    made = []
    for i in range(n):
        ts += dt.timedelta(minutes=dice.randrange(30, 1500), seconds=dice.randrange(60))
        lines = tuple(Line(item, name, english, dice.choice((1, 1, 1, 2, 3)), Decimal(price))
                      for item, name, english, price in dice.sample(GOODS, dice.randrange(1, 4)))
        made.append(Order(
            number=1001 + i, buyer=dice.randrange(n // 3 + 1), ts=ts,
            state=dice.choice(states.split()), lines=lines,
            shipping=Decimal(dice.choice(("0.00", "8.00", "12.50"))) if shipping else Decimal(0),
            discount=Decimal(dice.choice(("0.00", "0.00", "5.00"))) if discount else Decimal(0)))
    return made


def truth(made: Iterable[Order]) -> dict[str, Any]:
    """Revenue, orders, shoppers and units of what was neither cancelled nor left unpaid."""
    sold = [o for o in made if o.state in ("paid", "refunded")]
    paid = [o for o in sold if o.state == "paid"]
    return {
        "revenue": sum((o.goods - o.discount for o in paid), Decimal(0)).quantize(CENT),
        "orders": len(sold), "shoppers": len({o.buyer for o in sold})}


def units(made: Iterable[Order]) -> int:
    """All pieces on lines, whatever became of the order: what the table of events holds."""
    return sum(o.units for o in made)


def first(made: Iterable[Order], hours: int = 8) -> str:
    """The first time in UTC of a shop so many hours ahead of it."""
    return f"{min(o.ts for o in made) - dt.timedelta(hours=hours):%Y-%m-%d %H:%M:%S}"
