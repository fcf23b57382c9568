"""Words in cells: ages, genders, yes and no, kinds of event, order states.

Each function takes one distinct cell as text and returns its meaning, or None where there is none.
They run over the distinct values of a column, so they may be as careful as they like.
"""

from __future__ import annotations

import re
import unicodedata

from omni_core.columns import EVENTS

_GENDERS = {
    "f": "female", "female": "female", "woman": "female", "w": "female", "女": "female",
    "女性": "female", "女士": "female", "m": "male", "male": "male", "man": "male", "男": "male",
    "男性": "male", "男士": "male", "other": "other", "其他": "other", "d": "other", "x": "other",
    "先生": "male", "小姐": "female", "太太": "female", "女生": "female", "男生": "male",
    "mr": "male", "mr.": "male", "mrs": "female", "mrs.": "female", "ms": "female", "ms.": "female",
    "miss": "female", "herr": "male", "frau": "female", "divers": "other", "männlich": "male",
    "weiblich": "female", "homme": "male", "femme": "female", "monsieur": "male",
    "madame": "female", "hombre": "male", "mujer": "female", "masculino": "male",
    "femenino": "female", "non-binary": "other", "nonbinary": "other", "diverse": "other",
}
_YES = {"1", "true", "yes", "y", "t", "是", "同意", "已订阅", "subscribed", "接受", "有",
        "opted in", "granted", "confirmed", "允许", "已同意", "已授权", "ja", "j", "oui", "o", "sí", "si",
        "sim", "da", "да", "はい", "同意する", "예", "✓", "✔", "√"}
_NO = {"0", "false", "no", "n", "f", "否", "不同意", "未订阅", "unsubscribed", "拒绝", "无",
       "never subscribed", "not subscribed", "cleaned", "opted out", "denied", "不接受", "已退订", "退订",
       "未同意", "未授权", "nein", "non", "não", "nao", "nee", "нет", "いいえ", "아니오", "✗", "✘", "×"}
_NOT_GIVEN = re.compile(
    "未知|保密|不详|不明|不便透露|未填写?|未提供|未设置|未公开|隐私|unknown|not(given|specified|provided|stated|known)|"
    "unspecified|prefernottosay|undisclosed|private|undefined|unbekannt|keineangabe|inconnue?|"
    "nonpr[ée]cis[ée]e?|desconocid[oa]|noespecificado|未回答|無回答|회답없음|알수없음")
_STATES: tuple[tuple[str, str], ...] = (
    # the first pattern that is found decides, so the narrower ones stand first
    (r"部分退|partial|teilweise erstattet|partiellement|parcialmente|一部返金", "paid"),
    (r"(退款|退货|换货|售后)\S*(中|待|关闭|取消|失败|拒绝|撤销)|待\S*(退款|退货)"
     r"|退款申请|申请退款|撤销退款|无售后|未申请|无退款|未退款"
     r"|refund (requested|pending|declined)|not refunded", "paid"),
    (r"requires_(payment|action|capture|confirmation)|未付|未支付|待付|待支付|等待买家付款|等待付款|未入金|入金待|支払待|未払"
     r"|unpaid|not paid|pending|awaiting(?![ _]*(?:fulfil|ship|pick|dispatch|deliver|process))|overdue|authorized|on.hold|incomplete|draft|nicht bezahlt"
     r"|unbezahlt|ausstehend|offen\b|en attente|non pay|impay"
     r"|pendiente|sin pagar|no pagado|impagad|не оплач|미결제|입금대기", "unpaid"),
    (r"取消|关闭|作废|失败|關閉|cancel|void|expired|closed(?!_won)|failed|denied|reversed|reject|不成立|退单|撤单|abandon|declined|storn"
     r"|abgebrochen|abgelehnt|annul|abandonn|échou|anulad|rechazad|キャンセル"
    r"|geannuleerd|cancelad|annullat|anulow|отмен|취소", "cancelled"),
    (r"退款成功|已退款|全额退款|退款|退货|refund|returned|chargeback|erstattet|rückerstatt"
     r"|zurückgesandt|rembours|retourn|reembols|devuelt|返金|返品"
    r"|возвра|환불|반품|rimborsat|terugbetaald", "refunded"),
    (r"paid|完成|成功|已付|已支付|已发货|待发货|待收货|已签收|交易|ship|complete|deliver|fulfil"
     r"|process|处理中|success|正常|签收|评价|出库|到货|发货|closed_won|active|\bok\b|bezahlt|versandt"
     r"|versendet|geliefert|zugestellt|abgeschlossen|erledigt|bearbeitung|pay[ée]|exp[ée]di|livr"
     r"|termin|trait|pagad|enviad|entregad|complet|procesando|支払|入金済|発送|出荷|配達|処理"
     r"|完了|確定|accept|received|оплач|выполн|доставл|결제|배송|완료|betaald|verzonden|pagat"
    r"|spedit|consegnat|entregue", "paid"),
)
# Columns of yes and no that say of a row whether it counts.
_FLAGS = (
    (r"(is|was)?(deleted|test(order)?|cancell?ed|void(ed)?)|istest(order)?|是否(已)?(删除|测试(订单)?|取消|作废)|"
     r"已(删除|取消|作废)", "cancelled"),
    (r"(is|was)?(refunded|returned)|is(refund|return)|是否(已|有)?退[款货]|已退[款货]", "refunded"),
    (r"(is|was)?paid|是否(已)?(支付|付款|付清)|已(支付|付款)", "paid"),
)
# What analytics tools log beside what a shopper does: no fault, and of no use here.
_NO_SHOP_EVENTS = re.compile(
    r"session_?start|session|first_?visit|first_?open|user_?engagement|scroll|page_?scroll|"
    r"form_?(start|submit)|file_?download|video_?\w+|login|sign_?up|logout|remove_?from_?cart|"
    r"begin_?checkout|add_?shipping_?info|add_?payment_?info|view_?cart|view_?promotion|"
    r"select_?promotion|screen_?view|app_?\w+|heartbeat|exception|注册|登录|退出|移出购物车"
     r"|取消收藏|"
    r"删除|启动|心跳")
