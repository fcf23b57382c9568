"""Behaviour: who comes, how they browse and buy, when, what and where; a sentence a chart."""

import streamlit as st

from omni_core import small_cells
from omni_core.behaviour import sentences, shape
from omni_core.charts import behaviour as charts
from omni_core.i18n import N_, _
from pages.ui import cached, link, numbers, shell, widgets

ws = shell.begin("behaviour")
shell.title(_("Behaviour"), _("Who your shoppers are, what they do, and where they leave."))
if not any(ws.counts().get(t) for t in ("events", "orders", "customers")):
    shell.need(ws, "events", why=_("This page reads what shoppers did. No file holds that yet."))

chosen = widgets.filters(ws, "b")
total = numbers.four(ws, chosen)


def ask(name, **more):
    return cached.query(ws, name, **chosen, **more)


def pick(label, options, key):
    """A small switch over named options; the names are translated. One option needs no switch."""
    if len(options) == 1:
        return next(iter(options))
    return link.choose(
        st.segmented_control, label, options, next(iter(options)), key, lambda o: _(options[o]),
        required=True, label_visibility="collapsed",
    )


def draw(fig, sentence, name, table):
    widgets.chart(fig, sentence, f"b_{name}_chart", sentences.readable(table), ws.currency)


def useful(table, options):
    """The options that hold more than zeros."""
    return {name: options[name] for name in sentences.telling(table, list(options))}


SCALES = {"linear": N_("Equal ranges"), "log": N_("Doubling ranges")}
BY = {"revenue": N_("Revenue"), "orders": N_("Orders")}
TOP_BY = {"revenue": N_("Revenue"), "purchases": N_("Purchases"), "views": N_("Views")}


@shell.fragment
def trend():
    st.header(_("Week by week"), anchor=False)
    table = ask("trend")
    if table.empty:
        shell.hint(_("No orders in this period."), "orders")
        return
    by = pick(_("Show"), useful(table, BY), "b_trend")
    draw(
        charts.trend(table, ws.currency, by), sentences.trend(table, ws.currency), "trend",
        table,
    )
    widgets.note(_("A paler bar is a week that the period cuts."))


@shell.fragment
def ages():
    st.header(_("Age"), anchor=False)
    bands = ask("age_histogram")
    years = shape.years_of(ask("ages"), bands)
    if total["shoppers"] and bands.empty:
        shell.hint(_("Fewer than {k} shoppers: their ages are not shown.").format(k=ws.small_cells))
        return
    if not sentences.any_age(bands):
        shell.hint(sentences.ages(bands), "customers")
        return
    options = {"bands": N_("Bands")}
    if not years.empty:
        options["years"] = N_("Years")
    by_years = pick(_("Show"), options, "b_age") == "years"
    fig = charts.age_years(years, sentences.unknown_ages(bands, years)) if by_years else (
        charts.age_bands(bands))
    draw(fig, sentences.ages(bands), "age", years if by_years else bands)
    if small_cells.any_hidden(years if by_years else bands):
        widgets.note(small_cells.note(ws.small_cells))


@shell.fragment
def browsing():
    st.header(_("Browsing"), anchor=False)
    table = ask("browsing_counts")
    if table.empty:
        shell.hint(_("No file says who viewed what."), "events")
        return
    log = pick(_("Scale"), SCALES, "b_scale") == "log"
    draw(charts.browsing(table, log), sentences.browsing(table), "browsing", table)


def funnel():
    st.header(_("From view to purchase"), anchor=False)
    steps = ask("funnel")
    if len(steps) > 1:
        draw(charts.funnel(steps), sentences.funnel(steps, total["buyers"]), "funnel",
             steps)
    if not sentences.steps_known(steps, "view", "cart"):
        shell.hint(_("Views and carts are missing: orders alone don't show who left."), "events")


def channels():
    st.header(_("Channels"), anchor=False)
    table = ask("channels")
    if len(table) < 2:
        shell.hint(
            _("Only one channel is chosen: choose all of them to compare.") if chosen["channel"]
            else _("Your files name no second channel: add a column “channel”."))
        return
    draw(
        charts.channels(table, ws.currency, total["shoppers"]),
        sentences.channels(table, ws.currency), "channels", table,
    )
    if sentences.overlapping(table, total["shoppers"]):
        widgets.note(_("Who came through several channels counts in each, so the shares of "
                       "shoppers add up to more than 100%."))


def hours():
    st.header(_("Hours and weekdays"), anchor=False)
    table = ask("hour_by_weekday")
    if table.empty:
        shell.hint(_("No times in this period."), "events")
        return
    draw(charts.hours(table), sentences.hours(table, ws.timezone), "hours", table)


@shell.fragment
def products():
    st.header(_("Top products"), anchor=False)
    table = ask("top_products")
    if table.empty:
        shell.hint(_("No file names products yet."), "events")
        return
    by = pick(_("Order by"), useful(table, TOP_BY), "b_top")
    draw(
        charts.top_products(table, ws.currency, by), sentences.products(table, ws.currency),
        "top", table,
    )


trend()
for pair in ((ages, browsing), (funnel, channels)):
    for column, part in zip(shell.columns(2, f"b_{pair[0].__name__}"), pair, strict=True):
        with column:
            part()
hours()
products()
