"""What each picture says, as a sentence made from its numbers, in the language of the context."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from omni_core.behaviour.facts import earns, few, first
from omni_core.behaviour.labels import band_name, channel_name, product_name
from omni_core.behaviour.shape import by_week, peak, week_grid
from omni_core.i18n import N_, _, gap, money, ngettext, number, percent, weekday_name
from omni_core.metrics import FEW, wilson
from omni_core.small_cells import any_hidden

STEPS = {
    "view": N_("viewed a product"), "cart": N_("put something into the cart"),
    "purchase": N_("bought"),
}


def interval(successes: float, n: float) -> str:
    """Return a rate's range, "4.1%–5.3%" (95 in 100, Wilson)."""
    low, high = wilson(successes, n)
    return f"{percent(low)}–{percent(high)}"


def ages(bands: pd.DataFrame) -> str:
    """Say which age band is largest and how many ages are unknown (from ``age_histogram``)."""
    if any_hidden(bands):
        return _ages_in_part(bands)
    known = bands[bands["band"] != "unknown"]
    total, with_age = int(bands["shoppers"].sum()), int(known["shoppers"].sum())
    if not with_age:
        return _("No age is known for these {n} shoppers.").format(n=number(total))
    top = known.loc[known["shoppers"].idxmax()]
    text = _(
        "The largest age group is {band}: {share} of the {n} shoppers whose age is known."
    ).format(
        band=band_name(str(top["band"])), share=percent(top["shoppers"] / with_age, 0),
        n=number(with_age),
    )
    if total > with_age:
        text += _(" The age of {n} more ({share} of all) is unknown.").format(
            n=number(total - with_age), share=percent(1 - with_age / total, 0)
        )
    return text + _careful(with_age)


def _ages_in_part(bands: pd.DataFrame) -> str:
    # no share and no sum: either could give a hidden group away. What is hidden is never larger
    # than what is shown, so the largest is known.
    shown = bands[(bands["band"] != "unknown") & bands["shoppers"].notna()]
    if shown.empty:
        return _("The age groups are too small to be shown.")
    top = shown.loc[shown["shoppers"].astype(int).idxmax()]
    n = int(top["shoppers"])
    return _("The largest age group is {band}: {n} shoppers. Smaller groups are hidden.").format(
        band=band_name(str(top["band"])), n=number(n)) + _careful(n)


def browsing(counts: pd.DataFrame) -> str:
    """Say how unequally shoppers browse, and if a file gave the counts (``browsing_counts``)."""
    table = counts[counts["views"] > 0].sort_values("views")
    shoppers = int(table["shoppers"].sum())
    if not shoppers:
        return _("Nobody viewed a product in this period.")
    cumulated = table["shoppers"].cumsum()
    median = int(table.loc[cumulated >= shoppers / 2, "views"].iloc[0])
    # views of the busiest tenth: whole groups from the top, and a part of the group at the border
    left, busiest = shoppers / 10, 0.0
    for views, n in zip(table["views"][::-1], table["shoppers"][::-1], strict=True):
        taken = min(left, float(n))
        busiest, left = busiest + taken * float(views), left - taken
        if left <= 0:
            break
    share = busiest / float((table["views"] * table["shoppers"]).sum())
    text = _(
        "Half of the {n} shoppers who browsed have a view count of {median} or less; the busiest "
        "tenth made {share} of all views."
    ).format(n=number(shoppers), median=number(median), share=percent(share, 0))
    if "given" in counts and counts["given"].any():
        text += _(" These counts are as given by your file.")
    return text + _careful(shoppers)


def funnel(steps: pd.DataFrame, buyers: float = 0) -> str:
    """Say where shoppers leave between the steps (from ``funnel``).

    ``buyers``: all who bought (from ``summary``), so that those without the steps aren't missed.
    """
    n = {str(s): int(k) for s, k in zip(steps["step"], steps["shoppers"], strict=True)}
    seen = [s for s in STEPS if n.get(s)]
    if not seen:
        return _("Nobody viewed or bought anything in this period.")
    first = n[seen[0]]
    text = _("{n} shoppers {step}").format(n=number(first), step=_(STEPS[seen[0]]))
    for before, step in zip(seen, seen[1:], strict=False):
        if n[step] <= n[before]:
            text += _("; of them {n} ({share}) {step}").format(
                n=number(n[step]), share=percent(n[step] / n[before]), step=_(STEPS[step])
            )
        else:  # bought without a cart that the files know of
            text += _("; {n} {step}").format(n=number(n[step]), step=_(STEPS[step]))
    text += _(", in any order.") if len(seen) > 1 else _(".")
    if len(seen) > 1 and n[seen[-1]] <= first:
        text += _(" From the first step to the last: {share} (likely {range}).").format(
            share=percent(n[seen[-1]] / first), range=interval(n[seen[-1]], first)
        )
    more = int(buyers) - n.get("purchase", 0)
    if len(seen) > 1 and more > 0:
        text += _(
            " {n} more bought without all these steps on record; conversion counts them too."
        ).format(n=number(more))
    return text + _careful(first)


def hours(frame: pd.DataFrame, zone: str) -> str:
    """Say when most happens, if any hour stands out (from ``hour_by_weekday``).

    ``zone``: the shop's time zone.
    """
    grid = week_grid(frame)
    total = float(grid.to_numpy().sum())
    if not total:
        return _("Nothing happened in this period.")
    evening = float(grid.loc[:, 18:22].to_numpy().sum()) / total
    top = peak(grid)
    if top is None:
        return _(
            "No clear peak: no hour of the week stands out beyond chance. {share} of all events "
            "fall between 18:00 and 23:00 ({zone})."
        ).format(share=percent(evening, 0), zone=zone)
    day, hour = top
    return _(
        "The busiest hour of the week is {day}, {hour}:00 to {next}:00; {share} of all events fall "
        "between 18:00 and 23:00 ({zone})."
    ).format(
        day=weekday_name(int(day)), hour=int(hour), next=int(hour) + 1, share=percent(evening, 0),
        zone=zone,
    )


