"""Text cells to typed values, as SQL over the temporary table ``raw``.

Only our own fragments and column numbers go into the SQL, and of what stands in cells nothing but
the letters before an id's digits. Each reader returns an expression that is NULL where the cell
can't be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

# Patterns and not lists of words: of a list the engine makes a join that sees every row, also
# where the list stands in a branch that few rows reach.
_FAULT = r"#(n/a|ref!|div/0!|value!|name\?|num!|null!)"
EXCEL_FAULT = "(?i)" + _FAULT
# a cell of nothing but dashes, strokes or question marks says nothing either
_NOTHING = (r"(?i)|[-—–/?？.·_]+|null|nil|none|nan|n/a|na|n\.a\.|\\n|[(（](空白?|blank|null|none|"
            r"empty)[)）]|[空无無]|空值|暂无|暫無|0000-00-00( 00:00:00)?|0000/00/00|" + _FAULT)
# blanks of all kinds, and marks that nobody sees (of directions, joins, the head of another file)
# and the backtick that WeChat's bills put before each cell, so that Excel takes it for text
_BLANKS = "` \t\u3000\u00a0\u200b\u200e\u200f\u202a\u202c\u2060\ufeff"
_UNMARKED = _BLANKS.replace("\t", "").replace("`", "")
# A cell that needs no care: it begins with no word for nothing, mark or blank, and ends with none.
_PLAIN = ("[1-9A-MO-Za-mo-z\u4e00-\u65df\u65e1-\u6681\u6683-\u66aa\u66ac-\u7120\u7122-\u7a79"
          "\u7a7b-\u9fff]"  # all but 无, 暂, 暫, 無, 空
          "([0-9A-Za-z_@.\u4e00-\u9fff -]*[0-9A-Za-z\u4e00-\u9fff])?")


# letters and digits; no quotation mark can be among what goes from here into SQL
_ID = re.compile("((?:[A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff_-]{0,19})?)([0-9]{1,18})")


def _unless_plain(column: str, bare: str) -> str:
    """Return SQL that takes pains (``bare``, then words for nothing) with unusual cells only."""
    return (f"CASE WHEN regexp_full_match({column}, '{_PLAIN}') THEN {column} "
            f"WHEN regexp_full_match({bare}, '{_NOTHING}') THEN NULL ELSE {bare} END")


def text(column: str) -> str:
    """Return SQL of a cell's trimmed text; NULL for empty cells and words for nothing."""
    return _unless_plain(column, f"trim({column}, '{_BLANKS}')")


def unwrapped(column: str, excel: bool = True, mark: bool = True) -> str:
    """Return SQL of an id's text without Excel's ``="…"`` and a leading mark of text or tab."""
    bare = f"trim({column}, '{_BLANKS if mark else _UNMARKED}')"
    if excel:
        bare = f"regexp_replace({bare}, '^=?\"(.*)\"$', '\\1')"
    if mark:  # an apostrophe is also what guards a formula on export; it goes again here
        bare = f"regexp_replace({bare}, '^[''\\s]+|\\s+$', '', 'g')"
    return _unless_plain(column, bare)


def free_text(column: str) -> str:
    """Return SQL of a name or sentence: trimmed, without the guard against formulas."""
    return f"regexp_replace({text(column)}, '^''([=+@|%＝＋－＠\\s-])', '\\1')"


def quick_number(column: str) -> str:
    """Return SQL that reads a plain number at once, NULL for any other cell.

    1.234 is not plain: a point before three digits may part thousands.
    """
    return f"CASE WHEN {column} NOT LIKE '%.___' THEN TRY_CAST({column} AS DECIMAL(18, 4)) END"


@dataclass(frozen=True, slots=True)
class Typed:
    """How a column is read as numbers or times; of ids, also the way back to their text."""

    sql: str
    is_id: bool = False
    head: str | None = None  # what stood before an id's digits, for which the number has a 1

    def text(self, column: str) -> str:
        """Return SQL of the text that an id was read from."""
        number = f"CAST({column} AS VARCHAR)"
        return number if self.head is None else f"'{self.head}' || substr({number}, 2)"


def quick_id(column: str, sample: Sequence[str], plain: bool) -> Typed | None:
    """Return how ids of digits, or of the same letters and digits (u0042), are read as numbers.

    None where the sample isn't of such; ``plain``: digits without letters or zeros before them.
    The SQL gives NULL for any cell whose text its number would not give back.
    """
    found = [match for cell in sample if (match := _ID.fullmatch(cell))]
    heads = {match[1] for match in found}
    if len(heads) != 1 or len(found) < len(sample):
        return None
    longest = max(len(match[2]) for match in found)
    head: str = heads.pop()
    if not head and all(cell[0] != "0" for cell in sample):
        # room for ids ten times as large as any yet
        number = f"TRY_CAST({column} AS {'INTEGER' if longest < 9 else 'BIGINT'})"
        return Typed(f"CASE WHEN CAST({number} AS VARCHAR) = {column} THEN {number} END", True)
    if plain or longest > 17:
        return None
    digits = f"concat('1', substr({column}, {len(head) + 1}))"
    number = f"TRY_CAST({digits} AS {'INTEGER' if longest < 9 else 'BIGINT'})"
    return Typed(f"CASE WHEN CAST({number} AS VARCHAR) = {digits} "
                 f"AND starts_with({column}, '{head}') THEN {number} END", True, head)


# an id in scientific notation: Excel has lost its last digits
CUT = "regexp_full_match(id, '\\d([.,]\\d+)?[eE]\\+\\d+')"


def lost_digits(cursor: duckdb.DuckDBPyConnection, column: str, ids: str) -> tuple[int, str]:
    """Return (row, cell) of the first id in scientific notation; there is one."""
    n, cell = cursor.execute(
        f"""SELECT n, {column} FROM raw WHERE {column} IN (SELECT raw FROM {ids} WHERE {CUT})
        ORDER BY n LIMIT 1""").fetchall()[0]
    return n, cell
