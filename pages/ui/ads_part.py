"""Ads: a part that is folded and drawn only once it is open: what nobody reads costs no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def part(label: str, key: str, draw: Callable[..., Any], *args: Any) -> None:
    """The part under its name; whether it is open is kept in the link."""
    folded = st.expander(label, key=key, bind="query-params")
    if folded.open:
        with folded:
            draw(*args)
