"""Ads: can the score be trusted? Ranges, the baseline, gains, lift, calibration."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import targeting as charts
from omni_core.i18n import _, number, percent
from omni_core.targeting import tables, words
from pages.ui import shell, widgets


def _metric(label: str, figures: Any, about: str) -> None:
    """An AUC with its range under it; a dash where nothing was measured."""
    if figures is None:
        st.metric(label, "–", help=about, border=True, height="stretch")
        return
    st.metric(
        label, percent(figures["auc"], 0), help=about, border=True, height="stretch",
        delta=f"{percent(figures['auc_low'], 0)}–{percent(figures['auc_high'], 0)}",
        delta_color="off", delta_arrow="off")


def lamp(held: Any) -> None:
    """Green or amber with its reason, and the alarms: what she must know before the answer."""
    colour, why = words.gate(held)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge({"green": _("steady"), "orange": _("take care")}[colour], color=colour)
        widgets.note(shell.literal(why))
    for alarm in held.alarms:
        if alarm.code != "too_few":
            st.warning(shell.literal(alarm))


@shell.fragment
def quality(held: Any) -> None:
    """Four figures with their ranges, three charts."""
    f, base = held.figures, held.baseline
    with st.container(horizontal=True):
        _metric(_("Right one of two first"), f, _(
            "How often a person who answers is ranked before one who does not (AUC): 50 % is "
            "chance, 100 % is perfect. n = {n}; 95 of 100 resamples lie within the range.").format(
                n=number(f["n"])))
        _metric(_("Age, gender, channel only"), base, _(
            "The same measure for a logistic regression that sees only these, as the articles on "
            "this method use it."))
        st.metric(
            _("Answer on average"), percent(f["base_rate"]), border=True, height="stretch",
            help=_("{k} of the {n} people tested answered.").format(
                k=number(f["positives"]), n=number(f["n"])))
        st.metric(
            _("Promise off by"), percent(f["ece"]), border=True,
            height="stretch", help=_(
                "Mean gap of predicted and observed rate over ten equal groups (calibration "
                "error, ECE). Brier score {brier}, log loss {loss}.").format(
                    brier=number(f["brier"], 3), loss=number(f["log_loss"], 3)))
    st.markdown(shell.literal(words.quality(held)))
    found, tenths, believed = st.tabs(
        [_("Answers found"), _("Times the average"), _("Promised and real")])
    with found:
        table = tables.gains_table(held)
        widgets.chart(charts.gains(table), words.gains_words(held), "ads_gains", table)
    with tenths:
        table = tables.lift_table(held)
        widgets.chart(charts.lift(table), words.lift_words(held), "ads_lift", table)
    with believed:
        table = tables.calibration_table(held)
        widgets.chart(charts.calibration(table), words.calibration_words(held), "ads_calibration",
                      table)
