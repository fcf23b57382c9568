"""Strangers' files: headers and numbers of other languages, encodings of other countries."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.corpus.base import Expected, Lines, fixture
from tests.corpus.tables import CHINESE, expected, made, simple, write

GROUP = "Strangers: language"


def comma(value: Decimal) -> str:
    return f"{value:.2f}".replace(".", ",")


def european(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


_HEADERS: dict[str, Sequence[str]] = {
    "german": ("Bestellnummer", "Kundennummer", "Bestelldatum", "Artikelnummer", "Artikelname",
               "Menge", "Einzelpreis"),
    "french": ("N° de commande", "Numéro client", "Date de commande", "Référence", "Produit",
               "Quantité", "Prix unitaire"),
    "spanish": ("Número de pedido", "Cliente", "Fecha de pedido", "Código", "Producto", "Cantidad",
                "Precio unitario"),
    "japanese": ("注文番号", "顧客ID", "注文日時", "商品コード", "商品名", "個数", "単価"),
    "traditional_chinese": ("訂單編號", "會員編號", "訂單日期", "商品編號", "商品名稱", "數量", "單價"),
}
_LATIN = {"棉麻连衣裙, 夏": "Été, robe", "陶瓷茶杯": "Tässchen", "手冲壶 600ml": "Théière 600ml",
          "儿童雨衣": "Impermeable niño", "香薰蜡烛": "Kerze", "羊毛围巾": "Écharpe",
          "𠮷祥如意帆布袋🧧": "Stofftäschchen", "笔记本（A5）": "Cuaderno A5"}
_JAPANESE = {"棉麻连衣裙, 夏": "夏のワンピース", "陶瓷茶杯": "湯のみ", "手冲壶 600ml": "ドリップポット",
             "儿童雨衣": "子供用レインコート", "香薰蜡烛": "アロマキャンドル", "羊毛围巾": "マフラー",
             "𠮷祥如意帆布袋🧧": "トートバッグ", "笔记本（A5）": "ノート"}
_TRADITIONAL = {"棉麻连衣裙, 夏": "棉麻洋裝, 夏", "陶瓷茶杯": "陶瓷茶杯", "手冲壶 600ml": "手沖壺 600ml",
                "儿童雨衣": "兒童雨衣", "香薰蜡烛": "香氛蠟燭", "羊毛围巾": "羊毛圍巾",
                "𠮷祥如意帆布袋🧧": "帆布袋", "笔记本（A5）": "筆記本", '相框 12"': '相框 12"'}
_LATIN['相框 12"'], _JAPANESE['相框 12"'] = 'Rahmen 12"', '額縁 12"'


def _named(names: dict[str, str]) -> Callable[[list[Any]], list[Any]]:
    return lambda row: [names.get(cell, cell) for cell in row]


def _add(name: str, make: Callable[[], tuple[bytes, Expected]]) -> None:
    make.__name__ = name
    fixture(GROUP)(make)


for _seed, (_language, _header) in enumerate(_HEADERS.items(), 200):
    _add(f"{_language}_headers", lambda seed=_seed, header=_header: simple(seed, header=header))
for _seed, _language in enumerate(("german", "french", "spanish"), 210):
    _add(f"{_language}_semicolons_decimal_commas_and_days_first", lambda seed=_seed, language=(
        _language): simple(seed, header=_HEADERS[language], delimiter=";", money=comma,
                           when=lambda t: f"{t:%d/%m/%Y %H:%M:%S}"))
    _add(f"{_language}_in_cp1252", lambda seed=_seed + 10, language=_language: simple(
        seed, encoding="cp1252", header=_HEADERS[language], delimiter=";", money=european,
        every=_named(_LATIN), when=lambda t: f"{t:%d.%m.%Y %H:%M:%S}",
        expect={"items": {"A101": "Tässchen", "C331": "Écharpe"}}))
_add("japanese_in_shift_jis", lambda: simple(
    230, encoding="cp932", header=_HEADERS["japanese"], every=_named(_JAPANESE),
    expect={"items": {"A101": "湯のみ", "B008": "アロマキャンドル"}}))
_add("traditional_chinese_in_big5", lambda: simple(
    231, encoding="big5", header=_HEADERS["traditional_chinese"], every=_named(_TRADITIONAL),
    expect={"items": {"A102": "手沖壺 600ml"}}))


@fixture(GROUP)
def short_gbk_is_not_korean() -> tuple[bytes, Expected]:
    some = made(232, 2)
    out = write(some, CHINESE)
    return out.text.encode("gb18030"), expected(some, out.rows, items=None, encoding="gb18030")


@fixture(GROUP)
def rare_hanzi_in_four_bytes_of_gb18030() -> tuple[bytes, Expected]:
    return simple(233, encoding="gb18030", header=CHINESE, expect={
        "items": {"D001": "𠮷祥如意帆布袋🧧"}, "encoding": "gb18030"})


# one row per person ------------------------------------------------------------------------------
_PEOPLE = {
    "english": ("customer_id", "age", "gender", "browsing_count", "rating"),
    "english_spaced": ("Customer ID", "Age", "Sex", "Page Views", "Score"),
    "chinese": ("用户编号", "年龄", "性别", "浏览次数", "评分"),
    "chinese_other": ("会员号", "年龄段", "性别", "浏览量", "评价"),
    "bilingual": ("顾客编号(customer id)", "年龄(age)", "性别(gender)", "浏览次数(views)", "评分(rating)"),
}
_BANDS = ((18, "under 18"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"),
          (65, "55-64"), (200, "65+"))


def band(age: int) -> str:
    return next(name for end, name in _BANDS if age < end)


def people(header: Sequence[str], seed: int, ids: bool = True,
           shown: Callable[[int], str] = str) -> tuple[bytes, Expected]:
    """One row a person, with an age and a browsing count."""
    dice = random.Random(seed)
    out = Lines()
    out.header(header)
    ages: dict[str, int] = {}
    browsed = 0
    for i in range(150):
        age, views = dice.randrange(16, 80), dice.randrange(0, 90)
        row = [shown(age), dice.choice("男女"), views, dice.randrange(1, 6)]
        out.row([f"P{i:04d}", *row] if ids else row)
        ages[band(age)] = ages.get(band(age), 0) + 1
        browsed += views
    return out.text.encode(), Expected(
        table="customers", rows_in=150, accepted=150, shoppers=150, ages=ages, browsing=browsed)


for _seed, (_name, _header) in enumerate(_PEOPLE.items(), 240):
    def _person(seed: int = _seed, header: Sequence[str] = _header) -> tuple[bytes, Expected]:
        return people(header, seed)
    _person.__name__ = f"{_name}_persons"
    fixture("Strangers: one row per person")(_person)


@fixture("Strangers: one row per person")
def persons_without_ids() -> tuple[bytes, Expected]:
    data, told = people(("年龄", "性别", "浏览次数", "评分"), 250, ids=False)
    return data, Expected(**(vars(told) | {"notes": ("anonymous_people",)}))


@fixture("Strangers: one row per person")
def ages_with_the_word_for_years() -> tuple[bytes, Expected]:
    return people(_PEOPLE["chinese"], 251, shown=lambda age: f"{age}岁")


@fixture("Strangers: one row per person")
def impossible_ages_are_left_empty() -> tuple[bytes, Expected]:
    data, told = people(_PEOPLE["english"], 252)
    data += b"P9001,0,f,1,5\r\nP9002,999,m,1,5\r\nP9003,-5,m,1,5\r\nP9004,200,f,1,5\r\n"
    return data, Expected(**(vars(told) | {
        "rows_in": 154, "accepted": 154, "shoppers": 154, "browsing": (told.browsing or 0) + 4,
        "ages": {**(told.ages or {}), "unknown": 4}}))


@fixture("Strangers: one row per person")
def bands_and_decades() -> tuple[bytes, Expected]:
    out = Lines()
    out.header(["会员编号", "年龄段", "性别"])
    cells = ("18-24", "25-34岁", "65+", "18岁以下", "45~54")
    for i in range(100):
        out.row([f"M{i}", cells[i % 5], "女"])
    return out.text.encode("gb18030"), Expected(
        table="customers", rows_in=100, accepted=100, shoppers=100,
        ages={"18-24": 20, "25-34": 20, "65+": 20, "under 18": 20, "45-54": 20})
