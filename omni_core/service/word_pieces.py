"""Texts to the encoder's word pieces: a unigram language model over some 128,000 pieces.

Kudo (2018), "Subword Regularization": of all ways to cut a word into known pieces the likeliest is
taken (Viterbi). The pieces are kept as numbers, not as texts: a table of hashes takes a twentieth
of a dictionary's memory, and all windows of all words of a batch are looked up at once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
UNKNOWN, BEGIN, END = 0, 1, 2
_SPACE = "\u2581"  # stands before each word, as in the file of the pieces
_STOP = "\0"  # after each word: no piece has it
_UNKNOWN_COSTS = 10.0  # less likely by so much than the least likely piece
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value, shift = 0, 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def _fields(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (number, start, end) of the fields of a protocol buffer message."""
    while at < end:
        tag, at = _varint(data, at)
        if tag & 7 == 2:
            length, at = _varint(data, at)
            stop = at + length
        elif tag & 7 == 0:
            stop = _varint(data, at)[1]
        else:
            stop = at + (4 if tag & 7 == 5 else 8)
        yield tag >> 3, at, stop
        at = stop


def _read(path: Path) -> tuple[list[str], list[float]]:
    """Return the pieces of a SentencePiece model and the logarithm of how likely each is."""
    data = path.read_bytes()
    pieces, scores = [], []
    for number, start, end in _fields(data, 0, len(data)):
        if number == 1:
            piece, score = "", 0.0
            for part, at, stop in _fields(data, start, end):
                if part == 1:
                    piece = data[at:stop].decode()
                elif part == 2:
                    score = struct.unpack("<f", data[at:stop])[0]
            pieces.append(piece)
            scores.append(score)
    return pieces, scores


def _codes(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)


class WordPieces:
    """The pieces of a SentencePiece file of the unigram kind."""

    def __init__(self, path: Path) -> None:
        pieces, scores = _read(path)
        lengths = np.array([len(p) for p in pieces])
        codes = _codes("".join(pieces) + _STOP * int(lengths.max()))
        starts = np.cumsum(lengths) - lengths
        hashes: Array = np.zeros(len(pieces), dtype=np.uint64)
        for k in range(int(lengths.max())):
            some = lengths > k
            hashes[some] = hashes[some] * _FACTOR + codes[starts[some] + k]
        self._ids = np.argsort(hashes).astype(np.int32)
        self._hashes = hashes[self._ids]
        self._scores = np.array(scores, dtype=np.float32)
        self._longest = int(lengths.max())
        self._unknown = float(self._scores.min()) - _UNKNOWN_COSTS

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text's pieces in order, between begin and end.

        Texts are taken as ``normalise`` leaves them; the file's own rules for width are not read.
        """
        of_text = [text.replace(_STOP, "").replace(_SPACE, " ").split() for text in texts]
        words = list(dict.fromkeys(chain.from_iterable(of_text)))
        known = dict(zip(words, self._cut(words), strict=True))
        return [
            [BEGIN, *(chain.from_iterable(known[w] for w in some) if some else [UNKNOWN]), END]
            for some in of_text
        ]

    def _cut(self, words: Sequence[str]) -> list[list[int]]:
        """Return the likeliest pieces of each word."""
        codes = _codes("".join(_SPACE + w + _STOP for w in words))
        best = [-np.inf] * (len(codes) + 1)
        came, piece = [0] * len(best), [UNKNOWN] * len(best)
        begin = 0
        for end in np.flatnonzero(codes == 0).tolist():
            best[begin] = 0.0
            begin = end + 1
        for at, to, i, score in self._found(codes):
            likely = best[at] + score
            if likely > best[to]:
                best[to], came[to], piece[to] = likely, at, i
        cut, begin = [], 0
        for end in np.flatnonzero(codes == 0).tolist():
            ids, at = [], end
            while at > begin:
                ids.append(piece[at])
                at = came[at]
            cut.append(ids[::-1])
            begin = end + 1
        return cut

    def _found(self, codes: Array) -> Iterator[tuple[int, int, int, float]]:
        """Yield (start, end, id, score) of each piece in the words, by start.

        A letter that is no piece is the unknown one.
        """
        at = np.flatnonzero(codes != 0)
        hashes: Array = np.zeros(len(at), dtype=np.uint64)
        starts, ends, ids, scores = [], [], [], []
        for length in range(1, self._longest + 1):
            hashes = hashes * _FACTOR + codes[at + length - 1]
            place = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            known = self._hashes[place] == hashes
            found = self._ids[place[known]]
            starts.append(at[known])
            ids.append(found)
            scores.append(self._scores[found].astype(float))
            ends.append(at[known] + length)
            if length == 1:
                lone = at[~known]
                starts.append(lone)
                ids.append(np.full(len(lone), UNKNOWN, dtype=np.int32))
                scores.append(np.full(len(lone), self._unknown))
                ends.append(lone + 1)
            more = codes[at + length] != 0
            at, hashes = at[more], hashes[more]
        start = np.concatenate(starts)
        order = np.argsort(start, kind="stable")
        return zip(start[order].tolist(), *(
            np.concatenate(part)[order].tolist() for part in (ends, ids, scores)), strict=True)
