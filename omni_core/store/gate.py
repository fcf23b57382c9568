"""Many may use the store at once; who replaces its file waits until nobody does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Shared by readers and writers of rows, exclusive for who swaps the file beneath them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._owner: int | None = None
        self._mine = threading.local()

    def is_inside(self) -> bool:
        """Whether this thread is inside, so that waiting for the others could wait for itself."""
        return getattr(self._mine, "depth", 0) > 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Stay inside; a thread that is inside already doesn't wait again."""
        depth = getattr(self._mine, "depth", 0)
        counts = depth == 0 and self._owner != threading.get_ident()
        if counts:
            with self._changed:
                self._changed.wait_for(lambda: self._owner is None)
                self._inside += 1
        self._mine.depth = depth + 1
        try:
            yield
        finally:
            self._mine.depth = depth
            if counts:
                with self._changed:
                    self._inside -= 1
                    self._changed.notify_all()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Wait until all others have left and keep them out. Not from inside ``shared``."""
        with self._changed:
            self._changed.wait_for(lambda: self._owner is None)
            self._owner = threading.get_ident()
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._inside == 0)
            yield
        finally:
            with self._changed:
                self._owner = None
                self._changed.notify_all()
