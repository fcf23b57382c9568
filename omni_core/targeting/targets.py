"""What a model is asked to foresee: an answer to a campaign, a purchase, a lapse.

Every target is a text that a link, a file of settings or a script can carry:
"responded:CAMPAIGN", "buys_within:DAYS", "buys_category:DAYS:CATEGORY", "lapses_within:DAYS".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from omni_core.errors import BadTarget, SentBefore, TargetNotOver, UnknownName
from omni_core.i18n import N_
from omni_core.targeting.features import features
from omni_core.targeting.outcomes import answers

if TYPE_CHECKING:
    import pandas as pd

# How files say "was not contacted" in the arm column.
CONTROL = (
    "control|control group|holdout|hold-out|held back|none|no mail|no e-mail|no email|no send|"
    "not sent|unsent|对照|对照组|空白|空白组|未发送|不发送|保留组"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed target: "responded" has a campaign, the others days, "buys_category" a category."""

    kind: str
    campaign: str | None = None
    days: int = 0
    category: str | None = None

    def __str__(self) -> str:
        parts = (self.kind, self.campaign, self.days or None, self.category)
        return ":".join(str(p) for p in parts if p is not None)


def parse_target(text: str) -> Target:
    """Return the target that a text names (see the top of this file).

    Raises ``BadTarget`` for anything else; days go from 1 to 366.
    """
    kind, colon, rest = str(text).partition(":")
    if kind == "responded" and colon and rest:
        return Target("responded", campaign=rest)
    days, _colon, category = rest.partition(":")
    if re.fullmatch(r"[0-9]{1,3}", days) and 1 <= int(days) <= 366:
        if kind in ("buys_within", "lapses_within") and not _colon:
            return Target(kind, days=int(days))
        if kind == "buys_category" and category:
            return Target(kind, days=int(days), category=category)
    raise BadTarget(target=text)


def moment(ws: Any, when: date | datetime) -> datetime:
    """Return a moment as naive UTC; a date is its first moment in the shop's zone."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time())
    if when.tzinfo is None:
        when = when.replace(tzinfo=ZoneInfo(str(ws.timezone)))
    return when.astimezone(UTC).replace(tzinfo=None)


def local_time(ws: Any, when: datetime) -> datetime:
    """Return a naive UTC moment as a time in the shop's zone."""
    return when.replace(tzinfo=UTC).astimezone(ZoneInfo(str(ws.timezone)))


def local_day(ws: Any, when: datetime) -> date:
    """Return the day in the shop's zone of a naive UTC moment."""
    return local_time(ws, when).date()


def data_days(ws: Any) -> tuple[date, date] | None:
    """Return the first day with activity and the day after the last one; None without activity."""
    row = ws.query("data_span").iloc[0]
    if row["first_ts"] is None or row["first_ts"] != row["first_ts"]:
        return None
    first, last = row["first_ts"].to_pydatetime(), row["last_ts"].to_pydatetime()
    return local_day(ws, first), local_day(ws, last) + timedelta(days=1)


def campaigns(ws: Any) -> pd.DataFrame:
    """Return a row per campaign: campaign, day (first send), last_day, people, answers, held_back.

    ``people`` and ``answers`` leave out a control group, whose number is ``held_back``.
    """
    found = ws.query("campaigns", control=CONTROL, yes=answers(ws))
    found.insert(1, "day", [local_day(ws, t.to_pydatetime()) for t in found["first_sent"]])
    found.insert(2, "last_day", [local_day(ws, t.to_pydatetime()) for t in found["last_sent"]])
    return found.drop(columns=["first_sent", "last_sent"])


def campaign_answers(ws: Any, campaign: str) -> pd.DataFrame:
    """Return the people a campaign was sent to, indexed by user: sent_at, responded_at, answered.

    Times are naive UTC. Raises ``UnknownName`` for a campaign that is not in the sends.
    """
    people = ws.query("campaign_answers", campaign=campaign, control=CONTROL, yes=answers(ws))
    if people.empty:
        raise UnknownName(N_("campaign"), campaign, campaigns(ws)["campaign"].tolist())
    return people.set_index("user")


def build_features(
    ws: Any, as_of: date | datetime | None, target: str | None = None
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Return features X and outcome y (0 or 1), both indexed by user, as known before ``as_of``.

    ``target`` "responded:CAMPAIGN": the people it was sent to at or after ``as_of`` (None: the day
    of its first send), y = answered; a control group is left out. "buys_within:DAYS": everyone
    known before ``as_of``, y = purchase in the days from it. "buys_category:DAYS:CATEGORY": the
    same, of that category. "lapses_within:DAYS": who bought in as many days before ``as_of``,
    y = no purchase in the days from it. None: everyone, y is None.

    Raises ``BadTarget``, ``UnknownName`` for an unknown campaign, ``SentBefore`` when the campaign
    went out before ``as_of``, ``TargetNotOver`` when the data end before the days are over.
    """
    if target is None:
        if as_of is None:
            raise BadTarget(target=target)
        return features(ws, as_of), None
    wanted = parse_target(target)
    if wanted.kind == "responded":
        return _responded(ws, as_of, str(wanted.campaign))
    if as_of is None:
        raise BadTarget(target=target)
    return _within(ws, as_of, wanted)


def _responded(
    ws: Any, as_of: date | datetime | None, campaign: str
) -> tuple[pd.DataFrame, pd.Series]:
    people = campaign_answers(ws, campaign)
    if as_of is None:
        as_of = local_day(ws, people["sent_at"].min().to_pydatetime())
    people = people[people["sent_at"] >= moment(ws, as_of)]
    if people.empty:  # they may have answered before the features end
        raise SentBefore(campaign=campaign, as_of=as_of)
    x = features(ws, as_of, campaign).loc[people.index]
    return x, people["answered"].astype(int).rename("responded")


def _within(
    ws: Any, as_of: date | datetime, target: Target
) -> tuple[pd.DataFrame, pd.Series]:
    import pandas as pd

    until = as_of + timedelta(days=target.days)
    span = data_days(ws)
    if span is None or moment(ws, until) > moment(ws, span[1]):
        raise TargetNotOver(days=target.days, as_of=as_of, until=until,
                            last=span[1] if span else "–")
    if target.category is not None:
        known = categories(ws)
        if target.category not in known:
            raise UnknownName(N_("category of goods"), target.category, known)
    x = features(ws, as_of)
    x = x[at_risk(x, target)]
    buyers = buyers_between(ws, as_of, until, target.category)["user"]
    bought = x.index.isin(buyers.to_numpy())
    y = pd.Series((bought != (target.kind == "lapses_within")).astype(int), index=x.index,
                  name=target.kind)
    return x, y


def at_risk(x: pd.DataFrame, target: Target) -> Any:
    """Return which rows a target speaks of: of a lapse, only who bought as recently as that."""
    if target.kind != "lapses_within":
        return x.index == x.index
    return (x["days_since_purchase"] < target.days).to_numpy()


def buyers_between(
    ws: Any, start: date | datetime, until: date | datetime, category: str | None = None
) -> pd.DataFrame:
    """Return who bought from ``start`` to before ``until`` (of one category): user, coupon.

    ``coupon``: whether any of these orders had one.
    """
    return ws.query("buyers", as_of=moment(ws, start), until=moment(ws, until), category=category)


def categories(ws: Any) -> list[str]:
    """Return the categories of goods that were bought, most buyers first."""
    return list(ws.query("bought_categories")["category"])