# What buyers of shops without stars may say (Taobao, eBay), on the scale of those with stars.
RATINGS = {"好评": 5, "中评": 3, "差评": 1, "好評": 5, "中評": 3, "差評": 1,
           "positive": 5, "neutral": 3, "negative": 1}
_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_DECADE = re.compile("([五六七八九零〇])([零〇五])(?=后|後)")
_HEDGES = re.compile(  # 约30岁, 45左右 and "about 30" say 30 and 45
    r"^(?:大?约|大概|差不多|估计|将?近|[~≈]|about|around|approx\.?|circa|ca\.?|etwa)\s*|周?岁|"
    r"years?( old)?|yrs?\b\.?|ages?|左右|上下|[?？]$")
_EVENT_WORDS = {w: kind for kind, words in EVENTS.items() for w in (kind, *words)}
# Shops name what happens in phrases of their own: 浏览商品详情, 加入购物车成功, "Viewed Product".
_NO_EVENT = re.compile(
    r"取消|移[出除]|删除|清空|失败|未|提交订单|确认订单|结算|领取|分享|优惠券|首页|登[录陆]|列表|"
    r"remove|fail|start|checkout|coupon|share|home|list|email|push|sms|cancel|begin|abandon")
_EVENT_PHRASES: tuple[tuple[str, str], ...] = (
    (r"退款|退货|\brefunded\b", "refund"),
    (r"曝光|展现|\bimpressions?\b", "impression"),
    (r"加入?(到)?购物车|加购|\badd(ed)? (\w+ )?to (cart|bag|basket)\b|\bproduct added$", "cart"),
    (r"收藏|心愿单|\badd(ed)? (\w+ )?to wish ?list\b", "favourite"),
    (r"(支付|付款|购买|下单|交易)(成功|完成)(?!页)|\b(order|purchase|payment) (placed|completed?|paid|success)|"
     r"\b(placed|completed) (order|purchase)\b", "purchase"),
    (r"(浏览|查看|访问|进入)[^,，]{0,6}(商品|详情|宝贝|产品|单品)|(商品|宝贝|产品)(详情)?页?[^,，]{0,2}"
     r"(浏览|访问|查看)|\b(view(ed)?|visit(ed)?) (product|item|detail)|\bproduct (viewed|detail)",
     "view"),
    (r"^(站内|商品|关键词)?搜索(商品|关键词)?$|\bsearch(ed)?( (submitted|products?|results?))?$", "search"),
)


