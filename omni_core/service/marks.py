"""Numbers that name something: order, tracking and phone numbers, coupon codes, sizes, counts."""

from __future__ import annotations

import re

from omni_core.service.numerals import ENGLISH, HAN

EMAIL = re.compile(r"[a-z0-9][\w.+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.ASCII | re.I)
URL = re.compile(r"(?:https?://|www\.)[^\s\u3000-\u9fff]+", re.I)

PHONE = re.compile(
    r"(?<![\dA-Za-z])(?:"
    r"(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"  # a Chinese mobile
    r"|\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){2,5}"  # with the country's code
    r"|0\d{2,3}-\d{7,8}|(?:400|800)-?\d{3}-?\d{4}"  # a Chinese landline or hotline
    r"|(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}"  # North America
    r"|07\d{3} ?\d{6}|0\d{3,4} \d{6,7}"  # Britain
    r")(?!\d|-\d)"
)
_AFTER = r"(?:号码|编号|号|number|num|no\.?|nr\.?|id|code)?(?:\s?(?:是|为|is|[:：#=]))*\s*#?\s*"
TRACKING_WORD = re.compile(
    r"(?:快递|物流|运|包裹|顺丰|圆通|中通|申通|韵达|邮政)(?:的)?单?(?:号码|编号|单号|号)(?:是|为|[:：])*\s*"
    r"|track(?:ing)?(?:\s?(?:number|num|no\.?|id|code|#))?(?:\s?(?:is|[:：#]))*\s*", re.I)
# carriers' own shapes: S.F., YTO, J.D., J&T, Best, Deppon, post, UPS, Amazon
TRACKING = re.compile(
    r"(?<![A-Za-z0-9])(?:SF\d{12,15}|YT\d{13,15}|JD[A-Z]{0,2}\d{11,15}(?:-\d+-\d+-?)?|JT\d{13}|"
    r"DPK\d{12}|ZTO\d{12}|STO\d{12}|YD\d{13}|LP\d{14}|1Z[0-9A-Z]{16}|TBA\d{12}|"
    r"[A-Z]{2}\d{9}[A-Z]{2})(?![A-Za-z0-9])", re.I)
ORDER_WORD = re.compile(
    r"(?:(?:订单|单子|单)(?:号码|编号|号)?(?:是|为|[:：#])*\s*|单号(?:是|为|[:：])*\s*"
    rf"|\border{_AFTER}|\bpo{_AFTER}|#\s?)", re.I)
# what may follow such a word: at least four signs, one of them a digit
TOKEN = re.compile(r"[A-Za-z]{0,6}-?\d[\dA-Za-z]*(?:-[\dA-Za-z]+)*", re.ASCII)
LONG = re.compile(r"(?<![\dA-Za-z.])(?:\d{15,24}|\d{6}-\d{12,16})(?![\dA-Za-z])")  # Taobao, Pinduoduo
UNIT_AFTER = re.compile(
    r"\s*(?:元|块|件|个|条|双|套|盒|包|瓶|箱|只|天|岁|pieces?\b|pcs\b|items?\b|units?\b|days?\b|dollars?\b|"
    r"usd\b|rmb\b|bucks\b)", re.I)

COUPON_WORD = re.compile(
    r"(?:优惠码|券码|兑换码|促销码|折扣码|口令|邀请码|优惠券|折价券|code|coupon|voucher|promo)"
    r"(?:\s?(?:是|为|is|[:：]))*\s*[“\"'‘]?", re.I)
COUPON = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9\-]{2,19}(?![A-Za-z0-9])")
COUPON_TALK = re.compile(r"码|券|口令|code|coupon|voucher|promo|discount", re.I)
SHOUTED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3,12}-?\d{1,4}(?![A-Za-z0-9])")
DEAL = re.compile(r"满\s?(\d+)\s?元?\s?(?:立减|减)\s?(\d+)\s?元?")

