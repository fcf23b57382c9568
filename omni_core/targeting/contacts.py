"""Where the addresses of an audience come from: those kept in the workspace, or a file read once.

One row an address: user, kind (email, phone, first, last, birthday, gender, city, country, zip) and
the text as it was given. Nothing here is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.errors import NoAddresses

if TYPE_CHECKING:
    import pandas as pd

    from omni_core.reading import PlainTable

KINDS = ("email", "phone", "first", "last", "birthday", "gender", "city", "country", "zip")
_NAMED = {  # headers of what is neither a role of the vocabulary nor seen in the cells
    "first": ("first name", "firstname", "given name", "fn", "名", "vorname", "prénom"),
    "last": ("last name", "lastname", "surname", "family name", "ln", "姓", "nachname", "nom"),
    "country": ("country", "country code", "国家", "國家"),
    "zip": ("zip", "zip code", "postcode", "postal code", "邮编", "邮政编码"),
    "full": ("name", "full name", "customer name", "姓名", "客户姓名", "收货人",
             "收货人姓名", "真实姓名"),
    "suppressed": ("unsubscribed", "suppressed", "do not contact", "opt out", "opted out",
                   "blacklist", "退订", "黑名单", "勿扰", "拒收"),
    "consent": ("consent", "opt in", "opted in", "accepts marketing", "同意", "同意营销",
                "是否同意", "营销许可"),
}
_HEADERS = {kind: frozenset(map(normalise_header, names)) for kind, names in _NAMED.items()}
YES = frozenset(("yes", "y", "true", "t", "1", "1.0", "是", "同意", "有", "subscribed", "opted in"))


@dataclass(frozen=True)
class Contacts:
    """``rows``: user, kind, value. ``refused``: users whose own file says not to write to them.

    ``ids``: how many people the source names; ``names``: user -> first name, for a preview.
    """

    rows: pd.DataFrame
    refused: frozenset[str]
    ids: int
    names: dict[str, str]
    consent_column: str | None = None


def kept(ws: Any, users: Any) -> Contacts:
    """Return the addresses that the workspace keeps of these users."""
    rows = ws.people.contacts([str(u) for u in users])
    rows = rows[rows["kind"].isin(KINDS)]
    return Contacts(rows.reset_index(drop=True), frozenset(), int(rows["user"].nunique()), {})


def header_kind(header: str, personal: dict[str, str]) -> str | None:
    """Return what a column of a customer file holds for an upload, or None."""
    normal = normalise_header(header)
    told = next((k for k, names in _HEADERS.items() if normal in names), None)
    if told:
        return told
    if personal.get(header) in ("email", "phone"):
        return personal[header]
    roles = {"birth_date": "birthday", "gender": "gender", "city": "city",
             "consent_email": "consent", "consent_sms": "consent"}
    return next((kind for role, kind in roles.items() if normal in SYNONYMS[role]), None)


def from_table(table: PlainTable, known: Any = ()) -> Contacts:
    """Return the addresses in a customer file. Raises ``NoAddresses``.

    Its id column is the one whose cells are most often among ``known`` users (as they stand, or as
    the code an import keeps of an e-mail or phone); without such, the one whose header says so.
    """
    import pandas as pd

    held = frozenset(map(str, known))
    ids = _id_column(table, held)
    kinds = {h: k for h in table.rows.columns if (k := header_kind(h, table.personal))}
    if ids is None or not {"email", "phone"} & set(kinds.values()):
        raise NoAddresses(found=", ".join(table.rows.columns[:12]))
    parts: list[pd.DataFrame] = []
    names: dict[str, str] = {}
    for header, kind in kinds.items():
        if kind in KINDS:
            part = pd.DataFrame({"user": ids, "kind": kind, "value": table.rows[header]})
            parts.append(part[part["user"].notna() & part["value"].notna()])
    for kind in ("first", "full"):
        for header in (h for h, k in kinds.items() if k == kind):
            names |= {u: n for u, n in zip(ids, table.rows[header], strict=True)
                      if u is not None and n is not None and u not in names}
    refused: set[str] = set()
    consent: str | None = None
    for header, kind in kinds.items():
        if kind not in ("consent", "suppressed"):
            continue
        said = table.rows[header].map(lambda c: str(c or "").strip().lower() in YES)
        refused |= {u for u, yes in zip(ids, said, strict=True)
                    if u is not None and bool(yes) == (kind == "suppressed")}
        consent = header if kind == "consent" else consent
    rows = pd.concat(parts, ignore_index=True).drop_duplicates()
    return Contacts(rows, frozenset(refused), int(pd.Series(ids).nunique()), names, consent)


def _id_column(table: PlainTable, held: frozenset[str]) -> list[str | None] | None:
    best: tuple[int, list[str | None]] | None = None
    for frame in (table.rows, table.codes):
        for header in frame.columns:
            values = [None if v is None else str(v) for v in frame[header]]
            hits = len(held.intersection(v for v in values if v is not None))
            if hits and (best is None or hits > best[0]):
                best = hits, values
    if best is not None:
        return best[1]
    for header in table.rows.columns:
        if normalise_header(header) in SYNONYMS["user"] and header not in table.personal:
            return [None if v is None else str(v) for v in table.rows[header]]
    return None if held else [str(i + 1) for i in range(len(table.rows))]
