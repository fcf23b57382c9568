"""Ads: who is likely to answer, whom it pays to contact, and the list of them."""

from dataclasses import replace

import streamlit as st

from omni_core import params, small_cells
from omni_core.charts import targeting as charts
from omni_core.errors import OmniError
from omni_core.i18n import _, money, number, percent
from omni_core.targeting import audience as people
from omni_core.targeting import evaluate, money_words, people_words, stack, tables, words
from omni_core.targeting.model import KINDS
from omni_core.targeting.money import Money, snapped
from omni_core.targeting.shop_money import shop_money
from pages.ui import cached, shell, widgets

ws = shell.begin("targeting")
shell.title(_("Ads"), _("Who is likely to answer, whom it pays to contact, and the list of them."))
if not any(ws.counts().get(t) for t in ("events", "orders")):
    shell.need(ws, "events", why=_("This page learns from what shoppers did. No file holds that "
                                   "yet; a file of campaign sends is welcome beside it."))

targets, known = cached.resource(ws, "ads_targets", lambda: stack.choices(ws))
if not targets:
    shell.hint(_("Your data cover too few days: 28 days before a campaign and its answers, or 58 "
                 "days of purchases, are the least."), "sends")
    st.stop()


def prepare(target, kind):
    """Rows of the past, their test, everyone's score; words while it lasts."""
    with st.status(_("Learning from your data …"), expanded=True) as status:
        bar = st.progress(0.0)
        rows = cached.resource(
            ws, ("ads_rows", target),
            lambda: stack.stack(ws, target, lambda share: bar.progress(0.8 * share)),
        )
        bar.progress(0.8)
        held = evaluate.holdout(ws, rows, kind)
        bar.progress(0.9)
        made = rows, held, evaluate.score_everyone(ws, rows, kind)
        status.update(state="complete", expanded=False)
    return made


left, right = st.columns([3, 1])
target = widgets.choose(
    left.selectbox, _("What should the score foresee?"), targets, targets[0], "ads_target",
    lambda t: words.target_name(t, known),
)
kind = widgets.choose(
    right.selectbox, _("Model"), KINDS, next(iter(KINDS)), "ads_model", lambda k: _(KINDS[k])
)
waiting = st.empty()
try:
    with waiting.container():
        rows, held, scores = cached.resource(
            ws, ("ads_model", target, kind), lambda: prepare(target, kind))
except OmniError as error:
    waiting.warning(shell.literal(error))
    st.stop()
waiting.empty()
widgets.note(shell.literal(words.answer_words(target, known, rows)))


def metric(label, figures, help):
    """An AUC with its range under it; a dash where nothing was measured."""
    if figures is None:
        st.metric(label, "–", help=help, border=True, height="stretch")
        return
    st.metric(
        label, number(figures["auc"], 2), help=help, border=True, height="stretch",
        delta=f"{number(figures['auc_low'], 2)}–{number(figures['auc_high'], 2)}",
        delta_color="off", delta_arrow="off")


@shell.fragment
def quality():
    st.header(_("Can the score be trusted?"), anchor=False)
    colour, why = words.gate(held)
    st.badge({"green": _("steady"), "orange": _("take care")}[colour], color=colour)
    widgets.note(shell.literal(why))
    for alarm in held.alarms:
        if alarm.code != "too_few":
            st.warning(shell.literal(alarm))
    f, base = held.figures, held.baseline
    with st.container(horizontal=True):
        metric(_("Ranking quality (AUC)"), f, _(
            "How often a person who answers is ranked before one who does not: 0.5 is chance, 1 is "
            "perfect. n = {n}; 95 of 100 resamples lie within the range.").format(
                n=number(f["n"])))
        metric(_("Age, gender, channel only"), base, _(
            "The same measure for a logistic regression that sees only these, as the articles on "
            "this method use it."))
        st.metric(_("Base rate"), percent(f["base_rate"]), border=True, height="stretch", help=_(
            "{k} of the {n} people tested answered.").format(
                k=number(f["positives"]), n=number(f["n"])))
        st.metric(_("Calibration error"), percent(f["ece"]), border=True, height="stretch", help=_(
            "Mean gap of predicted and observed rate over ten equal groups (ECE). Brier score "
            "{brier}, log loss {loss}.").format(
                brier=number(f["brier"], 3), loss=number(f["log_loss"], 3)))
    st.markdown(shell.literal(words.quality(held)))
    found, tenths, believed = st.tabs([_("Answers found"), _("Lift"), _("Calibration")])
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


def ask_money(shop):
    """Her margin, coupon, cost and budget as ``Money``; None as long as one needed is empty."""
    shown = params.describe(Money)
    values = {}
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


