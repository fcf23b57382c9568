"""Words of a normalised message: jieba for Chinese, spaces for the rest."""

from __future__ import annotations

import logging
import re
from functools import cache
from threading import Lock
from typing import Any

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
# A number or a Latin word ends where Chinese begins: 200元以下 is a number and two words.
_OTHER = r"(?:(?![\u3400-\u9fff])[^\W_])+"
_PIECE = re.compile(rf"[\u3400-\u9fff]+|<[a-z]+>|{_OTHER}(?:['\-]{_OTHER})*|[^\w\s]|_+")
_lock = Lock()


@cache
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    # Our own: add_word on the module would change the words of every session in the process.
    return jieba.Tokenizer()


def pieces(text: str) -> list[tuple[int, int]]:
    """Return the spans (start, end) of the words and marks of a text, in order."""
    spans: list[tuple[int, int]] = []
    for found in _PIECE.finditer(text):
        start = found.start()
        if not _HAN_RUN.fullmatch(found.group()):
            spans.append(found.span())
            continue
        with _lock:  # building the prefix dictionary twice at once costs a second each
            cut = _tokenizer().lcut(found.group())
        for word in cut:
            spans.append((start, start + len(word)))
            start += len(word)
    return spans


def words(text: str) -> list[str]:
    """Return the words of a normalised text without its marks (``<order>`` and its like stay)."""
    found = [text[a:b] for a, b in pieces(text)]
    return [w for w in found if w[0] == "<" and len(w) > 1 or any(c.isalnum() for c in w)]
