"""What the customers page says of value, of one person and of a segment being built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from omni_core.columns import EVENT_LABELS
from omni_core.customers.groups import name as group_name
from omni_core.customers.history import History
from omni_core.customers.value import LEAST_BUYERS, LEAST_DAYS, Value, ValueSettings
from omni_core.i18n import (
    N_,
    _,
    change,
    language,
    money,
    ngettext,
    number,
    percent,
    together,
)
from omni_core.segments import FIELDS, Segment, words

# beside what a customer has done, what is expected of her is named so
_EXPECTED = {"purchases": "expected_purchases", "value": "expected_value"}
_DIGITS = {"expected_purchases": 2, "expected_value": 0, "spend": 0, "alive": 2, "revenue": 0}
_WHY = {
    "few_buyers": N_("{n} buyers; the model needs {need}."),
    "few_days": N_("{n} days of orders; the model needs {need}."),
    "no_convergence": N_("The model finds no answer in these purchases."),
}


def buyers_first(telling: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """Return the ids of the query ``shoppers``, before them the buyers of ``telling_shoppers``."""
    buyers = telling[telling["purchases"] > 0].sort_values("purchases", ascending=False)
    return list(dict.fromkeys([*buyers["id"], *found["id"]]))


def machines_last(ids: list[str], machines: pd.DataFrame) -> list[str]:
    """Return ids as they stand, those of the query ``bots`` after all others."""
    held = set(machines["user"])
    return sorted(ids, key=held.__contains__)


def gate(value: Value) -> tuple[str, str]:
    """Return a lamp ("green", "orange", "red") and the sentence beside it."""
    if value.method == "model":
        if value.repeat is not None and value.repeat.nobody_leaves:
            return "orange", _(
                "Hardly anybody seems to leave in these data, so nobody can be called lost by it; "
                "the expected purchases hold.")
        return "green", _("{n} buyers over {days} days: enough for the model.").format(
            n=number(value.buyers), days=number(value.days))
    n, need = (value.days, LEAST_DAYS) if value.why == "few_days" else (value.buyers, LEAST_BUYERS)
    why = _(_WHY[value.why]).format(n=number(n), need=number(need)) if value.why else ""
    if value.method == "table":
        return "orange", together(why, _(
            "Instead: what buyers with as many orders, as long ago, bought next in your past. A "
            "wider guess."))
    return "red", together(
        why, _("Too few even for a table: 30 buyers and 8 weeks are the least."))


def total(value: Value, settings: ValueSettings, currency: str) -> str:
    """Say what all buyers together are likely to bring."""
    people = value.people
    if people.empty:
        return ""
    text = _("In the next {weeks} weeks {orders} purchases are expected of {n} buyers").format(
        weeks=number(settings.weeks), orders=number(people["purchases"].sum()),
        n=number(len(people)))
    if people["value"].notna().any():
        top = people["value"].head(max(1, len(people) // 10)).sum()
        text += _(", worth {money} today; the best tenth of them holds {share} of it").format(
            money=money(float(people["value"].sum()), currency, 0),
            share=percent(float(top / max(people["value"].sum(), 1e-9)), 0))
    return text + _(".")


def checked(value: Value) -> str:
    """Say how the same forecast fared on the last part of the past."""
    c = value.check
    if c is None:
        return _("The past is too short to check the forecast on it.")
    return _(
        "Checked on the last {weeks} weeks, which it had not seen: {predicted} purchases foreseen, "
        "{actual} came ({off}). Mean error a buyer {error}; “she goes on as before” misses by "
        "{rate}, “nobody comes” by {zero}."
    ).format(
        weeks=number(c.weeks), predicted=number(c.predicted), actual=number(c.actual),
        off=change(c.predicted / c.actual - 1) if c.actual else "–",
        error=number(c.error, 2), rate=number(c.by_rate, 2), zero=number(c.by_zero, 2))


def upcoming(history: History, value: Value, user: str, today: pd.Timestamp) -> str:
    """Say when she usually comes back and what is expected of her in the next four weeks."""
    days = history.days.loc[history.days["user"] == user, "day"]
    if days.empty:
        return _("No order yet: nothing to tell the next one from.")
    since = int((today - days.max()).days)
    text = _("Last order {since} days ago").format(since=number(max(0, since)))
    if len(days) > 2:
        text += _("; half of her pauses last {gap} days or less").format(
            gap=number(float(days.diff().dt.days.median())))
    text += _(".")
    if value.repeat is not None:
        seen = History(history.days[history.days["user"] == user]).until(today)
        soon, later = (float(value.repeat.expected(seen, w)[0]) for w in (4, 13))
        text += _(" Expected purchases: {soon} in 4 weeks, {later} in 13.").format(
            soon=number(soon, 2), later=number(later, 2))
    elif len(value.people) and user in set(value.people["user"]):
        text += _(" Buyers like her made {n} purchases in as long a time.").format(
            n=number(float(value.people.set_index("user").loc[user, "purchases"]), 2))
    return text


def person(row: dict[str, Any], currency: str) -> str:
    """Say who one customer is (the row of "person")."""
    text = _("{group}. {orders} orders, {money}; {views} views; known for {days} days.").format(
        group=group_name(str(row["rfm"])), orders=number(row["orders"]),
        money=money(float(row["revenue"]), currency, 0), views=number(row["views"]),
        days=number(float(row["days_known"])))
    if ", " in str(row["ids"]):
        text += _(" One person under several ids: {ids}.").format(ids=row["ids"])
    if row["bot"]:
        text += _(" Looks like a machine.")
    return text


def timeline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of "person_timeline" with events and goods in her language."""
    names = rows["name"] if language() == "zh" else rows["name_en"].fillna(rows["name"])
    return pd.DataFrame({
        "at": rows["at"], "event": [_(EVENT_LABELS.get(str(e), str(e))) for e in rows["event"]],
        "product": names, "amount": rows["amount"], "channel": rows["channel"]})


