"""The exports of known platforms: one small file each, recognised by their headers.

A platform's file (``platforms/*.toml``) says which columns mark it (``signature``), which table it
is, which column plays which role (the first one present counts), and what a header can't say:
whether order amounts are repeated on each line, several products packed in a cell, status words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.words import event_word

_FOLDER = Path(__file__).parent / "platforms"
_KINDS: dict[str, Callable[[str], bool]] = {
    "id": lambda c: bool(re.fullmatch(r"\w{1,40}", c)),
    "event": lambda c: event_word(c) is not None,
    "epoch": lambda c: bool(re.fullmatch(r"1\d{9}(\d{3}(\d{3})?)?", c)),
}


@dataclass(frozen=True, slots=True)
class Platform:
    """What is known of one platform's export; roles name headers, the preferred one first."""

    name: str
    label: str
    table: str
    signature: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ends_with: Mapping[str, str] = field(default_factory=dict)
    positions: Mapping[str, int] = field(default_factory=dict)
    totals: str | None = None  # "first_line" or "each_line": how order amounts stand on lines
    status: Mapping[str, str] = field(default_factory=dict)
    packed: str | None = None
    lacks: tuple[str, ...] = ()
    joins: str | None = None
    note: str | None = None
    refuse: str | None = None
    confirmed: bool = True  # the header was seen in real files, not remembered

    def columns(self, headers: Sequence[str]) -> dict[str, int]:
        """Return the column of each role that the platform knows and the header has."""
        if self.positions:
            return dict(self.positions)
        normal = [normalise_header(h) for h in headers]
        found = {}
        for role, names in self.roles.items():
            place = next((normal.index(n) for n in names if n in normal), None)
            if place is not None:
                found[role] = place
        for role, ending in self.ends_with.items():
            for place, header in enumerate(headers):
                if header.casefold().strip().endswith(ending):
                    found.setdefault(role, place)
        return found


@cache
def platforms() -> tuple[Platform, ...]:
    """Return all platforms, those with the longest signature first."""
    found = []
    for path in sorted(_FOLDER.glob("*.toml")):
        told = tomllib.loads(path.read_text("utf-8"))
        roles = {role: tuple(normalise_header(n) for n in
                             ([names] if isinstance(names, str) else names))
                 for role, names in told.pop("roles", {}).items()}
        signature = tuple(normalise_header(h) for h in told.pop("signature", ()))
        found.append(Platform(
            name=path.stem, roles=roles, signature=signature,
            values=tuple(told.pop("values", ())), lacks=tuple(told.pop("lacks", ())), **told))
    return tuple(sorted(found, key=lambda p: -len(p.signature)))


def platform_label(name: str) -> str:
    """Return what a platform's export is called (a message id); its name where there is none."""
    return next((p.label for p in platforms() if p.name == name), name)


def find_platform(headers: Sequence[str], sample: Sequence[Sequence[str]],
                  named: bool) -> Platform | None:
    """Return the platform whose export this is, or None."""
    if not named:
        return next((p for p in platforms() if p.values and _looks_like(p, sample)), None)
    normal = {normalise_header(h) for h in headers}
    for platform in platforms():
        # lines of orders that say who bought and when are no file of mere lines
        if not platform.signature or platform.joins and _has(normal, "user", "ts"):
            continue
        if normal.issuperset(platform.signature):
            return platform
        # an export with a column left out is still that platform's
        known = {n for names in platform.roles.values() for n in names}
        missing = set(platform.signature) - normal
        lists_goods = platform.table == "orders" and _has(normal, "item_name", "price")
        if len(missing) == 1 and len(platform.signature) >= 4 and not lists_goods and (
                len(normal & known) >= 0.6 * len(platform.roles)):
            return platform
    return None


def _has(normal: Collection[str], *roles: str) -> bool:
    return all(any(n in SYNONYMS[role] for n in normal) for role in roles)


def _looks_like(platform: Platform, sample: Sequence[Sequence[str]]) -> bool:
    rows = [r for r in sample if len(r) == len(platform.values)]
    return len(rows) > 0.8 * len(sample) and all(
        sum(_KINDS[kind](r[place].strip()) for r in rows) > 0.9 * len(rows)
        for place, kind in enumerate(platform.values))
