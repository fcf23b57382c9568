"""What is planted, with the numbers as the written files have them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from maker.campaigns import CAMPAIGNS, EFFECT
from maker.goods import partners

BANDS = ["16-24", "25-34", "35-49", "50+"]


def share(x: float) -> float:
    """Round a share or ratio for the file."""
    return round(float(x), 4)


def taste(e: pd.DataFrame, c: pd.DataFrame, p: pd.DataFrame) -> dict:
    """Return lifts of category share of purchases by known age band and by first channel."""
    b = e[e.event == "purchase"].merge(p[["product_id", "category_en"]], on="product_id")
    b = b.merge(c[["customer_id", "age", "channel"]], on="customer_id", suffixes=("", "_first"))
    age = pd.to_numeric(b.age, errors="coerce")
    b["band"] = pd.cut(
        age.where(age.between(1, 120)), [0, 25, 35, 50, 121], right=False, labels=BANDS
    )
    whole = b.category_en.value_counts(normalize=True)
    out = {}
    for name, column in (("by_age", "band"), ("by_channel", "channel_first")):
        lifts = []
        for group, part in b.groupby(column, observed=True):
            ratio = part.category_en.value_counts(normalize=True) / whole
            n = part.category_en.value_counts()
            for category in ratio.index[(ratio >= 1.45) & (n >= 60)]:
                lifts.append(
                    {
                        "group": group,
                        "category_en": category,
                        "lines": int(n[category]),
                        "lift": share(ratio[category]),
                    }
                )
        out[name] = lifts
    return out


def calendar(e: pd.DataFrame, o: pd.DataFrame, goods: pd.DataFrame) -> dict:
    """Return peaks, pay-days, hours and the season's goods."""
    day = o[o.channel != "shop"].created_at.str[:10].value_counts()
    day = day.reindex(pd.date_range("2025-09-01", "2026-10-31").strftime("%Y-%m-%d"), fill_value=0)
    quiet = day[~day.index.str[5:7].isin(["11", "12", "06", "02"])]
    dom = quiet.index.str[8:10]
    views = e[e.event == "view"]
    b = e[e.event == "purchase"].merge(goods[["product_id", "season"]], on="product_id")
    month = b.time.str[5:7]
    warm, cold = month.isin(["05", "06", "07", "08"]), month.isin(["11", "12", "01"])
    # lines per month, in season and out of it
    summer, winter = b.season == "s", b.season == "w"
    season = {
        "summer_goods": sorted(goods.product_id[goods.season == "s"]),
        "winter_goods": sorted(goods.product_id[goods.season == "w"]),
        "spring_festival_goods": sorted(goods.product_id[goods.season == "n"]),
        "mid_autumn_goods": sorted(goods.product_id[goods.season == "m"]),
        "summer_goods_may_to_august_share": share((summer & warm).sum() / summer.sum()),
        "winter_goods_november_to_january_share": share((winter & cold).sum() / winter.sum()),
        "all_lines_may_to_august_share": share(warm.mean()),
        "all_lines_november_to_january_share": share(cold.mean()),
    }
    return {
        "online_orders_on_a_median_day": float(day.median()),
        "online_orders_on": {d: int(day[d]) for d in ("2025-11-11", "2026-06-18")},
        "online_orders_a_day_14_to_20_february": share(day["2026-02-14":"2026-02-20"].mean()),
        "pay_days": [10, 15],
        "pay_day_ratio_in_quiet_months": share(
            quiet[dom.isin(["10", "15"])].mean() / quiet[~dom.isin(["10", "11", "15", "16"])].mean()
        ),
        "busiest_view_hour": {
            c: int(part.time.str[11:13].astype(int).mode()[0])
            for c, part in views[~views.customer_id.isin(bots(e))].groupby("channel")
        },
        "shop_hours": [10, 21],
        "seasons": season,
    }


def bots(e: pd.DataFrame) -> list[str]:
    """Return the ids with more than 800 views and no cart and no purchase."""
    n = e.groupby(["customer_id", "event"]).size().unstack(fill_value=0)
    return sorted(n.index[(n.view > 800) & (n.cart == 0) & (n.purchase == 0)])


def pairs(e: pd.DataFrame, goods: pd.DataFrame) -> list[dict]:
    """Return the planted pairs with the orders that hold both, and their lift."""
    baskets = e[e.event == "purchase"].groupby("product_id").order_id.apply(set)
    orders = e[e.event == "purchase"].order_id.nunique()
    ids, out = goods.product_id, []
    for a, others in sorted(partners(goods).items()):
        for b, chance in others:
            one, two = baskets.get(ids[a], set()), baskets.get(ids[b], set())
            both = len(one & two)
            if both >= 5:
                out.append(
                    {
                        "first": ids[a],
                        "second": ids[b],
                        "planted_chance": chance,
                        "orders_with_first": len(one),
                        "orders_with_both": both,
                        "lift": round(both * orders / (len(one) * len(two)), 2),
                    }
                )
    return sorted(out, key=lambda r: -r["orders_with_both"])


def carts(e: pd.DataFrame) -> dict:
    """Return carts (shopper, product) and how many led to a purchase within 1 and 72 hours."""
    t = pd.to_datetime(e.time)
    c = e[e.event == "cart"].assign(t=t)[["customer_id", "product_id", "t"]]
    b = e[e.event == "purchase"].assign(b=t)[["customer_id", "product_id", "b"]].sort_values("b")
    m = pd.merge_asof(
        c.sort_values("t"),
        b,
        left_on="t",
        right_on="b",
        direction="forward",
        by=["customer_id", "product_id"],
    )
    lag = (m.b - m.t).dt.total_seconds() / 3600
    left = ~(lag <= 1)
    return {
        "cart_events": len(m),
        "bought_within_1_hour": int((lag <= 1).sum()),
        "left": int(left.sum()),
        "left_share": share(left.mean()),
        "recovered_within_72_hours": int(((lag > 1) & (lag <= 72)).sum()),
        "recovered_share_of_left": share(((lag > 1) & (lag <= 72)).sum() / left.sum()),
    }


