"""What the recommend page says: sentences and small tables made from results, in her language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from omni_core.columns import EVENT_LABELS
from omni_core.i18n import N_, _, day, language, ngettext, number, percent
from omni_core.recommend.desk import STEADY, Desk, Place, Verdict
from omni_core.recommend.evaluate import FEW, Evaluation, Range, interval, paired
from omni_core.recommend.reasons import Reason

LEVELS = {
    "item": N_("Single products"), "name": N_("Product types (goods of one name)"),
    "category": N_("Categories"),
}
ROLES = {
    "typical": N_("a typical buyer"), "active": N_("the best customer"),
    "looker": N_("looks, never bought"), "new": N_("the newest"),
}
_BECAUSE = {
    "view": N_("Because you viewed “{name}” on {day}"),
    "cart": N_("Because you put “{name}” in your cart on {day}"),
    "favourite": N_("Because you saved “{name}” on {day}"),
    "purchase": N_("Because you bought “{name}” on {day}"),
}
_WORTH = {
    "view": N_("one of every {n} products they viewed"),
    "cart": N_("one of every {n} they put in the cart"),
    "favourite": N_("one of every {n} they saved"),
}
LEAVE_OUT = {
    "bought": N_("What the shopper bought"),
    "carted": N_("What the shopper bought or put in the cart"),
    "seen": N_("Everything the shopper has looked at"),
    "nothing": N_("Nothing: buying again is fine"),
}
_LAMPS = {
    "red": N_("Too little to judge by"), "orange": N_("Take it as a hint"), "green": N_("Steady"),
}


# metric, its name, how it is shown, what it is
FIGURES = (
    ("hit_rate@10", N_("Hit rate@10"), "percent", N_(
        "The share of shoppers of the later period who would have found at least one of the goods "
        "they then bought among the ten shown. Goods they already had don't count.")),
    ("ndcg@10", N_("nDCG@10"), "number", N_(
        "How high on the ten the right goods stand: 1 is all of them on top, 0 is none among the "
        "ten.")),
    ("coverage@10", N_("Goods shown"), "percent", N_(
        "The share of your goods that is on at least one of the lists. Bestsellers show the same "
        "few to all.")),
)


class Names:
    """What the items of a catalogue (the query "catalogue") are called in the current language."""

    def __init__(self, catalogue: pd.DataFrame) -> None:
        self._rows = {row["item"]: row for row in catalogue.to_dict("records")}

    def of(self, item: Any) -> str:
        """Return an item's name: the English one in English where there is one."""
        row = self._rows.get(item, {})
        english = _text(row.get("name_en")) if language() == "en" else ""
        return english or _text(row.get("name")) or str(row.get("id", item))

    def category(self, item: Any) -> str:
        """Return the category of an item, or nothing."""
        row = self._rows.get(item, {})
        english = _text(row.get("category_en")) if language() == "en" else ""
        return english or _text(row.get("category"))

    def value(self, item: Any, column: str) -> Any:
        """Return another column of the catalogue."""
        return self._rows.get(item, {}).get(column)

    def sold_out(self) -> tuple[Any, ...]:
        """Return the items whose stock is known and used up."""
        return tuple(i for i, row in self._rows.items() if (row["stock"] or 0) <= 0 and
                     row["stock"] == row["stock"] and row["stock"] is not None)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def levels(rows: pd.DataFrame, most: int) -> tuple[list[str], str]:
    """Return the levels worth offering and the one to start with, from the query "goods_levels".

    Names are a level of their own where many goods share one; the start is the finest level that
    isn't too fine to tell.
    """
    goods = {r["level"]: int(r["goods"]) for r in rows.to_dict("records")}
    offered = ["item"]
    if 2 <= goods["name"] <= goods["item"] / 2:
        offered.append("name")
    if 2 <= goods["category"] < goods["item"]:
        offered.append("category")
    fits = [level for level in offered if goods[level] <= most]
    return offered, (fits or offered[-1:])[0]


def shopper(row: Mapping[str, Any], zone: str) -> str:
    """Return a shopper as the picker shows her: id, what she did, and her role if she has one."""
    parts = [
        str(row["id"]),
        ngettext("{n} event", "{n} events", int(row["events"])).format(n=number(row["events"])),
        ngettext("{n} purchase", "{n} purchases", int(row["purchases"])).format(
            n=number(row["purchases"])),
        _("last on {day}").format(day=day(_local(row["last"], zone))),
    ]
    role = ROLES.get(row.get("role", ""))
    return " · ".join(parts + ([_(role)] if role else []))


