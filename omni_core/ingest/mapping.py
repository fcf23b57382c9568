"""Which table a file is and which column plays which role.

A platform that is known says it; else header words, then the cells. Answers override guesses.
Only what stays open and matters is asked; what can't be asked refuses the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omni_core.columns import ROLES, TABLES, normalise_header
from omni_core.ingest import guess
from omni_core.ingest.clock import find_clock
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.outcome import ask_which
from omni_core.ingest.personal import Personal, find_personal
from omni_core.ingest.platform import Platform, find_platform
from omni_core.ingest.report import Note, Question, Refused, RoleGuess, Stopped, Unanswered

# Roles that only one or two tables have tell which table a file is.
_SIGNS: tuple[tuple[str, tuple[tuple[str, ...], ...], tuple[str, ...]], ...] = (
    # table, (one of each group must be there), none of these
    ("sends", (("campaign",), ("user",), ("sent_at",)), ()),
    # a mark given with a time is a review; with money or an order it is a purchase
    ("reviews", (("rating",), ("item", "item_name"), ("text", "ts", "user")),
     ("browsing_count", "age", "order", "event", "quantity", "amount", "price", "total")),
    ("events", (("item", "item_name"), ("ts",), ("user", "order", "event")), ("text",)),
    ("events", (("item", "item_name"), ("order",), ("price", "quantity", "amount")), ("text",)),
    ("reviews", (("rating",), ("item", "item_name"), ("text", "ts", "user")),
     ("browsing_count", "age")),
    ("events", (("event",), ("ts",)), ()),
    ("orders", (("order",), ("ts", "total", "status")), ("text",)),
    # sold at a time, in a number: no list of goods
    ("events", (("item", "item_name"), ("ts",), ("quantity",), ("price", "amount")),
     ("text", "stock", "cost", "category_en", "age")),
    ("products", (("item",), ("price", "category", "stock", "cost", "item_name")),
     ("user", "order", "age")),
    ("products", (("item_name",), ("price", "category", "stock", "cost")),
     ("user", "order", "age")),
    ("messages", (("text",),), ("item", "order", "browsing_count", "age")),
    ("customers", (("age", "gender", "birth_date", "consent_email", "segment", "consent_sms",
                    "first_seen", "city"),), ("order",)),
    ("customers", (("user",), ("browsing_count",)), ("order",)),  # of pages there are views, too
    ("events", (("item", "item_name"), ("ts",)), ()),
)
# A file may leave these out; what then doesn't work is said.
_DISPENSABLE = {"events": ("user", "item"), "orders": ("user",)}
_JOINED = ("user", "ts")
_PAID = frozenset(normalise_header(h) for h in (
    "实付金额", "实付", "实付款", "实际支付", "实际支付金额", "用户实付", "支付金额", "付款金额",
    "實付金額",
    "paid price", "paid amount", "amount paid", "total paid"))
_STATES = ("status", "payment", "after_sale")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The table and, per role, the index of its column."""

    table: str
    roles: dict[str, int]
    guesses: tuple[RoleGuess, ...]
    personal: tuple[Personal, ...]  # columns with personal data, and what becomes of them
    unused: tuple[str, ...]
    hash_users: bool  # shoppers are named by e-mail, phone or the like
    platform: Platform | None = None
    join: bool = False  # lines of orders; who bought and when stands in another file
    notes: tuple[Note, ...] = ()
    clock: int | None = None  # column of the time of day, where that of ``ts`` is a mere date
    returns: bool = False  # each row is something that came back, and the amount what was repaid
    stand_in: int | None = None  # column that names a person whose user cell is empty


