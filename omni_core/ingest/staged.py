"""What staging finds: how each role is read, which rows don't go on, what was repaired."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from omni_core.ingest.personal import Personal
from omni_core.ingest.report import Note


@dataclass(slots=True)
class Staged:
    """How each role is read from ``raw`` (SQL), and what was found on the way.

    ``joins`` are the tables that the SQL refers to, by name. Ids have no SQL: they are cleaned in
    the temporary tables ``ids_user``, ``ids_item``, ``ids_order`` (raw, id, rows).
    """

    table: str
    sql: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # id role -> its column in ``raw``
    id_texts: dict[str, str] = field(default_factory=dict)  # id role -> SQL of its cells' text
    # id role -> how many of its different ids are "empty", and words for "totals"
    odd_ids: dict[str, Counter[str]] = field(default_factory=dict)
    cleaned: Counter[tuple[str, str]] = field(default_factory=Counter)
    exclusions: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str, str, str]] = field(default_factory=list)  # n, role, code, cell
    some_bad: bool = False  # the table ``bad`` has rows
    remarks: list[tuple[int, str]] = field(default_factory=list)  # n, what it says
    notes: list[Note] = field(default_factory=list)
    every_purchase: bool = False
    naive_times: bool = False  # some times say no zone: the shop's was taken
    refunds: bool = True  # negative sums and quantities are goods sent back
    takes_discount: bool = True  # a discount that the sums still hold comes off
    merges_twins: bool = True  # rows with one line id are one
    packed: bool = False  # the temporary table ``packs`` has the products of packed records
    personal: tuple[Personal, ...] = ()
    key: bytes = b""  # of the workspace; turns addresses into codes
    # whether a sum is the order's, where the platform or an answer settles it
    order_level: dict[str, bool] = field(default_factory=dict)
    repeats: bool = False  # the platform repeats an order's sums on its lines, unless cells differ

    def joined(self, sql: str) -> str:
        """Return the joins that some SQL speaks of: each more would cost a look at every row."""
        return " ".join(join for name, join in self.joins.items() if f"{name}." in sql)
