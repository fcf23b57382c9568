"""Two settings pinned side by side: wins, ties, losses, and the shoppers where they differ most."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _, number
from omni_core.recommend import duel as duels
from omni_core.recommend import moves, quality, wording
from omni_core.recommend import names as names_of
from omni_core.recommend.task import Task
from pages.ui import cached, shell, widgets
from pages.ui.lab_work import Bench

_PINS = "rc_pins"  # session: the settings pinned as A and B, by what they were made from


def pins(bench: Bench, task: Task) -> None:
    """The two buttons; a pin is the whole setting, so it outlives every move."""
    held = _held(bench)
    with st.container(horizontal=True, gap="small"):
        for side in ("A", "B"):
            st.button(
                _("Pin as {side}").format(side=side), key=f"rc_pin_{side}", on_click=_pin,
                args=(bench, side, task), type="primary" if _same(held.get(side), task)
                else "secondary")


def _same(pinned: Task | None, task: Task) -> bool:
    return pinned is not None and pinned.key == task.key


def _held(bench: Bench) -> dict[str, Task]:
    return st.session_state.setdefault(_PINS, {}).setdefault(
        (str(bench.ws.path), bench.key), {})


def _pin(bench: Bench, side: str, task: Task) -> None:
    _held(bench)[side] = task
    if len(_held(bench)) == 2:
        st.session_state["rc_more"] = "duel"


def show(bench: Bench, names: Any) -> None:
    """A against B; before both are pinned, what to do."""
    held = _held(bench)
    for side in ("A", "B"):
        if side in held:
            st.markdown(f"**{side}**: {shell.literal(wording.setting(held[side]))}")
    if len(held) < 2:
        widgets.note(_("Pin one setting as A, move the controls, pin another as B."))
        return
    a, b = held["A"], held["B"]
    if a.quality == b.quality:
        st.info(_("A and B make the same lists. Move a control and pin again."))
        return
    first, second = bench.quality(a), bench.quality(b)
    found = moves.duel(first, second)
    if not found.verdict.shoppers:
        widgets.note(_("Nobody could be tested with both."))
        return
    with st.container(horizontal=True):
        for label, n in ((_("A better for"), found.wins), (_("No difference"), found.ties),
                         (_("B better for"), found.losses)):
            st.metric(label, number(n), border=True, width=150, help=_(
                "Shoppers, of {n} tested with both, by how high the goods they then bought stand "
                "on the list of ten (nDCG@10).").format(n=number(found.verdict.shoppers)))
    st.markdown(shell.literal(quality.duel(found)))
    widgets.show(bench.small("duel table", (a.quality, b.quality), lambda: duels.figures(
        first, second)), "rc_duel_table")
    _telling(bench, a, b, found, names)


def _telling(bench: Bench, a: Task, b: Task, found: Any, names: Any) -> None:
    """Up to three shoppers: what each would have been shown, what she then bought."""
    if not found.telling:
        return
    st.subheader(_("Where they differ most"), anchor=False)
    cases = bench.small("cases", (a.quality, b.quality), lambda: duels.cases(
        bench.desk, a, b, found.telling))
    ids = names_of.ids(cached.query(bench.ws, "shopper_names"), found.telling)
    for case in cases:
        st.markdown(_("**{id}** then bought: {goods}").format(
            id=shell.literal(ids.get(case.user, case.user)),
            goods=shell.literal(_(", ").join(names.of(i) for i in case.bought))))
        left, right = shell.columns(2, f"rc_case_{case.user}", (200, 200), gap="small")
        for column, side, items in ((left, "A", case.first), (right, "B", case.second)):
            column.markdown(f"**{side}**  \n" + "  \n".join(
                f":small[{number(rank)}\\. {shell.literal(names.of(item))}]"
                + (" :green-badge[✓]" if item in case.bought else "")
                for rank, item in enumerate(items, 1)))
