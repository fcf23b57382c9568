"""Visits, first steps, carts, new and returning: the words for their codes and their sentences."""

from __future__ import annotations

import pandas as pd

from omni_core.behaviour.labels import band_name, category_name, product_name, step_name
from omni_core.behaviour.sentences import interval
from omni_core.columns import EVENT_LABELS
from omni_core.i18n import N_, _, gap, money, ngettext, number, percent
from omni_core.metrics import FEW

FATES = {
    "sold": N_("Bought within an hour"), "recovered": N_("Came back within 3 days"),
    "left": N_("Left in the cart"), "open": N_("Still open"),
}
KINDS = {"new": N_("New"), "returning": N_("Returning")}


def path_name(steps: str) -> str:
    """Return the words of a path such as "search,view,cart"."""
    return " → ".join(_(EVENT_LABELS.get(s, s)) for s in steps.split(","))


def hours_name(hours: float) -> str:
    """Return a span of time in a unit that suits it."""
    if hours != hours:
        return "–"
    if hours < 1:
        return _("{n} min").format(n=number(60 * hours, 0))
    return _("{n} h").format(n=number(hours, 1)) if hours < 48 else _("{n} days").format(
        n=number(hours / 24, 1))


def visits(row: dict) -> str:
    """Say how many visits there are and what one is (from ``visits``)."""
    if not row["visits"]:
        return _("No visits in this period.")
    text = _(
        "{visits} visits by {shoppers} shoppers: {each} each. A visit ends with 30 minutes of "
        "quiet."
    ).format(visits=number(row["visits"]), shoppers=number(row["shoppers"]),
             each=number(row["visits"] / row["shoppers"], 1))
    if row["of_nobody"]:
        text += gap() + _(
            "{n} of {all} rows ({share}) name no shopper: they are in no visit."
        ).format(
            n=number(row["of_nobody"]), all=number(row["events"]),
            share=percent(row["of_nobody"] / row["events"], 0))
    if not row["views"]:  # orders alone say nothing of what was looked at, nor for how long
        return text
    views, n = number(row["views"] / row["viewing"], 1), number(row["viewing"])
    if row["minutes"] != row["minutes"]:  # every visit is of a single event
        return text + gap() + _("{views} views each in the {n} visits with a view.").format(
            views=views, n=n)
    return text + gap() + _(
        "{views} views each in the {n} visits with a view; half of the visits with more than one "
        "event last {minutes} minutes or less."
    ).format(views=views, n=n, minutes=number(row["minutes"], 1))


def paths(table: pd.DataFrame, shoppers: float) -> str:
    """Say how most first visits begin (from ``first_steps``), and of whom that isn't known.

    ``shoppers``: all with a visit (from ``visits``).
    """
    if table.empty:
        return _("No visits in this period.")
    top, n = table.iloc[0], all_shoppers(table)
    text = _(
        "Most first visits begin with “{path}”: {share} of {n} shoppers (likely {range}). The same "
        "step twice in a row counts once."
    ).format(path=path_name(str(top["steps"])), share=percent(top["share"]), n=number(n),
             range=interval(int(top["shoppers"]), n))
    more = int(shoppers - n)
    return text if more <= 0 else text + gap() + only_bought(more)


def only_bought(shoppers: float) -> str:
    """Say how many are left out of ``first_steps``."""
    return ngettext(
        "Left out: {n} shopper of whom only purchases are on record.",
        "Left out: {n} shoppers of whom only purchases are on record.", int(shoppers)
    ).format(n=number(shoppers))


def funnel_times(table: pd.DataFrame) -> str:
    """Say how long shoppers take between steps and where most are lost (``funnel_in_order``)."""
    later = table[table["lost"].notna()]
    if later.empty:
        return ""
    worst = later.loc[later["lost"].idxmax()]
    times = _("; ").join(
        _("{step}: {time}").format(
            step=step_name(str(r.step)), time=hours_name(float(r.hours)))
        for r in later.itertuples())
    return _(
        "Counted in this order, most are lost before “{step}”: {lost}. Half of those who go on "
        "need no longer than: {times}."
    ).format(
        step=step_name(str(worst["step"])),
        lost=percent(worst["lost"]), times=times)


