"""What the page says of replies: which intents have none, what serves them, what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omni_core.i18n import _, ngettext, number, use_language
from omni_core.service import replies
from omni_core.service.answering import AS, CODES, Own
from omni_core.service.intents import intent_name


def language_name(code: str) -> str:
    """Return the name of a reply's language."""
    return _("Chinese") if code == "zh" else _("English")


def lacking_words(lacking: Mapping[str, tuple[str, ...]]) -> str:
    """Say which intents (as of ``answering.lacking``) have no reply, and in which language."""
    names = [intent_name(i) if codes == CODES else _("{intent} (in {language})").format(
        intent=intent_name(i), language=language_name(codes[0])) for i, codes in lacking.items()]
    return ngettext(
        "{n} intent has no reply yet, so its messages go to a person: {names}.",
        "{n} intents have no reply yet, so their messages go to a person: {names}.",
        len(names)).format(n=number(len(names)), names=_(", ").join(names))


def lent_words(intent: str, own: Own) -> str:
    """Say which built-in reply serves an intent of hers."""
    return _("“{intent}” is answered as “{match}”.").format(
        intent=intent_name(intent), match=intent_name(own[intent][AS]))


def match_words(row: Any) -> str:
    """Say what the messages of an intent read as (a row of ``answering.likely``)."""
    if not row.match:
        return _("Its messages read as no single built-in intent.")
    return _("{k} of its {n} different messages read as “{match}” to the built-in sentences."
             ).format(
        k=number(row.agree), n=number(row.messages), match=intent_name(row.match))


def template(intent: str, code: str) -> str:
    """Return the shipped reply to an intent in a language; "" where there is none."""
    known = replies.TEMPLATES.get(intent)
    if known is None:
        return ""
    with use_language(code):
        return _(known.text)


def gap_words() -> str:
    """Say which gaps a reply of hers can have."""
    known = ("order", "day", "status", "product", "price", "category", "brand", "goods")
    return _("These are filled from your files: {gaps}.").format(
        gaps=" ".join("{" + g + "}" for g in known))


def check_reply(*texts: str) -> None:
    """Raise ``BadTemplate`` where a reply has a gap that can't be filled."""
    for text in texts:
        replies.gaps(text)
