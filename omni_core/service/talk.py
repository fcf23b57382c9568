"""A conversation: what a message asks for in the light of the turns before it, and the reply.

What the bot asked for ("which order?") is filled by the next message; what was named stays known,
and so does the goods page the shopper stands on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from omni_core.i18n import _, day, money, use_language
from omni_core.service.answering import Own, has_reply, served
from omni_core.service.classifier import IntentClassifier
from omni_core.service.decide import Decision
from omni_core.service.entities import Entity, extract_entities
from omni_core.service.intents import FOR_A_PERSON, OUT_OF_SCOPE
from omni_core.service.marks import TOKEN
from omni_core.service.replies import LIMITS, STOCK, TEMPLATES, gaps, question, variant
from omni_core.service.sentences import language_of
from omni_core.service.shop import Product, Shop, limits

_REST = 6  # letters beside an order number that are no new question: "it's 1024 thanks"
_BROWSING = ("recommend", "price_discount")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known from before: the intent in hand, what was asked for, what was named.

    ``item``: the product whose page the shopper is on.
    """

    intent: str | None = None
    asked: str | None = None
    order_no: str | None = None
    product: str | None = None
    item: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says: the words, what it asks for, whether a person follows, goods it names."""

    text: str
    asks: str | None = None
    person: bool = False
    items: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    lacking: bool = False  # the intent was understood, and the bot has no words for it


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that was made of it; ``context`` is for the next one."""

    text: str
    language: str
    intent: str
    decision: Decision
    entities: tuple[Entity, ...]
    reply: Reply
    context: Context = field(default_factory=Context)
    filled: str | None = None  # the slot that this message filled


def respond(
    classifier: IntentClassifier, shop: Shop, text: str, context: Context | None = None,
    today: dt.date | None = None, own: Own | None = None,
    intent: str | None = None,
) -> Turn:
    """Return what becomes of a message. Raises ``NotFitted``.

    ``own``: her replies by intent and language ("zh", "en"), which go before the shipped ones, or
    the shipped intent whose reply serves ("as").
    ``intent``: the one the shopper chose among those offered, in place of the decision's.
    """
    before = context or Context()
    d = classifier.classify(text)
    found = tuple(extract_entities(text, today, shop.catalogue))
    if before.asked == "order_no":
        found = _as_order(text, found)
    code = language_of(text) if _has_words(text) else before.language
    named = {e.type: e for e in reversed(found)}
    filled = before.asked if before.asked in named and _bare(text, found, d) else None
    route = d.route
    if intent is not None:
        chosen, route = intent, "answer"
    elif filled and before.intent:
        chosen, route = before.intent, "answer"
    else:
        chosen = d.intent
    known = replace(
        before, intent=chosen, asked=None, language=code,
        order_no=named["order_no"].value if "order_no" in named else before.order_no,
        product=named["product"].value if "product" in named else before.product)
    with use_language(code):
        reply = _reply(chosen, route, d, shop, text, known, named, own or {}, code)
    after = replace(known, asked=reply.asks,
                    intent=chosen if reply.asks or route == "answer" else before.intent)
    return Turn(text, code, chosen, d, found, reply, after, filled)


def on_page(context: Context | None, item: str | None) -> Context:
    """Return the context with the product whose page the shopper is on (None: none)."""
    return replace(context or Context(), item=item)


def _has_words(text: str) -> bool:
    """Tell whether a message shows its language: a number or a code alone doesn't."""
    return sum(c.isalpha() for c in TOKEN.sub("", text)) > 1


