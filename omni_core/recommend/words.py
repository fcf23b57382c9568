"""Words of a product's title: jieba for Chinese, runs of letters and digits for the rest."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import Any

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_]+")


@cache
def _tokenizer() -> Any:
    import jieba  # a second to load: only when a title is read

    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()  # our own: words added to the module's would reach everyone
    made.initialize()
    return made


def words(text: str) -> list[str]:
    """Return the words of a title in lower case."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        found += _tokenizer().lcut(run) if "\u3400" <= run[0] <= "\u9fff" else [run]
    return found
