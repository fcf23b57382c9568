"""Rows that can't be used, with the reason; rows left out on purpose: totals, hints, repeats."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from omni_core.columns import ROLES, TABLES
from omni_core.ingest import cells
from omni_core.ingest.decode import BAD_BYTE
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.forgotten import forgotten_rows
from omni_core.ingest.ids import ID_ROLES, TOTAL_IS, TOTALS
from omni_core.ingest.mapping import ColumnMap
from omni_core.ingest.report import is_on
from omni_core.ingest.sql import columns
from omni_core.ingest.staged import Staged

# verdicts below zero are rows left out on purpose
TOTALS_ROW = -1
OTHER_EVENT = -5
FORGOTTEN = -6
NO_GOODS = -7
REMARK = -8
# what somebody wrote below her list, in one cell
_REMARK = (r"(?is)[\s(\x{ff08}\[\x{3010}]*(((附|备)?注|注[意释]|(温馨)?提示|(附加)?[说說]明|"
           r"notes?|n\.?b\.?|remarks?|hinweis|anmerkung|remarque|nota)\s*\d*\s*[:\x{ff1a}]|※).+|"
           r"共\s*\d+\s*[人位个名条件单笔行][^\d]{0,10}")
_LEFT_OUT = {TOTALS_ROW: "totals_row", -2: "hint_row", -3: "repeated_header", -4: "blank_row",
             OTHER_EVENT: "other_event", FORGOTTEN: "forgotten", NO_GOODS: "no_goods",
             REMARK: "footer_line"}


def find_bad(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
             dialect: Dialect, bad_bytes: bool, quick: Collection[int],
             answers: Mapping[str, str]) -> None:
    """Fill the table ``bad``: each row of ``raw`` that doesn't go on, with its verdict.

    It has the columns of ``raw``, so that nobody looks for those few rows among all the others.
    """
    reasons: list[tuple[str, str]] = []  # role, code
    verdict = _verdict(staged, mapping, bad_bytes, quick, answers, reasons)
    before = _left_out(cursor, staged, mapping, dialect, answers)
    joins = staged.joined(before + verdict)
    # where nothing is odd nothing may be bad either; that needs no look at every cell
    odd = cursor.execute("SELECT 1 FROM duckdb_tables() WHERE temporary AND "
                         "table_name = 'odd_rows'").fetchall()
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE bad AS SELECT * FROM (
        SELECT {'raw.*' if odd else 'raw.n'}, CASE {before} ELSE {verdict} END AS verdict
        FROM raw {joins}) WHERE verdict IS NOT NULL""")
    if not odd:
        cursor.execute("CREATE OR REPLACE TEMP TABLE bad AS "
                       "SELECT raw.*, verdict FROM raw JOIN bad USING (n)")
    found = _verdicts(cursor)
    if any(v >= 0 for v in found) and is_on("totals_row", answers):
        _sums_that_say_so_later(cursor)
        found = _verdicts(cursor)
    if any(v >= 0 for v in found):
        cursor.execute(
            f"UPDATE bad SET verdict = {REMARK} WHERE verdict >= 0 AND {_remark(cursor)}")
        found = _verdicts(cursor)
    if REMARK in found:
        staged.remarks = cursor.execute(
            f"SELECT n, {_joined(cursor)} FROM bad WHERE verdict = {REMARK} ORDER BY n").fetchall()
    # a product may be called "Total": where the row is sound in every respect it stays
    if TOTALS_ROW in found and any(
            ROLES[r].kind == "time" for r in TABLES[staged.table].required):
        cursor.execute(
            f"""DELETE FROM bad WHERE verdict = -1 AND n IN (
            SELECT raw.n FROM bad raw {joins} WHERE raw.verdict = -1 AND ({verdict}) IS NULL)""")
        found = _verdicts(cursor)
    staged.some_bad = bool(found)
    staged.exclusions.update({_LEFT_OUT[number]: rows for number, rows in found.items()
                              if number < 0})
    for number in (n for n in found if n >= 0):
        role, code = reasons[number]
        text = f"raw.c{mapping.roles[role]}" if role in mapping.roles else "NULL"
        if role in staged.ids:
            text = staged.id_texts[role]
        for n, value in cursor.execute(
            f"SELECT n, {text} FROM bad raw WHERE verdict = {number} ORDER BY n"
        ).fetchall():
            staged.bad.append((n, role, code, value or ""))
    staged.bad.sort()


def _verdicts(cursor: duckdb.DuckDBPyConnection) -> dict[int, int]:
    return dict(cursor.execute("SELECT verdict, count(*) FROM bad GROUP BY verdict").fetchall())


def _verdict(staged: Staged, mapping: ColumnMap,
             bad_bytes: bool, quick: Collection[int], answers: Mapping[str, str],
             reasons: list[tuple[str, str]]) -> str:
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
    if mapping.join:
        reject("joined.ts IS NULL", "order", ("true", "order_not_found"))
    # what happened comes first: a row that says nothing of goods needs none
    for role in ("event", *TABLES[staged.table].required):
        if role not in mapping.roles or (role == "user" and staged.table in ("events", "orders")):
            continue  # a sale without a shopper is still a sale
        column, kind = f"raw.c{mapping.roles[role]}", ROLES[role].kind
        missing = f"({cells.text(column)}) IS NULL"
        if mapping.roles[role] in quick and role not in ID_ROLES:
            # its text is kept only where the quick reading failed
            missing = f"(raw.t{mapping.roles[role]} IS NULL AND {missing})"
        if role in ID_ROLES:
            column = f"raw.{staged.ids[role]}"
            missing = f"{column} IS NULL"
            nothing = f"SELECT raw FROM ids_{role} WHERE id IS NULL"
            if staged.odd_ids[role]["empty"]:
                missing = f"({missing} OR {column} IN ({nothing}))"
            if role == "item" and "event" in mapping.roles:
                missing += (f" AND coalesce({staged.sql['event']}, '') NOT IN "
                            "('search', 'impression', 'click')")
            reject(missing, role, ("true", "empty"))
        elif kind == "event":
            # looking for emptiness only where there is no meaning keeps large files fast
            reject(f"CASE WHEN {staged.sql[role]} IS NULL THEN {missing} END", role,
                   ("true", "empty"))
            # a word that means nothing to a shop is no fault of the row
            if is_on("other_event", answers):
                branches.append(f"WHEN {staged.sql[role]} IS NULL THEN {OTHER_EVENT}")
            else:
                reject(f"{staged.sql[role]} IS NULL", role, ("true", "bad_event"))
        elif kind in ("time", "number"):
            reject(f"{staged.sql[role]} IS NULL", role, (missing, "empty"), ("true", f"bad_{kind}"))
        else:
            reject(missing, role, ("true", "empty"))
    return "CASE " + " ".join(branches) + " END" if branches else "NULL"


