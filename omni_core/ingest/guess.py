"""What a column may mean: by the words of its header, else by what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher

from omni_core.columns import ROLES, SYNONYMS, normalise_header
from omni_core.errors import closest
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.header import PERIOD
from omni_core.ingest.words import event_word, flag_of, parse_flag, parse_gender, parse_rating

Found = dict[str, tuple[int, float, str]]  # role: column, confidence, reason
_TIME_LIKE = re.compile(
    r"\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})\D?.*"
    r"|\s*(19|20)\d{6}(\d{6})?\s*|\s*1\d{9}(\d{3}(\d{3})?)?\s*")
_MONEY = re.compile(r"[-¥￥$€£\s]*\d{1,9}([.,]\d{1,2})\s*(元|€|kr)?")
_PHONE = re.compile(r"\+?\(?\d[\d ()./-]{5,20}\d")
_CODE = re.compile(r"[\w@.#:+/=\"'\t*-]{1,64}")
# a header that ends like a time or a sum but is another one's
_MONEY_OF_OTHERS = re.compile(
    r"discount|tax|vat|fee|refund|return|shipping|freight|postage|coupon|voucher|gift|tip|commission|"
    r"cost|subsidy|points|balance|rabatt|steuer|versand|erstatt|remise|taxe|frais|descuento|impuesto|"
    r"优惠|折扣|税|退|运费|邮费|佣金|积分|成本|券|补贴|红包|手续费|服务费|余额|立减|割引|送料|返金|優惠|運費|折抵",
    re.IGNORECASE)
_OTHER = {
    "ts": re.compile(
        r"updat|modif|ship|deliver|estimat|expir|due|\bend|refund|cancel|limit|deadline|dispatch|"
        r"更新|修改|发货|签收|截止|到期|收货|退款|预计|承诺|关闭|取消|送达|結束|更新|出貨|取貨", re.IGNORECASE),
    **dict.fromkeys(("amount", "total", "price"), _MONEY_OF_OTHERS),
    "quantity": re.compile(r"refund|return|cancel|退|取消|ship|发货", re.IGNORECASE),
    "rating": re.compile(r"member|lead|engage|会员|客户", re.IGNORECASE),  # how a shop rates people
}
_ORDERS = re.compile(r"订单|訂單|\border|注文|bestell|commande|pedido|заказ|주문", re.IGNORECASE)
_SHIPPING = re.compile(
    r"(shipping|delivery|postage|freight)[\s_]*(fee|cost|price|amount|charge|total)|运费|運費|邮费|送料|"
    r"配送费|envío|versandkosten|frais de port|배송비|доставк", re.IGNORECASE)
_NO_SHIPPING = re.compile(
    r"discount|refund|tax|rebate|subsid|优惠|补贴|险|退|税|折|method|label|address|时效|방법|способ|адрес", re.IGNORECASE)
_REPORT = re.compile(r"sessions?|orders?(count)?|订单数量?|支付订单数|totalusers|activeusers|users|会话数|用户数|总用户数|uv|"
                     r"活跃用户(数)?|访客数|eventcount|事件数|bouncerate|跳出率|engagementrate|impressions?|展现量|"
                     r"conversions?|newusers|新用户数|reach|clicks|linkclicks|impr|ctr|cpc|cpm|roas|"
                     r"purchaseroas|amountspent|adspend|costperresults?|results|openrate|clickrate|"
                     r"uniqueopens|totalopens|uniqueclicks|totalclicks|totalrecipients|"
                     r"successfuldeliveries|avgcpc|convvalue|visitors|uniquevisitors|pageviews|transactions|buyers|"
                     r"addtocarts?|purchases|costperpurchase|frequency|cpmcost\S*|linkctr|conversionrate|"
                     r"cost/?conv|convrate|interactions|spend|曝光量?|(点击|展示|转化)次数|点击率|点击量|点击数|花费|消耗|平均点击花费|投入产出比|"
                     r"客单价|成交笔数|netquantity|grosssales|totalsales|returns|"
                     r".*(访客|买家|人|用户|会员|客户)数|.*(转化|点击|跳失|复购|打开)率")

_BY_PERIOD = re.compile(
    r"(year ?)?(month|week|quarter|year)s?( ?(of|commencing|ending|beginning).*)?|monat|woche|quartal|"
    r"mois|semaine|trimestre|mes|semana|月份?|年月|统计月份?|周|统计周期?|季度|年份|週", re.IGNORECASE)
# numbers of people or of what they did, which no list of people or things has
_HEADS = re.compile(r"(number|no|count)?(of)?(customers|clients|shoppers|buyers|users|visitors|members|"
                    r"people|persons|kunden|clientes)(count)?|.*per(active)?(user|session|visitor)s?|"
                    r"(访客|买家|用户|会员|客户|顾客|购买人|支付人|下单人|人)数")
# columns of an account: what comes in and goes out, what it costs, what is left
_IN_OUT = re.compile(r"收/?支(类型|方向)?|收入/支出|资金流向")
_PAIRS = tuple(tuple(re.compile(w) for w in pair) for pair in (
    (r"收入(金额)?", r"支出(金额)?"), ("credit", "debit"), ("(paid|money)in", "(paid|money)out"),
    ("haben", "soll"), ("cr[ée]dito?", "d[ée]bito?"), ("deposits?", "withdrawals?")))
_FEES = re.compile(r"(processing)?fees?(&taxes)?|gebuhr(en)?|frais|commission|comisión|手续费|手数料")
_NET = re.compile(r"net(to|amount)?|neto?|净额")
_GROSS = re.compile(r"gross|brutto|bruto?|brut|amount|betrag|montant|金额")
_PIECES = re.compile(r"(^|[\W_])(qty|quantity|units|pcs|menge)([\W_]|$)", re.IGNORECASE)
_NO_PIECES = re.compile(r"refund|return|cancel|ship|stock|hand|free|reserved|reorder|available|price|"
                        r"cost|min|max", re.IGNORECASE)
_ENGLISH = {normalise_header(h) for h in (
    "user", "item", "time", "customer", "product", "order", "quantity", "price", "user id",
    "item id", "order id", "customer id", "product id", "created at", "amount", "total")}


def by_header(headers: Sequence[str], taken: Collection[int], settled: Collection[str],
              near: bool) -> Found:
    """Per role the best column by its header: the very words, a part of them, a similar end."""
    found: Found = {}
    used, normal = set(taken), [normalise_header(h) for h in headers]
    order = list(ROLES)
    exact = sorted(
        (rank, order.index(role), index) for role, synonyms in SYNONYMS.items()
        if role not in settled
        for rank, synonym in enumerate(synonyms)
        for index, header in enumerate(normal) if header == synonym)
    for _, place, index in exact:
        if order[place] not in found and index not in used:
            found[order[place]] = (index, 1.0, "reason_header")
            used.add(index)
    words = {s: role for role, synonyms in SYNONYMS.items() for s in synonyms}
    for index, header in enumerate(headers):
        for part in _parts(header):
            role = words.get(part)
            if role and role not in found and role not in settled and index not in used:
                found[role] = (index, 0.9, "reason_header")
                used.add(index)
    if not near:
        return found
    for role, synonyms in SYNONYMS.items():
        if role in found or role in settled:
            continue
        for index, header in enumerate(normal):
            if index not in used and any(_near(header, s) for s in synonyms) and not (
                    role in _OTHER and _OTHER[role].search(headers[index])):
                found[role] = (index, 0.6, "reason_similar_header")
                used.add(index)
                break
    _of_the_order(headers, found)
    _pieces(headers, found)
    return found


def _pieces(headers: Sequence[str], found: Found) -> None:
    """The word for pieces, wherever it stands in a header, heads the quantity."""
    used = {index for index, _, _ in found.values()}
    place = next((i for i, h in enumerate(headers) if i not in used and _PIECES.search(h)
                  and not _NO_PIECES.search(h)), None)
    if "quantity" not in found and place is not None:
        found["quantity"] = (place, 0.6, "reason_similar_header")


def flags(dialect: Dialect) -> Found:
    """Columns of yes and no that say whether a row is a sale at all, in roles of states."""
    found: Found = {}
    slots = {"cancelled": ("status", "payment"), "paid": ("payment",), "refunded": ("after_sale",)}
    headed = {normalise_header(h) for h in dialect.header}
    for index, header in enumerate(dialect.header):
        state, column = flag_of(header), cells(dialect, index)
        if state is None or not column or any(parse_flag(c) is None for c in column):
            continue
        free = [role for role in slots[state]
                if role not in found and not headed & set(SYNONYMS[role])]
        if free:
            found[free[0]] = (index, 0.9, "reason_header")
    return found


def name_is_no_id(dialect: Dialect, found: Found) -> None:
    """Where words stand under "Item" and codes under "SKU", the codes are the product's number."""
    if "item" not in found or could_be(dialect, found["item"][0], "item"):
        return
    used = {index for index, _, _ in found.values()}
    place = next((i for i, h in enumerate(dialect.header) if i not in used
                  and normalise_header(h) in SYNONYMS["item"] and could_be(dialect, i, "item")), None)
    if place is not None:
        found.setdefault("item_name", found["item"])
        found["item"] = (place, 0.9, "reason_header")


