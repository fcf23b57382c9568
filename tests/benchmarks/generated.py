"""Sparse shops of any size: busy and idle shoppers, bestsellers and rarities, tastes by group."""

import numpy as np
import pandas as pd


def shop(events, users, items, seed=0, groups=40):
    rng = np.random.default_rng(seed)
    busy = rng.lognormal(0, 1, users)
    user = rng.choice(users, events, p=busy / busy.sum())
    taste = rng.integers(0, groups, (users, 3))
    hers = taste[user, rng.integers(0, 3, events)]
    own = rng.choice(items // groups, events, p=zipf(items // groups)) * groups + hers
    any_ = rng.choice(items, events, p=zipf(items))
    return pd.DataFrame({
        "user": user, "item": np.where(rng.random(events) < 0.7, own, any_),
        "event": rng.choice(["view", "cart", "purchase"], events, p=[0.8, 0.12, 0.08]),
        "ts": rng.integers(0, 400 * 86_400, events),
    })


def zipf(n):
    found = 1 / np.arange(1, n + 1) ** 0.8
    return found / found.sum()
