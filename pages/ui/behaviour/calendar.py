"""The behaviour page on the calendar: high days and their names, the days of a month."""

from omni_core.behaviour import compare, labels, seasons, shape
from omni_core.charts import calendar as charts
from omni_core.i18n import _
from pages.ui import shell, widgets
from pages.ui.view import View, heading


def calendar(view: View, total: dict[str, float]) -> None:
    """Every day of the period, those that stand out with their names; pay-days."""
    heading(_("Calendar"))
    table = view.ask("trend")
    if view.nothing("trend"):
        shell.hint(_("No orders in this period."), "orders")
        return
    if view.two:
        view.pair("calendar", compare.shares(
            *(shape.by_month(t) for t in view.ask_both("trend")), "month", "orders",
            labels.month_name))
    else:
        view.draw(charts.days(table), seasons.sentence(table), "calendar",
                  seasons.readable(seasons.peaks(table)))
        widgets.note(_("Circles: days with more orders than the weeks around them explain. The "
                       "name is that of an occasion within 3 days."))
    if min(map(len, view.frames("trend"))) < 120:
        return
    heading(_("Days of the month"))
    if view.two:
        view.pair("monthday", compare.shares(
            *(seasons.by_monthday(t) for t in view.ask_both("trend")), "monthday",
            "orders", words=_("day {label}")))
        return
    view.draw(charts.monthdays(table), seasons.monthly(table), "monthday",
              seasons.by_monthday(table))
