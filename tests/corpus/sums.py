"""Sums that hold more than the line, less than the word beside them says, or two kinds of state."""

from __future__ import annotations

from decimal import Decimal

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.chinese import DOUYIN
from tests.corpus.shop import Order, orders, truth, units
from tests.corpus.western import ETSY_ITEMS

MONEY, SHAPE, OTHER = "Strangers: money", "Strangers: shape", "Strangers: the rest"


@fixture("Etsy: sold order items")
def discounts_that_the_item_totals_still_hold() -> tuple[bytes, Expected]:
    made = orders(701, 80, states="paid", shipping=False, discount=False)
    out, revenue = Lines(), Decimal(0)
    out.header(ETSY_ITEMS)
    for o in made:
        for i, line in enumerate(o.lines):
            off = (line.amount * Decimal("0.15")).quantize(Decimal("0.01")) if o.number % 3 else Decimal(0)
            revenue += line.amount - off
            row = {"Sale Date": f"{o.ts:%m/%d/%y}", "Item Name": line.name_en, "Buyer": f"b{o.buyer}",
                   "Quantity": line.quantity, "Price": line.price, "Discount Amount": off,
                   "Order Shipping": "5.50", "Order Sales Tax": "1.00", "Item Total": line.amount,
                   "Currency": "USD", "Transaction ID": f"{o.number}{i}", "Listing ID": line.item,
                   "Order ID": o.number}
            out.row([row.get(h, "") for h in ETSY_ITEMS])
    return out.text.encode(), Expected(
        table="events", profile="etsy_items", accepted=out.rows, notes=("discount_taken",),
        **(truth(made) | {"revenue": revenue}))


@fixture(MONEY)
def a_discount_of_the_order_on_each_of_its_lines() -> tuple[bytes, Expected]:
    made = orders(702, 80, states="paid paid paid cancelled")
    out = Lines()
    out.header("订单号,客户编号,下单时间,商品名称,数量,单价,金额,订单优惠,运费,订单状态".split(","))
    for o in made:
        for line in o.lines:
            out.row([o.number, f"K{o.buyer}", f"{o.ts:%Y-%m-%d %H:%M}", line.name, line.quantity,
                     line.price, line.amount, o.discount, o.shipping,
                     "已完成" if o.state == "paid" else "已取消"])
    return out.text.encode(), Expected(
        table="events", accepted=out.rows, units=units(made), notes=("discount_taken",),
        **truth(made))


@fixture("Douyin: orders")
def what_is_due_holds_the_shipping() -> tuple[bytes, Expected]:
    made = orders(703, 90, states="paid paid paid unpaid cancelled refunded", discount=False)
    header = [h if h != "商品金额" else "商品单价" for h in DOUYIN] + ["优惠总金额"]
    out, revenue = Lines(), Decimal(0)
    out.header(header)
    for o in made:
        for i, line in enumerate(o.lines):
            off = Decimal("3.50") if (o.number + i) % 2 else Decimal(0)
            shipping = o.shipping if i == 0 else Decimal(0)
            row = {"主订单编号": f"\t69{o.number:016d}", "子订单编号": f"\t69{o.number:014d}0{i}",
                   "选购商品": line.name, "商品数量": line.quantity, "商品ID": f"\t{line.item}",
                   "商品单价": line.price, "订单应付金额": line.amount - off + shipping,
                   "运费": shipping, "优惠总金额": off,
                   "订单提交时间": f"{o.ts:%Y-%m-%d %H:%M:%S}",
                   "订单状态": {"unpaid": "待支付", "cancelled": "已关闭"}.get(o.state, "已完成"),
                   "售后状态": "退款成功" if o.state == "refunded" else "-"}
            out.row([row.get(h, "-") for h in header])
            revenue += line.amount - off if o.state == "paid" else 0
    return out.text.encode("gb18030"), Expected(
        profile="douyin_orders", accepted=out.rows,
        **(truth(made) | {"shoppers": 0, "revenue": revenue}))


@fixture(MONEY)
def the_refunded_sum_tells_more_than_the_word_for_it() -> tuple[bytes, Expected]:
    made = orders(704, 80, states="paid", discount=False)
    out, revenue = Lines(), Decimal(0)
    out.header("订单号,订单状态,下单时间,买家昵称,商品名称,商品数量,商品单价(元),运费(元),订单实付金额(元),"
               "退款状态,退款金额(元)".split(","))

    def back(o: Order) -> Decimal:  # one product; all with the shipping; nothing
        return (o.lines[0].price if o.number % 7 == 0 else o.total if o.number % 5 == 0
                else Decimal(0))

    for o in made:
        revenue += max(o.total - o.shipping - back(o), Decimal(0))
        for line in o.lines:
            out.row([f"E{o.number}", "交易完成", f"{o.ts:%Y-%m-%d %H:%M:%S}", f"昵称{o.buyer}",
                     line.name, line.quantity, line.price, o.shipping, o.total,
                     "退款完成" if back(o) else "", back(o) or ""])
    return out.text.encode("gb18030"), Expected(
        accepted=out.rows, **(truth(made) | {"revenue": revenue}))


