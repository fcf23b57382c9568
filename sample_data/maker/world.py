"""The shop that people walk into: prices and appeal by day, the diary of events, bots."""

from __future__ import annotations

import numpy as np
import pandas as pd

from maker.days import DATES, hour_tables, intensity, on_sale, seasons
from maker.goods import CATEGORIES, DAYS, lines, partners

DAY = 86_400


class World:
    """One run of the shop: ``events`` and ``orders`` grow as shoppers act."""

    def __init__(self, rng: np.random.Generator, goods: pd.DataFrame, people: pd.DataFrame) -> None:
        self.rng, self.g, self.people = rng, goods, people
        self.events: list[tuple] = []
        self.orders: list[dict] = []
        self.sends: list[tuple] = []
        self.online, self.offline = intensity()
        self.hours, self.partners, self.sale = hour_tables(), partners(goods), on_sale()
        names = list(CATEGORIES)
        self.category = np.array([names.index(c) for c in goods.category])
        self.refund = np.array([CATEGORIES[c][2] for c in goods.category])
        self.used_up = goods.used_up.to_numpy()
        self.festive = goods.season.isin(["n", "m"]).to_numpy()
        self.converts = goods.converts.to_numpy()
        self.price = self._prices()
        self.appeal = self._appeal()
        self.style = np.array(goods["style"].to_list())
        self.pop = goods["pop"].to_numpy().copy()
        for k in range(len(names)):
            self.pop[self.category == k] /= self.pop[self.category == k].sum()
        self.words = [
            tuple([w.strip() for w in half.split(",")] for half in line.split(" | ")[1:])
            for line in lines("queries.txt")
        ]
        self.used_ids: set[str] = set()

    def _prices(self) -> np.ndarray:
        """Return the price in fen of each product on each day: moved prices and sales."""
        fen = self.g.fen.to_numpy(float)
        moved, before = self.g.moved_on.to_numpy(), self.g.before.to_numpy()
        price = np.where(np.arange(DAYS)[:, None] < moved, fen * before, fen)
        price = np.round(price, -1)
        inside, reduced = False, np.zeros(len(fen), bool)
        for d in range(DAYS):
            if self.sale[d] and not inside:  # another part of the range at each sale
                reduced = self.rng.random(len(fen)) < 0.45
                cut = self.rng.choice([0.8, 0.85, 0.9], len(fen))
            inside = bool(self.sale[d])
            if inside:
                price[d, reduced] = np.round(price[d, reduced] * cut[reduced], -1)
        return price.astype(int)

    def _appeal(self) -> np.ndarray:
        """Return what the day does to a product: season, fashion, newness, price, being there."""
        marks = seasons()
        day = np.arange(DAYS)
        out = np.array([marks[s] for s in self.g.season]).T
        months = day / 30.4
        trend = np.array([np.interp(months, np.arange(16), t) for t in self.g.trend]).T
        launch, leave = self.g.launch.to_numpy(), self.g.leave.to_numpy()
        age = day[:, None] - launch
        out = out * np.exp(trend) * np.where((age >= 0) & (age < 28) & (launch > 0), 1.7, 1.0)
        out *= (self.price / self.g.fen.to_numpy()) ** -1.6
        return out * ((age >= 0) & (day[:, None] < leave))

    def at(self, day: int, channel: str) -> int:
        """Return a second of the day that suits the channel."""
        table = self.hours[channel, DATES[day].weekday() >= 5]
        hour = int(np.searchsorted(table, self.rng.random()))
        return day * DAY + hour * 3600 + int(self.rng.integers(0, 3600))

    def log(self, t: int, event: str, item: int, channel: str, query: str = "") -> None:
        """Write one event that is no purchase."""
        self.events.append((t, self.u, event, item, channel, "", 0, 0, query))

    def draw(self, weights: np.ndarray) -> int:
        """Draw an index by weight."""
        total = np.cumsum(weights)
        return min(
            int(np.searchsorted(total, self.rng.random() * total[-1], "right")), len(weights) - 1
        )

    def bot(self, u: int, views: int, first: int, days: int) -> None:
        """Walk the catalogue at an even pace, at any hour, and buy nothing."""
        rng = self.rng
        per_day = np.diff(np.sort(np.append(rng.integers(0, views, days - 1), (0, views))))
        item = 0
        for d, count in enumerate(per_day):
            t = (first + d) * DAY + int(rng.integers(0, DAY - 9 * max(int(count), 1) - 10))
            for _ in range(int(count)):
                item = (item + 1 if rng.random() < 0.9 else int(rng.integers(len(self.g)))) % len(
                    self.g
                )
                t += int(rng.integers(3, 9))
                if self.g.launch[item] <= first + d:
                    self.events.append((t, u, "view", item, "website", "", 0, 0, ""))
