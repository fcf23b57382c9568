"""Where the money fields begin: what the shop's own data say about an order, never a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from omni_core.targeting.money import Money


@dataclass(frozen=True, slots=True)
class ShopMoney:
    """Measured: ``orders`` paid, their ``mean_value``, ``margin_share`` left after cost of goods.

    ``margin_share`` is None where no product has a cost.
    """

    orders: int
    mean_value: float
    margin_share: float | None

    @property
    def margin(self) -> float:
        """Margin of one order; without costs, the whole order value."""
        share = 1.0 if self.margin_share is None else max(self.margin_share, 0.0)
        return round(self.mean_value * share, 2)

    def start(self, mean_p: float) -> Money:
        """Return where the fields begin: no coupon, no budget, and the contact cost at which
        contacting everyone earns nothing at a response rate of ``mean_p``."""
        return Money(margin=self.margin, contact_cost=round(mean_p * self.margin, 2))


def shop_money(ws: Any) -> ShopMoney:
    """Measure the mean order value and the margin share of a workspace."""
    row = ws.query("order_value").iloc[0]
    value, share = row["mean_value"], row["margin_share"]
    return ShopMoney(
        int(row["orders"]),
        float(value) if value is not None and value == value else 0.0,
        float(share) if share is not None and share == share else None,
    )