def without_hour(frame: pd.DataFrame) -> str:
    """Say how many events tell no hour (from ``events_without_hour``); "" where all tell one."""
    row = first(frame)
    if not row["events"]:
        return ""
    if row["events"] == row["of_events"]:
        return _("Your files give dates without a time of day for this choice, so no hour is "
                 "known.")
    return _("Left out here: {n} of {of} events whose file gives a date without a time of day."
             ).format(n=number(row["events"]), of=number(row["of_events"]))


def products(top: pd.DataFrame, currency: str) -> str:
    """Say which product leads (from ``top_products``)."""
    sold = top[top["purchases"] > 0]
    if sold.empty:
        return _("Nothing was bought in this period.")
    if earns(sold):
        best = sold.loc[sold["revenue"].astype(float).idxmax()]
        words = _("{name} brings the most: {revenue} from {n} purchases.")
    else:
        best = sold.loc[sold["purchases"].idxmax()]
        words = _("{name} is bought most: {n} purchases. No revenue is known for them.")
    text = words.format(
        name=product_name(best), n=number(int(best["purchases"])),
        revenue=money(float(best["revenue"]), currency, 0),
    )
    seen = top[top["views"] >= FEW]
    if not seen.empty:
        most = seen.loc[seen["views"].idxmax()]
        if str(most["item"]) != str(best["item"]):
            text += _(" {name} is looked at most: {n} views, {bought} purchases.").format(
                name=product_name(most), n=number(int(most["views"])),
                bought=number(int(most["purchases"])),
            )
    return text


def channels(frame: pd.DataFrame, currency: str) -> str:
    """Say which channel earns most and which brings most people (from ``channels``)."""
    revenue = frame["revenue"].astype(float)
    total = float(revenue.sum())
    leader = None
    if total > 0:
        best = frame.loc[revenue.idxmax()]
        leader = str(best["channel"])
        text = _("The channel “{channel}” brings {share} of revenue ({revenue}).").format(
            channel=channel_name(leader), share=percent(float(best["revenue"]) / total, 0),
            revenue=money(float(best["revenue"]), currency, 0),
        )
    else:
        text = _("No channel has revenue in this period.")
    crowd = frame.loc[frame["shoppers"].idxmax()]
    if str(crowd["channel"]) != leader:
        text += _(" Most shoppers ({n}) come through “{channel}”.").format(
            n=number(int(crowd["shoppers"])), channel=channel_name(crowd["channel"])
        )
    return text


def shown_as(measure: str, currency: str) -> Callable[[float], str]:
    """Return how a measure's value is written: money for "revenue", else a number."""
    return (lambda v: money(v, currency, 0)) if measure == "revenue" else number


def two_groups(
    first: dict[str, float], second: dict[str, float], names: tuple[str, str], currency: str
) -> str:
    """Say what both groups are (rows of ``summary`` as ``one`` gives them)."""
    words = _("{name}: {shoppers} shoppers, {orders} orders, {revenue}.")
    return gap().join(
        words.format(name=name, shoppers=number(row["shoppers"]), orders=number(row["orders"]),
                     revenue=money(row["revenue"], currency, 0))
        for name, row in zip(names, (first, second), strict=True))


def trend(frame: pd.DataFrame, currency: str) -> str:
    """Say how the last four whole weeks compare with the four before (from ``trend``)."""
    weeks = by_week(frame)
    whole = weeks[weeks["days"] == 7]
    revenue = float(frame["revenue"].astype(float).sum()) if len(frame) else 0.0
    if not earns(frame):
        return _("{n} orders in this period; no revenue is known for them.").format(
            n=number(int(frame["orders"].sum()))
        )
    if len(whole) < 8:
        return _("{revenue} in {n} orders in this period.").format(
            revenue=money(revenue, currency, 0), n=number(int(frame["orders"].sum()))
        )
    last, before = whole.iloc[-4:], whole.iloc[-8:-4]
    now, then = float(last["revenue"].sum()), float(before["revenue"].sum())
    if then <= 0:
        return _("{revenue} in the last four whole weeks; none in the four before.").format(
            revenue=money(now, currency, 0)
        )
    words = (
        _("{revenue} in the last four whole weeks, {share} more than in the four before.")
        if now >= then
        else _("{revenue} in the last four whole weeks, {share} less than in the four before.")
    )
    return words.format(revenue=money(now, currency, 0), share=percent(abs(now / then - 1), 0))


def not_counted(orders: float) -> str:
    """Say how many orders of the files the number of orders leaves out."""
    return ngettext(
        "Not counted: {n} order that was cancelled or left unpaid.",
        "Not counted: {n} orders that were cancelled or left unpaid.", int(orders)
    ).format(n=number(orders))


def shared_names(row: pd.DataFrame) -> str:
    """Say how many names of goods stand under several ids (same_name.py), or return nothing."""
    names, name, ids = row.iloc[0][["names", "name", "ids"]]
    return ngettext(
        "{n} name of goods stands under several ids (“{name}”: {ids}); they are counted apart.",
        "{n} names of goods stand under several ids (such as “{name}”: {ids}); they are counted "
        "apart.", int(names)).format(n=number(names), name=name, ids=ids) if names else ""


def _careful(n: int) -> str:
    return _(" So few that it is a hint only.") if few(n) else ""

