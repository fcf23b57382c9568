"""The part of the privacy page about backups: make, download, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from omni_core.backups import listing, unpack, unpack_bytes
from omni_core.i18n import N_, _, day, number
from pages.ui import shell

_SHOWN = 5  # of the backups of a damaged workspace
_WHY = {"by-hand": N_("made by you"), "daily": N_("made by itself"),
        "before-restore": N_("before a backup was restored"),
        "before-update": N_("before an update of Omni"),
        "after-forgetting": N_("after a customer was forgotten")}


def backups(ws: Any) -> None:
    """List the backups; make one, bring one back, take one along as a file."""
    st.header(_("Backups"), anchor=False)
    st.markdown(_("A backup is one file with everything in this workspace. It is as private as "
                  "the workspace itself."))
    contacts = len(ws.people.kept_contacts()) > 0 and st.checkbox(
        _("With the addresses kept for audiences"), key="pv_contacts")
    if st.button(_("Make a backup now"), type="primary", key="pv_backup"):
        with st.spinner(_("Writing the backup …")):
            ws.backups.make(contacts=contacts)
        st.rerun()
    for place, row in enumerate(ws.backups.listing().itertuples(index=False)):
        with st.container(border=True, horizontal=True, vertical_alignment="center",
                          key=f"pv_copy_{place}"):
            st.markdown(_told(row), width="stretch")
            st.download_button(
                _("Download"), data=row.path.read_bytes if row.bytes < 500e6 else b"",
                file_name=f"{row.made_at:%Y-%m-%d}.omni", on_click="ignore",
                disabled=row.bytes >= 500e6, key=f"pv_file_{place}")
            with st.popover(_("Restore")):
                st.markdown(_("Bring the workspace to what this backup holds? What is there now "
                              "is kept as a backup first."))
                if st.button(_("Restore this backup"), key=f"pv_restore_{place}"):
                    shell.guarded(_restore, ws, row.path)
    with st.expander(_("Restore from a file"), key="pv_from_file"):
        st.caption(_("A backup that you downloaded, up to {limit} MB.").format(
            limit=number(st.get_option("server.maxUploadSize"))))
        given = st.file_uploader(_("Backup file"), key="pv_upload", label_visibility="collapsed")
        if given is not None and st.button(_("Restore this file"), key="pv_restore_file"):
            shell.guarded(_restore_upload, ws, given)


def instead(folder: Path) -> None:
    """In the place of a damaged store: a backup of it, from its folder or as a file of hers."""
    st.markdown(_("Restore a backup. The damaged file is kept beside it, under another name."))
    found = listing(folder / "backups").head(_SHOWN)
    for place, row in enumerate(found.itertuples(index=False)):
        with st.container(border=True, horizontal=True, vertical_alignment="center",
                          key=f"stuck_copy_{place}"):
            st.markdown(_told(row), width="stretch")
            if st.button(_("Restore this backup"), key=f"stuck_restore_{place}",
                         type="secondary" if place else "primary"):
                shell.guarded(_unpack, row.path, folder)
    if found.empty:
        st.caption(_("There is no backup in this workspace's folder."))
    with st.expander(_("Restore from a file"), expanded=found.empty):
        given = st.file_uploader(_("Backup file"), key="stuck_upload",
                                 label_visibility="collapsed")
        if given is not None and st.button(_("Restore this file"), key="stuck_restore_file"):
            shell.guarded(_unpack_upload, given, folder)


def _told(row: Any) -> str:
    size = number(max(row.bytes / 1e6, 0.01), 2 if row.bytes < 1e6 else 1)
    return _("{day}, {time} · {why} · {size} MB").format(
        day=day(row.made_at), time=f"{row.made_at:%H:%M}", why=_(_WHY.get(row.why, row.why)),
        size=size)


def _unpack(path: Path, folder: Path) -> None:
    with st.spinner(_("Restoring …")):
        unpack(path, folder)
    st.rerun()


def _unpack_upload(given: Any, folder: Path) -> None:
    with st.spinner(_("Restoring …")):
        unpack_bytes(given.getvalue(), given.name, folder)
    st.rerun()


def _restore(ws: Any, path: Path) -> None:
    with st.spinner(_("Restoring …")):
        ws.backups.restore(path)
    st.rerun()


def _restore_upload(ws: Any, given: Any) -> None:
    with st.spinner(_("Restoring …")):
        ws.backups.restore_bytes(given.getvalue(), given.name)
    st.rerun()
