"""What a model is asked to foresee: the answer to a campaign, or a purchase within some days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from omni_core.errors import BadTarget, SentBefore, TargetNotOver, UnknownName
from omni_core.targeting.features import features

if TYPE_CHECKING:
    import pandas as pd

# How files say "was not contacted" in the arm column, and "answered" in the outcome column.
CONTROL = (
    "control|control group|holdout|hold-out|held back|none|no mail|no e-mail|no email|no send|"
    "not sent|unsent|对照|对照组|空白|空白组|未发送|不发送|保留组"
)
YES = (
    "yes|y|true|t|responded|response|answered|converted|conversion|purchase|purchased|bought|buy|"
    "order|ordered|redeemed|used|是|有|已响应|响应|已转化|转化|成交|已购买|购买|已下单|下单|已核销|核销|已使用"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed target: kind "responded" with a campaign, or "buys_within" with days."""

    kind: str
    campaign: str | None = None
    days: int = 0

    def __str__(self) -> str:
        return f"{self.kind}:{self.campaign if self.kind == 'responded' else self.days}"


def parse_target(text: str) -> Target:
    """Return the target written as "responded:CAMPAIGN" or "buys_within:DAYS".

    Raises ``BadTarget`` for anything else; days go from 1 to 366.
    """
    kind, colon, rest = str(text).partition(":")
    if kind == "responded" and colon and rest:
        return Target("responded", campaign=rest)
    if kind == "buys_within" and re.fullmatch(r"[0-9]{1,3}", rest) and 1 <= int(rest) <= 366:
        return Target("buys_within", days=int(rest))
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
    found = ws.query("campaigns", control=CONTROL, yes=YES)
    found.insert(1, "day", [local_day(ws, t.to_pydatetime()) for t in found["first_sent"]])
    found.insert(2, "last_day", [local_day(ws, t.to_pydatetime()) for t in found["last_sent"]])
    return found.drop(columns=["first_sent", "last_sent"])


def campaign_answers(ws: Any, campaign: str) -> pd.DataFrame:
    """Return the people a campaign was sent to, indexed by user: sent_at, responded_at, answered.

    Times are naive UTC. Raises ``UnknownName`` for a campaign that is not in the sends.
    """
    people = ws.query("campaign_answers", campaign=campaign, control=CONTROL, yes=YES)
    if people.empty:
        raise UnknownName("campaign", campaign, campaigns(ws)["campaign"].tolist())
    return people.set_index("user")


def build_features(
    ws: Any, as_of: date | datetime | None, target: str | None = None
) -> tuple[pd.DataFrame, pd.Series | None]:
    """Return features X and outcome y (0 or 1), both indexed by user, as known before ``as_of``.

    ``target`` "responded:CAMPAIGN": the people it was sent to at or after ``as_of`` (None: the day
    of its first send), y = answered; a control group is left out. "buys_within:DAYS": everyone
    known before ``as_of``, y = purchase in the days from it. None: everyone, y is None.

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
    return _buys(ws, as_of, wanted.days)


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


def _buys(ws: Any, as_of: date | datetime, days: int) -> tuple[pd.DataFrame, pd.Series]:
    import pandas as pd

    until = as_of + timedelta(days=days)
    span = data_days(ws)
    if span is None or moment(ws, until) > moment(ws, span[1]):
        raise TargetNotOver(days=days, as_of=as_of, until=until, last=span[1] if span else "–")
    x = features(ws, as_of)
    buyers = ws.query("buyers", as_of=moment(ws, as_of), until=moment(ws, until))["user"]
    y = pd.Series(x.index.isin(buyers.to_numpy()).astype(int), index=x.index, name="buys_within")
    return x, y
