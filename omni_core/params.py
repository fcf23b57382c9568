"""What a parameter class says about itself, once.

A parameter class is a frozen dataclass whose fields come from ``field(...)``. The same
declaration gives the default, the bounds that ``validate`` enforces, the slider on the page, the
cache key, the link, the preset and the line in a report.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from omni_core.errors import BadParameter


@dataclass(frozen=True, slots=True)
class Param:
    """The description of one parameter; ``label`` and ``help`` are message ids (see ``N_``)."""

    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    label: str = ""
    help: str = ""
    choices: tuple[Any, ...] = ()
    words: tuple[tuple[Any, str], ...] = ()  # what choices are called, where not by their value
    optional: bool = False


def field(default: Any, **description: Any) -> Any:
    """Declare a field of a parameter class: its default and the keywords of ``Param``."""
    meta = {"param": Param(**description)}
    if isinstance(default, dict | list):
        raise TypeError("defaults must be immutable; use a tuple of pairs")
    return dataclasses.field(default=default, metadata=meta)


def describe(cls: Any) -> dict[str, Param]:
    """Return the description of every declared parameter of a class or instance, in order."""
    return {f.name: f.metadata["param"] for f in dataclasses.fields(cls) if "param" in f.metadata}


def validate(instance: Any) -> None:
    """Check every declared field; call it in ``__post_init__``. Raises ``BadParameter``."""
    for name, param in describe(instance).items():
        value = getattr(instance, name)
        if value is None and param.optional:
            continue
        if param.choices:
            if value not in param.choices:
                raise BadParameter(name, value, ", ".join(map(str, param.choices)))
        elif param.low is not None or param.high is not None:
            low = -math.inf if param.low is None else param.low
            high = math.inf if param.high is None else param.high
            good = isinstance(value, int | float) and not isinstance(value, bool)
            if not good or not low <= value <= high:  # NaN fails the comparison, as it should
                raise BadParameter(name, value, f"{low:g} – {high:g}")
