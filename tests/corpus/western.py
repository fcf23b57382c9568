"""Shopify, Etsy, Amazon, WooCommerce, Magento, Klaviyo, UCI."""

from __future__ import annotations

import csv
import datetime as dt
import random
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.shop import CENT, Order, first, orders, truth, units

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,"
    "Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,"
    "Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,"
    "Billing Street,Billing Zip,Billing City,Billing Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Refunded Amount,Vendor,Id,Tags,Risk Level,Source,Lineitem discount,"
    "Tax 1 Name,Tax 1 Value,Phone,Receipt Number,Duties").split(",")
_STATUS = {"paid": "paid", "unpaid": "pending", "cancelled": "voided", "refunded": "refunded"}


def shopify_rows(out: Lines, o: Order, note: str = "", refund: Decimal | None = None,
                 currency: str = "EUR") -> list[int]:
    """One row a line; what is of the order stands on its first row only."""
    placed = []
    if refund is None:
        refund = o.total if o.state == "refunded" else Decimal(0)
    for i, line in enumerate(o.lines):
        row: dict[str, Any] = {
            "Name": f"#{o.number}", "Email": f"buyer{o.buyer}@mail.example",
            "Created at": f"{o.ts:%Y-%m-%d %H:%M:%S} +0200", "Lineitem quantity": line.quantity,
            "Lineitem name": line.name_en, "Lineitem price": line.price, "Lineitem sku": line.item,
            "Lineitem discount": "0.00", "Vendor": "Atelier", "Phone": "'33612345678"}
        if i == 0:
            row |= {
                "Financial Status": _STATUS[o.state], "Currency": currency,
                "Paid at": f"{o.ts:%Y-%m-%d %H:%M:%S} +0200" if o.state != "unpaid" else "",
                "Subtotal": o.goods - o.discount, "Shipping": o.shipping, "Taxes": "0.00",
                "Total": o.total, "Discount Amount": o.discount, "Billing Zip": "'75008",
                "Billing City": "Paris", "Refunded Amount": refund, "Notes": note,
                "Id": 5_000_000_000_000 + o.number, "Source": "web", "Risk Level": "Low"}
        placed.append(out.row([row.get(h, "") for h in SHOPIFY]))
    return placed


@fixture("Shopify: orders")
def rows_of_lines_with_totals_on_the_first() -> tuple[bytes, Expected]:
    made = orders(1, 120)
    out = Lines(newline="\n")
    out.header(SHOPIFY)
    for o in made:
        shopify_rows(out, o)
    return out.text.encode(), Expected(
        table="events", profile="shopify_orders", rows_in=out.rows, accepted=out.rows,
        first=first(made, 2), units=units(made), currency="EUR",
        items={"A101": "Ceramic tea cup", "C330": 'Frame 12"'}, **truth(made))


@fixture("Shopify: orders")
def notes_of_several_lines_and_a_bad_date_after_them() -> tuple[bytes, Expected]:
    made = orders(2, 60)
    out = Lines(newline="\r\n")
    out.header(SHOPIFY)
    for i, o in enumerate(made):
        shopify_rows(out, o, 'Ring twice,\nsay "hello"\n\nthank you' if i % 3 == 0 else "")
    bad = dict.fromkeys(SHOPIFY, "") | {"Name": "#9", "Email": "x@mail.example", "Total": "1.00",
                                        "Created at": "yesterday", "Lineitem sku": "A101"}
    line = out.row(list(bad.values()))
    return out.text.encode("utf-8-sig"), Expected(
        profile="shopify_orders", rows_in=out.rows, accepted=out.rows - 1,
        rejects=[(line, "bad_time")], units=units(made), **truth(made))


@fixture("Shopify: orders")
def partly_refunded() -> tuple[bytes, Expected]:
    made = orders(3, 60, states="paid")
    out = Lines()
    out.header(SHOPIFY)
    for i, o in enumerate(made):
        shopify_rows(out, o, refund=Decimal("10.00") if i % 4 == 0 else Decimal(0))
    expected = truth(made)
    expected["revenue"] -= Decimal(10) * len(made[::4])
    return out.text.encode(), Expected(rows_in=out.rows, accepted=out.rows, **expected)


@fixture("Shopify: orders")
def two_currencies_are_not_added() -> tuple[bytes, Expected]:
    made = orders(4, 80, states="paid")
    out = Lines()
    out.header(SHOPIFY)
    for i, o in enumerate(made):
        shopify_rows(out, o, currency="EUR" if i % 5 else "USD")
    main = truth([o for i, o in enumerate(made) if i % 5])
    return out.text.encode(), Expected(
        revenue=main["revenue"], rows_in=out.rows, accepted=out.rows, currency="EUR",
        orders=len(made), notes=("several_currencies",))


