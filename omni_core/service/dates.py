"""Days that a message names, in Chinese and English, counted from a given day.

Weeks begin on Monday. A day without a year is the nearest past one (today counts), with a word
such as "by" or 之前 the next one. A period stands for its first day, its end (月底) for its last.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from omni_core.service import festivals
from omni_core.service.numerals import ENGLISH, HAN, number

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], dt.date | None]]
_DAY = dt.timedelta(days=1)
_N = rf"(?:\d{{1,3}}|{HAN})"
_EN = rf"(?:\d{{1,3}}|an?|a couple of|{ENGLISH})"
_WEEKDAY = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5} | {
    str(i + 1): i for i in range(7)}
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH_DAY = r"(?P<day>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")
_MONTH = (r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
          r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?")
_YEAR = r"(?P<year>今年|去年|前年|明年|\d{4}年|[二两][〇零一二三四五六七八九]{3}年)"
_LATER = re.compile(r"^\s*(?:之前|以前|前(?!后)|能|要|到货|送到|收到|发货)")
_AHEAD = re.compile(r"(?:\b(?:by|before|until|till|no later than)|最迟|最晚|赶在)\s*(?:the )?$")


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months on; the last of the month where there is no such day."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _monday(today: dt.date, weeks: int = 0) -> dt.date:
    return today + _DAY * (7 * weeks - today.weekday())


def _count(text: str) -> int:
    text = text.strip()
    if text.startswith("a couple"):
        return 2
    if "半" in text:
        return 0
    return int(number(text) or 0)


def _year(text: str | None, today: dt.date) -> int | None:
    if not text:
        return None
    told = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
    return today.year + told[text] if text in told else int(number(text.rstrip("年")) or 0) or None


def _month_day(month: int, day: int, year: int | None, today: dt.date) -> dt.date | None:
    """Return a day of the year, in the nearest past one where no year is told."""
    with suppress(ValueError):
        if year is not None:
            return dt.date(year, month, day)
        for y in range(today.year, today.year - 9, -1):  # 29 February: up to eight years back
            with suppress(ValueError):
                found = dt.date(y, month, day)
                if found <= today:
                    return found
    return None


def _of_month(day: int, today: dt.date) -> dt.date | None:
    """Return the nearest past day with this number."""
    for back in range(12):
        first = add_months(today.replace(day=1), -back)
        with suppress(ValueError):
            found = first.replace(day=day)
            if found <= today:
                return found
    return None


def _shift(count: str, unit: str, sign: int, today: dt.date) -> dt.date:
    n = _count(count) * sign
    if unit.startswith(("天", "日", "day", "night")):
        return today + _DAY * n
    if unit.startswith(("周", "星期", "礼拜", "week")):
        return today + _DAY * 7 * n
    half = sign * (6 if unit.startswith(("年", "year")) else 0) if "半" in count else 0
    if unit.startswith(("年", "year")):
        return add_months(today, 12 * n + half)
    if "半" in count:
        return today + _DAY * 15 * sign
    return add_months(today, n)


# -- the rules: pattern, and what a match means ----------------------------------------------------
def _iso(m: re.Match[str], today: dt.date) -> dt.date:
    return dt.date(int(m[1]), int(m[2]), int(m[3]))


def _slashes(m: re.Match[str], today: dt.date) -> dt.date:
    first, second, year = int(m[1]), int(m[2]), int(m[3])
    month, day = (second, first) if first > 12 else (first, second)
    return dt.date(year + (2000 if year < 100 else 0), month, day)


def _near_zh(m: re.Match[str], today: dt.date) -> dt.date:
    named = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
    return today + _DAY * named[m[1]]


def _near_en(m: re.Match[str], today: dt.date) -> dt.date:
    named = {"day before yesterday": -2, "yesterday": -1, "last night": -1, "today": 0,
             "tonight": 0, "this morning": 0, "day after tomorrow": 2, "tomorrow": 1,
             "tmr": 1, "tmrw": 1}
    return today + _DAY * named[re.sub(r"^the ", "", m[0])]


def _ago_zh(m: re.Match[str], today: dt.date) -> dt.date:
    return _shift(m[1], m[2], -1 if m[3] in ("前", "之前", "以前") else 1, today)


def _ago_en(m: re.Match[str], today: dt.date) -> dt.date:
    return _shift(m[1], m[2], -1, today)


def _in_en(m: re.Match[str], today: dt.date) -> dt.date:
    return _shift(m[1], m[2], 1, today)


def _week_zh(m: re.Match[str], today: dt.date) -> dt.date:
    step = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}[m[1].rstrip("个")]
    return _monday(today, step) + _DAY * (_WEEKDAY[m[2]] if m[2] else 0)


def _weekday(day: int, m: re.Match[str], today: dt.date) -> dt.date:
    if _ahead(m):
        return today + _DAY * ((day - today.weekday()) % 7)
    return today - _DAY * ((today.weekday() - day) % 7)


def _ahead(m: re.Match[str]) -> bool:
    return bool(_LATER.match(m.string[m.end():]) or _AHEAD.search(m.string[:m.start()]))


def _bare_week_zh(m: re.Match[str], today: dt.date) -> dt.date:
    return _weekday(_WEEKDAY[m[1]], m, today)


def _english_day(m: re.Match[str]) -> int:
    return next(i for i, n in enumerate(_NAMES) if n.startswith(m["day"][:3]))


def _week_en(m: re.Match[str], today: dt.date) -> dt.date:
    day, which = _english_day(m), m[1]
    if which == "last":  # the latest before today
        return today - _DAY * ((today.weekday() - day - 1) % 7 + 1)
    if which == "next":  # the earliest after today
        return today + _DAY * ((day - today.weekday() - 1) % 7 + 1)
    return _monday(today) + _DAY * day


def _bare_week_en(m: re.Match[str], today: dt.date) -> dt.date:
    return _weekday(_english_day(m), m, today)


def _period_en(m: re.Match[str], today: dt.date) -> dt.date:
    step, unit = {"last": -1, "this": 0, "next": 1}[m[1]], m[2]
    if unit == "week":
        return _monday(today, step)
    if unit == "weekend":
        return _monday(today, step) + 5 * _DAY
    if unit == "month":
        return add_months(today.replace(day=1), step)
    return dt.date(today.year + step, 1, 1)


def _month_part(first: dt.date, part: str | None) -> dt.date | None:
    if not part or part in ("初", "头"):
        return first
    if part in ("底", "末"):
        return _month_end(first)
    if part == "中旬":
        return first.replace(day=11)
    if part == "中":
        return first.replace(day=15)
    day = number(re.sub(r"[号日]$", "", part))
    with suppress(ValueError):
        return first.replace(day=int(day or 0))
    return None


def _rel_month_zh(m: re.Match[str], today: dt.date) -> dt.date | None:
    step = {"上上个": -2, "上个": -1, "上": -1, "这个": 0, "本": 0, "这": 0, "当": 0, "下个": 1,
            "下": 1, "": 0}[m[1] or ""]
    return _month_part(add_months(today.replace(day=1), step), m[2])


def _month_zh(m: re.Match[str], today: dt.date) -> dt.date | None:
    month, part = int(number(m["m"]) or 0), m["part"]
    if not 1 <= month <= 12:
        return None
    day = number(re.sub(r"[号日]$", "", part)) if part and part[-1] in "号日" else None
    year = _year(m["year"], today)
    if year is None and _ahead(m):
        for y in (today.year, today.year + 1):
            with suppress(ValueError):
                if (found := dt.date(y, month, int(day or 1))) >= today:
                    return found
    if day is not None:
        return _month_day(month, int(day), year, today)
    first = _month_day(month, 1, year, today)
    return _month_part(first, part) if first else None


def _day_zh(m: re.Match[str], today: dt.date) -> dt.date | None:
    day = int(number(m[1]) or 0)
    if _ahead(m) and 1 <= day <= 31:
        for on in range(12):
            with suppress(ValueError):
                found = add_months(today.replace(day=1), on).replace(day=day)
                if found >= today:
                    return found
    return _of_month(day, today)


def _month_en(m: re.Match[str], today: dt.date) -> dt.date | None:
    month = next(i for i, n in enumerate(_MONTHS, 1) if n.startswith(m["month"][:3]))
    groups = m.groupdict()
    day = int(groups.get("d") or 1)
    year = int(groups["y"]) if groups.get("y") else None
    if year is None and _ahead(m):
        for y in (today.year, today.year + 1):
            with suppress(ValueError):
                if (found := dt.date(y, month, day)) >= today:
                    return found
    return _month_day(month, day, year, today)


def _edge_en(m: re.Match[str], today: dt.date) -> dt.date:
    step = {"last": -1, "this": 0, "the": 0, "next": 1}[m[2] or "this"]
    if m[3] == "month":
        first = add_months(today.replace(day=1), step)
        return first if m[1].startswith(("beg", "start")) else _month_end(first)
    if m[3] == "week":
        first = _monday(today, step)
        return first if m[1].startswith(("beg", "start")) else first + 6 * _DAY
    year = today.year + step
    return dt.date(year, 1, 1) if m[1].startswith(("beg", "start")) else dt.date(year, 12, 31)


def _year_zh(m: re.Match[str], today: dt.date) -> dt.date | None:
    year = _year(m["year"], today)
    if year is None or not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    return dt.date(year, 12, 31) if m[2] in ("底", "末", "年底", "年末") else dt.date(year, 1, 1)


def _festival(m: re.Match[str], today: dt.date) -> dt.date | None:
    key, year = festivals.which(m), _year(m["year"], today)
    if year is not None:
        return festivals.day(key, year)
    if _ahead(m):
        for y in (today.year, today.year + 1):
            found = festivals.day(key, y)
            if found is not None and found >= today:
                return found
    return festivals.nearest_past(key, today)


_ZH_MONTH = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_PART = r"(?P<part>[0-3]?\d[号日]|[一二三四五六七八九十]{1,3}[号日]|底|末|初|头|中旬|中)?"
_RULES: tuple[Rule, ...] = tuple((re.compile(p), f) for p, f in (
    (r"(?<!\d)(20\d\d|19\d\d)[-/.年](1[0-2]|0?[1-9])[-/.月](3[01]|[12]\d|0?[1-9])(?!\d)[日号]?",
     _iso),
    (r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d|\d\d)(?![\d/])", _slashes),
    (rf"(?:{_YEAR}的?)?(?:{festivals.PATTERN})", _festival),
    (r"(?:the )?day (?:before yesterday|after tomorrow)|yesterday|last night|today|tonight|"
     r"this morning|tomorrow|\btmrw?\b", _near_en),
    (r"(大前|大后|前|昨|今|明|后)(?:天|日|晚|早|儿个?|夜)(?:上|晚)?(?!数)", _near_zh),
    (rf"(半|{_N})个?(工作日|天|日|周|星期|礼拜|月|年)(前|之前|以前|后|之后|以后)(?!面)", _ago_zh),
    (rf"\b({_EN}) (days?|nights?|weeks?|months?|years?) (?:ago|back|earlier)\b", _ago_en),
    (rf"\bin ({_EN}) (days?|weeks?|months?|years?)\b(?: time)?", _in_en),
    (rf"\b({_EN}) (days?|weeks?|months?) from now\b", _in_en),
    (r"(上上个?|上个?|这个?|本|下下个?|下个?)(?:周|星期|礼拜)([一二三四五六日天末1-7])?(?!年)",
     _week_zh),
    (r"(?<![上下这本个])(?:周|星期|礼拜)([一二三四五六日天末])(?![个些])", _bare_week_zh),
    (rf"\b(last|this|next|coming) (?:{_ENGLISH_DAY})\b", _week_en),
    (r"\b(beginning|start|end) of (?:the )?(last|this|next|the)? ?(month|week|year)\b", _edge_en),
    (r"\b(last|this|next) (weekend|week|month|year)\b", _period_en),
    (rf"\b{_MONTH} (?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y>20\d\d))?",
     _month_en),
    (rf"\b(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)? (?:of )?{_MONTH}(?![a-z])"
     r"(?:,? (?P<y>20\d\d))?", _month_en),
    (rf"(?:(?<=\bin )|(?<=\bsince )|(?<=\blast )|(?<=\bby )|(?<=\bof )){_MONTH}(?![a-z])"
     r"(?: (?P<y>20\d\d))?", _month_en),
    (rf"(?:{_YEAR}的?)?{_ZH_MONTH}{_PART}", _month_zh),
    (r"(上上个|上个|上|这个|本|这|当|下个|下)月(?:份)?([0-3]?\d[号日]|[一二三四五六七八九十]{1,3}[号日]"
     r"|底|末|初|头|中旬|中)?", _rel_month_zh),
    (r"(?<![\d个])()月(底|末|初|中旬)", _rel_month_zh),
    (rf"{_YEAR}(年?[底末初])?", _year_zh),
    (r"(?<![\d.年月])([12]?\d|3[01]|[一二三四五六七八九]|[二三]?十[一二三四五六七八九]?)(?:号|日(?=[^常用期子]|$))"
     r"(?!楼|线|店|门|机|色|码|仓|电|球|口)", _day_zh),
    (r"(?:(?<=on the )|(?<=by the )|(?<=since the )|(?<=before the )|(?<=from the ))"
     r"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)\b", _day_zh),
    (r"(?:(?<=\bon )|(?<=\bsince )|(?<=\bby )|(?<=\bfrom )|(?<=\bbefore )|(?<=\buntil )|"
     rf"(?<=\bevery )|\b(?=[a-z]+day)){_ENGLISH_DAY}\b", _bare_week_en),
))

# rules that need no look at a text without their script
_HAN, _LATIN = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[a-z]{3}")
_ANY = {_RULES[i][0] for i in range(3)}  # in figures, and festivals of both languages
_CHINESE_ONLY = {p for p, _f in _RULES if _HAN.search(p.pattern)} - _ANY


def find(flat: str, today: dt.date) -> Iterator[tuple[int, int, dt.date]]:
    """Yield (start, end, day) of the days a text names; ``flat`` is in lower case, simplified.

    Spans don't overlap; of two rules that fit a place the more exact one, listed first, wins.
    """
    taken = [False] * len(flat)
    chinese, english = bool(_HAN.search(flat)), bool(_LATIN.search(flat))
    for pattern, meaning in _RULES:
        if pattern not in _ANY and not (chinese if pattern in _CHINESE_ONLY else english):
            continue
        for m in pattern.finditer(flat):
            a, b = m.span()
            if a == b or any(taken[a:b]):
                continue
            day = None
            with suppress(ValueError, OverflowError, KeyError):
                day = meaning(m, today)
            if day is not None:
                taken[a:b] = [True] * (b - a)
                yield a, b, day
