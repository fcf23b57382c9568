"""What the page says of one message of a conversation, and of replies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from omni_core.i18n import N_, _, language, money, number, use_language
from omni_core.service.entities import Entity
from omni_core.service.intents import intent_name
from omni_core.service.replies import variant
from omni_core.service.sentences import language_of
from omni_core.service.shop import Shop
from omni_core.service.talk import Turn
from omni_core.service.telling_replies import language_name
from omni_core.service.wording import ROUTES, chance, route_reason

ENTITY_TYPES: dict[str, str] = {
    "order_no": N_("Order number"), "tracking_no": N_("Tracking number"), "phone": N_("Phone"),
    "email": N_("E-mail"), "price": N_("Price"), "date": N_("Date"), "quantity": N_("Number of"),
    "size": N_("Size"), "coupon": N_("Coupon"), "product": N_("Product"), "brand": N_("Brand"),
}
_SHORT_NAME = 24  # letters of a name that still fits on a button
_OPERATORS = {"max": N_("at most"), "min": N_("at least"), "about": N_("about"),
              "range": N_("between")}


def happens(turn: Turn) -> str:
    """Say what happens to a message in a conversation."""
    if turn.reply.asks:
        return _("The bot asks for what is missing")
    way = "clarify" if turn.reply.choices else "person" if turn.reply.person else "answer"
    if way == "person" and turn.decision.route == "answer" and not turn.reply.lacking:
        with use_language(turn.language):
            silent = turn.reply.text == variant("hand_over")
        if not silent:
            return _("The bot answers, then a person takes over")
    return _(ROUTES[way])


def turn_reason(turn: Turn, threshold: float, margin: float) -> str:
    """Say why a message of a conversation takes its way."""
    if turn.reply.lacking:
        return _("“{intent}” is understood ({p}), but this intent has no reply in {language} yet, "
                 "so a person takes over.").format(
            intent=intent_name(turn.intent), p=chance(turn.decision.confidence),
            language=language_name(turn.language))
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


def _readable(name: str) -> bool:
    """Tell whether a name fits on a button, and an English sentence stays English with it."""
    return len(name) <= _SHORT_NAME and (language() != "en" or language_of(name) == "en")


def examples(shop: Shop) -> list[str]:
    """Return messages to try, in the language of the context; goods only of her own catalogue."""
    said = [_("It arrived broken"), _("Can you make it cheaper?"), _("When do you ship?")]
    short = [p for p in shop.goods if _readable(p.title)]
    if short:
        said.append(_("Is {product} in stock?").format(product=short[0].title))
    priced = [p for p in shop.goods if p.kind and p.price and _readable(p.kind)]
    if priced:
        limit = max(10, round(priced[0].price or 0, -1) + 10)
        said.append(_("What {category} do you have under {limit}?").format(
            category=priced[0].kind, limit=money(limit, shop.currency, 0)))
    return [*said, "asdfgh"]
