"""Customer groups by recency, frequency and money: sizes, movements, and what became of each."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from omni_core.i18n import _, day, number, percent
from omni_core.metrics import wilson
from omni_core.segments import RFM_NAMES

ORDER = [g for g in RFM_NAMES if g != "none"]


def name(group: str) -> str:
    """Return what a group is called."""
    return _(RFM_NAMES.get(group, group))


def sizes(now: pd.DataFrame, then: pd.DataFrame | None) -> pd.DataFrame:
    """Return the groups in order: rfm, shoppers, share, revenue, orders, before (NaN: unknown).

    ``now`` and ``then`` are rows of the query "rfm_people".
    """
    made = now.groupby("rfm").agg(
        shoppers=("user", "size"), revenue=("revenue", "sum"), orders=("orders", "sum"))
    made = made.reindex(ORDER, fill_value=0).rename_axis("rfm").reset_index()
    made.insert(2, "share", made["shoppers"] / max(1, len(now)))
    counts = then["rfm"].value_counts() if then is not None else pd.Series(dtype=float)
    made["before"] = [float(counts.get(g, 0)) if then is not None else float("nan")
                      for g in made["rfm"]]
    return made


def moves(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Return who went where: a table of shoppers, the group before down, the group now across.

    Who had not bought yet stands under "none".
    """
    both = now[["user", "rfm"]].merge(
        then[["user", "rfm"]], on="user", how="left", suffixes=("_now", "_then"))
    both["rfm_then"] = both["rfm_then"].fillna("none")
    table = pd.crosstab(both["rfm_then"], both["rfm_now"])
    return table.reindex(index=[*ORDER, "none"], columns=ORDER, fill_value=0)


def kept(then: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Return what each group of ``then`` did after: rfm, shoppers, share (who ordered), low, high.

    ``later``: rows of "order_days" from that day on.
    """
    again = then["user"].isin(set(later["user"]))
    made = again.groupby(then["rfm"]).agg(["size", "sum"]).reindex(ORDER)
    made = made.dropna().rename_axis("rfm").reset_index()
    ranges = [wilson(k, n) for k, n in zip(made["sum"], made["size"], strict=True)]
    return pd.DataFrame({
        "rfm": made["rfm"], "shoppers": made["size"].astype(int),
        "share": made["sum"] / made["size"],
        "low": [r[0] for r in ranges], "high": [r[1] for r in ranges]})


def snapshot_day(last: date, days: int) -> date:
    """Return the day as of whose beginning the groups before are taken."""
    return last + timedelta(days=1 - days)


def sizes_sentence(table: pd.DataFrame) -> str:
    """Say how many the best are and what they bring."""
    n, money = int(table["shoppers"].sum()), float(table["revenue"].sum())
    if not n:
        return _("Nobody has bought yet.")
    best = table[table["rfm"] == "champions"].iloc[0]
    gone = table[table["rfm"].isin(["cant_lose", "at_risk"])]
    text = _("{best}: {n} of {all} buyers ({share})").format(
        best=name("champions"), n=number(int(best["shoppers"])), all=number(n),
        share=percent(best["shoppers"] / n))
    if money > 0:
        text += _(" bring {money} of the money").format(
            money=percent(float(best["revenue"]) / money, 0))
    return text + _(". {n} regulars have gone quiet ({first}, {second}).").format(
        n=number(int(gone["shoppers"].sum())), first=name("cant_lose"), second=name("at_risk"))


def moves_sentence(table: pd.DataFrame, since: date) -> str:
    """Say how many rose, fell and came, and the largest single movement between two groups."""
    place = {g: k for k, g in enumerate(ORDER)}
    up = down = new = 0
    top = (0, "", "")
    for before in table.index:
        for after in table.columns:
            n = int(table.loc[before, after])
            if before == "none":
                new += n
                continue
            up += n if place[after] < place[before] else 0
            down += n if place[after] > place[before] else 0
            if before != after and n > top[0]:
                top = (n, before, after)
    text = _("Since {day}: {up} rose, {down} fell, {new} bought for the first time.").format(
        day=day(since), up=number(up), down=number(down), new=number(new))
    if top[0]:
        text += _(" Most went from “{before}” to “{after}”: {n}.").format(
            before=name(top[1]), after=name(top[2]), n=number(top[0]))
    return text


def kept_sentence(table: pd.DataFrame, since: date) -> str:
    """Say which share of the best and of the last group ordered since."""
    if table.empty:
        return _("Nobody had bought before that day.")
    shown = table.iloc[[0, -1]] if len(table) > 1 else table
    words = _("{share} (likely {low}–{high}, n = {n}) of “{group}”")
    said = [words.format(share=percent(r["share"], 0), low=percent(r["low"], 0),
                         high=percent(r["high"], 0), n=number(r["shoppers"]), group=name(r["rfm"]))
            for r in shown.to_dict("records")]
    return _("Since {day} these ordered again: {groups}.").format(
        day=day(since), groups=_("; ").join(said))


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of groups with their names as words."""
    return table.assign(rfm=[name(str(g)) for g in table["rfm"]])


def readable_moves(table: pd.DataFrame) -> pd.DataFrame:
    """Return the movements with the names of the groups, the group before as a column."""
    shown = table.rename(index=name, columns=name)
    return shown.rename_axis(index=_("Before"), columns=None).reset_index()
