"""The shop's calendar: which days, hours and seasons sell."""

from __future__ import annotations

import datetime as dt

import numpy as np

from maker.goods import DAYS

START = dt.date(2025, 9, 1)
DATES = [START + dt.timedelta(days=k) for k in range(DAYS)]
CHANNELS = ("website", "app", "shop", "social")

# (first day, last day, online factor, shop factor): what the shop's year looks like
FESTIVALS = (
    ("2025-10-01", "2025-10-08", 0.85, 1.5),
    ("2025-11-01", "2025-11-01", 2.4, 1.0),
    ("2025-11-02", "2025-11-09", 1.25, 1.0),
    ("2025-11-10", "2025-11-10", 2.5, 1.0),
    ("2025-11-11", "2025-11-11", 7.0, 1.2),
    ("2025-11-12", "2025-11-13", 0.75, 1.0),
    ("2025-12-11", "2025-12-12", 2.0, 1.0),
    ("2025-12-20", "2025-12-25", 1.35, 1.5),
    ("2025-12-31", "2026-01-01", 1.15, 1.6),
    ("2026-01-23", "2026-02-09", 1.4, 1.5),
    ("2026-02-10", "2026-02-13", 0.9, 1.4),
    ("2026-02-14", "2026-02-20", 0.35, 0.25),
    ("2026-02-21", "2026-02-24", 0.7, 0.8),
    ("2026-03-06", "2026-03-08", 1.75, 1.2),
    ("2026-05-01", "2026-05-05", 0.85, 1.5),
    ("2026-05-19", "2026-05-20", 1.35, 1.1),
    ("2026-06-01", "2026-06-03", 1.6, 1.1),
    ("2026-06-15", "2026-06-17", 1.6, 1.0),
    ("2026-06-18", "2026-06-18", 7.0, 1.1),
    ("2026-06-19", "2026-06-21", 0.75, 1.0),
    ("2026-08-18", "2026-08-19", 1.3, 1.1),
    ("2026-08-24", "2026-09-03", 1.2, 1.1),
    ("2026-09-18", "2026-09-24", 1.25, 1.3),
    ("2026-10-01", "2026-10-07", 0.85, 1.5),
    ("2026-10-24", "2026-10-31", 1.15, 1.0),
)
# the days with goods at reduced prices
SALES = (
    ("2025-11-01", "2025-11-11"),
    ("2025-12-11", "2025-12-12"),
    ("2026-03-06", "2026-03-08"),
    ("2026-06-01", "2026-06-03"),
    ("2026-06-15", "2026-06-18"),
)
PEAKS = ("2025-11-01", "2025-11-11", "2026-06-18")  # when a full cart is seldom left

ONLINE_WEEK = (1.04, 0.98, 0.95, 0.96, 0.97, 1.02, 1.10)  # Monday first
SHOP_WEEK = (0.66, 0.68, 0.70, 0.80, 1.05, 1.85, 1.70)

# weight of each hour, midnight first: working days, weekend
HOURS = {
    "website": (
        "8 3 2 1 1 1 2 6 18 40 52 48 52 50 46 44 42 36 30 40 58 66 50 24",
        "14 6 3 2 1 1 2 4 10 24 36 40 36 38 42 42 38 34 32 42 56 64 54 32",
    ),
    "app": (
        "22 9 4 2 1 2 6 24 40 24 24 30 56 44 24 22 24 36 44 48 64 82 84 54",
        "34 16 8 4 2 1 3 8 18 30 38 42 46 44 42 42 40 40 42 50 66 82 80 58",
    ),
    "social": (
        "26 12 5 2 1 1 3 12 18 14 16 22 44 34 20 20 20 28 36 46 70 92 90 60",
        "38 20 9 4 2 1 2 6 12 20 28 32 36 38 36 34 34 36 40 50 70 90 86 64",
    ),
    "shop": (
        "0 0 0 0 0 0 0 0 0 0 20 34 48 36 30 32 38 56 80 86 58 14 0 0",
        "0 0 0 0 0 0 0 0 0 0 34 52 48 58 76 84 82 70 60 62 46 16 0 0",
    ),
}


def span(first: str, last: str) -> slice:
    """Return the slice of day numbers from one ISO date to another, both included."""
    a, b = (dt.date.fromisoformat(s) for s in (first, last))
    return slice(max((a - START).days, 0), (b - START).days + 1)


def intensity() -> tuple[np.ndarray, np.ndarray]:
    """Return how busy each day is online and in the shop (mean 1): week, pay-days, festivals."""
    online = np.array([ONLINE_WEEK[d.weekday()] for d in DATES])
    shop = np.array([SHOP_WEEK[d.weekday()] for d in DATES])
    for f in (online, shop):
        for k, d in enumerate(DATES):
            f[k] *= {10: 1.5, 15: 1.42, 11: 1.18, 16: 1.15}.get(d.day, 1.0)
            f[k] *= 0.93 if d.day > 25 else 1.0  # the month's money is spent
    for first, last, on, off in FESTIVALS:
        online[span(first, last)] *= on
        shop[span(first, last)] *= off
    growth = 1 + 0.22 * np.arange(DAYS) / DAYS
    rng = np.random.default_rng(77)  # days differ without a reason, too
    online, shop = (f * growth * rng.lognormal(0, 0.07, DAYS) for f in (online, shop))
    return online / online.mean(), shop / shop.mean()


def on_sale() -> np.ndarray:
    """Return a mask of the days on which part of the range is reduced."""
    mask = np.zeros(DAYS, dtype=bool)
    for first, last in SALES:
        mask[span(first, last)] = True
    return mask


def bump(middle: str, width: float, height: float) -> np.ndarray:
    """Return 1 plus a bell over the days, repeated each year."""
    at = (dt.date.fromisoformat(middle) - START).days
    k = np.arange(DAYS)
    bells = [np.exp(-0.5 * ((k - at - shift) / width) ** 2) for shift in (-365, 0, 365)]
    return 1 + height * np.sum(bells, axis=0)


def seasons() -> dict[str, np.ndarray]:
    """Return the factor of each season mark of goods.txt by day."""
    warm = bump("2026-06-25", 42, 1.0) - 1
    cold = bump("2025-12-28", 46, 1.0) - 1
    return {
        "-": np.ones(DAYS),
        "s": 0.30 + 2.6 * warm,
        "w": 0.25 + 2.5 * cold,
        "p": 0.65
        + 1.3 * (bump("2026-04-05", 26, 1.0) - 1)
        + 1.3 * (bump("2025-10-10", 26, 1.0) - 1),
        "n": 0.06 + 5.5 * (once("2026-02-02", 11)),
        "m": 0.08 + 6.0 * (once("2025-09-27", 9) + once("2026-09-16", 10)),
        "x": 0.55 + 3.0 * once("2025-12-18", 10) + 0.9 * once("2026-05-16", 6),
        "b": 0.60
        + 2.4 * (once("2025-09-03", 9) + once("2026-08-29", 12))
        + 1.1 * once("2026-03-01", 8),
    }


def once(middle: str, width: float) -> np.ndarray:
    """Return a bell over the days, once."""
    at = (dt.date.fromisoformat(middle) - START).days
    return np.exp(-0.5 * ((np.arange(DAYS) - at) / width) ** 2)


def hour_tables() -> dict[tuple[str, bool], np.ndarray]:
    """Return cumulative hour shares by (channel, weekend)."""
    return {
        (c, weekend): np.cumsum(w := np.array(HOURS[c][weekend].split(), float)) / w.sum()
        for c in CHANNELS
        for weekend in (False, True)
    }
