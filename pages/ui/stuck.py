"""In the place of a page whose workspace can't be opened: why, and the ways on."""

from __future__ import annotations

import streamlit as st

from omni_core.errors import OmniError, StoreDamaged
from omni_core.i18n import _
from pages.ui import safekeeping, session, shell, shops


def draw(error: OmniError) -> None:
    """Say why, leave the workspace alone, offer the ways on; ends the run."""
    st.title(_("Your workspace can't be opened"), anchor=False)
    st.error(shell.literal(error))
    if isinstance(error, StoreDamaged):
        safekeeping.instead(session.folder())
    shops.others(session.folder())
    with st.container(horizontal=True):
        if st.button(_("Open the sample shop"), key="stuck_sample"):
            shell.open_sample()
        if st.button(_("Begin a new, empty workspace"), key="stuck_new"):
            session.use_new()
            st.rerun()
    st.stop()
