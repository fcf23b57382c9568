"""What a message names: numbers of orders and parcels, sums, days, counts, sizes, goods.

What is certain goes first and takes its place in the text; each later kind looks at what remains,
so that a phone number is no price and an order number no date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from omni_core.service import dates, prices
from omni_core.service import marks as m
from omni_core.service.catalogue import Catalogue, flatten
from omni_core.service.numerals import number, plain

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Entity:
    """Something a message names.

    ``type``: order_no, tracking_no, phone, email, price, date, quantity, size, coupon, product or
    brand. ``operator``: of a price "max", "min", "about" or "range", else None. ``value``: a
    number or (low, high) for a price, a number for a quantity, ``datetime.date`` for a date, the
    item's id for a product, else text (a phone as digits with a leading +, a size as "M", "2XL",
    "42"). ``start`` and ``end`` index the text as given.
    """

    type: str
    operator: str | None
    value: Any
    start: int
    end: int


def extract_entities(
    text: str, today: dt.date | None = None, catalogue: Catalogue | None = None
) -> list[Entity]:
    """Return the entities of a message in the order they stand in.

    ``today`` is the day that "yesterday" is counted from (default: this day); ``catalogue`` brings
    the shop's order numbers, goods and brands. Only the first 2,000 characters are read; no text
    raises.
    """
    given = str(text)[:LONGEST]
    return sorted(_Reader(given, today or dt.date.today(), catalogue or Catalogue()).read(),
                  key=lambda e: (e.start, e.end))


class _Reader:
    def __init__(self, text: str, today: dt.date, catalogue: Catalogue) -> None:
        self.text, self.flat = text, flatten(text)
        self.today, self.catalogue = today, catalogue
        self.taken = [False] * len(text)
        self.dates: list[tuple[int, int, dt.date]] | None = None

    def read(self) -> Iterator[Entity]:
        yield from self._all(m.EMAIL, "email")
        for found in m.URL.finditer(self.text):
            self._take(*found.span())
        yield from self._known_orders()
        yield from self._tracking()
        yield from self._phones()
        yield from self._orders()
        yield from self._coupons()
        yield from self._days(exact=True)
        yield from (Entity("price", p.operator, p.value, p.start, p.end)
                    for p in prices.find(self.flat, self.taken))
        yield from self._goods()
        yield from self._days(exact=False)
        yield from self._sizes()
        yield from self._counts()

    def _take(self, a: int, b: int) -> bool:
        """Mark a stretch as spoken for; False when a part of it is already."""
        if a >= b or any(self.taken[a:b]):
            return False
        self.taken[a:b] = [True] * (b - a)
        return True

    def _all(self, pattern: re.Pattern[str], kind: str) -> Iterator[Entity]:
        for found in pattern.finditer(self.flat):
            if self._take(*found.span()):
                a, b = found.span()
                yield Entity(kind, None, self.text[a:b], a, b)

    def _known_orders(self) -> Iterator[Entity]:
        known = self.catalogue.orders
        if not known:
            return
        for found in re.finditer(r"#?[A-Za-z0-9][A-Za-z0-9\-_]{2,}", self.flat, re.ASCII):
            for a in ({found.start(), found.start() + 1} if self.flat[found.start()] == "#"
                      else {found.start()}):
                word = self.text[a:found.end()]
                value = word if word in known else word.upper()
                if value not in known or not any(c.isdigit() for c in word):
                    continue
                if (not word.isdigit() or len(word) >= 4) and self._take(a, found.end()):
                    yield Entity("order_no", None, value, a, found.end())

    def _tracking(self) -> Iterator[Entity]:
        for found in m.TRACKING.finditer(self.flat):
            if self._take(*found.span()):
                yield self._plain("tracking_no", *found.span())
        for word in m.TRACKING_WORD.finditer(self.flat):
            token = m.TOKEN.match(self.flat, word.end())
            if token and len(token[0]) >= 8 and self._take(*token.span()):
                yield self._plain("tracking_no", *token.span())

    def _plain(self, kind: str, a: int, b: int) -> Entity:
        return Entity(kind, None, self.text[a:b], a, b)

    def _phones(self) -> Iterator[Entity]:
        for found in m.PHONE.finditer(self.flat):
            before = self.flat[:found.start()]
            if re.search(r"(?:订单|单)(?:号|编号)?\W{0,2}$|order\W{0,3}(?:no\.?|number)?\W{0,2}$", before):
                continue
            if self._take(*found.span()):
                digits = re.sub(r"\D", "", found[0])
                yield Entity("phone", None, ("+" if found[0].startswith("+") else "") + digits,
                             *found.span())

    def _orders(self) -> Iterator[Entity]:
        if self.catalogue.shape is not None:
            for found in self.catalogue.shape.finditer(self.flat):
                if self._take(*found.span()):
                    yield self._plain("order_no", *found.span())
        for word in m.ORDER_WORD.finditer(self.flat):
            token = m.TOKEN.match(self.flat, word.end())
            if not token or sum(c.isdigit() for c in token[0]) < 3 or len(token[0]) < 4:
                continue
            if m.UNIT_AFTER.match(self.flat, token.end()) or re.fullmatch(
                    r"20\d\d(-\d{1,2}){1,2}", token[0]):
                continue
            if self._take(*token.span()):
                yield self._plain("order_no", *token.span())
        for found in m.LONG.finditer(self.flat):
            if self._take(*found.span()):
                yield self._plain("order_no", *found.span())

    def _coupons(self) -> Iterator[Entity]:
        for found in m.DEAL.finditer(self.flat):
            if self._take(*found.span()):
                yield Entity("coupon", None, f"满{found[1]}减{found[2]}", *found.span())
        for word in m.COUPON_WORD.finditer(self.text):
            token = m.COUPON.match(self.text, word.end())
            if token and _is_code(token[0]) and self._take(*token.span()):
                yield self._plain("coupon", *token.span())
        if m.COUPON_TALK.search(self.flat):
            for found in m.SHOUTED.finditer(self.text):
                if not m.LONE.fullmatch(found[0]) and self._take(*found.span()):
                    yield self._plain("coupon", *found.span())

    def _days(self, exact: bool) -> Iterator[Entity]:
        """Days; those written in full before prices (2026-11-08 is no range), the others after."""
        if self.dates is None:
            self.dates = list(dates.find(self.flat, self.today))
        for a, b, day in self.dates:
            in_full = re.match(r"\d[\d年]*[-/.年月]", self.flat[a:b]) is not None
            if in_full == exact and self._take(a, b):
                yield Entity("date", None, day, a, b)

    def _goods(self) -> Iterator[Entity]:
        for a, b, item in self.catalogue.find_goods(self.flat):
            if self._take(a, b):
                yield Entity("product", None, item, a, b)
        for a, b, brand in self.catalogue.find_brands(self.flat):
            if self._take(a, b):
                yield Entity("brand", None, brand, a, b)

    def _sizes(self) -> Iterator[Entity]:
        for pattern in m.SIZES:
            for found in pattern.finditer(self.flat):
                groups = found.groupdict()
                if groups.get("word"):
                    value, span = m.SIZE_WORDS[found["word"]], found.span("word")
                elif groups.get("free"):
                    value, span = "均码", found.span()
                else:
                    value, span = _size(found["size"]), found.span("size")
                    if self.flat[span[1]:span[1] + 1] in ("码", "号"):
                        span = span[0], span[1] + 1
                if self._take(*span):
                    yield Entity("size", None, value, *span)
        for found in m.LONE.finditer(self.text):
            if self._take(*found.span()):
                yield Entity("size", None, _size(found["size"]), *found.span())

    def _counts(self) -> Iterator[Entity]:
        for pattern in m.COUNTS:
            for found in pattern.finditer(self.flat):
                groups = found.groupdict()
                value = number(groups.get("n") or groups.get("n2") or "")
                span = found.span("n") if pattern is m.COUNTS[-1] else found.span()
                if value is None or value <= 0 or not self._take(*span):
                    continue
                dozen = re.search(r"打$|dozens?$", found[0])
                yield Entity("quantity", None, plain(value * (12 if dozen else 1)), *span)


def _is_code(token: str) -> bool:
    """Tell a code (SPRING20, welcome10, ABCD) from the word that follows "code"."""
    if re.fullmatch(r"\d+(?:-\d+)?", token) and len(token) < 4:
        return False
    return any(c.isdigit() for c in token) or (token.isupper() and len(token) >= 4)


def _size(text: str) -> str:
    """Return a size in one form: xxl and 2xl are "2XL"."""
    upper = text.upper()
    found = re.fullmatch(r"(X{2,5})([SL])", upper)
    return f"{len(found[1])}X{found[2]}" if found else upper
