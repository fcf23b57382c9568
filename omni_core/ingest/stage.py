"""Typed rows of one file: SQL per role, reasons per row that can't be used, counts of repairs.

Nothing here touches the store. The result says, for each role, how its column is read from the
temporary table ``raw``; rows that can't be used stand in the temporary table ``bad``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pandas as pd

from omni_core.columns import ROLES, TABLES
from omni_core.ingest import cells, words
from omni_core.ingest.decode import BAD_BYTE
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import Note, Refused

TOTALS = ("合计", "总计", "小计", "汇总", "总合计", "合计:", "总计:", "合计：", "总计：", "total",
          "totals", "sum", "grand total", "subtotal", "total:")
# "¥" is the yen's sign too; in the exports of this trade it is the yuan's
CURRENCY_SIGNS = {"CNY": ("￥", "¥", "元", "RMB", "CNY"), "USD": ("$", "USD"), "EUR": ("€", "EUR"),
                  "GBP": ("£", "GBP")}
_IDS = ("user", "item", "order")
_DIGITS = re.compile(r"[1-9]\d{0,17}")
_WORDS: dict[str, Callable[[str], Any]] = {
    "gender": words.parse_gender, "consent_email": words.parse_flag,
    "consent_sms": words.parse_flag, "event": words.parse_event,
}
_OPTIONAL_CODES = {"time": "optional_time", "date": "optional_time", "number": "optional_number",
                   "count": "optional_number"}


@dataclass(slots=True)
class Staged:
    """How each role is read from ``raw`` (SQL), and what was found on the way.

    ``joins`` are the tables of distinct words that the SQL refers to, by name. Ids have no SQL:
    they are cleaned in the temporary tables ``ids_user``, ``ids_item``, ``ids_order`` (raw, id).
    """

    table: str
    sql: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # id role -> its column in ``raw``
    cleaned: Counter[tuple[str, str]] = field(default_factory=Counter)
    exclusions: Counter[str] = field(default_factory=Counter)
    bad: list[tuple[int, str, str, str]] = field(default_factory=list)  # n, role, code, cell
    notes: list[Note] = field(default_factory=list)
    every_purchase: bool = False
    naive_times: bool = False  # some times say no zone: the shop's was taken


def quick_columns(mapping: ColumnMap, dialect: Dialect, zone: str) -> dict[int, str]:
    """Return the SQL of columns that can be typed while the rows are read, by column number."""
    quick: dict[int, str] = {}
    for role, index in mapping.roles.items():
        kind, column = ROLES[role].kind, f"c{index}"
        sample = [r[index] for r in dialect.sample if index < len(r) and r[index]]
        if kind in ("number", "count"):
            quick[index] = cells.quick_number(column)
        elif role in _IDS and sample and all(_DIGITS.fullmatch(c) for c in sample):
            quick[index] = cells.quick_id(column)
        elif kind == "time":
            sql = cells.quick_time(column, sample, zone)
            if sql:
                quick[index] = sql
    return quick


def stage(
    cursor: duckdb.DuckDBPyConnection, mapping: ColumnMap, dialect: Dialect, zone: str,
    secret: bytes, answers: dict[str, str], bad_bytes: bool, quick: Collection[int],
) -> Staged:
    """Type the columns of ``raw`` and find the rows that can't be used."""
    headers = dialect.header
    staged = Staged(mapping.table)
    for role, index in mapping.roles.items():
        _type_role(cursor, staged, role, index, headers[index], zone, secret, answers,
                   mapping.hash_users, index in quick)
    _currency_by_sign(cursor, staged, mapping)
    _events_without_word(staged, mapping, headers)
    if mapping.table == "events" and "order" not in mapping.roles and any(
            r in mapping.roles for r in ("status", "refund")):
        staged.notes.append(Note("no_order_number"))
    _find_bad(cursor, staged, mapping, bad_bytes, quick)
    _count_cleaned(cursor, staged, mapping, headers)
    return staged


