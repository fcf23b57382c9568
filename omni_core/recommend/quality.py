"""What the recommend page says of quality: figures beside their lines, ranges, groups, a duel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from omni_core.i18n import N_, _, day, ngettext, number, percent
from omni_core.recommend.compare import by_history, by_people
from omni_core.recommend.desk import Desk
from omni_core.recommend.evaluate import FEW, Evaluation, Range, interval
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.moves import STEADY, Duel, Verdict, paired_values
from omni_core.small_cells import suppress

_LAMPS = {
    "red": N_("Too little to judge by"), "orange": N_("Take it as a hint"), "green": N_("Steady"),
}
# metric, its name, how it is shown, what it is
FIGURES = (
    ("hit_rate@10", N_("Found what they bought"), "percent", N_(
        "The share of shoppers of the later period who would have found at least one of the goods "
        "they then bought among the ten shown (hit rate@10). Goods they already had don't count. "
        "Bestsellers are counted with the same worth of a view and a purchase.")),
    ("hit_rate_new@10", N_("Found, and new to them"), "percent", N_(
        "The share who would have found something they then bought and had not even looked at "
        "before (hit rate@10 of such goods). The others were only shown again what they knew.")),
    ("ndcg@10", N_("How high it stands"), "number", N_(
        "How high on the list of ten the goods they then bought stand: 1 is all of them on top, 0 "
        "is none among the ten (nDCG@10).")),
    ("recall@20", N_("Purchases foreseen"), "percent", N_(
        "Of the goods they then bought, how many stand among the first twenty, shopper by "
        "shopper (recall@20).")),
    ("coverage@10", N_("Goods shown"), "percent", N_(
        "The share of your goods that is on at least one of the lists (coverage@10). Bestsellers "
        "show the same few to all.")),
    ("novelty@10", N_("How little known"), "number", N_(
        "How little known the goods shown are (novelty@10): one more means half as many shoppers "
        "have them (mean of −log2 of that share).")),
)
MORE = (
    ("hit_rate_resurfaced@10", N_("Found, and seen before"), "percent", N_(
        "The share who would have found something they then bought and had already viewed, saved "
        "or put in the cart.")),
    ("resurfaced@10", N_("Seen before, of the list"), "percent", N_(
        "The share of the ten that she had already viewed, saved or put in the cart.")),
)
GROUPS = {
    "history": N_("By length of history"), "age_band": N_("By age band"),
    "segment": N_("By segment"),
}
_SHOWN = 0.0005  # a tenth of a point: less is shown as no change
NAMED = 30  # a share of fewer shoppers says too little to be named in a sentence
VIEWS = {
    "time": N_("A later period"), "last": N_("Each shopper's last purchase"),
    "chance": N_("At random"),
}


def span(r: Range, form: str = "percent", digits: int = 0) -> str:
    """Return a range: "32 – 41%" of shares, "0.121 – 0.163" of others."""
    if form == "percent":
        return f"{percent(r.low, digits)} – {percent(r.high, digits)}"
    return f"{figure(r.low, form)} – {figure(r.high, form)}"


def points(value: float) -> str:
    """Return a difference of shares in points, with its sign."""
    return _("{points} points").format(points=f"{value * 100:+z.1f}")


def figure(value: float, form: str) -> str:
    """Show one figure: a share as a percentage, else with three decimals."""
    if form == "percent" or value != value:
        return percent(value)
    return f"{value:.3f}"


def change(mine: Evaluation, earlier: Evaluation | None, name: str, form: str) -> str | None:
    """Show how a figure moved since the setting before; None where there is none."""
    if earlier is None or not earlier["users"]:
        return None
    step = mine[name] - earlier[name]
    return points(step) if form == "percent" else f"{step:+z.3f}"


def arrow(step: str | None) -> str:
    """Say whether a change has an arrow: none where it is shown as 0."""
    return "auto" if any(digit in (step or "") for digit in "123456789") else "off"


def told_apart(mine: Evaluation, earlier: Evaluation | None, name: str) -> bool:
    """Whether the change since the setting before is more than chance (or not a sampled figure)."""
    if earlier is None:
        return True
    if name not in mine.per_user:
        return abs(mine[name] - earlier[name]) >= _SHOWN
    if list(mine.shoppers) != list(earlier.shoppers):
        return False
    _who, now, then = paired_values(mine, earlier, name)
    r = interval(now - then)
    return not r.low <= 0 <= r.high


def beside(
    mine: Evaluation, bestsellers: Evaluation, chance: Evaluation, name: str, form: str
) -> list[str]:
    """Show a figure's range, where it has one, and the two lines to beat."""
    lines = [] if name not in mine.per_user else [
        _("likely {range}").format(range=span(interval(mine.per_user[name]), form))]
    return [*lines, _("bestsellers {base} · random {chance}").format(
        base=figure(bestsellers[name], form), chance=figure(chance[name], form))]


