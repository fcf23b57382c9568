"""Which encoding a text is in, and its way to UTF-8 with plain line ends.

The order of trials: byte-order mark; UTF-16 by the side its NULs stand on; strict UTF-8, a few
broken lines forgiven; then the encodings of East Asia and the West, scored by the header words
they reveal and by how common the characters are that they yield.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from pathlib import Path

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.linemap import LineMap
from omni_core.ingest.report import Refused

CHUNK = 1 << 20  # memory for larger ones is taken from the system and given back each time
# marks a byte that the encoding can't read; rows that hold it are rejected
BAD_BYTE = "\ufffd"
_SAMPLE, _SCORED = 4 << 20, 1 << 18
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The rows of each double-byte table that hold its everyday characters, as lead bytes.
_COMMON = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "cp932": (0x88, 0x97),
           "cp949": (0xB0, 0xC8)}
_KNOWN = frozenset(s for synonyms in SYNONYMS.values() for s in synonyms if not s.isascii())
_CUT = re.compile(r"[,;\t|\n\"]")
# What the codec calls itself, by what people and other programs call it.
_NAMES = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "shift_jis": "cp932",
          "shift-jis": "cp932", "sjis": "cp932", "latin-1": "cp1252", "latin1": "cp1252",
          "iso-8859-1": "cp1252", "windows-1252": "cp1252", "ansi": "cp1252", "utf8": "utf-8",
          "utf-8-sig": "utf-8", "euc-kr": "cp949", "big5hkscs": "big5hkscs"}
ENCODINGS = ("utf-8", "gb18030", "big5", "cp932", "cp949", "cp1252", "cp1250", "cp1251", "utf-16",
             "utf-16-le", "utf-16-be")


def find_encoding(source: Path, answers: Mapping[str, str]) -> str:
    """Return the encoding of a text that is not strict UTF-8. Raises ``Refused``."""
    told = answers.get("encoding")
    if told:
        name = _NAMES.get(told.lower(), told.lower())
        if name not in ENCODINGS:
            raise Refused("unknown_answer", value=told, field="encoding")
        return name
    with source.open("rb") as stream:
        head = stream.read(_SAMPLE)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if marked:
        return marked
    order = utf16_order(head)
    if order:
        return order
    lines = [line for line in re.split(rb"[\r\n]+", head) if not line.isascii()]
    if len(head) == _SAMPLE:
        lines = lines[:-1]  # the last one may be cut
    if not lines or sum(_decodes(line, "utf-8") for line in lines) >= 0.8 * len(lines):
        return "utf-8"  # with a few broken rows, which are rejected one by one
    # some hundred kilobytes tell it, of lines from all over the beginning
    lines = lines[::max(1, sum(map(len, lines)) // _SCORED)]
    scores = {name: _score(head, lines, name) for name in _COMMON}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.5 else _western(head)


def _score(head: bytes, lines: list[bytes], name: str) -> float:
    """How much a double-byte encoding looks right: 0 (not at all) to 1, header words on top."""
    good = [line for line in lines if _decodes(line, name)]
    if len(good) < 0.8 * len(lines):
        return 0.0
    text = b"\n".join(good)
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", text)]
    # in Latin text an accent mostly stands alone; in these encodings high bytes come in pairs,
    # though the second byte of some characters is a letter
    alone = sum(1 for run in runs if run == 1) / len(runs)
    low, high = _COMMON[name]
    characters = common = kana = 0
    for character in text.decode(name):
        if character.isascii():
            continue
        characters += 1
        code = character.encode(name)
        common += len(code) == 2 and low <= code[0] <= high
        kana += "\u3040" <= character <= "\u30ff" or "\uff00" <= character <= "\uff60" or (
            "\u3000" <= character <= "\u301f")
    words = {normalise_header(cell) for cell in _CUT.split(
        head[: 1 << 16].decode(name, "replace"))}
    hits = len(words & _KNOWN)
    share = (common + kana) / characters
    if name == "cp932" and not kana and not hits:
        share *= 0.5  # Japanese without a single kana is rare
    if name != "gb18030" and not hits:
        share *= 0.9  # without a word that tells, the most frequent of them in this trade
    if alone > 0.5 and not hits:
        share *= 0.3
    return share + min(hits, 5)


def _western(head: bytes) -> str:
    # bytes that cp1252 leaves undefined, or Cyrillic letters in rows, are another table's
    high = re.findall(rb"[\x80-\xff]+", head)
    long = sum(len(run) for run in high if len(run) > 3)
    if long > 0.6 * sum(map(len, high)) and not re.search(rb"[\x81\x8d\x8f\x90\x9d]{2}", head):
        text = head.decode("cp1251", "replace")
        letters = sum("\u0410" <= c <= "\u044f" for c in text)
        if letters > 0.9 * sum(not c.isascii() for c in text):
            return "cp1251"
    return "cp1252"


def utf16_order(head: bytes) -> str | None:
    """Return the byte order of UTF-16 text without a mark, or None.

    The NULs of its Latin letters, digits, commas and line ends all fall on one side.
    """
    sample = head[: len(head) // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 10 * (even + 1) and odd > len(sample) // 40:
        return "utf-16-le"
    if even > 10 * (odd + 1) and even > len(sample) // 40:
        return "utf-16-be"
    return None


def is_binary(head: bytes) -> bool:
    """Whether these bytes are no text in any encoding: control characters, NULs on both sides."""
    if head.startswith(tuple(mark for mark, _ in _MARKS)) or utf16_order(head):
        return False
    # 26 ends a text of old programs
    # and 31 is made to part cells
    control = sum(head.count(bytes([b])) for b in range(1, 32)
                  if b not in (*range(9, 14), 26, 27, 31))
    # a few NULs are padding and go, as do those at the end; a text in which every twentieth byte is
    # one is none
    head = head.rstrip(b"\0")
    return control > 0.01 * len(head) or head.count(0) > 0.05 * len(head)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def rewrite(source: Path, target: Path, encoding: str) -> tuple[bool, int, LineMap]:
    """Write a text as UTF-8 with plain line ends.

    Returns whether any byte couldn't be read, how many NULs were taken out, and the map of lines.
    """
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    bad, nuls, held, first, lines = False, 0, "", True, LineMap()
    with source.open("rb") as stream, target.open("wb") as out:
        while True:
            chunk = stream.read(CHUNK)
            text = held + decoder.decode(chunk, final=not chunk)
            if first and text:
                text, first = text.removeprefix("\ufeff"), False
            # a CR at the end of a chunk may be half of a CRLF
            held = "\r" if chunk and text.endswith("\r") else ""
            if "\r" in text:
                text = text[: len(text) - len(held)].replace("\r\n", "\n").replace("\r", "\n")
            bad = bad or BAD_BYTE in text
            if text.endswith("\x1a"):
                text = text.rstrip("\x1a")
            clean = text.encode("utf-8", "replace")
            if b"\0" in clean:
                nuls += clean.count(b"\0")
                clean = clean.replace(b"\0", b"")
            out.write(clean)
            lines.add(clean)
            if not chunk:
                return bad, nuls, lines.close()