def _local(moment: Any, zone: str) -> pd.Timestamp:
    return pd.Timestamp(moment).tz_localize("UTC").tz_convert(zone)


def people(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the shoppers of a query by their ids, in its order."""
    return {str(row["id"]): row for row in rows.to_dict("records")}


def left_out(desk: Desk) -> str:
    """Say how many goods are too rare to take part."""
    return _(
        "The {kept} goods with most shoppers take part; {left} rarer ones can't be recommended at "
        "this level."
    ).format(kept=number(len(desk.all.items)), left=number(desk.left_out))


def worth(suggested: Mapping[str, float], present: tuple[str, ...]) -> str:
    """Say what the data suggest a purchase is worth, or why there is nothing to weigh."""
    if present == ("purchase",):
        return _("Your files hold purchases only, so there is nothing to weigh them against.")
    if not suggested:
        return _("Nothing that was viewed was bought, so every kind of event counts as it is set.")
    parts = [_(_WORTH[name]).format(n=number(value, 1)) for name, value in suggested.items()]
    return _("In your data shoppers bought {list}.").format(list=_(", ").join(parts))


def why(reason: Reason, names: Names, zone: str) -> str:
    """Say why an item is on the list, with counts."""
    if reason.because is None:
        if reason.by:
            return _("A bestseller: {n} shoppers bought it.").format(n=number(reason.base))
        return _("Popular: {n} shoppers came to it.").format(n=number(reason.base))
    template = _BECAUSE.get(reason.event, N_("Because of “{name}” on {day}"))
    when = day(_local(reason.when, zone)) if reason.when is not None else "–"
    values = {"both": number(reason.both), "base": number(reason.base)}
    if reason.by:
        proof = ngettext(
            "its only buyer bought this too", "{both} of its {base} buyers bought this too",
            reason.base,
        )
    else:
        proof = ngettext(
            "the only shopper who came to it came to this too",
            "{both} of the {base} shoppers who came to it came to this too", reason.base,
        )
    text = _(template).format(name=names.of(reason.because), day=when)
    return _("{because}; {proof}.").format(because=text, proof=proof.format(**values))


def moved(place: Place) -> str:
    """Return how an item moved since the setting before: "new", "▲ 2", "▼ 1", or nothing."""
    if place.was is None:
        return _("new")
    step = place.was - place.rank
    return "" if not step else f"{'▲' if step > 0 else '▼'} {abs(step)}"


def colour(place: Place) -> str:
    """Return the colour of an item's mark."""
    return "blue" if place.was is None else "green" if place.was > place.rank else "grey"


def gone(earlier: Iterable[Any], now: Iterable[Any], names: Names) -> str:
    """Name the items that left the list, or return nothing."""
    here = set(now)
    left = [names.of(item) for item in earlier if item not in here]
    return _("Gone: {names}").format(names=_(", ").join(left)) if left else ""


def span(r: Range, digits: int = 0) -> str:
    """Return a range of shares: "32 – 41%"."""
    return f"{percent(r.low, digits)} – {percent(r.high, digits)}"


def points(value: float) -> str:
    """Return a difference of shares in points, with its sign."""
    return _("{points} points").format(points=f"{value * 100:+.1f}")


def figure(value: float, form: str) -> str:
    """Show one figure: a share as a percentage, else with three decimals."""
    return percent(value) if form == "percent" else number(value, 3)


def change(mine: Evaluation, earlier: Evaluation | None, name: str, form: str) -> str | None:
    """Show how a figure moved since the setting before; None where there is none."""
    if earlier is None or name not in earlier or "users" not in earlier:
        return None
    step = mine[name] - earlier[name]
    return points(step) if form == "percent" else f"{step:+.3f}"


def told_apart(mine: Evaluation, earlier: Evaluation | None, name: str) -> bool:
    """Whether the change since the setting before is more than chance (or not a sampled figure)."""
    if earlier is None or name not in mine.per_user:
        return True
    if list(mine.shoppers) != list(earlier.shoppers):
        return False
    r = paired(mine, earlier, name)
    return not r.low <= 0 <= r.high


def beside(mine: Evaluation, bestsellers: Evaluation, name: str, form: str) -> str:
    """Show a figure's range, where it has one, and the bestsellers' figure."""
    base = _("bestsellers {value}").format(value=figure(bestsellers[name], form))
    if name not in mine.per_user:
        return base
    r = interval(mine.per_user[name])
    likely = span(r) if form == "percent" else f"{number(r.low, 3)} – {number(r.high, 3)}"
    return _("likely {range} · {base}").format(range=likely, base=base)


def measured(
    mine: Evaluation, bestsellers: Evaluation, desk: Desk, zone: str, final: bool = False
) -> str:
    """Say how many held-out shoppers found something in their ten, and with bestsellers."""
    first, last = desk.last_period if final else desk.period
    what = _("bought something") if desk.events == ("purchase",) else _("did something")
    return _(
        "Of {n} shoppers who {what} between {first} and {last}, {share} would have found it among "
        "their ten (likely {range}); with bestsellers for all, {base}."
    ).format(
        n=number(mine["users"]), what=what, first=day(_local(first, zone)),
        last=day(_local(last, zone)), share=percent(mine["hit_rate@10"]),
        range=span(interval(mine.per_user["hit_rate@10"])),
        base=percent(bestsellers["hit_rate@10"]),
    )


def verdict(found: Verdict) -> str:
    """Say whether the lists beat the bestsellers, or that this can't be told."""
    values = {
        "gap": points(found.difference.mean), "low": points(found.difference.low),
        "high": points(found.difference.high),
    }
    words = {
        "better": N_("Better than bestsellers: {gap} (likely {low} to {high})."),
        "worse": N_("Worse than bestsellers: {gap} (likely {low} to {high})."),
        "same": N_("With these data it can't be told apart from bestsellers: {gap} (likely {low} "
                   "to {high})."),
        "few": N_("Too few shoppers to tell it from bestsellers: {gap} (likely {low} to {high})."),
    }
    return _(words[found.word]).format(**values)


def lamp(desk: Desk, users: float) -> tuple[str, str, str]:
    """Return the colour of the trust lamp, its word and what it rests on."""
    colour = "red" if users < FEW else "orange" if users < STEADY else "green"
    text = _(
        "{loyal} of {all} shoppers have two products or more; {tested} could be tested. From "
        "{steady} on the figures are steady; below {few} they are mostly chance."
    ).format(
        loyal=number(desk.loyal), all=number(len(desk.all.users)), tested=number(users),
        steady=number(STEADY), few=number(FEW),
    )
    return colour, _(_LAMPS[colour]), text


def history_table(rows: pd.DataFrame, names: Names, zone: str) -> pd.DataFrame:
    """Return a shopper's history as shown: in one cell event, how often, last day; name."""
    return pd.DataFrame({
        "event": [
            _("{event} × {n}, {day}").format(
                event=_(EVENT_LABELS[event]), n=number(n), day=day(_local(last, zone))
            )
            for event, n, last in zip(rows["event"], rows["times"], rows["last"], strict=True)
        ],
        "name": [names.of(item) for item in rows["item"]],
    })


def list_table(
    id: str, shown: list[Place], told: Iterable[Reason], names: Names, zone: str
) -> pd.DataFrame:
    """Return a shopper's list as it is saved: user, rank, product, name, price, score, why."""
    items = [place.item for place in shown]
    table = pd.DataFrame({
        "user": id,
        "rank": [place.rank for place in shown],
        "id": [str(names.value(item, "id")) for item in items],
        "name": [names.of(item) for item in items],
        "category": [names.category(item) for item in items],
        "price": [names.value(item, "price") for item in items],
        "score": [round(place.score, 6) for place in shown],
        "why": [why(reason, names, zone) for reason in told],
    })
    empty = [c for c in ("category", "price") if not table[c].replace("", np.nan).notna().any()]
    return table.drop(columns=empty)


def everyone(lists: pd.DataFrame, shoppers: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return the lists of all shoppers as they are saved: user, rank, product, name, score."""
    ids = dict(zip(shoppers["user"], shoppers["id"], strict=True))
    return pd.DataFrame({
        "user": [ids.get(user, str(user)) for user in lists["user"]],
        "rank": lists["rank"],
        "id": [str(names.value(item, "id")) for item in lists["item"]],
        "name": [names.of(item) for item in lists["item"]],
        "score": lists["score"].round(6),
    })


def bars(
    name: str, mine: Evaluation, earlier: Evaluation | None, bestsellers: Evaluation | None
) -> list[tuple[str, Range]]:
    """Return the rows of the figure: this setting, the one before, the bestsellers."""
    rows = [(name, mine), (_("The setting before"), earlier), (_("Bestsellers"), bestsellers)]
    return [(n, interval(e.per_user["hit_rate@10"])) for n, e in rows if e is not None]
