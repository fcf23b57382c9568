"""The definitions behind the numbers, in words for the (i) on each, and the range of a rate."""

from __future__ import annotations

from math import sqrt

from omni_core.i18n import N_

DEFINITIONS: dict[str, str] = {
    "shoppers": N_("Different shoppers with at least one event or order in the chosen period."),
    "events": N_("Everything your files say shoppers did: views, searches, carts, purchases."),
    "orders": N_("Orders that were neither cancelled nor left unpaid."),
    "revenue": N_(
        "Totals of orders neither cancelled nor unpaid, less refunds, without shipping, in your "
        "shop's currency."
    ),
    "visits": N_(
        "A shopper's events without a pause of more than 30 minutes. A visit belongs to the moment "
        "and the channel it begins in."
    ),
    "funnel": N_(
        "Shoppers who viewed; of them those who put something into the cart; of them those who "
        "bought, each at any time in the chosen period."
    ),
    "funnel_in_order": N_(
        "Shoppers who viewed; those who put something into the cart after their first view; those "
        "who bought after that cart."
    ),
    "carts": N_(
        "Products put into a cart. Sold: the same shopper ordered that product within an hour; "
        "come back: within 3 days; left: not by then. Orders count, paid later or not."
    ),
    "new": N_("An order is new if it is the first of that shopper in all your data."),
    "groups": N_(
        "Buyers scored from 1 to 5 by rank: how long ago they last ordered, how often, for how "
        "much."
    ),
    "cohorts": N_(
        "Shoppers by the month of their first order; the share of them who ordered again in a "
        "later month."
    ),
    "value": N_(
        "The purchases expected of a buyer in the time ahead, times the amount expected of each, "
        "discounted to today."
    ),
    "conversion": N_("Shoppers with a purchase, of all shoppers with any event in the period."),
}
FEW = 30  # below this many cases a share is a hint, not a finding


def wilson(successes: float, n: float, z: float = 1.96) -> tuple[float, float]:
    """Return the range of a rate, ``successes`` of ``n``; (0, 1) when ``n`` is 0.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference" (1927).
    """
    if n <= 0:
        return 0.0, 1.0
    share = successes / n
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)
