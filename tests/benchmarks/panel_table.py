"""``python -m tests.benchmarks.panel_table``: how good lists are on the public grocery panel.

Households x product types, all events cut at two moments. Of each method's settings the best on the
middle part is chosen, and measured on the last part once, fitted on all before it. First-time
purchases (what a household has is neither shown nor counted) and all purchases are two tables, for
they are two tasks. With ``--write`` the tables go into the README, between their markers.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from omni_core import panel
from omni_core.recommend import MODELS, Interactions, evaluate, interval, paired, time_split
from omni_core.recommend.split import together
from omni_core.recommend.tuning import Tuner

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- panel:begin -->", "<!-- panel:end -->"
TASKS = {"First-time purchases": ("purchase",), "All purchases": ()}
COSINE = {"damping": 0.0, "norm_from": 0.5, "norm_to": 0.5, "k": 100, "min_common": 1}
METRICS = ("ndcg@10", "recall@20", "hit_rate@10")
SPACES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "bestsellers": ("popularity", [{}] + [{"window": d} for d in (14, 30, 60, 120)]),
    "plain cosine": ("item_neighbours", [COSINE]),
    "item neighbours": ("item_neighbours", [
        {"damping": a, "norm_from": p, "norm_to": t, "k": 200, "min_common": 2}
        for a, p, t in product((0.0, 1.0), (0.5, 0.8, 1.0), (0.2, 0.4, 0.5, 0.6))]),
    "shoppers alike": ("user_neighbours", [
        {"damping": a, "norm_to": t, "k": k, "half_life": h} for a, t, k, h in product(
            (0.0, 0.5), (0.3, 0.5), (100, 300), (None, 30.0))]),
    "EASE": ("ease", [{"l2": v} for v in (300.0, 1000.0, 3000.0, 10_000.0)]),
}
PURCHASES = {"weights": {"purchase": 1.0}}


def purchases() -> Interactions:
    """Read who bought which type of product, when."""
    source = panel.source()
    lines = pd.read_parquet(source / "transactions.parquet",
                            columns=["household_id", "product_id", "transaction_timestamp"])
    types = pd.read_parquet(source / "products.parquet", columns=["product_id", "product_type"])
    known = lines.merge(types.dropna(), on="product_id")
    return Interactions.from_frame(known.rename(columns={
        "household_id": "user", "product_type": "item", "transaction_timestamp": "ts",
    })[["user", "item", "ts"]])


def tables(x: Interactions) -> str:
    """Return both tables in Markdown, and what they were made of."""
    train, validation, test = time_split(x)
    tuner, earlier = Tuner(train, validation.users), together(train, validation)
    best: dict[str, dict[str, tuple[float, dict[str, Any]]]] = {task: {} for task in TASKS}
    for label, (name, space) in SPACES.items():
        for fields in space:
            model = tuner.model(**fields, **PURCHASES) if name == "item_neighbours" else (
                MODELS[name](**fields, **PURCHASES).fit(train))
            for task, exclude in TASKS.items():
                reached = evaluate(model, validation, (10,), exclude)["ndcg@10"]
                if reached > best[task].get(label, (-1.0, {}))[0]:
                    best[task][label] = reached, fields
    found = [_table(task, best[task], earlier, test) for task in TASKS]
    a, b = x.shape
    first, last = str(earlier.end)[:10], str(test.end)[:10]
    return "\n\n".join([
        f"{a:,} households, {b:,} product types; fitted until {first}, measured until {last}; "
        "95 % ranges over households, the last two columns paired.", *found])


def _table(
    task: str, best: dict[str, tuple[float, dict[str, Any]]], earlier: Interactions,
    test: Interactions,
) -> str:
    measured = {
        label: evaluate(MODELS[SPACES[label][0]](**fields, **PURCHASES).fit(earlier), test,
                        (10, 20), TASKS[task])
        for label, (_reached, fields) in best.items()}
    beside = ("bestsellers", "plain cosine")
    lines = [f"**{task}** ({measured['bestsellers']['users']:,.0f} households)", "",
             "| method, chosen setting | nDCG@10 | recall@20 | hit rate@10 | goods shown |"
             + "".join(f" nDCG@10 over {other} |" for other in beside),
             "|---|--:|--:|--:|--:|--:|--:|"]
    clear: dict[str, list[str]] = {other: [] for other in beside}
    for label, mine in measured.items():
        setting = ", ".join(f"{k} {v:g}" for k, v in best[label][1].items() if v is not None)
        ranges = [interval(mine.per_user[m]) for m in METRICS]
        gaps = [paired(mine, measured[other], "ndcg@10") for other in beside]
        lines.append("| " + " | ".join([
            f"{label}: {setting}" if setting else label,
            *(f"{r.mean:.3f} ({r.low:.3f} – {r.high:.3f})" for r in ranges),
            f"{mine['coverage@10']:.1%}",
            *("" if mine is measured[other] else f"{g.mean:+.3f} ({g.low:+.3f} – {g.high:+.3f})"
              for g, other in zip(gaps, beside, strict=True)),
        ]) + " |")
        for other, gap in zip(beside, gaps, strict=True):
            clear[other] += [label] if gap.low > 0 else []
    both = [label for label in clear[beside[0]] if label in clear[beside[1]]]
    told = [(other, clear[other]) for other in beside] + [("both", both)]
    words = "; ".join(f"{other}: {', '.join(labels) or 'none'}" for other, labels in told)
    return "\n".join([
        *lines, "", f"nDCG@10 higher beyond chance (the whole range above 0) than {words}."])


def main(arguments: list[str]) -> None:
    made = tables(purchases())
    print(made)
    if "--write" in arguments:
        text = README.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        README.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