_LETTERS = r"(?:(?:[2-6]|x{1,5})x?l|x{1,4}s|xl|[sml])"
SIZES = tuple(re.compile(p, re.I) for p in (
    rf"(?<![a-z0-9])(?P<size>{_LETTERS})(?:\s?(?:码|号|尺码)|\s?sizes?\b|-size\b)",
    rf"(?:\bsizes?|尺码|码数|\bin an?|\bthe|\ban?|\busually(?: an?| wear(?: an?)?)?|穿|拍|选|买|要|换成?)\s?"
    rf"(?:is |是|：|:)?(?P<size>{_LETTERS})(?![a-z0-9'])",
    r"(?:\b(?:eu|eur|us|uk|fr|it|jp|au)\s?|\bsizes?\s?(?:is |of |#)?|尺码\s?|鞋码\s?)(?P<size>\d{1,3}(?:\.5)?)"
    r"(?![\d.]*\d)(?!\s?(?:%|cm|kg|lbs))",
    r"(?<![\d.])(?P<size>\d{2,3}(?:\.5)?)\s?(?:码|号(?=鞋|的鞋|脚)|yards?\b)",
    r"(?<![\d.])(?P<size>3[2-9]|4[0-9])号",
    r"\bsizes? (?P<word>extra small|small|medium|large|extra large)\b",
    r"\b(?P<word>extra small|extra large|medium)\b(?! (?:heat|rare|sized|roast))",
    r"(?P<free>均码|free size|one size)",
))
# a letter that stands alone and in capitals: "S or M?", "要M还是L"
LONE = re.compile(r"(?<![A-Za-z0-9'’.&])(?P<size>[2-6]?X{0,4}[SL]|M)(?![A-Za-z0-9'’&]|\.[A-Za-z])")
SIZE_WORDS = {"extra small": "XS", "small": "S", "medium": "M", "large": "L", "extra large": "XL"}

_CLASSIFIER = (r"(?:个|件|条|双|套|盒|包|瓶|箱|只|支|本|张|台|罐|袋|份|对|把|片|颗|枚|副|顶|盏|块(?!钱|[\d一二三四五六七八九])|"
               r"打|组|筒|桶|串|枝|朵|床)")
_UNITS = (r"(?:pieces?|pcs?|items?|pairs?|sets?|boxes|box|bottles?|units?|packs?|packets?|bags?|"
          r"cans?|cups?|jars?|copies|copy|of (?:them|these|those|it)|dozens?)")
_TIMES = (r"(?:days?|hours?|minutes?|mins?|weeks?|months?|years?|dollars?|bucks?|euros?|pounds?|lbs?|times|"
          r"inches|percent|points|working|business|stars?|pm|am|cm|kg|kilos?|weeks)")
COUNTS = tuple(re.compile(p, re.I) for p in (
    rf"(?<![\d.第另哪这那每同换选几])(?P<n>\d{{1,6}}|{HAN})(?:来|多)?\s?{_CLASSIFIER}(?!月|星期|礼拜|小时|工作日|钟头|人|号|码|半|"
    r"性|体|样|事|装修|面|子里|头|身|名)",
    rf"\b(?P<n>\d{{1,6}}|{ENGLISH})\s?(?:x\s)?{_UNITS}\b",
    r"(?<![\w.])(?P<n>\d{1,4})\s?[x×](?!\s?\d)\b|(?<![\w.])[x×]\s?(?P<n2>\d{1,4})(?![\d.])(?!\s?[x×])",
    r"(?:数量|qty|quantity)\s?(?:of|is|是|为|[:：])?\s?(?P<n>\d{1,6})",
    rf"\b(?:buy|order|ordered|bought|purchased|need|want|take|get|got|received|sent|return|returned|exchange|cancel|only|have|for|add)\s(?:me |just |only )?"
    rf"(?P<n>\d{{1,5}}|{ENGLISH})(?=\s(?!{_TIMES}\b)(?:[a-z]+\s){{0,2}}?[a-z]{{3,}}s\b)",
))
