"""The goods: 400 products from goods.txt with prices, popularity, season, launch and partners."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DAYS = 426  # 2025-09-01 .. 2026-10-31
STYLES = 4  # hidden dimensions of style that shoppers and goods share

# category: cost as a share of price, share of demand, chance of a refund per line
CATEGORIES = {
    "女装": (0.42, 0.135, 0.15),
    "男装": (0.44, 0.07, 0.10),
    "鞋包配饰": (0.46, 0.08, 0.12),
    "家居日用": (0.52, 0.115, 0.04),
    "厨房餐具": (0.54, 0.08, 0.045),
    "美妆护肤": (0.36, 0.13, 0.035),
    "茶与咖啡": (0.45, 0.085, 0.015),
    "零食坚果": (0.60, 0.115, 0.012),
    "母婴": (0.62, 0.065, 0.035),
    "宠物用品": (0.58, 0.055, 0.025),
    "运动户外": (0.50, 0.065, 0.065),
    "文具数码": (0.57, 0.075, 0.045),
}


def lines(name: str) -> list[str]:
    """Return the lines of a text file of this folder without comments and blanks."""
    text = (HERE / name).read_text(encoding="utf-8")
    return [s for s in text.splitlines() if s.strip() and not s.startswith("#")]


def read_models() -> pd.DataFrame:
    """Return one row per variant of goods.txt: names, category, brands, price range, season."""
    rows, head = [], ("", "", "")
    for line in lines("goods.txt"):
        if line.startswith("["):
            head = tuple(line.strip("[]").split("|"))
            continue
        name, english, span, season, variants = line.split("|")
        low, high = (float(p) for p in span.split("-"))
        options = [v.split(":") for v in variants.split(",")]
        for n, (zh, en) in enumerate(options):
            rows.append(
                {
                    "model": name,
                    "model_en": english,
                    "name": f"{name} {zh}",
                    "name_en": f"{english}, {en}",
                    "category": head[0],
                    "category_en": head[1],
                    "brands": head[2].split(","),
                    "low": low,
                    "high": high,
                    "season": season[0],
                    "used_up": season.endswith("*"),
                    "nth": n,
                    "of": len(options),
                    "variant": zh,
                }
            )
    return pd.DataFrame(rows)


def ending(price: float) -> int:
    """Return a price in fen with an ending that a shop would print."""
    if price < 30:
        return round(np.floor(price) * 100 + 90)
    return (
        round((price // 10 * 10 + 9) * 100) if price < 300 else round((price // 20 * 20 + 19) * 100)
    )


def make_products(rng: np.random.Generator) -> pd.DataFrame:
    """Return the goods, the public columns and the hidden ones the simulation needs."""
    g = read_models()
    n = len(g)
    order = rng.permutation(n)  # ids carry no meaning
    g = g.iloc[order].reset_index(drop=True)
    g["product_id"] = [f"P{k:04d}" for k in np.sort(rng.choice(np.arange(101, 1900), n, False))]
    models = sorted(g.model.unique())
    brand = {m: rng.integers(0, 4) for m in models}
    g["brand"] = [b[brand[m] % len(b)] for b, m in zip(g.brands, g.model, strict=True)]
    # a larger pack costs more: the variants are listed from small to large where that matters
    sized = g.variant.str.match(r".*\d|.*[大小中]号|单|双|四包|大盒|小盒")
    place = np.where(sized & (g.of > 1), g.nth / (g.of - 1).clip(lower=1), 0.35)
    g["fen"] = [ending(lo + (hi - lo) * p) for lo, hi, p in zip(g.low, g.high, place, strict=True)]
    share = np.array([CATEGORIES[c][0] for c in g.category])
    g["cost_fen"] = np.round(g.fen * np.clip(share + rng.normal(0, 0.05, n), 0.2, 0.8), -1).astype(
        int
    )

    # long tail: a model is popular, its variants share unevenly
    pop_model = {m: v for m, v in zip(models, rng.lognormal(0, 0.95, len(models)), strict=True)}
    for line in lines("bundles.txt"):  # goods that draw others with them are goods that sell
        for m in line.rsplit(":", 1)[0].split(">"):
            pop_model[m.strip()] = max(pop_model[m.strip()], 0.5) * 1.25
    pop = np.array([pop_model[m] for m in g.model]) * rng.lognormal(0, 0.65, n)
    pop *= (g.fen / 10000.0) ** -0.25
    for c, (_, demand, _) in CATEGORIES.items():
        mask = (g.category == c).to_numpy()
        pop[mask] *= demand / pop[mask].sum()
    g["pop"] = pop

    style = {b: rng.normal(0, 0.8, STYLES) for b in sorted(g.brand.unique())}
    look = {m: rng.normal(0, 0.8, STYLES) for m in models}
    z = np.array([style[b] + look[m] for b, m in zip(g.brand, g.model, strict=True)])
    z += rng.normal(0, 0.35, z.shape)
    g["style"] = list(z)
    g["quality"] = np.clip(rng.normal(0, 1, n), -2.2, 1.8)
    g["converts"] = np.exp(rng.normal(0, 0.3, n))

    # 60 goods come during the 14 months, 24 of them in the last three; 14 leave the range
    launch = np.full(n, -400)
    fresh = rng.choice(n, 60, replace=False)
    launch[fresh[:36]] = rng.integers(20, DAYS - 95, 36)
    launch[fresh[36:]] = rng.integers(DAYS - 92, DAYS - 12, 24)
    calendar = g.index[g.model == "2027日历"]
    launch[calendar] = DAYS - 75
    g["launch"] = launch
    old = np.setdiff1d(np.arange(n), np.concatenate([fresh, calendar.to_numpy()]))
    leave = np.full(n, 10_000)
    leave[rng.choice(old, 14, replace=False)] = rng.integers(150, DAYS - 20, 14)
    g["leave"] = leave
    # some prices moved once: day and factor before it
    moved = rng.random(n) < 0.22
    g["moved_on"] = np.where(moved, rng.integers(60, DAYS - 40, n), -1)
    g["before"] = np.where(moved, rng.choice([0.9, 0.93, 0.95, 1.06, 1.1], n), 1.0)
    # fashion comes and goes: a slow random walk of popularity, by month
    walk = np.cumsum(rng.normal(0, 0.22, (n, 16)), axis=1)
    g["trend"] = list(walk - walk.mean(axis=1, keepdims=True))
    return g


def partners(g: pd.DataFrame) -> dict[int, list[tuple[int, float]]]:
    """Return for each product index its partners (index, chance) as planted by bundles.txt."""
    where = {m: part.index.to_list() for m, part in g.groupby("model")}
    found: dict[int, list[tuple[int, float]]] = {}
    for line in lines("bundles.txt"):
        pair, chance = line.rsplit(":", 1)
        first, second = (s.strip() for s in pair.split(">"))
        for a in where[first]:
            # the variant that goes with it: the one of its own place in the list
            there = where[second]
            match = sorted(there, key=lambda b, a=a: (abs(g.nth[b] - g.nth[a]), g.nth[b]))[0]
            found.setdefault(a, []).append((match, float(chance)))
    return found
