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
            "user_pseudo_id", "household_id", "account", "person id",
            "用户id", "用户标识", "用户编号", "客户编号", "客户id", "顾客编号", "会员id",
            "会员编号", "会员号", "会员卡号", "买家id", "家庭编号",
            "client id", "clientid", "customer no", "customer number", "customer code",
            "buyer id",
            "kundennummer", "kunden-nr", "kundennr", "kunden-id", "numéro client",
            "numero de client", "identifiant client", "id client", "id cliente", "id de cliente",
            "número de cliente", "顧客id", "顧客番号", "会員番号", "会員id", "klantnummer", "회원번호", "고객번호",
            "會員編號", "顧客編號", "客戶編號", "會員帳號", "會員名", "會員名稱", "買家帳號",
            # a number beats an address: orders and people meet by it, and it survives a new address
            "email", "buyer email", "customer email", "buyer-email",
            "买家会员名", "买家昵称", "下单帐号", "下单账号", "会员名", "会员", "用户", "客户", "顾客", "买家", "买家账号", "用户名",
            "customer name id", "user name", "username", "nickname", "buyer username",
            "buyer email address", "billing email", "email address", "e-mail", "member",
            "member no", "device id", "deviceid", "cookie id", "anonymous id", "session user",
            "profile id", "contact id", "subscriber id", "klaviyo id", "person", "player id",
            "reviewerid", "customer_unique_id", "msno", "cust id", "cust_id",
            "kunde", "käufer", "benutzer", "benutzername",
            "nutzer", "e-mail-adresse", "client",
            "acheteur", "utilisateur", "adresse e-mail",
            "cliente", "comprador", "usuario",
            "correo", "correo electrónico", "correo electronico", "顧客コード",
            "ユーザーid", "ユーザー名", "ユーザー", "購入者", "お客様番号", "メールアドレス", "注文者", "買家", "買家帳號",
            "會員", "客戶", "用户名称", "客户名称编号", "买家昵称id", "支付宝账号", "买家支付宝账号",
            "openid", "unionid", "下单用户", "下单用户id", "用户账号", "客户账号", "会员卡", "手机号", "买家手机", "用户昵称", "клиент", "покупатель", "주문자", "구매자",
            "id клиента", "acquirente", "comprador", "klant", "reviewer", "author",
            "收货人手机号", "联系手机", "昵称", "会员昵称", "客户昵称", "顾客昵称", "会员名称", "客户名称", "买家名称",
            "会员账号", "客户号", "顾客号", "会员代码", "粉丝昵称", "微信昵称",
)),
        Role("item", "id", N_("Product"), (
            "item", "item_id", "itemid", "sku", "lineitem sku", "stockcode", "asin", "listing id",
            "product id", "productid", "product", "product code", "goods id", "商品id", "商品编号",
            "商品编码", "商家编码", "宝贝id", "货号", "商品款号", "产品编号", "产品id", "商品代码",
            "item number", "item no", "item code", "item sku", "variant sku", "product sku",
            "product no", "product number", "article", "article number", "article no", "movieid",
            "movie id", "track id", "book id", "isbn", "ean", "upc", "barcode", "article_id",
            "artikelnummer", "artikel-nr", "artikelnr", "artikel", "art.-nr.", "produktnummer",
            "produkt-id", "référence", "reference", "réf", "code article", "référence produit",
            "id produit", "artículo", "articulo", "código", "codigo", "código de producto",
            "id producto", "referencia", "商品コード", "商品番号", "製品番号", "品番", "型番", "商品管理番号", "商品編號",
            "商品代碼", "貨號", "宝贝编号", "商品条码", "条码", "sku编码", "规格编码", "商品sku", "商品skuid", "sku id",
            "skuid", "款号", "物料编码", "артикул", "상품코드", "상품번호", "codice articolo",
            "código do produto", "artikelcode", "sku reference no.", "商品選項貨號", "主商品貨號",
        )),
        Role("item_name", "text", N_("Product name"), (
            "item name", "lineitem name", "product-name", "product name", "description", "title",
            "item title", "name", "name_zh", "product title", "宝贝标题", "标题", "选购商品",
            "商品名称", "商品", "商品标题", "产品名称", "品名", "名称", "product_type",
            "product(s)", "item description", "product description", "goods name", "variant title",
            "produktname", "artikelname", "artikelbezeichnung", "bezeichnung", "produkt",
            "produkttitel", "nom du produit", "produit", "désignation", "article vendu", "libellé",
            "nombre del producto", "producto", "nombre del artículo", "descripción", "商品名", "製品名",
            "品目名", "品目", "商品名稱", "商品標題", "菜品", "菜品名称", "货品名称", "产品", "全部商品名称", "货品标题", "菜品信息", "товар", "наименование", "상품명", "prodotto",
            "produto", "título de la publicación", "product", "item purchased",
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
            "event date", "order_datetime", "order placed", "placed at", "order created",
            "order created at", "date created", "date added", "created date", "creation date",
            "date paid", "payment date", "paid date", "purchase time", "purchased at",
            "purchased on", "order_purchase_timestamp", "transaction time", "completed at",
            "date/time", "date time", "visit time", "viewed at", "click time", "action time",
            "log time", "day", "date completed", "order date (gmt)", "bestelldatum", "kaufdatum",
            "datum", "zeitpunkt", "zeitstempel", "uhrzeit", "rechnungsdatum", "auftragsdatum",
            "erstellt am", "verkauft am", "verkaufsdatum", "date de commande", "date commande",
            "date d'achat", "date de vente", "horodatage", "date de création", "fecha",
            "fecha de pedido", "fecha del pedido", "fecha de compra", "fecha de venta",
            "fecha y hora", "hora", "注文日時", "注文日", "購入日", "購入日時", "日時", "日付", "受注日時", "受注日", "売上日",
            "訂單日期", "訂單時間", "訂購日期", "下單時間", "時間", "建立時間", "付款時間", "支付时间", "支付日期", "购买时间", "购买日期",
            "交易日期", "交易完成时间", "消费时间", "消费日期", "订单时间", "订单日期", "订单支付时间", "支付完成时间", "销售日期", "销售时间",
            "开单时间", "发生时间", "操作时间", "记录时间", "点击时间", "日期时间", "统计日期", "create time", "order create time", "created time",
            "created date", "order creation date", "order creation time", "訂單成立日期", "訂單成立時間",
            "拼单成功时间", "дата", "дата заказа", "주문일시", "주문일", "주문일자", "결제일시", "data ordine",
            "data do pedido", "data", "besteldatum",
        )),
        Role("event", "event", N_("What happened"), (
            "event", "event_name", "event type", "event_type", "behavior", "behavior_type",
            "behaviour", "action", "action type", "行为类型", "行为", "事件", "事件类型", "动作", "操作",
            "event kind", "activity", "activity type", "interaction", "interaction type",
            "event_category", "behaviour type", "ereignis", "aktion", "événement", "evenement",
            "evento", "acción", "イベント", "行動", "イベント名", "行為", "事件名称", "事件名", "行为名称", "操作类型", "动作类型",
        )),
        Role("order", "id", N_("Order number"), (
            "order", "order id", "order number", "transactionid", "order no",
            "order #", "invoiceno", "invoice", "basket_id", "订单编号", "订单号",
            "主订单编号", "交易号", "单号", "订单id", "交易编号",
            "order_no", "order code", "order ref", "order reference", "sales order", "sale id",
            "sales record number", "receipt id", "receipt number", "receipt no", "invoice number",
            "invoice no", "invoice id", "transaction number", "order key", "increment id",
            "checkout id", "bestellnummer", "bestell-nr", "bestellnr", "auftragsnummer",
            "rechnungsnummer", "bestellung", "numéro de commande", "n° commande", "n° de commande",
            "no commande", "commande", "numéro de facture", "facture", "id commande",
            "número de pedido", "n.º de pedido", "nº de pedido", "nº pedido", "pedido",
            "id pedido", "número de factura", "factura", "注文番号", "注文id", "受注番号", "伝票番号", "訂單編號",
            "訂單號", "訂單號碼", "订单号码", "订单流水号", "交易单号", "流水号", "小票号", "单据编号", "销售单号", "平台单号", "父订单号",
            "订单sn", "# de venta", "n.º de venta", "номер заказа", "заказ", "주문번호", "numero ordine",
            "ordine", "número do pedido", "numero do pedido", "ordernummer", "bestelnummer",
        )),
        Role("line", "id", N_("Order line number"), (
            "order-item-id", "order line id", "line id", "子订单编号", "子订单号",
            "event id", "事件id",
            # Etsy's number of a line; where no order number stands beside it, it is the order's
            "transaction id",
            "order item id", "order_item_id", "lineitem id", "line item id", "line number",
            "line no", "row id", "item id in order", "子订单id", "商品单号", "明细编号", "明細番号",
            "positionsnummer",
        )),
        Role("quantity", "number", N_("Quantity"), (
            "quantity", "qty", "lineitem quantity", "quantity-purchased", "items", "number of items",
            "购买数量", "订购数量", "商品数量(件)", "商品数量", "宝贝总数量", "数量", "件数",
            "item quantity", "quantity sold", "quantity purchased", "quantity ordered",
            "qty ordered", "units", "units sold", "number of units", "count", "pieces",
            "items sold", "menge", "anzahl", "stückzahl", "stück", "quantité", "quantite", "qté",
            "nombre", "nb", "cantidad", "unidades", "cant.", "個数", "数", "注文数", "數量", "件數", "购买件数",
            "商品件数", "销量", "销售数量", "成交件数", "购买数", "份数", "成交数量", "количество", "кол-во", "수량",
            "quantità", "quantidade", "aantal", "item qty", "line qty", "ilość",
        )),
        Role("price", "number", N_("Unit price"), (
            "price", "unit price", "unitprice", "lineitem price", "商品单价", "单价", "价格", "京东价",
            "售价", "销售价",
            "item price each",  "unit price (net)", "product price",
            "item unit price", "selling price", "sale price", "price each", "einzelpreis", "preis",
            "stückpreis", "verkaufspreis", "prix unitaire", "prix", "prix de vente", "precio",
            "precio unitario", "precio de venta", "単価", "価格", "販売価格", "單價", "價格", "商品价格", "成交单价",
            "商品售价", "销售单价", "实际单价", "商品活動價格", "deal price", "цена", "판매가", "단가", "가격", "prezzo",
            "prezzo unitario", "preço", "preço unitário", "prijs", "stukprijs", "cena", "cena jednostkowa",
            "цена за единицу",
        )),
        Role("amount", "number", N_("Line amount"), (
            "amount", "line amount", "line total", "item-price", "sales_value", "sales", "金额",
            "商品金额", "商品总价(元)", "销售额", "实付金额", "小计", "成交金额", "行金额",
            "line price", "line subtotal", "line item total", "line value", "item total",
            "item subtotal", "extended price", "net sales", "gross sales", "revenue", "turnover",
            "total price", "subtotal amount", "purchase amount", "purchase amount (usd)", "spend",
            "sale amount", "sales amount", "purchase value", "value", "umsatz", "betrag",
            "positionssumme", "zeilensumme", "montant", "montant ligne", "chiffre d'affaires",
            "total ligne", "importe", "monto", "importe línea", "小計", "金額", "売上", "売上金額", "购买金额",
            "消费金额", "交易金额", "销售金额", "成交额", "支付金额", "gross",
            "gross amount", "brutto", "bruttobetrag", "net", "net amount", "netto", "nettobetrag", "商品实付", "商品总额", "商品总价", "实际支付", "实付", "实付款",
            "付款金额", "收款金额", "用户实付", "實付金額", "sold for", "сумма", "결제금액", "금액",
            "importo", "valor", "bedrag", "kwota", "paid price",
        )),
        Role("total", "number", N_("Order total"), (
            "total", "order total", "order value", "grand total", "grand total (purchased)",
            "total amount", "paid amount", "买家实际支付金额", "用户实付金额(元)", "用户实付金额",
            "订单实付金额", "应付金额", "订单应付金额", "订单金额", "总金额", "实收金额", "订单总额",
            "total price", "order amount", "order_total", "total paid", "amount paid", "net total",
            "gross total", "grand_total", "total incl tax", "total inc. tax", "order net",
            "order total amount", "payment_value", "total order value", "gesamtbetrag",
            "gesamtsumme", "gesamt", "summe", "bestellwert", "rechnungsbetrag", "montant total",
            "total ttc", "total commande", "importe total", "total pedido", "total del pedido",
            "合計", "合計金額", "総額", "請求金額", "総合計", "訂單金額", "總金額", "總計", "订单总价", "订单实付", "订单实收金额",
            "买家实付金额", "买家实际支付", "订单支付金额", "商家实收金额", "合计金额", "应收金额", "買家總支付金額", "買家支付總額", "订单实际支付金额",
            "итого", "сумма заказа", "총결제금액", "주문금액", "합계", "totale", "valor total", "totaal",
        )),
        Role("shipping", "number", N_("Shipping"), (
            "shipping", "shipping-price", "postage", "freight", "运费", "邮费", "邮费(元)",
            "买家应付邮费", "доставка", "배송비", "spedizione", "frete", "verzendkosten",
            "shipping cost", "shipping price", "shipping rate", "shipping fee", "shipping amount", "delivery fee",
            "shipping total", "shipping and handling", "freight_value", "order shipping",
            "versandkosten", "versand", "porto", "frais de port", "livraison",
            "frais de livraison", "gastos de envío", "gastos de envio", "envío", "costo de envío",
            "送料", "配送料", "運費", "配送费", "快递费", "物流费用", "运费金额",
        )),
        Role("discount", "number", N_("Discount"), (
            "discount", "discount amount", "优惠金额", "折扣", "优惠", "店铺优惠折扣(元)",
            "discount total", "total discount", "discount value", "coupon amount",
            "order discount", "订单优惠", "店铺优惠", "优惠总金额", "优惠合计", "rabatt", "nachlass", "remise", "réduction", "descuento", "割引",
            "値引き", "値引額", "折扣金額", "优惠总额", "优惠券金额", "折扣金额", "减免金额", "满减",
        )),
        Role("refund", "number", N_("Refunded amount"), (
            "refund", "refund amount", "refunded", "refunded amount", "退款金额", "退款", "已退金额",
            "refund total", "amount refunded", "total refunded", "refund value", "erstattung",
            "erstattungsbetrag", "remboursement", "montant remboursé", "reembolso",
            "importe reembolsado", "返金", "返金額", "退款總額", "退货金额", "实际退款金额", "退款成功金额",
        )),
        Role("coupon", "word", N_("Coupon"), (
            "coupon", "coupon code", "discount code", "优惠券", "优惠码", "优惠券码名称",
            "coupon(s)", "voucher", "voucher code", "promo code", "promotion code", "gutschein",
            "gutscheincode", "rabattcode", "code promo", "bon de réduction", "cupón",
            "código de descuento", "クーポン", "クーポンコード", "優惠券", "优惠券名称", "优惠活动",
        )),
        Role("status", "word", N_("Order status"), (
            "status", "order status", "state", "订单状态", "状态", "交易状态",
            "order state", "fulfillment status name", "order_status",
            "transaction status", "bestellstatus", "auftragsstatus", "statut",
            "état", "statut de la commande", "estado", "estado del pedido", "ステータス", "注文状況",
            "注文ステータス", "訂單狀態", "交易状态名称", "статус", "주문상태", "stato", "situação", "当前状态",
        )),
        Role("payment", "word", N_("Payment status"), (
            "payment status", "financial status", "payment state", "zahlungsstatus",
            "statut de paiement", "statut du paiement", "estado del pago", "estado de pago",
            "stato del pagamento", "支付状态", "付款状态", "收款状态", "付款狀態", "入金ステータス", "결제상태",
        )),
        Role("after_sale", "word", N_("After-sales status"), (
            "after-sales status", "refund status", "return status", "售后状态", "退款状态", "退货状态",
            "售后情况", "返品状況",
        )),
        Role("currency", "word", N_("Currency"), (
            "currency", "币种", "货币",
            "currency code", "order currency", "presentment currency", "währung", "devise",
            "monnaie", "moneda", "divisa", "通貨", "幣別", "幣種",
        )),
        Role("channel", "word", N_("Channel"), (
            "channel", "source", "sales-channel", "sales channel", "traffic source", "渠道",
            "流量来源", "订单来源", "订单渠道", "来源", "来源渠道",
            "sales platform", "platform", "marketplace", "utm_source", "utm source", "medium",
            "source / medium", "session source", "acquisition channel", "order source", "referrer",
            "kanal", "vertriebskanal", "quelle", "canal", "canal de vente", "canal de venta",
            "origen", "source de trafic", "チャネル", "流入元", "販売チャネル", "通路", "渠道名称", "订单渠道来源", "来源平台",
            "平台", "下单渠道", "访问来源", "推广渠道", "店铺渠道",
        )),
        Role("session", "id", N_("Session"), (
            "session", "session id", "session_id", "会话", "会话id",
            "sessionid", "user_session", "visit id", "visitid", "ga_session_id", "sitzung",
            "sesión", "セッション", "セッションid",
        )),
        Role("query", "text", N_("Search words"), (
            "query", "search term", "keyword", "搜索词", "关键词",
            "search query", "search_term", "search keyword", "suchbegriff", "recherche",
            "búsqueda", "検索語", "检索词", "搜索关键词", "搜尋詞",
        )),
        Role("category", "word", N_("Category"), (
            "category", "product category", "product_category", "department", "类目", "品类", "分类",
            "商品类目", "商品分类", "类别", "产品类别",
            "category name", "category_code", "product type", "type of product", "item category",
            "item type", "product line", "genre", "genres", "kategorie", "warengruppe",
            "produktkategorie", "catégorie", "categorie", "famille", "categoría", "categoria",
            "familia", "カテゴリ", "カテゴリー", "商品カテゴリ", "部門", "類別", "分類", "商品類別", "一级类目", "品类名称", "类目名称",
            "二级类目", "三级类目", "所属分类", "商品分组", "商品品类",
        )),
        Role("category_en", "word", N_("Category in English"), ("category_en", "英文类目", "英文分类")),
        Role("brand", "word", N_("Brand"), (
            "brand", "vendor", "品牌",
            "brand name", "manufacturer", "marke", "hersteller", "marque", "marca", "fabricante",
            "ブランド", "メーカー", "品牌名称", "品牌名",
        )),
        Role("cost", "number", N_("Cost"), (
            "cost", "unit cost", "cost per item", "成本", "成本价", "进价",
            "cost price", "purchase price", "wholesale price", "cogs", "einkaufspreis", "ek-preis",
            "prix d'achat", "coût", "coste", "costo", "precio de costo", "原価", "仕入価格", "成本價",
            "进货价", "采购价",
        )),
        Role("stock", "number", N_("Stock"), (
            "stock", "inventory", "inventory qty", "on hand", "库存", "库存数量",
            "stock quantity", "quantity in stock", "available", "available quantity",
            "stock level", "lagerbestand", "bestand", "lager", "quantité en stock", "existencias",
            "在庫", "在庫数", "庫存", "可用库存", "现有库存",
        )),
        Role("age", "age", N_("Age"), (
            "age", "年龄", "age group", "age band", "age_range", "年龄段", "岁数",
            "ages", "customer age", "age in years", "age_years", "alter", "âge", "edad", "年齢",
            "年代", "年齡", "顾客年龄", "客户年龄", "用户年龄", "会员年龄",
        )),
        Role("birth_date", "date", N_("Birthday"), (
            "birthday", "birth date", "birth_date", "date of birth", "dob", "出生日期", "生日",
            "birthdate", "date_of_birth", "birth year", "year_birth", "year of birth", "yob",
            "geburtsdatum", "geburtstag", "date de naissance", "anniversaire",
            "fecha de nacimiento", "cumpleaños", "生年月日", "誕生日", "出生年月", "出生年份", "出生日", "出生年",
            "出生年月日",
        )),
        Role("gender", "gender", N_("Gender"), (
            "gender", "sex", "性别",
            "customer gender", "geschlecht", "sexe", "genre client", "género", "genero", "sexo",
            "salutation", "anrede", "civilité", "civilite",
            "性別", "顾客性别", "客户性别", "会员性别",
        )),
        Role("city", "word", N_("City"), (
            "city", "town", "城市", "所在城市",
            "location city", "shipping city", "billing city", "customer city", "customer_city",
            "stadt", "ort", "ville", "ciudad", "localidad", "都市", "市区町村", "市", "收货城市", "收货地市",
            "客户城市",
        )),
        Role("first_seen", "time", N_("First seen"), (
            "first seen", "registered at", "registered_at", "signup date", "optin_time", "created on",
            "profile created on", "注册时间", "注册日期", "首次访问",
            "signup_date", "sign up date", "registration date", "registered", "date registered",
            "customer since", "member since", "join date", "joined", "joined at",
            "created at (utc)", "dt_customer", "registration_init_time", "registriert am",
            "kunde seit", "date d'inscription", "fecha de registro", "fecha de alta", "登録日",
            "登録日時", "会員登録日", "註冊時間", "注册日", "入会时间", "入会日期", "开卡时间", "成为会员时间",
        )),
        Role("consent_email", "flag", N_("Consents to e-mail"), (
            "consent_email", "accepts email marketing", "accepts marketing", "email consent",
            "email marketing consent", "email opt in", "同意邮件", "接受邮件营销", "邮件订阅",
            "email marketing", "email_marketing_consent", "subscribed", "newsletter",
            "email status", "email subscription status", "opt in", "opt-in", "marketing consent", "accepts_marketing",
            "newsletter abonniert", "abonné newsletter", "suscrito", "boletín", "メルマガ", "メール配信",
            "邮件订阅状态", "接收营销邮件",
        )),
        Role("consent_sms", "flag", N_("Consents to SMS"), (
            "consent_sms", "accepts sms marketing", "sms consent", "sms opt in", "同意短信",
            "接受短信营销", "短信订阅",
            "sms marketing", "sms marketing consent", "sms status", "短信订阅状态", "接收短信",
        )),
        Role("segment", "word", N_("Segment"), (
            "segment", "customer group", "member level", "tier", "会员等级", "客户分组", "会员级别",
            "客户等级", "人群",
            "customer segment", "customer_segment", "loyalty tier", "membership",
            "membership type", "loyalty level", "subscription status", "kundengruppe",
            "groupe client", "segmento", "grupo de clientes", "会員ランク", "ランク", "會員等級", "会员类型",
            "客户类型", "会员卡等级", "用户等级", "用户分层",
        )),
        Role("browsing_count", "count", N_("Browsing count"), (
            "browsing_count", "browsing count", "browse count", "views", "page views", "pageviews",
            "visits", "浏览次数", "浏览量", "访问次数", "浏览数",
            "page_views", "number of visits", "visit count", "view count", "number of views",
            "browsing times", "browses", "browse times", "pages viewed", "product views",
            "seitenaufrufe", "anzahl besuche", "pages vues", "nombre de visites", "visitas",
            "páginas vistas", "閲覧数", "閲覧回数", "訪問回数", "ページビュー", "瀏覽次數", "瀏覽量", "浏览", "浏览页数", "访问量",
            "访问数", "pv", "浏览商品数", "浏览频次",
        )),
        Role("rating", "number", N_("Rating"), (
            "rating", "stars", "score", "评分", "星级", "打分", "评价星级",
            "review rating", "review score", "review_score", "star rating", "stars given",
            "overall", "satisfaction", "satisfaction score", "bewertung", "sterne", "note",
            "évaluation", "valoración", "puntuación", "calificación", "評価", "評点", "星", "評分", "评价分",
            "满意度", "评价得分", "综合评分", "用户评分",
        )),
        Role("text", "text", N_("Text"), (
            "text", "review", "comment", "content", "body", "message", "utterance", "sentence", "评价",
            "评论", "评价内容", "评论内容", "内容", "消息", "消息内容", "留言", "文本",
            "review text", "review_text", "reviewtext", "review body", "review content",
            "review_comment_message", "comments", "feedback", "chat", "query text", "question",
            "customer message", "user message", "ticket", "nachricht", "kommentar", "rezension",
            "bewertungstext", "avis", "commentaire", "texte", "reseña", "comentario", "mensaje",
            "texto", "レビュー", "コメント", "本文", "メッセージ", "内容文", "評論", "評價內容", "聊天内容", "咨询内容", "问题",
            "客户消息", "用户消息", "语句", "句子", "问句", "话术", "对话内容", "反馈内容",
        )),
        Role("intent", "word", N_("Intent"), (
            "intent", "label", "意图", "标签",
            "intents", "category of question", "label name", "class", "absicht", "intention",
            "intención", "意圖", "意图名称", "意图标签", "问题类型",
        )),
        Role("campaign", "word", N_("Campaign"), (
            "campaign", "campaign id", "campaign_id", "campaign name", "活动", "活动名称", "营销活动",
            "活动编号",
            "campaign title", "promotion", "mailing", "newsletter name", "flow", "kampagne",
            "campagne", "campaña", "キャンペーン", "活動名稱", "活动id", "推广计划", "计划名称",
        )),
        Role("sent_at", "time", N_("Sent at"), (
            "sent at", "sent_at", "send time", "sent", "send date", "发送时间", "推送时间", "触达时间",
            "发放时间", "发券时间", "发放日期", "派发时间", "issued at", "issue date",
            "sent date", "sent time", "delivered at", "send datetime", "gesendet am",
            "versandt am", "envoyé le", "date d'envoi", "enviado el", "fecha de envío", "配信日時",
            "送信日時", "發送時間", "发送日期", "推送日期",
        )),
        Role("arm", "word", N_("Group of the test"), (
            "arm", "variant", "test group", "treatment", "组别", "分组", "实验组",
            "group", "experiment group", "ab group", "test_group", "gruppe", "groupe", "grupo",
            "グループ", "组", "实验分组", "对照组",
        )),
        Role("responded_at", "time", N_("Responded at"), (
            "responded at", "responded_at", "redemption_date", "response time", "converted at",
            "响应时间", "核销时间", "转化时间", "使用时间", "用券时间", "核销日期", "使用日期",
            "redeemed at", "redeemed on", "redemption date", "redemption time", "used at", "used on",
            "date used",
            "clicked at", "click date", "opened at", "response date", "conversion date",
            "purchase after send", "reagiert am", "répondu le", "respondido el", "反応日時", "响应日期",
            "点击日期",
        )),
        Role("outcome", "word", N_("Outcome"), (
            "outcome", "responded", "response", "converted", "结果", "是否响应", "是否转化",
            "result", "is_responded", "is_converted", "clicked", "y", "ergebnis", "résultat",
            "redeemed", "used", "redemption status", "usage status", "使用状态", "核销状态", "是否使用",
            "是否核销", "券状态", "优惠券状态", "使用情况", "核销情况",
            "resultado", "反応", "是否点击", "是否购买", "是否成交",
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
            "discount", "refund", "coupon", "status", "payment", "after_sale", "currency", "channel",
            "session", "query",
            "item_name", "category", "brand", "rating",
        )),
        Table("orders", N_("Orders"), ("user", "order", "ts"), (
            "status", "payment", "after_sale", "total", "shipping", "discount", "refund", "coupon",
            "currency", "channel", "quantity",
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
    "purchase": ("purchase", "buy", "transaction", "order", "sale", "sales", "sold", "payment",
                 "charge", "销售", "零售", "售出", "购买", "下单", "成交", "支付", "付款"),
    "refund": ("refund", "return", "returned", "refunded", "sales return", "销售退货", "退货单", "退款", "退货"),
}
EVENT_LABELS: dict[str, str] = {
    "impression": N_("Impression"), "click": N_("Click"), "view": N_("View"),
    "search": N_("Search"), "favourite": N_("Favourite"), "cart": N_("Cart"),
    "purchase": N_("Purchase"), "refund": N_("Refund"),
}

_UNIT = re.compile(r"[(\[【][^)\]】]*[)\]】]")
# price_cents, amount (in cents): the unit is no part of the name
_TAIL = re.compile(r"[_ ](in[_ ])?(cents?|minor)$")
_GLUE = re.compile(r"[\s_\-./#*:\"'\u00b0\u2019]+")


def normalise_header(header: str) -> str:
    """Return a header's comparable form: NFKC, lower case, without units, spaces or marks."""
    text = unicodedata.normalize("NFKC", header).replace("\ufeff", "").strip().casefold()
    # accents go: an export without them is as frequent as one with them
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", bare)
    bare = _GLUE.sub("", _TAIL.sub("", _UNIT.sub("", text)))
    return bare or _GLUE.sub("", text)


SYNONYMS: dict[str, tuple[str, ...]] = {
    name: tuple(dict.fromkeys(normalise_header(s) for s in (name, *role.synonyms)))
    for name, role in ROLES.items()
}