def map_columns(dialect: Dialect, answers: Mapping[str, str]) -> ColumnMap:
    """Guess table and roles. Raises ``Refused`` or ``Unanswered``."""
    headers = dialect.header
    platform = find_platform(headers, dialect.sample, dialect.named)
    if platform and platform.refuse:
        raise Refused(platform.refuse)
    fixed = _answered(headers, answers)
    found = _found(dialect, platform)
    if platform is None and guess.is_statement(dialect):
        raise Refused("account_statement")
    if platform is None and (periods := guess.periods(dialect)):
        raise Refused("pivot", found=_listing(periods))
    if platform is None and (guess.is_aggregated(dialect, found)
                             or guess.is_by_period(dialect, found)):
        raise Refused("aggregated", found=_listing(headers))
    if platform is None:
        _order_number(dialect, found)
    table = answers.get("table") or (platform and platform.table) or _table(found, fixed)
    if table == "orders" and platform is None and "table" not in answers and (
            _has_lines(dialect, found)):
        table = "events"
    if table == "orders" and "total" not in found and "amount" in found:
        found["total"] = found["amount"]  # of an order, a sum is its total
        paid = next((i for i, h in enumerate(headers) if normalise_header(h) in _PAID), None)
        if platform is None and paid is not None:  # what was paid beats what was asked
            found["total"] = (paid, 1.0, "reason_header")
    if table == "reviews" and "item" not in found and "item_name" in found:
        found["item"] = found["item_name"]
    if table is None:
        if len(headers) < 2:
            raise Refused("no_table", found=_listing(headers))
        raise Unanswered(Question("table", "table", tuple(TABLES)))
    if table not in TABLES:
        raise Refused("unknown_answer", value=table, field="table")
    clock: int | None = None
    if "ts" in found and "ts" not in fixed and "ts" in TABLES[table].roles:
        place, confidence, reason = found["ts"]
        taken = {i for i, _, _ in found.values()}
        taken |= {told for told in fixed.values() if told is not None}
        at, clock = find_clock(dialect, place, taken)
        found["ts"] = at, confidence, reason
    roles: dict[str, int] = {}
    guesses: list[RoleGuess] = []
    for role in TABLES[table].roles:
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
        if not (platform and platform.packed):
            _one_meaning_each(roles, headers, platform)
        _name_is_id(table, roles)
        join = _needs_join(table, roles)
        notes = _require(table, roles, dialect, answers, platform, join)
        _ask_about_twins(roles, dialect, answers)
        if table == "sends":
            ask_which(roles, dialect, answers)
    except Stopped as stop:
        stop.table, stop.guesses, stop.platform = table, tuple(guesses), platform
        raise
    returns = table == "events" and "refund" in roles and not {
        "event", "amount", "price", "total", "quantity"} & set(roles)
    if returns:
        roles["amount"] = roles.pop("refund")
    used = {*roles.values(), *(() if clock is None else (clock,))}
    personal = find_personal(headers, [guess.cells(dialect, i) for i in range(len(headers))],
                             used, roles.get("user"), answers)
    told = used | {p.index for p in personal}
    unused = tuple(h for i, h in enumerate(headers) if i not in told and h)
    hash_users = any(p.index == roles.get("user") for p in personal)
    return ColumnMap(table, roles, tuple(guesses), personal, unused, hash_users, platform, join,
                     tuple(notes), clock, returns,
                     _stand_in(table, roles, headers, platform))


def _has_lines(dialect: Dialect, found: Mapping[str, tuple[int, float, str]]) -> bool:
    """Whether orders stand on several rows with sums of their own: lines without their products.

    Where the state differs, too, it is one order as it was at several times.
    """
    money = next((found[r][0] for r in ("total", "amount") if r in found), None)
    if "order" not in found or "ts" not in found or money is None:
        return False
    sums: dict[str, list[str]] = {}
    states: dict[str, set[str]] = {}
    for row in dialect.sample:
        cells = dict(enumerate(row))
        order = cells.get(found["order"][0], "").strip()
        if order and cells.get(money, "").strip(" 0.,"):
            sums.setdefault(order, []).append(cells[money])
            states.setdefault(order, set()).update(
                cells.get(found[r][0], "") for r in _STATES if r in found)
    several = [order for order, told in sums.items() if len(told) > 1 and len(states[order]) < 2]
    return sum(len(set(sums[o])) > 1 for o in several) > 0.5 * len(several)