def in_order(table: pd.DataFrame) -> str:
    """Say how many go through the whole funnel in order (``funnel_in_order``), and its times."""
    first, last = table.iloc[0], table.iloc[-1]
    return _("Of {n} shoppers at “{first}”, {k} ({share}, likely {range}) got to “{last}” in this "
             "order.").format(
        n=number(first["shoppers"]), first=step_name(str(first["step"])),
        k=number(last["shoppers"]), share=percent(last["shoppers"] / first["shoppers"]),
        range=interval(int(last["shoppers"]), int(first["shoppers"])),
        last=step_name(str(last["step"]))) + gap() + funnel_times(table)


def by_group(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return groups' funnels in order as one: group, step, shoppers, of, lost, hours.

    A row a step that has one before; ``of``: how many did that one. Those with most lost first.
    """
    parts = [
        table.assign(group=name, of=table["shoppers"].shift())[table["lost"].notna()]
        for name, table in tables.items() if len(table)]
    columns = ["group", "step", "shoppers", "of", "lost", "hours"]
    if not parts:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(parts)[columns].astype({"of": int})
    most = whole.groupby("group")["lost"].transform("first")
    return whole.assign(most=most).sort_values(
        "most", ascending=False, kind="stable", ignore_index=True).drop(columns="most")


def lost_by_group(table: pd.DataFrame) -> str:
    """Say at which step the groups of ``by_group`` differ most, and by how much."""
    known = table[table["of"] >= FEW]
    spread = known.groupby("step")["lost"].agg(lambda s: s.max() - s.min() if len(s) > 1 else -1)
    if spread.empty or spread.max() < 0:
        return _("There is nothing to compare: no two groups have 30 shoppers or more here.")
    step = str(spread.idxmax())
    rows = known[known["step"] == step]
    worst, best = (rows.loc[place] for place in (rows["lost"].idxmax(), rows["lost"].idxmin()))
    words = _("{lost} ({range}) of the {n} of “{group}”")
    return _("Before “{step}” {worst} are lost, {best}.").format(step=step_name(step), **{
        key: words.format(
            lost=percent(row["lost"]), n=number(row["of"]), group=row["group"],
            range=interval(int(row["of"] - row["shoppers"]), int(row["of"])))
        for key, row in (("worst", worst), ("best", best))})


def carts(table: pd.DataFrame, currency: str) -> str:
    """Say how many carts were left, how many of those came back, what is still in them."""
    n = {str(r.fate): int(r.carts) for r in table.itertuples()}
    total = sum(n.values())
    if not total:
        return _("Nothing was put into a cart in this period.")
    later = n.get("recovered", 0) + n.get("left", 0)
    text = _(
        "Of {n} products put into a cart, {sold} ({share}) were ordered within an hour."
    ).format(
        n=number(total), sold=number(n.get("sold", 0)), share=percent(n.get("sold", 0) / total))
    if later:
        text += _(
            " {left} were not; {back} of them ({share}, likely {range}) were ordered within 3 days "
            "after all."
        ).format(
            left=number(later), back=number(n.get("recovered", 0)),
            share=percent(n.get("recovered", 0) / later),
            range=interval(n.get("recovered", 0), later))
    lost = table[table["fate"] == "left"]
    if len(lost) and lost["priced"].iloc[0]:
        text += _(" What was left is worth {amount}").format(
            amount=money(float(lost["amount"].iloc[0]), currency, 0))
        missing = int(lost["carts"].iloc[0] - lost["priced"].iloc[0])
        text += _(", {n} products without a price not counted.").format(n=number(missing)) if (
            missing) else _(".")
    return text


def new_returning(table: pd.DataFrame, currency: str) -> str:
    """Say what share of orders and money comes from shoppers who had ordered before."""
    sums = table.groupby("kind")[["orders", "revenue"]].sum()
    orders, again = float(sums["orders"].sum()), sums.loc[["returning"]] if (
        "returning" in sums.index) else None
    if not orders:
        return _("No orders in this period.")
    came = float(again["orders"].iloc[0]) if again is not None else 0.0
    text = _(
        "{share} of {n} orders (likely {range}) come from shoppers who had ordered before"
    ).format(
        share=percent(came / orders), n=number(orders), range=interval(came, orders))
    whole = float(sums["revenue"].sum())
    if whole > 0 and again is not None:
        text += _(", and {share} of the money ({amount})").format(
            share=percent(float(again["revenue"].iloc[0]) / whole, 0),
            amount=money(float(again["revenue"].iloc[0]), currency, 0))
    return text + _(". Who ordered before your data begin counts as new once.")


def bots(table: pd.DataFrame) -> str:
    """Say who looks like a machine."""
    if table.empty:
        return _("Nobody looks like a machine.")
    return _(
        "{n} shoppers look like machines: {views} views, steadily one every few seconds, and "
        "nothing kept, put into a cart or bought. They are in all numbers here; a segment without "
        "them leaves them out."
    ).format(n=number(len(table)), views=number(table["views"].sum()))


def tastes(table: pd.DataFrame) -> str:
    """Say which category which age leans to most (from ``age_tastes``); hidden cells are passed."""
    known = table[(table["shoppers"].notna()) & (table["purchases"].notna())]
    known = known[known["shoppers"].astype(float) >= FEW] if len(known) else known
    if known.empty:
        return _("Too few purchases by shoppers whose age is known.")
    best = known.loc[known["lift"].astype(float).idxmax()]
    return _(
        "Shoppers aged {band} buy {category} {lift} times as often as all do ({n} order lines by "
        "{m} shoppers)."
    ).format(
        band=str(best["band"]).replace("-", "–"), category=category_name(best),
        lift=number(float(best["lift"]), 1), n=number(int(best["purchases"])),
        m=number(int(best["shoppers"])))


def ranks(now: pd.DataFrame, before: pd.DataFrame | None, key: str, by: str) -> pd.DataFrame:
    """Return ``now`` ordered by ``by``, with rank and, against ``before``, rank_before.

    rank_before is NaN for what was not there.
    """
    ordered = now.sort_values([by, key], ascending=[False, True], ignore_index=True)
    ordered["rank"] = range(1, len(ordered) + 1)
    if before is not None:
        then = before[before[by].astype(float) > 0].sort_values(
            [by, key], ascending=[False, True], ignore_index=True)
        place = {k: n for n, k in enumerate(then[key], 1)}
        ordered["rank_before"] = [float(place.get(k, float("nan"))) for k in ordered[key]]
    return ordered


def moved(rank: int, before: float) -> str:
    """Return an arrow with the places won or lost; "new" where there was none before."""
    if before != before:
        return _("new here")
    step = int(before) - rank
    return "=" if not step else f"▲{step}" if step > 0 else f"▼{-step}"


def risers(rows: pd.DataFrame, key: str, by: str) -> str:
    """Say what leads and what won most places (from ``ranks``)."""
    name = category_name if key == "category" else product_name
    leads = rows.iloc[0].to_dict()
    whole = float(rows[by].astype(float).sum())
    text = _("{name} leads").format(name=name(leads))
    if key == "category" and whole > 0:
        text += _(" with {share} of all").format(share=percent(float(leads[by]) / whole, 0))
    text += _(".")
    if "rank_before" not in rows:
        return text
    top = rows.head(10)
    won = top["rank_before"] - top["rank"]
    if won.max() > 0:
        best = top.loc[won.idxmax()].to_dict()
        text += _(" {name} won most places: from {before} to {rank}.").format(
            name=name(best), before=int(best["rank_before"]), rank=int(best["rank"]))
    if won.min() < 0:
        worst = top.loc[won.idxmin()].to_dict()
        text += _(" {name} lost most: from {before} to {rank}.").format(
            name=name(worst), before=int(worst["rank_before"]), rank=int(worst["rank"]))
    return text


def row(frame: pd.DataFrame) -> dict[str, float]:
    """Return the only row of ``visits`` as plain numbers; NULL becomes NaN."""
    return {str(k): float("nan") if pd.isna(v) else float(v)
            for k, v in frame.iloc[0].to_dict().items()}


def began(funnel: pd.DataFrame) -> float:
    """Return how many shoppers a funnel begins with, 0 where it has no step."""
    return float(funnel["shoppers"].max()) if len(funnel) else 0.0


def all_shoppers(paths: pd.DataFrame) -> float:
    """Return how many shoppers ``first_steps`` is about, its further rows included."""
    return round(float(paths["shoppers"].iloc[0] / paths["share"].iloc[0])) if len(paths) else 0.0


PER_WORDS = {
    "visit": (N_("Views per visit"), N_("Visits")), "day": (N_("Views per day"), N_("Days")),
    "shopper": (N_("Views per shopper"), N_("Shoppers")),
}


def per_words(per: str) -> tuple[str, str]:
    """Return the titles of both axes of a picture of view counts."""
    across, up = PER_WORDS[per]
    return _(across), _(up)


def depth(table: pd.DataFrame, count: str, per: str) -> str:
    """Say how view counts lie: the median and the most."""
    known = table[table["views"] > 0].sort_values("views")
    if known.empty:
        return _("Nobody viewed a product in this period.")
    half = known[count].cumsum() >= known[count].sum() / 2
    words = {
        "visit": _("Half of the {n} visits with a view hold {median} views or fewer; the longest "
                   "{most}."),
        "day": _("Half of the {n} days with a view bring {median} views or fewer; the busiest "
                 "{most}."),
        "shopper": _("Half of the {n} shoppers who browsed have {median} views or fewer; the most "
                     "is {most}."),
    }[per]
    return words.format(n=number(float(known[count].sum())),
                        median=number(float(known.loc[half, "views"].iloc[0])),
                        most=number(float(known["views"].iloc[-1])))


def any_known(table: pd.DataFrame, key: str) -> bool:
    """Whether any row's ``key`` is more than "unknown"."""
    return bool((table[key] != "unknown").any())


def by_age_and_gender(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``ages_by_gender`` with one key, ``who`` ("gender|band"), for each cell."""
    return table.assign(who=[f"{g}|{b}" for g, b in zip(
        table["gender"], table["band"], strict=True)])


def age_and_gender(who: object) -> str:
    """Return a cell of ``by_age_and_gender`` for display."""
    gender, _bar, band = str(who).rpartition("|")
    return f"{gender_name(gender)}, {band_name(band)}"


def gender_name(gender: object) -> str:
    """Return a gender's name for display; any that the files call otherwise stays as it is."""
    known = {"female": _("female"), "male": _("male"), "unknown": _("unknown")}
    return known.get(str(gender), str(gender))


def genders(table: pd.DataFrame) -> str:
    """Say how shoppers divide by gender, where no count is hidden."""
    if table["shoppers"].isna().any():
        return _("Shoppers by age and gender; groups too small to show are hatched.")
    sums = table.groupby("gender")["shoppers"].sum()
    known = sums.drop("unknown", errors="ignore")
    top, n = str(known.idxmax()), int(known.sum())
    text = _("{share} of the {n} shoppers whose gender is known are {gender}.").format(
        share=percent(known.max() / n, 0), n=number(n), gender=gender_name(top))
    missing = int(sums.get("unknown", 0))
    return text + (_(" That of {n} more is unknown.").format(n=number(missing)) if missing else "")


def kind_name(kind: str) -> str:
    """Return "new" or "returning" for display."""
    return _(KINDS[kind])


def fate_name(fate: str) -> str:
    """Return what became of a cart for display."""
    return _(FATES[fate])


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of carts or paths with its codes as words."""
    words = {"fate": fate_name, "steps": path_name, "kind": kind_name, "step": step_name}
    shown = table.copy()
    for column in set(words) & set(shown.columns):
        shown[column] = [words[column](str(code)) for code in shown[column]]
    return shown.rename(columns={"kind": "new_or_returning"})


def cart_rows(rows: pd.DataFrame, fate: str) -> pd.DataFrame:
    """Return the rows of ``cart_list`` with one fate, named in the reader's language."""
    part = rows[rows["fate"] == fate]
    return pd.DataFrame({
        "user": part["user"], "product": [product_name(r) for r in part.to_dict("records")],
        "id": part["item"], "put_at": part["put_at"], "amount": part["amount"]})
