"""A file of one row a person and any columns: what its columns are, and its rows for a model.

The shape of the source articles: age, gender, interests, outcome. Nothing of the file is stored.
Types come from the cells: "05" is a word, not five; a column of dates, of ids or of addresses is
never learned from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.errors import NoOutcome, OneOutcome
from omni_core.i18n import N_
from omni_core.targeting import alarms
from omni_core.targeting.contacts import YES, header_kind
from omni_core.targeting.evaluate import Array

if TYPE_CHECKING:
    import pandas as pd

    from omni_core.reading import PlainTable

KINDS: dict[str, str] = {
    "number": N_("number"), "yes_no": N_("yes or no"), "words": N_("words"),
    "several": N_("several words in a cell"), "date": N_("date"), "id": N_("names the row"),
    "personal": N_("address or name"), "same": N_("the same everywhere"), "empty": N_("empty"),
    "consent": N_("consent"),
}
USED = ("number", "yes_no", "words", "several")  # what a model may read
OUTCOMES = ("number", "yes_no", "words", "same")  # what may say what came of a person
_NUMBER = re.compile(r"[+-]?[¥￥$€£]?\s?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?\s?[%岁元]?")
_SEVERAL = re.compile(r"\s*[;；|、,，/]\s*")
_MOST_WORDS = 12
_NO = frozenset(("no", "n", "false", "f", "0", "0.0", "否", "无", "没有", "未"))
_OUTCOME = frozenset(map(normalise_header, (
    "outcome", "y", "target", "label", "response", "responded", "clicked", "click", "converted",
    "conversion", "bought", "purchased", "purchase", "buy", "redeemed", "subscribed", "结果",
    "响应", "是否响应", "购买", "是否购买", "点击", "是否点击", "转化", "是否转化", "成交",
    "下单")))
_INTERESTS = frozenset(map(normalise_header, (
    "interests", "interest", "hobby", "hobbies", "兴趣", "兴趣爱好", "爱好", "偏好")))
_BASE_ROLES = ("age", "birth_date", "gender", "channel")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its kind, what it means if its header says so, what stands in it."""

    name: str
    kind: str
    role: str | None
    filled: float
    distinct: int
    example: str

    @property
    def levels(self) -> bool:
        """Whether its few different values can be told one by one."""
        few = self.kind == "number" and self.distinct <= 2
        return few or self.kind in ("yes_no", "words", "same")


def describe(table: PlainTable) -> tuple[Column, ...]:
    """Return what each column is."""
    return tuple(_column(table, str(h)) for h in table.rows.columns)


def _column(table: PlainTable, header: str) -> Column:
    cells = table.rows[header]
    known = cells.dropna().astype(str)
    normal = normalise_header(header)
    role = next((r for r in ("user", *_BASE_ROLES, "city", "consent_email", "consent_sms")
                 if normal in SYNONYMS[r]), "interests" if normal in _INTERESTS else None)
    distinct = int(known.nunique())
    return Column(header, _kind(table, header, known, role, distinct), role,
                  float(len(known) / max(len(cells), 1)), distinct, known.iloc[0] if len(known)
                  else "")


def _kind(table: PlainTable, header: str, known: pd.Series, role: str | None, distinct: int) -> str:
    if not len(known):
        return "empty"
    if header in table.personal:
        return "personal"
    if header_kind(header, table.personal) in ("consent", "suppressed"):
        return "consent"
    if role == "user":
        return "id"
    if distinct == 1:
        return "same"
    if alarms.is_date_text(known):
        return "date"
    low = set(known.str.strip().str.lower())
    if low <= YES | _NO:
        return "yes_no"
    # 05 is a code that happens to be written in digits
    coded = known.str.match(r"0\d+$").any()
    if not coded and known.map(lambda c: bool(_NUMBER.fullmatch(c.strip()))).mean() >= 0.95:
        values = numbers(table.rows[header])
        return "id" if alarms.identifiers(_frame(header, values)) else "number"
    if known.str.contains(_SEVERAL).mean() >= 0.2 and known.str.len().mean() < 60:
        return "several"
    return "id" if alarms.identifiers(_frame(header, table.rows[header])) else "words"


def _frame(name: str, values: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: values})


def numbers(cells: pd.Series) -> Array:
    """Return cells as numbers, without signs of money and units; NaN for what is none."""
    import pandas as pd

    bare = cells.astype("string").str.replace(r"[¥￥$€£,%岁元\s]", "", regex=True)
    return np.asarray(pd.to_numeric(bare, errors="coerce").astype("Float64").to_numpy(
        dtype=float, na_value=np.nan))


