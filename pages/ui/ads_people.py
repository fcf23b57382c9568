"""Ads: who is behind the line, by age and gender, who is left out, and what evening out costs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core import small_cells
from omni_core.charts import targeting as charts
from omni_core.i18n import _
from omni_core.targeting import audience as people
from omni_core.targeting import fair_words, fairness, people_words, tables
from omni_core.targeting.shop_money import currency
from pages.ui import shell, widgets


def people_of(ws: Any, case: Any, who: Any, point: Any, given: Any) -> None:
    """The list, and per age and gender: how many are chosen, how right the score is for them."""
    more = [by for by in ("channel", "segment") if people.is_known(who, by)]
    names = {"channel": _("By channel"), "segment": _("By segment")}
    listed, ages, genders, *others = st.tabs(
        [_("People"), _("By age"), _("By gender"), *(names[by] for by in more)])
    with listed:
        st.dataframe(
            tables.preview(who, point.reach), hide_index=True, key="ads_people",
            column_config={
                "user": _("Shopper"), "band": _("Age band"), "gender": _("Gender"),
                "score": st.column_config.NumberColumn(_("Probability"), format="percent")})
        widgets.note(shell.literal(people_words.list_words(who, point.reach)))
        if case.held.random:
            st.warning(shell.literal(people_words.random_list_words()))
        widgets.download(people.chosen(who, point.reach), "audience.csv",
                         _("Download the audience (CSV)"), "ads_csv")
    for tab, by in ((ages, "band"), (genders, "gender")):
        with tab:
            _group(ws, case, who, point, given, by)
    for tab, by in zip(others, more, strict=True):
        with tab:
            _breakdown(ws, who, point, by)


def _breakdown(ws: Any, who: Any, point: Any, by: str) -> bool:
    """How many of each group are chosen; whether any group is known."""
    table = people.breakdown(who, point.reach, by, ws.small_cells)
    shown = small_cells.shown_rows(table, "chosen")
    said = people_words.group_words(shown, by)
    if not people.any_known(shown, by):
        shell.hint(said, "customers")
        return False
    widgets.chart(charts.groups(shown, by), said, f"ads_{by}", small_cells.worded(table, "chosen"))
    if len(shown) < len(table):
        widgets.note(small_cells.note(ws.small_cells))
    return True


def _group(ws: Any, case: Any, who: Any, point: Any, given: Any, by: str) -> None:
    if not _breakdown(ws, who, point, by):
        return
    st.subheader(_("Is the score as right for each group?"), anchor=False)
    groups = fair_words.held_groups(case, by)
    judged = fairness.group_table(case.held, groups, point.threshold, ws.small_cells)
    visible = small_cells.shown_rows(judged, "people")
    st.markdown(shell.literal(fair_words.judged_words(visible)))
    widgets.show(fair_words.worded(visible), f"ads_fair_{by}")
    if st.toggle(_("Choose the same share of each group"), key=f"ads_even_{by}",
                 help=_("For as many people as now: the best of each group.")):
        even = fairness.evened_out(who, point.reach, by, given)
        st.info(shell.literal(fair_words.even_words(even, currency(ws))))
        widgets.download(people.chosen(who, even.chosen), f"audience_even_{by}.csv",
                         _("Download the evened-out audience (CSV)"), f"ads_even_{by}_csv")
