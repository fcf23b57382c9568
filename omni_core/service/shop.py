"""What replies may say about her shop: its goods and orders, read from the workspace."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from omni_core.i18n import N_, _, language, money
from omni_core.service.catalogue import Catalogue, flatten
from omni_core.service.entities import Entity

_ABOUT = 0.2  # "about 200" is within a fifth of it
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
        self._words = _category_words(self.goods)

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
        """Return up to ``n`` goods, most bought first, that are not sold out.

        They keep the price limit, are of a category that the text names, and are of the category
        of ``like`` (without it itself). An empty list means that nothing fits.
        """
        low, high = limits(price)
        wanted = self.categories(text)
        found = []
        for p in self.goods:
            if p.available is False or (like is not None and (
                    p.item == like.item or p.category != like.category)):
                continue
            if price is not None and (p.price is None or not low <= p.price <= high):
                continue
            if wanted and p.category not in wanted:
                continue
            found.append(p)
            if len(found) == n:
                break
        return found

    def categories(self, text: str) -> set[str]:
        """Return the categories whose name, or a word of whose goods, a text holds."""
        flat = flatten(text)
        return {category for word, category in self._words.items() if word in flat}

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


def _category_words(goods: Sequence[Product]) -> dict[str, str]:
    """Return words that name a category: its own, and nouns that only its goods carry."""
    words: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    for p in goods:
        if not p.category:
            continue
        for name in (p.category, p.category_en):
            for part in re.split(r"[\s、/&与和·,]+", flatten(name or "")):
                if re.search(r"[\u3400-\u9fff]", part) or len(part) > 2:
                    words.setdefault(part, p.category)
        for part in re.findall(r"[a-z]{4,}", flatten(p.name_en or "")):
            seen.setdefault(part, set()).add(p.category)
        han = re.findall(r"[\u3400-\u9fff]{2,}", p.name)
        for run in han:  # the last two signs of a Chinese name say what it is: 亚麻连衣裙
            for part in (run[-2:], run[-3:]):
                seen.setdefault(flatten(part), set()).add(p.category)
    for word, categories in seen.items():
        if len(categories) == 1:
            words.setdefault(word, next(iter(categories)))
    return words
