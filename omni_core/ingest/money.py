"""Money and other numbers: signs, thousands, the decimal mark by vote of columns, currencies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from omni_core.ingest.report import Question, Unanswered, is_on

# What stands beside a sum, longest first, and the currency it means.
SIGNS: tuple[tuple[str, str], ...] = (
    ("HK$", "HKD"), ("NT$", "TWD"), ("US$", "USD"), ("dollars", "USD"),
    ("dollar", "USD"), ("AU$", "AUD"), ("CA$", "CAD"), ("A$", "AUD"),
    ("C$", "CAD"), ("S$", "SGD"), ("R$", "BRL"), ("CN¥", "CNY"), ("JP¥", "JPY"),
    *((code, code) for code in (
        "CNY", "USD", "EUR", "GBP", "JPY", "HKD", "TWD", "AUD", "CAD", "CHF", "SEK", "NOK", "DKK",
        "PLN", "KRW", "INR", "BRL", "SGD", "MXN", "NZD", "THB", "MYR", "CLP", "COP", "ARS", "PEN",
        "PHP", "IDR", "VND", "ZAR", "RUB", "UAH", "CZK", "HUF", "RON", "ILS", "AED", "SAR", "EGP",
        "NGN", "KES", "PKR", "BDT", "KWD", "BHD", "OMR", "QAR", "TWD")),
    ("RMB", "CNY"), ("人民币", "CNY"), ("美元", "USD"), ("欧元", "EUR"), ("英镑", "GBP"),
    ("日元", "JPY"), ("港币", "HKD"), ("港元", "HKD"), ("€", "EUR"), ("£", "GBP"), ("￥", "CNY"),
    ("¥", "CNY"), ("元", "CNY"), ("円", "JPY"), ("₩", "KRW"), ("₹", "INR"), ("zł", "PLN"),
    ("kr", "SEK"), ("฿", "THB"), ("₫", "VND"), ("₱", "PHP"), ("₽", "RUB"), ("руб", "RUB"),
    ("₺", "TRY"), ("₪", "ILS"), ("₴", "UAH"), ("Kč", "CZK"), ("Rs.", "INR"), ("$", "USD"),
)
_NAMES = {sign.casefold(): code for sign, code in SIGNS} | {
    code.lower(): code for code in (
        "CLP", "COP", "ARS", "PEN", "UYU", "PHP", "IDR", "VND", "TRY", "ZAR", "RUB", "UAH", "CZK",
        "HUF", "RON", "ILS", "AED", "SAR", "EGP", "NGN", "KES", "PKR", "BDT", "MOP")} | {
    "yuan": "CNY", "renminbi": "CNY", "dollar": "USD", "us dollar": "USD", "euro": "EUR",
    "pound": "GBP", "yen": "JPY", "人民幣": "CNY", "新台币": "TWD", "台币": "TWD", "rmb(元)": "CNY"}
_DIGITS = "'０１２３４５６７８９．，－＋', '0123456789.,-+'"
_MULTIPLES = (("万|萬|w", 10_000), ("k|千", 1_000), ("亿|億", 100_000_000))
_ENTITIES = "&(?:euro|pound|yen|cent|nbsp|#\\d+);"
# A letter or a sign: what is neither ASCII without letters nor a dash, bracket or comma. Classes
# such as \\p{L} would say it better, but take the engine milliseconds to compile, each time.
_WIDE = r"\x{2010}-\x{2015}−（），、。：；％"
_LETTER = r"[^\x00-#%-@\[-`{-\x7f" + _WIDE + "]"
_BEFORE = f"(?:{_LETTER}{{1,4}}[.:]?)"
_UNITS = (r"[^\x00-#%-\x7f万萬千百十亿億折" + _WIDE + "]" + _LETTER + "{0,3}|[a-zA-Z]" + _LETTER
          + "{1,3}")
_LARGE = "(?:mio|mrd|mln|mn|bn|tsd|lakhs?|crs?)[.]?$"  # 1.2 Mio. is no 1.2
_TOKENS = "|".join(re.escape(sign) for sign, _ in SIGNS)
_BY_COMMA = (r"^[+-]?(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,})|\d{4,},\d{3}|0,\d{3}|"
             r"\d{1,3}(\.\d{3}){2,})$")
_BY_POINT = (r"^[+-]?(\d{1,3}(,\d{2,3})*,\d{3}\.\d*|\d+\.(\d{1,2}|\d{4,})|\d{4,}\.\d{3}|"
             r"\d{1,3}(,\d{2,3})+,\d{3})$")
_UNCLEAR = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"  # 1,234 and 1.234: thousands or decimals


def bare_number(column: str) -> str:
    """Return SQL of a cell without currency, units, spaces and guards, minus signs in front."""
    digits = f"translate({column}, {_DIGITS})"
    bare = f"regexp_replace({digits}, '[\\s\u00a0\u2009\u202f\u3000''`’\"=]', '', 'g')"
    bare = f"regexp_replace({bare}, '({_ENTITIES}|{_TOKENS})', '', 'gi')"
    # 12.- and 12,-- are whole sums
    bare = f"regexp_replace({bare}, '[.,][-–—]+$', '')"
    # (12.50) and 12.50- are how accountants write -12.50; − and – are typographers' minus
    bare = f"regexp_replace(translate({bare}, '−–', '--'), '^\\((.*)\\)$', '-\\1')"
    bare = f"regexp_replace({bare}, '^([^-]+)-$', '-\\1')"
    # any other currency or unit: Kč, руб., Rp, 件, kg; a single letter behind may multiply
    bare = f"regexp_replace({bare}, '^([+-]?){_BEFORE}([+-]?[.]?\\d)', '\\1\\2')"
    bare = f"regexp_replace({bare}, '{_LARGE}', '?', 'i')"
    return (f"regexp_replace({bare}, '(\\d)(?:(?:{_UNITS})[.]?(?:/.{{1,3}})?|/[^0-9]{{1,3}})$', "
            "'\\1')")


def _times(bare: str) -> str:
    """Return SQL of a bare number that ends in a word for thousands or more, or NULL."""
    words = "|".join(word for word, _ in _MULTIPLES)
    cases = " ".join(f"WHEN regexp_matches({bare}, '({word})$', 'i') THEN {by}"
                     for word, by in _MULTIPLES[:-1])
    return (f"TRY_CAST(regexp_extract({bare}, '^([+-]?[\\d.]+)(?:{words})$', 1, 'i') AS "
            f"DOUBLE) * CASE {cases} ELSE {_MULTIPLES[-1][1]} END")


def decimal_mark(cursor: duckdb.DuckDBPyConnection, columns: Sequence[int],
                 headers: Sequence[str], answers: Mapping[str, str]) -> str:
    """Return the mark before the decimals, by vote of all number columns; asks where they differ.

    A number like 1.234 votes for nothing. Only it, and no other, is asked about.
    """
    told = answers.get("decimal_mark")
    if told in (".", ","):
        return told
    # East Asia writes no decimal comma; there 1,234 is no riddle
    asian = any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for h in headers for c in h)
    commas = points = unclear = 0
    example, where = "", headers[columns[0]] if columns else ""
    for index in columns:
        text, plain = f"raw.c{index}", f"raw.t{index}"
        comma, point, either, seen = cursor.execute(
            f"""SELECT count(*) FILTER (regexp_matches(v, '{_BY_COMMA}')),
              count(*) FILTER (regexp_matches(v, '{_BY_POINT}')),
              count(*) FILTER (regexp_matches(v, '{_UNCLEAR}')),
              coalesce(min(v) FILTER (regexp_matches(v, '{_BY_COMMA}')),
                min(v) FILTER (regexp_matches(v, '{_UNCLEAR}')))
            FROM (SELECT {bare_number(text)} AS v FROM raw WHERE {text} IS NOT NULL)"""
        ).fetchall()[0]
        sure = cursor.execute(
            f"SELECT count(*) FROM raw WHERE {plain} <> trunc({plain})").fetchall()[0][0]
        commas, points, unclear = commas + comma, points + point + sure, unclear + either
        if not example and seen:
            example, where = seen, headers[index]
    if (commas and points) or (unclear and not commas and not points and not asian):
        raise Unanswered(Question("decimal_mark", "decimal_mark", (".", ","),
                                  {"column": where, "example": example or "1,5"}))
    return "," if commas else "."


def number(text: str, mark: str, answers: Mapping[str, str],
           of: str = "DECIMAL(18, 4)") -> tuple[str, str]:
    """Return SQL of the value of a cell that is no plain number, and whether it was repaired.

    Plain numbers were read with the rows (t4, t5 ...); only the other cells have kept their text.
    """
    as_it_is = f"TRY_CAST({text} AS {of})"
    if not is_on("money_sign", answers):
        return as_it_is, "false"
    bare = bare_number(text)
    repaired = f"{text} IS NOT NULL"
    by_comma = f"replace(replace({bare}, '.', ''), ',', '.')"
    if mark == ",":
        # in a column of both, what can be read in one way only is read so
        bare = (f"CASE WHEN regexp_matches({bare}, '{_BY_POINT}') AND NOT regexp_matches({bare}, "
                f"'{_BY_COMMA}') THEN replace({bare}, ',', '') ELSE {by_comma} END")
    else:
        repaired += f" AND {as_it_is} IS NULL"
        # a comma is a thousands separator only where groups follow it
        grouped = f"regexp_full_match({bare}, '[+-]?\\d{{1,3}}(,\\d{{2,3}})*,\\d{{3}}(\\.\\d*)?')"
        bare = (f"CASE WHEN {grouped} THEN replace({bare}, ',', '') WHEN regexp_matches({bare}, "
                f"'{_BY_COMMA}') THEN {by_comma} ELSE {bare} END")
    value = f"CAST(coalesce(TRY_CAST({bare} AS {of}), {_times(bare)}) AS {of})"
    return value, repaired


def parse_currency(cell: str) -> str | None:
    """Return the ISO code that a currency column's cell means; unknown words stay."""
    word = cell.strip().casefold()
    return _NAMES.get(word) or (cell.strip().upper() or None)


def of_header(header: str) -> str | None:
    """Return the currency that a header names in brackets: Total (EUR), 金额（元）."""
    unit = re.search(r"[(（\[【]\s*([^)）\]】]{1,6})\s*[)）\]】]", header)
    return _NAMES.get(unit.group(1).strip().casefold()) if unit else None


def sign_sql(column: str, yen: bool) -> str:
    """Return SQL of the currency that a cell's sign says; ``yen``: ¥ is Japan's."""
    cases = " ".join(
        f"WHEN contains(upper({column}), '{sign.upper()}') "
        f"THEN '{'JPY' if yen and sign in '¥￥' else code}'" for sign, code in SIGNS)
    return f"CASE WHEN {column} IS NULL THEN NULL {cases} END"
