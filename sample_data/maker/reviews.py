"""The reviews: 600 texts in two languages, put together so that people sound different."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from maker.goods import DAYS, lines

COUNT = 600
EATEN = ("tea", "coffee", "snack", "petfood", "skin", "makeup", "hair", "litter", "nappy")
GENERAL = ("quality", "delivery", "packing", "price", "service")
# which marks the parts of a review have, by stars
PLANS = {
    5: (("+",), ("+", "+"), ("+", "+"), ("+", "+", "+")),
    4: (("+",), ("+", "+"), ("+", "~"), ("+", "+", "~")),
    3: (("~",), ("~", "~"), ("+", "-"), ("+", "~"), ("~", "-")),
    2: (("-",), ("-", "~"), ("-", "-"), ("+", "-", "-")),
    1: (("-",), ("-", "-"), ("-", "-"), ("-", "-", "-")),
}


def phrases() -> dict[tuple[str, str, str], list[str]]:
    """Return the fragments of phrases.txt by (language, mark, topic)."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for line in lines("phrases.txt"):
        if line.startswith("["):
            language, mark, topic = line.strip("[]").split()
            here = found.setdefault((language, mark, topic), [])
        else:
            here.append(line)
    return found


def topic(good: pd.Series) -> str:
    """Return what a review of this product can be about, from topics.txt."""
    for line in lines("topics.txt"):
        found, pattern = line.split(" = ")
        if re.search(pattern, good.category if pattern.startswith("^") else good.model):
            return found
    raise LookupError(good.model)


def text(rng: np.random.Generator, words: dict, stars: int, english: bool, good: pd.Series) -> str:
    """Return one review's text."""
    language = "en" if english else "zh"
    tone = "+" if stars > 3 else "-" if stars < 3 else "~"

    own = topic(good)

    def pick(mark: str, topic: str) -> str:
        some = words.get((language, mark, topic)) or words.get((language, mark, own))
        some = some or words[language, mark, "packing" if mark != "~" else "price"]
        return some[int(rng.integers(len(some)))]

    if rng.random() < 0.09:
        return pick(tone, "short")
    plan = PLANS[stars][int(rng.integers(len(PLANS[stars])))]
    general = GENERAL[1:] if own in EATEN else GENERAL
    topics = [own, *rng.permutation(general)]
    if rng.random() < 0.2:
        topics = topics[1:]
    parts = [pick(mark, topic) for mark, topic in zip(plan, topics, strict=False)]
    if len(parts) > 1 and len(set(plan)) > 1 and rng.random() < 0.7:
        parts[-1] = ("but " if english else "就是") + parts[-1] if plan[0] == "+" else parts[-1]
    if rng.random() < 0.33:
        parts.insert(0, pick("0", "open" if own in EATEN or rng.random() < 0.6 else "fetch"))
    if rng.random() < 0.4:
        parts.append(pick(tone, "close"))
    item = good.model_en.lower() if english else good.model
    variant = good.variant if len(good.variant) > 1 and not english else "颜色"
    if english:
        joined = (". " if rng.random() < 0.55 else ", ").join(dict.fromkeys(parts))
        sentences = [s[:1].upper() + s[1:] for s in joined.split(". ")]
        out = ". ".join(sentences) + rng.choice([".", ".", "", "!"] if stars > 3 else [".", ""])
        out = out.lower() if rng.random() < 0.08 else out
    else:
        glue = rng.choice(["，", "。", "，", " ", "；"], p=(0.42, 0.28, 0.15, 0.09, 0.06))
        ends = ["。", "", "！", "～", "👍"] if stars > 3 else ["。", "", "……", "！"]
        out = glue.join(dict.fromkeys(parts)) + rng.choice(ends)
    return out.replace("{item}", item).replace("{variant}", variant)


def make_reviews(
    rng: np.random.Generator, shop: object, goods: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Return the reviews: each of a line somebody bought, three to thirty days after."""
    words = phrases()
    kept = {o["order_id"] for o in shop.orders if o["status"] in ("completed", "refunded")}
    refunded = {o["order_id"] for o in shop.orders if o["status"] == "refunded"}
    end = (DAYS - 12) * 86_400
    bought = [e for e in shop.events if e[2] == "purchase" and e[5] in kept and e[0] < end]
    rows, seen = [], set()
    for k in rng.permutation(len(bought)):
        t, u, _, i, _, number, *_ = bought[k]
        if (u, i) in seen or len(rows) == COUNT:
            continue
        seen.add((u, i))
        good = goods.iloc[i]
        mood = (
            1.55 + 0.75 * good.quality + rng.logistic(0, 1.0) - (3.2 if number in refunded else 0)
        )
        stars = 1 + int(np.digitize(mood, (-1.75, -0.95, 0.0, 1.3)))
        told = stars if rng.random() > 0.025 else int(rng.choice([5, 1]))  # a slip of the finger
        when = min(
            t + int((3 + rng.gamma(1.6, 3.6)) * 86_400 + rng.integers(-20_000, 20_000)),
            DAYS * 86_400 - 60,
        )
        hour = when % 86_400 // 3600
        when += 8 * 3600 if hour < 7 else 0
        rows.append(
            (
                min(when, DAYS * 86_400 - 60),
                u,
                i,
                told,
                text(rng, words, stars, bool(people.english[u]) or rng.random() < 0.17, good),
            )
        )
    return pd.DataFrame(sorted(rows, key=lambda r: r[:3]), columns=["t", "u", "i", "stars", "text"])