def size(row: dict[str, Any], currency: str) -> str:
    """Say how many belong to a segment (the row of "segment_size")."""
    n, whole = int(row["shoppers"]), int(row["all_shoppers"])
    return _("{n} of {all} customers on file, whether they came or not ({share}); {buyers} of them "
             "bought, for {money}.").format(
        n=number(n), all=number(whole), share=percent(n / whole if whole else 0.0),
        buyers=number(int(row["buyers"])), money=money(float(row["revenue"]), currency, 0))


def conditions(group: Segment, named: Callable[[str, Any], str]) -> str:
    """Return the conditions of a segment as one phrase; ``named`` gives a value's words."""
    def shown(field: str, value: Any) -> str:
        return number(value, 2) if FIELDS[field].kind == "number" else named(field, value)

    parts = [words(c, shown) for c in group.conditions]
    text = (_(" or ") if group.any else _(" and ")).join(parts)
    return _("everybody but: {conditions}").format(conditions=text) if group.outside else text


def best(value: Value, most: int = 1000) -> pd.DataFrame:
    """Return the buyers to show, the most valuable first."""
    shown = value.people.head(most).rename(columns=_EXPECTED)
    shown = shown.assign(repeats=shown["repeats"].astype(int))
    return shown.dropna(axis=1, how="all").round(_DIGITS)


def with_value(people: pd.DataFrame, value: Value) -> pd.DataFrame:
    """Return shoppers with what is expected of them, those of whom most is first."""
    if value.people.empty:
        return people
    expected = value.people.set_index("user")[list(_EXPECTED)].rename(columns=_EXPECTED)
    joined = people.join(expected, on="user")
    best_first = list(_EXPECTED.values())[::-1]
    return joined.sort_values(best_first, ascending=False, ignore_index=True).round(_DIGITS)


def her_value(value: Value, user: str, currency: str) -> str:
    """Say what one customer is likely to bring, and where she stands among all."""
    place = value.people.index[value.people["user"] == user]
    if not len(place) or value.people.loc[place[0], "value"] != value.people.loc[place[0], "value"]:
        return ""
    return _("Expected value in 26 weeks: {money}, place {place} of {n} buyers.").format(
        money=money(float(value.people.loc[place[0], "value"]), currency, 0),
        place=number(int(place[0]) + 1), n=number(len(value.people)))


def tastes(table: pd.DataFrame, names: list[str]) -> str:
    """Say what she buys or looks at most."""
    if table["purchases"].sum():
        place = int(table["purchases"].to_numpy().argmax())
        return _("Buys most from “{category}”: {n} of {all} order lines.").format(
            category=names[place], n=number(int(table["purchases"].iloc[place])),
            all=number(int(table["purchases"].sum())))
    place = int(table["views"].to_numpy().argmax())
    return _("Has bought nothing yet; looks most at “{category}”.").format(category=names[place])


def channels(table: pd.DataFrame) -> str:
    """Say through how many channels she came."""
    return ngettext("Seen in one channel.", "Seen in {n} channels.", len(table)).format(
        n=len(table))
