"""The fixed intents of a shop: their ids, their names, and a phrase for each."""

from __future__ import annotations

from omni_core.i18n import N_, _

OUT_OF_SCOPE = "out_of_scope"
# A message that asks for a person is never answered by a template.
FOR_A_PERSON = "human_agent"

# Names of the 22 ids and of out_of_scope; display with ``intent_name``.
INTENTS: dict[str, str] = {
    "greeting": N_("Greeting"),
    "track_order": N_("Where is my parcel"),
    "delivery_time": N_("When will it ship or arrive"),
    "shipping_fee": N_("Shipping fee"),
    "change_address": N_("Change the address"),
    "cancel_order": N_("Cancel an order"),
    "return_exchange": N_("Return or exchange"),
    "refund_status": N_("Where is my refund"),
    "damaged_wrong_item": N_("Damaged, wrong or missing goods"),
    "product_info": N_("Question about a product"),
    "size_advice": N_("Which size"),
    "stock": N_("Is it in stock"),
    "price_discount": N_("Price or discount"),
    "coupon": N_("Coupon"),
    "recommend": N_("Wants a recommendation"),
    "payment": N_("Payment"),
    "invoice": N_("Invoice"),
    "warranty_authentic": N_("Warranty or authenticity"),
    "membership_points": N_("Membership and points"),
    "complaint": N_("Complaint"),
    "human_agent": N_("Wants a person"),
    "thanks_bye": N_("Thanks or goodbye"),
    OUT_OF_SCOPE: N_("Not for this shop"),
}

# What the baseline of the source articles compares a message with: a label in words. The Chinese
# half is written with its words apart, since an unsegmented label shares no term with any message
# (the articles' own example scores exactly 0 on every label).
LABEL_PHRASES: dict[str, str] = {
    "greeting": "你好 打招呼 hello greeting",
    "track_order": "查询 物流 快递 包裹 track order parcel",
    "delivery_time": "发货 时间 几天 到 delivery time ship when",
    "shipping_fee": "运费 邮费 包邮 shipping fee postage",
    "change_address": "修改 收货 地址 change address",
    "cancel_order": "取消 订单 cancel order",
    "return_exchange": "退货 换货 return exchange",
    "refund_status": "退款 到账 进度 refund status money",
    "damaged_wrong_item": "商品 损坏 发错 少发 damaged wrong missing item",
    "product_info": "商品 信息 材质 功能 product information material",
    "size_advice": "尺码 建议 大小 size advice fit",
    "stock": "库存 有货 补货 stock available",
    "price_discount": "价格 便宜 打折 price discount",
    "coupon": "优惠券 优惠码 红包 coupon code voucher",
    "recommend": "推荐 商品 recommend suggest",
    "payment": "支付 付款 方式 payment pay card",
    "invoice": "发票 收据 invoice receipt",
    "warranty_authentic": "保修 正品 真伪 warranty genuine authentic",
    "membership_points": "会员 积分 等级 membership points",
    "complaint": "投诉 差评 complaint",
    "human_agent": "人工 客服 human agent person",
    "thanks_bye": "谢谢 再见 thanks bye",
}


def intent_name(intent: str) -> str:
    """Return an intent's name in the current language; an id of her own is returned as it is."""
    return _(INTENTS[intent]) if intent in INTENTS else intent
