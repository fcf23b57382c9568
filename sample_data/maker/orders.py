"""Orders: lines, coupon, shipping, what became of them, and the refill they lead to."""

from __future__ import annotations

import datetime as dt

from maker.days import DATES, START
from maker.goods import DAYS
from maker.world import DAY, World


class Orders(World):
    """The till: ``order`` writes an order of the shopper whose turn it is."""

    def order(self, t: int, items: list[int], channel: str) -> None:
        """Write an order: lines, coupon, shipping, and what became of it."""
        rng = self.rng
        day = min(t // DAY, DAYS - 1)
        when = dt.datetime.combine(START, dt.time()) + dt.timedelta(seconds=int(t))
        number = f"{when:%y%m%d%H%M%S}{rng.integers(0, 10**6):06d}"
        while number in self.used_ids:
            number = f"{when:%y%m%d%H%M%S}{rng.integers(0, 10**6):06d}"
        self.used_ids.add(number)
        many = [
            int(rng.choice([1, 2, 3, 4], p=(0.70, 0.22, 0.06, 0.02)))
            if self.used_up[i]
            else 1 + int(rng.random() < 0.035)
            for i in items
        ]
        # a firm's gifts for the festival: a few orders of many boxes
        many = [
            int(rng.integers(6, 31)) if q == 1 and self.festive[i] and rng.random() < 0.05 else q
            for i, q in zip(items, many, strict=True)
        ]
        fen = [int(self.price[day, i]) * q for i, q in zip(items, many, strict=True)]
        goods = sum(fen)
        coupon, discount = self.coupon(t, goods, channel)
        far = self.p.city in ("乌鲁木齐", "哈尔滨", "昆明")
        shipping = 0 if channel == "shop" or goods - discount >= 9900 else 1200 if far else 800
        state, back, returned = self.fate(day, items, fen, goods, discount, channel)
        for i, q, f in zip(items, many, fen, strict=True):
            self.events.append((t, self.u, "purchase", i, channel, number, q, f, ""))
        self.orders.append(
            {
                "order_id": number,
                "u": self.u,
                "t": t,
                "status": state,
                "total": goods - discount + shipping,
                "shipping": shipping,
                "discount": discount,
                "refund_amount": back,
                "coupon": coupon,
                "channel": channel,
                "returned": returned,
            }
        )
        self.orders_made += 1
        self.last_order = t
        if state in ("cancelled", "unpaid"):
            return
        self.owned.update(items)
        self.memory = [i for i in self.memory if i not in items]
        for i in items:
            if self.used_up[i] and rng.random() < 0.34:
                later = t + max(rng.normal(40, 11), 12) * DAY
                if later < self.end:
                    kind = "counter" if channel == "shop" else "refill"
                    self.push(self.at(int(later // DAY), channel), kind, [i])

    def coupon(self, t: int, goods: int, channel: str) -> tuple[str, int]:
        """Return the coupon used and the discount in fen."""
        rng, day = self.rng, DATES[min(t // DAY, DAYS - 1)]
        for code, least, off, until in self.coupons:
            if t <= until and goods >= least and rng.random() < 0.8:
                self.coupons = [c for c in self.coupons if c[0] != code]
                return code, off
        if (
            channel != "shop"
            and self.orders_made == 0
            and self.p.day >= 0
            and goods >= 6900
            and rng.random() < 0.55
        ):
            return "WELCOME10", 1000
        if channel != "shop" and day.month == 11 and day.day <= 11 and goods >= 30000:
            return "D11-50", 5000
        if channel != "shop" and day.month == 6 and 15 <= day.day <= 18 and goods >= 20000:
            return "618-30", 3000
        if self.p.member_level == "gold" and rng.random() < 0.7:
            return "", round(goods * 0.05)
        return "", 0

    def fate(
        self, day: int, items: list[int], fen: list[int], goods: int, discount: int, channel: str
    ) -> tuple[str, int, list[int]]:
        """Return the status on the last day, what was paid back in fen, and which goods for."""
        rng = self.rng
        u = rng.random()
        if channel != "shop" and u < 0.072:
            return ("unpaid" if u < 0.040 else "cancelled"), 0, []
        late = DAYS - day
        weight = (0.35 if channel == "shop" else 1.0) * min(late / 9, 1.0)
        sent_back = [rng.random() < self.refund[i] * weight for i in items]
        returned = [i for i, b in zip(items, sent_back, strict=True) if b]
        done = "completed" if channel == "shop" or late > 8 else "paid"
        if not returned:
            return done, 0, []
        if all(sent_back):
            return "refunded", goods - discount, returned
        part = sum(f for f, b in zip(fen, sent_back, strict=True) if b)
        return done, round(part * (goods - discount) / goods), returned
