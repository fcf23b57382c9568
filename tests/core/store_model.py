"""A second opinion on the store: the definitions, recomputed from plain lists of live rows.

Kept small by the data it is given: orders belong to one shopper for good, a line's amount follows
from order and product, logs hold no purchases, everything is of one currency and zone.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

MOST_IDS = 5
START = dt.datetime(2026, 1, 5, 8)  # a Monday


def owner(order: int) -> str:
    return f"u{order % 4}"


def email(user: str) -> str:
    return f"e{int(user[1:]) // 2}@x.com"  # two share one


def phone(user: str) -> str:
    return f"1380013800{int(user[1:]) // 3}"  # three share one


def moment(hours: int) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def placed(order: int) -> dt.datetime:
    return moment(order * 7)


def price(order: int, item: str) -> int:
    return 10 + order + 3 * int(item[1:])


@dataclass
class Import:
    """One file: kind ("log", "lines", "heads", "people") and its rows that are still there."""

    kind: str
    rows: list[tuple]


HEADERS = {"log": "user,item,event,time,channel", "lines": "order id,buyer,item,amount,created at",
           "heads": "order id,buyer,status,total,created at",
           "people": "customer id,age,email,phone"}
TABLES = {"log": "events", "lines": "events", "heads": "orders", "people": "customers"}


def text(kind: str, rows: list[tuple]) -> bytes:
    """A file as she would upload it."""
    def cells(row: tuple) -> tuple:
        if kind == "log":
            user, item, event, hours, channel = row
            return user, item, event, moment(hours), channel
        if kind == "lines":
            order, item = row
            return order, owner(order), item, price(order, item), placed(order)
        if kind == "heads":
            order, status, total = row
            return order, owner(order), status, total, placed(order)
        user, age = row
        return user, "" if age is None else age, email(user), phone(user)
    return "\n".join([HEADERS[kind], *(",".join(map(str, cells(r))) for r in rows), ""]).encode()


@dataclass
class Model:
    """What a workspace should hold."""

    imports: dict[int, Import] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    choices: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    gone_users: set[str] = field(default_factory=set)
    gone_orders: set[int] = field(default_factory=set)
    gone_emails: set[str] = field(default_factory=set)

    def copy(self) -> Model:
        return copy.deepcopy(self)

    def lets_in(self, kind: str, row: tuple) -> bool:
        """Whether a row of a new file is nobody's who was forgotten."""
        order = row[0] if kind in ("lines", "heads") else None
        user = owner(order) if order is not None else row[0]
        return not (user in self.gone_users or order in self.gone_orders
                    or kind == "people" and email(user) in self.gone_emails)

    # who is who -----------------------------------------------------------------------------------
    def ids(self) -> set[str]:
        return {owner(r[0]) if i.kind in ("lines", "heads") else r[0]
                for i in self.imports.values() for r in i.rows}

    def people(self) -> dict[str, str]:
        """Each id and who she is (any id of hers stands for her, the same for all)."""
        ids = self.ids()
        known = {r[0] for i in self.imports.values() if i.kind == "people" for r in i.rows}
        above = {i: i for i in ids}

        def top(i: str) -> str:
            return i if above[i] == i else top(above[i])

        pairs = [(a, b) for a, b in self.choices.values() if b is not None and {a, b} <= ids]
        alone = {a for a, b in self.choices.values() if b is None}
        for kind, code in (("email", email), ("phone", phone)):
            groups = defaultdict(set)
            for user in known:
                groups[code(user)].add(user)
            for group in groups.values():
                mails = [email(u) for u in group]
                differ = kind == "phone" and len(set(mails)) > 1 and len(set(mails)) == len(mails)
                if kind in self.rules and len(group) <= MOST_IDS and not differ:
                    tied = sorted(group - alone)
                    pairs += [(tied[0], other) for other in tied[1:]]
        for a, b in pairs:
            above[top(a)] = top(b)
        return {i: top(i) for i in ids}

    def forget(self, user: str) -> None:
        who = self.people()
        mine = {i for i, person in who.items() if person == who[user]}
        orders = {r[0] for i in self.imports.values() if i.kind in ("lines", "heads")
                  for r in i.rows if owner(r[0]) in mine}
        self.gone_emails |= {email(r[0]) for i in self.imports.values() if i.kind == "people"
                             for r in i.rows if r[0] in mine}
        self.gone_users |= mine
        self.gone_orders |= orders
        for one in self.imports.values():
            one.rows = [r for r in one.rows if (
                owner(r[0]) if one.kind in ("lines", "heads") else r[0]) not in mine]
        self.choices = {n: (a, b) for n, (a, b) in self.choices.items()
                        if a not in mine and b not in mine}

    # what it should answer ------------------------------------------------------------------------
    def answers(self) -> dict[str, object]:
        who = self.people()
        of = defaultdict(list)
        for number in sorted(self.imports):
            of[self.imports[number].kind].append(self.imports[number].rows)
        logged: Counter = Counter()
        lines: Counter = Counter()
        for kind, seen in (("log", logged), ("lines", lines)):
            for rows in of[kind]:
                seen |= Counter(rows)  # a row that another file brought too counts once
        heads = {order: (status, total) for rows in of["heads"] for order, status, total in rows}
        age = {who[user]: years for rows in of["people"] for user, years in rows
               if years is not None}
        listed = {who[user] for rows in of["people"] for user, _ in rows}
        # orders: a header's total counts, else the sum of lines
        sums: Counter = Counter()
        for (order, item), n in lines.items():
            sums[order] += n * price(order, item)
        revenue = {o: heads.get(o, ("paid", sums[o]))[1] for o in {*heads, *sums}
                   if heads.get(o, ("paid", 0))[0] == "paid"}
        # activity: (person, event, item, moment, channel)
        acts = [(who[u], event, item, moment(h), channel)
                for (u, item, event, h, channel), n in logged.items() for _ in range(n)]
        acts += [(who[owner(o)], "purchase", item, placed(o), "")
                 for (o, item), n in lines.items() if o in revenue for _ in range(n)]
        acts += [(who[owner(o)], "purchase", None, placed(o), "")
                 for o in revenue if o not in sums]
        did = defaultdict(Counter)
        for person, event, *_ in acts:
            did[person][event] += 1
        buyers = sum(1 for d in did.values() if d["purchase"])
        active = set(did) or listed
        goods = defaultdict(Counter)
        for _, event, item, *_ in acts:
            if item:
                goods[item][event] += 1
        brought: Counter = Counter()
        for (order, item), n in lines.items():
            if order in revenue:
                brought[item] += n * price(order, item) * revenue[order] / sums[order]
        channels = defaultdict(set)
        for person, *_, channel in acts:
            channels[channel].add(person)
        steps = [s for s in ("view", "cart", "purchase") if any(d[s] for d in did.values())]
        return {
            "summary": [len(active), buyers, len(acts), len(revenue), sum(revenue.values())],
            "age_histogram": sorted(Counter(_band(age.get(p)) for p in active).items()),
            "funnel": [(s, sum(all(d[t] for t in steps[:n + 1]) for d in did.values()))
                       for n, s in enumerate(steps)],
            "browsing_counts": sorted(Counter(d["view"] for d in did.values()).items())
            if any(d["view"] for d in did.values()) else [],
            "top_products": sorted(
                (i, g["view"], g["cart"], g["purchase"], round(brought[i], 4))
                for i, g in goods.items()),
            "channels": sorted((c, len(channels[c]), sum(revenue.values()) if c == "" else 0)
                               for c in {*channels, *([""] if revenue else [])}),
            "hour_by_weekday": sorted(
                (d + 1, h, n) for (d, h), n in Counter(
                    (t.weekday(), t.hour) for _, _, _, t, _ in acts).items()),
            "shoppers": sorted((sum(d.values()), d["purchase"]) for d in did.values()),
        }


def _band(age: int | None) -> str:
    if age is None:
        return "unknown"
    lows = [(18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"),
            (65, "55-64")]
    return next((name for limit, name in lows if age < limit), "65+")
