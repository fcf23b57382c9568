"""What the page says of one message of a conversation, and of replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from omni_core.i18n import N_, _, number, use_language
from omni_core.service import replies
from omni_core.service.entities import Entity
from omni_core.service.intents import intent_name
from omni_core.service.talk import Turn
from omni_core.service.wording import ROUTES, route_reason

ENTITY_TYPES: dict[str, str] = {
    "order_no": N_("Order number"), "tracking_no": N_("Tracking number"), "phone": N_("Phone"),
    "email": N_("E-mail"), "price": N_("Price"), "date": N_("Date"), "quantity": N_("Number of"),
    "size": N_("Size"), "coupon": N_("Coupon"), "product": N_("Product"), "brand": N_("Brand"),
}
_OPERATORS = {"max": N_("at most"), "min": N_("at least"), "about": N_("about"),
              "range": N_("between")}


def happens(turn: Turn) -> str:
    """Say what happens to a message in a conversation."""
    if turn.reply.asks:
        return _("The bot asks for what is missing")
    way = "clarify" if turn.reply.choices else "person" if turn.reply.person else "answer"
    return _(ROUTES[way])


def turn_reason(turn: Turn, threshold: float, margin: float) -> str:
    """Say why a message of a conversation takes its way."""
    if turn.filled:
        return _("It answers what the bot had asked for.")
    if turn.intent != turn.decision.intent:
        return _("You chose “{intent}” among those offered.").format(
            intent=intent_name(turn.intent))
    return route_reason(turn.decision, threshold, margin)


def entity_value(e: Entity) -> str:
    """Return an entity's value in words."""
    if e.type == "price":
        value = " – ".join(number(v, 2 if v % 1 else 0) for v in e.value) if (
            e.operator == "range") else number(e.value, 2 if e.value % 1 else 0)
        return f"{_(_OPERATORS[e.operator])} {value}" if e.operator else value
    if isinstance(e.value, dt.date):
        return e.value.isoformat()
    return str(e.value)


def entity_label(e: Entity) -> str:
    """Return the kind of an entity in words."""
    return _(ENTITY_TYPES[e.type])


def entity_table(text: str, entities: Sequence[Entity]) -> pd.DataFrame:
    """Return what a message names: kind, the words, the value."""
    return pd.DataFrame(
        [(_(ENTITY_TYPES[e.type]), text[e.start:e.end], entity_value(e)) for e in entities],
        columns=["kind", "words", "value"])


def template(intent: str, code: str) -> str:
    """Return the shipped reply to an intent in a language; "" where there is none."""
    known = replies.TEMPLATES.get(intent)
    if known is None:
        return ""
    with use_language(code):
        return _(known.text)


def gap_words() -> str:
    """Say which gaps a reply of hers can have."""
    return _("These are filled from your files: {gaps}. Leave a field empty to keep the shipped "
             "reply.").format(gaps=" ".join("{" + g + "}" for g in (
                 "order", "day", "status", "product", "price", "category", "brand", "goods")))


def check_reply(*texts: str) -> None:
    """Raise ``BadTemplate`` where a reply has a gap that can't be filled."""
    for text in texts:
        replies.gaps(text)