def measured(
    mine: Evaluation, bestsellers: Evaluation, desk: Desk, zone: str, final: bool = False
) -> str:
    """Say how many held-out shoppers found something in their ten, and with bestsellers."""
    first, last = desk.last_period if final else desk.period
    values = {
        "n": number(mine["users"]), "share": percent(mine["hit_rate@10"]),
        "what": _("bought something") if desk.events == ("purchase",) else _("did something"),
        "range": span(interval(mine.per_user["hit_rate@10"])),
        "base": percent(bestsellers["hit_rate@10"]),
    }
    if desk.by == "last":
        return _(
            "Of {n} shoppers whose last purchases were kept aside, {share} would have found one "
            "among their ten (likely {range}); with bestsellers for all, {base}."
        ).format(**values)
    if desk.by == "chance" or first is None:
        return _(
            "Of {n} shoppers some of whose goods were kept aside at random, {share} would have "
            "found one among their ten (likely {range}); with bestsellers for all, {base}."
        ).format(**values)
    return _(
        "Of {n} shoppers who {what} between {first} and {last}, {share} would have found it among "
        "their ten (likely {range}); with bestsellers for all, {base}."
    ).format(first=_day(first, zone), last=_day(last, zone), **values)


def _day(moment: Any, zone: str) -> str:
    return day(pd.Timestamp(moment).tz_localize("UTC").tz_convert(zone))


def verdict(found: Verdict) -> str:
    """Say whether the lists beat the bestsellers, or that this can't be told."""
    words = {
        "better": N_("Better than bestsellers: {gap} (likely {low} to {high})."),
        "worse": N_("Worse than bestsellers: {gap} (likely {low} to {high})."),
        "same": N_("With these data it can't be told apart from bestsellers: {gap} (likely {low} "
                   "to {high})."),
        "few": N_("Only {n} shoppers to judge by, so this may be chance: {gap} against bestsellers "
                  "(likely {low} to {high})."),
    }
    d = found.difference
    return _(words[found.word]).format(
        gap=points(d.mean), low=points(d.low), high=points(d.high), n=number(found.shoppers))


def beneath_chance(mine: Mapping[str, float], chance: Mapping[str, float]) -> str:
    """Say so where goods drawn at random would be found as often; else ""."""
    hits, luck = mine["hit_rate@10"], chance["hit_rate@10"]
    if hits > luck:
        return ""
    return _("Ten goods at random would be found as often ({share}): with so few goods, or so few "
             "purchases, the list says little.").format(share=percent(luck, 1))


def duel(found: Duel) -> str:
    """Say whom A serves better, as well, worse, and whether that is more than chance."""
    words = {
        "better": N_("A is better: what they then bought stands higher on its lists, {gap} of 1 "
                     "(likely {low} to {high})."),
        "worse": N_("B is better: what they then bought stands lower on A's lists, {gap} of 1 "
                    "(likely {low} to {high})."),
        "same": N_("With your data these cannot be told apart: how high the goods they then bought "
                   "stand differs by {gap} of 1 (likely {low} to {high})."),
        "few": N_("Too few shoppers to tell these apart: how high the goods they then bought stand "
                  "differs by {gap} of 1 (likely {low} to {high})."),
    }
    d = found.verdict.difference
    text = _(words[found.verdict.word]).format(
        gap=f"{d.mean:+z.3f}", low=f"{d.low:+z.3f}", high=f"{d.high:+z.3f}")
    if not found.verdict.asked_alike:
        text += " " + _("They leave different goods out, so each was asked for other goods: weigh "
                        "this lightly.")
    return text


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


def asked(desk: Desk, mine: Evaluation, everyone: bool) -> str:
    """Say how many of the held-out shoppers the figures are about."""
    if desk.held is None or not desk.sampled or everyone:
        return _("All {n} held-out shoppers were tested.").format(n=number(mine["users"]))
    return _("Tested on {n} held-out shoppers, drawn once and the same at each move.").format(
        n=number(mine["users"]))


def bars(
    name: str, mine: Evaluation, earlier: Evaluation | None, bestsellers: Evaluation | None,
    chance: Evaluation,
) -> list[tuple[str, Range]]:
    """Return the rows of the figure: this setting, the one before, the bestsellers, random."""
    rows = [(name, mine), (_("The setting before"), earlier), (_("Bestsellers"), bestsellers),
            (_("At random"), chance)]
    return [(n, interval(e.per_user["hit_rate@10"])) for n, e in rows if e is not None]


