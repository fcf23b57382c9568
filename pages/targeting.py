"""Ads: who is likely to answer, whom it pays to contact, what they'd see, and the file of them."""

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import N_, _
from omni_core.targeting import stack, words
from omni_core.targeting.case import shop_case
from omni_core.targeting.model import KINDS
from pages.ui import (
    ads_answers,
    ads_blind,
    ads_coupon,
    ads_inside,
    ads_models,
    ads_own,
    ads_quality,
    ads_whom,
    cached,
    shell,
    widgets,
)
from pages.ui.ads_part import part

ws = shell.begin("targeting")
shell.title(_("Ads"), _("Who is likely to answer, whom it pays to contact, and the list of them."))
SOURCES = {"shop": N_("What my shop's files say"), "file": N_("A file with one row a person")}


def source():
    """Where the people come from: the workspace, or a file that is read and forgotten."""
    filled = any(ws.counts().get(t) for t in ("events", "orders"))
    if filled:
        return widgets.choose(
            st.segmented_control, _("Learn from"), SOURCES, "shop", "ads_source",
            lambda s: _(SOURCES[s]), required=True, label_visibility="collapsed")
    if st.session_state.get("ads_source") != "file" and st.query_params.get("ads_source") != "file":
        st.button(_(SOURCES["file"]), key="ads_own", on_click=st.session_state.update,
                  kwargs={"ads_source": "file"})
        widgets.note(_("For example age, gender, interests and whether they bought; no other file "
                       "is needed."))
        shell.need(ws, "events", why=_(
            "This page learns from what shoppers did. No file holds that yet; a file of campaign "
            "sends is welcome beside it."))
    return "file"


def shop():
    """The case of the workspace; its cache key: target, model, without age and gender."""
    ads_answers.ask(ws)
    targets, known = cached.resource(ws, "ads_targets", lambda: stack.choices(ws))
    if not targets:
        shell.hint(_("Your data cover too few days: 28 days before a campaign and its answers, or "
                     "58 days of purchases, are the least."), "sends")
        st.stop()
    target = widgets.choose(
        st.selectbox, _("What should the score foresee?"), targets, targets[0], "ads_target",
        lambda t: words.target_name(t, known))
    folded = st.expander(_("How it is learned"))
    with folded:
        kind = widgets.choose(
            st.selectbox, _("Model"), KINDS, next(iter(KINDS)), "ads_model", lambda k: _(KINDS[k]))
        blind = ads_blind.asked()

    def learned(blind):
        return cached.resource(
            ws, ("ads_case", target, kind, blind), lambda: prepare(target, kind, blind))

    waiting = st.empty()
    try:
        with waiting.container():
            case = learned(blind)
    except OmniError as error:
        waiting.warning(shell.literal(error))
        st.stop()
    waiting.empty()
    with folded:
        widgets.note(shell.literal(words.answer_words(target, known, case.rows)))
        ads_answers.said(ws)
    if blind:
        ads_blind.price(case, lambda: learned(False))
    return case, (target, kind, blind)


def prepare(target, kind, blind):
    """Rows of the past, their test, everyone's score; words while it lasts."""
    with st.status(_("Learning from your data …"), expanded=True) as status:
        bar = st.progress(0.0)
        rows = cached.resource(
            ws, ("ads_rows", target),
            lambda: stack.stack(ws, target, lambda share: bar.progress(0.8 * share)))
        bar.progress(0.8)
        case = shop_case(ws, rows, kind, blind)
        status.update(state="complete", expanded=False)
    return case


case, key = shop() if source() == "shop" else ads_own.case(ws)
ads_quality.lamp(case.held)
ads_whom.whom(ws, case, key)
part(_("Can the score be trusted?"), "ads_in_trust", ads_quality.quality, case.held)
part(_("The models side by side"), "ads_in_models", ads_models.compared, ws, case, key)
if not case.own:
    part(_("Who needs a coupon?"), "ads_in_coupon", ads_coupon.strategy, ws)
part(_("What the score is made of"), "ads_in_made", ads_inside.made_of, ws, case, key)
