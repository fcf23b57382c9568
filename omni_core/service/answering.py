"""Which intents the bot has words for: a reply of hers, a shipped one, or a shipped one lent.

Her replies are kept by intent: {"zh": words, "en": words, "as": the shipped intent whose reply
serves}. An intent without any is understood and still goes to a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from omni_core.service.normal_form import normalise
from omni_core.service.replies import TEMPLATES

Own = Mapping[str, Mapping[str, str]]
CODES = ("zh", "en")
AS = "as"
_AGREE = 0.5  # share of an intent's messages that must read as one shipped intent
_ARTEFACT = ("service_replies", "own")


def kept(ws: Any) -> dict[str, dict[str, str]]:
    """Return her replies of a workspace by intent."""
    return dict(ws.artefact(*_ARTEFACT) or {})


def keep(ws: Any, intent: str, **words: str) -> None:
    """Keep parts of an intent's reply ("zh", "en", "as"); an empty part is taken out."""
    own = kept(ws)
    mine = own.get(intent, {}) | {k: v.strip() for k, v in words.items()}
    own[intent] = {k: v for k, v in mine.items() if v}
    ws.save_artefact(*_ARTEFACT, {i: parts for i, parts in own.items() if parts})


def served(intent: str, own: Own) -> str:
    """Return the intent whose shipped reply serves: the one it is matched to, or itself."""
    if intent in TEMPLATES:
        return intent
    lent = own.get(intent, {}).get(AS, "")
    return lent if lent in TEMPLATES else intent


def has_reply(intent: str, code: str, own: Own) -> bool:
    """Tell whether the bot has words for an intent in a language ("zh", "en")."""
    return served(intent, own) in TEMPLATES or bool(own.get(intent, {}).get(code))


def lacking(intents: Iterable[str], own: Own) -> dict[str, tuple[str, ...]]:
    """Return the intents without a reply, each with the languages it lacks one in, by name."""
    found = {i: tuple(c for c in CODES if not has_reply(i, c, own)) for i in sorted(set(intents))}
    return {i: codes for i, codes in found.items() if codes}


def likely(
    shipped: Any, pairs: Sequence[tuple[str, str]], intents: Iterable[str]
) -> pd.DataFrame:
    """Return intent, match, agree, messages: the shipped intent that each one's messages read as.

    ``shipped``: a classifier that learnt the shipped sentences. Messages that read the same count
    once. ``match`` is "" where fewer than half agree, or nothing shipped is asked.
    """
    wanted = sorted(set(intents))
    texts: dict[str, dict[str, str]] = {i: {} for i in wanted}
    for text, intent in pairs:
        if intent in texts:
            texts[intent].setdefault(normalise(text), text)
    rows = []
    for intent in wanted:
        given = list(texts[intent].values())
        if not given:
            rows.append((intent, "", 0, 0))
            continue
        p = shipped.predict_proba(given)
        seen = Counter(str(shipped.classes_[j]) for j in p.argmax(axis=1))
        named = shipped.classify(intent).intent  # its name tells between equals
        best, n = sorted(seen.items(), key=lambda e: (-e[1], e[0] != named, e[0]))[0]
        fits = best in TEMPLATES and best != "out_of_scope" and n >= _AGREE * len(given)
        rows.append((intent, best if fits else "", n if fits else 0, len(given)))
    return pd.DataFrame(rows, columns=["intent", "match", "agree", "messages"])