def _left_out(cursor: duckdb.DuckDBPyConnection, staged: Staged, mapping: ColumnMap,
              dialect: Dialect, answers: Mapping[str, str]) -> str:
    """Return the branches that leave rows out on purpose."""
    branches = [f"WHEN {_totals(staged, mapping)} THEN -1"] if is_on(
        "totals_row", answers) else []
    if dialect.hints and is_on("hint_row", answers):
        branches.append(f"WHEN raw.n <= {dialect.hints:d} THEN -2")
    texts = [i for r, i in mapping.roles.items() if r not in staged.ids or staged.ids[r][0] == "c"]
    names = {f"name{i}": dialect.header[i] for i in sorted(set(texts)) if dialect.header[i]}
    if dialect.named and len(names) > 1 and is_on("repeated_header", answers):
        # one file put behind another brings its own mark of encoding
        tests = [f"trim(raw.c{n[4:]}, ' \ufeff') = ${n}" for n in names]
        if cursor.execute(f"SELECT count(*) FROM raw WHERE {' AND '.join(tests)}",
                          names).fetchall()[0][0]:
            cursor.execute("CREATE OR REPLACE TEMP TABLE repeats AS SELECT n FROM raw WHERE "
                           + " AND ".join(tests), names)
            branches.append("WHEN raw.n IN (SELECT n FROM repeats) THEN -3")
    branches += [f"WHEN {test} THEN {FORGOTTEN}" for test in forgotten_rows(cursor, staged)]
    every = [f"(raw.{c}) IS NULL" for c in _read(cursor)]
    if cursor.execute(f"SELECT count(*) FROM raw WHERE {' AND '.join(every)}").fetchall()[0][0]:
        branches.append(f"WHEN {' AND '.join(every)} THEN -4")
    if staged.table in ("customers", "products"):  # where the remark's cell may be all a row needs
        branches.append(f"WHEN {_remark(cursor, 'raw.')} THEN {REMARK}")
    if staged.table == "products":
        # lists of goods give a row to each further picture, which says nothing of the product
        read = columns(cursor, "raw")
        told = [f"(raw.{c}) IS NULL" for i in set(mapping.roles.values())
                for c in (f"c{i}", f"t{i}", f"w{i}") if c in read]
        branches.append(f"WHEN {' AND '.join(told)} THEN {NO_GOODS}")
    return " ".join(branches) or "WHEN false THEN NULL"


def _joined(cursor: duckdb.DuckDBPyConnection, of: str = "") -> str:
    """Return SQL of a row's text, all cells in one."""
    every = sorted((c for c in _read(cursor) if c[0] == "c"), key=lambda c: int(c[1:]))
    return "concat(" + ", ".join(["''", *(f"trim({of}{c})" for c in every)]) + ")"


def _remark(cursor: duckdb.DuckDBPyConnection, of: str = "") -> str:
    """Return the condition that a row's only filled cell is a remark."""
    typed = "".join(f" AND {of}{c} IS NULL" for c in _read(cursor) if c[0] == "t")
    cells = " + ".join(f"CAST(coalesce({of}{c}, '') <> '' AS INT)" for c in _read(cursor)
                       if c[0] == "c") or "0"
    return f"(regexp_full_match({_joined(cursor, of)}, '{_REMARK}') AND {cells} = 1{typed})"


def _sums_that_say_so_later(cursor: duckdb.DuckDBPyConnection) -> None:
    """A row that can't be used anyway is one of totals, too, if its first filled cell says so."""
    every = sorted((c for c in _read(cursor) if c[0] == "c"), key=lambda c: int(c[1:]))
    first = "coalesce(" + ", ".join(f"nullif(trim({c}), '')" for c in every) + ", '')"
    cursor.execute(f"UPDATE bad SET verdict = {TOTALS_ROW} WHERE verdict >= 0 "
                   f"AND regexp_full_match({first}, '{TOTALS}')")


def _read(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    return [n for n in columns(cursor, "raw") if n[0] in "ct" and n[1:].isdecimal()]


def _totals(staged: Staged, mapping: ColumnMap) -> str:
    """Return the condition that a row is one of totals: its first cell or an id says so."""
    tests = ["false"]
    for role, column in staged.ids.items():
        # ids are looked at once each, not row by row
        if staged.odd_ids[role]["totals"]:
            tests.append(f"coalesce(raw.{column} IN (SELECT raw FROM ids_{role} WHERE {TOTAL_IS}), "
                         "false)")
    if 0 not in {mapping.roles.get(r) for r in staged.ids}:
        tests.append(f"coalesce(regexp_full_match(trim(raw.c0), '{TOTALS}'), false)")
    return "(" + " OR ".join(tests) + ")"