def guess_outcome(columns: Sequence[Column]) -> str | None:
    """Return the column that most likely says what came of each person, or None."""
    able = [c for c in columns if c.kind in OUTCOMES and c.role is None]
    named = [c.name for c in able if normalise_header(c.name) in _OUTCOME]
    return next(iter(named), None)


def guess_id(columns: Sequence[Column]) -> str | None:
    """Return the column that names the person: by its header, else the first that names rows."""
    named = [c.name for c in columns if c.role == "user" and c.kind in ("id", "personal")]
    return next(iter(named or [c.name for c in columns if c.kind == "id"]), None)


def values_of(table: PlainTable, column: str) -> dict[str, int]:
    """Return the different values of a column as text with their rows, the most frequent first."""
    counts = table.rows[column].dropna().astype(str).str.strip().value_counts()
    return {str(v): int(counts[v]) for v in sorted(counts.index, key=lambda v: (-counts[v], v))}


def guess_yes(values: Iterable[str]) -> list[str]:
    """Return those of the values that say yes."""
    return [v for v in values if v.lower() in YES]


def middle(table: PlainTable, column: str) -> float | None:
    """Return the middle of a column of numbers, where a control for "at least" begins."""
    values = numbers(table.rows[column])
    return round(float(np.nanmedian(values)), 2) if (~np.isnan(values)).any() else None


def outcomes(
    table: PlainTable, column: str, yes: Sequence[str] = (), at_least: float | None = None
) -> Array:
    """Return (n,) 1 for yes, 0 for no, NaN where the cell is empty.

    ``yes``: the values that mean it; or ``at_least``: numbers from there on do. Raises
    ``OneOutcome`` when everyone says the same, ``NoOutcome`` when nothing is said.
    """
    cells = table.rows[column]
    if at_least is not None:
        said = numbers(cells)
        y = np.where(np.isnan(said), np.nan, (said >= at_least).astype(float))
    else:
        wanted = {str(v).strip() for v in yes}
        y = np.array([np.nan if c is None else float(str(c).strip() in wanted) for c in cells])
    known = y[~np.isnan(y)]
    if not len(known):
        raise NoOutcome(column=column)
    if known.min() == known.max():
        raise OneOutcome(column=column, rows=len(known), yes=bool(known[0]))
    return y


def matrix(table: PlainTable, columns: Sequence[Column], outcome: str) -> pd.DataFrame:
    """Return what a model may read, typed; ages of 0 and 999 are unknown; cells of several words
    become a yes or no for each of the 12 most frequent words."""
    import pandas as pd

    out: dict[str, Any] = {}
    for column in columns:
        cells = table.rows[column.name]
        if column.name == outcome or column.kind not in USED:
            continue
        if column.kind == "number":
            values = numbers(cells)
            if column.role == "age":
                values = np.where((values < 5) | (values > 110), np.nan, values)
            out[column.name] = values
        elif column.kind == "several":
            parts = cells.map(lambda c: frozenset(_SEVERAL.split(str(c).strip())) if c else None)
            counts = pd.Series([w for p in parts if p for w in p if w]).value_counts()
            for word in list(counts.index[:_MOST_WORDS]):
                out[f"{column.name}: {word}"] = np.array(
                    [np.nan if p is None else float(word in p) for p in parts])
        elif column.kind == "yes_no":
            out[column.name] = np.array(
                [np.nan if c is None else float(str(c).strip().lower() in YES) for c in cells])
        else:
            out[column.name] = cells.map(lambda c: None if c is None else str(c).strip())
    return pd.DataFrame(out, index=pd.RangeIndex(len(table.rows)))


def of_roles(columns: Sequence[Column], names: Sequence[str], roles: Sequence[str]
             ) -> tuple[str, ...]:
    """Return which columns of a matrix come from columns of the file with one of the roles."""
    return inputs_of(names, [c.name for c in columns if c.role in roles])


def inputs_of(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return which columns of a matrix come from columns of the file."""
    return tuple(n for n in names if n in columns or n.partition(": ")[0] in columns)


def ids(table: PlainTable, column: str | None) -> NDArray[np.object_]:
    """Return (n,) who each row is; the row's number where no column or cell says it."""
    said = [None] * len(table.rows) if column is None else list(table.rows[column])
    return np.array([str(s) if s else f"#{i + 1}" for i, s in enumerate(said)], object)
