"""The behaviour page's overview: seven charts that answer her first questions."""

from omni_core.behaviour import beside, compare, facts, labels, sentences, shape, steps
from omni_core.charts import behaviour as charts
from omni_core.charts import compare as pairs
from omni_core.i18n import N_, _
from pages.ui import cached, people, shell, widgets
from pages.ui.filters import EVERYTHING
from pages.ui.view import AGE, View, clickable, heading, useful

SCALES = {"linear": N_("Equal ranges"), "log": N_("Doubling ranges")}
BY = {"revenue": N_("Revenue"), "orders": N_("Orders")}
SEVERAL = N_("Who came through several channels counts in each, so the shares of shoppers add up "
             "to more than 100%.")
TOP_BY = {"revenue": N_("Revenue"), "purchases": N_("Purchases"), "views": N_("Views")}


def overview(view: View, total: dict[str, float]) -> None:
    """Revenue by week, ages, browsing, funnel, channels, hours, top products."""
    trend(view)
    for pair in ((ages, browsing), (funnel, channels)):
        for column, part in zip(shell.columns(2, f"b_{pair[0].__name__}"), pair, strict=True):
            with column:
                part(view, total)
    hours(view)
    products(view)


def trend(view: View) -> None:
    heading(_("Week by week"), "revenue")
    table = view.ask("trend")
    if view.nothing("trend"):
        shell.hint(_("No orders in this period."), "orders")
        return
    by = view.switch(_("Show"), useful(table, BY), "trend")
    currency = view.ws.currency
    if view.two:
        first, second = (shape.weekly(t, by) for t in view.ask_both("trend"))
        widgets.chart(
            pairs.lines(first, second, view.groups.names, _(BY[by])),
            compare.totals(view.groups.names, first.sum(), second.sum(),
                           sentences.shown_as(by, currency)), "b_trend_pair")
        return
    weeks = shape.by_week(table)
    view.draw(charts.trend(table, currency, by), sentences.trend(table, currency), "trend", table,
              view.clicks("days", shape.week_bounds(weeks)))
    widgets.note(_("A paler bar is a week that the period cuts. Click a bar to see the whole page "
                   "for that week."))


def ages(view: View, total: dict[str, float]) -> None:
    heading(_("Age"), "shoppers")
    bands = view.ask("age_histogram")
    years = shape.years_of(view.ask("ages"), bands)
    if total["shoppers"] and view.nothing("age_histogram"):
        shell.hint(_("Fewer than {k} shoppers: their ages are not shown.").format(
            k=view.ws.small_cells))
        return
    if not any(map(facts.any_age, view.frames("age_histogram"))):
        elsewhere = beside.ages_elsewhere(cached.query(view.ws, "ages_known", **EVERYTHING))
        shell.hint(sentences.ages(bands), *(() if elsewhere else ("customers",)))
        if elsewhere:
            people.look_and_join(elsewhere, "ages_elsewhere")
        return
    if view.two:
        view.pair("age", compare.shares(
            *view.ask_both("age_histogram"), "band", "shoppers", labels.band_name),
            about=AGE)
        return
    options = {"bands": N_("Bands")} | ({} if years.empty else {"years": N_("Years")})
    if view.switch(_("Show"), options, "age") == "years":
        fig = charts.age_years(years, facts.unknown_ages(bands, years))
        view.draw(fig, sentences.ages(bands), "age", years)
    else:
        view.draw(charts.age_bands(bands), sentences.ages(bands), "age", bands,
                  view.clicks("band", list(bands["band"])))
        clickable()


def browsing(view: View, total: dict[str, float]) -> None:
    heading(_("Browsing"))
    table = view.ask("browsing_counts")
    if view.nothing("browsing_counts"):
        shell.hint(_("No file says who viewed what."), "events")
        return
    if view.two:
        view.pair("browsing", compare.ranges(*view.ask_both("browsing_counts"), "shoppers"))
        return
    log = view.switch(_("Scale"), SCALES, "scale") == "log"
    view.draw(charts.browsing(table, log), sentences.browsing(table), "browsing", table)


def funnel(view: View, total: dict[str, float]) -> None:
    heading(_("From view to purchase"), "funnel")
    table = view.ask("funnel")
    ordered = view.ask("funnel_in_order")
    if view.two and max(map(len, view.frames("funnel"))) > 1:
        first, second = view.ask_both("funnel")
        of = (steps.began(first), steps.began(second))
        view.pair("funnel", compare.shares(
            first, second, "step", "shoppers", labels.step_name, of=of), lying=True)
    elif len(table) > 1:
        view.draw(charts.funnel(table), sentences.funnel(table, total["buyers"]), "funnel", table)
        if len(ordered) > 1:
            widgets.note(shell.literal(steps.in_order(ordered)))
    if not any(facts.steps_known(t, "view", "cart") for t in view.frames("funnel")):
        shell.hint(_("Views and carts are missing: orders alone don't show who left."), "events")


def channels(view: View, total: dict[str, float]) -> None:
    heading(_("Channels"))
    table = view.ask("channels")
    if len(table) < 2 and not view.two:
        shell.hint(
            _("Only one channel is chosen: choose all of them to compare.")
            if view.groups.chosen["channel"]
            else _("Your files name no second channel: add a column “channel”."))
        return
    if view.two:
        both = view.ask_both("channels")
        of = view.people()  # who came through several channels is one of them all the same
        view.pair("channels", compare.shares(
            *both, "channel", "shoppers", labels.channel_name, of=of), about=("channel",))
        if any(map(facts.overlapping, both, of)):
            widgets.note(_(SEVERAL))
        return
    view.draw(
        charts.channels(table, view.ws.currency, total["shoppers"]),
        sentences.channels(table, view.ws.currency), "channels", table,
        view.clicks("channel", list(table["channel"])) if table["channel"].all() else None)
    if facts.overlapping(table, total["shoppers"]):
        widgets.note(_(SEVERAL))


def hours(view: View) -> None:
    heading(_("Hours and weekdays"), "events")
    table = view.ask("hour_by_weekday")
    left_out = sentences.without_hour(view.ask("events_without_hour"))
    if view.nothing("hour_by_weekday"):
        shell.hint(left_out or _("No times in this period."), "events")
        return
    if view.two:
        view.pair("hours", compare.hours(*view.ask_both("hour_by_weekday")))
    else:
        view.draw(charts.hours(table), sentences.hours(table, view.ws.timezone), "hours", table)
    if left_out:
        widgets.note(left_out)


@shell.fragment
def products(view: View) -> None:
    heading(_("Top products"))
    table = view.ask("top_products")
    if view.nothing("top_products"):
        shell.hint(_("No file names products yet."), "events")
        return
    if view.two:
        first, second = view.ask_both("top_products")
        names = labels.product_names(first, second)
        view.pair("top", compare.shares(
            first, second, "item", "purchases", names.get, most=10), lying=True)
        return
    by = view.switch(_("Order by"), useful(table, TOP_BY), "top")
    view.draw(charts.top_products(table, view.ws.currency, by),
              sentences.products(table, view.ws.currency), "top", table)
