"""What the bot says: one template an intent, its gaps filled from her data or asked for.

A sentence that a model makes up may name a price or promise a day; a shop answers for both. So a
reply is a sentence of hers, with figures of hers, or it goes to a person.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

from omni_core.errors import OmniError
from omni_core.i18n import N_, _

# What a template's gaps may be, and how the bot asks for what is missing.
SLOTS: dict[str, str] = {
    "order_no": N_("Which order is it about? Please send its number."),
    "product": N_("Which product do you mean? Please send its name."),
}
GAPS = ("order", "day", "status", "product", "price", "category", "brand", "goods", "limit",
        "coupon")


@dataclass(frozen=True, slots=True)
class Template:
    """A reply: the sentence, what it needs (a slot of ``SLOTS``), and whether a person follows."""

    text: str
    needs: str | None = None
    person: bool = False


TEMPLATES: dict[str, Template] = {
    "greeting": Template(N_("Hello! What can I do for you?")),
    "track_order": Template(N_("Order {order} of {day}: {status}. Where the parcel is stands on the carrier's page."), "order_no"),
    "delivery_time": Template(N_("The checkout shows how soon an order reaches your address. Is it about one you have placed? Then send me its number.")),
    "shipping_fee": Template(N_("The checkout shows the shipping fee for your address before you pay.")),
    "change_address": Template(N_("Order {order} ({status}): please send the new address. A colleague changes it if the parcel has not left."), "order_no", True),
    "cancel_order": Template(N_("Order {order} ({status}): a colleague looks at your wish to cancel it."), "order_no", True),
    "return_exchange": Template(N_("Order {order} of {day}: please tell us what to return or exchange, and keep the packaging. A colleague sends you the next step."), "order_no", True),
    "refund_status": Template(N_("Order {order} of {day}: {status}. A colleague checks what has become of the refund."), "order_no", True),
    "damaged_wrong_item": Template(N_("I am sorry. Please send a photo of what is wrong with order {order}; a colleague takes care of it."), "order_no", True),
    "product_info": Template(N_("{product} is in our category {category} and costs {price}. A colleague knows more about it."), "product", True),
    "size_advice": Template(N_("{product}: please send your height, weight and usual size. A colleague advises you."), "product", True),
    "stock": Template(N_("{product}: our list says {status}."), "product"),
    "price_discount": Template(N_("{product} costs {price}."), "product"),
    "coupon": Template(N_("The checkout shows the coupons that this order can take before you pay.")),
    "recommend": Template(N_("This is what others buy most: {goods}.")),
    "payment": Template(N_("The checkout lists the ways to pay. If money was taken and the order is not paid, a colleague checks it."), None, True),
    "invoice": Template(N_("Order {order}: please send the name and tax number for the invoice. A colleague issues it."), "order_no", True),
    "warranty_authentic": Template(N_("A colleague answers questions of warranty and origin with the papers at hand."), None, True),
    "membership_points": Template(N_("Your account shows points and level. A colleague looks into what is missing."), None, True),
    "complaint": Template(N_("I am sorry about this. A colleague reads your message and answers you."), None, True),
    "human_agent": Template(N_("I am handing over to a colleague."), None, True),
    "thanks_bye": Template(N_("You are welcome. All the best!")),
    "out_of_scope": Template(N_("I can only help with questions about this shop. I am handing over to a colleague."), None, True),
}
# What is said instead, where her data say so.
VARIANTS: dict[str, str] = {
    "unknown_order": N_("I can't find an order {order}. Please check its number."),
    "already_cancelled": N_("Order {order} is cancelled already."),
    "refund_made": N_("Order {order} of {day}: our records say a refund was made. A colleague checks it if nothing has reached you."),
    "within_limit": N_("This is what we have {limit}: {goods}."),
    "nothing_fits": N_("We have nothing in stock {limit}. A colleague looks for something near it."),
    "no_goods": N_("A colleague will suggest something."),
    "product_only": N_("{product}: a colleague answers you."),
    "which": N_("Which one do you mean: {goods}?"),
    "unsure": N_("I am not sure what you mean. Is it one of these?"),
    "hand_over": N_("I am handing over to a colleague, who reads what you wrote."),
    "coupon_code": N_("Coupon {coupon}: a colleague checks why it does not work."),
}
LIMITS: dict[str, str] = {
    "max": N_("up to {high}"), "min": N_("from {low}"), "about": N_("around {about}"),
    "range": N_("between {low} and {high}"),
}
STOCK = {True: N_("in stock"), False: N_("sold out"), None: N_("nothing about it")}


def question(slot: str) -> str:
    """Return how the bot asks for a slot of ``SLOTS``, in the language of the current context."""
    return _(SLOTS[slot])


def variant(name: str) -> str:
    """Return a sentence of ``VARIANTS`` in the language of the current context."""
    return _(VARIANTS[name])


class BadTemplate(OmniError):
    """A reply of hers has a gap that can't be filled."""

    code = "bad_template"
    message = N_("A reply can't be filled at {gap}. These can be filled: {known}.")

    def __init__(self, gap: str) -> None:
        super().__init__(gap="{" + gap + "}", known=", ".join("{" + g + "}" for g in GAPS))


def gaps(text: str) -> set[str]:
    """Return the names of a template's gaps. Raises ``BadTemplate`` for one that is not known."""
    try:
        found = {name for _lit, name, _spec, _conv in string.Formatter().parse(text)
                 if name is not None}
    except ValueError:
        raise BadTemplate("") from None
    for name in sorted(found):
        if name not in GAPS:
            raise BadTemplate(name)
    return found
