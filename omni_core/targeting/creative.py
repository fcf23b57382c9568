"""What one person would see: a short text with her name, her category and goods, per channel.

Templates, not a text generator: three sentences with holes, so that what is previewed is what would
be sent. Sizes are those that each place shows; longer texts are cut where it cuts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from omni_core.errors import BadParameter
from omni_core.i18n import N_, _, language, money


@dataclass(frozen=True, slots=True)
class Channel:
    """A place an ad is shown: picture width to height (0: no picture), characters it shows."""

    name: str
    label: str
    ratio: float
    headline: int
    body: int


CHANNELS: dict[str, Channel] = {c.name: c for c in (
    Channel("wechat", N_("WeChat Moments"), 16 / 9, 14, 40),
    Channel("douyin", N_("Douyin / TikTok"), 9 / 16, 20, 55),
    Channel("meta", N_("Facebook, Instagram"), 1.0, 40, 125),
    Channel("google", N_("Google display"), 1.91, 30, 90),
    Channel("email", N_("E-mail"), 3.0, 60, 500),
    Channel("sms", N_("Text message"), 0.0, 0, 70),
)}

# Words of goods that platforms restrict or forbid to target; a hint, not a lawyer.
_RESTRICTED: dict[str, tuple[str, str]] = {
    "health": (N_("health, medicine, dieting"),
               r"health|medic|pharma|drug|diet|slim|supplement|vitamin|医|药|保健|减肥|瘦身|营养品|养生"),
    "finance": (N_("money, loans, insurance"),
                r"\bloans?\b|credit|insur|invest|mortgage|crypto|贷款|理财|保险|信用卡|基金|股票"),
    "alcohol": (N_("alcohol and tobacco"),
                r"alcohol|\bwine|beer|liquor|spirits|whisky|tobacco|cigar|vape|酒|香烟|烟草|电子烟|雪茄"),
    "adult": (N_("adult goods and gambling"),
              r"adult|lingerie|casino|gambl|lotter|成人|情趣|博彩|彩票"),
    "children": (N_("goods for babies and children"),
                 r"\bbab(y|ies)\b|infant|formula milk|child|kids|母婴|婴|儿童|奶粉"),
}


def restricted(texts: Any) -> list[str]:
    """Return the labels (message ids) of restricted kinds of goods that any of the texts names."""
    joined = " | ".join(str(t).lower() for t in texts if t)
    return [label for label, pattern in _RESTRICTED.values() if re.search(pattern, joined)]


@dataclass(frozen=True, slots=True)
class Goods:
    """A product for an ad: its name and category in the language of the page, its price."""

    name: str
    category: str
    price: float | None


@dataclass(frozen=True, slots=True)
class Card:
    """An ad as one channel shows it; ``cut``: whether some of the text did not fit."""

    channel: Channel
    headline: str
    body: str
    goods: tuple[Goods, ...]
    cut: bool


def goods_for(ws: Any, user: str) -> tuple[Goods, ...]:
    """Return up to three goods for a shopper's ad: of her favourite category, sold well lately."""
    rows = ws.query("goods_for_user", user=user)
    english = language() == "en"
    found = []
    for row in rows.to_dict("records"):
        name = (english and _text(row["name_en"])) or _text(row["name"]) or str(row["id"])
        category = (english and _text(row["category_en"])) or _text(row["category"]) or ""
        price = row["price"]
        found.append(Goods(name, category, float(price) if price == price and price else None))
    return tuple(found)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def template(goods: bool = True) -> tuple[str, str]:
    """Return the headline and the text that a card begins with, in her language.

    With holes for what is known: of a file of people no ``goods`` are.
    """
    if not goods:
        return (_("Something new for you"),
                _("{name}, have a look at what has just come in."))
    return (_("New in {category} for you"),
            _("{name}, you like {category}. {product} is what others took most these weeks, "
              "now {price}."))


def card(channel: Channel, headline: str, body: str, name: str, goods: tuple[Goods, ...],
         currency: str) -> Card:
    """Return the ad for one person. Holes that nothing fills go, with the comma after a name.

    Raises ``BadParameter`` for a hole that is none.
    """
    first = goods[0] if goods else Goods("", "", None)
    filled = {
        "name": name, "category": first.category, "product": first.name,
        "price": money(first.price, currency, 0 if first.price.is_integer() else 2)
        if first.price is not None else ""}
    whole = [_fill(t, filled) for t in (headline, body)]
    shown = [_shorten(t, most) for t, most in zip(whole, (channel.headline, channel.body),
                                                  strict=True)]
    return Card(channel, shown[0], shown[1], goods, shown != whole and not (
        channel.headline == 0 and shown[1] == whole[1]))


def _fill(text: str, values: dict[str, str]) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise BadParameter("{" + match[1] + "}", match[1],
                               ", ".join("{" + h + "}" for h in values))
        return values[match[1]]

    if not values["name"]:
        text = re.sub(r"\{name\}\s*[,，、:：!！]?\s*", "", text)
    out = " ".join(re.sub(r"\{(\w+)\}", one, text).split())
    return out[:1].upper() + out[1:]


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…" if most else ""