def set_cut(threshold):
    st.session_state["ads_cut"] = round(100 * threshold, 1)


@shell.fragment
def whom():
    st.header(_("Whom does it pay to contact?"), anchor=False)
    present = cached.resource(ws, "ads_consents", lambda: people.consent_columns(ws))
    consent = None
    if len(present) > 1:
        labels = {"consent_email": _("By e-mail"), "consent_sms": _("By text message")}
        consent = widgets.choose(
            st.segmented_control, _("How will you write to them?"), present, present[0],
            "ads_consent", labels.get, required=True)
    who = cached.resource(ws, ("ads_audience", target, kind, consent),
                          lambda: people.audience(ws, scores, held, consent))
    widgets.note(shell.literal(people_words.consent_words(who, scores)))
    given = ask_money(cached.resource(ws, "ads_shop", lambda: shop_money(ws)))
    best = None if given is None or held.random else who.ranking.best_step(given)
    slider, button = st.columns([4, 1], vertical_alignment="bottom")
    start = who.ranking.top(words.FIFTH) if best is None else best.threshold
    cut = snapped(slider.slider(
        _("Contact everyone whose probability is at least (%)"), 0.0, 100.0,
        value=round(100 * start, 1), step=0.1, key="ads_cut", bind="query-params") / 100)
    button.button(_("Best cut-off"), on_click=set_cut, args=(start,), key="ads_best",
                  width="stretch", disabled=best is None)
    point = who.ranking.at(cut, given or Money())
    with st.container(horizontal=True):
        st.metric(_("People reached"), number(point.reach), border=True,
                  help=_("of {n} who may be contacted").format(n=number(len(who.ranking))))
        st.metric(_("Precision"), percent(point.precision, 0), border=True, help=_(
            "How many of the people held out who score that high answered. n = {n}").format(
                n=number(point.held_reach)))
        st.metric(_("Recall"), percent(point.recall, 0), border=True, help=_(
            "How many of all who answered among the people held out score that high."))
    if given is None:
        st.info(shell.literal(money_words.ask_words(held)))
        table = tables.gains_table(held)
        widgets.chart(charts.gains(table, tables.gains_point(held, point)),
                      money_words.reach_words(point, held), "ads_reach", table)
    else:
        earned(who, given, point, best)
    widgets.note(_("A score is not proof that the message makes the difference: some of these "
                   "people would have bought anyway."))
    audience(who, point.reach)


def earned(who, given, point, best):
    """Cost and profit of the cut-off in force, and the best one where there is one."""
    with st.container(horizontal=True):
        st.metric(_("Cost"), money(point.cost, ws.currency, 0), border=True)
        st.metric(_("Expected profit"), money(point.profit, ws.currency, 0), border=True,
                  help=_("What the probabilities promise, less the cost."))
        st.metric(_("Held-out profit"), money(point.held_profit, ws.currency, 0), border=True,
                  help=_("What people the model had not seen really brought at this cut-off, "
                         "weighted to the scores found here. Trust this more than the expected "
                         "figure."))
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


def audience(who, reach):
    st.header(_("Who is in the audience?"), anchor=False)
    listed, ages, genders = st.tabs([_("People"), _("By age"), _("By gender")])
    with listed:
        st.dataframe(
            tables.preview(who, reach), hide_index=True, key="ads_people",
            column_config={
                "user": _("Shopper"), "band": _("Age band"), "gender": _("Gender"),
                "score": st.column_config.NumberColumn(_("Probability"), format="percent")})
        widgets.note(shell.literal(people_words.list_words(who, reach)))
        if held.random:
            st.warning(shell.literal(people_words.random_list_words()))
        widgets.download(people.chosen(who, reach), "audience.csv",
                         _("Download the audience (CSV)"), "ads_csv")
    for tab, by in ((ages, "band"), (genders, "gender")):
        with tab:
            table = people.breakdown(who, reach, by, ws.small_cells)
            shown = small_cells.shown_rows(table, "chosen")
            said = people_words.group_words(shown, by)
            if people.any_known(shown, by):
                widgets.chart(charts.groups(shown, by), said, f"ads_{by}",
                              small_cells.worded(table, "chosen"))
                if len(shown) < len(table):
                    widgets.note(small_cells.note(ws.small_cells))
            else:
                shell.hint(said, "customers")


quality()
whom()
with st.expander(_("What the score is made of")):
    widgets.note(_("Each column holds only what was known before the day of the campaign."))
    weights = tables.drivers(scores)
    if weights is not None:
        st.markdown(_("What moves the score most:"))
        widgets.show(weights, "ads_drivers")
    st.markdown(_("All columns, and those left out:"))
    widgets.show(tables.input_table(held), "ads_inputs")
