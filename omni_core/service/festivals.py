"""When a named day falls: fixed days, moving weekdays, and the days of the Chinese calendar."""

from __future__ import annotations

import datetime as dt
import re

from omni_core import lunar

_FIXED = {
    "new_year": (1, 1), "new_years_eve": (12, 31), "valentine": (2, 14), "women": (3, 8),
    "labour": (5, 1), "520": (5, 20), "children": (6, 1), "618": (6, 18), "teachers": (9, 10),
    "national": (10, 1), "halloween": (10, 31), "1111": (11, 11), "1212": (12, 12),
    "christmas_eve": (12, 24), "christmas": (12, 25),
}
_MOVING = {  # month, weekday (0 = Monday), which of the month, days after it
    "mother": (5, 6, 2, 0), "father": (6, 6, 3, 0), "thanksgiving": (11, 3, 4, 0),
    "black_friday": (11, 3, 4, 1), "cyber_monday": (11, 3, 4, 4),
}
# those of the Chinese calendar: days after one of ``lunar.FESTIVALS``
_AFTER = {"spring_eve": ("spring", -1), "lantern": ("spring", 14)}

# what each is called; the longer name first where one holds the other
_NAMES = {
    "1111": r"双十一|双11|双１１|11\.11|光棍节|singles'? day|double eleven|double 11",
    "1212": r"双十二|双12|12\.12|double twelve",
    "618": r"六一八|年中大促|(?<![\d.])618(?![\d.])(?!元|块|号|以)",
    "520": r"(?<![\d.])520(?![\d.])(?!元|块|号|以|ml|g)",
    "women": r"三八妇女节|三八节|妇女节|女神节|38节|女王节",
    "new_year": r"元旦节?|new year'?s day",
    "new_years_eve": r"跨年夜?|new year'?s eve",
    "spring_eve": r"除夕夜?|大年三十|年三十|chinese new year'?s eve",
    "spring": r"春节|大年初一|过年|农历新年|chinese new year|lunar new year|spring festival",
    "lantern": r"元宵节?|正月十五|lantern festival",
    "valentine": r"情人节|valentine'?s?(?: day)?",
    "labour": r"五一劳动节|五一节?|劳动节|labou?r day|may day",
    "mother": r"母亲节|mother'?s day",
    "father": r"父亲节|father'?s day",
    "children": r"六一儿童节|六一节?|儿童节|children'?s day",
    "dragon": r"端午节?|dragon boat(?: festival)?",
    "qixi": r"七夕节?|qixi(?: festival)?",
    "teachers": r"教师节|teachers'? day",
    "autumn": r"中秋节?|mid-?autumn(?: festival)?|moon festival",
    "national": r"国庆节?|十一黄金周|national day",
    "halloween": r"万圣节|hallowe'?en",
    "thanksgiving": r"感恩节|thanksgiving(?: day)?",
    "black_friday": r"黑色星期五|黑五|black friday",
    "cyber_monday": r"网络星期一|cyber monday",
    "christmas_eve": r"平安夜|christmas eve",
    "christmas": r"圣诞节?|christmas(?: day)?|xmas",
    "easter": r"复活节|easter(?: sunday)?",
    "qingming": r"清明节?|tomb sweeping day",
}
_ORDER = ["christmas_eve", "spring_eve", "new_years_eve", "618", *_NAMES]
PATTERN = "|".join(f"(?P<f{i}>{_NAMES[k]})" for i, k in enumerate(dict.fromkeys(_ORDER)))
_KEYS = list(dict.fromkeys(_ORDER))


def which(found: re.Match[str]) -> str:
    """Return the key of the festival that a match of ``PATTERN`` (within a larger one) names."""
    return next(k for i, k in enumerate(_KEYS) if found.group(f"f{i}") is not None)


def _easter(year: int) -> dt.date:
    """Return Easter Sunday (anonymous Gregorian computus, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    w = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * w) // 433
    month = (h + w - 7 * m + 90) // 25
    return dt.date(year, month, (h + w - 7 * m + 33 * month + 19) % 32)


def day(key: str, year: int) -> dt.date | None:
    """Return the day of a festival in a year; None where the calendar has no entry."""
    if key in _FIXED:
        return dt.date(year, *_FIXED[key])
    if key in _MOVING:
        month, weekday, nth, after = _MOVING[key]
        first = dt.date(year, month, 1)
        ahead = (weekday - first.weekday()) % 7 + 7 * (nth - 1) + after
        return first + dt.timedelta(days=ahead)
    if key == "easter":
        return _easter(year)
    if key == "qingming":  # within this century: 4 April in years that leave 0 or 1, else the 5th
        return dt.date(year, 4, 4 if year % 4 in (0, 1) else 5)
    festival, days = _AFTER.get(key, (key, 0))
    found = lunar.day(festival, year)
    return None if found is None else found + dt.timedelta(days=days)


def nearest_past(key: str, today: dt.date) -> dt.date | None:
    """Return the latest day of a festival that is not after today."""
    for year in (today.year, today.year - 1):
        found = day(key, year)
        if found is not None and found <= today:
            return found
    return None