def _of_the_order(headers: Sequence[str], found: Found) -> None:
    """What a header calls the order's is its total or shipping, whatever word stands last."""
    if "amount" in found and "total" not in found and (
            _ORDERS.search(headers[found["amount"][0]])):
        found["total"] = found.pop("amount")
    used = {index for index, _, _ in found.values()}
    if "shipping" not in found:
        place = next((i for i, h in enumerate(headers) if i not in used and _SHIPPING.search(h)
                      and not _NO_SHIPPING.search(h)), None)
        if place is not None:
            found["shipping"] = (place, 0.6, "reason_similar_header")


def _parts(header: str) -> list[str]:
    """The names in a header of several: two languages, a slash, brackets."""
    cut = re.sub(r"[(（\[【|/、,，:：\n)）\]】]+", "|", header)
    # between Chinese and Latin letters begins another name
    cut = re.sub(r"(?<=[\u3400-\u9fff])\s*(?=[A-Za-z])|(?<=[A-Za-z])\s*(?=[\u3400-\u9fff])", "|",
                 cut)
    parts = [normalise_header(p) for p in cut.split("|") if p.strip()]
    return parts if len(parts) > 1 else []


def _near(header: str, synonym: str) -> bool:
    # The head of an English or Chinese name stands last: "buyer email" is an e-mail, but
    # "coupon_disc" is no coupon. Two Chinese characters (金额, 时间) end too many names.
    return len(synonym) >= (3 if not synonym.isascii() else 5) and header.endswith(synonym)


