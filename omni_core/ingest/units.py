"""What the numbers under a header count in: hundredths, thousands, ten thousands (万元)."""

from __future__ import annotations

import re
from decimal import Decimal

# what stands in brackets, or behind the name
_WORDS = (
    (r"分|(in )?cents?|ct", "cents?|minor", Decimal("0.01")),
    (r"千[元円]?|(in )?thousands?|[$€£¥]?k[$€£¥]?|k(eur|usd|cny|rmb)|t(eur|sd)\.?|"
     r"[$€£¥]?['’]?000s?", "thousands", Decimal(1000)),
    (r"[万萬][元円]?", "万元?", Decimal(10_000)),
    (r"百万[元円]?|(in )?millions?|mio\.?|[$€£¥]m", "millions", Decimal(10**6)),
    (r"[亿億][元円]?", "亿元?", Decimal(10**8)),
)
_UNITS = tuple(
    (re.compile(rf"[(（\[【]\s*(单位[:：]?\s*)?({words})\s*[)）\]】]|[_ ](in[_ ])?({tails})$",
                re.IGNORECASE), by) for words, tails, by in _WORDS)


def unit_of(header: str) -> Decimal | None:
    """Return what a header's numbers count in, if not ones: 金额(分), amount_cents, 金额(万元)."""
    return next((by for pattern, by in _UNITS if pattern.search(header.strip())), None)