def plain(text: str) -> str:
    """Return NFKC, lower case, trimmed text."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def parse_age(text: str, year: int) -> tuple[int, int] | None:
    """Return (lowest, highest) age in years for a cell, or None if it says no possible age.

    Understands 25, "25岁", "25.0", bands ("19-24", "65+", "<18", "18岁以下"), decades ("80后",
    "90s"), 约30岁, 30多岁, 三十五 and birth years; 0, negative numbers and ages above 110 are no ages.
    """
    cell = _TENS.sub(lambda m: f"{_DIGIT.get(m[1], 1)}{_DIGIT.get(m[2], 0)}", plain(text))
    cell = _HEDGES.sub("", _DECADE.sub(lambda m: f"{_DIGIT[m[1]]}{_DIGIT[m[2]]}", cell)).strip()
    # 30多岁: in the thirties; 30出头: in their first half
    about = re.fullmatch(r"([1-9]0)(?:(多|几|余)|出头|来)", cell)
    if about:
        low = int(about.group(1))
        return _checked(low, low + (9 if about.group(2) else 4))
    tens = re.fullmatch(r"([1-7])0(?:'?s|代)", cell)
    if tens:  # in their thirties
        return _checked(int(tens.group(1)) * 10, int(tens.group(1)) * 10 + 9)
    decade = re.fullmatch(r"(?:19|20)?(\d)([05])(?:后|後|年代|'?s)(?:[^\d].*)?", cell)
    if decade:  # 80后: born in the eighties; 95后: in their second half
        start = (2000 if decade.group(1) in "012" else 1900) + int(decade.group(1)) * 10
        start += int(decade.group(2))
        return _checked(max(year - start - (4 if decade.group(2) == "5" else 9), 0), year - start)
    born = re.fullmatch(
        r"((?:19|20)\d\d)(?:[-/.年]\d{1,2}([-/.月]\d{1,2}日?|月)?(\s.*)?|\d{4})|"
        r"\d{1,2}[-/.]\d{1,2}[-/.]((?:19|20)\d\d)", cell)
    if born:
        start = int(born.group(1) or born.group(4))
        return _checked(year - start, year - start) if start <= year else None
    band = re.fullmatch(r"(\d{1,3})\s*(?:-|–|~|至|到|to)\s*(\d{1,3})", cell)
    if band:
        return _checked(int(band.group(1)), int(band.group(2)))
    above = re.fullmatch(
        r"(?:>=?|≥)?\s*(\d{1,3})\s*(?:\+|以上|及以上|and over|or more)|[>≥]=?\s*(\d{1,3})", cell)
    if above:
        low = int(above.group(1) or above.group(2))
        return _checked(low, max(low, 110)) if low <= 110 else None
    below = re.fullmatch(
        r"[<≤]=?\s*(\d{1,3})|under\s*(\d{1,3})|(\d{1,3})\s*(?:以下|及以下)", cell)
    if below:
        return _checked(1, int(next(g for g in below.groups() if g)) - 1)
    whole = re.fullmatch(r"(-?\d+)(?:\.0*)?年?", cell)
    if not whole:
        return None
    value = int(whole.group(1))
    if 1900 <= value <= year:
        value = year - value
    return _checked(value, value)


def age_fault(text: str) -> str:
    """Return the code for a cell that says no age: an impossible number, or other words."""
    number = re.fullmatch(r"[-+]?\d+([.,]\d+)?\s*(岁|years?( old)?)?", plain(text))
    return "impossible_age" if number else "unknown_age"


def _checked(low: int, high: int) -> tuple[int, int] | None:
    return (max(low, 1), high) if high >= 1 and low <= 110 and low <= high <= 119 else None


def parse_gender(text: str) -> str | None:
    """Return "female", "male" or "other"."""
    return _GENDERS.get(plain(text))


def is_not_given(text: str) -> bool:
    """Whether a cell says that the answer was not given: 未知, 保密, prefer not to say."""
    return bool(_NOT_GIVEN.fullmatch(re.sub(r"[\s_-]+", "", plain(text))))


def parse_flag(text: str) -> bool | None:
    """Return True or False for a cell that says yes or no."""
    cell = re.sub(r"[\s_-]+", " ", plain(text)).strip()
    return True if cell in _YES else False if cell in _NO else None


def event_word(text: str) -> str | None:
    """Return the kind of event (a key of ``columns.EVENTS``) of a word that is in the vocabulary."""
    cell = plain(text)
    return _EVENT_WORDS.get(cell) or _EVENT_WORDS.get(re.sub(r"[\s_-]+", "", cell))


def parse_event(text: str) -> str | None:
    """Return the kind of event a word or phrase means, where a column says what happened."""
    cell, known = plain(text), event_word(text)
    if known or _NO_EVENT.search(cell) or is_no_shop_event(cell):
        return known
    cell = re.sub(r"[\s_-]+", " ", cell)
    return next((kind for phrase, kind in _EVENT_PHRASES if re.search(phrase, cell)), None)


def parse_rating(text: str) -> int | None:
    """Return 5, 3 or 1 for a word that says good, middling or bad."""
    return RATINGS.get(plain(text))


def is_no_shop_event(text: str) -> bool:
    """Whether a word is one that analytics tools log and that says nothing of goods."""
    return bool(_NO_SHOP_EVENTS.fullmatch(plain(text)))


def flag_of(header: str) -> str | None:
    """Return the state of a row for which a column of yes and no says yes: is_deleted, 是否退款."""
    name = re.sub(r"[\s_-]+", "", plain(header))
    return next((state for pattern, state in _FLAGS if re.fullmatch(pattern, name)), None)


def flag_state(header: str, text: str) -> str | None:
    """Return the state that a yes or no under such a header means."""
    state, told = flag_of(header), parse_flag(text)
    if told is None or state is None:
        return None
    return state if told else ("unpaid" if state == "paid" else "paid")


def parse_state(text: str) -> str | None:
    """Return "paid", "unpaid", "cancelled" or "refunded" for an order status word."""
    cell = plain(text)
    return next((state for pattern, state in _STATES if re.search(pattern, cell)), None)