def nearest(headers: Sequence[str], role: str) -> dict[str, str]:
    """Return ``{"closest": header}`` for the header most like a word for the role, if one is."""
    found = {word: h for h in reversed(headers) if len(normalise_header(h)) > 2 and (
        word := closest(normalise_header(h), SYNONYMS[role]))}
    if not found:
        return {}
    best = max(found, key=lambda word: SequenceMatcher(
        None, word, normalise_header(found[word])).ratio())
    return {"closest": found[best][:40]}


def by_values(dialect: Dialect, found: Mapping[str, tuple[int, float, str]]) -> Found:
    """Roles that cells tell where no header did: times, kinds of event, genders."""
    more: Found = {}
    taken = {index for index, _, _ in found.values()}
    tests = (
        ("ts", lambda c: bool(_TIME_LIKE.fullmatch(c))),
        ("event", lambda c: event_word(c) is not None),
        ("gender", lambda c: parse_gender(c) is not None and not c.isdecimal()),
    )
    for role, test in tests:
        if role in found or (role == "ts" and "birth_date" in found):
            continue
        for index in range(len(dialect.header)):
            column = cells(dialect, index)
            if index in taken or not column:
                continue
            if all(test(c) for c in column) and (role == "ts" or len(set(column)) > 1):
                more[role] = (index, 0.7, "reason_values")
                taken.add(index)
                break
    return more


def candidates(dialect: Dialect, taken: Collection[int]) -> list[int]:
    """Return the columns that have no meaning yet and cells, the likeliest ids first."""
    free = [i for i, h in enumerate(dialect.header)
            if i not in taken and h and cells(dialect, i)]
    return sorted(free, key=lambda i: (not could_be(dialect, i, "user"), i))


