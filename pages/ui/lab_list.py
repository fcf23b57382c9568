"""One shopper of the recommend page: who it is, her history, her list with a why under each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _, number
from omni_core.recommend import moves, newcomer, newcomer_words, wording
from pages.ui import cached, shell, widgets

NEW = "new"
_LATEST = 10  # things done that are shown at once


def picker(ws: Any, chosen: dict[str, Any]) -> tuple[Any, str] | None:
    """A shopper found by a part of the id, a telling one, or a new one: (key, id), or None."""
    with st.container(key="rc_pick"):
        left, right = st.columns([1, 2], vertical_alignment="bottom")
    search = left.text_input(
        _("Find a shopper"), key="rc_search", placeholder=_("part of the id, or an e-mail"),
        bind="query-params",
    ).strip()
    search = next(iter(ws.people.named(search)), search)
    name, extra = ("shoppers", {"search": search}) if search else ("telling_shoppers", {})
    people = wording.people(cached.query(ws, name, **chosen, **extra))
    if search and not people:
        st.info(_("No shopper's id holds this."))
        return None
    asked = st.query_params.get("rc_shopper")
    if not search and asked and asked not in (NEW, *people):  # of a link: not one of the telling
        found = wording.people(cached.query(ws, "shoppers", search=asked, **chosen))
        if asked in found:
            people = {asked: found[asked]} | people
        else:
            st.warning(_("The shopper “{id}” of this link isn't in these data.").format(
                id=shell.literal(asked)))
    options = [*people, *([] if search else [NEW])]
    id = widgets.choose(
        right.selectbox, _("Shopper"), options, options[0], "rc_shopper",
        lambda i: _("a new shopper") if i == NEW else wording.shopper(people[i], ws.timezone))
    return (NEW, NEW) if id == NEW else (people[id]["user"], id)


def history(ws: Any, level: str, chosen: dict[str, Any], user: Any, names: Any) -> None:
    """What she did, the latest first; the whole of a long history is folded."""
    rows = cached.query(ws, "shopper_history", user=user, level=level, **chosen)
    table = wording.history_table(rows, names, ws.timezone)
    with st.container(key="rc_past", gap="small"):
        for name, did in wording.latest(table, _LATEST):
            st.markdown(f":small[**{shell.literal(name)}**]  \n:small[{shell.literal(did)}]")
    with st.expander(_("The whole history ({n})").format(n=number(len(table)))):
        widgets.show(table, "rc_history")


def visit(desk: Any, names: Any) -> tuple[tuple[Any, ...], str | None]:
    """What a new shopper clicks, and her segment where the shop has segments."""
    widgets.note(_("Nothing is known of her yet. Let her click something."))
    offered = newcomer.windows(desk.all)
    clicks = st.multiselect(
        _("She looks at"), offered, key="rc_clicks", format_func=names.of, max_selections=5,
        placeholder=_("a product"))
    segment = None
    segments = newcomer.segments(desk.all)
    if len(segments) > 1:
        segment = widgets.choose(
            st.selectbox, _("Segment"), segments, None, "rc_new_segment",
            placeholder=_("not known"))
    return tuple(clicks), segment


def lines(ws: Any, id: str, served: Any, before: tuple[Any, ...] | None, names: Any) -> None:
    """Her list: what moved, category, price, stock, the why and what it hangs on."""
    if served.route is not None:
        st.badge(_(newcomer_words.ROUTES[served.route]),
                 color="green" if served.route == "history" else "orange")
    if not served.items:
        st.info(_("Nothing is left to recommend: everything is sold out or left out."))
        return
    shown = moves.places(served.items, served.scores, before)
    with st.container(key="rc_list"):
        for place, reason in zip(shown, served.reasons, strict=True):
            st.markdown(_line(place, reason, names, ws))
    if same := wording.same_name(served):
        widgets.note(same)
    if before and (left := wording.gone(before, served.items, names)):
        widgets.note(shell.literal(left))
    table = wording.list_table(id, shown, served.reasons, names, ws.timezone)
    widgets.download(table, "recommendations.csv", _("Download as CSV"), "rc_list_csv",
                     translate=True)


def _line(place: Any, reason: Any, names: Any, ws: Any) -> str:
    mark = wording.moved(place)
    badge = f" :{wording.colour(place)}-badge[{mark}]" if mark else ""
    category, offer = names.category(place.item), names.offer(place.item, ws.currency)
    about = [f":{names.colour(place.item)}[■] {shell.literal(category)}"] if category else []
    about += [shell.literal(offer)] if offer else []
    why = wording.proof(reason, names, ws.timezone)
    text = f"**{number(place.rank)}\\. {shell.literal(names.of(place.item))}**{badge}"
    if about:
        text += f"  \n:small[{' · '.join(about)}]"
    return f"{text}  \n:small[{shell.literal(why)}]"
