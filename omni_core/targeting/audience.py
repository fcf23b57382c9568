"""The people behind a cut-off: who may be contacted, who they are, the list to take away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import UnknownName
from omni_core.i18n import N_
from omni_core.metrics import FEW, wilson
from omni_core.small_cells import hidden, suppress
from omni_core.targeting.evaluate import Holdout, Scores
from omni_core.targeting.money import Ranking

if TYPE_CHECKING:
    import pandas as pd

CONSENTS = ("consent_email", "consent_sms")
GROUPS = ("band", "gender", "channel", "segment")  # what the audience is broken down by


@dataclass(frozen=True)
class Audience:
    """Scored people who may be contacted: ``people`` (rows in the order of ``ranking``).

    ``known`` scored people, of whom ``unconsented`` were left out; ``consents`` are the consent
    columns the customer file has, ``consent`` the one that was honoured (None: the file has none).
    ``later``: how many of the customer file were not scored, because they joined afterwards.
    ``elsewhere``: how many who may be contacted were left out for not being ``among`` (None: not
    asked).
    """

    ranking: Ranking
    people: pd.DataFrame
    known: int
    unconsented: int
    consents: tuple[str, ...]
    consent: str | None
    later: int = 0
    elsewhere: int | None = None


def consent_columns(people: pd.DataFrame) -> tuple[str, ...]:
    """Return the consent columns that hold a yes or a no for anyone."""
    return tuple(c for c in CONSENTS if people[c].notna().any())


def audience(
    everyone: pd.DataFrame, scores: Scores, held: Holdout, consent: str | None = None,
    among: Iterable[str] | None = None,
) -> Audience:
    """Return everyone scored who may be contacted, ranked; ties are in the order of the ids.

    ``everyone``: band, gender, consents and in_file by user (``case.people_of``). ``among``: the
    ids of a segment; then only its members are kept.

    Where the customer file says who consents, only those with a yes are kept: by ``consent``
    ("consent_email" or "consent_sms"), or by the first such column. Raises ``UnknownName`` for a
    column the file does not have.
    """
    people = everyone.reindex(scores.user)
    present = consent_columns(people)
    if consent is not None and consent not in present:
        raise UnknownName(N_("consent column"), consent, present)
    honoured = consent or (present[0] if present else None)
    allowed: NDArray[np.bool_] = np.ones(len(people), bool)
    if honoured is not None:
        allowed = people[honoured].eq(True).fillna(False).to_numpy(bool)
    inside = allowed if among is None else allowed & people.index.isin(list(among))
    ranking = Ranking(scores.p[inside], scores.user[inside], held.y, held.p)
    ranked = people[inside].iloc[ranking.order].reset_index(names="user")
    ranked.insert(1, "score", ranking.p)
    known = [c for c in GROUPS if c in ranked]
    return Audience(
        ranking, ranked[["user", "score", *known]], len(people),
        int(len(people) - allowed.sum()), present, honoured,
        int(everyone["in_file"].sum() - people["in_file"].eq(True).sum()),
        None if among is None else int(allowed.sum() - inside.sum()),
    )


def chosen(who: Audience, reach: int | NDArray[np.bool_]) -> pd.DataFrame:
    """Return the list to export: user and score of the first ``reach`` people, best first.

    Or of those that a mask over the ranking marks.
    """
    rows = who.people.iloc[:reach] if isinstance(reach, int) else who.people[reach]
    return rows[["user", "score"]].round({"score": 6})


def breakdown(who: Audience, reach: int, by: str, k: int = 1) -> pd.DataFrame:
    """Return, per group of a column of ``GROUPS``: shoppers, chosen, its share and 95 % range.

    Groups of fewer than 30 are shown and marked in ``few``, never dropped; "unknown" comes last.
    Counts of fewer than ``k`` people are empty, and so is what would tell them.
    """
    import pandas as pd

    rows = []
    inside = np.arange(len(who.people)) < reach
    groups = who.people[by].to_numpy(object)
    for name in sorted(set(groups), key=lambda g: (g == "unknown", g != "under 18", str(g))):
        member = groups == name
        n, taken = int(member.sum()), int((member & inside).sum())
        low, high = wilson(taken, n)
        rows.append((name, n, taken, taken / n, low, high, n < FEW))
    table = pd.DataFrame(
        rows, columns=[by, "shoppers", "chosen", "share", "low", "high", "few"])
    # of a large group few may be chosen, or few left over: how many are reached is known as well
    left = table.assign(left=table["shoppers"] - table["chosen"])
    away = hidden(left["chosen"], k) | hidden(left["left"], k)
    table = suppress(table, k, "shoppers", ("chosen", "share", "low", "high"))
    if len(table) and away.any():
        for column in ("chosen", "share", "low", "high"):
            table[column] = table[column].mask(away)
    return table


def is_known(who: Audience, by: str) -> bool:
    """Return whether a column is there and says anything of anyone."""
    return by in who.people and bool((who.people[by] != "unknown").any())


def any_known(table: pd.DataFrame, by: str) -> bool:
    """Return whether a breakdown has any group but "unknown"."""
    return bool((table[by] != "unknown").any())
