"""From a message as typed to the text the engines read.

``normalise`` evens out what carries no meaning (width, case, Traditional forms, repeats, a
greeting in front); ``mask`` then hides numbers and addresses, because an order number must not
become a feature; ``is_noise`` recognises what nobody could answer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

LONGEST = 2000  # a longer message says what it wants at its beginning
_HAN = re.compile(r"[\u3400-\u9fff]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_SPACE = re.compile(r"\s+")
_LONG_RUN = re.compile(r"([^\W\d_])\1{2,}")  # soooo -> soo, 哈哈哈哈 -> 哈哈; digits stay
_MARK_RUN = re.compile(r"([^\w\s])\1+")  # !!! -> !
_CURLY = str.maketrans("‘’“”`´", "''\"\"''")

# What people put before the question. A word goes only where it can't be the question itself:
# 亲 opens 亲子装 too, hence the look-ahead; 客服 and 老板 go only before a pause.
_PAUSE = r"[\s,.!?~:;、。…·\-^]"
_OPENERS = re.compile(
    r"(?:(?:亲爱的|亲亲|亲(?![子戚手自身爱人属吻情朋友和切])|你好|您好|嗨|哈喽|哈啰|"
    r"在吗|在么|在嘛|在不在|有人吗|有人在吗|早上好|上午好|中午好|下午好|晚上好|"
    r"请问|想?问一?下|我想问一?下?|咨询一?下|麻烦(?:你|您)?|"
    r"打扰(?:一下|下|了)?|不好意思|劳驾)[呀啊哦呢么吧啦]*|"
    r"(?:客服|店家|店主|老板|掌柜|那个|小二)(?=" + _PAUSE + r")|"
    r"(?:hi|hello|hey|hiya|dear|excuse me|sorry to bother you|quick question|please|pls|"
    r"good (?:morning|afternoon|evening|day))(?: there| team| guys| all| everyone| sir| madam)*"
    r"(?![a-z'\-]))" + _PAUSE + r"*"
)
_CLOSERS = re.compile(
    _PAUSE + r"*(?:谢谢|多谢|感谢|谢了|thanks a lot|thank you|thanks|thx|please|pls|plz|亲|哈)"
    r"(?:啦|了|你|您|亲)*" + _PAUSE + r"*$"
)
# What says nothing alone: filler, and whom one greets (hello bot is no question about bots).
_FILL = re.compile(
    r"(?:[\W_呀啊哦呢么吧啦哈嗯喽太很真]|(?:ro)?bot\b|机器人|客服|店家|店主|老板|掌柜|小二)*")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_URL = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff]+")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d{9}(?!\d)")
_NUMBER = r"\d+(?:[.,]\d+)*"
_PRICE = re.compile(
    rf"[¥$€£]\s?{_NUMBER}|{_NUMBER}\s?(?:元|块钱|块|rmb|usd|cny|eur|gbp|yuan|dollars?|bucks|euros?|quid|¥|€|£)"
)
_ORDER = re.compile(
    r"(?<![a-z0-9])[a-z]{0,4}\d{8,}[a-z]{0,2}(?![a-z0-9])|"
    r"(?:(?<=#)|(?<=# )|(?<=order )|(?<=单号)|(?<=订单)|(?<=no\.))\d{4,}"
)
_DIGITS = re.compile(_NUMBER)
_MARKS = re.compile(r"[\W_]+")

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WALKS = {
    row[i : i + 4] for line in _ROWS for row in (line, line[::-1]) for i in range(len(row) - 3)
} - {"wert", "erty", "trew"}  # they begin or end real words: liberty, strewn
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{5,}")
_SIZE = re.compile(r"x+[sl]")


@cache
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return the text with Traditional Chinese characters made Simplified (OpenCC, t2s)."""
    return str(_simplifier().convert(text)) if _HAN.search(text) else text


def _strip_politeness(text: str) -> str:
    kept = text
    while True:
        opener = _OPENERS.match(kept)
        shorter = _CLOSERS.sub("", kept[opener.end() :] if opener else kept)
        if shorter == kept:
            return kept
        if _FILL.fullmatch(shorter):  # the greeting was all there was
            return kept
        kept = shorter


def normalise(text: str) -> str:
    """Return the comparable form of a message: NFKC, lower, Simplified, no repeats, no greeting.

    The greeting in front (and a thank-you at the end) stays when nothing else would be left. Only
    the first ``LONGEST`` characters are read.
    """
    flat = _INVISIBLE.sub("", unicodedata.normalize("NFKC", str(text)[:LONGEST]))
    flat = _SPACE.sub(" ", simplify(flat).translate(_CURLY).lower()).strip()
    flat = _MARK_RUN.sub(r"\1", _LONG_RUN.sub(r"\1\1", flat))
    return _strip_politeness(flat)


def mask(normalised: str) -> str:
    """Return a normalised text with addresses, order numbers and prices as marks, digits as 0."""
    text = _URL.sub("<url>", _EMAIL.sub("<email>", normalised))
    text = _ORDER.sub("<order>", _PRICE.sub("<price>", _PHONE.sub("<phone>", text)))
    return _DIGITS.sub("0", text)


def bare(masked: str) -> str:
    """Return a masked text without punctuation and spaces: repeats of a sentence become equal."""
    return _MARKS.sub("", masked) or masked


def _gibberish(word: str) -> bool:
    if any(walk in word for walk in _WALKS):
        return True
    if len(word) >= 6 and len(set(word)) <= 2:
        return True
    # watchstrap and postscript have five consonants in a row, and vowels enough around them
    vowels = sum(word.count(v) for v in "aeiouy")
    return bool(_CONSONANTS.search(word)) and vowels * 5 < len(word) and not _SIZE.fullmatch(word)


def is_noise(text: str) -> bool:
    """Tell whether a message is keyboard noise: no words (。。。, 1234567) or mashed keys."""
    flat = _INVISIBLE.sub("", unicodedata.normalize("NFKC", str(text)[:LONGEST])).lower()
    letters = [c for c in flat if unicodedata.category(c)[0] == "L"]
    if not letters:
        return True
    if len(letters) >= 4 and len(set(letters)) == 1:
        return True
    words = re.findall(r"[^\W\d_]+", flat)
    return all(word.isascii() and _gibberish(word) for word in words)
