"""Ids: text as it was, without what Excel and exports put around it; placeholders are no ids.

Each id role gets a temporary table ``ids_<role>`` (raw, id, rows) of its distinct cells, so that
cleaning and hashing cost by the number of ids, not of rows; ``rows`` is how many have the cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import duckdb

from omni_core.ingest import cells
from omni_core.ingest.personal import code
from omni_core.ingest.report import Note, Refused, is_on
from omni_core.ingest.sql import as_table, count, listed

ID_ROLES = ("user", "item", "order")
# words that stand where nobody was logged in: one such "shopper" would be the shop's best
_NOBODY = (
    "guest", "anonymous", "anonym", "unknown", "(not set)", "not logged in", "nobody", "undefined",
    "gast", "invité", "invitado", "游客", "匿名", "匿名用户", "匿名买家", "未登录", "未知", "散客",
    "访客", "ゲスト")
# numbers that may be somebody's; only where a twentieth of all rows has one it stands for nobody
_PERHAPS = ("0", "-1")
_MANY = 20
# a word of totals, alone or with what it is the total of behind it
TOTALS = (
    r"(?i)((grand |sub-?)?totals?|sum|summe|(zwischen|gesamt)summe|gesamt|totale|"
    r"total g[ée]n[ée]ral|sous-total|総計|汇总)\s*([:\x{ff1a}(\x{ff08}\[].*|of .*|"
    r"\d[\d\s.,]*\w*)?|(sub|grand )-?total\b.{0,40}|"
    r"(总合计|合计|总计|小计|合計|總計|小計)([^\x{4e00}-\x{9fff}].*|.{0,8})")
_NOBODY_IS, _PERHAPS_IS = f"lower(id) IN ({listed(_NOBODY)})", f"id IN ({listed(_PERHAPS)})"
TOTAL_IS = f"regexp_full_match(id, '{TOTALS}')"
_FLOAT = "regexp_full_match(id, '\\d+\\.0')"
# what was put around an id: the step that takes it off, and how it is told
_MARKS = {"excel_text": "starts_with(raw, '=')",
          "leading_mark": "regexp_matches(raw, '^[''`\t]')"}


def clean_ids(cursor: duckdb.DuckDBPyConnection, role: str, column: str, text: str,
              header: str, key: bytes | None, answers: Mapping[str, str],
              cleaned: Counter[tuple[str, str]]) -> tuple[list[Note], Counter[str]]:
    """Fill ``ids_<role>`` from a column of ``raw``; ``key`` turns names into codes.

    ``text`` is the SQL of a cell's text over ``ids_<role>``, where the column is ``raw``.

    Returns notes, and how many of the ids are "empty" and how many are words for "totals". Raises
    ``Refused`` for ids whose digits Excel has cut.
    """
    notes = []
    value = text
    if column[0] == "c":
        value = _unwrapped(answers)
        # é as one character or as e with an accent: programs differ, nobody sees it
        value = f"CASE WHEN strlen(raw) > length(raw) THEN nfc_normalize({value}) ELSE {value} END"
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE ids_{role} AS SELECT raw, {value} AS id, rows
        FROM (SELECT {column} AS raw, count(*) AS rows FROM raw WHERE {column} IS NOT NULL
          GROUP BY {column})""")
    found = _found(cursor, role)
    if found["cut"]:
        n, cell = cells.lost_digits(cursor, column, f"ids_{role}")
        raise Refused("digits_lost", column=header, n=n, value=cell)
    if found["floats"] and found["floats"] + found["whole"] == found["ids"] and is_on(
            "decimal_zero", answers):
        # "17850.0" among mere numbers: a number column that passed through a float on its way here
        cleaned[(header, "decimal_zero")] += count(
            cursor, f"{column} IN (SELECT raw FROM ids_{role} WHERE {_FLOAT})")
        cursor.execute(f"UPDATE ids_{role} SET id = left(id, length(id) - 2) WHERE {_FLOAT}")
        found = _found(cursor, role)
    if role == "user":
        nobody = _NOBODY_IS
        perhaps = count(cursor, f"{column} IN (SELECT raw FROM ids_user WHERE {_PERHAPS_IS})"
                        ) if found["perhaps"] else 0
        if perhaps >= _MANY and perhaps > 0.05 * count(cursor, "true"):
            nobody = f"({nobody} OR {_PERHAPS_IS})"
        if found["nobody"] or nobody != _NOBODY_IS:
            cleaned[(header, "nobody")] += count(
                cursor, f"{column} IN (SELECT raw FROM ids_user WHERE {nobody})")
            cursor.execute(f"UPDATE ids_user SET id = NULL WHERE {nobody}")
            found = _found(cursor, role)
        if found["masked"]:
            notes.append(Note("masked_buyers"))
        if key is not None:
            told = cursor.execute("SELECT raw, id, rows FROM ids_user").df()
            told["id"] = [code(v, key) if isinstance(v, str) else None for v in told["id"]]
            # where every name was blank the column would pass for one of numbers
            as_table(cursor, "ids_user", told.astype({"id": "str"}))
            notes.append(Note("hashed_ids"))
    for step, test in _MARKS.items() if column[0] == "c" else ():
        if found[step] and is_on(step, answers):
            cleaned[(header, step)] += count(
                cursor, f"{column} IN (SELECT raw FROM ids_{role} WHERE {test})")
    return notes, found


def _found(cursor: duckdb.DuckDBPyConnection, role: str) -> Counter[str]:
    """Return how many different ids there are, and how many of each odd kind; in one look."""
    text = "CAST(raw AS VARCHAR)"
    tests = {"ids": "id IS NOT NULL", "empty": "id IS NULL", "totals": TOTAL_IS, "cut": cells.CUT,
             "floats": _FLOAT, "whole": "regexp_full_match(id, '\\d+')", "nobody": _NOBODY_IS,
             "perhaps": _PERHAPS_IS, "masked": "contains(id, '**')",
             **{step: test.replace("raw", text) for step, test in _MARKS.items()}}
    counts = cursor.execute(
        "SELECT " + ", ".join(f"count(*) FILTER ({test})" for test in tests.values())
        + f" FROM ids_{role}").fetchall()[0]
    return Counter(dict(zip(tests, counts, strict=True)))


def add_ids(cursor: duckdb.DuckDBPyConnection, role: str, table: str, column: str) -> None:
    """Put the products of packed cells (``item``) in the place of those cells (by ``n``)."""
    cursor.execute(
        f"""DELETE FROM ids_{role} WHERE raw IN (
        SELECT {column} FROM raw WHERE n IN (SELECT n FROM {table}) EXCEPT
        SELECT {column} FROM raw
        WHERE n NOT IN (SELECT n FROM {table}) AND {column} IS NOT NULL)""")
    # a piece is in no cell of its own: a row more, lest it pass for one that only bad rows have
    cursor.execute(f"UPDATE ids_{role} SET rows = rows + 1 WHERE raw IN (SELECT item FROM {table})")
    cursor.execute(
        f"""INSERT INTO ids_{role} SELECT DISTINCT item, {cells.unwrapped('item')}, 1 FROM {table}
        WHERE item NOT IN (SELECT raw FROM ids_{role})""")


def _unwrapped(answers: Mapping[str, str]) -> str:
    both = is_on("excel_text", answers), is_on("leading_mark", answers)
    return cells.unwrapped("raw", *both)