@fixture("Shopify: customers")
def apostrophes_and_a_birthday_in_a_metafield() -> tuple[bytes, Expected]:
    out = Lines()
    born = "Fecha de nacimiento (customer.metafields.facts.birth_date)"
    out.header(["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing",
                "Default Address Company", "Default Address City", "Phone", "Total Spent",
                "Total Orders", "Note", "Tax Exempt", "Tags", born])
    dice = random.Random(5)
    yes = 0
    for i in range(90):
        if i % 9 == 8:  # only an id
            out.row([f"'7001{i:04d}", *[""] * 13])
            continue
        consent = dice.choice(("yes", "no"))
        yes += consent == "yes"
        out.row([f"'7001{i:04d}", "Ana", "Díaz", f"ana{i}@mail.example", consent, "", "Sevilla",
                 "'34600000001", "120.00", "2", "", "no", "", "1990-05-01" if i % 2 else ""])
    return out.text.encode(), Expected(
        table="customers", profile="shopify_customers", rows_in=90, accepted=90, shoppers=90,
        consents=yes)


ETSY_ORDERS = (
    "Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,"
    "Payment Method,Date Shipped,Street 1,Street 2,Ship City,Ship State,Ship Zipcode,Ship Country,"
    "Currency,Order Value,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Shipping,"
    "Sales Tax,Order Total,Status,Card Processing Fees,Order Net,Adjusted Order Total,"
    "Adjusted Card Processing Fees,Adjusted Net Order Amount,Buyer,Order Type,Payment Type,"
    "InPerson Discount,InPerson Location,SKU").split(",")


def _etsy_orders(seed: int, comma: bool) -> tuple[bytes, Expected]:
    made = orders(seed, 70, states="paid")
    out = Lines()
    out.header(ETSY_ORDERS)

    def money(value: Decimal) -> str:
        text = f"{value:.2f}"
        return text.replace(".", ",") if comma else text

    for o in made:
        row = {"Sale Date": f"{o.ts:%m/%d/%y}", "Order ID": o.number, "Buyer User ID": f"b{o.buyer}",
               "Full Name": f"Buyer {o.buyer}", "Number of Items": o.units, "Currency": "USD",
               "Order Value": money(o.goods), "Discount Amount": money(o.discount),
               "Shipping": money(o.shipping), "Order Total": money(o.total),
               "Order Net": money(o.total - 3), "Buyer": f"nick{o.buyer}",
               "SKU": ",".join(line.item for line in o.lines)}
        out.row([row.get(h, "") for h in ETSY_ORDERS])
    day = min(o.ts for o in made).replace(hour=0, minute=0, second=0) - dt.timedelta(hours=8)
    return out.text.encode(), Expected(
        table="orders", profile="etsy_orders", rows_in=70, accepted=70, currency="USD",
        first=f"{day:%Y-%m-%d %H:%M:%S}", notes=("etsy_items_too",), **truth(made))


@fixture("Etsy: sold orders")
def month_first_and_lists_of_skus() -> tuple[bytes, Expected]:
    return _etsy_orders(6, comma=False)


@fixture("Etsy: sold orders")
def decimal_commas_in_a_comma_file() -> tuple[bytes, Expected]:
    return _etsy_orders(7, comma=True)


ETSY_ITEMS = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,"
    "Shipping Discount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,"
    "Date Paid,Date Shipped,Ship Name,Ship Address1,Ship City,Ship Zipcode,Ship Country,Order ID,"
    "Variations,Order Type,Listings Type,Payment Type,SKU").split(",")


@fixture("Etsy: sold order items")
def a_transaction_is_a_line() -> tuple[bytes, Expected]:
    made = orders(8, 70, states="paid", shipping=False, discount=False)
    out = Lines()
    out.header(ETSY_ITEMS)
    for o in made:
        for i, line in enumerate(o.lines):
            row = {"Sale Date": f"{o.ts:%m/%d/%y}", "Item Name": line.name_en,
                   "Buyer": f"nick{o.buyer}", "Quantity": line.quantity, "Price": line.price,
                   "Discount Amount": "0.00", "Order Shipping": "0.00", "Item Total": line.amount,
                   "Currency": "USD", "Transaction ID": o.number * 10 + i, "Listing ID": line.item,
                   "Order ID": o.number, "SKU": line.item}
            out.row([row.get(h, "") for h in ETSY_ITEMS])
    return out.text.encode(), Expected(
        table="events", profile="etsy_items", rows_in=out.rows, accepted=out.rows,
        units=units(made), **truth(made))