def _stand_in(table: str, roles: Mapping[str, int], headers: Sequence[str],
              platform: Platform | None) -> int | None:
    """Return the column of a person's other id: some in a list of customers have no e-mail."""
    if table != "customers" or platform is None or "user" not in roles:
        return None
    normal = [normalise_header(h) for h in headers]
    return next((normal.index(name) for name in platform.roles.get("user", ()) if name in normal
                 and normal.index(name) not in roles.values()), None)


def _found(dialect: Dialect, platform: Platform | None) -> dict[str, tuple[int, float, str]]:
    """Per role its column, how sure that is and why."""
    found: dict[str, tuple[int, float, str]] = {}
    if platform:
        found = {role: (index, 1.0, "reason_platform")
                 for role, index in platform.columns(dialect.header).items()}
        if not dialect.named:
            return found
        if "item" in found and found["item"][0] == found.get("item_name", (-1,))[0]:
            del found["item"]  # a name is the id only where no column is one
    else:
        found = guess.flags(dialect)
    # a column without a cell so far has a meaning only where no filled one has it
    empty = {i for i in range(len(dialect.header)) if platform is None and dialect.named
             and len(dialect.sample) > 1 and not guess.cells(dialect, i)}
    for passed_over in (empty, ()):
        taken = {*(index for index, _, _ in found.values()), *passed_over}
        lacking = {*found, *(platform.lacks if platform else ())}
        # what is settled stays: of its other words a second look would make another column
        found = guess.by_header(
            dialect.header, taken, lacking, near=platform is None) | found
        if not empty:
            break
    if {"sent_at", "coupon"} <= set(found) and not {"campaign", "order"} & set(found):
        found["campaign"] = found.pop("coupon")  # handed out, a coupon is what was sent
    if "rating" in found and (guess.is_prose(dialect, found["rating"][0])
                              or guess.is_remark(dialect, found["rating"][0])):
        del found["rating"]  # a French "note" is a mark, an English one a remark
    if "text" in found and "rating" not in found and guess.is_scale(dialect, found["text"][0]):
        found["rating"] = found.pop("text")  # 评价 heads marks as often as words
    if "payment" in found and "status" not in found:
        found["status"] = found.pop("payment")  # the only word there is
    if platform is None:
        found |= guess.by_values(dialect, found)
        guess.name_is_no_id(dialect, found)
    return found


def _order_number(dialect: Dialect, found: guess.Found) -> None:
    """Take a column called "id" for the order number where rows have states or totals of orders.

    What such a list calls its reference is no product.
    """
    if not {"status", "total", "refund"} & set(found) or not {
            "total", "amount"} & set(found) or {"quantity", "price"} & set(found):
        return
    normal = [normalise_header(h) for h in dialect.header]
    for name in ("id", "reference", "referencia"):
        if "order" in found or name not in normal:
            continue
        place = normal.index(name)
        cells = guess.cells(dialect, place)
        if cells and len(set(cells)) == len(cells):
            found["order"] = (place, 0.6, "reason_values")
    if "order" in found and "item" in found and normal[found["item"][0]] in (
            "reference", "referencia", "ref"):
        del found["item"]
    if "order" in found and found.get("item_name", (0,))[0] == found.get("item", (-1,))[0]:
        del found["item_name"]
    if found.get("item", ("",))[0] == found.get("order", (None,))[0]:
        del found["item"]


def _answered(headers: Sequence[str], answers: Mapping[str, str]) -> dict[str, int | None]:
    fixed: dict[str, int | None] = {}
    for role, column in answers.items():
        if role not in ROLES:
            continue
        if not column:
            fixed[role] = None
        elif column in headers:
            fixed[role] = headers.index(column)
        else:
            raise Refused("unknown_answer", value=column, field=role)
    return fixed


def _table(
    found: Mapping[str, tuple[int, float, str]], fixed: Mapping[str, int | None]
) -> str | None:
    present = {r for r in found if fixed.get(r, 0) is not None} | {
        r for r, c in fixed.items() if c is not None}
    for table, groups, absent in _SIGNS:
        if all(present & set(group) for group in groups) and not present & set(absent):
            return table
    return None


