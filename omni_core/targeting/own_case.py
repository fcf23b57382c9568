"""A file of one row a person as a case: rows to learn from, people to score, the test between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from omni_core.errors import NothingToLearn
from omni_core.targeting import own
from omni_core.targeting.case import Case
from omni_core.targeting.contacts import YES, header_kind
from omni_core.targeting.evaluate import Scores, holdout
from omni_core.targeting.model import ResponseModel
from omni_core.targeting.stack import Stack
from omni_core.targeting.targets import Target

if TYPE_CHECKING:
    import pandas as pd

    from omni_core.reading import PlainTable

_BANDS = ((18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"),
          (65, "55-64"))
_GENDER = {"f": "female", "female": "female", "woman": "female", "女": "female", "女性": "female",
           "m": "male", "male": "male", "man": "male", "男": "male", "男性": "male"}


def own_rows(table: PlainTable, columns: Sequence[own.Column], outcome: str, y: Any,
             id_column: str | None, when: str | None = None) -> Stack:
    """Return the rows with a known outcome as one stack.

    ``when``: a column of dates, so that the latest can be tested on; without it people are divided
    by a hash of their id. Raises ``NothingToLearn`` when no column may be read.
    """
    x = own.matrix(table, columns, outcome)
    if not x.shape[1]:
        raise NothingToLearn()
    said = ~np.isnan(y)
    names = list(x.columns)
    day = _days(table, when)
    return Stack(
        Target("own"), x[said].reset_index(drop=True), y[said].astype(np.int64),
        own.ids(table, id_column)[said], np.full(int(said.sum()), "", object), day[said],
        np.full(int(said.sum()), np.datetime64("NaT"), "datetime64[us]"), None, 0,
        baseline=own.of_roles(columns, names, ("age", "gender", "channel", "interests")),
        sensitive=own.of_roles(columns, names, ("age", "birth_date", "gender")))


def own_case(ws: Any, table: PlainTable, columns: Sequence[own.Column], rows: Stack, y: Any,
             id_column: str | None, outcome: str, kind: str, known_after: Sequence[str] = (),
             blind: bool = False) -> Case:
    """Test on rows held out, then learn from all of them and score everyone in the file.

    Where some rows have no outcome yet, only they are scored: the others have answered already.
    ``blind``: the model sees neither age nor gender.
    """
    bar, rows = rows, rows.without(rows.sensitive) if blind else rows
    known_after = own.inputs_of(list(rows.x.columns), known_after)
    held = holdout(ws, rows, kind, known_after, bar)
    model = ResponseModel(kind, known_after).fit(rows.x, rows.y)
    x = own.matrix(table, columns, outcome)[list(rows.x.columns)]
    users = own.ids(table, id_column)
    open_ = np.isnan(y)
    wanted = open_ if open_.any() else np.ones(len(x), bool)
    first = np.zeros(len(x), bool)
    first[np.unique(users, return_index=True)[1]] = True  # a person twice in the file counts once
    wanted &= first
    scores = Scores(date.today(), users[wanted], model.predict_proba(x[wanted]),
                    x[wanted].set_index(users[wanted]), model)
    return Case(rows, held, scores, _people(table, columns, users), own=True, table=table,
                known_after=tuple(known_after), open_rows=bool(open_.any()))


def _days(table: PlainTable, when: str | None) -> Any:
    import pandas as pd

    if when is None:
        return np.full(len(table.rows), np.datetime64("1970-01-01", "D"))
    text = table.rows[when].astype("string").str.replace(r"[年月/.]", "-", regex=True)
    # one cell tells it for all: of a column that holds 13-11-2026, 05-11-2026 is no day in May
    if text.str.match(r"\s*(?:1[3-9]|2\d|3[01])-\d{1,2}-\d{4}").any():
        text = text.str.replace(r"^\s*(\d{1,2})-(\d{1,2})-(\d{4})", r"\3-\2-\1", regex=True)
    days = pd.to_datetime(text.str.replace("日", ""), errors="coerce", format="mixed", utc=True)
    return np.asarray(days.dt.tz_localize(None).fillna(pd.Timestamp("1970-01-01"))).astype(
        "datetime64[D]")


def _people(table: PlainTable, columns: Sequence[own.Column], users: Any) -> pd.DataFrame:
    """Return band, gender, consents and in_file of everyone, by user, as a workspace has them.

    ``in_file`` is false: nobody here joined after the file was made.
    """
    import pandas as pd

    role = {c.role: c for c in columns if c.role}
    band: list[str] = ["unknown"] * len(users)
    if "age" in role:
        age = own.numbers(table.rows[role["age"].name])
        band = [next((b for top, b in _BANDS if a < top), "65+") if 5 <= a <= 110 else "unknown"
                for a in age]
    gender = ["unknown"] * len(users)
    if "gender" in role:
        gender = [_GENDER.get(str(c or "").strip().lower(), "unknown")
                  for c in table.rows[role["gender"].name]]
    out = pd.DataFrame({"band": band, "gender": gender, "consent_email": None,
                        "consent_sms": None, "in_file": False}, index=pd.Index(users, name="user"))
    for column in columns:
        said = header_kind(column.name, table.personal)
        if said not in ("consent", "suppressed"):
            continue
        yes = [None if c is None else (str(c).strip().lower() in YES) == (said == "consent")
               for c in table.rows[column.name]]
        place = "consent_sms" if column.role == "consent_sms" else "consent_email"
        was = out[place].tolist()
        out[place] = pd.array([_both(a, b) for a, b in zip(was, yes, strict=True)], "boolean")
    return out[~out.index.duplicated()]


def _both(a: Any, b: Any) -> Any:
    """Two columns on one consent: a no in either is a no."""
    known = [bool(v) for v in (a, b) if v is not None and v == v]
    return all(known) if known else None
