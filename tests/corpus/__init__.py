"""Files as shops have them, made by seeded scripts, each with the result worked out beside it."""

from __future__ import annotations

from tests.corpus import (
    chinese,
    excel,
    languages,
    logs,
    markets,
    oddities,
    shapes,
    strange,
    sums,
    values,
    western,
)
from tests.corpus.base import FIXTURES

__all__ = ["FIXTURES", "chinese", "excel", "languages", "logs", "markets", "oddities", "shapes",
           "strange", "sums", "values", "western"]
