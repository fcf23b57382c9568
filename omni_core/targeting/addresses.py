"""Addresses as ad platforms match them: written one way, then hashed by each platform's rule.

Sources: support.google.com/google-ads 7474263 (Customer Match), the custom-audience code of
facebook-python-business-sdk, ads.tiktok.com/help, developers.e.qq.com. A hash of a phone number is
a pseudonym, not anonymous: there are few enough numbers to try them all.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from omni_core.i18n import N_

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_CN_MOBILE = re.compile(r"1[3-9]\d{9}")


def email(text: str | None) -> str | None:
    """Return an e-mail address trimmed, without spaces and in lower case; None for none.

    Dots and "+" before the "@" stay: only Google's own mail ignores them.
    """
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).lower()
    bare = bare.removeprefix("mailto:")
    return bare if _EMAIL.fullmatch(bare) else None


def phone(text: str | None, country: str) -> str | None:
    """Return a phone number in E.164 form ("+8613812345678"); None for what can't be one.

    ``country`` (two letters) is where numbers without a country code are from.
    """
    import phonenumbers

    bare = unicodedata.normalize("NFKC", text or "").strip().lstrip("'\"=").strip("\"' ")
    bare = "+" + bare[2:] if bare.startswith("00") else bare
    try:
        # a number of 12 digits or more has its country code, whether the "+" was typed or not
        if not bare.startswith("+") and re.fullmatch(r"86[ -]?1[3-9][\d -]{9,}", bare):
            bare = "+" + bare
        number = phonenumbers.parse(bare, country.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    form = phonenumbers.PhoneNumberFormat.E164
    return str(phonenumbers.format_number(number, form))


def name(text: str | None) -> str | None:
    """Return a name trimmed and in lower case; None when nothing is left."""
    return " ".join(unicodedata.normalize("NFKC", text or "").lower().split()) or None


def birthday(text: str | None) -> str | None:
    """Return a birthday written year first as YYYYMMDD; None for any other form."""
    found = re.match(r"\s*((?:19|20)\d\d)\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?!\d)", text or "")
    return "{}{:0>2}{:0>2}".format(*found.groups()) if found else None


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in 64 lower-case hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def md5(text: str) -> str:
    """Return the MD5 of a text in 32 lower-case hex digits; what Tencent asks for, not safe."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _digits(e164: str) -> str:
    return e164.removeprefix("+")


def _mainland(e164: str) -> str | None:
    """Return the 11 digits of a mainland mobile number; None for any other."""
    bare = e164.removeprefix("+86")
    return bare if bare != e164 and _CN_MOBILE.fullmatch(bare) else None


def _gender(text: str) -> str | None:
    return {"f": "f", "female": "f", "女": "f", "m": "m", "male": "m", "男": "m"}.get(text)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an upload: its header, what fills it, its last change, its hash (or none)."""

    header: str
    fill: str  # email | phone | first | last | birthday | gender | city | country | zip
    change: Callable[[str], str | None] | None = None
    hash: Callable[[str], str] | None = sha256


@dataclass(frozen=True, slots=True)
class Platform:
    """What an ad platform takes: columns, file form, and the fewest people it shows ads to.

    ``least`` is None where the platform publishes no figure.
    """

    name: str
    label: str
    fields: tuple[Field, ...]
    least: int | None
    form: str = "csv"  # csv with a header | txt, one per line
    note: str = ""

    @property
    def matches_by(self) -> tuple[str, ...]:
        """The kinds of address that can find a person there."""
        return tuple(f.fill for f in self.fields if f.fill in ("email", "phone"))


PLATFORMS: dict[str, Platform] = {p.name: p for p in (
    Platform("google", N_("Google Customer Match"), (
        Field("Email", "email"), Field("Phone", "phone"), Field("First Name", "first"),
        Field("Last Name", "last"), Field("Country", "country", str.upper, None),
        Field("Zip", "zip", None, None),
    ), 100, note=N_("In the EEA, Google also wants each person's consent to ads.")),
    Platform("meta", N_("Meta (Facebook, Instagram)"), (
        Field("email", "email"), Field("phone", "phone", _digits), Field("fn", "first"),
        Field("ln", "last"), Field("dob", "birthday"), Field("gen", "gender", _gender),
        Field("ct", "city", lambda t: re.sub(r"[\W_]", "", t)),
        Field("country", "country", str.lower),
    ), 100, note=N_("Meta refuses audiences whose name suggests health or money troubles.")),
    Platform("tiktok", N_("TikTok"), (
        Field("Email_SHA256", "email"), Field("Phone_SHA256", "phone"),
    ), 1000, note=N_("Phone numbers are hashed with the plus sign, as TikTok's preview page "
                     "recommends.")),
    Platform("tencent", N_("Tencent Ads"), (
        Field("HASH_MOBILE_PHONE", "phone", _mainland, md5),
    ), None, "txt", N_("Only mainland mobile numbers, hashed with MD5. MD5 of a phone number is "
                       "easily undone: hand the file to nobody else.")),
)}


def cell(field: Field, text: str | None) -> str | None:
    """Return what stands in a column of the upload for an address in its one form."""
    if text is None:
        return None
    changed = field.change(text) if field.change else text
    if changed is None:
        return None
    return field.hash(changed) if field.hash else changed
