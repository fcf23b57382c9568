"""Where files come from (dropped, or a folder of this computer), and the zone of their times."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.folder import MOST, readable_files
from omni_core.i18n import _, number
from omni_core.workspace import zones
from pages.ui import shell
from pages.ui.desk import Desk, Source, in_place

_LOCAL = ("127.0.0.1", "localhost", "::1")


def dropped(ws: Any, desk: Desk) -> None:
    """The place to drop files; what is dropped lies in the workspace's folder from then on."""
    # each time a new uploader: the old one would hold every file in memory and list it twice
    uploads = st.file_uploader(_("Files"), accept_multiple_files=True,
                               key=f"data_files_{desk.dropped}", label_visibility="collapsed")
    try:
        if desk.take(ws, uploads):
            st.rerun()
    except OmniError as error:  # no room on the disk
        st.error(shell.literal(error))


def folder() -> list[Source]:
    """Files of a folder that she names, read in their place; none if others reach the page."""
    if st.get_option("server.address") not in _LOCAL:
        return []  # this computer's folders are for who sits before it
    with st.expander(_("Large files: read them from a folder on this computer"), key="data_folder"):
        st.caption(_("They are read where they lie and not copied into the browser, so they may be "
                     "larger than an upload."))
        typed = st.text_input(
            _("Folder, or one file"), key="data_path", persist_state="session",
            placeholder=_("its path, as the file manager shows it"))
        if not typed.strip():
            return []
        try:
            found = readable_files(typed)
        except OmniError as error:
            st.error(shell.literal(error))
            return []
        if len(found) == MOST:
            st.caption(_("The {n} newest files are listed.").format(n=number(MOST)))
        by_name = {f.name: f for f in found}
        chosen = st.multiselect(
            _("Files to read"), list(by_name), key="data_chosen", placeholder=_("Please choose"),
            format_func=lambda n: _size(by_name[n]) if n in by_name else n,
            default=list(by_name) if len(by_name) == 1 else None)
        return [in_place(by_name[n]) for n in chosen if n in by_name]


def _size(found: Any) -> str:
    size = found.size / 1e6
    shown = number(size) if size >= 10 else number(max(size, 0.01), 2)
    return _("{name} ({size} MB)").format(name=found.name, size=shown)


def zone(ws: Any) -> None:
    """Which zone times without one are read in, and a way to say another."""
    with st.container(horizontal=True, vertical_alignment="center", key="data_zone"):
        st.caption(_("Times without a time zone are read as {zone} time.").format(
            zone=shell.literal(ws.timezone)), width="content")
        with st.popover(_("Change"), type="tertiary"):
            st.markdown(_("In which zone does the shop write its times? It is asked once for the "
                          "workspace."))
            known = zones()
            now = known.index(ws.timezone) if ws.timezone in known else None
            chosen = st.selectbox(_("Time zone"), known, index=now, key="zone_choice",
                                  placeholder=_("Please choose"))
            st.caption(_("Times that are stored keep their instant; only their days and hours are "
                         "counted anew in the new zone."))
            same = chosen in (None, ws.timezone)
            if st.button(_("Use this zone"), key="zone_use", disabled=same):
                with st.spinner(_("Counting days and hours anew …")):
                    ws.set_timezone(chosen)
                st.rerun()
