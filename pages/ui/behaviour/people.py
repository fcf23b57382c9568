"""The behaviour page on who shoppers are: gender, tastes by age, new and returning."""

from omni_core.behaviour import compare, labels, steps
from omni_core.charts import visits as charts
from omni_core.i18n import _
from pages.ui import shell, widgets
from pages.ui.view import AGE, View, heading


def people(view: View, total: dict[str, float]) -> None:
    """Ages by gender, what each age buys, new against returning."""
    for column, part in zip(shell.columns(2, "b_people"), (genders, tastes), strict=True):
        with column:
            part(view)
    returning(view)


def genders(view: View) -> None:
    heading(_("Age and gender"))
    table = view.ask("ages_by_gender")
    if not any(steps.any_known(t, "gender") for t in view.frames("ages_by_gender")):
        shell.hint(_("No gender is known of these shoppers."), "customers")
        return
    if view.two:
        # cell by cell: what is hidden of one age must not empty a whole gender
        first, second = (steps.by_age_and_gender(t) for t in view.ask_both("ages_by_gender"))
        view.pair("gender", compare.shares(
            first, second, "who", "shoppers", steps.age_and_gender, most=12), lying=True,
            about=(*AGE, "gender"))
        return
    view.draw(charts.ages_by_gender(table), steps.genders(table), "gender", table)


def tastes(view: View) -> None:
    heading(_("What each age buys"))
    table = view.ask("age_tastes")
    if view.nothing("age_tastes"):
        shell.hint(_("This needs ages of shoppers and categories of the goods they bought."),
                   "customers")
        return
    if view.two:
        first, second = view.ask_both("top_categories")
        names = labels.category_names(first, second)
        view.pair("taste", compare.shares(
            first, second, "category", "purchases", names.get, most=10), lying=True,
            about=("category",))
        return
    view.draw(charts.tastes(table), steps.tastes(table), "taste", table)
    widgets.note(_("1× is the share of the category among all shoppers whose age is known. "
                   "–: hidden."))


def returning(view: View) -> None:
    heading(_("New and returning"), "new")
    table = view.ask("new_returning")
    if view.nothing("new_returning"):
        shell.hint(_("No orders in this period."), "orders")
        return
    if view.two:
        view.pair("new", compare.shares(
            *view.ask_both("new_returning"), "kind", "orders", steps.kind_name))
        return
    view.draw(charts.new_returning(table), steps.new_returning(table, view.ws.currency), "new",
              steps.readable(table))
