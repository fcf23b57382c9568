"""Ads: hand the audience to an ad platform: addresses, hashed when asked for, then counted."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import N_, _, country_name
from omni_core.targeting import contacts, handover, people_words
from omni_core.targeting.addresses import PLATFORMS
from pages.ui import cached, shell, widgets

SOURCES = {"kept": N_("Addresses that this workspace keeps"), "file": N_("A customer file")}


def hand_over(ws: Any, case: Any, who: Any, reach: int, mark: tuple[Any, ...]) -> None:
    """Platform, country, where the addresses are from; on a button the file, with its counts.

    ``mark`` names the audience that the cut-off divides, its case first: another one needs another
    file.
    """
    left, middle, right = st.columns(3)
    platform = widgets.choose(
        left.selectbox, _("Platform"), PLATFORMS, next(iter(PLATFORMS)), "ads_platform",
        lambda p: _(PLATFORMS[p].label))
    country = widgets.choose(
        middle.selectbox, _("Phone numbers without a country code are from"), handover.COUNTRIES,
        "CN", "ads_country", country_name)
    users = who.people["user"].iloc[:reach]
    kept = ws.people.kept_contacts()
    held = bool(len(kept)) and not case.own
    options = {"kept": SOURCES["kept"], "file": SOURCES["file"]} if held else \
        {"file": SOURCES["file"]}
    options |= {"own": N_("The file above")} if case.own and case.table.personal else {}
    first = "own" if "own" in options else next(iter(options))
    source = widgets.choose(right.selectbox, _("Addresses from"), options, first, "ads_from",
                            lambda s: _(options[s]))
    try:
        file = _file(ws, case, mark[0]) if source == "file" else ("", None)
        if file is None:
            return
        asked = (cached.state(ws), mark, reach, platform, country, source, file[0])
        if st.button(_("Make the hashed file"), key="ads_make", type="primary"):
            st.session_state["ads_made"] = asked
        if st.session_state.get("ads_made") != asked:  # nobody's address is hashed unasked
            widgets.note(_("The file is made when you ask for it, for the cut-off as it stands "
                           "then; before it is saved you see who is in it and who is not."))
            return
        given, made = cached.resource(ws, ("ads_handover", asked), lambda: _made(
            ws, case, users, source, file[1], platform, country))
    except OmniError as error:
        st.warning(shell.literal(error))
        return
    for line in people_words.handover_words(made):
        st.markdown(f"- {shell.literal(line)}")
    for line in people_words.handover_warnings(made, who, given.consent_column is not None):
        st.warning(shell.literal(line))
    st.download_button(
        _("Download the hashed audience"), data=lambda: handover.as_bytes(made),
        file_name=handover.file_name(made), mime="text/plain", key="ads_hashed",
        on_click="ignore", disabled=not len(made.rows))
    widgets.note(_("A hash of an address is a pseudonym, not anonymous: whoever has the address "
                   "finds the hash. Delete the file once it is uploaded."))


def names(ws: Any, case: Any, key: Hashable) -> dict[str, str]:
    """First names by user, as far as a file with addresses says them; for the ad's preview."""
    dropped = st.session_state.get("ads_contacts")
    try:
        if case.own:
            return contacts.from_table(case.table, case.scores.user).names
        return _read(ws, case, key, dropped)[1].names if dropped else {}
    except OmniError:  # told where the file is asked for
        return {}


def _made(ws: Any, case: Any, users: Any, source: str, file: Any, platform: str, country: str
          ) -> tuple[Any, Any]:
    """The addresses and the upload made of them."""
    if source == "kept":
        given = contacts.kept(ws, users)
    elif source == "own":
        given = contacts.from_table(case.table, case.scores.user)
    else:
        given = file
    return given, handover.handover(users, given, platform, country)


def _file(ws: Any, case: Any, key: Hashable) -> tuple[str, Any] | None:
    """The customer file's digest and addresses, or None as long as there is no file."""
    st.markdown(_("A customer file with the customer number and an e-mail address or phone number. "
                  "It is read once for this list and kept nowhere."))
    dropped = st.file_uploader(
        _("Customer file"), type=None, key="ads_contacts", label_visibility="collapsed")
    if dropped is None:
        return None
    return _read(ws, case, key, dropped)


def _read(ws: Any, case: Any, key: Hashable, dropped: Any) -> tuple[str, Any]:
    """The file's digest and its addresses; ``key`` of the case, whose people name its column."""
    data = dropped.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    return digest, cached.resource(ws, ("ads_contacts", digest, key), lambda: contacts.from_table(
        ws.read_table(data=data, name=dropped.name), case.scores.user))
