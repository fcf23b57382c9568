"""Language: English in the code, Chinese in gettext catalogues, numbers and dates by Babel.

The language is a context variable, so two sessions on one server never see each other's. The
catalogues are the ``.po`` files of ``locales/<language>/`` (one a room); they are compiled in
memory once per process, so there is no build step to forget.
"""

from __future__ import annotations

import gettext as _gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "zh": "中文"}
LOCALES = Path(__file__).parent / "locales"
_BABEL = {"en": "en_US", "zh": "zh_CN"}
_SIGNS = {"CNY": "¥"}  # as its shops write it; Babel's English sign is "CN¥"
_language: ContextVar[str] = ContextVar("omni_language", default="en")


def set_language(code: str) -> None:
    """Set the language ("en" or "zh") of the current context; anything else becomes English."""
    _language.set(code if code in LANGUAGES else "en")


def language() -> str:
    """Return the language of the current context."""
    return _language.get()


@contextmanager
def use_language(code: str) -> Iterator[None]:
    """Switch the language for the length of a ``with`` block."""
    token = _language.set(code if code in LANGUAGES else "en")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged: _gettext.NullTranslations = _gettext.NullTranslations()
    for path in sorted((LOCALES / code).glob("*.po")):
        with path.open("rb") as source:
            compiled = io.BytesIO()
            write_mo(compiled, read_po(source, locale=code))
        compiled.seek(0)
        part = _gettext.GNUTranslations(compiled)
        part.add_fallback(merged)
        merged = part
    return merged


def N_(message: str) -> str:
    """Mark a message for the catalogue where it is written down; translate it later with ``_``."""
    return message


def _(message: str) -> str:
    """Translate a message into the language of the current context."""
    code = language()
    return message if code == "en" or not message else _catalogue(code).gettext(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a message that depends on a number."""
    code = language()
    if code == "en":
        return singular if n == 1 else plural
    return _catalogue(code).ngettext(singular, plural, n)


def _locale() -> str:
    return _BABEL[language()]


def _unsigned_zero(value: float, digits: int) -> float:
    """Return 0 for what is shown as a zero: -0.3 orders are no "-0"."""
    return value if round(value, digits) else 0.0


def number(value: float, digits: int = 0) -> str:
    """Format a number with the locale's grouping and at most ``digits`` decimals."""
    from babel.numbers import format_decimal

    if value != value:  # NaN: nothing was measured
        return "–"
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return str(format_decimal(_unsigned_zero(value, digits), format=pattern, locale=_locale()))


def compact(value: float, digits: int = 1) -> str:
    """Format a large number briefly: 12.3K in English, 1.2万 in Chinese."""
    from babel.numbers import format_compact_decimal

    if value != value:
        return "–"
    if abs(value) < 10_000:
        return number(value, 0 if float(value).is_integer() else digits)
    return str(format_compact_decimal(value, locale=_locale(), fraction_digits=digits))


def percent(value: float, digits: int = 1) -> str:
    """Format a share of one as a percentage."""
    from babel.numbers import format_percent

    if value != value:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return str(format_percent(
        _unsigned_zero(value, digits + 2), format=pattern, locale=_locale()))


def change(value: float, digits: int = 0) -> str:
    """Format a share of one as a change, with its sign: "+12%", "0%", "-5%"."""
    shown = percent(value, digits)
    return "+" + shown if round(value, digits + 2) > 0 else shown


def money(value: float, currency: str = "CNY", digits: int = 2) -> str:
    """Format an amount of money in the shop's currency (an ISO 4217 code); "": a bare number."""
    from babel.numbers import format_currency, format_decimal

    if value != value:
        return "–"
    value = _unsigned_zero(value, digits)
    if not currency:
        bare = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=bare, locale=_locale()))
    pattern = _SIGNS.get(currency, "¤") + "#,##0" + ("." + "0" * digits if digits else "")
    return str(
        format_currency(
            value, currency, format=pattern, locale=_locale(), currency_digits=False
        )
    )


def day(value: date | datetime) -> str:
    """Format a day in the locale's medium form."""
    from babel.dates import format_date

    return str(format_date(value, format="medium", locale=_locale()))


def weekday_name(weekday: int) -> str:
    """Return the short name of a weekday, 1 = Monday to 7 = Sunday."""
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=_locale())[weekday - 1])


def month_name(month: int) -> str:
    """Return the short name of a month, 1 to 12."""
    from babel.dates import get_month_names

    return str(get_month_names("abbreviated", locale=_locale())[month])


def country_name(code: str) -> str:
    """Return a country or region by its two letters; the letters where they are not known."""
    from babel import Locale

    return Locale.parse(_locale()).territories.get(code, code)


# the languages that files name a country in, and names that Babel has otherwise
_NAMING = ("en", "zh", "zh_Hant", "de", "fr", "es", "it", "pt", "ja", "ko")
_ALSO = {"usa": "US", "u.s.a.": "US", "united states of america": "US", "uk": "GB", "u.k.": "GB",
         "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "korea": "KR",
         "mainland china": "CN", "中国大陆": "CN", "中國大陸": "CN", "hong kong": "HK",
         "hong kong sar": "HK", "香港": "HK", "中国香港": "HK", "macau": "MO", "macao": "MO",
         "澳门": "MO", "澳門": "MO", "中国澳门": "MO", "中国台湾": "TW", "台灣": "TW", "英國": "GB"}


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    found: dict[str, str] = {}
    for code in _NAMING:
        for letters, name in Locale.parse(code).territories.items():
            if len(letters) == 2 and letters.isalpha():
                found.setdefault(name.casefold(), letters)
                found[letters.casefold()] = letters
    return found | _ALSO


def country_code(text: str) -> str | None:
    """Return a country's two letters from its name or letters as a file has them, else None."""
    return _countries().get(" ".join(text.split()).casefold())


def gap() -> str:
    """Return what stands between two sentences: Chinese puts no space after a full stop."""
    return "" if language() == "zh" else " "


def together(*sentences: str) -> str:
    """Join sentences as the language does."""
    return gap().join(s for s in sentences if s)