AMAZON = ("order-id order-item-id purchase-date payments-date buyer-email buyer-name "
          "buyer-phone-number sku product-name quantity-purchased currency item-price item-tax "
          "shipping-price shipping-tax ship-service-level recipient-name sales-channel").split()


def _amazon(seed: int, priced: bool) -> tuple[bytes, Expected]:
    made = orders(seed, 80, states="paid", discount=False)
    header = [h for h in AMAZON if priced or "price" not in h and "tax" not in h]
    text, rows = "\t".join(header) + "\r\n", 0
    for o in made:
        for i, line in enumerate(o.lines):
            row = {"order-id": f"402-{o.number:07d}-1", "order-item-id": o.number * 10 + i,
                   "purchase-date": f"{o.ts:%Y-%m-%dT%H:%M:%S}+02:00",
                   "buyer-email": f"b{o.buyer}@marketplace.example", "buyer-name": f"B {o.buyer}",
                   "sku": line.item, "product-name": line.name_en,  # 12" is never closed
                   "quantity-purchased": line.quantity, "currency": "EUR",
                   "item-price": line.amount, "item-tax": "0.00", "shipping-price": "0.00"}
            text += "\t".join(str(row.get(h, "")) for h in header) + "\r\n"
            rows += 1
    expected = truth(made)
    if not priced:
        expected["revenue"] = Decimal("0.00")
    return text.encode(), Expected(
        table="events", profile="amazon_orders", rows_in=rows, accepted=rows,
        first=first(made, 2), units=units(made), items={"C330": 'Frame 12"'}, **expected)


@fixture("Amazon: orders", "orders.txt")
def quotation_marks_are_inches() -> tuple[bytes, Expected]:
    return _amazon(9, priced=True)


@fixture("Amazon: orders", "unshipped.txt")
def an_unshipped_report_has_no_price() -> tuple[bytes, Expected]:
    return _amazon(10, priced=False)


@fixture("WooCommerce: orders of a plugin")
def states_of_woocommerce() -> tuple[bytes, Expected]:
    made = orders(11, 90)
    out = Lines()
    header = ["order_id", "order_date", "order_status", "customer_id", "billing_first_name",
              "billing_last_name", "billing_email", "billing_phone", "shipping_total",
              "order_currency", "order_total"]
    out.header(header)
    words = {"paid": "wc-completed", "unpaid": "wc-pending", "cancelled": "wc-cancelled",
             "refunded": "wc-refunded"}
    for o in made:
        out.row([o.number, f"{o.ts:%Y-%m-%d %H:%M:%S}", words[o.state], o.buyer, "A", "B",
                 f"b{o.buyer}@mail.example", "0033", o.shipping, "EUR", o.total])
    return out.text.encode(), Expected(
        table="orders", profile="woocommerce_orders", rows_in=90, accepted=90, first=first(made),
        **truth(made))


@fixture("WooCommerce: analytics", confirmed=False)
def products_packed_in_one_cell() -> tuple[bytes, Expected]:
    made = orders(12, 90, shipping=False)
    out = Lines()
    out.header(["Date", "Order #", "Status", "Customer", "Customer type", "Product(s)",
                "Items sold", "Coupon(s)", "Net Sales", "Attribution"])
    words = {"paid": "completed", "unpaid": "pending", "cancelled": "cancelled",
             "refunded": "refunded"}
    for o in made:
        packed = "; ".join(f"{line.quantity}× {line.name_en.replace(',', '')}" for line in o.lines)
        out.row([f"{o.ts:%Y-%m-%d %H:%M:%S}", o.number, words[o.state], f"Buyer {o.buyer}", "new",
                 packed.replace("; ", ", "), o.units, "", o.total, "Direct"])
    return out.text.encode(), Expected(
        table="events", profile="woocommerce_analytics", rows_in=90, accepted=90,
        units=units(made), **truth(made))


@fixture("Magento: orders", confirmed=False)
def purchase_points_of_several_lines() -> tuple[bytes, Expected]:
    made = orders(13, 90)
    out = Lines(quoting=csv.QUOTE_ALL, newline="\n")
    out.header(["ID", "Purchase Point", "Purchase Date", "Bill-to Name", "Ship-to Name",
                "Grand Total (Base)", "Grand Total (Purchased)", "Status", "Billing Address",
                "Shipping Address", "Customer Email", "Customer Group", "Subtotal",
                "Shipping and Handling", "Customer Name", "Payment Method", "Total Refunded"])
    words = {"paid": "Complete", "unpaid": "Pending Payment", "cancelled": "Canceled",
             "refunded": "Closed"}
    for o in made:
        if o.state == "refunded":
            continue
        out.row([f"{o.number:09d}", "Main Website\n  Main Store\n    Default",
                 f"{o.ts:%b %d, %Y %I:%M:%S %p}", "Ann Lee", "Ann Lee", f"${o.total:,.2f}",
                 f"${o.total:,.2f}", words[o.state], "1 High St", "1 High St",
                 f"b{o.buyer}@mail.example", "General", f"${o.goods:,.2f}", f"${o.shipping:,.2f}",
                 "Ann Lee", "card", "$0.00"])
    made = [o for o in made if o.state != "refunded"]
    return out.text.encode(), Expected(
        table="orders", profile="magento_orders", rows_in=len(made), accepted=len(made),
        first=first(made), currency="USD", notes=("no_items",), **truth(made))


