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
from omni_core.targeting.shop_money import currency, shop_money
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
from pages.ui.ads_part import part


def _ask_money(ws: Any, shop: Any) -> Money | None:
    """Her margin, coupon, cost and budget; None as long as one needed is empty."""
    shown = params.describe(Money)
    values: dict[str, Any] = {}
    for column, name in zip(st.columns(4), shown, strict=True):
        param, start = replace(shown[name], unit=currency(ws)), shop.start[name]
        with column:
            if param.optional:
                values[name] = widgets.control(param, start, f"ads_{name}")
            else:
                values[name] = st.number_input(
                    f"{_(param.label)} ({param.unit})" if param.unit else _(param.label),
                    min_value=param.low, value=start,
                    step=param.step, key=f"ads_{name}", help=_(param.help),
                    placeholder=_("put in yours"), bind="query-params")
    widgets.note(shell.literal(money_words.money_words(shop, currency(ws))))
    if values["margin"] is None or values["contact_cost"] is None:
        return None
    return Money(**values | {"coupon": values["coupon"] or 0.0})


@shell.fragment
def whom(ws: Any, case: Any, key: Any) -> None:
    """The answer first, then what moves it, then the people behind the line, each under its name.

    The order on the screen is that of the containers: the answer follows from what stands below it.
    """
    held = case.held
    st.header(_("Whom does it pay to contact?"), anchor=False)
    answer, line, purse, drawn = st.container(), st.container(), st.container(), st.container()
    found = _audience(ws, case, key, st.expander(_("Who may be contacted")), answer)
    if found is None:
        return
    who, mark = found
    with purse:
        given = _ask_money(ws, cached.resource(ws, "ads_shop", lambda: shop_money(ws)))
    best = None if given is None or held.random else who.ranking.best_step(given)
    start = who.ranking.top(words.FIFTH) if best is None else best.threshold
    with line:
        cut = snapped(threshold.cutoff(
            _("Contact everyone whose probability is at least (%)"), "ads_cut", start,
            suggested=None if best is None else start, step=0.1,
            help=_("The suggested value is the best cut-off for your money.")))
    point = who.ranking.at(cut, given or Money())
    with answer:
        _answer(ws, who, held, given, point)
    with drawn:
        _drawn(ws, who, held, given, point, best)
    part(_("Who is in the audience?"), "ads_in_people",
         ads_people.people_of, ws, case, who, point, given)
    part(_("What would one of them see?"), "ads_in_person",
         ads_person.person, ws, case, who, point.reach, key)
    with st.expander(_("Hand it to an ad platform")):
        ads_export.hand_over(ws, case, who, point.reach, mark)


def _audience(ws: Any, case: Any, key: Any, folded: Any, answer: Any) -> Any:
    """Who may be contacted, and what names them; None, with the reason, if nobody is left."""
    present = people.consent_columns(case.people)
    consent = None
    with folded:
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
            case.people, case.scores, case.held, consent,
            None if segment is None else people_of(ws, segment).index))
    except OmniError as error:
        answer.warning(shell.literal(error))
        return None
    with folded:
        widgets.note(shell.literal(people_words.consent_words(who, case.scores)))
        if segment is not None:
            widgets.note(shell.literal(people_words.segment_words(who, segment)))
    if not len(who.people):
        answer.info(_("Nobody who may be contacted is left: choose another segment, or another way "
                      "of writing to them."))
        return None
    return who, mark


def _answer(ws: Any, who: Any, held: Any, given: Money | None, point: Any) -> None:
    """Whom, how many, cost and profit of the cut-off in force: a sentence and its figures."""
    st.markdown(shell.literal(
        money_words.reach_words(point, held) if given is None
        else money_words.profit_words(point, given, currency(ws))))
    reached = threshold.Figure(
        _("People reached"), number(point.reach),
        _("of {n} who may be contacted").format(n=number(len(who.ranking))))
    if given is None:
        threshold.figures([reached])
        st.info(shell.literal(money_words.ask_words(held)))
        return
    threshold.figures([
        reached,
        threshold.Figure(_("Cost"), money(point.cost, currency(ws), 0)),
        threshold.Figure(_("Expected profit"), money(point.profit, currency(ws), 0),
                         _("What the probabilities promise, less the cost.")),
        threshold.Figure(_("Profit in the trial"), money(point.held_profit, currency(ws), 0), _(
            "What people of these scores really brought in past campaigns that the score had not "
            "seen, counted up to as many people as here. Trust this more than the expected "
            "figure."))])


def _drawn(ws: Any, who: Any, held: Any, given: Money | None, point: Any, best: Any) -> None:
    """Every cut-off in one chart, with the best one where there is one; how right this one is."""
    if given is None:
        table = tables.gains_table(held)
        widgets.chart(charts.gains(table, tables.gains_point(held, point)),
                      words.gains_words(held), "ads_reach", table)
    else:
        table = tables.profit_table(who.ranking.curve(given))
        edge = None if held.random else given.break_even
        even = None if edge is None else who.ranking.at(edge, replace(given, budget=None))
        widgets.chart(
            charts.profit(table, point, best, even, currency(ws)),
            money_words.no_best_words() if held.random
            else money_words.best_words(who.ranking, given, best, currency(ws)),
            "ads_profit", table)
    threshold.figures([
        threshold.Figure(_("Answer, of those contacted"), percent(point.precision, 0), _(
            "In the trial: how many of those who score that high answered (precision). "
            "n = {n}").format(n=number(point.held_reach))),
        threshold.Figure(_("Reached, of all who answer"), percent(point.recall, 0), _(
            "In the trial: how many of all who answered score that high (recall)."))])
    widgets.note(_("A score is not proof that the message makes the difference: some of these "
                   "people would have bought anyway."))
