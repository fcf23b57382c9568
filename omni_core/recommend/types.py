"""Types that every file of the recommender uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Progress = Callable[[float], None]  # is told the share of 1 that is done; what it raises ends it


def silent(_share: float) -> None:
    """Tell nobody."""