@fixture("Klaviyo: profiles")
def consent_words() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["Email", "Klaviyo ID", "First Name", "Last Name", "Organization", "City", "Source",
                "Email Marketing Consent", "SMS Marketing Consent", "Profile Created On",
                "Date Added"])
    words = ("SUBSCRIBED", "UNSUBSCRIBED", "NEVER_SUBSCRIBED", "Subscribed", "", "SUBSCRIBED")
    for i in range(120):
        out.row([f"p{i}@mail.example", f"01H{i:05d}", "A", "B", "", "Lyon", "form",
                 words[i % 6], "", "2026-01-02 10:00:00", "2026-01-03 10:00:00"])
    return out.text.encode(), Expected(
        table="customers", profile="klaviyo_profiles", rows_in=120, accepted=120, shoppers=120,
        consents=60)


def _uci(encoding: str) -> tuple[bytes, Expected]:
    dice = random.Random(14)
    out = Lines()
    out.header(["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
                "CustomerID", "Country"])
    ts = dt.datetime(2010, 12, 1, 8, 26)
    revenue, sold, buyers, pieces = Decimal(0), set(), set(), 0
    for i in range(160):
        ts += dt.timedelta(minutes=dice.randrange(60, 400))
        returned = i % 10 == 9
        buyer = "" if i % 4 == 3 else f"{17850 + dice.randrange(40)}.0"
        for _ in range(dice.randrange(1, 4)):
            n = dice.randrange(1, 13)
            price = dice.choice((Decimal("2.55"), Decimal("3.39"), Decimal("7.65")))
            out.row([f"{'C' if returned else ''}{536365 + i}", f"8512{dice.randrange(9)}A",
                     "CAFÉ HOLDER £1", -n if returned else n,
                     f"{ts.month}/{ts.day}/{ts.year} {ts.hour}:{ts.minute:02d}", price, buyer,
                     "United Kingdom"])
            revenue += price * n * (-1 if returned else 1)
            pieces += 0 if returned else n
        if not returned:
            sold.add(i)
        if buyer:
            buyers.add(buyer)
    return out.text.encode(encoding), Expected(
        table="events", profile="uci_retail", rows_in=out.rows, accepted=out.rows, units=pieces,
        revenue=revenue.quantize(CENT), orders=len(sold), shoppers=len(buyers),
        notes=("rows_without_user", "refund_rows"))


@fixture("UCI Online Retail", confirmed=False)
def cancellations_and_rows_without_customer() -> tuple[bytes, Expected]:
    return _uci("utf-8")


@fixture("UCI Online Retail", confirmed=False)
def the_same_in_latin_1() -> tuple[bytes, Expected]:
    return _uci("latin-1")


@fixture("Klaviyo: recipients of a campaign")
def opened_clicked_and_ordered() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["Campaign Name", "Email", "Send Time", "Opened", "Clicked", "Placed Order",
                "Placed Order Value"])
    for i in range(60):
        steps = ["Yes" if i % n == 0 else "No" for n in (2, 4, 12)]
        out.row(["Spring Drop", f"p{i}@mail.example", "05/14/2026 9:30 AM", *steps,
                 "39.00" if i % 12 == 0 else ""])
    return out.text.encode(), Expected(
        outcome="asked", question="role", answers={"outcome": "Placed Order"}, table="sends",
        rows_in=60, accepted=60)


@fixture("Mailchimp: members")
def birthdays_without_a_year() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["Email Address", "First Name", "Birthday", "MEMBER_RATING", "OPTIN_TIME", "LEID"])
    for i in range(60):
        out.row([f"p{i}@mail.example", "A", f"{i % 12 + 1:02}/{i % 28 + 1:02}" if i % 3 else "",
                 i % 5 + 1, f"2025-{i % 12 + 1:02}-02 10:00:00", 9000 + i])
    return out.text.encode(), Expected(
        table="customers", rows_in=60, accepted=60, shoppers=60, notes=("no_birth_year",))
