"""How like a text is to the sentences of each intent, by their vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from omni_core.service.network import one_thread

Array = np.ndarray[Any, Any]
_ROWS_AT_ONCE = 200  # of a table of likenesses: 4 MB beside the shipped sentences


class Nearest:
    """How like each text is to the nearest sentence of each class."""

    def __init__(self, dense: Array, y: Array) -> None:
        self._order = np.argsort(y, kind="stable")
        self._sentences = dense[self._order].T
        self._starts = np.flatnonzero(np.diff(y[self._order], prepend=-1))

    def score(self, dense: Array) -> Array:
        """Return the largest product with a sentence of each class, shape (n, classes)."""
        best = np.zeros((len(dense), len(self._starts)), dtype=np.float32)
        with one_thread()(limits=1, user_api="blas"):
            for i in range(0, len(dense), _ROWS_AT_ONCE):
                np.maximum.reduceat(dense[i : i + _ROWS_AT_ONCE] @ self._sentences, self._starts,
                                    axis=1, out=best[i : i + _ROWS_AT_ONCE])
        return best

    def likeness(self, dense: Array) -> Array:
        """Return the cosine of one text with each sentence, in the order they were learnt in."""
        squares = np.einsum("ij,ij->j", self._sentences, self._sentences) * np.sum(dense * dense)
        result = np.empty(len(squares), dtype=np.float32)
        result[self._order] = (dense @ self._sentences)[0] / np.sqrt(np.maximum(squares, 1e-12))
        return result