def campaigns(s: pd.DataFrame, c: pd.DataFrame) -> dict:
    """Return each campaign's size and response, and the experiment by first channel."""
    s = s.assign(r=s.responded_at != "").merge(c[["customer_id", "channel"]], on="customer_id")
    out: dict = {
        "window_days": 14,
        "responded": "a kept order within the window, in any arm",
        "outcome": "yuan kept within the window: totals less shipping and refunds",
        "all": {},
    }
    for k in CAMPAIGNS:
        part = s[s.campaign == k.name]
        out["all"][k.name] = {
            "sent": len(part),
            "randomised": bool(k.control),
            "coupon": k.coupon,
            "response_by_arm": {a: share(r) for a, r in part.groupby("arm").r.mean().items()},
        }
    x = s[s.campaign == "autumn-2026"]
    rows = {}
    for name, part in [("all", x), *x.groupby("channel")]:
        a, b = part[part.arm == "sms"], part[part.arm == "control"]
        diff = a.r.mean() - b.r.mean()
        se = np.sqrt(
            a.r.mean() * (1 - a.r.mean()) / len(a) + b.r.mean() * (1 - b.r.mean()) / len(b)
        )
        money = pd.to_numeric(a.outcome).mean() - pd.to_numeric(b.outcome).mean()
        rows[name] = {
            "treated": len(a),
            "control": len(b),
            "response_treated": share(a.r.mean()),
            "response_control": share(b.r.mean()),
            "difference": share(diff),
            "interval_95": [share(diff - 1.96 * se), share(diff + 1.96 * se)],
            "yuan_per_person": round(money, 2),
        }
    planted = {k: v for k, v in EFFECT.items()}
    out["experiment"] = {
        "campaign": "autumn-2026",
        "segment": "channel of the customer file",
        "planted_strength": planted,
        "no_effect_in": "shop",
        "realised": rows,
    }
    return out


def make_truth(made: dict[str, pd.DataFrame], goods: pd.DataFrame, facts: dict) -> dict:
    """Return everything for truth.json."""
    e, o, c, p = made["events"], made["orders"], made["customers"], made["products"]
    t = pd.to_datetime(e.time)
    order = np.lexsort((t.to_numpy(), e.customer_id.to_numpy()))
    who, when = e.customer_id.to_numpy()[order], t.to_numpy()[order]
    new = (who[1:] != who[:-1]) | (np.diff(when) > np.timedelta64(30, "m"))
    lines = e[e.event == "purchase"]
    sold = lines.product_id.value_counts()
    kept = o[~o.status.isin(["cancelled", "unpaid"])]
    net = sum(
        pd.to_numeric(kept[k]).sum() * sign
        for k, sign in (("total", 1), ("shipping", -1), ("refund_amount", -1))
    )
    age = c.age.astype(str)
    first = e[e.product_id != ""].groupby("product_id").time.min()
    late = goods.product_id[goods.launch > 0]
    stars = made["reviews"].stars.value_counts().sort_index()
    return {
        "seed": facts["seed"],
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "first_day": "2025-09-01",
        "last_day": "2026-10-31",
        "rows": {k: len(v) for k, v in made.items()},
        "events": {k: int(v) for k, v in e.event.value_counts().items()},
        "sessions_30_minutes": int(1 + new.sum()),
        "shoppers_with_events": int(e.customer_id.nunique()),
        "shoppers_with_orders": int(o.customer_id.nunique()),
        "shoppers_with_two_orders": int((o.customer_id.value_counts() > 1).sum()),
        "orders": {
            "by_status": {k: int(v) for k, v in o.status.value_counts().items()},
            "with_refund": int((pd.to_numeric(o.refund_amount) > 0).sum()),
            "revenue": round(float(net), 2),
        },
        "ages": {
            "empty": int((age == "").sum()),
            "zero": int((age == "0").sum()),
            "nines": int((age == "999").sum()),
        },
        "taste": taste(e, c, p),
        "calendar": calendar(e, o, goods),
        "popularity": {
            "goods_sold": len(sold),
            "top_80_goods_share_of_lines": share(sold.head(80).sum() / len(lines)),
        },
        "repeat_lines_share": share(lines.duplicated(["customer_id", "product_id"]).mean()),
        "pairs": pairs(e, goods),
        "carts": carts(e),
        "bots": {b: int((e.customer_id == b).sum()) for b in bots(e)},
        "campaigns": campaigns(made["sends"], c),
        "goods": {
            "sold_out": sorted(p.product_id[p["stock"] == 0]),
            "new_in_the_period": {i: first[i][:10] for i in sorted(late) if i in first.index},
            "withdrawn": sorted(goods.product_id[goods.leave < 9999]),
            "price_moved_once": sorted(goods.product_id[goods.moved_on > 0]),
            "price_elasticity": -1.6,
        },
        "new_shoppers": {
            "registered_in_the_period": int((c.registered_at >= "2025-09-01").sum()),
            "registered_in_the_last_30_days": int((c.registered_at >= "2026-10-02").sum()),
        },
        "reviews": {"stars": {str(k): int(v) for k, v in stars.items()}},
        "dirty": facts["dirty"],
        "people": facts["people"],
    }
