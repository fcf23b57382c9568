"""What the recommend page says: sentences and small tables made from results, in her language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from omni_core import params
from omni_core.columns import EVENT_LABELS
from omni_core.i18n import N_, _, day, ngettext, number, percent
from omni_core.recommend import MODELS, settings
from omni_core.recommend.desk import Desk, Served
from omni_core.recommend.moves import Place
from omni_core.recommend.names import Names
from omni_core.recommend.reasons import Reason
from omni_core.recommend.task import Task

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
    "click": N_("Because you just looked at “{name}”"),
}
_WITHOUT = {  # where it would stand had she not done that
    "view": N_("Without that view"), "cart": N_("Without that cart"),
    "favourite": N_("Without that favourite"), "purchase": N_("Without that purchase"),
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


def learns(ratings: int) -> str:
    """Say what the page learns from, and that ratings, where the shop holds some, don't do."""
    plain = _("This page learns from what shoppers viewed and bought.")
    if not ratings:
        return plain
    held = ngettext(
        "Your file's {n} rating is held, but lists are not made of ratings: bring a file of "
        "orders, or of what was viewed.",
        "Your file's {n} ratings are held, but lists are not made of ratings: bring a file of "
        "orders, or of what was viewed.", ratings).format(n=number(ratings))
    return _("{sentence} {next}").format(sentence=plain, next=held)


def same_name(served: Served) -> str:
    """Say how many goods a list leaves out for their name, or return nothing."""
    n = len(served.same_name)
    return ngettext(
        "{n} product is left out: it has the name of one on the list or of one the shopper has, "
        "so it is the same product under another id.",
        "{n} products are left out: they have the name of one on the list or of one the shopper "
        "has, so they are the same under another id.", n).format(n=number(n)) if n else ""


def least(common: int) -> str:
    """Say that pairs of goods with fewer common shoppers aren't counted."""
    return _(
        "With so many events, two goods count as going together from {n} common shoppers on."
    ).format(n=number(common))


def worth(suggested: Mapping[str, float], present: tuple[str, ...]) -> str:
    """Say what the data suggest a purchase is worth, or why there is nothing to weigh."""
    if present == ("purchase",):
        return _("Your files hold purchases only, so there is nothing to weigh them against.")
    if not suggested:
        return _("Nothing that was viewed was bought, so every kind of event counts as it is set.")
    parts = [_(_WORTH[name]).format(n=number(value, 1)) for name, value in suggested.items()]
    return _("In your data shoppers bought {list}; each shopper's goods count for themselves."
             ).format(list=_(", ").join(parts))


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


def proof(reason: Reason, names: Names, zone: str) -> str:
    """Say why an item is on the list, and where it would stand without that."""
    because, falls = why(reason, names, zone), without(reason)
    return _("{why} {without}").format(why=because, without=falls) if falls else because


def without(reason: Reason) -> str:
    """Say where the item would stand without what it is there for, or nothing where it is moot."""
    if reason.because is None or reason.falls_to is None or reason.event not in _WITHOUT:
        return ""
    values = {"without": _(_WITHOUT[reason.event]), "rank": number(reason.rank),
              "to": number(reason.falls_to)}
    if not reason.falls_to:
        return _("{without} nothing speaks for it.").format(**values)
    if reason.falls_to == reason.rank:
        return _("{without} it stays at {to}.").format(**values)
    if reason.falls_to < reason.rank:
        return _("{without} it rises to {to}: others hang on that more.").format(**values)
    return _("{without} it falls from {rank} to {to}.").format(**values)


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


def latest(table: pd.DataFrame, most: int) -> list[tuple[str, str]]:
    """Return the first rows of a history table: name, what was done."""
    return [(str(r.name), str(r.event)) for r in table.head(most).itertuples(index=False)]


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
        "why": [proof(reason, names, zone) for reason in told],
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


def setting(task: Task) -> str:
    """Return a setting in a few words: the method, and what differs from where the page starts."""
    kind = MODELS[task.model]
    told, plain = params.describe(kind.parameters), settings.fields(task.model)
    defaults = {f.name: f.default for f in dataclasses.fields(kind.parameters)} | plain
    parts = [_(kind.label)]
    if weights := task.fields.get("weights"):
        shown, first = settings.worth_of(weights), settings.worth_of(plain["weights"])
        parts += [f"{_(params.describe(settings.Worth)[n].label)} {number(v, 1)}"
                  for n, v in shown.items() if v != first[n]]
    if "parts" in task.fields:
        parts += [f"{_(MODELS[n].label)} {percent(v, 0)}" for n, v in task.fields["parts"].items()]
    for name, value in task.fields.items():
        if name in ("weights", "parts", "settings") or value == defaults.get(name):
            continue
        word = _("off") if value is None else _(value) if isinstance(value, str) else (
            number(value, 3))
        parts.append(f"{_(told[name].label)} {word}")
    if task.ladder is not None:
        parts.append(_("Help the new"))
    return " · ".join(parts if len(parts) > 1 else [*parts, _("standard setting")])
