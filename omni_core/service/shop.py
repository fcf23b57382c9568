"""What replies may say about her shop: its goods and orders, read from the workspace."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from omni_core.i18n import N_, _, language, money
from omni_core.service.catalogue import Catalogue, flatten
from omni_core.service.entities import Entity

_ABOUT = 0.2  # "about 200" is within a fifth of it
_NEAR = 0.6  # goods with less than this share of the best one's likeness are not meant
# one sign is a word of its own for these; elsewhere a single sign says too little
_SHORT = frozenset("茶包裙鞋帽袜灯笔书碗盘锅伞床表")
_COMMON = frozenset((
    "the", "and", "for", "with", "you", "can", "have", "some", "any", "one", "set"))
_STATES = {
    "paid": N_("paid"), "unpaid": N_("not paid"), "cancelled": N_("cancelled"),
    "completed": N_("completed"), "refunded": N_("refunded"), "shipped": N_("shipped"),
    "delivered": N_("delivered"), "pending": N_("pending"), "processing": N_("processing"),
}


@dataclass(frozen=True, slots=True)
class Product:
    """A product as a reply may name it; what her table doesn't say is None."""

    item: str
    name: str
    name_en: str | None = None
    category: str | None = None
    category_en: str | None = None
    brand: str | None = None
    price: float | None = None
    stock: float | None = None

    @property
    def title(self) -> str:
        """The name in the language of the current context, where there is one."""
        return (self.name_en or self.name) if language() == "en" else self.name

    @property
    def kind(self) -> str | None:
        """The category in the language of the current context, where there is one."""
        return (self.category_en or self.category) if language() == "en" else self.category

    @property
    def available(self) -> bool | None:
        """Whether it is in stock; None where her table doesn't say."""
        return None if self.stock is None else self.stock > 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order as a reply may speak of it."""

    number: str
    day: dt.date | None
    status: str
    state: str
    refunded: bool

    @property
    def words(self) -> str:
        """Its status in the language of the current context; one of her own as it is."""
        known = _STATES.get(self.status.lower()) or (None if self.status else _STATES[self.state])
        return _(known) if known else self.status


class Shop:
    """Goods and orders of a workspace. ``ws`` None: a shop of which nothing is known."""

    def __init__(self, ws: Any = None) -> None:
        self._ws = ws
        self.currency = ws.currency if ws is not None else "CNY"
        self.goods: tuple[Product, ...] = ()
        orders: Sequence[Any] = ()
        if ws is not None:
            self.goods = tuple(
                Product(str(r["item"]), str(r["name"]), _text(r["name_en"]), _text(r["category"]),
                        _text(r["category_en"]), _text(r["brand"]), _number(r["price"]),
                        _number(r["stock"]))
                for r in ws.query("goods").to_dict("records"))
            orders = ws.query("recent_orders")["order"].tolist()
        self._by_id = {p.item: p for p in self.goods}
        self.catalogue = Catalogue.of(
            orders, [(p.item, (p.name, p.name_en)) for p in self.goods],
            sorted({p.brand for p in self.goods if p.brand}))
        self._index = _index(self.goods)

    def product(self, item: str | None) -> Product | None:
        """Return a product by its id, or None."""
        return self._by_id.get(item) if item else None

    def order(self, number: str) -> Order | None:
        """Return an order by its number, or None where there is no such order."""
        if self._ws is None:
            return None
        rows = self._ws.query("order_lookup", order=number).to_dict("records")
        if not rows:
            return None
        r = rows[0]
        day = r["ts"].date() if r["ts"] == r["ts"] and r["ts"] is not None else None
        return Order(str(r["order"]), day, _text(r["status"]) or "", str(r["state"]),
                     bool(r["refunded"]))

    def offers(
        self, price: Entity | None = None, text: str = "", like: Product | None = None, n: int = 3
    ) -> list[Product]:
        """Return up to ``n`` goods that keep a price limit and are not sold out.

        Those that the text speaks of, the nearest first; else those of the category of ``like``
        (without it itself); else the most bought. An empty list means that nothing fits: what the
        text speaks of is never replaced by something else.
        """
        low, high = limits(price)
        named = self.search(text)
        pool = named or [p for p in self.goods if like is None or (
            p.category == like.category and p.item != like.item)]
        return [p for p in pool if p.available is not False and (
            price is None or (p.price is not None and low <= p.price <= high))][:n]

    def search(self, text: str) -> list[Product]:
        """Return the goods that a text speaks of by a part of their names, the nearest first.

        Pieces of names (two Chinese signs, or a word) count the more the fewer goods share them;
        those of a category's name count twice. Goods far behind the best are left out.
        """
        found: dict[int, float] = {}
        for piece in _pieces(flatten(text)):
            for i, weight in self._index.get(piece, ()):
                found[i] = found.get(i, 0.0) + weight
        if not found:
            return []
        best = max(found.values())
        kept = [i for i, weight in found.items() if weight >= _NEAR * best]
        return [self.goods[i] for i in sorted(kept, key=lambda i: (-found[i], i))]

    def price_words(self, p: Product) -> str:
        """Return a price as words of the current language; "" where it is unknown."""
        return money(p.price, self.currency) if p.price is not None else ""


def limits(price: Entity | None) -> tuple[float, float]:
    """Return the lowest and highest price that a price entity allows."""
    if price is None:
        return 0.0, float("inf")
    if price.operator == "range":
        return float(price.value[0]), float(price.value[1])
    value = float(price.value)
    if price.operator == "max":
        return 0.0, value
    if price.operator == "min":
        return value, float("inf")
    return value * (1 - _ABOUT), value * (1 + _ABOUT)


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str) and value.strip() else None


def _number(value: Any) -> float | None:
    return float(value) if value is not None and value == value else None


def _pieces(flat: str) -> set[str]:
    """Return what names are compared by: pairs of Chinese signs, and words in the singular."""
    pieces = {w.removesuffix("s") for w in re.findall(r"[a-z]{3,}", flat)} - _COMMON
    for run in re.findall(r"[\u3400-\u9fff]+", flat):
        pieces |= {run[k:k + 2] for k in range(len(run) - 1)}
        pieces |= set(run) & _SHORT
    return pieces


def _index(goods: Sequence[Product]) -> dict[str, list[tuple[int, float]]]:
    """Return for each piece of a name the goods that have it, with its weight."""
    owners: dict[str, dict[int, float]] = {}
    for i, p in enumerate(goods):
        for name, weight in ((p.name, 1.0), (p.name_en, 1.0), (p.category, 2.0),
                             (p.category_en, 2.0)):
            for piece in _pieces(flatten(name or "")):
                held = owners.setdefault(piece, {})
                held[i] = max(weight, held.get(i, 0.0))
    return {piece: [(i, w * log(1 + len(goods) / len(held))) for i, w in held.items()]
            for piece, held in owners.items()}
