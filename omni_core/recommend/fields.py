"""Parameters that several recommenders share, declared once, and the check they all make."""

from __future__ import annotations

import operator
from typing import Any

from omni_core import params
from omni_core.errors import BadParameter
from omni_core.i18n import N_
from omni_core.recommend.base import WEIGHTS, frozen_weights


def weights() -> Any:
    """Declare what each kind of event tells."""
    return params.field(
        WEIGHTS, label=N_("Worth of an event"),
        help=N_("How much each kind of event tells of a shopper's taste; 0 ignores it."),
    )


def neighbours() -> Any:
    """Declare how many items like it each item may recommend."""
    return params.field(
        100, low=1, high=1000, step=1, label=N_("Neighbours per product"),
        help=N_("How many similar products each product may recommend. Few: safe and narrow."),
    )


def window(days: float | None) -> Any:
    """Declare of how many days bestsellers are counted; None: of the whole past."""
    return params.field(
        days, low=1, high=3650, step=1, unit=N_("days"), optional=True,
        label=N_("Bestsellers of the last"),
        help=N_("Count only the last days; empty counts the whole past."),
    )


def half_life() -> Any:
    """Declare after how many days an event counts half; None: it never fades."""
    return params.field(
        None, low=1, high=730, step=1, unit=N_("days"), optional=True,
        label=N_("Past counts half after"),
        help=N_("After so many days an event in the history counts half (half-life). Off: it never "
                "fades."),
    )


def seed() -> Any:
    """Declare the number that makes a drawn start the same each time."""
    return params.field(
        1, low=0, high=1_000_000, step=1, label=N_("Seed"),
        help=N_("The same number draws the same start, so the same data give the same lists."),
    )


def check(instance: Any, *whole: str) -> None:
    """Freeze the weights, hold the ``whole`` fields to whole numbers, and check the bounds."""
    object.__setattr__(instance, "weights", frozen_weights(instance.weights))
    for name in whole:
        try:
            object.__setattr__(instance, name, operator.index(getattr(instance, name)))
        except TypeError:
            raise BadParameter(name, getattr(instance, name), "1, 2, 3 …") from None
    params.validate(instance)
