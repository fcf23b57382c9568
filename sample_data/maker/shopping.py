"""How the shoppers act: visits, searches, carts left and taken up again, refills, campaigns."""

from __future__ import annotations

import datetime as dt
import heapq

import numpy as np
import pandas as pd

from maker.campaigns import CAMPAIGNS, lift
from maker.days import CHANNELS, DATES, PEAKS, START
from maker.goods import DAYS
from maker.orders import Orders
from maker.shoppers import NEAR
from maker.world import DAY

# where a visit happens, by the channel a shopper came from: website, app, shop, social
VISIT = {
    "website": (0.74, 0.12, 0.05, 0.09),
    "app": (0.08, 0.80, 0.05, 0.07),
    "shop": (0.09, 0.11, 0.77, 0.03),
    "social": (0.08, 0.27, 0.03, 0.62),
}
CART = {"website": 0.145, "app": 0.140, "social": 0.110}  # chance that a view ends in the cart
CHECKOUT = {"website": 0.39, "app": 0.42, "social": 0.30}
SEARCH = {"website": 0.52, "app": 0.46, "social": 0.17}
VISITS = 4.08  # planned visits of a shopper of middle activity in the 14 months


class Shop(Orders):
    """One run of the shop: ``run`` lets a shopper live through the 14 months."""

    # one shopper -------------------------------------------------------------------------------
    def run(self, u: int) -> None:
        """Let one shopper live through the 14 months."""
        p = self.people.iloc[u]
        self.p, self.u, rng = p, u, self.rng
        affinity = np.exp(
            0.85 * self.style @ p["style"] / 1.2 - p.thrift * np.log(self.g.fen / 9000)
        )
        self.taste = p.theta[self.category] * self.pop * np.asarray(affinity)
        self.memory: list[int] = []
        self.owned: set[int] = set()
        self.last = (-(10**9), -1)  # when and about which category she came last
        self.last_order, self.orders_made, self.coupons = -(10**9), 0, []
        self.heap: list[tuple] = []
        self.tick = 0
        self.end = min(DAYS, max(p.day, 0) + p.stay) * DAY if not p.gone else 0
        self._plan(p)
        for k, campaign in enumerate(CAMPAIGNS):
            self.push(campaign.second(rng), "mail", k)
        while self.heap:
            t, _, kind, what = heapq.heappop(self.heap)
            if t >= DAYS * DAY - 3600:
                break
            if kind == "mail":
                self.mail(t, what)
            elif kind == "counter":
                self.counter(t, what)
            else:
                self.visit(t, kind, what)

    def push(self, t: float, kind: str, what: object = None) -> None:
        """Put something into the shopper's diary."""
        self.tick += 1
        heapq.heappush(self.heap, (int(t), self.tick, kind, what))

    def _plan(self, p: pd.Series) -> None:
        """Draw the days of the visits from her activity and the shop's calendar."""
        rng = self.rng
        if p.day >= 0 and rng.random() < 0.9:
            t = int((p.registered_at - dt.datetime.combine(START, dt.time())).total_seconds())
            self.push(t + int(rng.integers(40, 400)), "counter" if p.channel == "shop" else "visit")
        first, last = max(p.day + 1, 0), int(self.end // DAY)
        if last <= first:
            return
        share = np.array(VISIT[p.channel])
        if p.city not in NEAR:
            share[2] *= 0.04
        share[2] *= 0.62  # a visit to the shop without a purchase leaves no trace
        for place, weight in zip(CHANNELS, share, strict=True):
            f = (self.offline if place == "shop" else self.online)[first:last]
            days = rng.choice(
                np.arange(first, last),
                rng.poisson(p.rate * VISITS * weight * f.sum() / DAYS),
                p=f / f.sum(),
            )
            for d in days:
                self.push(self.at(int(d), place), "counter" if place == "shop" else "visit", place)
        if not self.heap and rng.random() < 0.7:  # many come once
            f = self.online[first:last]
            self.push(
                self.at(int(rng.choice(np.arange(first, last), p=f / f.sum())), "app"), "visit"
            )

    # acts --------------------------------------------------------------------------------------
    def focus(self, t: int, weights: np.ndarray) -> int:
        """Return the category she comes for: often still the one of her last visit."""
        when, what = self.last
        if what >= 0 and t - when < 21 * DAY and self.rng.random() < 0.45:
            return what
        return int(self.category[self.draw(weights)])

    def visit(self, t: int, kind: str, what: object) -> None:
        """Look round online: views, a search, favourites, the cart, perhaps an order."""
        rng, p = self.rng, self.p
        day = min(t // DAY, DAYS - 1)
        channel = what if kind == "visit" and what else self.online_channel()
        weights = self.taste * self.appeal[day]
        wanted = [i for i in what if self.appeal[day, i] > 0] if kind in ("back", "refill") else []
        focus = int(self.category[wanted[0]]) if wanted else self.focus(t, weights)
        near = weights * (self.category == focus)
        if near.sum() <= 0:
            near = weights
        mood = 1.3 if self.sale[day] else 1.12 if DATES[day].day in (10, 15) else 1.0
        if DATES[day].isoformat() in PEAKS:
            mood = 2.0
        nudge = kind == "nudge"
        length = 1 + int(rng.negative_binomial(1.25, 0.262)) if not wanted else len(wanted)
        if kind == "back":
            length = min(length, 3)
        if not wanted and rng.random() < SEARCH[channel]:
            t = self.search(t, channel, focus, near)
            if t < 0:
                return
        cart: list[int] = []
        seen: set[int] = set()
        item = -1
        for n in range(min(length, 28)):
            again = False
            r = rng.random()
            if n < len(wanted):
                item = wanted[n]
            elif r < 0.13 and self.memory:
                item, again = self.memory[int(rng.integers(len(self.memory)))], True
            elif r < 0.70:
                item = self.draw(near)
            elif r < 0.78 and item in self.partners:
                item = self.partners[item][int(rng.integers(len(self.partners[item])))][0]
            else:
                item = self.draw(weights)
            if item in seen or self.appeal[day, item] <= 0:
                item = self.draw(weights)
                if item in seen:
                    continue
            seen.add(item)
            self.log(t, "view", item, channel)
            if rng.random() < 0.055 * p.keen:
                self.log(t + int(rng.integers(3, 40)), "favourite", item, channel)
                self.memory += [item, item]
            chance = (
                CART[channel] * p.keen**0.8 * self.converts[item] * mood * (2.1 if again else 1.0)
            )
            if item in self.owned and not self.used_up[item]:
                chance *= 0.06
            if n < len(wanted) or rng.random() < chance or (nudge and n == length - 1 and not cart):
                if kind != "back" or n >= len(wanted):
                    self.log(t + int(rng.integers(6, 70)), "cart", item, channel)
                cart.append(item)
                t = self.join(t, item, cart, channel, day)
            else:
                self.memory.append(item)
            t += int(np.clip(rng.lognormal(3.5, 0.95), 5, 1300))
        self.memory = self.memory[-14:]
        self.last = (t, focus)
        follow = kind == "visit" and rng.random() < 0.24
        if cart:
            t += int(np.clip(rng.lognormal(4.2, 0.8), 15, 1500))
            likely = CHECKOUT[channel] * mood**0.5
            likely = {"back": 0.86, "refill": 0.8, "nudge": 0.96}.get(kind, likely)
            if rng.random() < likely:
                self.order(t, cart, channel)
                follow = False
            elif kind != "back" and rng.random() < 0.33:
                lag = np.clip(rng.lognormal(np.log(13), 0.9), 1.3, 70) * 3600
                self.push(self.daylight(t + lag), "back", cart)
                follow = False
        if follow:
            later = min(int(t // DAY + 1 + rng.integers(0, 5)), DAYS - 1)
            self.push(self.at(later, channel), "visit", channel)

    def online_channel(self) -> str:
        """Return where she is online when she is not in the shop."""
        share = np.array(VISIT[self.p.channel]) * (1, 1, 0, 1)
        return CHANNELS[int(self.rng.choice(4, p=share / share.sum()))]

    def daylight(self, t: float) -> int:
        """Move the dead of night to the next morning."""
        hour = t % DAY / 3600
        return int(t + (7.5 - hour + self.rng.random() * 2) * 3600) if 1.5 < hour < 7 else int(t)

    def join(self, t: int, item: int, cart: list[int], channel: str, day: int) -> int:
        """Let the goods that go with one join the cart."""
        for other, chance in self.partners.get(item, ()):
            if other not in cart and self.appeal[day, other] > 0 and self.rng.random() < chance:
                t += int(self.rng.integers(12, 90))
                self.log(t, "view", other, channel)
                self.log(t + int(self.rng.integers(5, 40)), "cart", other, channel)
                cart.append(other)
        return t

    def search(self, t: int, channel: str, focus: int, near: np.ndarray) -> int:
        """Type something; return the time after it, or -1 if she left."""
        rng = self.rng
        tongue = int(self.p.english)
        u = rng.random()
        if u < 0.05:
            words = self.words[-1][tongue]
        elif u < 0.55:
            words = self.words[focus][tongue]
        else:
            g = self.g.iloc[self.draw(near)]
            words = [
                g.model_en.lower() if tongue else (g.brand.split()[-1] if u > 0.95 else g.model)
            ]
        # the first words of a list are typed more often
        query = words[min(int(rng.exponential(len(words) / 3)), len(words) - 1)]
        self.log(t, "search", -1, channel, query)
        return -1 if u < 0.03 else t + int(np.clip(rng.lognormal(2.5, 0.6), 4, 120))

    def counter(self, t: int, what: object) -> None:
        """Buy at the counter: only the purchase is known."""
        rng = self.rng
        day = min(t // DAY, DAYS - 1)
        hour = t % DAY // 3600
        if not 10 <= hour <= 21:
            t = self.at(day, "shop")
        weights = self.taste * self.appeal[day]
        items = [i for i in what if self.appeal[day, i] > 0] if isinstance(what, list) else []
        for _ in range(len(items), 1 + int(rng.poisson(0.95))):
            near = weights * (self.category == self.category[items[0]]) if items else weights
            item = self.draw(near if near.sum() > 0 and rng.random() < 0.5 else weights)
            if item not in items and not (item in self.owned and not self.used_up[item]):
                items.append(item)
        for item in list(items):
            items += [
                o
                for o, chance in self.partners.get(item, ())
                if o not in items and self.appeal[day, o] > 0 and rng.random() < chance * 0.8
            ]
        if items:
            self.last = (t, int(self.category[items[0]]))
            self.order(t, items, "shop")

    # campaigns ---------------------------------------------------------------------------------
    def mail(self, t: int, k: int) -> None:
        """Send a campaign to her if it is meant for her; sometimes it brings her."""
        rng, p, c = self.rng, self.p, CAMPAIGNS[k]
        if p.day * DAY > t - 3 * DAY or not p[c.consent]:
            return
        active = t - self.last[0] < c.active_days * DAY
        if rng.random() > (c.share if active else c.share_idle):
            return
        arm = "control" if rng.random() < c.control else c.arm
        self.sends.append((c.name, self.u, t, arm))
        if arm == "control":
            return
        self.coupons.append((c.coupon, c.least, c.off, t + 14 * DAY))
        alive = t < self.end
        if rng.random() < lift(p.channel, p.rate * p.keen**0.7, alive):
            later = t + np.clip(rng.gamma(1.5, 2.4), 0.05, 12.5) * DAY
            self.push(self.daylight(later), "nudge")
