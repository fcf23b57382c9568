"""Taobao, JD, Pinduoduo, Douyin, Youzan."""

from __future__ import annotations

import csv
from decimal import Decimal

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.shop import Order, first, orders, truth, units

TAOBAO = (
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,"
    "买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,"
    "订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,"
    "订单关闭原因").split(",")
TAOBAO_ITEMS = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码".split(",")
_TAOBAO = {"paid": "交易成功", "unpaid": "等待买家付款", "cancelled": "交易关闭"}
_STATES = "paid paid paid paid unpaid cancelled"


def _number(o: Order) -> str:
    return f"2026{o.number:014d}"


def _taobao_orders(made: list[Order], masked: bool = False, sign: str = "") -> Lines:
    out = Lines()
    out.header(TAOBAO)
    for o in made:
        paid = o.state == "paid"
        row = {
            "订单编号": f'="{_number(o)}"', "买家会员名": f"买{o.buyer}**" if masked else f"买家{o.buyer}",
            "买家应付货款": f"{sign}{o.goods}", "买家应付邮费": o.shipping, "总金额": f"{sign}{o.total}",
            "买家实际支付金额": f"{sign}{o.total if paid else Decimal('0.00')}",
            "订单状态": _TAOBAO[o.state], "买家留言": "请尽快发货，\n谢谢" if o.number % 7 == 0 else "",
            "联系手机": "'138****0000", "订单创建时间": f"{o.ts:%Y-%m-%d %H:%M:%S}",
            "订单付款时间 ": f"{o.ts:%Y-%m-%d %H:%M:%S}" if paid else "0000-00-00 00:00:00",
            "宝贝标题 ": "，".join(line.name for line in o.lines), "宝贝总数量": o.units}
        out.row([row.get(h, "") for h in TAOBAO])
    return out


def _taobao_items(made: list[Order]) -> Lines:
    out = Lines()
    out.header(TAOBAO_ITEMS)
    for o in made:
        for line in o.lines:
            out.row([f'="{_number(o)}"', line.name, line.price, line.quantity, "", "颜色分类:白", "",
                     "", _TAOBAO[o.state], line.item])
    return out


def _gbk(out: Lines) -> bytes:
    return out.text.encode("gb18030")


@fixture("Taobao/Tmall: orders", "订单报表.csv")
def gbk_with_excel_cells_and_spaces_in_headers() -> tuple[bytes, Expected]:
    made = orders(20, 150, states=_STATES)
    out = _taobao_orders(made)
    return _gbk(out), Expected(
        table="orders", profile="taobao_orders", encoding="gb18030", rows_in=150, accepted=150,
        first=first(made), currency="CNY", notes=("taobao_items_too",), **truth(made))


@fixture("Taobao/Tmall: orders")
def full_width_yuan_and_masked_names() -> tuple[bytes, Expected]:
    made = orders(21, 90, states="paid")
    out = _taobao_orders(made, masked=True, sign="￥")
    return _gbk(out), Expected(
        profile="taobao_orders", rows_in=90, accepted=90, notes=("masked_buyers",), **truth(made))


@fixture("Taobao/Tmall: orders and items")
def items_join_the_orders_before_them() -> tuple[bytes, Expected, tuple[bytes, ...]]:
    made = orders(22, 90, states=_STATES)
    items = _taobao_items(made)
    return _gbk(items), Expected(
        outcome="asked", question="join_with", answers={"join_with": "before.csv"},
        table="events", profile="taobao_items", rows_in=items.rows, accepted=items.rows,
        units=units(made), items={"A101": "陶瓷茶杯"}, **truth(made)), (
            _gbk(_taobao_orders(made)),)


