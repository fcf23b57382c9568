"""What has been imported so far, each import with its counts, its rejects and a way back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.columns import TABLES
from omni_core.i18n import _, day, number
from pages.ui import filereport, shell


def draw(ws: Any, undo: bool = True) -> None:
    """The imports, newest first; with ``undo`` each can be taken out again."""
    for row in ws.imports().itertuples(index=False):
        with st.container(border=True, key=f"past_{row.import_id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container(width="stretch"):
                    st.markdown(f"**{shell.literal(row.file_name)}**")
                    counts = [_("{n} imported").format(n=number(row.accepted)),
                              *([_("{n} left out").format(n=number(row.excluded))]
                                if row.excluded else []),
                              *([_("{n} not usable").format(n=number(row.rejected))]
                                if row.rejected else [])]
                    st.caption(" · ".join([_(TABLES[row.table].label), day(row.imported_at),
                                           *counts]))
                if undo:
                    _undo(ws, int(row.import_id))
            if row.rejected:
                filereport.rejects(ws.rejects(int(row.import_id)), f"past_{row.import_id}")


def _undo(ws: Any, import_id: int) -> None:
    with st.popover(_("Undo")):
        st.markdown(_("Take this file's rows out again? Rows that a later file had too stay in."))
        if st.button(_("Undo this import"), key=f"undo_{import_id}"):
            with st.spinner(_("Taking the rows out …")):
                ws.undo(import_id)
            st.rerun()
