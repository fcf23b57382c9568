"""The behaviour page on goods: categories and products, and the places they won or lost."""

from omni_core.behaviour import compare, labels, shape, steps
from omni_core.charts import visits as charts
from omni_core.i18n import N_, _
from pages.ui import cached, filters, shell, widgets
from pages.ui.view import View, heading, useful

BY = {"revenue": N_("Revenue"), "purchases": N_("Purchases"), "views": N_("Views")}


def goods(view: View, total: dict[str, float]) -> None:
    """Categories and products by rank, against the period before."""
    for name, key, words in (("top_categories", "category", _("Top categories")),
                             ("top_products", "item", _("Top products"))):
        heading(words)
        ranked(view, name, key)


def before(view: View, name: str):
    """The same frame of the equally long period before, None where there is none in the data."""
    chosen, (first, last) = view.groups.chosen, filters.span(view.ws)
    window = shape.window_before(chosen["start"], chosen["end"], last)
    if window is None or (first is not None and window[0] < first):
        return None
    return cached.query(view.ws, name, **chosen | {"start": window[0], "end": window[1]})


def ranked(view: View, name: str, key: str) -> None:
    table = view.ask(name)
    if view.nothing(name):
        shell.hint(_("No file names products yet."), "events")
        return
    if key == "category" and not any(t["category"].any() for t in view.frames(name)):
        shell.hint(_("No file gives your goods a category."), "products")
        return
    if view.two:
        first, second = view.ask_both(name)
        named = labels.category_names if key == "category" else labels.product_names
        view.pair(f"goods_{key}", compare.shares(
            first, second, key, "purchases", named(first, second).get, most=10), lying=True,
            about=("category",) if key == "category" else ())
        return
    by = view.switch(_("Order by"), useful(table, BY), f"by_{key}")
    then = before(view, name)
    rows = steps.ranks(table, then, key, by)
    clicks = view.clicks("category", list(rows["category"])) if key == "category" else None
    view.draw(charts.categories(rows, by, view.ws.currency), steps.risers(rows, key, by),
              f"goods_{key}", rows, clicks)
    if then is None:
        widgets.note(_("Choose a period to see which places were won or lost against the one "
                       "before."))
