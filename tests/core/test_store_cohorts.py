"""Retention by first month, against the same worked out row by row in plain Python."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest

from omni_core import Workspace

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = 9


def orders(seed):
    r = random.Random(seed)
    rows = []
    for n in range(60):
        # UTC times round the ends of months, where the shop's month is another one
        day = dt.datetime(2026, r.choice([1, 2, 2, 5, 6]), 1, tzinfo=dt.UTC) + dt.timedelta(
            hours=r.randrange(-30, 400))
        status = r.choice(["paid"] * 4 + ["cancelled"])
        rows.append((f"o{n}", f"u{r.randrange(PEOPLE)}", day, status, r.randrange(5, 90),
                     r.choice(["app", "web"])))
    return rows


def worked_out(rows, start=None, end=None, channel=None, people=None):
    paid = sorted((at.astimezone(ZONE), user, total, via)
                  for _, user, at, status, total, via in rows
                  if status == "paid" and (end is None or at.astimezone(ZONE) < end))
    first = {}
    for at, user, _total, via in paid:
        first.setdefault(user, (at, via))
    last = max(paid)[0]
    members = {u: at.year * 12 + at.month for u, (at, via) in first.items()
               if (start is None or at >= start) and channel in (None, via)
               and (people is None or u in people)}
    sizes, active, revenue = defaultdict(int), defaultdict(set), defaultdict(int)
    for cohort in members.values():
        sizes[cohort] += 1
    for at, user, total, _via in paid:
        if user in members:
            place = members[user], at.year * 12 + at.month - members[user]
            active[place].add(user)
            revenue[place] += total
    return [(c, m, sizes[c], len(active[c, m]), revenue[c, m])
            for c in sorted(sizes) for m in range(last.year * 12 + last.month - c + 1)]


def shop(folder, rows):
    """A workspace with these orders, every second shopper of the segment "vip"."""
    ws = Workspace.open(folder, timezone="Asia/Shanghai")
    text = "order id,customer id,created at,order status,total,channel\n" + "".join(
        f"{o},{u},{at:%Y-%m-%dT%H:%M:%S}Z,{s},{t},{v}\n" for o, u, at, s, t, v in rows)
    people = "customer id,segment\n" + "".join(
        f"u{n},{('vip', 'new')[n % 2]}\n" for n in range(PEOPLE))
    for name, data in (("o.csv", text), ("c.csv", people)):
        r = ws.import_file(data=data.encode(), name=name)
        assert r.status == "imported", r.message
    return ws


@pytest.mark.parametrize("seed", range(3))
def test_cohorts_are_those_of_the_rows(tmp_path, seed):
    rows = orders(seed)
    feb, apr = (dt.datetime(2026, m, d, tzinfo=ZONE) for m, d in ((2, 1), (4, 3)))
    with shop(tmp_path, rows) as ws:
        for filters, same in (
                ({}, {}), ({"start": "2026-02-01"}, {"start": feb}),
                ({"end": "2026-04-03"}, {"end": apr}), ({"channel": "app"}, {"channel": "app"}),
                ({"segment": "vip"}, {"people": {f"u{n}" for n in range(0, PEOPLE, 2)}})):
            found = ws.query("cohorts", **filters)
            assert [(c.year * 12 + c.month, m, n, a, round(v)) for c, m, n, a, v in found[
                ["cohort", "month", "shoppers", "active", "revenue"]].itertuples(index=False)
            ] == worked_out(rows, **same), filters
            assert (found["share"] * found["shoppers"]).round(9).equals(
                found["active"].astype(float))
            last = found["cohort"].dt.year * 12 + found["cohort"].dt.month + found["month"]
            assert not found.loc[last == last.max(), "whole"].any() and found.loc[
                last < last.max(), "whole"].all()
        # the month without any order is there, with nobody in it
        found = ws.query("cohorts")
        march = found[(found["cohort"] == "2026-02-01") & (found["month"] == 1)]
        assert march["active"].tolist() == [0]


def test_a_month_that_the_data_reach_to_its_last_day_is_whole(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=b"order id,customer id,created at,total\n1,a,2026-01-09 08:00,5\n"
                            b"2,b,2026-02-28 23:00,7\n", name="o.csv")
        assert ws.query("cohorts")[["month", "active", "whole"]].values.tolist() == [
            [0, 1, True], [1, 0, True], [0, 1, True]]