def _type_role(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, index: int, header: str,
    zone: str, secret: bytes, answers: dict[str, str], hash_users: bool, quick: bool,
) -> None:
    kind, column = ROLES[role].kind, f"c{index}"
    if role in _IDS:
        column = staged.ids[role] = _id_column(cursor, index, quick)
        _clean_ids(cursor, staged, role, column, header, secret if hash_users else None)
    elif kind == "id":
        staged.sql[role] = cells.unwrapped(f"raw.{column}")
    elif kind in ("time", "date"):
        cell = cells.time(cursor, index, header, zone, answers, quick, kind == "date")
        staged.sql[role] = cell.sql
        staged.naive_times = staged.naive_times or (kind == "time" and not cell.zoned)
    elif kind in ("number", "count"):
        cell = cells.number(cursor, index, header, answers)
        staged.sql[role] = cell.sql
        for code, condition in cell.cleaned:
            found = _count(cursor, condition)
            staged.cleaned[(header, code)] += found
    elif role == "age":
        _age_words(cursor, staged, column, header)
    elif role in _WORDS:
        _map_words(cursor, staged, role, column, _WORDS[role])
    elif role == "status":
        _map_words(cursor, staged, "state", column, words.parse_state)
        staged.sql["status"] = cells.text(f"raw.{column}")
        unknown = [r[0] for r in cursor.execute(
            "SELECT word FROM words_state WHERE meaning IS NULL ORDER BY word LIMIT 5").fetchall()]
        if unknown:
            staged.notes.append(Note("status_unknown", {"words": ", ".join(unknown)}))
    else:
        staged.sql[role] = cells.free_text(f"raw.{column}")


def _id_column(cursor: duckdb.DuckDBPyConnection, index: int, quick: bool) -> str:
    """Return the column that holds the ids: numbers where all are digits, else text."""
    if not quick:
        return f"c{index}"
    others = _count(cursor, f"c{index} IS NOT NULL")
    if not others:
        return f"t{index}"
    cursor.execute(
        f"UPDATE raw_rows SET c{index} = CAST(t{index} AS VARCHAR) WHERE t{index} IS NOT NULL")
    return f"c{index}"


def _clean_ids(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, column: str, header: str,
    secret: bytes | None,
) -> None:
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE ids_{role} AS
        SELECT raw, {cells.unwrapped('raw') if column[0] == 'c' else 'CAST(raw AS VARCHAR)'} AS id
        FROM (SELECT DISTINCT {column} AS raw FROM raw WHERE {column} IS NOT NULL)""")
    lost = cells.lost_digits(cursor, column, f"ids_{role}")
    if lost:
        raise Refused("digits_lost", column=header, n=lost[0], value=lost[1])
    # "17850.0" throughout: a number column that passed through a float on its way here
    floats, ids = cursor.execute(
        f"SELECT count(*) FILTER (regexp_full_match(id, '\\d+\\.0')), count(id) FROM ids_{role}"
    ).fetchall()[0]
    if ids and floats == ids:
        cursor.execute(f"UPDATE ids_{role} SET id = left(id, length(id) - 2)")
        staged.cleaned[(header, "decimal_zero")] += _count(cursor, f"{column} IS NOT NULL")
    if role == "user":
        masked = cursor.execute(
            "SELECT count(*) FROM ids_user WHERE contains(id, '**')").fetchall()[0][0]
        if masked:
            staged.notes.append(Note("masked_buyers"))
        if secret is not None:
            found = cursor.execute("SELECT raw, id FROM ids_user").df()
            found["id"] = [_code(v, secret) for v in found["id"]]
            _as_table(cursor, "ids_user", found)
            staged.notes.append(Note("hashed_ids"))


def _code(value: str | None, secret: bytes) -> str | None:
    if not isinstance(value, str):
        return None
    same = value.strip().lower()  # one mailbox, one person
    return "h" + hmac.new(secret, same.encode(), hashlib.sha256).hexdigest()[:24]


def _as_table(cursor: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    cursor.register("incoming", frame)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming")
    cursor.unregister("incoming")


def _distinct(cursor: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    return [r[0] for r in cursor.execute(
        f"SELECT DISTINCT {column} FROM raw WHERE {cells.text(column)} IS NOT NULL "
        f"ORDER BY {column} LIMIT 100000").fetchall()]


def _map_words(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, column: str,
    meaning: Callable[[str], Any],
) -> None:
    found = _distinct(cursor, column)
    kind = "bool" if role.startswith("consent") else "str"
    meanings = [meaning(w) for w in found]
    frame = pd.DataFrame({
        "word": pd.Series(found, dtype="str"),
        "meaning": pd.Series(meanings, dtype="boolean" if kind == "bool" else "str")})
    _as_table(cursor, f"words_{role}", frame)
    staged.joins[f"words_{role}"] = (
        f"LEFT JOIN words_{role} ON raw.{column} = words_{role}.word")
    staged.sql[role] = f"words_{role}.meaning"


def _age_words(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, column: str, header: str
) -> None:
    found = _distinct(cursor, column)
    year = dt.date.today().year
    ages = [words.parse_age(w, year) for w in found]
    frame = pd.DataFrame({
        "word": pd.Series(found, dtype="str"),
        "low": pd.Series([a[0] if a else None for a in ages], dtype="Int16"),
        "high": pd.Series([a[1] if a else None for a in ages], dtype="Int16"),
        "plain": [w.strip().isdecimal() and a is not None and a == (int(w), int(w))
                  for w, a in zip(found, ages, strict=True)]})
    _as_table(cursor, "words_age", frame)
    staged.joins["words_age"] = f"LEFT JOIN words_age ON raw.{column} = words_age.word"
    staged.sql["age_low"], staged.sql["age_high"] = "words_age.low", "words_age.high"
    impossible, read = cursor.execute(
        f"""SELECT count(*) FILTER (low IS NULL), count(*) FILTER (low IS NOT NULL AND NOT plain)
        FROM raw JOIN words_age ON raw.{column} = words_age.word""").fetchall()[0]
    staged.cleaned[(header, "impossible_age")] += impossible
    staged.cleaned[(header, "age_words")] += read


def _currency_by_sign(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap
) -> None:
    """Take the currency from the signs in the cells where no column says it."""
    if staged.table not in ("events", "orders") or "currency" in mapping.roles:
        return
    for role in ("total", "amount", "price"):
        if role not in mapping.roles:
            continue
        column, index = f"raw.c{mapping.roles[role]}", mapping.roles[role]
        filled = _count(cursor, f"{column} IS NOT NULL OR raw.t{index} IS NOT NULL")
        for code, signs in CURRENCY_SIGNS.items():
            told = " OR ".join(f"contains({column}, '{sign}')" for sign in signs)
            if _count(cursor, told) > 0.5 * filled:
                staged.sql["currency"] = f"'{code}'"
                return


def _events_without_word(staged: Staged, mapping: ColumnMap, headers: tuple[str, ...]) -> None:
    if staged.table == "events" and "event" not in staged.sql:
        viewed = "ts" in mapping.roles and any(
            w in headers[mapping.roles["ts"]].lower() for w in ("浏览", "view", "visit", "访问"))
        staged.sql["event"] = "'view'" if viewed else "'purchase'"
        staged.every_purchase = not viewed
        if not viewed and not {"order", "amount", "price", "total"} & set(mapping.roles):
            staged.notes.append(Note("all_purchases"))


def _find_bad(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap, bad_bytes: bool,
    quick: Collection[int],
) -> None:
    """Fill ``bad``: one row per row of ``raw`` that can't be used, the first bad role's reason."""
    reasons: list[tuple[str, str]] = []  # role, code
    branches: list[str] = []

    def reject(condition: str, role: str, *codes: tuple[str, str]) -> None:
        """Reject where the condition holds, with the first code whose own condition holds."""
        inner = ""
        for test, code in codes:
            inner += f" WHEN {test} THEN {len(reasons)}"
            reasons.append((role, code))
        branches.append(f"WHEN {condition} THEN CASE{inner} END")

    if bad_bytes:
        for role, index in mapping.roles.items():
            reject(f"contains(raw.c{index}, '{BAD_BYTE}')", role, ("true", "bad_bytes"))
    for role in (*TABLES[staged.table].required, "event"):
        if role not in mapping.roles or (role == "user" and staged.table in ("events", "orders")):
            continue  # a sale without a shopper is still a sale
        column, kind = f"raw.c{mapping.roles[role]}", ROLES[role].kind
        missing = f"({cells.text(column)}) IS NULL"
        if mapping.roles[role] in quick and role not in _IDS:
            # its text is kept only where the quick reading failed
            missing = f"(raw.t{mapping.roles[role]} IS NULL AND {missing})"
        if role in _IDS:
            column = f"raw.{staged.ids[role]}"
            nothing = f"SELECT raw FROM ids_{role} WHERE id IS NULL"
            missing = f"({column} IS NULL OR {column} IN ({nothing}))"
            if role == "item" and "event" in mapping.roles:
                missing += (f" AND coalesce({staged.sql['event']}, '') NOT IN "
                            "('search', 'impression', 'click')")
            reject(missing, role, ("true", "empty"))
        elif kind in ("time", "number", "event"):
            # looking for emptiness only where the value can't be read keeps large files fast
            reject(f"{staged.sql[role]} IS NULL", role, (missing, "empty"), ("true", f"bad_{kind}"))
        else:
            reject(missing, role, ("true", "empty"))
    verdict = "CASE " + " ".join(branches) + " END" if branches else "NULL"
    joins = " ".join(staged.joins.values())
    totals = _totals(cursor, staged, mapping)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE bad AS SELECT * FROM (
        SELECT raw.n, CASE WHEN {totals} THEN -1 ELSE {verdict} END AS verdict
        FROM raw {joins}) WHERE verdict IS NOT NULL""")
    # a product may be called "Total": where the row is sound in every respect it stays
    has_time = any(ROLES[r].kind == "time" for r in TABLES[staged.table].required)
    if has_time:
        cursor.execute(
            f"""DELETE FROM bad WHERE verdict = -1 AND n IN (
            SELECT raw.n FROM raw {joins} JOIN bad ON bad.n = raw.n AND bad.verdict = -1
            WHERE ({verdict}) IS NULL)""")
    staged.exclusions["totals_row"] = cursor.execute(
        "SELECT count(*) FROM bad WHERE verdict = -1").fetchall()[0][0]
    for number, (role, code) in enumerate(reasons):
        column = f"raw.c{mapping.roles[role]}"
        for n, value in cursor.execute(
            f"SELECT n, {column} FROM raw JOIN bad USING (n) WHERE verdict = {number} ORDER BY n"
        ).fetchall():
            staged.bad.append((n, role, code, value or ""))
    staged.bad.sort()