@fixture("Taobao/Tmall: orders and items")
def items_whose_order_is_missing() -> tuple[bytes, Expected, tuple[bytes, ...]]:
    made = orders(23, 90, states="paid")
    out = Lines()
    out.header(TAOBAO_ITEMS)
    lost = []
    for o in made:
        for line in o.lines:
            at = out.row([f'="{_number(o)}"', line.name, line.price, line.quantity, "", "", "", "",
                          _TAOBAO[o.state], line.item])
            if o is made[50]:
                lost.append((at, "order_not_found"))
    known = [o for o in made if o is not made[50]]
    return _gbk(out), Expected(
        outcome="asked", question="join_with", answers={"join_with": "before.csv"},
        rows_in=out.rows, accepted=out.rows - len(lost), rejects=lost, **truth(known)), (
            _gbk(_taobao_orders(known)),)


@fixture("Taobao/Tmall: orders and items")
def items_before_any_orders() -> tuple[bytes, Expected]:
    return _gbk(_taobao_items(orders(24, 60, states=_STATES))), Expected(
        outcome="refused", code=("orders_needed_taobao_items", "orders_needed"))


@fixture("Taobao/Tmall: orders and items")
def a_later_export_brings_states_up_to_date() -> tuple[bytes, Expected, tuple[bytes, ...]]:
    early = orders(25, 80, states=_STATES)
    late = [Order(o.number, o.buyer, o.ts, "paid" if o.state == "unpaid" else o.state, o.lines,
                  o.shipping, o.discount) for o in early]
    changed = sum(a != b for a, b in zip(early, late, strict=True))
    return _gbk(_taobao_orders(late)), Expected(
        rows_in=80, accepted=changed, exclusions={"already_in_store": 80 - changed},
        notes=("orders_updated",), **truth(late)), (_gbk(_taobao_orders(early)),)


@fixture("Taobao/Tmall: a row per product", "订单导出.csv")
def what_was_paid_stands_on_each_line() -> tuple[bytes, Expected]:
    made = orders(34, 120, states="paid paid paid cancelled", shipping=False, discount=False)
    out = Lines()
    out.raw("店铺：示例店铺  导出时间：2026-09-02 10:11:12")
    out.header("主订单编号,子订单编号,买家会员名,商品标题,商家编码,商品单价,购买数量,买家应付货款,"
               "买家实际支付金额,订单状态,退款状态,退款金额,订单创建时间".split(","))
    revenue = paid_in_all = Decimal(0)
    for o in made:
        for i, line in enumerate(o.lines):
            # a tenth off every third line, and every seventh came back
            off = Decimal("0.9") if (o.number + i) % 3 == 0 else Decimal(1)
            paid = (line.amount * off).quantize(Decimal("0.01")) if o.state == "paid" else Decimal(0)
            back = paid if paid and (o.number + 2 * i) % 7 == 0 else Decimal(0)
            state = "交易关闭" if back or o.state != "paid" else "交易成功"
            revenue, paid_in_all = revenue + paid - back, paid_in_all + paid
            out.row([f'="{_number(o)}"', f'="{_number(o)}{i}"', f"买家{o.buyer}", line.name, line.item,
                     f"￥{line.price}", line.quantity, f"￥{line.amount}", f"￥{paid:,}", state,
                     "退款成功" if back else "没有申请退款", f"￥{back}",
                     f"{o.ts:%Y-%m-%d %H:%M:%S}"])
    lines = out.rows
    out.row(["合计", "", "", "", "", "", "", "", f"￥{paid_in_all:,}", "", "", "", ""])
    return _gbk(out), Expected(
        table="events", rows_in=lines + 1, accepted=lines, exclusions={"totals_row": 1},
        first=first(made), units=sum(o.units for o in made), currency="CNY", revenue=revenue)


JD = (
    "订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,"
    "订单类型,下单帐号,客户姓名,客户地址,联系电话,订单备注,付款确认时间,订单渠道").split(",")


