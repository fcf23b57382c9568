"""What writing one import's rows says: tables, counts, notes, and how its money is summed."""

from __future__ import annotations

from dataclasses import dataclass, field

from omni_core.ingest.report import Note


@dataclass(slots=True)
class Written:
    """What was written: tables, rows accepted, rows left out by code, notes."""

    tables: tuple[str, ...]
    accepted: int
    exclusions: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    money: str | None = None  # SQL over ``raw`` of the number whose sum the revenue comes from
    money_roles: tuple[str, ...] = ()
    listed: str | None = None  # price times quantity, where ``money`` is what was paid instead
    listed_roles: tuple[str, ...] = ()
    order_level: bool = False  # the number is the order's, not the line's
    less: dict[str, str] = field(default_factory=dict)  # code: SQL of what came off each line's sum
    order_discount: str | None = None  # SQL of the order's discount, which its lines still hold
    left_out: dict[str, str] = field(default_factory=dict)  # code: temporary table (source_row)
