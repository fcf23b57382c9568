"""Shops, markets and tills of many countries; bills and advertising reports, which are no sales.

Headers from memory, so each group says that it is unconfirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.shop import Line, Order, first, orders, truth, units

Row = dict[str, Any]
_NO_REFUNDS = "paid paid paid paid paid unpaid cancelled"


def _made(header: str, made: list[Order], rows: Callable[[Order], list[Row]],
          delimiter: str = ",", above: str = "") -> Lines:
    """Write the rows that each order becomes under a header of that many columns."""
    names = header.split("|")
    out = Lines(delimiter=delimiter)
    if above:
        out.raw(above)
    out.header(names)
    for o in made:
        for row in rows(o):
            unknown = set(row) - set(names)
            assert not unknown, unknown
            out.row([row.get(name, "") for name in names])
    return out


def _read(out: Lines, made: list[Order], encoding: str = "utf-8", hours: int = 8, **more: Any
          ) -> tuple[bytes, Expected]:
    told: dict[str, Any] = {"table": "events", "rows_in": out.rows, "accepted": out.rows,
                            "first": first(made, hours), "units": units(made)} | truth(made)
    return out.text.encode(encoding), Expected(**(told | more))


def _paid(made: list[Order]) -> Decimal:
    return sum((o.total for o in made if o.state == "paid"), Decimal(0))


def _words(**by_state: str) -> Mapping[str, str]:
    return by_state


STRIPE = ("id|Created date (UTC)|Amount|Amount Refunded|Currency|Captured|Converted Amount|"
          "Converted Amount Refunded|Converted Currency|Decline Reason|Description|Fee|"
          "Refunded date (UTC)|Statement Descriptor|Status|Seller Message|Taxes On Fee|Card ID|"
          "Customer ID|Customer Description|Customer Email|Invoice ID|Transfer")


@fixture("Stripe: payments", "unified_payments.csv", confirmed=False)
def payments_with_failed_ones_and_refunds() -> tuple[bytes, Expected]:
    made = orders(70, 90)
    words = _words(paid="Paid", unpaid="requires_payment_method", cancelled="Failed",
                   refunded="Refunded")
    out = _made(STRIPE, made, lambda o: [{
        "id": f"ch_3N{o.number}", "Created date (UTC)": f"{o.ts:%Y-%m-%d %H:%M:%S}",
        "Amount": o.total, "Amount Refunded": o.total if o.state == "refunded" else "0.00",
        "Currency": "usd", "Captured": "true", "Converted Amount": o.total * 7,
        "Converted Currency": "usd", "Fee": "0.59", "Status": words[o.state],
        "Customer ID": f"cus_{o.buyer}", "Customer Email": f"b{o.buyer}@mail.example",
        "Description": "Payment for order"}])
    return _read(out, made, hours=0, table="orders", units=None, revenue=_paid(made),
                 currency="USD", notes=("no_items",))


PAYPAL = ("Date|Time|TimeZone|Name|Type|Status|Currency|Gross|Fee|Net|From Email Address|"
          "To Email Address|Transaction ID|Shipping Address|Item Title|Item ID|"
          "Shipping and Handling Amount|Sales Tax|Reference Txn ID|Invoice Number|Quantity|"
          "Receipt ID|Balance|Address Line 1|Country|Contact Phone Number|Subject|Note")
PAYPAL_DE = ("Datum|Uhrzeit|Zeitzone|Name|Typ|Status|Währung|Brutto|Gebühr|Netto|"
             "Absender E-Mail-Adresse|Empfänger E-Mail-Adresse|Transaktionscode|Lieferadresse|"
             "Artikelbezeichnung|Artikelnummer|Guthaben|Auswirkung auf Guthaben")


def _statement(out: Lines, encoding: str = "utf-8-sig") -> tuple[bytes, Expected]:
    return out.text.encode(encoding), Expected("refused", code="account_statement")


@fixture("PayPal: activity", "Download.CSV", confirmed=False)
def an_account_with_transfers_and_fees() -> tuple[bytes, Expected]:
    return _statement(_made(PAYPAL, orders(71), lambda o: [
        {"Date": f"{o.ts:%m/%d/%Y}", "Time": f"{o.ts:%H:%M:%S}", "TimeZone": "PST",
         "Name": f"Buyer {o.buyer}", "Type": kind, "Status": "Completed", "Currency": "USD",
         "Gross": sign * o.total, "Fee": "-0.59", "Net": sign * o.total, "Balance": o.number,
         "Transaction ID": f"{o.number}A{sign}", "From Email Address": f"b{o.buyer}@mail.example"}
        for sign, kind in ((1, "Express Checkout Payment"), (-1, "General Withdrawal"))]))


@fixture("PayPal: activity", "Download.CSV", confirmed=False)
def an_account_in_german() -> tuple[bytes, Expected]:
    return _statement(_made(PAYPAL_DE, orders(72), lambda o: [
        {"Datum": f"{o.ts:%d.%m.%Y}", "Uhrzeit": f"{o.ts:%H:%M:%S}", "Typ": "Handyzahlung",
         "Name": f"Käufer {o.buyer}", "Status": "Abgeschlossen", "Währung": "EUR",
         "Brutto": f"{o.total}".replace(".", ","), "Gebühr": "-0,59", "Netto": "9,00",
         "Transaktionscode": f"{o.number}X", "Guthaben": "100,00"}]))


_ALIPAY = ("支付宝（中国）网络技术有限公司  电子客户回单\r\n导出信息：\r\n姓名：王小明\r\n"
           "起始时间：[2026-03-01 00:00:00]    终止时间：[2026-03-31 23:59:59]\r\n"
           "------------------------支付宝（中国）网络技术有限公司  电子客户回单------------------------")


@fixture("Alipay: bill", "alipay_record.csv", confirmed=False)
def a_bill_with_what_comes_in_and_goes_out() -> tuple[bytes, Expected]:
    header = ("交易时间|交易分类|交易对方|对方账号|商品说明|收/支|金额|收/付款方式|交易状态|交易订单号|"
              "商家订单号|备注|")
    return _statement(_made(header, orders(73), lambda o: [
        {"交易时间": f"{o.ts:%Y-%m-%d %H:%M:%S}", "交易分类": "日用百货", "交易对方": f"买{o.buyer}",
         "商品说明": o.lines[0].name, "收/支": ("支出", "收入", "不计收支")[o.number % 3],
         "金额": o.total, "收/付款方式": "余额", "交易状态": "交易成功",
         "交易订单号": f"2026{o.number}\t"}], above=_ALIPAY), "gb18030")


@fixture("WeChat Pay: bill", "微信支付账单.csv", confirmed=False)
def a_bill_of_wechat() -> tuple[bytes, Expected]:
    above = ("微信支付账单明细,,,,,,,,\r\n微信昵称：[小明],,,,,,,,\r\n共100笔记录,,,,,,,,\r\n"
             "----------------------微信支付账单明细列表--------------------,,,,,,,,")
    header = "交易时间|交易类型|交易对方|商品|收/支|金额(元)|支付方式|当前状态|交易单号|商户单号|备注"
    return _statement(_made(header, orders(74), lambda o: [
        {"交易时间": f"{o.ts:%Y-%m-%d %H:%M:%S}", "交易类型": "商户消费", "交易对方": f"买{o.buyer}",
         "商品": o.lines[0].name, "收/支": "收入" if o.number % 2 else "支出",
         "金额(元)": f"¥{o.total}", "支付方式": "零钱", "当前状态": "支付成功",
         "交易单号": f"1000{o.number}\t", "备注": "/"}], above=above))


@fixture("WeChat Pay: bill", "微信支付商户账单.csv", confirmed=False)
def a_shops_bill_with_a_backtick_before_each_cell() -> tuple[bytes, Expected]:
    made = orders(79, shipping=False, discount=False, states="paid")
    header = "交易时间|商户号|微信订单号|用户标识|交易状态|货币种类|订单金额"
    out = _made(header, made, lambda o: [
        {"交易时间": f"`{o.ts:%Y-%m-%d %H:%M:%S}", "商户号": "`1900000109",
         "微信订单号": f"`42000{o.number:023d}", "用户标识": f"`o{o.buyer}",
         "交易状态": "`SUCCESS", "货币种类": "`CNY", "订单金额": f"`{o.total}"}])
    return _read(out, made, table="orders", units=None)


EBAY = ("Sales Record Number|Order Number|Buyer Username|Buyer Name|Buyer Email|Buyer Note|"
        "Buyer City|Buyer Zip|Ship To Name|Item Number|Item Title|Custom Label|Quantity|Sold For|"
        "Shipping And Handling|Total Price|Payment Method|Sale Date|Paid On Date|Ship By Date|"
        "Shipped On Date|Feedback Left|Variation Details|Transaction ID")


@fixture("eBay: orders", "eBay-OrdersReport.csv", confirmed=False)
def a_blank_row_under_the_header_and_a_count_below() -> tuple[bytes, Expected]:
    made = orders(75, 50, shipping=False, discount=False, states="paid")
    names = EBAY.split("|")
    out = Lines()
    out.raw("")
    out.header(names)
    out.row([""] * len(names))
    for o in made:
        for i, line in enumerate(o.lines):
            row = {
                "Sales Record Number": o.number * 10 + i, "Order Number": f"12-{o.number}-777",
                "Buyer Username": f"buyer_{o.buyer}", "Buyer Name": f"Ann {o.buyer}",
                "Buyer Email": f"b{o.buyer}@mail.example", "Item Number": f"2255{line.item}",
                "Item Title": line.name_en, "Quantity": line.quantity,
                "Sold For": f"${line.price}", "Shipping And Handling": "$0.00",
                "Total Price": f"${o.total}", "Sale Date": f"{o.ts:%b-%d-%y}",
                "Paid On Date": f"{o.ts:%b-%d-%y}", "Transaction ID": f"9{o.number}{i}"}
            out.row([row.get(name, "") for name in names])
    lines = out.rows - 1
    out.raw("")
    out.raw(f"{lines},record(s) downloaded,from,Mar-01-26,to,Apr-30-26")
    out.raw("Seller ID : teashop")
    return out.text.encode("utf-8-sig"), Expected(
        table="events", accepted=lines, rows_in=lines + 3, currency="USD", units=units(made),
        rejects=[(out.rows + 4, "short_row"), (out.rows + 5, "short_row")],
        exclusions={"blank_row": 1}, **truth(made))


WIX = ("Order number|Date created|Time|Total order quantity|Contact email|Note to customer|Item|"
       "Variant|SKU|Qty|Quantity refunded|Price|Weight|Custom text|Delivery method|Recipient name|"
       "Recipient phone|Delivery country|Delivery city|Billing name|Payment status|Payment method|"
       "Coupon code|Shipping rate|Total tax|Total|Currency|Refunded amount|Net amount|"
       "Fulfillment status|Tracking number")


@fixture("Wix: orders", "Orders.csv", confirmed=False)
def order_totals_repeated_on_each_line_and_time_in_a_column_of_its_own() -> tuple[bytes, Expected]:
    made = orders(76, 80)
    words = _words(paid="Paid", unpaid="Unpaid", cancelled="Canceled", refunded="Refunded")

    def rows(o: Order) -> list[Row]:
        return [{
            "Order number": o.number, "Date created": f"{o.ts:%b %-d, %Y}",
            "Time": f"{o.ts:%-I:%M:%S %p}", "Total order quantity": o.units,
            "Contact email": f"b{o.buyer}@mail.example", "Item": line.name_en, "SKU": line.item,
            "Qty": line.quantity, "Quantity refunded": 0, "Price": line.price,
            "Delivery city": "Lyon", "Payment status": words[o.state], "Shipping rate": o.shipping,
            "Total tax": "0.00", "Total": o.total, "Currency": "EUR",
            "Refunded amount": o.total if o.state == "refunded" else "0.00",
            "Net amount": o.total, "Fulfillment status": "Fulfilled"} for line in o.lines]

    return _read(_made(WIX, made, rows), made, currency="EUR",
                 items={"A101": "Ceramic tea cup"})


@fixture("PrestaShop: orders", "order.csv", confirmed=False)
def a_list_of_orders_with_semicolons() -> tuple[bytes, Expected]:
    made = orders(77, 80, shipping=False)
    words = _words(paid="Payment accepted", unpaid="Awaiting bank wire payment",
                   cancelled="Canceled", refunded="Refunded")
    out = _made("ID|Reference|New client|Delivery|Customer|Total|Payment|Status|Date", made,
                lambda o: [{
                    "ID": o.number, "Reference": f"XKB{o.number}", "New client": o.number % 2,
                    "Delivery": "France", "Customer": f"J. DOE{o.buyer}",
                    "Total": f"{o.total} €".replace(".", ","), "Payment": "Bank transfer",
                    "Status": words[o.state], "Date": f"{o.ts:%Y-%m-%d %H:%M:%S}"}], delimiter=";")
    return _read(out, made, table="orders", units=None, currency="EUR")


SQUARESPACE = ("Order ID|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Currency|"
               "Subtotal|Shipping|Taxes|Amount Refunded|Total|Discount Code|Discount Amount|"
               "Shipping Method|Created at|Lineitem quantity|Lineitem name|Lineitem price|"
               "Lineitem sku|Lineitem variant|Lineitem requires shipping|Lineitem taxable|"
               "Lineitem fulfillment status|Billing Name|Billing Address1|Billing City|"
               "Billing Zip|Billing Phone|Payment Method|Payment Reference|Channel Name")


@fixture("Squarespace: orders", "orders.csv", confirmed=False)
def totals_on_the_first_line_of_an_order() -> tuple[bytes, Expected]:
    made = orders(78, 80)
    words = _words(paid="PAID", unpaid="PENDING", cancelled="CANCELED", refunded="REFUNDED")

    def rows(o: Order) -> list[Row]:
        found = []
        for i, line in enumerate(o.lines):
            row: Row = {
                "Order ID": f"{o.number:05d}", "Email": f"b{o.buyer}@mail.example",
                "Created at": f"{o.ts:%Y-%m-%d %H:%M:%S} -0500",
                "Lineitem quantity": line.quantity, "Lineitem name": line.name_en,
                "Lineitem price": line.price, "Lineitem sku": line.item}
            if i == 0:
                row |= {"Financial Status": words[o.state], "Currency": "USD",
                        "Subtotal": o.goods, "Shipping": o.shipping, "Taxes": "0.00",
                        "Amount Refunded": o.total if o.state == "refunded" else "0.00",
                        "Total": o.total, "Discount Amount": o.discount,
                        "Channel Name": "web", "Billing City": "Reno"}
            found.append(row)
        return found

    return _read(_made(SQUARESPACE, made, rows), made, hours=-5, currency="USD")


ALI = ("订单编号|买家公司名|买家会员名|卖家公司名|卖家会员名|货品总价(元)|运费(元)|涨价或折扣(元)|实付款(元)|订单状态|"
       "订单创建时间|订单付款时间|发货方|收货人姓名|收货地址|邮编|联系电话|联系手机|货品标题|单价(元)|数量|单位|货号|"
       "型号|Offer ID|SKU ID|货品种类|买家留言|物流公司|运单号|发票：购货单位名称|订单批次号")


@fixture("1688: orders", "1688订单.csv", confirmed=False)
def order_cells_on_the_first_line_only() -> tuple[bytes, Expected]:
    made = orders(79, 80, states=_NO_REFUNDS)
    words = _words(paid="交易成功", unpaid="等待买家付款", cancelled="交易关闭")

    def rows(o: Order) -> list[Row]:
        found = []
        for i, line in enumerate(o.lines):
            row: Row = {"订单编号": f"2026{o.number:014d}", "货品标题": line.name, "单价(元)": line.price,
                        "数量": line.quantity, "单位": "件", "货号": line.item}
            if i == 0:
                row |= {"买家公司名": f"公司{o.buyer}", "买家会员名": f"买家{o.buyer}", "卖家会员名": "小店",
                        "货品总价(元)": o.goods, "运费(元)": o.shipping,
                        "涨价或折扣(元)": -o.discount, "实付款(元)": o.total,
                        "订单状态": words[o.state], "订单创建时间": f"{o.ts:%Y-%m-%d %H:%M:%S}"}
            found.append(row)
        return found

    return _read(_made(ALI, made, rows), made, "gb18030")


RED = ("订单号|订单状态|售后状态|取消状态|订单创建时间|订单支付时间|承诺发货时间|订单发货时间|订单完成时间|商品总数|规格ID|"
       "商品名称|规格|商家编码|商品数量|商品总价(元)|商家优惠(元)|平台优惠(元)|商品实付(元)|订单实付(元)|运费(元)|快递公司|"
       "快递单号|收件人姓名|收件人手机|收件人地址|省|市|店铺名称")


@fixture("Xiaohongshu: orders", "小红书订单.csv", confirmed=False)
def lines_without_any_buyer() -> tuple[bytes, Expected]:
    made = orders(80, 80, shipping=False, discount=False)
    words = _words(paid="已完成", unpaid="待支付", cancelled="已取消", refunded="已完成")

    def rows(o: Order) -> list[Row]:
        return [{
            "订单号": f"P{o.number:018d}", "订单状态": words[o.state],
            "售后状态": "售后完成-已退款" if o.state == "refunded" else "无售后",
            "订单创建时间": f"{o.ts:%Y-%m-%d %H:%M:%S}", "商品总数": o.units,
            "规格ID": f"65a{line.item}", "商品名称": line.name, "商家编码": line.item,
            "商品数量": line.quantity, "商品总价(元)": line.amount, "商品实付(元)": line.amount,
            "订单实付(元)": o.total, "运费(元)": "0.00", "收件人姓名": "王*", "收件人手机": "138****1234",
            "市": "杭州市"} for line in o.lines]

    return _read(_made(RED, made, rows), made, "utf-8-sig", shoppers=0, notes=("no_buyer",))


SHOPEE = ("Order ID|Order Status|Cancel reason|Return / Refund Status|Tracking Number*|"
          "Shipping Option|Shipment Method|Estimated Ship Out Date|Ship Time|Order Creation Date|"
          "Order Paid Time|Parent SKU Reference No.|Product Name|SKU Reference No.|"
          "Variation Name|Original Price|Deal Price|Quantity|Returned quantity|Product Subtotal|"
          "Total Discount(SGD)|Buyer Paid Shipping Fee|Grand Total|Estimated Shipping Fee|"
          "Username (Buyer)|Receiver Name|Phone Number|Delivery Address|City|Order Complete Time|"
          "Note")


@fixture("Shopee: orders", "Order.all.csv", confirmed=False)
def grand_totals_repeated_on_each_line() -> tuple[bytes, Expected]:
    made = orders(81, 80, discount=False, states=_NO_REFUNDS)
    words = _words(paid="Completed", unpaid="Unpaid", cancelled="Cancelled")

    def rows(o: Order) -> list[Row]:
        return [{
            "Order ID": f"2603{o.number}ABCD", "Order Status": words[o.state],
            "Estimated Ship Out Date": f"{o.ts:%Y-%m-%d %H:%M}",
            "Order Creation Date": f"{o.ts:%Y-%m-%d %H:%M}", "Product Name": line.name_en,
            "SKU Reference No.": line.item, "Original Price": line.price * 2,
            "Deal Price": line.price, "Quantity": line.quantity, "Returned quantity": 0,
            "Product Subtotal": line.amount, "Buyer Paid Shipping Fee": o.shipping,
            "Grand Total": o.total, "Username (Buyer)": f"buyer{o.buyer}",
            "Receiver Name": "A****", "Phone Number": "******12", "City": "Singapore"}
            for line in o.lines]

    return _read(_made(SHOPEE, made, rows), made, first=None)


LAZADA = ("orderItemId|orderType|Guarantee|deliveryType|lazadaId|sellerSku|lazadaSku|wareHouse|"
          "createTime|updateTime|rtsSla|ttsSla|orderNumber|invoiceRequired|deliveredDate|"
          "customerName|customerEmail|nationalRegistrationNumber|shippingName|shippingAddress|"
          "shippingPhone|shippingCity|billingName|paymentMethod|paidPrice|unitPrice|"
          "sellerDiscountTotal|shippingFee|walletCredit|itemName|variation|status|buyerFailed|"
          "refundAmount")


@fixture("Lazada: orders", "lazada_orders.csv", confirmed=False)
def one_row_a_piece_with_semicolons() -> tuple[bytes, Expected]:
    made = orders(82, 60, shipping=False, discount=False, states=_NO_REFUNDS)
    words = _words(paid="confirmed", unpaid="unpaid", cancelled="canceled")

    def rows(o: Order) -> list[Row]:
        return [{
            "orderItemId": f"{o.number}{i}{piece}", "orderType": "Normal", "lazadaId": 999,
            "sellerSku": line.item, "lazadaSku": f"L{line.item}",
            "createTime": f"{o.ts:%d %b %Y %H:%M}", "updateTime": f"{o.ts:%d %b %Y %H:%M}",
            "orderNumber": o.number, "customerName": f"Tan {o.buyer}",
            "customerEmail": f"b{o.buyer}@mail.example", "paidPrice": line.price,
            "unitPrice": line.price, "sellerDiscountTotal": 0, "shippingFee": 0,
            "itemName": line.name_en, "status": words[o.state]}
            for i, line in enumerate(o.lines) for piece in range(line.quantity)]

    return _read(_made(LAZADA, made, rows, delimiter=";"), made, first=None, units=None)


MERCADO = ("# de venta|Fecha de venta|Estado|Descripción del estado|Unidades|"
           "Ingresos por productos (CLP)|Cargo por venta e impuestos|Ingresos por envío (CLP)|"
           "Costos de envío|Anulaciones y reembolsos (CLP)|Total (CLP)|Venta por publicidad|SKU|"
           "# de publicación|Título de la publicación|Variante|"
           "Precio unitario de venta de la publicación (CLP)|Tipo de publicación|Comprador|DNI|"
           "Domicilio|Ciudad|Forma de entrega")
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio")


@fixture("Mercado Libre: sales", "Ventas_CL_Mercado_Libre.csv", confirmed=False)
def spanish_dates_in_words_under_a_title() -> tuple[bytes, Expected]:
    made = orders(83, 50, shipping=False, discount=False, states="paid paid paid cancelled")
    one = [Order(o.number, o.buyer, o.ts, o.state, (
        Line(o.lines[0].item, o.lines[0].name, o.lines[0].name_en, o.lines[0].quantity,
             Decimal(o.lines[0].price * 100)),), o.shipping, o.discount) for o in made]

    def rows(o: Order) -> list[Row]:
        (line,) = o.lines
        return [{
            "# de venta": f"20000{o.number}",
            "Fecha de venta": f"{o.ts.day} de {_MONTHS[o.ts.month - 1]} de {o.ts:%Y %H:%M} hs.",
            "Estado": "Entregado" if o.state == "paid" else "Venta cancelada",
            "Unidades": line.quantity, "Ingresos por productos (CLP)": f"{line.amount:.0f}",
            "Total (CLP)": f"{line.amount:.0f}", "SKU": line.item,
            "# de publicación": f"MLC{line.item}", "Título de la publicación": line.name_en,
            "Precio unitario de venta de la publicación (CLP)": f"{line.price:.0f}",
            "Comprador": f"Ana {o.buyer}"}]

    out = _made(MERCADO, one, rows, above="Ventas del 1 de marzo al 30 de abril de 2026" + "," * 22)
    return _read(out, one, first=None, currency="CLP")


SQUARE = ("Date|Time|Time Zone|Category|Item|Qty|Price Point Name|SKU|Modifiers Applied|"
          "Gross Sales|Discounts|Net Sales|Tax|Transaction ID|Payment ID|Device Name|Notes|"
          "Details|Event Type|Location|Dining Option|Customer ID|Customer Name|"
          "Customer Reference ID|Unit|Count|Itemization Type")


@fixture("Square: item sales", "items-2026-03-01.csv", confirmed=False)
def net_sales_and_refunds_below_zero() -> tuple[bytes, Expected]:
    made = orders(84, 60, shipping=False, discount=False, states="paid paid paid refunded")

    def rows(o: Order) -> list[Row]:
        found = []
        for sign, kind in ((1, "Payment"), (-1, "Refund")):
            if sign < 0 and o.state != "refunded":
                continue
            for line in o.lines:
                off = Decimal("1.00") * sign
                found.append({
                    "Date": f"{o.ts:%m/%d/%y}", "Time": f"{o.ts:%H:%M:%S}",
                    "Time Zone": "Eastern Time (US & Canada)", "Category": "Home",
                    "Item": line.name_en, "Qty": f"{sign * line.quantity}.0", "SKU": line.item,
                    "Gross Sales": f"${sign * line.amount}".replace("$-", "-$"),
                    "Discounts": f"${-off}".replace("$-", "-$"),
                    "Net Sales": f"${sign * line.amount - off}".replace("$-", "-$"),
                    "Tax": "$0.00", "Transaction ID": f"TX{o.number}" + ("R" if sign < 0 else ""),
                    "Payment ID": f"PY{o.number}", "Event Type": kind, "Location": "Main St",
                    "Customer ID": f"CU{o.buyer}", "Unit": "ea", "Count": 1,
                    "Itemization Type": "Physical Good"})
        return found

    out = _made(SQUARE, made, rows)
    sold = sum((o.goods - len(o.lines) for o in made if o.state == "paid"), Decimal(0))
    return _read(out, made, first=None, units=None, revenue=sold, currency="USD", orders=None)


ECWID = ("order_number|order_date|payment_status|fulfillment_status|email|customer_name|"
         "shipping_city|currency|subtotal|order_discount|shipping_cost|tax|order_total|"
         "refunded_amount|item_sku|item_name|item_quantity|item_price|item_options|coupon_code")


@fixture("Ecwid: orders", "orders.csv", confirmed=False)
def a_row_a_line_with_the_order_on_each() -> tuple[bytes, Expected]:
    made = orders(85, 60)
    words = _words(paid="PAID", unpaid="AWAITING_PAYMENT", cancelled="CANCELLED",
                   refunded="REFUNDED")

    def rows(o: Order) -> list[Row]:
        return [{
            "order_number": o.number, "order_date": f"{o.ts:%Y-%m-%d %H:%M:%S} +0000",
            "payment_status": words[o.state], "fulfillment_status": "SHIPPED",
            "email": f"b{o.buyer}@mail.example", "currency": "GBP", "subtotal": o.goods,
            "order_discount": o.discount, "shipping_cost": o.shipping, "order_total": o.total,
            "refunded_amount": o.total if o.state == "refunded" else "0.00",
            "item_sku": line.item, "item_name": line.name_en, "item_quantity": line.quantity,
            "item_price": line.price} for line in o.lines]

    return _read(_made(ECWID, made, rows), made, hours=0, currency="GBP")


@fixture("Google Ads and Meta Ads: reports", "Campaign report.csv", confirmed=False)
def campaigns_of_google_with_titles_and_totals() -> tuple[bytes, Expected]:
    header = ("Campaign status|Campaign|Budget|Budget type|Currency code|Status|Campaign type|"
              "Impr.|Clicks|CTR|Avg. CPC|Cost|Conversions|Conv. rate|Cost / conv.")
    out = _made(header, orders(86, 30), lambda o: [{
        "Campaign status": "Enabled", "Campaign": f"Spring {o.number}", "Budget": "20.00",
        "Currency code": "EUR", "Status": "Eligible", "Impr.": f"{o.number * 7:,}",
        "Clicks": o.number, "CTR": "4.21%", "Avg. CPC": "0.31", "Cost": o.total,
        "Conversions": "3.00"}], above="Campaign report\r\nMarch 1, 2026 - March 31, 2026")
    out.row(["Total: Campaigns", " --", "600", "", "", "", "", "99,999", "9,999"])
    return out.text.encode("utf-16"), Expected("refused", code="aggregated")


@fixture("Google Ads and Meta Ads: reports", "ads.csv", confirmed=False)
def campaigns_of_meta() -> tuple[bytes, Expected]:
    header = ("Reporting starts|Reporting ends|Campaign name|Campaign delivery|Attribution setting|"
              "Results|Result indicator|Reach|Impressions|Cost per results|Ad set budget|"
              "Ad set budget type|Amount spent (USD)|Ends|Purchases|Purchase ROAS")
    out = _made(header, orders(87, 30), lambda o: [{
        "Reporting starts": f"{o.ts:%Y-%m-%d}", "Reporting ends": f"{o.ts:%Y-%m-%d}",
        "Campaign name": f"Spring {o.number}", "Campaign delivery": "active", "Results": 7,
        "Reach": o.number, "Impressions": o.number * 3, "Cost per results": "1.20",
        "Amount spent (USD)": o.total, "Ends": "Ongoing", "Purchases": 4}])
    return out.text.encode(), Expected("refused", code="aggregated")


@fixture("Google Ads and Meta Ads: reports", "推广报表.csv", confirmed=False)
def a_report_of_a_chinese_advertising_account() -> tuple[bytes, Expected]:
    out = _made("日期|计划名称|展现量|点击量|点击率|花费|平均点击花费|总成交金额|总成交笔数|投入产出比", orders(88, 30),
                lambda o: [{"日期": f"{o.ts:%Y-%m-%d}", "计划名称": "春季", "展现量": o.number * 9,
                            "点击量": o.number, "点击率": "5.10%", "花费": o.shipping,
                            "平均点击花费": "0.8", "总成交金额": o.total, "总成交笔数": 2}])
    return out.text.encode("gb18030"), Expected("refused", code="aggregated")
