"""What was known about each shopper on a day: the inputs of every response model.

Features are built ``as_of`` a moment from rows dated strictly before it, so nothing that came
afterwards can leak into them: changing any later row leaves the result the same to the byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omni_core.i18n import N_

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd


@dataclass(frozen=True, slots=True)
class Feature:
    """One input column: its name, what it means (a message id), the table it comes from."""

    name: str
    meaning: str
    source: str
    kind: str = "count"  # count, amount: 0 when nothing happened | days, number, text


# Not here on purpose: days since the first purchase or visit. They mostly say when the files begin,
# and made every later campaign look unlike the ones learned from.
FEATURES: tuple[Feature, ...] = (
    Feature("age", N_("Age in years on that day"), "customers", "number"),
    Feature("age_band", N_("Age band, where the file gives no exact age"), "customers", "text"),
    Feature("gender", N_("Gender"), "customers", "text"),
    Feature("city", N_("City"), "customers", "text"),
    Feature("home_channel", N_("Channel in the customer file"), "customers", "text"),
    Feature("days_since_joining", N_("Days since the account was made"), "customers", "days"),
    Feature("top_channel", N_("Channel used most so far"), "activity", "text"),
    Feature("channels_all", N_("Different channels used so far"), "activity"),
    Feature("top_channel_share", N_("Share of what was done in the channel used most"), "activity",
            "number"),
    Feature("top_category", N_("Category bought most so far"), "activity", "text"),
    Feature("categories_all", N_("Different categories bought so far"), "activity"),
    Feature("categories_28", N_("Different categories bought in the last 28 days"), "activity"),
    Feature("usual_hour", N_("Mean hour of the day of what was done so far"), "activity", "number"),
    Feature("orders_28", N_("Orders in the last 28 days"), "activity"),
    Feature("orders_84", N_("Orders in the last 84 days"), "activity"),
    Feature("orders_all", N_("Orders so far"), "activity"),
    Feature("spend_28", N_("Spent in the last 28 days"), "activity", "amount"),
    Feature("spend_84", N_("Spent in the last 84 days"), "activity", "amount"),
    Feature("spend_all", N_("Spent so far"), "activity", "amount"),
    Feature("average_order", N_("Mean value of an order so far"), "activity", "number"),
    Feature(
        "bargain_share", N_("Share of products bought a tenth or more below their mean price"),
        "activity", "number",
    ),
    Feature("price_level", N_("Mean price paid over the product's mean price"), "activity",
            "number"),
    Feature("days_between_orders", N_("Mean days from one order to the next"), "activity", "days"),
    Feature("days_since_purchase", N_("Days since the last purchase"), "activity", "days"),
    Feature("days_since_visit", N_("Days since anything was last done"), "activity", "days"),
    Feature("active_days_28", N_("Days with activity among the last 28"), "activity"),
    Feature("active_days_84", N_("Days with activity among the last 84"), "activity"),
    Feature("views_28", N_("Product views in the last 28 days"), "activity"),
    Feature("views_84", N_("Product views in the last 84 days"), "activity"),
    Feature("searches_84", N_("Searches in the last 84 days"), "activity"),
    Feature("favourites_84", N_("Favourites set in the last 84 days"), "activity"),
    Feature("carts_28", N_("Products put in the cart in the last 28 days"), "activity"),
    Feature("carts_84", N_("Products put in the cart in the last 84 days"), "activity"),
    Feature("refunds_all", N_("Refunded lines so far"), "activity"),
    Feature("products_84", N_("Different products bought in the last 84 days"), "activity"),
    Feature("coupon_orders_all", N_("Orders with a coupon so far"), "orders"),
    Feature("coupon_orders_84", N_("Orders with a coupon in the last 84 days"), "orders"),
    Feature("coupon_share", N_("Share of orders with a coupon"), "orders", "number"),
    Feature("sends_all", N_("Campaign messages received so far"), "sends"),
    Feature("answers_all", N_("Campaigns answered so far"), "sends"),
    Feature("days_since_send", N_("Days since the last campaign message"), "sends", "days"),
)

# Known when a campaign is sent, the same for all its people; tells large campaigns from small.
RECIPIENTS = Feature(
    "recipients", N_("People the same campaign was sent to"), "sends", "count"
)

# Fields of the customer file that may have been written after the day asked about.
KEPT_OUT: tuple[tuple[str, str], ...] = (
    ("segment", N_("A label without a date: it may have been given because of what came later.")),
    ("rating", N_("A number without a date: it may rest on what came later.")),
    ("browsing_count", N_("A total without a date: it counts visits that came later.")),
    ("consent_email", N_("Decides who may be written to, not who is likely to answer.")),
    ("consent_sms", N_("Decides who may be written to, not who is likely to answer.")),
)

# What the source articles' advertising model looks at; the bar that behaviour has to beat.
BASELINE = ("age", "age_band", "gender", "home_channel", "top_channel")
# What "do not use age or gender" takes away. Others may still stand in for them.
SENSITIVE = ("age", "age_band", "gender")


def features(
    ws: Any, as_of: date | datetime, campaign: str | None = None, *, everyone: bool = False
) -> pd.DataFrame:
    """Return one row per shopper known before ``as_of``, indexed by user, a column per feature.

    A date means its first moment in the shop's time zone. With ``campaign`` the rows are the people
    it was sent to, seen before or not. With ``everyone`` also who stands in the customer file
    without a date: for the present only, since whether they were there on a past day is not known,
    and those who came later would teach that people without a past buy. Counts and amounts are 0
    where nothing happened; days, shares and texts stay empty. Rows are in the order of the ids.
    """
    import pandas as pd

    from omni_core.targeting.targets import local_time, moment

    instant = moment(ws, as_of)
    ahead = local_time(ws, instant).utcoffset()
    rows = ws.query(
        "features", as_of=instant, campaign=campaign, everyone=everyone,
        offset=int(ahead.total_seconds()) if ahead else 0,
    ).set_index("user")
    columns = {}
    for feature in FEATURES:
        column = rows[feature.name]
        if feature.kind == "text":
            columns[feature.name] = column.astype(object).where(column.notna(), None)
        else:
            numbers = pd.to_numeric(column, errors="coerce").astype(float)
            zero = feature.kind in ("count", "amount")
            columns[feature.name] = numbers.fillna(0.0) if zero else numbers
    return pd.DataFrame(columns, index=rows.index.astype(object))
