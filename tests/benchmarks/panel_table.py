"""``python -m tests.benchmarks.panel_table``: how good lists are on the public grocery panel.

Households x product types, all events cut at two moments. Settings are searched on the middle part,
and each method is measured on the last part once, fitted on all before it. First-time purchases
(what a household has is neither shown nor counted) and all purchases are two tables, for they are
two tasks. With ``--write`` the tables go into the README, between their markers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from omni_core import panel
from omni_core.recommend import MODELS, Interactions, evaluate, interval, paired, time_split
from omni_core.recommend.search import find_settings
from omni_core.recommend.split import together
from omni_core.recommend.tuning import Tuner

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- panel:begin -->", "<!-- panel:end -->"
TASKS = {"First-time purchases": ("purchase",), "All purchases": ()}
COSINE = {"damping": 0.0, "norm_from": 0.5, "norm_to": 0.5, "k": 100, "min_common": 1}
METRICS = ("ndcg@10", "recall@20", "hit_rate@10")
TRIES = 60


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


def tables(x: Interactions, tries: int = TRIES) -> str:
    """Return both tables in Markdown, and what they were made of."""
    train, validation, test = time_split(x)
    tuner, earlier = Tuner(train, validation.users), together(train, validation)
    found = []
    for task, exclude in TASKS.items():
        chosen: dict[str, dict[str, Any]] = {}
        for name in ("popularity", "item_neighbours"):
            chosen[name] = dict(find_settings(
                name, train, validation, tries=tries, exclude=exclude,
                fixed={"weights": {"purchase": 1.0}},
                tuner=tuner if name == "item_neighbours" else None).chosen.fields)
        methods = {
            "bestsellers": ("popularity", {}),
            "bestsellers, window searched": ("popularity", chosen["popularity"]),
            "plain cosine": ("item_neighbours", COSINE),
            "neighbours, searched": ("item_neighbours", chosen["item_neighbours"]),
        }
        measured = {
            label: evaluate(MODELS[name](**fields).fit(earlier), test, (10, 20), exclude)
            for label, (name, fields) in methods.items()}
        lines = [f"**{task}** ({measured['bestsellers']['users']:,.0f} households)", "",
                 "| method | nDCG@10 | recall@20 | hit rate@10 | goods shown @10 | nDCG@10 of the "
                 "searched neighbours less this |", "|---|--:|--:|--:|--:|--:|"]
        best = measured["neighbours, searched"]
        for label, mine in measured.items():
            ranges = [interval(mine.per_user[m]) for m in METRICS]
            gap = paired(best, mine, "ndcg@10")
            lines.append("| " + " | ".join([
                label, *(f"{r.mean:.3f} ({r.low:.3f} – {r.high:.3f})" for r in ranges),
                f"{mine['coverage@10']:.0%}",
                "" if mine is best else f"{gap.mean:+.3f} ({gap.low:+.3f} – {gap.high:+.3f})",
            ]) + " |")
        setting = ", ".join(f"{k} {v}" for k, v in chosen["item_neighbours"].items()
                            if k != "weights")
        lines += ["", f"Neighbours, best of {tries} settings: {setting or 'the standard ones'}."]
        found.append("\n".join(lines))
    a, b = x.shape
    first, last = str(earlier.end)[:10], str(test.end)[:10]
    return "\n\n".join([
        f"{a:,} households, {b:,} product types; fitted until {first}, measured until {last}; "
        "ranges of 95 %.", *found])


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
