"""Logs of behaviour: Google Analytics, RetailRocket, Taobao UserBehavior, a shop's own."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines, fixture

_KINDS = ("view", "view", "view", "view", "cart", "favourite", "purchase")


def log(seed: int, n: int = 400) -> list[dict[str, Any]]:
    """Invent n events: user, item, kind and a UTC time."""
    dice = random.Random(seed)
    ts = dt.datetime(2026, 2, 1, 3, 4, 5)
    rows = []
    for _ in range(n):
        ts += dt.timedelta(seconds=dice.randrange(20, 9000))
        rows.append({"user": 100 + dice.randrange(60), "item": 5000 + dice.randrange(40),
                     "kind": dice.choice(_KINDS), "ts": ts})
    return rows


def counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"rows_in": len(rows), "accepted": len(rows), "table": "events",
            "events": dict(Counter(r["kind"] for r in rows)),
            "shoppers": len({r["user"] for r in rows}),
            "first": f"{min(r['ts'] for r in rows):%Y-%m-%d %H:%M:%S}"}


def epoch(ts: dt.datetime) -> int:
    return int(ts.replace(tzinfo=dt.UTC).timestamp())


@fixture("GA4: Explore", confirmed=False)
def a_report_of_sums_is_refused() -> tuple[bytes, Expected]:
    text = ("# ----------------------------------------\n# Free form 1\n# Shop - GA4\n"
            "# 20260301-20260331\n# ----------------------------------------\n\n"
            "Event name,Event count,Total users\n,4711,1200\n"
            + "".join(f"event_{i},{i * 7},{i * 3}\n" for i in range(1, 80)))
    return text.encode(), Expected(outcome="refused", code="ga4_aggregated")


@fixture("GA4: Explore", confirmed=False)
def sessions_a_day_are_sums_too() -> tuple[bytes, Expected]:
    text = "# Acquisition\n# 20260301-20260331\n\nDate,Session source,Sessions,Total users\n" + (
        "".join(f"202603{d:02d},google,{d * 5},{d * 4}\n" for d in range(1, 31)))
    return text.encode(), Expected(outcome="refused", code=("ga4_aggregated", "aggregated"))


@fixture("GA4: BigQuery", confirmed=False)
def microseconds_and_its_event_names() -> tuple[bytes, Expected]:
    rows = log(40)
    names = {"view": "view_item", "cart": "add_to_cart", "favourite": "add_to_wishlist",
             "purchase": "purchase"}
    out = Lines(newline="\n")
    out.header(["event_date", "event_timestamp", "event_name", "user_pseudo_id", "item_id",
                "item_name"])
    for i, r in enumerate(rows):
        out.row([f"{r['ts']:%Y%m%d}", epoch(r["ts"]) * 1_000_000, names[r["kind"]],
                 f"{r['user']}.{r['user']}77", r["item"], f"Item {r['item']}"])
        if i % 8 == 0:
            out.row([f"{r['ts']:%Y%m%d}", epoch(r["ts"]) * 1_000_000, "session_start",
                     f"{r['user']}.{r['user']}77", "", ""])
    return out.text.encode(), Expected(**(counted(rows) | {
        "rows_in": out.rows, "exclusions": {"other_event": out.rows - len(rows)},
        "profile": "ga4_bigquery"}))


@fixture("RetailRocket: events", confirmed=False)
def milliseconds() -> tuple[bytes, Expected]:
    rows = [r for r in log(41) if r["kind"] != "favourite"]
    names = {"view": "view", "cart": "addtocart", "purchase": "transaction"}
    out = Lines(newline="\n")
    out.header(["timestamp", "visitorid", "event", "itemid", "transactionid"])
    for i, r in enumerate(rows):
        out.row([epoch(r["ts"]) * 1000, r["user"], names[r["kind"]], r["item"],
                 i if r["kind"] == "purchase" else ""])
    return out.text.encode(), Expected(profile="retailrocket_events", **counted(rows))


@fixture("Taobao UserBehavior", confirmed=False)
def five_columns_without_header() -> tuple[bytes, Expected]:
    rows = log(42)
    names = {"view": "pv", "cart": "cart", "favourite": "fav", "purchase": "buy"}
    text = "".join(f"{r['user']},{r['item']},{r['item'] % 7},{names[r['kind']]},{epoch(r['ts'])}\n"
                   for r in rows)
    return text.encode(), Expected(profile="taobao_user_behavior", notes=("no_header_row",),
                                   **counted(rows))


_ZH = {"view": "浏览", "cart": "加购", "favourite": "收藏", "purchase": "购买"}


def _own(rows: list[dict[str, Any]], names: dict[str, str], header: list[str], when: Any,
         delimiter: str = ",") -> bytes:
    out = Lines(delimiter=delimiter, newline="\n")
    out.header(header)
    for r in rows:
        out.row([r["user"], r["item"], names[r["kind"]], when(r["ts"])])
    return out.text.encode()


def _local(ts: dt.datetime) -> dt.datetime:
    return ts + dt.timedelta(hours=8)


@fixture("Own logs")
def chinese_words_in_gbk() -> tuple[bytes, Expected]:
    rows = log(43)
    data = _own(rows, _ZH, ["用户ID", "商品ID", "行为类型", "行为时间"],
                lambda t: f"{_local(t):%Y/%m/%d %H:%M:%S}")
    return data.decode().encode("gbk"), Expected(encoding="gb18030", **counted(rows))


@fixture("Own logs")
def years_months_and_days_in_hanzi() -> tuple[bytes, Expected]:
    rows = [r | {"ts": r["ts"].replace(second=0)} for r in log(44)]
    data = _own(rows, _ZH, ["用户ID", "商品ID", "行为类型", "行为时间"],
                lambda t: f"{_local(t):%Y年%m月%d日 %H:%M}")
    return data, Expected(**counted(rows))


@fixture("Own logs")
def seconds_of_the_epoch() -> tuple[bytes, Expected]:
    rows = log(45)
    return _own(rows, {k: k for k in _ZH}, ["uid", "sku", "action", "ts"], epoch), Expected(
        **counted(rows))


@fixture("Own logs")
def iso_times_with_z() -> tuple[bytes, Expected]:
    rows = log(46)
    return _own(rows, {k: k for k in _ZH}, ["user_id", "item_id", "event_type", "event_time"],
                lambda t: f"{t:%Y-%m-%dT%H:%M:%SZ}"), Expected(**counted(rows))


@fixture("Own logs")
def times_named_utc() -> tuple[bytes, Expected]:
    rows = log(47)
    return _own(rows, {k: k for k in _ZH}, ["user_id", "product_id", "event_type", "event_time"],
                lambda t: f"{t:%Y-%m-%d %H:%M:%S} UTC"), Expected(**counted(rows))


@fixture("Own logs")
def a_log_where_most_words_are_unknown() -> tuple[bytes, Expected]:
    rows = [r | {"kind": "view"} for r in log(48, 100)]
    data = _own(rows, {"view": "glimpsed"}, ["user_id", "item_id", "event", "time"],
                lambda t: f"{_local(t):%Y-%m-%d %H:%M:%S}")
    return data, Expected(outcome="asked", question="event_word",
                          answers={"event:glimpsed": "view"}, **counted(rows))


@fixture("Own logs")
def a_few_unknown_words_are_listed() -> tuple[bytes, Expected]:
    rows = log(49)
    data = _own(rows, {k: k for k in _ZH}, ["user_id", "item_id", "event", "time"],
                lambda t: f"{_local(t):%Y-%m-%d %H:%M:%S}")
    data += b"7,5001,teleported,2026-03-30 10:00:00\n" * 5
    return data, Expected(**(counted(rows) | {"rows_in": 405, "notes": ("other_events",),
                                              "exclusions": {"other_event": 5},
                                              "accepted": 400}))


@fixture("Own logs")
def three_date_formats_in_one_column() -> tuple[bytes, Expected]:
    rows = log(50)
    forms = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S")
    out = Lines()
    out.header(["user_id", "item_id", "event", "time"])
    for i, r in enumerate(rows):
        out.row([r["user"], r["item"], r["kind"], _local(r["ts"]).strftime(forms[i % 3])])
    return out.text.encode(), Expected(**counted(rows))


@fixture("Own logs")
def broken_rows_are_rejected_on_their_lines() -> tuple[bytes, Expected]:
    rows = log(51, 200)
    out = Lines(newline="\n")
    out.header(["user_id", "item_id", "event", "time", "note"])
    bad: list[tuple[int, str]] = []
    good = []
    for i, r in enumerate(rows):
        when = f"{_local(r['ts']):%Y-%m-%d %H:%M:%S}"
        note = "one\n\ntwo, three" if i % 6 == 0 else ""
        if i % 40 == 7:
            bad.append((out.row([r["user"], r["item"], r["kind"], "soon", note]), "bad_time"))
        elif i % 40 == 17:
            bad.append((out.row([r["user"], r["item"], r["kind"]]), "short_row"))
        elif i % 40 == 27:
            bad.append((out.row([r["user"], r["item"], r["kind"], when, note, "x", "y"]),
                        "long_row"))
        elif i % 40 == 37:
            bad.append((out.row([r["user"], "", r["kind"], when, note]), "empty"))
        else:
            out.row([r["user"], r["item"], r["kind"], when, note])
            good.append(r)
        if i % 25 == 3:
            out.raw("")
    return out.text.encode(), Expected(**(counted(good) | {"rows_in": 200, "rejects": bad}))


@fixture("Own logs")
def a_panel_of_a_grocer() -> tuple[bytes, Expected]:
    dice = random.Random(52)
    out = Lines(newline="\n")
    out.header(["household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value",
                "transaction_timestamp"])
    revenue, pieces, homes, baskets = Decimal(0), 0, set(), set()
    for basket in range(150):
        home = dice.randrange(40)
        homes.add(home)
        baskets.add(basket)
        ts = dt.datetime(2026, 1, 1) + dt.timedelta(minutes=basket * 211)
        for _ in range(dice.randrange(1, 4)):
            n, value = dice.randrange(1, 4), Decimal(dice.randrange(99, 1999)) / 100
            out.row([home, 4, 31_000_000_000 + basket, 826_000 + dice.randrange(60), n, value,
                     f"{ts:%Y-%m-%d %H:%M:%S}"])
            revenue, pieces = revenue + value, pieces + n
    return out.text.encode(), Expected(
        table="events", rows_in=out.rows, accepted=out.rows, revenue=revenue, units=pieces,
        orders=len(baskets), shoppers=len(homes), first="2025-12-31 16:00:00")
