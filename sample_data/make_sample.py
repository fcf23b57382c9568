"""Make the sample shop: ``python sample_data/make_sample.py [--out FOLDER]``.

The same seed gives the same bytes. What is planted is told in README.md and truth.json.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
from maker.days import START
from maker.dirty import make_dirty, make_people
from maker.goods import make_products
from maker.reviews import make_reviews
from maker.shoppers import make_customers
from maker.shopping import Shop
from maker.truth import make_truth

SEED = 20251111
ZERO = dt.datetime.combine(START, dt.time())
BOTS = ((2480, 96, 9), (1930, 203, 6), (1310, 331, 4), (1120, 58, 12))  # views, first day, days


def clock(seconds: pd.Series) -> pd.Series:
    """Return seconds since the first day as text, in the shop's own time."""
    return (pd.Timestamp(ZERO) + pd.to_timedelta(seconds, unit="s")).dt.strftime(
        "%Y-%m-%d %H:%M:%S"
    )


def yuan(fen: pd.Series) -> pd.Series:
    """Return fen as yuan with two places; nothing where there is none."""
    return fen.map(lambda f: f"{f / 100:.2f}")


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV: UTF-8, LF."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def play(rng: np.random.Generator) -> tuple[Shop, pd.DataFrame, pd.DataFrame]:
    """Let everyone shop; return the shop with its events, the goods and the people."""
    goods = make_products(rng)
    people = make_customers(rng)
    bots = people.index[(people.day > 0) & (people.day < 50) & (people.channel == "website")][
        3:43:10
    ]
    people.loc[bots, ["age", "birthday", "city", "gender"]] = ""
    people.loc[bots, ["consent_sms", "consent_email", "gone"]] = False, False, True
    people.loc[bots, "member_level"] = "regular"
    shop = Shop(np.random.default_rng(SEED + 12), goods, people)
    for u in range(len(people)):
        if u not in bots:
            shop.run(u)
    for u, (views, first, days) in zip(bots, BOTS, strict=True):
        shop.bot(u, views, first, days)
    return shop, goods, people


