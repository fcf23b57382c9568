"""Parts of the privacy page about people: several ids of one, small groups, forgetting."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.behaviour import sentences
from omni_core.i18n import N_, _, ngettext, number
from omni_core.same_name import shared_names
from pages.ui import cached, shell, widgets

_RULES = {"email": N_("Same e-mail address"), "phone": N_("Same phone number"),
          "id_number": N_("Same ID number"), "member": N_("Same member number")}
_REASONS = {"different_email": N_("different e-mail addresses"),
            "different_gender": N_("different genders"),
            "different_birthday": N_("different birthdays"),
            "shared_by_many": N_("shared by many")}


def twice(ws: Any) -> None:
    """A line with a way to the rules where ids look like people who are counted already."""
    ids = cached.small(ws, "counted twice", ws.people.counted_twice)
    if ids:
        look_and_join(ngettext(
            "{n} id has the address or number of another one and is probably counted twice.",
            "{n} ids have the address or number of others and are probably counted twice.",
            ids).format(n=number(ids)), "counted_twice")


def look_and_join(text: str, key: str) -> None:
    """A remark on ids that may be one person, with the way to where they are joined."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        st.markdown(text)
        st.page_link(shell.path("privacy"), label=_("Look and join"))


def goods_apart(ws: Any) -> None:
    """A line where one name of goods stands under several ids, which are counted apart."""
    found = sentences.shared_names(cached.small(
        ws, "shared names", lambda: shared_names(ws.query("seen_names"))))
    if found:
        widgets.note(shell.literal(found))


def one_person(ws: Any) -> None:
    """The rules that join ids, what they join and leave apart, and joining by hand."""
    st.header(_("One person, several ids"), anchor=False)
    st.markdown(_("A customer may come with another number in each channel. Join the ids that are "
                  "one person; nothing in your files is changed, and you can take it back."))
    rules = cached.small(ws, "rules", ws.people.rules)
    for rule in rules.itertuples(index=False):
        if not rule.ids and not rule.conflicts and not rule.is_on:
            continue
        st.toggle(
            ngettext("{rule}: {ids} ids are {people} person",
                     "{rule}: {ids} ids are {people} people", int(rule.people)).format(
                rule=_(_RULES[rule.kind]), ids=number(rule.ids), people=number(rule.people)),
            value=bool(rule.is_on), key=f"pv_rule_{rule.kind}", on_change=shell.caught(_switch),
            args=(ws, rule.kind))
    if not (rules["ids"].sum() or rules["conflicts"].sum()):
        widgets.note(_("No two ids share an e-mail address, phone, ID or member number."))
    conflicts = cached.small(ws, "conflicts", ws.people.conflicts)
    if len(conflicts):
        with st.expander(_("Looks like different people, so not joined")):
            for row in conflicts.head(50).itertuples(index=False):
                st.markdown("- " + shell.literal(_("{rule}: {users} ({reason})").format(
                    rule=_(_RULES[row.kind]), users=", ".join(row.users[:5]),
                    reason=_(_REASONS[row.reason]))))
    joined = ws.people.identities()
    if len(joined):
        with st.expander(_("Ids that are joined")):
            st.dataframe(
                {_("Id"): joined["id"], _("Counted as"): joined["user"]}, hide_index=True,
                key="pv_joined")
    with st.expander(_("Join two shoppers by hand"), key="pv_by_hand"), st.form("pv_join"):
        first = st.text_input(_("Shopper"), key="pv_first")
        other = st.text_input(_("is the same as"), key="pv_other")
        if st.form_submit_button(_("Join them")) and first.strip() and other.strip():
            shell.guarded(_join, ws, first.strip(), other.strip())
    for row in ws.people.choices().itertuples(index=False):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(shell.literal(_("{one} and {other} are one person").format(
                one=row.id, other=row.other) if row.joined else _(
                    "{one} stays apart").format(one=row.id)))
            st.button(_("Take back"), key=f"pv_back_{row.choice_id}",
                      on_click=shell.caught(ws.people.take_back), args=(int(row.choice_id),))


def _switch(ws: Any, kind: str) -> None:
    ws.people.set_rule(kind, bool(st.session_state[f"pv_rule_{kind}"]))


def _join(ws: Any, first: str, other: str) -> None:
    ws.people.join(first, other)
    st.rerun()


def small_groups(ws: Any) -> None:
    """The fewest people that a count may show."""
    st.header(_("Small groups"), anchor=False)
    k = st.number_input(
        _("Hide age and segment counts of fewer than … people"), min_value=1, max_value=100,
        value=ws.small_cells, key="pv_k", width=360, help=_(
            "Where the total would give a hidden count away, the next smallest is hidden too."))
    st.caption(_("A count of very few people can point at one of them. Where somebody compares "
                 "several periods or filters, the differences may still tell of a few people: "
                 "before you publish many charts of one shop, set a higher limit."))
    if int(k) != ws.small_cells:
        ws.set_small_cells(int(k))
        st.rerun()


def forget(ws: Any) -> None:
    """Delete one customer everywhere, after a look at what would go."""
    st.header(_("Forget a customer"), anchor=False)
    st.markdown(_("Deletes all ids, orders, messages and saved places of one customer. Revenue "
                  "falls by those orders; later files leave the rows out. Files that you exported "
                  "elsewhere can't be reached. What was typed on the service page goes where it "
                  "holds one of the customer's numbers, orders or kept addresses; the rest you "
                  "delete there, under Review."))
    done = st.session_state.pop("pv_forgotten", None)
    if done is not None:
        st.success(_("Forgotten for good: {what}. Older backups are replaced by one made "
                     "now.").format(what=done.words()))
    search = st.text_input(_("A shopper's number, e-mail address or phone"), key="pv_search")
    if not search.strip():
        return
    found = cached.query(ws, "find_shoppers", search=search.strip())
    ids = dict.fromkeys([*ws.people.named(search), *found["id"]])
    chosen = st.selectbox(_("Shopper"), list(ids), index=None, key="pv_who",
                          placeholder=_("Please choose"))
    if chosen is None:
        return
    told = ws.people.would_forget(chosen)
    st.warning(_("This deletes {what} for good, and replaces the older backups by one made "
                 "now.").format(what=told.words()))
    sure = st.checkbox(_("Yes, delete this customer for good"), key="pv_sure")
    if st.button(_("Forget this customer"), key="pv_forget", disabled=not sure):
        with st.spinner(_("Deleting …")):
            done, _path = ws.people.forget(chosen)
        st.session_state["pv_forgotten"] = done  # told after the rerun, in the screen's language
        st.rerun()