@fixture(MONEY)
def a_state_of_the_order_and_one_of_its_payment() -> tuple[bytes, Expected]:
    made = orders(705, 90)
    words = {"paid": ("Offen", "Bezahlt"), "unpaid": ("In Bearbeitung", "Offen"),
             "cancelled": ("Storniert", "Bezahlt"), "refunded": ("Abgeschlossen", "Erstattet")}
    out = Lines(";")
    out.header("Bestellnummer;Bestelldatum;Bestellstatus;Zahlungsstatus;Kundennummer;Versandkosten;"
               "Gesamtbetrag".split(";"))
    for o in made:
        out.row([o.number, f"{o.ts:%d.%m.%Y %H:%M}", *words[o.state], f"K{o.buyer}",
                 *(f"{m:.2f}".replace(".", ",") for m in (o.shipping, o.total))])
    return out.text.encode("cp1252"), Expected(table="orders", accepted=90, **truth(made))


@fixture(SHAPE)
def rows_of_variants_and_of_further_pictures() -> tuple[bytes, Expected]:
    out = Lines()
    out.header("Handle,Title,Vendor,Type,Option1 Value,Variant SKU,Variant Price,Image Src".split(","))
    for i in range(40):
        out.row([f"mug-{i}", f"Mug {i}", "Juniper", "Mugs", "S", f"M{i}-S", "12.00", "a.jpg"])
        out.row([f"mug-{i}", "", "", "", "L", f"M{i}-L", "14.00", ""])
        out.row([f"mug-{i}", "", "", "", "", "", "", "b.jpg"])
    return out.text.encode(), Expected(
        table="products", rows_in=120, accepted=80, exclusions={"no_goods": 40},
        items={"M3-S": "Mug 3", "M3-L": "Mug 3", "M39-L": "Mug 39"})


@fixture(OTHER)
def what_happened_in_phrases_of_the_shops_own() -> tuple[bytes, Expected]:
    words = {"进入首页": None, "浏览商品详情": "view", "加入购物车": "cart", "收藏商品": "favourite",
             "商品曝光": "impression", "提交订单": None, "取消收藏": None, "Viewed Product": "view",
             "Added to Cart": "cart", "Started Checkout": None, "支付成功": "purchase"}
    out, told = Lines(), dict.fromkeys(filter(None, words.values()), 0)
    out.header("访问时间,用户openid,事件名称,商品ID".split(","))
    for i in range(220):
        word = list(words)[i % len(words)]
        out.row([f"2026-03-0{i % 9 + 1} 10:{i % 60:02d}:00", f"oX{i % 40}", word, f"SP{i % 7}"])
        if words[word]:
            told[words[word]] += 1
    good = sum(told.values())
    return out.text.encode(), Expected(
        table="events", accepted=good, events=told, exclusions={"other_event": 220 - good},
        notes=("other_events",))


@fixture(OTHER)
def yes_and_no_in_german() -> tuple[bytes, Expected]:
    out = Lines(";")
    out.header("Kundennummer;Anrede;Geburtsdatum;Newsletter".split(";"))
    for i in range(60):
        out.row([10000 + i, "Frau" if i % 2 else "Herr", f"{i % 28 + 1:02d}.03.1985",
                 "Ja" if i % 3 == 0 else "Nein"])
    return out.text.encode("cp1252"), Expected(table="customers", accepted=60, consents=20)


@fixture(SHAPE)
def the_day_stands_on_its_first_sale_only() -> tuple[bytes, Expected]:
    made = orders(706, 60, states="paid", shipping=False, discount=False)
    out, day, sold = Lines(), "", 0
    out.raw("3月销售登记表,,,,,")
    out.header("日期,客户姓名,商品,数量,单价,金额".split(","))
    for o in made:
        for line in o.lines:
            said = f"{o.ts.year}年{o.ts.month}月{o.ts.day}日"
            out.row(["" if said == day else said, f"客{o.buyer}", line.name, f"{line.quantity}个",
                     f"¥{line.price}", f"¥{line.amount:,.2f}"])
            day, sold = said, sold + 1
    out.row(["", "", "合计", "", "", f"¥{sum(o.goods for o in made):,.2f}"])
    told = truth(made)
    return out.text.encode("gb18030"), Expected(
        outcome="asked", question="role", answers={"user": "客户姓名"}, table="events",
        rows_in=sold + 1, accepted=sold, exclusions={"totals_row": 1}, units=units(made),
        revenue=told["revenue"], shoppers=told["shoppers"])


@fixture(OTHER)
def a_birthday_where_the_age_is_empty() -> tuple[bytes, Expected]:
    out = Lines()
    out.header("会员卡号,性别,生日,年龄".split(","))
    for i in range(40):  # the 1900s first day stands for nothing
        out.row([f"VIP{i:05d}", "女", ["1955年3月8日", "1900-01-01", "", "1955-03-08"][i % 4],
                 ["", "", "约30岁", "未知"][i % 4]])
    return out.text.encode("gb18030"), Expected(
        table="customers", accepted=40, ages={"65+": 20, "25-34": 10, "unknown": 10})
