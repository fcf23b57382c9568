"""Ads: the cut-off with her money, and all that moves with it: people, fairness, card, file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from omni_core import params
from omni_core.charts import targeting as charts
from omni_core.errors import OmniError
from omni_core.i18n import _, money, number, percent
from omni_core.targeting import audience as people
from omni_core.targeting import money_words, people_words, tables, words
from omni_core.targeting.case import people_of
from omni_core.targeting.money import Money, snapped
from omni_core.targeting.shop_money import shop_money
from pages.ui import (
    ads_export,
    ads_people,
    ads_person,
    cached,
    filters,
    shell,
    threshold,
    widgets,
)


def _ask_money(ws: Any, shop: Any) -> Money | None:
    """Her margin, coupon, cost and budget; None as long as one needed is empty."""
    shown = params.describe(Money)
    values: dict[str, Any] = {}
    for column, name in zip(st.columns(4), shown, strict=True):
        param, start = replace(shown[name], unit=ws.currency), shop.start[name]
        with column:
            if param.optional:
                values[name] = widgets.control(param, start, f"ads_{name}")
            else:
                values[name] = st.number_input(
                    f"{_(param.label)} ({param.unit})", min_value=param.low, value=start,
                    step=param.step, key=f"ads_{name}", help=_(param.help),
                    placeholder=_("put in yours"), bind="query-params")
    widgets.note(shell.literal(money_words.money_words(shop, ws.currency)))
    if values["margin"] is None or values["contact_cost"] is None:
        return None
    return Money(**values | {"coupon": values["coupon"] or 0.0})


@shell.fragment
def whom(ws: Any, case: Any, key: Any) -> None:
    """Consent, money, cut-off, profit; then the people behind the line."""
    held = case.held
    st.header(_("Whom does it pay to contact?"), anchor=False)
    present = people.consent_columns(case.people)
    consent = None
    if len(present) > 1:
        labels = {"consent_email": _("By e-mail"), "consent_sms": _("By text message")}
        consent = widgets.choose(
            st.segmented_control, _("How will you write to them?"), present, present[0],
            "ads_consent", labels.get, required=True)
    # which people a segment holds changes when it is saved anew, which leaves the case as it is
    segment = None if case.own else filters.segment(ws, "ads_whom")
    mark = (key, consent, segment and (segment, ws.revision))
    try:
        who = cached.resource(ws, ("ads_audience", mark), lambda: people.audience(
            case.people, case.scores, held, consent,
            None if segment is None else people_of(ws, segment).index))
    except OmniError as error:
        st.warning(shell.literal(error))
        return
    widgets.note(shell.literal(people_words.consent_words(who, case.scores)))
    if segment is not None:
        widgets.note(shell.literal(people_words.segment_words(who, segment)))
    if not len(who.people):
        st.info(_("Nobody who may be contacted is left: choose another segment, or another way of "
                  "writing to them."))
        return
    given = _ask_money(ws, cached.resource(ws, "ads_shop", lambda: shop_money(ws)))
    best = None if given is None or held.random else who.ranking.best_step(given)
    start = who.ranking.top(words.FIFTH) if best is None else best.threshold
    cut = snapped(threshold.cutoff(
        _("Contact everyone whose probability is at least (%)"), "ads_cut", start,
        suggested=None if best is None else start, step=0.1,
        help=_("The suggested value is the best cut-off for your money.")))
    point = who.ranking.at(cut, given or Money())
    threshold.figures([
        threshold.Figure(_("People reached"), number(point.reach),
         _("of {n} who may be contacted").format(n=number(len(who.ranking)))),
        threshold.Figure(_("Precision"), percent(point.precision, 0), _(
            "How many of the people held out who score that high answered. n = {n}").format(
                n=number(point.held_reach))),
        threshold.Figure(_("Recall"), percent(point.recall, 0), _(
            "How many of all who answered among the people held out score that high."))])
    if given is None:
        st.info(shell.literal(money_words.ask_words(held)))
        table = tables.gains_table(held)
        widgets.chart(charts.gains(table, tables.gains_point(held, point)),
                      money_words.reach_words(point, held), "ads_reach", table)
    else:
        _earned(ws, who, held, given, point, best)
    widgets.note(_("A score is not proof that the message makes the difference: some of these "
                   "people would have bought anyway."))
    ads_people.people_of(ws, case, who, point, given)
    ads_person.person(ws, case, who, point.reach)
    ads_export.hand_over(ws, case, who, point.reach, mark)


def _earned(ws: Any, who: Any, held: Any, given: Money, point: Any, best: Any) -> None:
    """Cost and profit of the cut-off in force, and the best one where there is one."""
    threshold.figures([
        threshold.Figure(_("Cost"), money(point.cost, ws.currency, 0)),
        threshold.Figure(_("Expected profit"), money(point.profit, ws.currency, 0),
                         _("What the probabilities promise, less the cost.")),
        threshold.Figure(_("Held-out profit"), money(point.held_profit, ws.currency, 0), _(
            "What people the model had not seen really brought at this cut-off, weighted to the "
            "scores found here. Trust this more than the expected figure."))])
    table = tables.profit_table(who.ranking.curve(given))
    edge = None if held.random else given.break_even
    st.markdown(shell.literal(
        money_words.no_best_words() if held.random
        else money_words.best_words(who.ranking, given, best, ws.currency)))
    widgets.chart(
        charts.profit(table, point, best,
                      None if edge is None else who.ranking.at(edge, replace(given, budget=None)),
                      ws.currency),
        money_words.profit_words(point, given, ws.currency), "ads_profit", table)
