"""Ads: "do not use age or gender", and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _
from omni_core.targeting import fair_words
from omni_core.targeting.evaluate import price_of_blindness
from pages.ui import shell


def asked() -> bool:
    """The switch; kept in the link."""
    return st.toggle(
        _("Do not use age or gender"), key="ads_blind", bind="query-params",
        help=_("The score then sees only what people did. Behaviour may still stand in for age or "
               "gender: look at who is left out, below."))


def price(case: Any, seeing: Callable[[], Any]) -> None:
    """What the switch costs: the same people scored with age and gender."""
    waiting = st.empty()
    try:
        with waiting.container():
            with_them = seeing()
    except OmniError as error:
        waiting.caption(shell.literal(error))
        return
    waiting.empty()
    st.info(shell.literal(fair_words.price_words(
        price_of_blindness(with_them.held, case.held), bool(with_them.rows.sensitive_used))))
