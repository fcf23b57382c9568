"""Some rows of a file to show beside a question, so that she can see what it is about."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from omni_core.ingest.dialect import Dialect
from omni_core.ingest.report import Question

_ROWS, _COLUMNS = 5, 4


def examples(question: Question, dialect: Dialect | None) -> pd.DataFrame:
    """Return up to five rows of the columns that a question is about, the telling ones first.

    For sheets of a workbook, which are told apart before one is read, a row a sheet.
    """
    if dialect is None:
        found = question.values.get("beginnings", {})
        return pd.DataFrame({"sheet": list(found), "row_1": [(*t, "")[0] for t in found.values()],
                             "row_2": [(*t, "", "")[1] for t in found.values()]}, dtype="str")
    header, sample = dialect.header, dialect.sample
    about = question.values.get("column")
    places = [i for i, name in enumerate(header) if name and name in (about or question.options)]
    if not places:
        return preview(header, sample[:_ROWS])
    telling = str(question.values.get("word", question.values.get("example", "")))
    # the cell that the question quotes comes first, empty ones last
    order = sorted(range(len(sample)), key=lambda n: _rank(sample[n], places, telling))
    chosen, seen = [], set()
    for n in order:
        cells = tuple(sample[n][i] if i < len(sample[n]) else "" for i in places[:_COLUMNS])
        if cells not in seen or (about and "word" in question.values):
            seen.add(cells)
            chosen.append(n)
        if len(chosen) == _ROWS:
            break
    if about:  # one column alone says little: the first ones beside it tell which row it is
        places = sorted({*places[:1], *range(min(_COLUMNS, len(header)))})
    table = preview(header, [sample[n] for n in chosen])
    return table.iloc[:, places if about else places[:2 * _COLUMNS]]


def _rank(row: Sequence[str], places: Sequence[int], telling: str) -> tuple[bool, bool]:
    cells = [row[i].strip() for i in places if i < len(row)]
    return not any(telling and telling in c for c in cells), not any(cells)


def preview(header: Sequence[str], rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return rows as a table of text under the file's own column names."""
    names = [h or f"({i + 1})" for i, h in enumerate(header)]
    names = [f"{n} ({i + 1})" if names.count(n) > 1 else n for i, n in enumerate(names)]
    cells = [(list(r) + [""] * len(names))[: len(names)] for r in rows]
    return pd.DataFrame(cells, columns=names, dtype="str")