def _name_is_id(table: str, roles: dict[str, int]) -> None:
    # A file of lines without a product number still has the product's name: it is the id then.
    if table in ("events", "products", "reviews") and "item" not in roles and "item_name" in roles:
        roles["item"] = roles["item_name"]


def _needs_join(table: str, roles: Mapping[str, int]) -> bool:
    return table == "events" and "ts" not in roles and {"order", "item"} <= set(roles)


def _one_meaning_each(roles: Mapping[str, int], headers: Sequence[str],
                      platform: Platform | None) -> None:
    by_column: dict[int, str] = {}
    for role, index in roles.items():
        if index in by_column and not (platform and {role, by_column[index]} == {
                "item", "item_name"}):
            raise Refused("same_column_twice", column=headers[index], first=by_column[index],
                          second=role)
        by_column[index] = role


def _require(table: str, roles: Mapping[str, int], dialect: Dialect, answers: Mapping[str, str],
             platform: Platform | None, join: bool) -> list[Note]:
    """Ask for a required role that no column plays; note what can be done without it."""
    headers, notes = dialect.header, []
    free = guess.candidates(dialect, set(roles.values()))
    for role in TABLES[table].required:
        if role in roles:
            continue
        if table == "customers" and role == "user":
            _ask_who(free, dialect, answers)
            continue
        if join and role in _JOINED:
            continue
        can_do_without = role in _DISPENSABLE.get(table, ()) and bool(
            {"event", "order", *(("price", "amount", "total") if role == "user" else ())}
            & set(roles))
        known_to_lack = platform is not None and (role in platform.lacks or can_do_without)
        if role not in answers and not known_to_lack:
            likely = [c for c in free if guess.could_be(dialect, c, role)]
            if likely or (free and not can_do_without):
                shown = [headers[i] for i in (likely or free)]
                near = guess.nearest(shown, role)
                shown.sort(key=lambda h: [h] != list(near.values()))  # the likeliest comes first
                raise Unanswered(Question(
                    role, "role", (*shown, "") if can_do_without else tuple(shown),
                    {"found": _listing(headers), **near}))
        if not can_do_without:
            raise Refused("missing_role", role=role, found=_listing(headers),
                          **guess.nearest([headers[i] for i in free], role))
        notes.append(Note("no_buyer" if role == "user" else "no_product"))
    if table == "sends" and not {"responded_at", "outcome"} & set(roles):
        notes.append(Note("no_answers"))
    if table == "orders":
        notes.append(Note((platform and platform.note) or "no_items"))
    return notes


def _ask_who(free: Sequence[int], dialect: Dialect, answers: Mapping[str, str]) -> None:
    """In a list of people, a column whose cells are all different may say who each one is."""
    if "user" in answers or len(dialect.sample) < 5:
        return
    likely = []
    for place in free:
        cells = guess.cells(dialect, place)
        if len(cells) >= 5 and len(set(cells)) == len(cells) and (
                guess.could_be(dialect, place, "user")):
            likely.append(dialect.header[place])
    if likely:
        raise Unanswered(Question("user", "role", (*likely, ""),
                                  {"found": _listing(dialect.header)}))


def _ask_about_twins(roles: Mapping[str, int], dialect: Dialect,
                     answers: Mapping[str, str]) -> None:
    """Two columns of one name and different cells: only she knows which is meant."""
    headers = dialect.header
    for role, index in roles.items():
        if role in answers:
            continue
        twins = [i for i, h in enumerate(headers) if h == headers[index]
                 or h.rpartition(" (")[0] == headers[index] and h.endswith(")")]
        if len(twins) > 1 and len({tuple(guess.cells(dialect, i)) for i in twins}) > 1:
            raise Unanswered(Question(role, "role", tuple(headers[i] for i in twins),
                                      {"found": _listing(headers), "twins": True}))


def _listing(headers: Sequence[str]) -> str:
    shown = [h[:40] for h in headers if h][:20]
    return ", ".join(shown) + (" …" if len(headers) > 20 else "")
