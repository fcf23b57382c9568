"""What a column's words mean: each different one is looked up once and joins the rows again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pandas as pd

from omni_core.columns import EVENTS
from omni_core.ingest import cells, words
from omni_core.ingest.report import Note, Question, Unanswered
from omni_core.ingest.sql import as_table, count
from omni_core.ingest.staged import Staged


def _distinct(cursor: duckdb.DuckDBPyConnection, column: str, few: bool = False) -> list[str]:
    # whether a cell says anything is asked of each different one, not of each row
    cells_of = f"SELECT DISTINCT {column} AS cell FROM raw"
    if few:
        known = f"w{column[1:]}"
        cells_of = (f"SELECT CAST(word AS VARCHAR) AS cell FROM (SELECT DISTINCT {known} AS word "
                    f"FROM raw) UNION SELECT DISTINCT {column} AS cell FROM odd "
                    f"WHERE {known} IS NULL")
    return [r[0] for r in cursor.execute(
        f"WITH every AS MATERIALIZED ({cells_of}) SELECT cell FROM every "
        f"WHERE {cells.text('cell')} IS NOT NULL ORDER BY cell LIMIT 100000").fetchall()]


def clean_words(cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, index: int) -> None:
    """Text of few words is cleaned once each; a cell that the sample didn't have, by itself."""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE words_{role} AS SELECT word,
        {cells.free_text('CAST(word AS VARCHAR)')} AS meaning
        FROM (SELECT DISTINCT w{index} AS word FROM raw WHERE w{index} IS NOT NULL)""")
    staged.joins[f"words_{role}"] = (
        f"LEFT JOIN words_{role} ON raw.w{index} = words_{role}.word")
    meaning = f"words_{role}.meaning"
    if _in_sample(cursor, index):
        staged.sql[role] = meaning
        return
    staged.sql[role] = (f"CASE WHEN raw.w{index} IS NULL THEN {cells.free_text(f'raw.c{index}')} "
                        f"ELSE {meaning} END")


def _in_sample(cursor: duckdb.DuckDBPyConnection, index: int) -> bool:
    """Whether a column of few words has none that the sample didn't have."""
    return not cursor.execute(f"SELECT count(*) FROM odd WHERE w{index} IS NULL "
                              f"AND c{index} IS NOT NULL").fetchall()[0][0]


def map_words(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, column: str, few: bool,
    meaning: Callable[[str], Any],
) -> None:
    """Read a role by what ``meaning`` says of each different word."""
    found = _distinct(cursor, column, few)
    kind = "bool" if role.startswith("consent") else "str"
    meanings = [meaning(w) for w in found]
    frame = pd.DataFrame({
        "word": pd.Series(found, dtype="str"),
        "meaning": pd.Series(meanings, dtype="boolean" if kind == "bool" else "str")})
    as_table(cursor, f"words_{role}", frame)
    known = f"w{column[1:]}"
    if few and _in_sample(cursor, int(column[1:])):
        # numbers for words are found faster than the words themselves
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE words_{role} AS SELECT * REPLACE ("
                       f"CAST(word AS word_{column[1:]}) AS word) FROM words_{role}")
        column = known
    staged.joins[f"words_{role}"] = (
        f"LEFT JOIN words_{role} ON raw.{column} = words_{role}.word")
    staged.sql[role] = f"words_{role}.meaning"


def event_words(cursor: duckdb.DuckDBPyConnection, staged: Staged, column: str, header: str,
                 few: bool, answers: Mapping[str, str]) -> None:
    """Kinds of event by word; what she said of a word counts first. Asks where most are unknown."""
    told = {k.removeprefix("event:"): v for k, v in answers.items() if k.startswith("event:")}

    def meaning(word: str) -> str | None:
        if word.strip() in told:
            return told[word.strip()] or None
        return words.parse_event(word)

    map_words(cursor, staged, "event", column, few, meaning)
    found = [(w.strip(), n) for w, n in cursor.execute(
        f"""SELECT word, count(*) FROM raw
        JOIN (SELECT CAST(word AS VARCHAR) AS word FROM words_event WHERE meaning IS NULL)
        ON raw.{column} = word GROUP BY word ORDER BY count(*) DESC, word""").fetchall()]
    unknown = [(w, n) for w, n in found if w not in told]
    rows = count(cursor, "true")
    if unknown and sum(n for w, n in unknown if not words.is_no_shop_event(w)) > 0.5 * rows:
        word, n = unknown[0]
        raise Unanswered(Question(f"event:{word}", "event_word", (*EVENTS, ""),
                                  {"column": header, "word": word, "rows": n}))
    if unknown:
        staged.notes.append(Note("other_events", {
            "words": ", ".join(f"{w} ({n})" for w, n in unknown[:8])}))


def age_words(
    cursor: duckdb.DuckDBPyConnection, staged: Staged, column: str, header: str, in_words: bool,
) -> None:
    """Read ages and bands of ages; ``in_words``: also those that are no plain number."""
    found = _distinct(cursor, column)
    year = dt.date.today().year
    ages = [words.parse_age(w, year) for w in found]
    plain = [w.isdecimal() and a is not None and a == (int(w), int(w))
             for w, a in zip((w.strip() for w in found), ages, strict=True)]
    if not in_words:
        ages = [a if p else None for a, p in zip(ages, plain, strict=True)]
    frame = pd.DataFrame({
        "word": pd.Series(found, dtype="str"),
        "low": pd.Series([a[0] if a else None for a in ages], dtype="Int16"),
        "high": pd.Series([a[1] if a else None for a in ages], dtype="Int16"), "plain": plain,
        "fault": ["age_words" if a else words.age_fault(w)
                  for w, a in zip(found, ages, strict=True)]})
    as_table(cursor, "words_age", frame)
    staged.joins["words_age"] = f"LEFT JOIN words_age ON raw.{column} = words_age.word"
    staged.sql["age_low"], staged.sql["age_high"] = "words_age.low", "words_age.high"
    for code, found_rows in cursor.execute(
            f"""SELECT fault, count(*) FROM raw JOIN words_age ON raw.{column} = words_age.word
            WHERE NOT (plain AND fault = 'age_words') GROUP BY fault""").fetchall():
        staged.cleaned[(header, code)] += found_rows
