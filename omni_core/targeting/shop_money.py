"""Where the money fields begin: what the shop's own data say about an order, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omni_core import sample
from omni_core.i18n import language


def currency(ws: Any) -> str:
    """Return the currency that the files say, else the yuan in Chinese and none in English.

    Here she types sums herself: a sign that nobody told would put words into her mouth.
    """
    return str(ws.told_currency or (ws.currency if language() == "zh" else ""))


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """Measured: ``orders`` paid, their ``mean_value``, ``margin_share`` left after cost of goods.

    ``margin_share`` is None where no product has a cost. ``contact_cost`` is None: no file says it;
    only the invented sample shop has one.
    """

    orders: int
    mean_value: float
    margin_share: float | None
    contact_cost: float | None = None

    @property
    def margin(self) -> float | None:
        """Margin of one order; None where it can't be measured."""
        if self.margin_share is None or not self.orders:
            return None
        return round(max(self.mean_value * self.margin_share, 0.0), 2)

    @property
    def start(self) -> dict[str, float | None]:
        """Where each field of ``Money`` begins; None: empty, for her to fill in."""
        return {"margin": self.margin, "coupon": 0.0, "contact_cost": self.contact_cost,
                "budget": None}


def shop_money(ws: Any) -> ShopMoney:
    """Measure the mean order value and the margin share of a workspace."""
    row = ws.query("order_value").iloc[0]
    value, share = row["mean_value"], row["margin_share"]
    return ShopMoney(
        int(row["orders"]),
        float(value) if value is not None and value == value else 0.0,
        float(share) if share is not None and share == share else None,
        sample.CONTACT_COST if sample.is_sample_folder(Path(ws.path)) else None,
    )
