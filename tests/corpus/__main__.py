"""``python -m tests.corpus``: put every file to the product and print what came of it.

With ``--write`` the table goes into the README, between its markers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.corpus import FIXTURES
from tests.corpus.base import OUTCOMES, judge

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- corpus:begin -->", "<!-- corpus:end -->"


def table(outcomes: Iterable[tuple[str, bool, str]]) -> str:
    """Return the table of (group, confirmed, outcome) in Markdown, a group a row."""
    counts: dict[str, Counter[str]] = {}
    sure: dict[str, bool] = {}
    for group, confirmed, outcome in outcomes:
        counts.setdefault(group, Counter())[outcome] += 1
        sure[group] = sure.get(group, True) and confirmed
    lines = ["| files | of them | " + " | ".join(OUTCOMES) + " |",
             "|---|--:|" + "--:|" * len(OUTCOMES)]
    total: Counter[str] = Counter()
    for group, found in counts.items():
        total += found
        label = group if sure[group] else f"{group} *(header unconfirmed)*"
        lines.append(_line(label, found))
    return "\n".join([*lines, _line("**all**", total)])


def _line(label: str, found: Counter[str]) -> str:
    return f"| {label} | {found.total()} | " + " | ".join(str(found[o]) for o in OUTCOMES) + " |"


def written(readme: str) -> str:
    """Return the table that stands in the README; empty where the markers are missing."""
    return readme.partition(BEGIN)[2].partition(END)[0].strip()


def main(arguments: list[str]) -> int:
    found = []
    wrong = 0
    for each in FIXTURES:
        outcome, differences = judge(each)
        found.append((each.group, each.confirmed, outcome))
        if differences:
            wrong += 1
            print(each.id, outcome, *differences, sep="\n    ", file=sys.stderr)
    made = table(found)
    print(made)
    if "--write" in arguments:
        text = README.read_text("utf-8")
        head, _, rest = text.partition(BEGIN)
        README.write_text(f"{head}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
