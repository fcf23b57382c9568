"""Which table a file is and which column plays which role: header words first, then the cells.

Answers override guesses. Only what stays open is asked; what can't be asked refuses the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omni_core.columns import ROLES, SYNONYMS, TABLES, normalise_header
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.report import Question, Refused, RoleGuess, Stopped, Unanswered

_TIME_LIKE = re.compile(
    r"\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\D?.*"
    r"|\s*\d{8}(\d{6})?\s*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"['\t+]*(86)?1[3-9]\d{9}|\+\d{8,15}")
_ID_CARD = re.compile(r"\d{17}[\dXx]")
_PERSONAL_HEADERS = tuple(normalise_header(h) for h in (
    "email", "e-mail", "phone", "mobile", "tel", "full name", "first name", "last name",
    "address", "street", "zip", "postcode", "id card", "收货人", "姓名",
    "收货人姓名", "客户姓名", "电话",
    "手机", "手机号", "联系电话", "联系手机",
    "收货地址", "地址", "身份证", "身份证号", "邮箱", "支付宝账号",
    "买家支付宝账号", "buyer name", "buyer phone number", "billing first name", "billing last name",
))
_SHOPIFY = {normalise_header(h) for h in ("Name", "Financial Status", "Lineitem name")}
# Roles that only one or two tables have tell which table a file is.
_SIGNS: tuple[tuple[str, tuple[tuple[str, ...], ...], tuple[str, ...]], ...] = (
    # table, (one of each group must be there), none of these
    ("sends", (("campaign",), ("user",), ("sent_at",)), ()),
    ("events", (("item", "item_name"), ("ts",), ("user", "order", "event")), ("text",)),
    ("reviews", (("rating",), ("item", "item_name"), ("text", "ts")), ("browsing_count", "age")),
    ("events", (("event",), ("ts",)), ()),
    ("orders", (("order",), ("ts", "total", "status")), ("text",)),
    ("products", (("item",), ("price", "category", "stock", "cost", "item_name")),
     ("user", "order", "age")),
    ("products", (("item_name",), ("price", "category", "stock", "cost")),
     ("user", "order", "age")),
    ("messages", (("text",),), ("item", "order")),
    ("customers", (("age", "gender", "birth_date", "browsing_count", "consent_email", "segment",
                    "consent_sms", "first_seen", "city"),), ("order",)),
    ("events", (("item", "item_name"), ("ts",)), ()),
)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The table and, per role, the index of its column."""

    table: str
    roles: dict[str, int]
    guesses: tuple[RoleGuess, ...]
    personal: tuple[str, ...]  # headers of columns with personal data; never read unless mapped
    unused: tuple[str, ...]
    hash_users: bool  # shoppers are named by e-mail, phone or the like


def map_columns(dialect: Dialect, answers: Mapping[str, str]) -> ColumnMap:
    """Guess table and roles. Raises ``Refused`` or ``Unanswered``."""
    headers = dialect.header
    fixed = _answered(headers, answers)
    found = _by_header(headers)
    if "ts" not in found:
        guess = _column_of_times(dialect, {g[0] for g in found.values()})
        if guess is not None:
            found["ts"] = (guess, 0.7, "reason_values")
    table = answers.get("table") or _table(found, fixed)
    if table is None:
        if len(headers) < 2:
            raise Refused("no_table", found=_listing(headers))
        raise Unanswered(Question("table", "table", tuple(TABLES)))
    if table not in TABLES:
        raise Refused("unknown_answer", value=table, field="table")
    allowed = TABLES[table].roles
    roles: dict[str, int] = {}
    guesses: list[RoleGuess] = []
    for role in allowed:
        if role in fixed:
            index, confidence, reason = fixed[role], 1.0, "reason_answer"
            if index is None:
                continue
        elif role in found and found[role][0] not in fixed.values():
            index, confidence, reason = found[role]
        else:
            continue
        roles[role] = index
        guesses.append(RoleGuess(role, headers[index], confidence, reason))
    try:
        _one_meaning_each(roles, headers)
        _rename_roles(table, roles)
        _require(table, roles, headers, answers)
    except Stopped as stop:
        stop.table, stop.guesses = table, tuple(guesses)
        raise
    used = set(roles.values())
    personal = tuple(h for i, h in enumerate(headers) if i not in used and _personal(dialect, i))
    unused = tuple(
        h for i, h in enumerate(headers) if i not in used and h and h not in personal)
    hash_users = "user" in roles and _personal(dialect, roles["user"], values_only=True)
    return ColumnMap(table, roles, tuple(guesses), personal, unused, hash_users)


