"""Omni: page settings, language, navigation, last resort (``guarded``). No data work."""

from pathlib import Path

import streamlit as st

from omni_core.i18n import _
from pages.ui import session, shell

session.apply_language()
st.set_page_config(
    page_title="Omni",
    page_icon=str(Path(__file__).parent / "pages" / "ui" / "favicon.png"),
    layout="wide",
    # an entry of our own keeps the menu, and with it the choice of light or dark
    menu_items={"About": "**Omni** · " + _("Runs on this computer. Nothing is sent.")},
)

shell.enter()
shell.guarded(shell.chosen_page().run)
