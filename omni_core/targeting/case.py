"""What the ads page speaks of: rows learned from, their test, everyone's score, who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omni_core.targeting.evaluate import Holdout, Scores, holdout, score_everyone
from omni_core.targeting.stack import Stack

if TYPE_CHECKING:
    import pandas as pd

    from omni_core.reading import PlainTable


@dataclass(frozen=True)
class Case:
    """``people``: band, gender, consents and in_file by user; ``own``: from a file of her own."""

    rows: Stack
    held: Holdout
    scores: Scores
    people: pd.DataFrame
    own: bool = False
    table: PlainTable | None = None    # the file itself, where it is her own
    known_after: tuple[str, ...] = ()
    open_rows: bool = False            # some rows of the file have no outcome yet


def shop_case(ws: Any, rows: Stack, kind: str, blind: bool = False) -> Case:
    """Test a model on a workspace's past and score everyone known now.

    ``blind``: the model sees neither age nor gender; the baseline it has to beat still does.
    """
    seen = rows.without(rows.sensitive) if blind else rows
    return Case(seen, holdout(ws, seen, kind, bar=rows), score_everyone(ws, seen, kind),
                people_of(ws))


def people_of(ws: Any, segment: Any = None) -> pd.DataFrame:
    """Return band, gender, consents and in_file of every shopper (of a segment), by user.

    Raises ``TooFewPeople`` for a segment by what people are that is too small to be shown.
    """
    return ws.query("audience_people", segment=segment).set_index("user")
