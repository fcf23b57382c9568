"""A CSV of sentences, as Excel or a chat tool saves it: text, and the intent where it is known."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import pandas as pd

from omni_core.errors import OmniError
from omni_core.export import unguard
from omni_core.i18n import N_

MOST_ROWS, LONGEST = 50_000, 20_000
_TEXT = ("text", "message", "messages", "sentence", "content", "question", "query", "utterance",
         "消息", "消息内容", "文本", "内容", "句子", "语句", "问题", "咨询内容", "留言", "聊天内容")
_INTENT = ("intent", "label", "expected", "category", "class", "意图", "标签", "分类", "类别",
           "期望", "预期", "正确意图")


class NoTextColumn(OmniError):
    """A file without a column that holds sentences."""

    code = "no_text_column"
    message = N_("This file has no column of sentences. Name one “text” (or 消息); its columns "
                 "are: {found}.")


class NoIntentColumn(OmniError):
    """A file whose sentences carry no intent."""

    code = "no_intent_column"
    message = N_("This file says no intents. Add a column “intent” (or 意图); its columns are: "
                 "{found}.")


class NotText(OmniError):
    """Bytes that are no text in any encoding that is tried."""

    code = "not_text"
    message = N_("{name} can't be read as text. Save it as CSV (UTF-8) and choose it again.")


class NoRows(OmniError):
    """A file with a header and nothing below it."""

    code = "no_rows"
    message = N_("{name} holds no sentences below its header.")


@dataclass(frozen=True)
class Sentences:
    """What a file holds: frame text, intent ("" where unknown); rows in and left out; encoding."""

    frame: pd.DataFrame
    rows_in: int
    empty: int
    encoding: str

    @property
    def labelled(self) -> bool:
        """Whether at least one row says its intent."""
        return bool((self.frame["intent"] != "").any())


def read(data: bytes, name: str = "", need_intent: bool = False) -> Sentences:
    """Return the sentences of a CSV: UTF-8 with or without mark, UTF-16, or GB18030 (GBK).

    Rows without text are left out and counted; at most 50,000 rows are read. Raises ``NotText``,
    ``NoTextColumn``, ``NoRows`` and, with ``need_intent``, ``NoIntentColumn``.
    """
    text, encoding = _decode(data, name)
    csv.field_size_limit(10_000_000)
    head = text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff\r\n ")), delimiter=delimiter)
    try:
        header = [h.strip() for h in next(reader, [])]
        rows = [r for _n, r in zip(range(MOST_ROWS), reader, strict=False) if any(r)]
    except csv.Error:
        raise NotText(name=name) from None
    plain = [h.strip("\"' ").lower() for h in header]
    at = next((i for i, h in enumerate(plain) if h in _TEXT), None)
    label = next((i for i, h in enumerate(plain) if h in _INTENT), None)
    found = ", ".join(h[:40] for h in header[:12])
    if at is None:
        raise NoTextColumn(found=found)
    if need_intent and label is None:
        raise NoIntentColumn(found=found)
    if not rows:
        raise NoRows(name=name)

    def cell(row: list[str], place: int | None) -> str:
        return unguard(row[place].strip()) if place is not None and place < len(row) else ""

    pairs = [(cell(r, at)[:LONGEST], cell(r, label)) for r in rows]
    kept = [p for p in pairs if p[0]]
    if not kept:
        raise NoRows(name=name)
    return Sentences(pd.DataFrame(kept, columns=["text", "intent"], dtype=object), len(rows),
                     len(rows) - len(kept), encoding)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    tries: list[Any] = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else [
        "utf-8-sig", "gb18030"]
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text[:1000]:
            return text, encoding
    raise NotText(name=name)
