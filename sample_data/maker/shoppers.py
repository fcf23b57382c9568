"""The shoppers: what the customer file says of them, and the hidden traits behind their acts."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from maker.days import DATES, START, intensity
from maker.goods import CATEGORIES, DAYS, STYLES

PEOPLE = 4000
BANDS = (0, 25, 35, 50, 200)  # the ages between which tastes change
# taste by age band, in the order of CATEGORIES
BY_AGE = np.array(
    [
        [1.35, 0.90, 1.20, 0.55, 0.40, 1.80, 0.55, 1.80, 0.10, 0.90, 0.95, 2.10],
        [1.25, 1.00, 1.10, 1.05, 0.95, 1.40, 0.80, 1.10, 2.20, 1.45, 1.10, 1.00],
        [1.00, 1.10, 1.00, 1.30, 1.40, 0.85, 1.25, 0.85, 1.10, 0.90, 1.30, 0.75],
        [0.70, 0.90, 0.75, 1.40, 1.55, 0.40, 2.70, 0.75, 0.30, 0.60, 0.80, 0.30],
    ]
)
BY_GENDER = {
    "female": np.array([1.5, 0.30, 1.1, 1.0, 1.1, 1.5, 0.9, 1.0, 1.2, 1.0, 0.85, 0.95]),
    "male": np.array([0.18, 2.4, 0.8, 0.85, 0.75, 0.25, 1.2, 1.0, 0.75, 0.95, 1.6, 1.4]),
}
BY_CHANNEL = {
    "website": np.array([0.9, 1.25, 1.0, 1.05, 1.1, 0.85, 1.0, 0.85, 1.0, 1.0, 1.25, 1.3]),
    "app": np.array([1.0, 0.95, 1.0, 0.95, 0.9, 1.25, 0.8, 1.3, 1.25, 1.15, 1.0, 1.0]),
    "shop": np.array([0.75, 0.8, 0.8, 1.4, 1.3, 0.6, 2.0, 1.2, 0.6, 0.6, 0.6, 0.7]),
    "social": np.array([1.65, 0.6, 1.25, 0.75, 0.7, 1.75, 0.6, 1.0, 0.8, 1.1, 0.8, 1.15]),
}
# where each age band first came from: website, app, shop, social
FIRST_CHANNEL = np.array(
    [
        [0.17, 0.38, 0.07, 0.38],
        [0.25, 0.42, 0.12, 0.21],
        [0.40, 0.30, 0.22, 0.08],
        [0.34, 0.12, 0.51, 0.03],
    ]
)
# how many in 100 live where
CITIES = {
    "杭州": 24,
    "上海": 15,
    "宁波": 7,
    "苏州": 6.5,
    "南京": 5.5,
    "北京": 5,
    "深圳": 4.2,
    "绍兴": 4,
    "广州": 3.8,
    "嘉兴": 3.2,
    "成都": 3,
    "温州": 2.6,
    "武汉": 2.4,
    "无锡": 2.2,
    "金华": 2,
    "合肥": 1.8,
    "重庆": 1.6,
    "长沙": 1.4,
    "西安": 1.3,
    "厦门": 1.1,
    "青岛": 1,
    "郑州": 1,
    "福州": 0.8,
    "济南": 0.7,
    "沈阳": 0.5,
    "昆明": 0.5,
    "南昌": 0.5,
    "大连": 0.4,
    "哈尔滨": 0.3,
    "乌鲁木齐": 0.2,
}
NEAR = ("杭州", "绍兴", "嘉兴", "宁波")


def make_customers(rng: np.random.Generator) -> pd.DataFrame:
    """Return the shoppers, the public columns and the hidden ones the simulation needs."""
    n = PEOPLE
    kind = rng.choice(3, n, p=(0.52, 0.32, 0.16))
    age = np.choose(
        kind, (rng.normal(26.5, 4.8, n), rng.normal(37.5, 6.5, n), rng.normal(55, 8, n))
    )
    age = np.clip(age, 16.2, 79)
    band = np.digitize(age, BANDS[1:-1])
    gender = rng.choice(["female", "male"], n, p=(0.66, 0.34))
    channel = np.array(
        [rng.choice(["website", "app", "shop", "social"], p=FIRST_CHANNEL[b]) for b in band]
    )
    names, weights = list(CITIES), np.array(list(CITIES.values()))
    city = rng.choice(names, n, p=weights / weights.sum())
    local = (channel == "shop") & (rng.random(n) < 0.93)
    city[local] = rng.choice(NEAR, local.sum(), p=(0.86, 0.06, 0.05, 0.03))

    # 58 in 100 were there before the first month; the rest come while we look on
    online, _ = intensity()
    before = rng.random(n) < 0.58
    day = np.where(
        before,
        -np.round(rng.gamma(1.4, 260, n)).astype(int) - 1,
        rng.choice(DAYS, n, p=online / online.sum()),
    )
    day = np.maximum(day, -1300)
    hour = np.clip(rng.normal(16.5, 4.2, n), 7.0, 23.9)
    second = np.where(channel == "shop", 10.1 + (hour - 7) / 17 * 11, hour) * 3600
    registered = [
        dt.datetime.combine(START, dt.time()) + dt.timedelta(days=int(d), seconds=int(s))
        for d, s in zip(day, second, strict=True)
    ]

    # activity: a few come weekly, most seldom; some were lost before the period or on the way
    rate = np.clip(rng.lognormal(0, 1.0, n), 0.25, 9.0)
    stay = rng.exponential(345, n) * np.where(before, 1.5, 1.0)
    gone = np.where(before, rng.random(n) < 0.07, False)
    theta = _taste(rng, band, gender, channel)
    c = pd.DataFrame(
        {
            "customer_id": [
                f"C{k:05d}" for k in np.sort(rng.choice(np.arange(101, 9800), n, False))
            ],
            "true_age": age,
            "band": band,
            "gender": gender,
            "city": city,
            "channel": channel,
            "day": day,
            "registered_at": registered,
            "rate": rate,
            "stay": stay,
            "gone": gone,
            "keen": rng.lognormal(0, 0.62, n),
            "thrift": rng.normal(0, 0.35, n),
            "english": rng.random(n) < 0.13,
            "theta": list(theta),
            "style": list(rng.normal(0, 0.75, (n, STYLES))),
        }
    )
    c = c.sort_values("registered_at", kind="stable").reset_index(drop=True)
    # numbers were given in the order of joining
    c["customer_id"] = np.sort(c.customer_id.to_numpy())
    _ages(rng, c)
    c["consent_sms"] = rng.random(n) < np.where(c.channel == "shop", 0.86, 0.8)
    c["consent_email"] = rng.random(n) < np.select(
        [c.channel == "website", c.channel == "shop"], [0.74, 0.38], 0.55
    )
    strength = np.log(c.rate) + rng.normal(0, 0.6, n) + np.where(c.day < -200, 0.3, -0.4)
    rank = strength.rank(pct=True)
    c["member_level"] = np.select([rank > 0.94, rank > 0.76], ["gold", "silver"], "regular")
    c.loc[rng.random(n) < 0.05, "gender"] = ""
    return c


def _taste(
    rng: np.random.Generator, band: np.ndarray, gender: np.ndarray, channel: np.ndarray
) -> np.ndarray:
    """Return each shopper's share of interest per category: group effects times her own."""
    base = np.array([v[1] for v in CATEGORIES.values()])
    where = np.array([BY_GENDER[g] * BY_CHANNEL[c] for g, c in zip(gender, channel, strict=True)])
    theta = base * (BY_AGE[band] * where) ** 1.2
    theta *= rng.gamma(0.75, 1 / 0.75, theta.shape)  # nobody wants everything
    theta += 0.015 * base
    # who has no baby or pet doesn't shop for one
    for k, (name, chance) in enumerate((("母婴", 0.5), ("宠物用品", 0.5))):
        at = list(CATEGORIES).index(name)
        theta[:, at] *= np.where(rng.random(len(theta)) < chance + 0.02 * k, 0.08, 1.9)
    return theta / theta.sum(axis=1, keepdims=True)


