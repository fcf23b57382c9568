"""Sums of money in a message, with what they mean: at most, at least, about, between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from omni_core.service.numerals import ARABIC, ENGLISH, HAN, NUMBER, number, plain, two_in_one


class Price(NamedTuple):
    """A sum in a text: its span, "max" | "min" | "about" | "range" or None, number or bounds."""

    start: int
    end: int
    operator: str | None
    value: float | int | tuple[float | int, float | int]


_SIGN = r"(?:us\$|[¥￥$€£]|(?:rmb|cny|usd|eur|gbp)\s?)"
_WORD = (r"(?:元|块钱|块|刀|人民币|圆|美元|美金|欧元|港币|日元|rmb|cny|usd|eur|gbp|yuan|"
         r"dollars?|bucks?|euros?|pounds?|quid|[$€£])")
_LOOSE = rf"(?:{NUMBER}|(?:{ENGLISH})(?: hundred| thousand)?)"
# 九块九, 12块5; 三百来块, 两百多, 几百: what makes a number a rough one
_SUM = (
    rf"(?:{_SIGN}\s?(?P<{{0}}a>{NUMBER})(?:\s?{_WORD})?(?![\d.])|"
    rf"(?P<{{0}}h>(?:{HAN}|{ARABIC}))块(?P<{{0}}t>[一二三四五六七八九]|\d)(?![\d毛角]|"
    r"[个件条双套盒包瓶箱只支本张])(?:毛|角)?|"
    rf"(?P<{{0}}b>{_LOOSE})(?P<{{0}}r>来|多|几)?\s?(?:-\s?)?{_WORD}(?:钱)?(?![a-z])(?!一))"
)
_BARE = rf"(?P<{{0}}n>{NUMBER})(?P<{{0}}r2>来|多|几)?"
# what counts something else than money: 38到40码, under 5 minutes, 500ml以下
_NOT_MONEY = (
    r"(?!\s*(?:[个件条双套盒包瓶箱只支本张台罐袋份对把片颗码号岁天年月日周点时分秒斤克两升寸尺米层楼人次页折℃°%％]|"
    r"小时|分钟|星期|礼拜|公斤|公分|厘米|毫升|千克|工作日|积分|分(?!钟)|cm|mm|kg|km|ml|mah|lbs?\b|g\b|l\b|m\b|w\b|"
    r"inch|ft\b|oz\b|days?|hours?|minutes?|mins?\b|weeks?|months?|years?|pieces?|pcs|items?|sizes?|"
    r"percent|people|persons?|units?|points?|times|st\b|nd\b|rd\b|th\b|x\b|:|\.?\d|-\d|/))"
)
_MAX_BEFORE = (r"不超过|不要超过|别超过|不高于|不能超过|不大于|不多于|低于|少于|小于|最多|至多|顶多|最高|"
               r"less than|no more than|not more than|at most|cheaper than|below|under|up to|max(?:imum)?"
               r"(?: of)?|within|not over|<=?|≤")
_MIN_BEFORE = (r"不低于|不少于|不小于|高于|大于|多于|超过|至少|最少|最低|起码|"
               r"more than|no less than|not less than|at least|above|over|min(?:imum)?(?: of)?|from|"
               r"starting at|>=?|≥")
_ABOUT_BEFORE = r"大概|大约|差不多|约莫|约|around|about|roughly|approximately|approx\.?|circa|~|≈"
_MAX_AFTER = r"\s?(?:或)?(?:以下|以内|之内|之下|内(?!存)|封顶|or less|or under|or below|max(?:imum)?|tops)"
_MIN_AFTER = r"\s?(?:或)?(?:以上|之上|起步|起(?![来码球])|往上|朝上|or more|or above|and up|and above|\+)"
_ABOUT_AFTER = r"\s?(?:左右|上下|出头|前后|or so|-?ish)"
_TO = r"\s?(?:到|至|-|–|—|~|～|to|and)\s?"
_BUDGET = (r"(?:预算|价位|价格|价钱|单价|价|心理价|budget|price|spend|costs?|priced)(?:大概|大约|的话|是|在|只有|就|为|"
           r"控制在|差不多| of| is| range| between| from| at|:|：|\s)*")
_BODY = re.compile(r"(?:身高|体重|腰围|胸围|臀围|脚长|肩宽|身长|height|weight|weigh|waist|bust|chest|"
                   r"question|info|订单|单号|order|#)\W?$")
_CAP = re.compile(r"\s*(?:减|-)\s?\d")
_AS_COUPON = re.compile(r"满\s?(?:\d+|[一二两三四五六七八九十百千]+)\s?元?\s?(?:减|送|返|立减)\s?"
                        r"(?:\d+|[一二两三四五六七八九十百千]+)\s?元?")


def _sum(prefix: str) -> str:
    return _SUM.replace("{0}", prefix)


def _bare(prefix: str) -> str:
    return _BARE.replace("{0}", prefix)


def _value(m: re.Match[str], prefix: str) -> tuple[float | None, bool, tuple[float, float] | None]:
    """Return (value, whether it is rough, both bounds of 三五百) of a matched sum."""
    g = m.groupdict()
    if g.get(f"{prefix}h"):
        whole, tail = number(g[f"{prefix}h"]), number(g[f"{prefix}t"])
        return (None if whole is None or tail is None else whole + tail / 10), False, None
    text = g.get(f"{prefix}a") or g.get(f"{prefix}b") or g.get(f"{prefix}n")
    rough = bool(g.get(f"{prefix}r") or g.get(f"{prefix}r2"))
    if text is None:
        return None, False, None
    both = two_in_one(text)
    if both:
        return None, False, both
    parts = text.split()
    if len(parts) == 2:
        base = number(parts[0])
        return (None if base is None else base * {"hundred": 100, "thousand": 1000}[parts[1]],
                rough, None)
    return number(text), rough, None


_S, _T = _sum("s"), _sum("t")
_RULES: tuple[tuple[re.Pattern[str], str | None], ...] = tuple((re.compile(p), o) for p, o in (
    # between two, the first one's unit may be left out
    (rf"(?:(?:between|from|在)\s?)?(?:{_S}|{_bare('s')}){_TO}{_T}", "range"),
    (rf"(?:(?:between|from)\s?){_S}{_TO}{_bare('t')}{_NOT_MONEY}", "range"),
    (rf"{_S}{_TO}{_bare('t')}{_NOT_MONEY}(?![a-z])", "range"),
    (rf"(?:{_BUDGET})(?:between\s?|from\s?)?{_bare('s')}{_TO}{_bare('t')}{_NOT_MONEY}", "range"),
    (rf"(?<![\d.\-/])(?P<sn>\d{{2,6}}|{HAN})(?:到|至|-|~|～)(?P<tn>\d{{2,6}}|{HAN})(?:之间|的|价|区间|左右)"
     rf"{_NOT_MONEY}", "range"),
    (rf"\bbetween (?P<sn>{ARABIC}) and (?P<tn>{ARABIC}){_NOT_MONEY}", "range"),
    # an operator and a sum with its unit
    (rf"(?:{_MAX_BEFORE})\s?{_S}(?:{_MAX_AFTER})?", "max"),
    (rf"(?:{_MIN_BEFORE})\s?{_S}", "min"),
    (rf"(?:{_ABOUT_BEFORE})\s?{_S}(?:{_ABOUT_AFTER})?", "about"),
    (rf"不到\s?{_S}", "max"),
    (rf"{_S}{_MAX_AFTER}", "max"),
    (rf"{_S}{_MIN_AFTER}", "min"),
    (rf"{_S}{_ABOUT_AFTER}", "about"),
    # an operator and a bare number
    (rf"(?:{_BUDGET})?(?:{_MAX_BEFORE})\s?{_bare('s')}(?![\d.])(?:{_MAX_AFTER})?{_NOT_MONEY}", "max"),
    (rf"(?:{_BUDGET})(?:{_MIN_BEFORE})\s?{_bare('s')}(?![\d.]){_NOT_MONEY}", "min"),
    (rf"(?:{_BUDGET})(?:{_ABOUT_BEFORE})\s?{_bare('s')}(?![\d.]){_NOT_MONEY}", "about"),
    (rf"(?<![\d.]){_bare('s')}{_MAX_AFTER}(?![a-z])", "max"),
    (rf"(?<![\d.]){_bare('s')}(?:以上|之上|往上|起步)", "min"),
    (rf"(?<![\d.]){_bare('s')}(?:左右|上下|出头)", "about"),
    (rf"(?:预算|budget)(?:只有|就|是|在| of| is|:|：|\s)*{_bare('s')}(?![\d.])(?:{_ABOUT_AFTER})", "about"),
    (rf"(?:预算|budget)(?:只有|就|是|在| of| is|:|：|\s)*(?:{_S}|{_bare('t')}(?![\d.]){_NOT_MONEY})", "max"),
    (r"\b(?:around|roughly|approximately)\s(?P<sn>\d{2,6})(?=\s*(?:$|[,.!?]|for\b|please\b|or so))",
     "about"),
    (_S, None),
))


def find(flat: str, taken: list[bool]) -> Iterator[Price]:
    """Yield the sums of a text (lower case, simplified), and mark in ``taken`` where they stand."""
    for m in _AS_COUPON.finditer(flat):  # 满200减30 speaks of a coupon, not of a price
        taken[m.start():m.end()] = [True] * (m.end() - m.start())
    for pattern, operator in _RULES:
        for m in pattern.finditer(flat):
            a, b = m.span()
            if any(taken[a:b]) or (m.groupdict().get("sn") and _BODY.search(flat[:a])):
                continue
            low, rough, both = _value(m, "s")
            high, rough_too, both_too = _value(m, "t")
            if operator == "range":
                if low is None or high is None:
                    continue
                if low < high / 100 and high >= 100 and low < 10:  # 三到五百: 300 to 500
                    low *= 10 ** (len(str(int(high))) - 1)
                if low >= high:
                    continue
                found = Price(a, b, "range", (plain(low), plain(high)))
            else:
                both = both or both_too
                value = low if low is not None else high
                if both and operator is None:
                    found = Price(a, b, "range", (plain(both[0]), plain(both[1])))
                elif value is None or value <= 0:
                    continue
                else:
                    rough = rough or rough_too
                    kind = operator or ("about" if rough else None)
                    if _CAP.match(flat, b):
                        continue
                    found = Price(a, b, kind, plain(value))
            taken[a:b] = [True] * (b - a)
            yield found
