"""What several parts of the customers page ask for: the purchases, the last day, the forecast."""

from __future__ import annotations

from typing import Any

from omni_core import segments
from omni_core.customers import value as worth
from omni_core.customers.history import History
from pages.ui import cached
from pages.ui.filters import EVERYTHING


def any_orders(ws: Any, chosen: dict[str, Any]) -> bool:
    """Whether anybody known ordered anything."""
    return not cached.query(ws, "order_days", **chosen).empty


def history(ws: Any, chosen: dict[str, Any] = EVERYTHING) -> History:
    """The purchases of the chosen shoppers by day."""
    return cached.resource(
        ws, ("history", *sorted(chosen.items(), key=lambda f: f[0])),
        lambda: History.from_frame(cached.query(ws, "order_days", **chosen)))


def today(ws: Any, chosen: dict[str, Any] = EVERYTHING) -> Any:
    """The day that counts as today: the last one with an order that isn't in the future."""
    return worth.today(history(ws, chosen))


def within(chosen: dict[str, Any], group: segments.Segment) -> Any:
    """The shoppers of a group who are in the chosen segment too."""
    return segments.both(chosen["segment"], group)


def forecast(ws: Any, settings: worth.ValueSettings, chosen: dict[str, Any] = EVERYTHING) -> Any:
    """The forecast of purchases and value, made once for each setting."""
    return cached.resource(
        ws, ("value", settings, *sorted(chosen.items(), key=lambda f: f[0])),
        lambda: worth.forecast(history(ws, chosen), settings, today(ws, chosen)))