def _answered(headers: Sequence[str], answers: Mapping[str, str]) -> dict[str, int | None]:
    fixed: dict[str, int | None] = {}
    for role, column in answers.items():
        if role not in ROLES:
            continue
        if not column:
            fixed[role] = None
        elif column in headers:
            if headers.count(column) > 1:
                raise Refused("duplicate_columns", column=column)
            fixed[role] = headers.index(column)
        else:
            raise Refused("unknown_answer", value=column, field=role)
    return fixed


def _by_header(headers: Sequence[str]) -> dict[str, tuple[int, float, str]]:
    """Per role the best column: an exact synonym (the earlier in the list the better)."""
    found: dict[str, tuple[int, float, str]] = {}
    normal = [normalise_header(h) for h in headers]
    taken: set[int] = set()
    exact = [
        (rank, list(ROLES).index(role), role, index)
        for role, synonyms in SYNONYMS.items()
        for rank, synonym in enumerate(synonyms)
        for index, header in enumerate(normal) if header == synonym
    ]
    for _, _, role, index in sorted(exact):
        if role not in found and index not in taken:
            found[role] = (index, 1.0, "reason_header")
            taken.add(index)
    if "order" not in found and set(normal) >= _SHOPIFY:
        # Shopify calls the order's number "Name"
        found["order"] = (normal.index("name"), 1.0, "reason_header")
        taken.add(found["order"][0])
        if found.get("item_name") == found["order"]:
            del found["item_name"]
    for role, synonyms in SYNONYMS.items():
        if role in found:
            continue
        for index, header in enumerate(normal):
            near = any(_near(header, s) for s in synonyms)
            if near and index not in taken:
                found[role] = (index, 0.6, "reason_similar_header")
                taken.add(index)
                break
    return found


def _near(header: str, synonym: str) -> bool:
    # The head of an English or Chinese name stands last: "buyer email" is an e-mail, but
    # "coupon_disc" is no coupon. Two Chinese characters (金额, 时间) end too many names.
    return len(synonym) >= (3 if not synonym.isascii() else 5) and header.endswith(synonym)


def _column_of_times(dialect: Dialect, taken: set[int]) -> int | None:
    for index in range(len(dialect.header)):
        cells = _cells(dialect, index)
        if index not in taken and cells and all(_TIME_LIKE.fullmatch(c) for c in cells):
            return index
    return None


def _cells(dialect: Dialect, index: int) -> list[str]:
    return [r[index] for r in dialect.sample[:200] if index < len(r) and r[index].strip()]


def _table(
    found: Mapping[str, tuple[int, float, str]], fixed: Mapping[str, int | None]
) -> str | None:
    present = {r for r in found if fixed.get(r, 0) is not None} | {
        r for r, c in fixed.items() if c is not None}
    for table, groups, absent in _SIGNS:
        if all(present & set(group) for group in groups) and not present & set(absent):
            return table
    return None


def _rename_roles(table: str, roles: dict[str, int]) -> None:
    # A file of lines without a product number still has the product's name: it is the id then.
    if table in ("events", "products", "reviews") and "item" not in roles and "item_name" in roles:
        roles["item"] = roles["item_name"]


def _one_meaning_each(roles: Mapping[str, int], headers: Sequence[str]) -> None:
    by_column: dict[int, str] = {}
    for role, index in roles.items():
        if index in by_column:
            raise Refused("same_column_twice", column=headers[index], first=by_column[index],
                          second=role)
        by_column[index] = role


def _require(
    table: str, roles: Mapping[str, int], headers: Sequence[str], answers: Mapping[str, str]
) -> None:
    free = [h for i, h in enumerate(headers) if i not in roles.values() and h]
    free = [h for h in free if headers.count(h) == 1]
    for role in TABLES[table].required:
        if role in roles or (role == "user" and table == "customers"):
            continue
        # Search has no product; a table of persons may have no names. All else is needed.
        if role in answers or not free:
            raise Refused("missing_role", role=role, found=_listing(headers))
        raise Unanswered(Question(role, "role", tuple(free)))
    repeated = [headers[i] for i in roles.values() if headers.count(headers[i]) > 1]
    if repeated:
        raise Refused("duplicate_columns", column=repeated[0])


def _listing(headers: Sequence[str]) -> str:
    shown = [h[:40] for h in headers if h][:20]
    return ", ".join(shown) + (" …" if len(headers) > 20 else "")


def _personal(dialect: Dialect, index: int, values_only: bool = False) -> bool:
    header = normalise_header(dialect.header[index])
    if not values_only and any(header == p or header.endswith(p) for p in _PERSONAL_HEADERS):
        return True
    cells = _cells(dialect, index)
    hits = sum(
        bool(_EMAIL.fullmatch(c.strip()) or _PHONE.fullmatch(c.strip())
             or _ID_CARD.fullmatch(c.strip())) for c in cells)
    # an 18-digit order number looks like an ID card; only columns of nothing else are taken
    return bool(cells) and hits > 0.5 * len(cells) and "order" not in header and "单" not in header