def frames(shop: Shop, goods: pd.DataFrame, people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the files' frames from what happened."""
    ids, products = people.customer_id.to_numpy(), goods.product_id.to_numpy()
    e = pd.DataFrame(
        shop.events,
        columns=["t", "u", "event", "item", "channel", "order_id", "quantity", "fen", "query"],
    )
    e["nth"] = np.arange(len(e))
    e = e.sort_values(["t", "u", "nth"], kind="stable")
    bought = e.event == "purchase"
    events = pd.DataFrame(
        {
            "time": clock(e.t),
            "customer_id": ids[e.u],
            "event": e.event,
            "product_id": np.where(e.item >= 0, products[e.item], ""),
            "channel": e.channel,
            "order_id": e.order_id,
            "quantity": e.quantity.astype(str).where(bought, ""),
            "amount": yuan(e.fen).where(bought, ""),
            "query": e["query"],
        }
    ).reset_index(drop=True)

    o = (
        pd.DataFrame(shop.orders)
        .sort_values(["t", "order_id"], kind="stable")
        .reset_index(drop=True)
    )
    orders = pd.DataFrame(
        {
            "order_id": o.order_id,
            "customer_id": ids[o.u],
            "created_at": clock(o.t),
            "status": o.status,
        }
    )
    for column in ("total", "shipping", "discount", "refund_amount"):
        orders[column] = yuan(o[column])
    orders["coupon"], orders["channel"] = o.coupon, o.channel

    customers = people[
        [
            "customer_id",
            "age",
            "gender",
            "city",
            "channel",
            "consent_email",
            "consent_sms",
            "birthday",
            "registered_at",
            "member_level",
        ]
    ].copy()
    for column in ("consent_email", "consent_sms"):
        customers[column] = np.where(customers[column], "yes", "no")
    customers["registered_at"] = [t.strftime("%Y-%m-%d %H:%M:%S") for t in people.registered_at]
    return {
        "events": events,
        "orders": orders,
        "customers": customers,
        "products": stock(shop, goods, events),
        "sends": outcomes(shop, o, ids),
    }


def stock(shop: Shop, goods: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the product file: stock follows what was sold lately; some goods are sold out."""
    rng = np.random.default_rng(SEED + 1)
    late = events[(events.event == "purchase") & (events.time >= "2026-09-01")]
    sold = late.groupby("product_id").quantity.apply(lambda q: q.astype(int).sum())
    pace = sold.reindex(goods.product_id).fillna(0).to_numpy() / 2
    left = np.round(pace * rng.lognormal(0.4, 0.7, len(goods)) + rng.integers(2, 40, len(goods)))
    left[rng.random(len(goods)) < 0.045] = 0
    left[goods.leave.to_numpy() < 9999] = 0
    return pd.DataFrame(
        {
            "product_id": goods.product_id,
            "name": goods.name,
            "name_en": goods.name_en,
            "category": goods.category,
            "category_en": goods.category_en,
            "brand": goods.brand,
            "price": yuan(goods.fen),
            "cost": yuan(goods.cost_fen),
            "stock": left.astype(int),
        }
    )


def outcomes(shop: Shop, o: pd.DataFrame, ids: np.ndarray) -> pd.DataFrame:
    """Return the sends with what each shopper spent in the 14 days after, whatever the arm."""
    kept = o[~o.status.isin(["cancelled", "unpaid"])].copy()
    kept["net"] = kept.total - kept.shipping - kept.refund_amount
    kept = kept[kept.net > 0]
    by = {u: part for u, part in kept.groupby("u")}
    rows = []
    for name, u, t, arm in sorted(shop.sends, key=lambda s: (s[2], s[1])):
        part = by.get(u)
        mine = (
            part[(part.t >= t) & (part.t < t + 14 * 86_400)] if part is not None else kept.iloc[:0]
        )
        rows.append((name, ids[u], t, arm, mine.t.min() if len(mine) else -1, mine.net.sum()))
    s = pd.DataFrame(rows, columns=["campaign", "customer_id", "t", "arm", "r", "fen"])
    return pd.DataFrame(
        {
            "campaign": s.campaign,
            "customer_id": s.customer_id,
            "sent_at": clock(s.t),
            "arm": s.arm,
            "responded_at": clock(s.r).where(s.r >= 0, ""),
            "outcome": yuan(s.fen),
        }
    )


def main() -> None:
    """Make every file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    shop, goods, people = play(rng)
    made = frames(shop, goods, people)
    reviews = make_reviews(np.random.default_rng(SEED + 2), shop, goods, people)
    made["reviews"] = pd.DataFrame(
        {
            "review_id": [f"R{k:04d}" for k in range(1, len(reviews) + 1)],
            "customer_id": people.customer_id.to_numpy()[reviews.u],
            "product_id": goods.product_id.to_numpy()[reviews.i],
            "time": clock(reviews.t),
            "stars": reviews.stars,
            "text": reviews.text,
        }
    )
    for name, frame in made.items():
        write(frame, out / f"{name}.csv")
    returned = {o["order_id"]: {goods.product_id[i] for i in o["returned"]} for o in shop.orders}
    data, dirty = make_dirty(
        np.random.default_rng(SEED + 3), made["events"], made["orders"], made["products"], returned
    )
    (out / "orders_dirty_gbk.csv").write_bytes(data)
    persons = make_people(np.random.default_rng(SEED + 4))
    write(persons, out / "people.csv")
    ages = pd.to_numeric(persons.age, errors="coerce")
    facts = {
        "seed": SEED,
        "dirty": dirty,
        "people": {
            "rows": len(persons),
            "ages_empty": int(ages.isna().sum()),
            "ages_zero": int((ages == 0).sum()),
            "ages_999": int((ages == 999).sum()),
            "views": int(persons.browsing_count.sum()),
        },
    }
    text = json.dumps(
        make_truth(made, goods, facts), ensure_ascii=False, indent=1, default=lambda v: v.item()
    )
    (out / "truth.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
