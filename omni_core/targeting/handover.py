"""The file an ad platform takes: the chosen people's addresses, hashed, with every loss counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omni_core import export
from omni_core.errors import UnknownName
from omni_core.i18n import N_, country_code
from omni_core.targeting import addresses
from omni_core.targeting.addresses import PLATFORMS, Platform
from omni_core.targeting.contacts import Contacts

if TYPE_CHECKING:
    import pandas as pd

COUNTRIES = ("CN", "HK", "TW", "MO", "SG", "MY", "US", "CA", "GB", "DE", "FR", "ES", "IT", "AU",
             "JP", "KR")
_SINGLE = {"first": addresses.name, "last": addresses.name, "city": addresses.name,
           "gender": addresses.name, "zip": lambda t: (t or "").strip() or None,
           "birthday": addresses.birthday, "country": lambda t: country_code(t or "")}


@dataclass(frozen=True)
class Handover:
    """``rows``: the file's columns, best person first. Counts add up:
    chosen = without_address + refused + unreadable + matched people.
    """

    platform: Platform
    rows: pd.DataFrame
    chosen: int
    refused: int           # the customer file itself says not to write to them
    without_address: int   # no address of a kind that the platform matches by
    unreadable: int        # an address, but none that can be read
    people: int
    merged: int            # rows left out because another has the same addresses

    @property
    def too_small(self) -> bool:
        """Whether the platform shows no ads to so few people."""
        return self.platform.least is not None and self.people < self.platform.least


def handover(users: Any, contacts: Contacts, platform: str, country: str = "CN") -> Handover:
    """Return the upload for the chosen ``users`` (best first). Raises ``UnknownName``.

    A person with several addresses has several rows; the order is that of the people, then of the
    addresses, so the same audience always gives the same file.
    """
    import pandas as pd

    if platform not in PLATFORMS:
        raise UnknownName(N_("platform"), platform, PLATFORMS)
    shape = PLATFORMS[platform]
    chosen = list(dict.fromkeys(str(u) for u in users))
    mine = contacts.rows[contacts.rows["user"].isin(chosen)].sort_values(["user", "kind", "value"])
    by_user: dict[str, dict[str, list[str]]] = {}
    for user, kind, value in mine[["user", "kind", "value"]].itertuples(index=False):
        by_user.setdefault(user, {}).setdefault(kind, []).append(str(value))
    rows: list[list[str | None]] = []
    counts = {"refused": 0, "without_address": 0, "unreadable": 0, "people": 0}
    for user in chosen:
        state, made = _person(user, by_user.get(user, {}), contacts, shape, country)
        counts[state] += 1
        rows += made
    frame = pd.DataFrame(rows, columns=[f.header for f in shape.fields], dtype=object)
    unique = frame.drop_duplicates()
    filled = [h for h in frame.columns if len(frame) and unique[h].notna().any()]
    keep = filled or list(frame.columns)
    if platform == "google":  # its template names all six
        keep = list(frame.columns)
    return Handover(shape, unique[keep].reset_index(drop=True), len(chosen), **counts,
                    merged=len(frame) - len(unique))


def _person(user: str, given: dict[str, list[str]], contacts: Contacts, shape: Platform,
            country: str) -> tuple[str, list[list[str | None]]]:
    if user in contacts.refused:
        return "refused", []
    lists = {kind: given.get(kind, []) for kind in shape.matches_by}
    if not any(lists.values()):
        return "without_address", []
    home = _SINGLE["country"](next(iter(given.get("country", [])), None)) or country
    read = {"email": addresses.email, "phone": lambda t: addresses.phone(t, home)}
    cells = {kind: list(dict.fromkeys(filter(None, map(read[kind], texts))))
             for kind, texts in lists.items()}
    fields = {f.fill: f for f in shape.fields}
    cells = {kind: list(filter(None, (addresses.cell(fields[kind], t) for t in texts)))
             for kind, texts in cells.items()}
    most = max(map(len, cells.values()))
    if not most:
        return "unreadable", []
    same = {}
    for field in shape.fields:
        if field.fill not in cells:
            text = next(iter(given.get(field.fill, [])), None)
            text = home if field.fill == "country" else _SINGLE[field.fill](text)
            same[field.fill] = addresses.cell(field, text)
    return "people", [
        [cells[f.fill][i] if f.fill in cells and i < len(cells[f.fill])
         else None if f.fill in cells else same[f.fill] for f in shape.fields]
        for i in range(most)]


def as_bytes(made: Handover) -> bytes:
    """Return the upload: CSV without a byte-order mark (platforms read the header), or lines."""
    if made.platform.form == "txt":
        return "".join(f"{v}\r\n" for v in made.rows.iloc[:, 0]).encode()
    return export.to_csv(made.rows).removeprefix(b"\xef\xbb\xbf")


def file_name(made: Handover) -> str:
    """Return a name for the upload that says nothing about the people in it."""
    return f"audience_{made.platform.name}.{made.platform.form}"
