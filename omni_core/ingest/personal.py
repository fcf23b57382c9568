"""Which columns are about a person's private self, by header and by what stands in them.

Three fates: *key* (the default) keeps a code that the same address always gives, enough to tell
that two files mean one person; *drop* reads nothing; *keep* also keeps the text itself, for
audiences. Names and addresses tie nobody together: of them the code is not kept either.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest.report import Refused

FATES = ("key", "drop", "keep")
TYING = ("email", "phone", "id_number", "member")  # kinds that say who is who
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"['\t+]*(86)?[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\+\d[\d ()-]{7,18}\d")
_WRITTEN = re.compile(r"'?\+?\(?\d[\d ()./-]{5,20}\d")
_ID_CARD = re.compile(r"\d{17}[\dXx]")
_HEADERS: dict[str, tuple[str, ...]] = {kind: tuple(normalise_header(h) for h in names)
                                       for kind, names in {
    "email": ("email", "e-mail", "email address", "邮箱", "电子邮箱", "电子邮件", "e-mail-adresse",
              "correo", "correo electrónico", "courriel", "メールアドレス", "電子郵件"),
    "phone": ("phone", "mobile", "tel", "cell phone", "phone number", "电话", "手机", "手机号",
              "手机号码", "联系电话", "联系手机", "收货人手机号", "telefon", "téléphone", "teléfono", "電話番号",
              "電話", "手機", "buyer phone number"),
    "id_number": ("id card", "national id", "passport", "ssn", "身份证", "身份证号", "身份证号码", "证件号",
                  "证件号码", "護照號碼"),
    "name": ("full name", "first name", "last name", "buyer name", "billing first name",
             "billing last name", "收货人", "姓名", "收货人姓名", "客户姓名", "收件人", "收件人姓名", "真实姓名",
             "vorname", "nachname", "prénom", "nom", "nombre", "apellido", "apellidos", "氏名"),
    "address": ("address", "street", "zip", "postcode", "收货地址", "地址", "详细地址", "straße", "adresse",
                "plz", "dirección", "住所", "微信号", "支付宝账号", "买家支付宝账号"),
}.items()}
_MEMBER = re.compile(r"(id|no|number|code|nummer|编号|号|编码|番号|会员|編號)$|member")


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal column of a file: where it stands, what it holds and what becomes of it."""

    column: str
    index: int
    kind: str  # email | phone | id_number | name | address | member
    fate: str  # key | drop | keep
    names_shoppers: bool = False  # it is the column that says who the shopper is

    @property
    def ties(self) -> bool:
        """Whether a code of it is kept, to tell that two ids are one person."""
        return self.fate != "drop" and self.kind in TYING

    def fates(self) -> tuple[str, ...]:
        """Return the fates that differ for this column, the default one first.

        Names and addresses tie nobody together: to code them is to drop them. A shop's own number
        is no address to keep. The column that names the shoppers can't be dropped.
        """
        if self.names_shoppers:
            return "key", "keep"
        if self.kind == "member":
            return "key", "drop"
        return FATES if self.kind in TYING else ("key", "keep")

    @property
    def is_read(self) -> bool:
        """Whether its cells are looked at."""
        return self.ties or self.fate == "keep"


def kind_of(header: str, cells: Sequence[str], values_only: bool = False) -> str | None:
    """Return what personal thing a column holds, or None; ``values_only`` leaves its header."""
    normal = normalise_header(header)
    told = _of_values(normal, cells)
    if told or values_only:
        return told
    return next((kind for kind, names in _HEADERS.items()
                 if any(normal == n or normal.endswith(n) for n in names)), None)


def _of_values(normal: str, cells: Sequence[str]) -> str | None:
    # an 18-digit order number looks like an ID card; only columns of nothing else are taken
    if not cells or "order" in normal or "单" in normal:
        return None
    hits = {"email": sum(bool(_EMAIL.fullmatch(c)) for c in cells),
            "phone": sum(bool(_PHONE.fullmatch(c)) for c in cells),
            "id_number": sum(bool(_ID_CARD.fullmatch(c)) for c in cells)}
    kind = max(hits, key=lambda k: hits[k])
    return kind if sum(hits.values()) > 0.5 * len(cells) else None


def find_personal(headers: Sequence[str], cells: Sequence[Sequence[str]], used: set[int],
                  user: int | None, answers: Mapping[str, str]) -> tuple[Personal, ...]:
    """Return the personal columns among those that play no role, and the one that names shoppers.

    ``cells`` are sample cells per column. Raises ``Refused`` for a fate that is none.
    """
    found = []
    for index, header in enumerate(headers):
        if index == user:
            kind = kind_of(header, cells[index], values_only=True)
            if kind is None and _is_phone(header, cells[index]):
                kind = "phone"
        elif index in used:
            continue
        else:
            kind = kind_of(header, cells[index])
            if kind is None and user is not None and _is_member(header):
                kind = "member"
        if kind:
            fate = answers.get("personal:" + header) or answers.get("personal") or "key"
            if fate not in FATES:
                raise Refused("unknown_answer", value=fate, field="personal:" + header)
            found.append(Personal(header, index, kind, fate, index == user))
    return tuple(found)


def _is_phone(header: str, cells: Sequence[str]) -> bool:
    """Whether a column is headed as one of phones, and most cells are numbers as one writes them.

    A number without a country's code looks like any other number: only the header tells.
    """
    written = sum(bool(_WRITTEN.fullmatch(c)) for c in cells)
    return normalise_header(header) in _HEADERS["phone"] and written > 0.5 * len(cells)


def _is_member(header: str) -> bool:
    normal = normalise_header(header)
    # WeChat's number of a person, by which a mini-program's log names her: 微信openid
    return normal.endswith(("openid", "unionid")) or (
        normal in SYNONYMS["user"] and bool(_MEMBER.search(normal)))


def code(value: str, key: bytes) -> str:
    """Return the code of an address, phone or number: the same for each way of writing it."""
    return "h" + hmac.new(key, _plain(value).encode(), hashlib.sha256).hexdigest()[:24]


def _plain(value: str) -> str:
    text = unicodedata.normalize("NFKC", value).strip().lower()
    digits = re.sub(r"[\s()+.'-]", "", text)
    if "@" in text or not digits.isdecimal() or not 7 <= len(digits) <= 17:
        return text
    digits = digits.removeprefix("00")
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits
