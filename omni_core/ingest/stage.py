"""Typed rows of one file: SQL per role, reasons per row that can't be used, counts of repairs.

Nothing here touches the store. The result says, for each role, how its column is read from the
temporary table ``raw``; rows that can't be used stand in the temporary table ``bad``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

import duckdb

from omni_core.columns import ROLES, TABLES
from omni_core.ingest import cells, filldown, money, times, words
from omni_core.ingest.clock import join_clock
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.ids import ID_ROLES, clean_ids
from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.meanings import age_words, clean_words, event_words, map_words
from omni_core.ingest.once import read_once
from omni_core.ingest.packed import unpack
from omni_core.ingest.report import Note, Refused, is_on
from omni_core.ingest.sift import find_bad
from omni_core.ingest.sql import columns, count
from omni_core.ingest.staged import Staged
from omni_core.ingest.units import unit_of

_WORDS: dict[str, Callable[[str], Any]] = {
    "gender": words.parse_gender, "consent_email": words.parse_flag,
    "consent_sms": words.parse_flag,
}
_OPTIONAL_CODES = {"time": "optional_time", "date": "optional_time", "number": "optional_number",
                   "count": "optional_number"}
_MONEY = ("total", "amount", "price")
_WORD_KINDS = frozenset({"word", "event", "gender", "flag"})
_LONG, _FEW_WORDS = 300, 30
_FEW_UNREAD, _MANY_UNREAD = 3, 0.2  # cells of money that say no number: a slip, or the rule


def quick_columns(mapping: ColumnMap, dialect: Dialect, zone: str) -> dict[int, cells.Typed]:
    """Return how columns are read that can be typed with the rows, by column number."""
    quick: dict[int, cells.Typed] = {}
    told = {p.index for p in mapping.personal}  # what is done with addresses is done with texts
    as_text = filldown.LOOKED_AT if filldown.goes_on(mapping, dialect) else (
        ("item",) if filldown.has_variants(mapping, dialect) else ())
    for role, index in mapping.roles.items():
        if role in as_text:
            continue
        kind, column = ROLES[role].kind, f"c{index}"
        sample = [r[index] for r in dialect.sample if index < len(r) and r[index]]
        if kind in ("number", "count"):
            # 1.23456 of ten thousands has more places than money: its text is kept
            quick[index] = cells.Typed(
                cells.quick_number(column) if _unit(role, dialect.header[index]) <= 1
                else "CAST(NULL AS DECIMAL(18, 4))")
        elif role in ID_ROLES and sample:
            typed = cells.quick_id(column, sample, plain=bool(mapping.join) or index in told)
            if typed:
                quick[index] = typed
        elif kind == "time" and mapping.clock is None:
            sql = times.quick_time(column, sample, times.zone_of_header(dialect.header[index])
                                   or zone)
            if sql:
                quick[index] = cells.Typed(sql)
    return quick


def word_columns(mapping: ColumnMap, dialect: Dialect) -> dict[int, tuple[str, ...]]:
    """Return the words of columns that have few, by column number; none for a short file."""
    if len(dialect.sample) < _LONG:
        return {}
    found = {}
    if filldown.has_variants(mapping, dialect):  # they are written into before they are read
        return {}
    for role, index in mapping.roles.items():
        cells = {r[index] for r in dialect.sample if index < len(r) and r[index]}
        if ROLES[role].kind in _WORD_KINDS and 0 < len(cells) <= _FEW_WORDS:
            found[index] = tuple(sorted(cells))
    return found


def written_columns(mapping: ColumnMap) -> set[int]:
    """Return the columns of ids whose empty cells staging may write into."""
    item, name = mapping.roles.get("item"), mapping.roles.get("item_name")
    if mapping.table != "events" or item is None or name in (None, item):
        return set()
    return {item}


def stage(
    cursor: duckdb.DuckDBPyConnection, mapping: ColumnMap, dialect: Dialect, zone: str,
    secret: bytes, answers: dict[str, str], bad_bytes: bool, quick: Mapping[int, cells.Typed],
    few: Collection[int],
) -> Staged:
    """Type the columns of ``raw`` and find the rows that can't be used."""
    headers = dialect.header
    staged = Staged(mapping.table, refunds=is_on("refund_rows", answers),
                    merges_twins=is_on("duplicate", answers),
                    takes_discount=is_on("discount_taken", answers), personal=mapping.personal,
                    key=secret)
    staged.notes.extend(mapping.notes)
    _name_for_empty_id(cursor, staged, mapping, headers)
    _other_id_for_empty(cursor, staged, mapping, headers, quick)
    if is_on("filled_down", answers) and filldown.goes_on(mapping, dialect):
        led = mapping.roles.get("order", mapping.roles["ts"])
        staged.cleaned[(headers[led], "filled_down")] += filldown.fill_down(cursor, mapping)
    if filldown.has_variants(mapping, dialect):
        staged.cleaned[(headers[mapping.roles["item_name"]], "variants")] += (
            filldown.fill_variants(cursor, mapping))
    if mapping.clock is not None:
        join_clock(cursor, mapping.roles["ts"], mapping.clock)
    # What was read whole needs no second look, which on a large file takes as long as the first.
    whole = _read_whole(cursor, quick)
    numbers = [i for r, i in mapping.roles.items() if ROLES[r].kind in ("number", "count")]
    mark = "." if whole.issuperset(numbers) else money.decimal_mark(
        cursor, numbers, headers, answers)
    for role, index in mapping.roles.items():
        named = headers[index]
        if role == "ts" and mapping.clock is not None and times.zone_of_header(
                headers[mapping.clock]):
            named = headers[mapping.clock]
        _type_role(cursor, staged, role, index, named, zone, secret, answers, mapping,
                   quick.get(index), index in few, None if index in whole else mark)
    if mapping.join:
        staged.sql["ts"], staged.sql["user"] = "joined.ts", "joined.user_key"
        staged.joins["joined"] = (
            f"LEFT JOIN joined ON {staged.id_texts['order']} = joined.raw")
    _after_sale(staged)
    if "birth_date" in staged.sql:  # where no age is given, the birthday tells it
        years = f"CAST(datesub('year', {staged.sql['birth_date']}, current_date) AS SMALLINT)"
        born = f"CASE WHEN {years} BETWEEN 1 AND 110 THEN {years} END"
        for role in ("age_low", "age_high"):
            given = staged.sql.get(role)
            staged.sql[role] = f"coalesce({given}, {born})" if given else born
    _currency(cursor, staged, mapping, headers, zone, whole)
    _events_without_word(staged, mapping, headers)
    if mapping.table == "events" and "order" not in mapping.roles and any(
            r in mapping.roles for r in ("status", "refund")):
        staged.notes.append(Note("no_order_number"))
    platform = mapping.platform
    if answers.get("total_of") in ("line", "order"):
        staged.order_level = {"total": answers["total_of"] == "order"}
    elif platform and platform.totals == "first_line":
        staged.order_level = {"total": True}
    staged.repeats = bool(platform and platform.totals)
    find_bad(cursor, staged, mapping, dialect, bad_bytes, quick, answers)
    unpack(cursor, staged, mapping, dialect, answers)
    _count_cleaned(cursor, staged, mapping, headers, whole)
    return staged


def _read_whole(cursor: duckdb.DuckDBPyConnection, quick: Collection[int]) -> set[int]:
    """Return the quick columns of which every cell was read, so that no text is left."""
    if not quick:
        return set()
    left = cursor.execute(
        "SELECT " + ", ".join(f"count(*) FILTER (t{i} IS NULL AND c{i} IS NOT NULL)"
                              for i in quick) + " FROM odd").fetchall()[0]
    return {i for i, n in zip(quick, left, strict=True) if not n}


def _name_for_empty_id(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
                       headers: tuple[str, ...]) -> None:
    """Where the product's number is empty, its name stands in: the line was sold all the same."""
    roles = mapping.roles
    if not written_columns(mapping):
        return
    item, name = f"c{roles['item']}", f"c{roles['item_name']}"
    typed = f"t{roles['item']}"
    has_typed = typed in columns(cursor, "raw")
    empty = f"({cells.text(item)}) IS NULL AND ({cells.text(name)}) IS NOT NULL"
    if has_typed:
        empty += f" AND {typed} IS NULL"
    found = count(cursor, empty)
    if not found:
        return
    if item not in columns(cursor, "raw_rows"):
        return  # every id was read as a number
    cursor.execute(f"UPDATE raw_rows SET {item} = {name} WHERE {empty}")
    staged.cleaned[(headers[roles["item"]], "name_for_id")] += found


def _other_id_for_empty(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
                        headers: tuple[str, ...], quick: Collection[int]) -> None:
    """Where a person of a list has no e-mail, the shop's own number names her."""
    if mapping.stand_in is None or mapping.roles["user"] in quick:
        return
    user, other = f"c{mapping.roles['user']}", f"c{mapping.stand_in}"
    empty = f"({cells.text(user)}) IS NULL AND ({cells.text(other)}) IS NOT NULL"
    found = count(cursor, empty)
    if found:
        cursor.execute(f"UPDATE raw_rows SET {user} = {other} WHERE {empty}")
        staged.cleaned[(headers[mapping.roles["user"]], "other_id")] += found


def _type_role(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, index: int, header: str,
    zone: str, secret: bytes, answers: dict[str, str], mapping: ColumnMap,
    quick: cells.Typed | None, few: bool, mark: str | None,
) -> None:
    # mark: what stands before decimals; None where the column was read whole
    kind, column = ROLES[role].kind, f"c{index}"
    if role in ID_ROLES:
        column = staged.ids[role] = _id_column(cursor, index, quick is not None)
        text = quick.text if quick and column[0] == "t" else str
        staged.id_texts[role] = text(f"raw.{column}")
        key = secret if mapping.hash_users and role == "user" else None
        notes, staged.odd_ids[role] = clean_ids(
            cursor, role, column, text("raw"), header, key, answers, staged.cleaned)
        staged.notes += notes
    elif kind == "id":
        staged.sql[role] = cells.unwrapped(f"raw.{column}")
    elif kind in ("time", "date"):
        named = times.zone_of_header(header)
        zoned = _read_times(cursor, staged, role, index, header, named or zone, answers,
                            f"raw.t{index}" if quick else None, mark is None)
        staged.naive_times = staged.naive_times or (kind == "time" and not zoned and not named)
    elif kind in ("number", "count"):
        value = f"raw.t{index}"
        if mark is not None:
            of = "DOUBLE" if _unit(role, header) > 1 else "DECIMAL(18, 4)"
            told, is_repaired = money.number(f"raw.{column}", mark, answers, of)
            read = read_once(cursor, staged, role, index, {
                "value": told, "repaired": f"{is_repaired} AND {told} IS NOT NULL"},
                common=money.bare_number(f"raw.{column}"))
            if read:
                value = f"coalesce({value}, {read['value']})"
                staged.cleaned[(header, "money_sign")] += count(
                    cursor, read["repaired"], joins=staged.joins.get(f"texts_{role}", ""))
            if role == "rating" and is_on("rating_words", answers):
                value = _rating_words(cursor, staged, value, column, header)
        unit = _unit(role, header)
        if unit != 1:
            value = f"CAST(CAST({value} AS DOUBLE) * {unit} AS DECIMAL(18, 4))"
            staged.notes.append(Note("in_cents", {"column": header}) if unit < 1 else Note(
                "in_units", {"column": header, "by": int(unit)}))
        if role == "discount" and count(cursor, f"regexp_matches(raw.{column}, '[%％折]')"):
            value = "CAST(NULL AS DECIMAL(18, 4))"  # 10% or 9折 is no sum of money
            staged.notes.append(Note("discount_rates"))
        staged.sql[role] = value
    elif role == "age":
        age_words(cursor, staged, column, header, is_on("age_words", answers))
    elif role == "event":
        event_words(cursor, staged, column, header, few, answers)
    elif role in _WORDS:
        map_words(cursor, staged, role, column, few, _WORDS[role])
    elif role == "currency":
        map_words(cursor, staged, role, column, few, money.parse_currency)
    elif role in ("status", "payment", "after_sale"):
        own = mapping.platform.status if mapping.platform else {}
        map_words(cursor, staged, "state" if role == "status" else role, column, few,
                   lambda w: own.get(w.strip()) or words.flag_state(header, w)
                   or words.parse_state(w))
        if role == "status":
            staged.sql["status"] = cells.text(f"raw.{column}")
            unknown = [r[0] for r in cursor.execute(
                "SELECT word FROM words_state WHERE meaning IS NULL ORDER BY word LIMIT 5"
            ).fetchall()]
            if unknown:
                staged.notes.append(Note("status_unknown", {"words": ", ".join(unknown)}))
    elif few:
        clean_words(cursor, staged, role, index)
    else:
        staged.sql[role] = cells.free_text(f"raw.{column}")


def _unit(role: str, header: str) -> Decimal:
    """Return what the numbers of a column of money count in; 1 for all other columns."""
    of_money = role in (*_MONEY, "shipping", "discount", "refund")
    return (of_money and unit_of(header)) or Decimal(1)


def _rating_words(cursor: duckdb.DuckDBPyConnection, staged: Staged, value: str, column: str,
                  header: str) -> str:
    """Return SQL of ratings that may be said in words, and note how those were read."""
    cases = " ".join(f"WHEN '{word}' THEN {stars}" for word, stars in words.RATINGS.items())
    said = f"CASE lower(trim(raw.{column})) {cases} END"
    found = count(cursor, f"({said}) IS NOT NULL")
    if not found:
        return value
    staged.cleaned[(header, "rating_words")] += found
    staged.notes.append(Note("ratings_in_words", {"rows": found}))
    return f"coalesce({value}, {said})"


def _read_times(cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, index: int,
                header: str, zone: str, answers: dict[str, str], quick: str | None,
                whole: bool) -> bool:
    """Say how times or dates are read; returns whether each says its zone."""
    is_date = ROLES[role].kind == "date"
    nothing = f"CAST(NULL AS {'DATE' if is_date else 'TIMESTAMP'})"
    if quick and whole:
        staged.sql[role] = quick
        return False
    cell = times.time(cursor, index, header, zone, answers, is_date, "odd" if quick else "raw")
    read = read_once(cursor, staged, role, index, {"value": cell.sql},
                     common=cell.spelled) if cell.sql else None
    told = read["value"] if read else None
    staged.sql[role] = f"coalesce({quick}, {told})" if quick and told else quick or told or nothing
    return cell.zoned and not quick


def _id_column(cursor: duckdb.DuckDBPyConnection, index: int, quick: bool) -> str:
    """Return the column that holds the ids: numbers where all could be read so, else text."""
    if quick and not count(cursor, f"t{index} IS NULL AND c{index} IS NOT NULL"):
        return f"t{index}"
    return f"c{index}"


def _after_sale(staged: Staged) -> None:
    """Further columns of states: whether it was paid for, and that the money went back."""
    paid = staged.sql.pop("payment", None)
    if paid:
        state = staged.sql.get("state", "NULL")
        # an open order that is paid for is a sale, a finished one that isn't is none
        staged.sql["state"] = (
            f"CASE WHEN {state} IN ('cancelled', 'refunded') THEN {state} "
            f"ELSE coalesce({paid}, {state}) END")
    later = staged.sql.pop("after_sale", None)
    if later:
        state = staged.sql.get("state", "NULL")
        staged.sql["state"] = f"CASE WHEN {later} = 'refunded' THEN 'refunded' ELSE {state} END"


def _currency(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
              headers: tuple[str, ...], zone: str, whole: Collection[int]) -> None:
    """Take the currency from the signs in the cells, or the header, where no column says it."""
    if staged.table not in ("events", "orders") or "currency" in mapping.roles:
        return
    # kana in a header: the shop is Japanese, whose yen has the yuan's sign
    yen = zone == "Asia/Tokyo" or any("\u3041" <= c <= "\u30ff" for h in headers for c in h)
    told = [money.sign_sql(f"raw.c{mapping.roles[role]}", yen)
            for role in _MONEY if role in mapping.roles and mapping.roles[role] not in whole]
    signs = f"coalesce({', '.join(told)}, NULL)" if told else "NULL"
    if told and count(cursor, f"({signs}) IS NOT NULL"):
        staged.sql["currency"] = signs
        return
    named = next((c for role in _MONEY if role in mapping.roles
                  if (c := money.of_header(headers[mapping.roles[role]]))), None)
    if named:
        staged.sql["currency"] = f"'{named}'"


def _events_without_word(staged: Staged, mapping: ColumnMap, headers: tuple[str, ...]) -> None:
    sold = {"amount", "price", "total"} & set(mapping.roles)
    if staged.table == "events" and "event" not in staged.sql:
        if mapping.returns:
            staged.sql["event"] = "'refund'"
            return
        viewed = "ts" in mapping.roles and any(
            w in headers[mapping.roles["ts"]].lower() for w in ("浏览", "view", "visit", "访问"))
        staged.sql["event"] = "'view'" if viewed else "'purchase'"
        staged.every_purchase = not viewed
        if not viewed and not {"order", "amount", "price", "total"} & set(mapping.roles):
            staged.notes.append(Note("all_purchases"))
        elif not viewed and not sold:
            staged.notes.append(Note("no_money"))
    elif staged.table == "orders" and "total" not in mapping.roles:
        staged.notes.append(Note("no_money"))


def _without_year(cursor: duckdb.DuckDBPyConnection, staged: Staged, column: str, header: str
                  ) -> None:
    """A birthday of day and month is no fault: it just says no age."""
    found = count(cursor, f"regexp_full_match(trim({column}), "
                  "'\\d{1,2}([-/.]\\d{1,2}\\.?|月\\d{1,2}日?)') AND n NOT IN (SELECT n FROM bad)")
    if found:
        staged.cleaned[(header, "optional_time")] -= found
        staged.notes.append(Note("no_birth_year", {"column": header, "rows": found}))


def _unread(cursor: duckdb.DuckDBPyConnection, column: str, header: str, staged: Staged, role: str
            ) -> None:
    """Refuse a column of money of which many cells say no number: the revenue would be too low."""
    unread = staged.cleaned[(header, "optional_number")]
    if unread < _FEW_UNREAD:
        return
    joins = staged.joins.get(f"texts_{role}", "")
    filled = unread + count(cursor, f"({staged.sql[role]}) IS NOT NULL", joins=joins)
    if unread > _MANY_UNREAD * filled:
        example = cursor.execute(
            f"""SELECT {column} FROM raw {joins} WHERE ({staged.sql[role]}) IS NULL
            AND ({cells.text(column)}) IS NOT NULL AND raw.n NOT IN (SELECT n FROM bad)
            ORDER BY raw.n LIMIT 1""").fetchall()[0][0]
        raise Refused("money_unread", column=header, unread=unread, rows=filled,
                      example=str(example)[:40])


def _count_cleaned(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
    headers: tuple[str, ...], whole: Collection[int],
) -> None:
    required = {*TABLES[staged.table].required, *ID_ROLES}
    for role, index in mapping.roles.items():
        column, header, kind = f"raw.c{index}", headers[index], ROLES[role].kind
        if role not in required and kind in _OPTIONAL_CODES and index not in whole:
            # the text is looked at last: most rows are settled by the value
            staged.cleaned[(header, _OPTIONAL_CODES[kind])] += count(
                cursor, f"CASE WHEN ({staged.sql[role]}) IS NULL THEN "
                f"({cells.text(column)}) IS NOT NULL END AND n NOT IN (SELECT n FROM bad)"
                + (" AND n NOT IN (SELECT n FROM packs)" if staged.packed else ""),
                joins=staged.joins.get(f"texts_{role}", ""))
            if role in _MONEY:
                _unread(cursor, column, header, staged, role)
            if kind == "date":
                _without_year(cursor, staged, column, header)
            staged.cleaned[(header, "excel_fault")] += count(
                cursor, f"regexp_full_match(trim({column}), '{cells.EXCEL_FAULT}')")
        elif role in _WORDS and role not in required:
            staged.cleaned[(header, "optional_word")] += sum(
                n for word, n in cursor.execute(
                    f"""SELECT CAST(w.word AS VARCHAR), count(*) FROM raw
                    JOIN words_{role} w ON {column} = w.word
                    WHERE w.meaning IS NULL GROUP BY 1""").fetchall()
                if not words.is_not_given(word))
    sums = [r for r in _MONEY if r in mapping.roles]
    if sums and all(n.code != "no_money" for n in staged.notes) and not count(
            cursor, " OR ".join(f"({staged.sql[r]}) IS NOT NULL" for r in sums),
            joins=" ".join(j for r in sums if (j := staged.joins.get(f"texts_{r}")))):
        staged.notes.append(Note("no_money"))  # formulas that were never worked out, for example
    if "ts" in mapping.roles:
        tomorrow = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=1)
        future = count(cursor, f"{staged.sql['ts']} > $limit", {"limit": tomorrow},
                       staged.joins.get("texts_ts", ""))
        if future:
            staged.notes.append(Note("future_times", {"rows": future}))
