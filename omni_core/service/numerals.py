"""Numbers as people type them: 1,299.00, 1.5万, 2k, 两千五, 一万二, twelve."""

from __future__ import annotations

import re

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LATIN = {"k": 1000, "w": 10_000, "十": 10, "百": 100, "千": 1000, "万": 10_000}
_WORDS = {
    w: i for i, w in enumerate((
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen", "twenty"))
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
     "eighty": 80, "ninety": 90, "hundred": 100, "couple": 2, "dozen": 12}

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
HAN = r"[零〇一二两三四五六七八九十百千万]+"
# 1.5万, 3千5, 2k; a bare number; a Chinese numeral
NUMBER = rf"(?:(?:{ARABIC})(?:[百千万][零一二三四五六七八九\d]?|[kw](?![a-z0-9]))?|{HAN})"
ENGLISH = "|".join(sorted((w for w in _WORDS if len(w) > 2), key=len, reverse=True))


def _han(text: str) -> float | None:
    if all(c in _DIGIT for c in text):  # 二零二六; one digit alone too
        return float("".join(str(_DIGIT[c]) for c in text))
    total = section = 0.0
    digit: int | None = None
    last_unit = 1
    zero = False
    for c in text:
        if c in _DIGIT:
            if digit is not None and digit != 0:
                return None  # 三五百: two numbers, not one
            digit = _DIGIT[c]
            zero = zero or digit == 0
            continue
        unit = _UNIT[c]
        if unit >= 10_000:
            total = (total + section + (digit or 0)) * unit
            section = 0
        else:
            section += (1 if digit is None else digit) * unit
        digit, last_unit, zero = None, unit, False
    tail = float(digit or 0)
    if digit and last_unit >= 100 and not zero:  # 两千五 is 2500; 两千零五 is 2005
        tail = digit * last_unit / 10
    return total + section + tail


def number(text: str) -> float | None:
    """Return the value of a number as matched by ``NUMBER`` or an English word, or None."""
    word = text.strip().lower()
    if word in _WORDS:
        return float(_WORDS[word])
    found = re.fullmatch(rf"({ARABIC})([百千万kw])?([零一二三四五六七八九\d])?", word)
    if found:
        value = float(found[1].replace(",", ""))
        if found[2]:
            unit = _LATIN[found[2]]
            value *= unit
            if found[3]:
                value += (_DIGIT[found[3]] if found[3] in _DIGIT else int(found[3])) * unit / 10
        return value
    return _han(word) if word and re.fullmatch(HAN, word) else None


def two_in_one(text: str) -> tuple[float, float] | None:
    """Return the bounds of 两三百, 三五百, 七八十: two digits before one unit."""
    found = re.fullmatch(r"([一二两三四五六七八九])([二三四五六七八九])([十百千万])", text)
    if not found:
        return None
    low, high = _DIGIT[found[1]] * _UNIT[found[3]], _DIGIT[found[2]] * _UNIT[found[3]]
    return (float(low), float(high)) if low < high else None


def plain(value: float) -> float | int:
    """Return a whole number as int, so that 200 is shown and compared as 200."""
    return int(value) if float(value).is_integer() else value
