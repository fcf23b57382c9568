"""Small shops made for the tests of the recommender."""

import numpy as np
import pandas as pd


def checkerboard(n=24):
    """Even users have the even items, odd users the odd ones; each lacks the one of her number."""
    pairs = [(u, i) for u in range(n) for i in range(n) if u % 2 == i % 2 and u != i]
    rows = [(f"u{u:02}", f"i{i:02}") for u, i in pairs]
    frame = pd.DataFrame(rows, columns=["user", "item"])
    frame["ts"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(len(frame)), unit="h")
    return frame


def shop(rows=1500, users=60, items=40, seed=3):
    rng = np.random.default_rng(seed)
    user = rng.integers(0, users, rows)
    seconds = rng.integers(0, 86_400 * 300, rows)
    item = (rng.zipf(1.4, rows) * 3 + user % 4) % items
    return pd.DataFrame({
        "user": [f"u{i}" for i in user],
        "item": [f"p{i}" for i in item],
        "event": rng.choice(["view", "cart", "purchase"], rows, p=[0.6, 0.2, 0.2]),
        "ts": pd.Timestamp("2025-01-01") + pd.to_timedelta(seconds, unit="s"),
    })