def _as_order(text: str, found: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Return the entities with a bare number as the order number that was asked for."""
    if any(e.type == "order_no" for e in found):
        return found
    for token in TOKEN.finditer(text):
        if sum(c.isdigit() for c in token[0]) >= 3 and not any(
                e.start < token.end() and token.start() < e.end for e in found):
            e = Entity("order_no", None, token[0], *token.span())
            return tuple(sorted((*found, e), key=lambda e: e.start))
    return found


def _bare(text: str, found: tuple[Entity, ...], d: Decision) -> bool:
    """Tell whether a message holds little beside what it names, so that it answers a question."""
    rest = list(text)
    for e in found:
        rest[e.start:e.end] = [" "] * (e.end - e.start)
    letters = sum(c.isalnum() for c in "".join(rest))
    return letters <= _REST or d.route != "answer"


def _reply(
    intent: str, route: str, d: Decision, shop: Shop, text: str, known: Context,
    named: Mapping[str, Entity], own: Own, code: str,
) -> Reply:
    if route == "clarify":
        return Reply(variant("unsure"), choices=tuple(d.choices))
    if route == "person" and intent not in (OUT_OF_SCOPE, FOR_A_PERSON):
        return Reply(variant("hand_over"), person=True)
    if d.reason == "noise" and route == "person":
        return Reply(variant("hand_over"), person=True)
    if not has_reply(intent, code, own):
        return Reply(variant("hand_over"), person=True, lacking=True)
    words = own.get(intent, {}).get(code)
    intent = served(intent, own)
    template = TEMPLATES.get(intent)
    if not words and intent in _BROWSING and (
            offered := _offer(intent, shop, text, known, named)):
        return offered
    needs = _needs(words) if words else template.needs if template else None
    facts: dict[str, Any] = {}
    if needs == "order_no" or known.order_no:
        asked = _order_facts(shop, known, facts)
        if asked is not None and needs == "order_no":
            return asked
    product = shop.product(known.product or known.item)
    if product is not None:
        _product_facts(shop, product, facts)
    elif needs == "product" and "coupon" not in named:
        like = shop.search(text)[:3]
        if not like:
            return Reply(question("product"), asks="product")
        return _listed(variant("which"), shop, like, asks="product")
    if "coupon" in named:
        facts["coupon"] = named["coupon"].value
    return _filled(intent, template, words, facts, shop)


def _needs(text: str) -> str | None:
    wanted = gaps(text)
    if wanted & {"order", "day"}:
        return "order_no"
    return "product" if wanted & {"product", "price", "category", "brand"} else None


def _order_facts(shop: Shop, known: Context, facts: dict[str, Any]) -> Reply | None:
    """Fill in what an order brings; or return the reply that asks for its number."""
    if not known.order_no:
        return Reply(question("order_no"), asks="order_no")
    order = shop.order(known.order_no)
    if order is None:
        return Reply(variant("unknown_order").format(order=known.order_no), asks="order_no")
    facts |= {"order": order.number, "status": order.words, "_state": order.state,
              "_refunded": order.refunded}
    if order.day is not None:
        facts["day"] = day(order.day)
    return None


def _product_facts(shop: Shop, product: Product, facts: dict[str, Any]) -> None:
    facts["product"] = product.title
    facts["_stock"] = product.available
    for gap, value in (("price", shop.price_words(product)), ("category", product.kind),
                       ("brand", product.brand)):
        if value:
            facts[gap] = value


def _offer(
    intent: str, shop: Shop, text: str, known: Context, named: Mapping[str, Entity]
) -> Reply | None:
    """Return a list of real goods that keep a price limit, or None where none is asked for."""
    price = named.get("price")
    if intent == "price_discount" and price is None:
        return None
    if price is None or price.operator is None and intent == "price_discount":
        goods = shop.offers(text=text, like=shop.product(known.item)) or shop.offers()
        if not goods:
            return Reply(variant("no_goods"), person=True)
        browsing = TEMPLATES["recommend"]
        return _listed(_(browsing.text), shop, goods)
    low, high = limits(price)
    kind = price.operator or "about"
    limit = _(LIMITS[kind]).format(
        low=money(low, shop.currency, 0),
        high=money(high, shop.currency, 0) if high != float("inf") else "",
        about=money(float(price.value), shop.currency, 0) if price.operator in (None, "about")
        else "")
    goods = shop.offers(price, text)
    if not goods:
        return Reply(variant("nothing_fits").format(limit=limit), person=True)
    return _listed(variant("within_limit"), shop, goods, limit)


def _listed(
    words: str, shop: Shop, goods: list[Product], limit: str = "", asks: str | None = None
) -> Reply:
    parts = [f"{p.title} ({w})" if (w := shop.price_words(p)) else p.title for p in goods]
    return Reply(words.format(goods=_(", ").join(parts), limit=limit), asks=asks,
                 items=tuple(p.item for p in goods))


def _filled(
    intent: str, template: Any, words: str | None, facts: dict[str, Any], shop: Shop
) -> Reply:
    """Return the template with its gaps filled; a person takes over where one stays empty."""
    person = template.person if template is not None and not words else False
    if not words:
        words = _(template.text)
        if intent == "cancel_order" and facts.get("_state") == "cancelled":
            words, person = variant("already_cancelled"), False
        elif intent == "refund_status" and facts.get("_refunded"):
            words = variant("refund_made")
        elif intent == "coupon" and "coupon" in facts:
            words, person = variant("coupon_code"), True
        elif intent == "price_discount" and "coupon" in facts and "product" not in facts:
            at_checkout = TEMPLATES["coupon"]
            words = _(at_checkout.text)
        elif intent == "stock":
            if facts.get("_stock") is None:
                person = True
            facts["status"] = _(STOCK[facts.get("_stock")])
    if "goods" in gaps(words):
        offers = shop.offers()
        facts["goods"] = _(", ").join(p.title for p in offers)
        if not offers:
            return Reply(variant("no_goods"), person=True)
    missing = [g for g in gaps(words) if g not in facts]
    if missing and "product" in facts and "product" in gaps(words):
        return Reply(variant("product_only").format(product=facts["product"]), person=True)
    if missing:
        return Reply(variant("hand_over"), person=True)
    return Reply(words.format(**{g: facts[g] for g in gaps(words)}), person=person)
