"""Groups of shoppers by plain conditions: "two orders or more, the last one 90 days ago or more".

A segment is a value: it can be saved under a name, put into any query as its ``segment`` filter,
and turned round ("everybody else"). What is not known of a person meets no condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from omni_core.errors import BadParameter, UnknownName
from omni_core.i18n import N_, _, number

KIND = "segment"  # of the artefacts that hold saved ones
MOST = 12  # conditions


@dataclass(frozen=True, slots=True)
class Field:
    """What a condition can be about. kind: "number", "choice" or "flag"."""

    label: str
    kind: str
    personal: bool = False  # what a person is, not what she did
    unit: str = ""


FIELDS: dict[str, Field] = {
    "orders": Field(N_("Number of orders"), "number"),
    "revenue": Field(N_("Money spent"), "number", unit="money"),
    "mean_order": Field(N_("Mean order"), "number", unit="money"),
    "days_since_order": Field(N_("Days since the last order"), "number"),
    "days_since_seen": Field(N_("Days since last seen"), "number"),
    "days_known": Field(N_("Days since first known"), "number"),
    "views": Field(N_("Number of views"), "number"),
    "left_carts": Field(N_("Products left in the cart"), "number"),
    "rfm": Field(N_("Customer group"), "choice"),
    "category": Field(N_("Bought from category"), "choice"),
    "channel": Field(N_("Came through channel"), "choice"),
    "age": Field(N_("Age"), "number", personal=True),
    "age_band": Field(N_("Age band"), "choice", personal=True),
    "gender": Field(N_("Gender"), "choice", personal=True),
    "city": Field(N_("City"), "choice", personal=True),
    "segment": Field(N_("Segment"), "choice", personal=True),
    "consent_email": Field(N_("Agreed to e-mail"), "flag"),
    "consent_sms": Field(N_("Agreed to text messages"), "flag"),
    "bot": Field(N_("Looks like a machine"), "flag"),
}
OPERATORS: dict[str, dict[str, str]] = {
    "number": {"at_least": N_("at least"), "at_most": N_("at most")},
    "choice": {"is": N_("is"), "is_not": N_("is not")},
    "flag": {"is": N_("is")},
}
# from those who order most in the time after to those who order least
RFM_NAMES: dict[str, str] = {
    "champions": N_("Champions"), "loyal": N_("Loyal"), "promising": N_("Promising"),
    "new": N_("New customers"), "need_attention": N_("Cooling down"), "hesitant": N_("Hesitant"),
    "cant_lose": N_("Win back first"), "at_risk": N_("At risk"), "sleeping": N_("Asleep"),
    "lost": N_("Lost"), "none": N_("Never bought"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a field of ``FIELDS``, an operator of its kind, a number, text or flag.

    Raises ``UnknownName``, ``BadParameter``.
    """

    field: str
    operator: str
    value: Any

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise UnknownName(N_("condition"), self.field, FIELDS)
        kind = FIELDS[self.field].kind
        if self.operator not in OPERATORS[kind]:
            raise UnknownName(N_("operator"), self.operator, OPERATORS[kind])
        if kind == "number":
            good = isinstance(self.value, int | float) and not isinstance(self.value, bool)
            good = good and abs(self.value) < 1e15  # no NaN, no infinity
        else:
            good = isinstance(self.value, bool if kind == "flag" else str)
        if not good:
            raise BadParameter(self.field, self.value, kind)


@dataclass(frozen=True, slots=True)
class Segment:
    """Shoppers who meet all conditions (or, ``any``, one of them); ``outside``: all others."""

    conditions: tuple[Condition, ...] = ()
    any: bool = False
    outside: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.conditions) <= MOST:
            raise BadParameter("conditions", len(self.conditions), f"1 … {MOST}")

    @property
    def rest(self) -> Segment:
        """Everybody else."""
        return replace(self, outside=not self.outside)

    def as_dict(self) -> dict[str, Any]:
        """Return the segment as it is saved."""
        return {
            "conditions": [{"field": c.field, "operator": c.operator, "value": c.value}
                           for c in self.conditions],
            "any": self.any, "outside": self.outside,
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Segment:
        """Read a saved segment. Raises ``BadParameter``, ``UnknownName`` for a foreign one."""
        try:
            conditions = tuple(
                Condition(c["field"], c["operator"], c["value"]) for c in saved["conditions"])
        except (KeyError, TypeError):
            raise BadParameter("segment", "?", "conditions") from None
        return cls(conditions, bool(saved.get("any")), bool(saved.get("outside")))


@dataclass(frozen=True, slots=True)
class Rest:
    """In the place of a channel: every other channel."""

    channel: str


def is_one(name: str, field: str = "segment") -> Condition:
    """Return the condition of belonging to a named group."""
    return Condition(field, "is", name)


def both(*groups: str | Segment | None) -> str | Segment | None:
    """Return the shoppers who belong to every one of the groups; names stand for saved ones."""
    given = [g for g in groups if g is not None]
    if len(given) < 2:
        return given[0] if given else None
    conditions: list[Condition] = []
    for group in given:
        if isinstance(group, str):
            conditions.append(is_one(group))
        elif group.outside or (group.any and len(group.conditions) > 1):
            raise BadParameter("segment", "any", "all")
        else:
            conditions.extend(group.conditions)
    return Segment(tuple(conditions))


def words(condition: Condition, value: Callable[[str, Any], str] | None = None) -> str:
    """Return a condition as a phrase; ``value`` names a field's values in her language."""
    field = FIELDS[condition.field]
    if field.kind == "flag":
        return _("{field}: {answer}").format(
            field=_(field.label), answer=_("yes") if condition.value else _("no"))
    shown = value(condition.field, condition.value) if value else (
        number(condition.value, 2) if field.kind == "number" else str(condition.value))
    return _("{field} {operator} {value}").format(
        field=_(field.label), operator=_(OPERATORS[field.kind][condition.operator]), value=shown)
