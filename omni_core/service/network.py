"""The sentence encoder's arithmetic: word pieces to a vector, each distinct thing computed once.

The network is that of Google's multilingual universal sentence encoder (Yang et al. 2020), as its
weights lie in the package's file: three convolutions over two, three and five neighbours, an
average over the words, four dense layers. What a layer makes of a piece, or of a run of pieces, is
the same wherever these stand, and messages share most of their words. So each layer's product is
taken over the distinct ones, and a sentence adds up what its places need: less than half the time
of the same sums place by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
WIDTH = 512
_CHUNKS = 17  # the table of pieces is dealt over so many parts, each with its own scale
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # neighbours seen, how many of these stand before
_BRANCH = 256  # numbers a piece has in a branch
_GAP = 2  # places beside a sentence that its windows reach
_MOST = 2**62  # a run's code fits below it
_PLACES = 2000  # computed at once: a product's result stays in the processor's cache


@cache
def one_thread() -> Any:
    """Return the switch that keeps a product on one thread: two would wait for each other."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().limit


def _distinct(codes: Array) -> tuple[Array, Array]:
    """Return (first place of each distinct value, the value's number at each place)."""
    _values, first, number = np.unique(codes, return_index=True, return_inverse=True)
    return first, number


class _Branch:
    """Two convolutions over ``n`` neighbours, each beside what goes in."""

    def __init__(self, n: int, before: int, weights: Sequence[Array]) -> None:
        self._n, self._shifts = n, np.arange(-before, n - before)
        # (n * 256, 256) -> (256, n * 256): one product gives a piece's part at each neighbour
        self._first, self._second = (
            np.ascontiguousarray(w.reshape(n, _BRANCH, _BRANCH).transpose(1, 0, 2)).reshape(
                _BRANCH, n * _BRANCH) for w in weights[:2])
        self._first_bias, self._second_bias = weights[2:]

    def _added(self, x: Array, weights: Array, bias: Array, number: Array, places: Array) -> Array:
        """Return the convolution at the given places; ``number`` tells each place's row of x."""
        parts = np.zeros((len(x) + 1, self._n, _BRANCH), dtype=np.float32)  # the last: no neighbour
        np.matmul(x, weights, out=parts[:-1].reshape(len(x), -1))
        result = parts[number[places + self._shifts[0]], 0]
        for k in range(1, self._n):
            result += parts[number[places + self._shifts[k]], k]
        result += bias
        return np.maximum(result, 0, out=result)

    def __call__(self, x: Array, number: Array, places: Array) -> Array:
        """Return what the branch makes of each place, (places, 256).

        ``number`` has the row of ``x`` of each position, -1 in the gaps; ``places`` are the
        positions that are none.
        """
        run, base = number[places + self._shifts[0]] + 1, len(x) + 1
        for k in range(1, self._n):
            if base ** (k + 1) >= _MOST:  # number the runs so far, lest two get one code
                run = _distinct(run)[1]
            run = run * base + number[places + self._shifts[k]] + 1
        first, of_run = _distinct(run)
        seen = self._added(x, self._first, self._first_bias, number, places[first])
        seen += x[number[places[first]]]
        runs = np.full(len(number), -1)
        runs[places] = of_run
        result = self._added(seen, self._second, self._second_bias, runs, places)
        result += seen[of_run]
        return result


class Network:
    """The weights, and the way through them."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as parts:
            one = parts["q1"]
            self._table = np.empty((_CHUNKS * len(one), WIDTH), dtype=np.uint8)
            for k in range(_CHUNKS):
                self._table[k::_CHUNKS] = parts[f"q{k + 1}"]
            w = {name: parts[name] for name in parts.files if not name.startswith("q")}
        orders = [n for n, _before in _BRANCHES]
        self._scale, self._low, self._eps = w["scale"], w["lo"], float(w["eps"])
        self._into = np.concatenate([w[f"proj{n}"] for n in orders], axis=1)
        self._into_bias, self._into_gain, self._into_shift = (
            np.concatenate([w[f"{name}{n}"] for n in orders])
            for name in ("proj_b", "ln_g", "ln_b"))
        self._branches = [
            _Branch(n, before, [w[f"{name}_{n}"] for name in ("w1", "w2", "b1", "b2")])
            for n, before in _BRANCHES]
        self._gain, self._shift = w["ln_g"], w["ln_b"]
        self._out, self._out_bias = w["cnn_W"], w["cnn_b"]
        self._dense = [w[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")]

    def encode(self, sentences: Sequence[Sequence[int]]) -> Array:
        """Return the vectors (n, 512), each of length 1, of sentences of one piece and more."""
        result = np.empty((len(sentences), WIDTH), dtype=np.float32)
        start = places = 0
        with one_thread()(limits=1, user_api="blas"):
            for i, sentence in enumerate(sentences):
                if places and places + len(sentence) > _PLACES:
                    result[start:i] = self._some(sentences[start:i])
                    start, places = i, 0
                places += len(sentence)
            if places:
                result[start:] = self._some(sentences[start:])
        return result

    def _pieces(self, ids: Array) -> tuple[Array, Array]:
        """Return what the table has of pieces (n, 512), and what the branches get (n, 768)."""
        chunk = ids % _CHUNKS
        raw = self._table[ids] * self._scale[chunk, None] + self._low[chunk, None]
        x = raw @ self._into + self._into_bias
        x -= x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=1, keepdims=True) + self._eps)
        return raw, x * self._into_gain + self._into_shift

    def _some(self, sentences: Sequence[Sequence[int]]) -> Array:
        from scipy import sparse

        lengths = np.array([len(s) for s in sentences])
        flat = np.fromiter(chain.from_iterable(sentences), dtype=np.int64)
        first, number = _distinct(flat)
        raw, x = self._pieces(flat[first])
        places = np.arange(len(flat)) + _GAP * (1 + np.repeat(np.arange(len(lengths)), lengths))
        spaced = np.full(len(flat) + _GAP * (len(lengths) + 1), -1)
        spaced[places] = number
        made = np.concatenate([branch(part, spaced, places) for branch, part in zip(
            self._branches, np.split(x, len(_BRANCHES), axis=1), strict=True)], axis=1)
        # Each place's numbers are brought to mean 0 and spread 1 before a sentence adds them up.
        # Adding commutes with that scaling, so the scaled places need not be written down.
        width = raw.shape[1] + made.shape[1]
        mean = (raw.sum(axis=1)[number] + made.sum(axis=1)) / width
        square = np.einsum("ij,ij->i", raw, raw)[number] + np.einsum("ij,ij->i", made, made)
        weight = 1 / np.sqrt(square / width - mean * mean + self._eps)
        ends = np.concatenate([[0], np.cumsum(lengths)])
        of_piece, of_place = (
            sparse.csr_array((weight, columns, ends), shape=(len(lengths), n))
            for columns, n in ((number, len(raw)), (np.arange(len(flat)), len(flat))))
        total = np.concatenate([of_piece @ raw, of_place @ made], axis=1)
        total -= (of_place @ mean)[:, None]
        count = lengths[:, None].astype(np.float32)
        total = total * self._gain + count * self._shift
        return self._end((total @ self._out + count * self._out_bias) / np.sqrt(count))

    def _end(self, x: Array) -> Array:
        """Return the vectors of averaged sentences: the dense layers, two of them passed by."""
        d0, d1, d2, d3, past1, past3 = self._dense
        x = np.maximum(x @ past1 + np.maximum(x @ d0, 0) @ d1, 0)
        x = np.tanh(x @ past3 + np.maximum(x @ d2, 0) @ d3)
        return np.asarray(x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12))
