"""What is chosen, kept in the link by its code.

Streamlit's own binding writes the *shown* words of an option into the link, so a link made in
Chinese would say nothing to an English session. Choices are therefore kept here by code; sliders,
switches and dates have no words and use ``bind="query-params"``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st


def choose(
    widget: Callable[..., Any], label: str, options: Iterable[Any], default: Any, key: str,
    words: Callable[[Any], str] = str, *, always: bool = False, **more: Any,
) -> Any:
    """A choice (``st.selectbox``, ``st.segmented_control``, ...) kept in the link under ``key``.

    ``default`` None: nothing is chosen at first. ``always``: the default is written too.
    """
    codes = {str(o): o for o in options}
    held = st.session_state.get(key)
    if key not in st.session_state or not (held in codes.values() or held is default):
        st.session_state[key] = codes.get(str(st.query_params.get(key)), default)
    value = widget(
        label, list(codes.values()), key=key, format_func=words, persist_state="session",
        **({"index": None} if default is None else {}), **more,
    )
    write(key, value, None if always else default)
    return value


def write(key: str, value: Any, default: Any = None) -> None:
    """Put a value into the link, or take it out where it is the default."""
    if value == default:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != str(value):
        st.query_params[key] = str(value)


def held(key: str, default: Any = None) -> Any:
    """What a control holds before it is drawn: its value, else the link's (text), else default."""
    if key in st.session_state:
        return st.session_state[key]
    return st.query_params.get(key, default)
