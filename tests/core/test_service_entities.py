"""Entities with known answers: numbers, sums, days, counts, sizes, her goods and orders."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core.service import extract_entities, festivals
from omni_core.service.catalogue import Catalogue

TODAY = dt.date(2026, 11, 25)  # a Wednesday
HERS = Catalogue.of(
    ["250917103822641907", "250921153022118804", "250930081422763501", "A-2023-0099"],
    [("P0109", ["陈皮普洱小青柑 16颗", "Pu'er in green mandarin, sixteen pieces"]),
     ("P1", ["纯棉毛巾两条装 条纹", "Cotton towels, pair, striped"]),
     ("P2", ["亚麻连衣裙", "Linen dress"]), ("P3", ["小米14 手机壳"])],
    ["Yeqing 叶青", "Muwu 木屋"],
)


def found(text, kind, catalogue=None):
    return [(e.operator, e.value) if kind == "price" else e.value
            for e in extract_entities(text, TODAY, catalogue) if e.type == kind]


@pytest.mark.parametrize(("text", "operator", "value"), [
    ("1000元以下的手机", "max", 1000), ("不超过两千五", "max", 2500), ("under $50", "max", 50),
    ("headphones under 50", "max", 50), ("预算在300以内", "max", 300), ("预算500", "max", 500),
    ("no more than 200 yuan", "max", 200), ("最多三百", "max", 300), ("不到五十块", "max", 50),
    ("$1,000 or less", "max", 1000), ("1.5万以下", "max", 15000), ("2k以下", "max", 2000),
    ("100元以上", "min", 100), ("at least 30 dollars", "min", 30),
    ("一万二左右", "about", 12000), ("200左右有啥耳机", "about", 200), ("around $40", "about", 40),
    ("三百来块", "about", 300), ("两百多块", "about", 200), ("预算500左右", "about", 500),
    ("有没有500到800的", "range", (500, 800)), ("500-800元", "range", (500, 800)),
    ("五百到八百块", "range", (500, 800)), ("三到五百块", "range", (300, 500)),
    ("两三百块的", "range", (200, 300)), ("$50-$100", "range", (50, 100)),
    ("between 50 and 100 dollars", "range", (50, 100)), ("from 50 to 100 bucks", "range", (50, 100)),
    ("价位300-500", "range", (300, 500)), ("price between 20 and 40", "range", (20, 40)),
    ("99块", None, 99), ("￥1,299.00", None, 1299), ("九块九", None, 9.9), ("12块5", None, 12.5),
    ("twenty dollars", None, 20), ("ｉｐｈｏｎｅ １２００元以下", "max", 1200),
])
def test_prices(text, operator, value):
    assert found(text, "price") == [(operator, value)]


@pytest.mark.parametrize("text", [
    "满200减30", "iphone 15", "身高165体重110", "7天无理由", "小米14", "under 5 minutes", "38到40码",
    "订单250917103822641907", "13800138000", "500ml以下", "3天左右", "至少两件", "over 3 days",
    "I have a question about 5", "2026-11-08", "10-20件", "within 30 days", "under 18 years old",
    "体重110以下", "超过7天了", "at least 3 pieces", "8折", "不超过3天", "最多两件", "满300减40",
])
def test_no_price(text):
    assert found(text, "price") == []


@pytest.mark.parametrize(("text", "day"), [line.split("|") for line in """
三天前|2026-11-22
上周五|2026-11-20
11月8号|2026-11-08
上个月底|2026-10-31
本周末|2026-11-28
双十一|2026-11-11
618|2026-06-18
春节|2026-02-17
去年双十一|2025-11-11
大前天|2026-11-22
下周三|2026-12-02
12月1号|2025-12-01
12月1号之前能到吗|2026-12-01
2026年3月5日|2026-03-05
2026/3/5|2026-03-05
上个月8号|2026-10-08
月底|2026-11-30
28号|2026-10-28
半个月前|2026-11-10
半年前|2026-05-25
上个月|2026-10-01
上周|2026-11-16
10月|2026-10-01
除夕|2026-02-16
母亲节|2026-05-10
黑五|2025-11-28
十二月二十五日|2025-12-25
last friday|2026-11-20
last wednesday|2026-11-18
3 days ago|2026-11-22
the day before yesterday|2026-11-23
nov 8|2026-11-08
november 8th, 2025|2025-11-08
8 november|2026-11-08
on the 12th|2026-11-12
last month|2026-10-01
end of last month|2026-10-31
christmas|2025-12-25
next monday|2026-11-30
by friday|2026-11-27
a month ago|2026-10-25
in 3 days|2026-11-28
thanksgiving|2025-11-27
11/08/2026|2026-11-08
""".split("\n") if line])
def test_dates(text, day):
    assert found(text, "date") == [dt.date.fromisoformat(day)]


@pytest.mark.parametrize("text", [
    "7天无理由", "满200减30", "may i ask", "保质期18个月", "24小时", "1号店", "前面", "10号色", "12号线",
    "半天不回", "520元", "三个月",
])
def test_no_date(text):
    assert found(text, "date") == []


def test_festivals_of_both_calendars():
    assert festivals.day("autumn", 2024) == dt.date(2024, 9, 17)
    assert festivals.day("spring_eve", 2027) == dt.date(2027, 2, 5)
    assert festivals.day("easter", 2026) == dt.date(2026, 4, 5)
    assert festivals.day("mother", 2025) == dt.date(2025, 5, 11)
    assert festivals.day("spring", 1999) is None
    assert festivals.nearest_past("1111", dt.date(2026, 11, 11)) == dt.date(2026, 11, 11)


@pytest.mark.parametrize(("text", "kind", "values"), [
    ("手机换成13800001234", "phone", ["13800001234"]),
    ("电话+86 138 0013 8000", "phone", ["+8613800138000"]),
    ("call (555) 123-4567", "phone", ["5551234567"]),
    ("mail me at a.b@c.com 谢谢", "email", ["a.b@c.com"]),
    ("单号SF1390227451066", "tracking_no", ["SF1390227451066"]),
    ("快递单号 773912345678901 没更新", "tracking_no", ["773912345678901"]),
    ("tracking number LX482910337CN", "tracking_no", ["LX482910337CN"]),
    ("单号12345678呢", "order_no", ["12345678"]),
    ("status of order 100482", "order_no", ["100482"]),
    ("order #1001 please", "order_no", ["1001"]),
    ("订单250917103822641907到哪了", "order_no", ["250917103822641907"]),
    ("order 20 mugs", "order_no", []), ("我想订购2000件", "order_no", []),
    ("138001380001", "phone", []), ("order 20 mugs", "quantity", [20]),
    ("I want to return 2 mugs", "quantity", [2]), ("return in 2 days", "quantity", []),
    ("要两件", "quantity", [2]), ("买三盒来了两盒", "quantity", [3, 2]), ("来一打", "quantity", [12]),
    ("need 30 pieces", "quantity", [30]), ("two pairs", "quantity", [2]), ("x3 please", "quantity", [3]),
    ("第一个", "quantity", []), ("2个月前买的", "quantity", []), ("第二件半价", "quantity", []),
    ("有M码吗", "size", ["M"]), ("我要XXL的", "size", ["2XL"]), ("2xl 有吗 2XL码", "size", ["2XL"]),
    ("size M or L?", "size", ["M", "L"]), ("42码的鞋子", "size", ["42"]), ("EU 38", "size", ["38"]),
    ("in medium please", "size", ["M"]), ("身高165体重110", "size", []), ("it's mine", "size", []),
    ("优惠码WELCOME10用不了", "coupon", ["WELCOME10"]), ("code doesn't work", "coupon", []),
    ("SPRING20 code fails", "coupon", ["SPRING20"]), ("满200减30能用吗", "coupon", ["满200减30"]),
])
def test_marks(text, kind, values):
    assert found(text, kind) == values


def test_what_her_tables_know_is_certain():
    assert found("A-2023-0099 在哪", "order_no", HERS) == ["A-2023-0099"]
    assert found("a-2023-0099", "order_no", HERS) == ["A-2023-0099"]
    assert found("A-2023-0099 在哪", "order_no") == []
    assert found("亚麻連衣裙还有吗", "product", HERS) == ["P2"], "Traditional characters"
    assert found("linen dresses in blue", "product", HERS) == ["P2"]
    assert found("陈皮普洱小青相还有吗", "product", HERS) == ["P0109"], "mistyped"
    assert found("陈皮普洱小青柑", "product", HERS) == ["P0109"], "without what is in the pack"
    assert found("小米14 手机壳", "product", HERS) == ["P3"]
    assert found("叶青的茶怎么样", "brand", HERS) == ["Yeqing 叶青"]
    assert found("叶子掉了", "brand", HERS) == found("dresser", "product", HERS) == []


def test_the_shape_of_her_order_numbers_is_learnt():
    numbers = Catalogue.of([f"LEAF-{n:06d}" for n in range(1000, 1050)])
    assert found("where is leaf-004711", "order_no", numbers) == ["leaf-004711"]
    assert found("where is leaf-004711", "order_no") == []


def test_spans_point_into_the_text_as_given():
    text = "亲😊我買了３雙襪子，上週五還沒到，订单250917103822641907，１２００元以下"
    parts = {e.type: text[e.start:e.end] for e in extract_entities(text, TODAY)}
    assert parts == {"quantity": "３雙", "date": "上週五", "order_no": "250917103822641907",
                     "price": "１２００元以下"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80)
       | st.text("0123456789一二三百千万元块以下月号年周五上-/.$ 到amx件码第", max_size=30))
def test_any_text_has_entities_that_do_not_overlap(text):
    listed = extract_entities(text, TODAY, HERS)
    assert all(0 <= e.start < e.end <= len(text) for e in listed)
    assert all(a.end <= b.start for a, b in zip(listed, listed[1:], strict=False))
