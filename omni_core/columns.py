"""The vocabulary: tables, the roles their columns play, and the headers real exports give them.

A *role* is what a column means ("user", "ts", "amount"); a *kind* is how its cells are read. The
synonyms are compared with headers in the form of ``normalise_header``: NFKC, lower case, no
spaces, underscores, hyphens or bracketed units.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from omni_core.i18n import N_


@dataclass(frozen=True, slots=True)
class Role:
    """One meaning a column can have; ``label`` is a message id, ``synonyms`` are raw headers."""

    name: str
    kind: str  # id | time | date | number | count | text | word | event | flag | age | gender
    label: str
    synonyms: tuple[str, ...]
    personal: bool = False


ROLES: dict[str, Role] = {
    r.name: r
    for r in (
        Role("user", "id", N_("Shopper"), (
            "user", "user id", "userid", "uid", "visitorid", "visitor id", "customer id", "customerid",
            "customer", "buyer user id", "buyer", "shopper", "shopper id", "member id",
            "user_pseudo_id", "household_id", "account", "person id", "email", "buyer email",
            "customer email", "buyer-email", "买家会员名", "买家昵称", "下单帐号", "下单账号", "会员名",
            "会员", "用户id", "用户", "用户编号", "客户编号", "客户id", "客户", "顾客", "顾客编号", "会员id",
            "会员编号", "会员号", "会员卡号", "买家", "买家id", "买家账号", "用户名", "家庭编号",
        )),
        Role("item", "id", N_("Product"), (
            "item", "item_id", "itemid", "sku", "lineitem sku", "stockcode", "asin", "listing id",
            "product id", "productid", "product", "product code", "goods id", "商品id", "商品编号",
            "商品编码", "商家编码", "宝贝id", "货号", "商品款号", "产品编号", "产品id", "商品代码",
        )),
        Role("item_name", "text", N_("Product name"), (
            "item name", "lineitem name", "product-name", "product name", "description", "title",
            "item title", "name", "name_zh", "product title", "宝贝标题", "标题", "选购商品",
            "商品名称", "商品", "商品标题", "产品名称", "品名", "名称", "product_type",
        )),
        Role("item_name_en", "text", N_("Product name in English"), (
            "name_en", "english name", "title_en", "英文名", "英文名称", "商品英文名",
        )),
        Role("ts", "time", N_("Time"), (
            "time", "timestamp", "ts", "date", "datetime", "created at", "created", "created_at",
            "event time", "event_timestamp", "event_time", "paid at", "purchase-date", "purchase date",
            "sale date", "invoicedate", "order date", "order time", "transaction_timestamp",
            "transaction date", "visited at", "订单创建时间", "订单付款时间", "下单时间", "下单日期",
            "订单提交时间", "买家付款时间", "订单成交时间", "付款时间", "时间", "日期", "访问时间",
            "浏览时间", "行为时间", "交易时间", "评价时间", "评论时间", "创建时间", "成交时间", "发送日期时间",
        )),
        Role("event", "event", N_("What happened"), (
            "event", "event_name", "event type", "event_type", "behavior", "behavior_type",
            "behaviour", "action", "action type", "行为类型", "行为", "事件", "事件类型", "动作", "操作",
        )),
        Role("order", "id", N_("Order number"), (
            "order", "order id", "order number", "transactionid", "order no",
            "order #", "invoiceno", "invoice", "basket_id", "订单编号", "订单号",
            "主订单编号", "交易号", "单号", "订单id", "交易编号",
        )),
        Role("line", "id", N_("Order line number"), (
            "order-item-id", "order line id", "line id", "子订单编号", "子订单号",
            "event id", "事件id",
            # Etsy's number of a line; where no order number stands beside it, it is the order's
            "transaction id",
        )),
        Role("quantity", "number", N_("Quantity"), (
            "quantity", "qty", "lineitem quantity", "quantity-purchased", "items", "number of items",
            "购买数量", "订购数量", "商品数量(件)", "商品数量", "宝贝总数量", "数量", "件数",
        )),
        Role("price", "number", N_("Unit price"), (
            "price", "unit price", "unitprice", "lineitem price", "商品单价", "单价", "价格", "京东价",
            "售价", "销售价",
        )),
        Role("amount", "number", N_("Line amount"), (
            "amount", "line amount", "line total", "item-price", "sales_value", "sales", "金额",
            "商品金额", "商品总价(元)", "销售额", "实付金额", "小计", "成交金额", "行金额",
        )),
        Role("total", "number", N_("Order total"), (
            "total", "order total", "order value", "grand total", "grand total (purchased)",
            "total amount", "paid amount", "买家实际支付金额", "用户实付金额(元)", "用户实付金额",
            "订单实付金额", "应付金额", "订单应付金额", "订单金额", "总金额", "实收金额", "订单总额",
        )),
        Role("shipping", "number", N_("Shipping"), (
            "shipping", "shipping-price", "postage", "freight", "运费", "邮费", "邮费(元)",
            "买家应付邮费",
        )),
        Role("discount", "number", N_("Discount"), (
            "discount", "discount amount", "优惠金额", "折扣", "优惠", "店铺优惠折扣(元)",
        )),
        Role("refund", "number", N_("Refunded amount"), (
            "refund", "refund amount", "refunded", "refunded amount", "退款金额", "退款", "已退金额",
        )),
        Role("coupon", "word", N_("Coupon"), (
            "coupon", "coupon code", "discount code", "优惠券", "优惠码", "优惠券码名称",
        )),
        Role("status", "word", N_("Order status"), (
            "status", "order status", "financial status", "state", "订单状态", "状态", "交易状态",
        )),
        Role("currency", "word", N_("Currency"), ("currency", "币种", "货币")),
        Role("channel", "word", N_("Channel"), (
            "channel", "source", "sales-channel", "sales channel", "traffic source", "渠道",
            "流量来源", "订单来源", "订单渠道", "来源", "来源渠道",
        )),
        Role("session", "id", N_("Session"), ("session", "session id", "session_id", "会话", "会话id")),
        Role("query", "text", N_("Search words"), ("query", "search term", "keyword", "搜索词", "关键词")),
        Role("category", "word", N_("Category"), (
            "category", "product category", "product_category", "department", "类目", "品类", "分类",
            "商品类目", "商品分类", "类别", "产品类别",
        )),
        Role("category_en", "word", N_("Category in English"), ("category_en", "英文类目", "英文分类")),
        Role("brand", "word", N_("Brand"), ("brand", "vendor", "品牌")),
        Role("cost", "number", N_("Cost"), ("cost", "unit cost", "cost per item", "成本", "成本价", "进价")),
        Role("stock", "number", N_("Stock"), (
            "stock", "inventory", "inventory qty", "on hand", "库存", "库存数量",
        )),
        Role("age", "age", N_("Age"), ("age", "年龄", "age group", "age band", "age_range", "年龄段", "岁数")),
        Role("birth_date", "date", N_("Birthday"), (
            "birthday", "birth date", "birth_date", "date of birth", "dob", "出生日期", "生日",
        )),
        Role("gender", "gender", N_("Gender"), ("gender", "sex", "性别")),
        Role("city", "word", N_("City"), ("city", "town", "城市", "所在城市")),
        Role("first_seen", "time", N_("First seen"), (
            "first seen", "registered at", "registered_at", "signup date", "created on",
            "profile created on", "注册时间", "注册日期", "首次访问",
        )),
        Role("consent_email", "flag", N_("Consents to e-mail"), (
            "consent_email", "accepts email marketing", "accepts marketing", "email consent",
            "email marketing consent", "email opt in", "同意邮件", "接受邮件营销", "邮件订阅",
        )),
        Role("consent_sms", "flag", N_("Consents to SMS"), (
            "consent_sms", "accepts sms marketing", "sms consent", "sms opt in", "同意短信",
            "接受短信营销", "短信订阅",
        )),
        Role("segment", "word", N_("Segment"), (
            "segment", "customer group", "member level", "tier", "会员等级", "客户分组", "会员级别",
            "客户等级", "人群",
        )),
        Role("browsing_count", "count", N_("Browsing count"), (
            "browsing_count", "browsing count", "browse count", "views", "page views", "pageviews",
            "visits", "浏览次数", "浏览量", "访问次数", "浏览数",
        )),
        Role("rating", "number", N_("Rating"), (
            "rating", "stars", "score", "评分", "星级", "打分", "评价星级",
        )),
        Role("text", "text", N_("Text"), (
            "text", "review", "comment", "content", "body", "message", "utterance", "sentence", "评价",
            "评论", "评价内容", "评论内容", "内容", "消息", "消息内容", "留言", "文本",
        )),
        Role("intent", "word", N_("Intent"), ("intent", "label", "意图", "标签")),
        Role("campaign", "word", N_("Campaign"), (
            "campaign", "campaign id", "campaign_id", "campaign name", "活动", "活动名称", "营销活动",
            "活动编号",
        )),
        Role("sent_at", "time", N_("Sent at"), (
            "sent at", "sent_at", "send time", "sent", "send date", "发送时间", "推送时间", "触达时间",
        )),
        Role("arm", "word", N_("Group of the test"), (
            "arm", "variant", "test group", "treatment", "组别", "分组", "实验组",
        )),
        Role("responded_at", "time", N_("Responded at"), (
            "responded at", "responded_at", "redemption_date", "response time", "converted at",
            "响应时间", "核销时间", "转化时间",
        )),
        Role("outcome", "word", N_("Outcome"), (
            "outcome", "responded", "response", "converted", "结果", "是否响应", "是否转化",
        )),
    )
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table that files are imported into: what it must have and what it may have."""

    name: str
    label: str
    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles of the table, the required ones first."""
        return self.required + self.optional


TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table("events", N_("Behaviour or order lines"), ("user", "item", "ts"), (
            "event", "order", "line", "quantity", "price", "amount", "total", "shipping",
            "discount", "refund", "coupon", "status", "currency", "channel", "session", "query",
            "item_name", "category", "brand", "rating",
        )),
        Table("orders", N_("Orders"), ("user", "order", "ts"), (
            "status", "total", "shipping", "discount", "refund", "coupon", "currency", "channel",
            "quantity",
        )),
        Table("customers", N_("Customers"), ("user",), (
            "age", "birth_date", "gender", "city", "channel", "first_seen", "consent_email",
            "consent_sms", "segment", "rating", "browsing_count",
        )),
        Table("products", N_("Products"), ("item",), (
            "item_name", "item_name_en", "category", "category_en", "brand", "price", "cost",
            "stock",
        )),
        Table("sends", N_("Campaign sends"), ("campaign", "user", "sent_at"), (
            "arm", "responded_at", "outcome",
        )),
        Table("reviews", N_("Reviews"), ("item", "rating"), ("user", "ts", "text")),
        Table("messages", N_("Service messages"), ("text",), ("user", "ts", "intent")),
    )
}

# The kinds of event, in the order a shopper usually passes them, and the words files use for them.
EVENTS: dict[str, tuple[str, ...]] = {
    "impression": ("impression", "exposure", "曝光", "展现"),
    "click": ("click", "clk"),
    "view": ("view", "pv", "view_item", "page_view", "product_view", "detail", "浏览", "点击", "查看", "访问"),
    "search": ("search", "view_search_results", "搜索"),
    "favourite": ("favourite", "favorite", "fav", "wishlist", "add_to_wishlist", "like", "收藏", "关注"),
    "cart": ("cart", "addtocart", "add_to_cart", "add to cart", "加购", "加入购物车", "购物车"),
    "purchase": ("purchase", "buy", "transaction", "order", "sale", "购买", "下单", "成交", "支付", "付款"),
    "refund": ("refund", "return", "退款", "退货"),
}
EVENT_LABELS: dict[str, str] = {
    "impression": N_("Impression"), "click": N_("Click"), "view": N_("View"),
    "search": N_("Search"), "favourite": N_("Favourite"), "cart": N_("Cart"),
    "purchase": N_("Purchase"), "refund": N_("Refund"),
}

_UNIT = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_GLUE = re.compile(r"[\s_\-./#*:\"']+")


def normalise_header(header: str) -> str:
    """Return a header's comparable form: NFKC, lower case, without units, spaces or marks."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").strip().lower()
    bare = _GLUE.sub("", _UNIT.sub("", text))
    return bare or _GLUE.sub("", text)


SYNONYMS: dict[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(normalise_header(s) for s in (name, *role.synonyms)))
    for name, role in ROLES.items()
}