def could_be(dialect: Dialect, index: int, role: str) -> bool:
    """Whether a column's cells may be what the role needs: ids, or times."""
    column = cells(dialect, index)
    if role in ("ts", "sent_at"):
        return sum(bool(_TIME_LIKE.fullmatch(c)) for c in column) > 0.8 * len(column)
    if role not in ("user", "item", "order"):
        return True
    money = sum(bool(_MONEY.fullmatch(c)) for c in column)
    times = sum(bool(_TIME_LIKE.fullmatch(c)) and len(c) >= 8 for c in column)
    codes = sum(bool(_CODE.fullmatch(c) or role == "user" and _PHONE.fullmatch(c))
                for c in column)
    few = len(column) > 20 and len(set(column)) < 0.05 * len(column)
    return codes > 0.8 * len(column) and money < 0.5 * len(column) and (
        times < 0.5 * len(column)) and not few and (
        len(set(column)) > 1 or len(column) == 1)


def is_aggregated(dialect: Dialect, found: Mapping[str, tuple[int, float, str]]) -> bool:
    """Whether the rows are sums of a report (sessions a day), not things that happened."""
    if not dialect.named or any(
            r in found and not _REPORT.fullmatch(normalise_header(dialect.header[found[r][0]]))
            for r in ("user", "order")):
        return False
    if any(_HEADS.fullmatch(normalise_header(h)) and (column := cells(dialect, i)) and all(
            re.fullmatch(r"[\d.,]+", c) for c in column) for i, h in enumerate(dialect.header)):
        return True
    counts = sum(bool(_REPORT.fullmatch(normalise_header(h))) for h in dialect.header)
    return counts >= 2 or (dialect.remarks and counts >= 1)


def is_statement(dialect: Dialect) -> bool:
    """Whether the columns are those of an account, where money goes out as well as in."""
    normal = [normalise_header(h) for h in dialect.header]

    def has(pattern: re.Pattern[str]) -> bool:
        return any(pattern.fullmatch(h) for h in normal)

    return dialect.named and (
        has(_IN_OUT) or any(has(one) and has(other) for one, other in _PAIRS)
        or (has(_FEES) and has(_NET) and has(_GROSS)))


def periods(dialect: Dialect) -> list[str]:
    """Return the headers that name a period where a table has sums by period beside each other."""
    named = [h for h in dialect.header if h]
    found = [h for h in named if PERIOD.fullmatch(h.strip())]
    return found if dialect.named and len(found) >= 3 and len(found) >= 0.5 * len(named) else []


def is_by_period(dialect: Dialect, found: Mapping[str, tuple[int, float, str]]) -> bool:
    """Whether each row is a day, a month or a product's month, with what was sold then."""
    if not dialect.named or not {"amount", "total", "quantity", "price"} & set(found) or (
            {"user", "order", "event", "line", "session"} & set(found)):
        return False
    if any(_BY_PERIOD.fullmatch(h.strip()) for h in dialect.header):
        return True
    if "ts" not in found or {"item", "item_name", "text", "rating"} & set(found):
        return False
    days = cells(dialect, found["ts"][0])
    # one row a day; what a till writes has a time, or several rows a day
    return len(days) > 4 and len(set(days)) == len(days) and not any(":" in d for d in days)


def is_scale(dialect: Dialect, index: int) -> bool:
    """Whether a column's cells are marks of a scale: 1 to 5, 0 to 10."""
    column = cells(dialect, index)
    return bool(column) and all(re.fullmatch(r"(10|\d)([.,]\d)?", c) for c in column)


def is_prose(dialect: Dialect, index: int) -> bool:
    """Whether no cell of a column has a digit, a star or a word for a mark: words, no marks."""
    column = cells(dialect, index)
    return bool(column) and not any(
        re.search(r"\d|[★☆⭐]", c) or parse_rating(c) for c in column)


def is_remark(dialect: Dialect, index: int) -> bool:
    """Whether a column called "note" stands among English headers, where it holds remarks."""
    normal = [normalise_header(h) for h in dialect.header]
    return normal[index] == "note" and bool(_ENGLISH & set(normal))


def cells(dialect: Dialect, index: int) -> list[str]:
    """Return the filled cells of a column among the first sample rows."""
    return [cell for r in dialect.sample[:200]
            if index < len(r) and (cell := r[index].strip("` \t\r\n\u3000\u00a0"))]