def _jd(seed: int, encoding: str) -> tuple[bytes, Expected]:
    made = orders(seed, 120, states=_STATES, shipping=False)
    words = {"paid": "完成", "unpaid": "等待付款", "cancelled": "已取消"}
    out = Lines()
    out.header(JD)
    for o in made:
        for line in o.lines:
            row = {"订单号": 280_000_000_000 + o.number, "商品ID": line.item, "商品名称": line.name,
                   "订购数量": line.quantity, "支付方式": "在线支付",
                   "下单时间": f"{o.ts:%Y-%m-%d %H:%M:%S}", "京东价": line.price, "订单金额": o.goods,
                   "结算金额": o.total, "余额支付": "0.00", "应付金额": o.total,
                   "订单状态": words[o.state], "下单帐号": f"jd_{o.buyer}", "客户姓名": "王**",
                   "订单渠道": "APP"}
            out.row([row.get(h, "") for h in JD])
    return out.text.encode(encoding), Expected(
        table="events", profile="jd_orders", rows_in=out.rows, accepted=out.rows,
        first=first(made), units=units(made), items={"A102": "手冲壶 600ml"}, **truth(made))


@fixture("JD: orders")
def order_amounts_repeated_on_each_line() -> tuple[bytes, Expected]:
    return _jd(26, "gb18030")


@fixture("JD: orders")
def the_same_with_a_byte_order_mark() -> tuple[bytes, Expected]:
    return _jd(27, "utf-8-sig")


PINDUODUO = (
    "商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),"
    "用户实付金额(元),商家实收金额(元),商品数量(件),发货时间,确认收货时间,商品id,商品规格,样式ID,"
    "商家编码-规格维度,商家编码-商品维度,快递单号,快递公司,售后状态,订单成交时间").split(",")


@fixture("Pinduoduo: orders", confirmed=False)
def no_buyer_and_tabs_before_values() -> tuple[bytes, Expected]:
    made = [Order(o.number, o.buyer, o.ts, o.state, o.lines[:1], o.shipping, o.discount)
            for o in orders(28, 120, states="paid paid paid cancelled refunded unpaid")]
    words = {"paid": "已发货，待收货", "unpaid": "待支付", "cancelled": "已取消",
             "refunded": "已发货，退款成功"}
    out = Lines()
    out.header(PINDUODUO)
    for o in made:
        line = o.lines[0]
        row = {"商品": line.name, "订单号": f"\t260301-{o.number:015d}", "订单状态": words[o.state],
               "商品总价(元)": o.goods, "邮费(元)": o.shipping, "店铺优惠折扣(元)": o.discount,
               "平台优惠折扣(元)": "0.00", "用户实付金额(元)": o.total, "商家实收金额(元)": o.total,
               "商品数量(件)": line.quantity, "商品id": f"\t{line.item}", "售后状态": "无售后或售后取消",
               "发货时间": "\t", "订单成交时间": f"\t{o.ts:%Y-%m-%d %H:%M:%S}"}
        out.row([row.get(h, "") for h in PINDUODUO])
    expected = truth(made) | {"shoppers": 0}
    return out.text.encode("utf-8-sig"), Expected(
        table="events", profile="pinduoduo_orders", rows_in=120, accepted=120, first=first(made),
        units=units(made), items={"A101": "陶瓷茶杯"}, notes=("no_buyer",), **expected)


DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品金额,订单应付金额,运费,收件人,"
    "收件人手机号,省,市,详细地址,买家留言,订单提交时间,支付完成时间,订单状态,售后状态,达人ID,达人昵称,流量来源"
).split(",")
_DOUYIN = {"paid": "已完成", "unpaid": "待支付", "cancelled": "已关闭"}