def table(mine: Evaluation, bestsellers: Evaluation, chance: Evaluation) -> pd.DataFrame:
    """Return all figures for eyes: metric, mine, range, bestsellers, random, difference."""
    rows = []
    for name, label, form, _about in (*FIGURES, *MORE):
        row = {"metric": _(label), "mine": figure(mine[name], form), "range": "",
               "bestsellers": figure(bestsellers[name], form),
               "chance": figure(chance[name], form), "difference": ""}
        if name in mine.per_user:
            row["range"] = span(interval(mine.per_user[name]), form)
            gap = interval(mine.per_user[name] - bestsellers.per_user[name])
            row["difference"] = _("no difference") if not gap.low and not gap.high else (
                f"{points(gap.low)} – {points(gap.high)}" if form == "percent"
                else f"{gap.low:+z.3f} – {gap.high:+z.3f}")
        rows.append(row)
    return pd.DataFrame(rows)


def groups(
    mine: Evaluation, bestsellers: Evaluation, x: Interactions, by: str, k: int,
    metric: str = "hit_rate@10",
) -> pd.DataFrame:
    """Return a metric by group: group, users, value, low, high, bestsellers.

    Groups of fewer than ``k`` people are emptied where they say what people are; by history
    nothing is hidden, since it says only what the shop's own counts say.
    """
    def one(e: Evaluation) -> pd.DataFrame:
        return by_history(e, metric) if by == "history" else by_people(e, metric, x, by)

    found, base = one(mine), one(bestsellers)
    found["bestsellers"] = base["value"].to_numpy() if len(base) == len(found) else float("nan")
    if by != "history":
        found = suppress(found, k, "users", ("value", "low", "high", "bestsellers"))
    found["group"] = [_group(str(g), by) for g in found["group"]]
    return found


def _group(name: str, by: str) -> str:
    if name == "unknown":
        return _("unknown")
    return history_name(name) if by == "history" else name


def history_name(goods: str) -> str:
    """Return what shoppers with so many goods before are called: "0", "1", "3-5", "6+"."""
    return ngettext(
        "{n} earlier product", "{n} earlier products", 1 if goods == "1" else 2).format(n=goods)


def groups_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return groups for eyes: whom, users, mine, range, bestsellers."""
    return pd.DataFrame({
        "whom": found["group"], "users": found["users"],
        "mine": [percent(v) for v in found["value"]],
        "range": [span(Range(r.value, r.low, r.high)) for r in found.itertuples()],
        "bestsellers": [percent(v) for v in found["bestsellers"]]})


def groups_words(found: pd.DataFrame) -> str:
    """Say where the lists do best and worst, with n; unknown, hidden and tiny groups apart."""
    known = found[found["value"].notna() & (found["group"] != _("unknown"))
                  & (found["users"] >= NAMED)]
    if len(known) < 2:
        return _("There are too few groups of {n} shoppers or more to compare.").format(
            n=number(NAMED))
    best, worst = known.loc[known["value"].idxmax()], known.loc[known["value"].idxmin()]
    return _(
        "Best for “{best}”: {share} of {n} found something; least for “{worst}”: {low} of {m}."
    ).format(
        best=best["group"], share=percent(best["value"], 0), n=number(best["users"]),
        worst=worst["group"], low=percent(worst["value"], 0), m=number(worst["users"]))


def sheet(
    mine: Evaluation, bestsellers: Evaluation, chance: Evaluation, x: Interactions, k: int
) -> pd.DataFrame:
    """Return all metrics for a file: part, group, users, metric, value, low, high, both lines.

    Column names and metric names stay as the field calls them, for programs.
    """
    rows = []
    for name in mine:
        if "@" not in name:
            continue
        r = interval(mine.per_user[name]) if name in mine.per_user else None
        rows.append({
            "part": "all", "group": "all", "users": mine["users"], "metric": name,
            "value": mine[name], "low": r and r.low, "high": r and r.high,
            "bestsellers": bestsellers[name], "random": chance[name]})
    for by in GROUPS:
        for name in ("ndcg@10", "recall@20", "hit_rate@10"):
            found = groups(mine, bestsellers, x, by, k, name)
            rows += [{"part": by, "group": r.group, "users": r.users, "metric": name,
                      "value": r.value, "low": r.low, "high": r.high,
                      "bestsellers": r.bestsellers, "random": None}
                     for r in found.itertuples()]
    return pd.DataFrame(rows)