def _ages(rng: np.random.Generator, c: pd.DataFrame) -> None:
    """Add the age and birthday as the file gives them: gaps, 0, 999, round numbers, 1 January."""
    n = len(c)
    last = DATES[-1]
    born = [last - dt.timedelta(days=int(a * 365.25)) for a in c.true_age]
    default = rng.random(n) < 0.02  # the form's first choice
    born = [b.replace(month=1, day=1) if d else b for b, d in zip(born, default, strict=True)]
    today = (last.month, last.day)
    full = np.array([(last.year - b.year) - (today < (b.month, b.day)) for b in born])
    has_birthday = rng.random(n) < np.where(c.channel == "shop", 0.75, 0.6)
    heaped = np.where(rng.random(n) < 0.22, np.maximum(np.round(full / 5) * 5, 16), full)
    heaped = heaped.astype(int)
    age = pd.Series(np.where(has_birthday, full, heaped), dtype="object")
    u = rng.random(n)
    gap = u < np.where(c.channel == "social", 0.24, np.where(c.channel == "shop", 0.09, 0.15))
    zero, nines = ~gap & (u > 0.988), ~gap & (u > 0.982) & (u <= 0.988)
    age[gap], age[zero], age[nines] = "", 0, 999
    c["age"] = age
    hidden = gap | zero | nines | ~has_birthday
    c["birthday"] = ["" if h else b.isoformat() for h, b in zip(hidden, born, strict=True)]
