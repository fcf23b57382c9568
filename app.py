"""Omni: page settings, language, navigation and the last resort. No data work here."""

import logging
from pathlib import Path

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _
from pages.ui import session, shell

st.set_page_config(
    page_title="Omni",
    page_icon=str(Path(__file__).parent / "pages" / "ui" / "favicon.png"),
    layout="wide",
    # an entry of our own keeps the menu, and with it the choice of light or dark
    menu_items={"About": "**Omni** · a small shop's marketing workbench. Runs on this computer."},
)

session.apply_language()
shell.enter()
page = shell.navigation()
try:
    page.run()
except OmniError as error:
    st.error(shell.literal(error))
except Exception:  # st.stop and st.rerun are not Exceptions: they pass
    logging.getLogger("omni").exception("page %s failed", page.url_path or "start")
    st.error(
        _(
            "Something went wrong on this page; your data are as they were. Reload the page; if "
            "it happens again, the terminal that runs Omni shows the cause."
        )
    )