@fixture("Douyin: orders")
def tabs_dashes_and_ciphers() -> tuple[bytes, Expected]:
    made = orders(29, 100, states=_STATES, shipping=False, discount=False)
    out = Lines(quoting=csv.QUOTE_ALL)
    out.header(DOUYIN)
    for o in made:
        for i, line in enumerate(o.lines):
            row = {"主订单编号": f"\t69{o.number:016d}", "子订单编号": f"\t69{o.number:014d}0{i}",
                   "选购商品": line.name, "商品数量": line.quantity, "商品ID": f"\t{line.item}",
                   "商家编码": line.item, "商品金额": line.amount, "订单应付金额": line.amount,
                   "运费": "0.00", "收件人": "##aGVsbG8=##", "收件人手机号": "##MTIzNDU2##",
                   "订单提交时间": f"{o.ts:%Y-%m-%d %H:%M:%S}",
                   "支付完成时间": "-" if o.state == "unpaid" else f"{o.ts:%Y-%m-%d %H:%M:%S}",
                   "订单状态": _DOUYIN[o.state], "售后状态": "-", "达人昵称": "-", "流量来源": "直播"}
            out.row([row.get(h, "-") for h in DOUYIN])
    return out.text.encode("utf-8-sig"), Expected(
        table="events", profile="douyin_orders", rows_in=out.rows, accepted=out.rows,
        first=first(made), units=units(made), items={"A101": "陶瓷茶杯"}, notes=("no_buyer",),
        **(truth(made) | {"shoppers": 0}))


@fixture("Douyin: orders")
def several_products_packed_in_one_row() -> tuple[bytes, Expected]:
    made = orders(30, 80, states="paid", shipping=False, discount=False)
    out = Lines()
    out.header(DOUYIN)
    for o in made:
        row = {"主订单编号": f"\t69{o.number:016d}", "子订单编号": f"\t69{o.number:016d}",
               "选购商品": ";".join(line.name for line in o.lines),
               "商品数量": ";".join(str(line.quantity) for line in o.lines),
               "商品ID": ";".join(line.item for line in o.lines),
               "商家编码": ";".join(line.item for line in o.lines), "商品金额": o.goods,
               "订单应付金额": o.total, "运费": "0.00", "订单提交时间": f"{o.ts:%Y-%m-%d %H:%M:%S}",
               "订单状态": "已完成", "售后状态": "-", "流量来源": "橱窗"}
        out.row([row.get(h, "-") for h in DOUYIN])
    return out.text.encode("utf-8-sig"), Expected(
        profile="douyin_orders", rows_in=80, accepted=80, units=units(made),
        items={"A101": "陶瓷茶杯", "B007": "儿童雨衣"}, **(truth(made) | {"shoppers": 0}))


@fixture("Douyin: settlements", confirmed=False)
def a_hint_row_under_the_header() -> tuple[bytes, Expected]:
    made = orders(31, 80, states="paid", shipping=False)
    out = Lines()
    out.header(["结算时间", "订单号", "商品名称", "收入合计", "结算金额", "下单时间", "订单类型"])
    out.row([" ", " ", " ", "收入+支出", "实际到账", " ", " "])
    for o in made:
        out.row([f"{o.ts:%Y-%m-%d} 23:00:00", f"'69{o.number:016d}", o.lines[0].name, o.total,
                 o.total, f"{o.ts:%Y-%m-%d %H:%M:%S}", "普通订单"])
    return out.text.encode("utf-8-sig"), Expected(
        table="orders", profile="douyin_settlement", rows_in=81, accepted=80,
        exclusions={"hint_row": 1}, first=first(made), **(truth(made) | {"shoppers": 0}))


@fixture("Youzan: orders")
def all_names_in_one_cell() -> tuple[bytes, Expected]:
    made = orders(32, 90, states="paid paid paid cancelled", shipping=False)
    out = Lines()
    header = ("订单号,订单状态,买家付款时间,订单实付金额,全部商品名称,商品种类数,收货人/提货人,"
              "收货人手机号/提货人手机号,收货人省份,收货人城市,买家昵称,优惠券码名称,分销员").split(",")
    out.header(header)
    for o in made:
        out.row([f"E2026{o.number:016d}", "交易完成" if o.state == "paid" else "交易关闭",
                 f"{o.ts:%Y-%m-%d %H:%M:%S}", o.total, ";".join(line.name for line in o.lines),
                 len(o.lines), "王**", "138****0000", "浙江省", "杭州市", f"昵称{o.buyer}", "", ""])
    return out.text.encode("utf-8-sig"), Expected(
        table="events", profile="youzan_orders", rows_in=90, accepted=90, first=first(made),
        **truth(made))