def _totals(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap
) -> str:
    """Return the condition that a row is one of totals: its first cell or an id says so."""
    listed = ", ".join(f"'{t}'" for t in TOTALS)
    tests = ["false"]
    for role, column in staged.ids.items():
        # ids are looked at once each, not row by row
        some = f"SELECT raw FROM ids_{role} WHERE lower(id) IN ({listed})"
        if cursor.execute(f"SELECT count(*) FROM ({some})").fetchall()[0][0]:
            tests.append(f"coalesce(raw.{column} IN ({some}), false)")
    if 0 not in {mapping.roles[r] for r in staged.ids}:
        tests.append(f"lower(trim(coalesce(raw.c0, ''))) IN ({listed})")
    return "(" + " OR ".join(tests) + ")"


def _count_cleaned(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap, headers: tuple[str, ...]
) -> None:
    required = {*TABLES[staged.table].required, *_IDS}
    for role, index in mapping.roles.items():
        column, header, kind = f"raw.c{index}", headers[index], ROLES[role].kind
        if role in _IDS and staged.ids[role][0] == "c":
            marked = "(starts_with(raw, '''') OR starts_with(raw, '\t'))"
            for code, test in (("excel_text", "starts_with(raw, '=')"), ("leading_mark", marked)):
                some = f"SELECT raw FROM ids_{role} WHERE {test}"
                if cursor.execute(f"SELECT count(*) FROM ({some})").fetchall()[0][0]:
                    staged.cleaned[(header, code)] += _count(cursor, f"{column} IN ({some})")
        elif role not in required and kind in _OPTIONAL_CODES:
            # the text is looked at last: most rows are settled by the value
            staged.cleaned[(header, _OPTIONAL_CODES[kind])] += _count(
                cursor, f"CASE WHEN ({staged.sql[role]}) IS NULL THEN "
                f"({cells.text(column)}) IS NOT NULL END AND n NOT IN (SELECT n FROM bad)")
        elif role in _WORDS and role not in ("event", *required):
            staged.cleaned[(header, "optional_word")] += cursor.execute(
                f"SELECT count(*) FROM raw JOIN words_{role} w ON {column} = w.word "
                "WHERE w.meaning IS NULL").fetchall()[0][0]
    if "ts" in staged.sql:
        tomorrow = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=1)
        future = _count(cursor, f"{staged.sql['ts']} > $limit", {"limit": tomorrow})
        if future:
            staged.notes.append(Note("future_times", {"rows": future}))


def _count(
    cursor: duckdb.DuckDBPyConnection, condition: str, values: Mapping[str, Any] | None = None
) -> int:
    return int(cursor.execute(
        f"SELECT count(*) FROM raw WHERE {condition}", dict(values or {})).fetchall()[0][0])
