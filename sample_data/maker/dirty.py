"""The dirty twin: October's online orders as a platform's Chinese back office would export them."""

from __future__ import annotations

import numpy as np
import pandas as pd

TITLE = "叶子生活馆 订单导出 2026-10-01 至 2026-10-31 导出时间：2026-11-01 09:12:05"
FIRST, LAST = "2026-10-01", "2026-11-01"
HEADER = tuple(
    [
        "订单编号",
        "买家会员名",
        "标题",
        "商品编号",
        "价格",
        "购买数量",
        "金额",
        "订单状态",
        "订单创建时间",
        "渠道",
    ]
)
STATUS = {
    "completed": "交易成功",
    "paid": "买家已付款",
    "refunded": "交易成功",
    "cancelled": "交易关闭",
    "unpaid": "等待买家付款",
}
CHANNEL = {"website": "官网", "app": "APP", "social": "社交"}


def money(fen: int) -> str:
    """Return an amount as the platform prints it: a full-width sign, commas in thousands."""
    text = f"{'-' if fen < 0 else ''}￥{abs(fen) / 100:,.2f}"
    return f'"{text}"' if "," in text else text


def make_dirty(
    rng: np.random.Generator,
    events: pd.DataFrame,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    returned: dict[str, set[str]],
) -> tuple[bytes, dict]:
    """Return the file's bytes and the facts a reader of it must find.

    ``returned`` names, by order, the goods that came back: each is a second row below zero.
    """
    o = orders[
        (orders.created_at >= FIRST) & (orders.created_at < LAST) & (orders.channel != "shop")
    ]
    bought = events[(events.event == "purchase") & events.order_id.isin(o.order_id)]
    lines = bought.merge(o[["order_id", "status"]], on="order_id")
    names = products.set_index("product_id")["name"]
    rows = []  # (order, time, cells, fen)
    for r in lines.itertuples():
        quantity, fen = int(r.quantity), round(float(r.amount) * 100)
        cells = [
            f'="{r.order_id}"',
            r.customer_id,
            names[r.product_id],
            r.product_id,
            money(fen // quantity),
            str(quantity),
            money(fen),
            STATUS[r.status],
            r.time.replace("-", "/") if rng.random() < 0.04 else r.time,
            CHANNEL[r.channel],
        ]
        rows.append([r.time, r.order_id, cells, fen])
        if r.product_id not in returned.get(r.order_id, ()):
            continue
        bought_at, end = pd.Timestamp(r.time), pd.Timestamp("2026-10-31 23:00:00")
        wait = min(
            pd.Timedelta(hours=float(rng.uniform(20, 150))), (end - bought_at) * rng.random()
        )
        at = (bought_at + wait).strftime("%Y-%m-%d %H:%M:%S")
        back = [*cells[:5], str(-quantity), money(-fen), "退款成功", at, cells[9]]
        rows.append([at, r.order_id, back, -fen])
    rows.sort(key=lambda r: (r[0], r[1]), reverse=True)  # the newest first, as platforms do
    total = sum(r[3] for r in rows)
    pieces = sum(int(r[2][5]) for r in rows)
    sound = [n for n in range(20, len(rows) - 20) if rows[n][3] > 0]
    spoiled = [int(n) for n in np.sort(rng.choice(sound, 6, replace=False))]
    bad: list[dict] = []

    def spoil(n: int, column: int, value: str, kind: str) -> None:
        """Write a bad cell and note it; the title and the header are lines 1 and 2."""
        rows[n][2][column] = value
        bad.append(
            {
                "line": n + 3,
                "column": HEADER[column],
                "value": value,
                "kind": kind,
                "amount": round(rows[n][3] / 100, 2),
            }
        )

    spoil(spoiled[0], 8, "2026-10-32 25:61:00", "unreadable_time")
    spoil(spoiled[1], 8, "昨天下午", "unreadable_time")
    spoil(spoiled[2], 1, "", "no_buyer")
    spoil(spoiled[3], 5, "两件", "unreadable_quantity")
    spoil(spoiled[4], 6, "#N/A", "no_amount")
    rows[spoiled[5]][2][7] += "  "  # trailing blanks: no mistake
    out = [TITLE, ",".join(HEADER)]
    out += [",".join(r[2]) for r in rows]
    out.append(f"合计,,,,,{pieces},{money(total)},,,")
    text = "\r\n".join(out) + "\r\n"
    gone = sum(r[3] for r in rows if r[3] < 0)
    return text.encode("gbk"), {
        "encoding": "gbk",
        "line_end": "CRLF",
        "title_lines": 1,
        "rows": len(rows) + 1,
        "order_rows": len(rows),
        "totals_rows": 1,
        "orders": int(lines.order_id.nunique()),
        "refund_rows": int(sum(r[3] < 0 for r in rows)),
        "refunds": round(-gone / 100, 2),
        "total_as_printed": round(total / 100, 2),
        "bad_cells": sorted(bad, key=lambda b: b["line"]),
    }


def make_people(rng: np.random.Generator) -> pd.DataFrame:
    """Return the articles' file shape: one row per person with age, rating, browsing count."""
    n = 200
    age = np.clip(
        np.where(rng.random(n) < 0.6, rng.normal(27, 5, n), rng.normal(43, 10, n)), 16, 74
    )
    keen = rng.lognormal(0, 0.8, n)
    count = rng.poisson(9 * keen * np.where(age < 30, 1.35, 0.85))
    rating = np.clip(np.round((3.7 + 0.35 * np.log(keen) + rng.normal(0, 0.75, n)) * 2) / 2, 1, 5)
    text = np.array([str(int(a)) for a in age], dtype=object)
    text[rng.choice(n, 17, replace=False)] = [
        "",
        "",
        "0",
        "",
        "999",
        "",
        "",
        "0",
        "",
        "",
        "",
        "999",
        "",
        "0",
        "",
        "",
        "",
    ]
    return pd.DataFrame(
        {
            "user_id": [f"U{k:03d}" for k in range(1, n + 1)],
            "age": text,
            "rating": [f"{r:g}" for r in rating],
            "browsing_count": count,
        }
    )
