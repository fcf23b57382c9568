"""The campaigns: whom each is sent to, and what it changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from maker.days import START


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign; shares are of those who consent, ``control`` is the share left without it."""

    name: str
    day: str
    arm: str
    consent: str
    coupon: str
    least: int
    off: int
    active_days: int
    share: float
    share_idle: float
    control: float = 0.0

    def second(self, rng: np.random.Generator) -> int:
        """Return when one shopper's message leaves, in seconds since the first day."""
        day = (dt.date.fromisoformat(self.day) - START).days
        return day * 86_400 + 10 * 3600 + int(rng.integers(0, 2400))


CAMPAIGNS = (
    Campaign(
        "double11-2025", "2025-11-05", "sms", "consent_sms", "D11SMS15", 9900, 1500, 45, 0.85, 0.35
    ),
    Campaign(
        "womens-day-2026",
        "2026-03-04",
        "email",
        "consent_email",
        "MAR20",
        15900,
        2000,
        90,
        0.9,
        0.45,
    ),
    Campaign("618-2026", "2026-06-12", "sms", "consent_sms", "JUN25", 19900, 2500, 90, 0.85, 0.3),
    # the experiment: every shopper who consents, a coin decides
    Campaign(
        "autumn-2026",
        "2026-09-01",
        "sms",
        "consent_sms",
        "AUTUMN20",
        12900,
        2000,
        9999,
        1.0,
        1.0,
        0.5,
    ),
    Campaign(
        "member-day-2026",
        "2026-10-12",
        "email",
        "consent_email",
        "OCT15",
        9900,
        1500,
        120,
        0.9,
        0.3,
    ),
)
# how many in 100 buy because of the message, by the channel a shopper came from
EFFECT = {"social": 0.085, "app": 0.068, "website": 0.05, "shop": 0.0}


def lift(channel: str, activity: float, alive: bool) -> float:
    """Return the chance that a message brings a shopper: more for the active, less for the lost."""
    return EFFECT[channel] * min(activity, 5.0) ** 0.85 * (1.2 if alive else 0.3)
