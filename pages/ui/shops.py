"""Her shops: open another one, begin one, name one, take one off the list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from omni_core import home
from omni_core.i18n import _, day
from pages.ui import session, shell


def mine(ws: Any, some: bool) -> None:
    """The shops on her list, the last opened first; ``some``: the one that is open has data."""
    shops = home.shops()
    open_one = None if session.is_sample(ws) else Path(ws.path).resolve()
    if not some and open_one is not None and len(shops) < 2:
        return  # a first visit: there is nothing to choose from
    st.header(_("Your shops"), anchor=False)
    for shop in shops:
        if shop.listed:
            _row(shop, shop.folder.resolve() == open_one)
    with (
        st.popover(_("Begin another shop")),
        st.form("shop_new", border=False, clear_on_submit=True),
    ):
        name = st.text_input(_("What is it called?"), max_chars=home.LONGEST_NAME, key="shop_name")
        if st.form_submit_button(_("Begin")) and name.strip():
            session.use_new(name)
            st.rerun()
    _taken_off([shop for shop in shops if not shop.listed])


def others(but: Path) -> None:
    """Buttons that open her other shops."""
    for shop in home.shops():
        if shop.listed and shop.folder.resolve() != but.resolve() and st.button(
                _("Open {shop}").format(shop=shell.literal(shell.shop_name(shop))),
                key=f"other_{shop.folder.name}"):
            session.use(shop.folder)
            st.rerun()


def _row(shop: home.Shop, is_open: bool) -> None:
    key = shop.folder.name
    with st.container(border=True, horizontal=True, vertical_alignment="center",
                      key=f"shop_{key}"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{shell.literal(shell.shop_name(shop))}**")
            st.caption(_("Open now") if is_open else _("Last opened on {day}").format(
                day=day(shop.opened)))
        if not is_open and st.button(_("Open"), key=f"shop_open_{key}"):
            session.use(shop.folder)
            st.rerun()
        with st.popover(_("Rename")), st.form(f"shop_rename_{key}", border=False):
            name = st.text_input(_("What is it called?"), value=shop.name,
                                 max_chars=home.LONGEST_NAME, key=f"shop_name_{key}")
            if st.form_submit_button(_("Save")) and name.strip():
                home.rename(shop.folder, name)
                st.rerun()
        with st.popover(_("Take off the list")):
            st.markdown(_("Nothing is deleted: its data stay on this computer, and you can put "
                          "it back on the list."))
            if st.button(_("Take off the list"), key=f"shop_off_{key}"):
                session.take_off_list(shop.folder)
                st.rerun()


def _taken_off(shops: list[home.Shop]) -> None:
    if not shops:
        return
    with st.expander(_("Taken off the list")):
        for shop in shops:
            with st.container(horizontal=True, vertical_alignment="center",
                              key=f"off_{shop.folder.name}"):
                with st.container(width="stretch", gap=None):
                    st.markdown(shell.literal(shell.shop_name(shop)))
                    st.caption(_("Its data lie in {folder}").format(
                        folder=shell.literal(shop.folder)))
                if st.button(_("Put back"), key=f"shop_back_{shop.folder.name}"):
                    home.put_on_list(shop.folder, True)
                    st.rerun()
