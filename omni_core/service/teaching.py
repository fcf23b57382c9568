"""What the page does with the training set: find, edit, import, retrain and keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from omni_core.service import evaluate, regression
from omni_core.service.classifier import IntentClassifier
from omni_core.service.csvfile import Sentences
from omni_core.service.intents import INTENTS
from omni_core.service.normal_form import normalise
from omni_core.service.sentences import language_of
from omni_core.service.training import Draft, Library, Pair, Version

_FLIPS_KEPT = 200


def intents(pairs: Iterable[Pair]) -> list[str]:
    """Return the intents that can be chosen: those in use, in the fixed order, then hers."""
    used = {i for _t, i in pairs}
    return [*(i for i in INTENTS if i in used), *sorted(used - set(INTENTS)),
            *(i for i in INTENTS if i not in used)]


def frame(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return the sentences as a table: text, intent, language."""
    return pd.DataFrame([(t, i, language_of(t)) for t, i in pairs],
                        columns=["text", "intent", "language"])


def found(pairs: Sequence[Pair], search: str, intent: str | None, most: int) -> pd.DataFrame:
    """Return text, intent, remove of the sentences that hold a text and have an intent."""
    wanted = search.strip().lower()
    rows = [(t, i) for t, i in reversed(pairs)
            if wanted in t.lower() and (intent is None or i == intent)]
    return pd.DataFrame([(t, i, False) for t, i in rows[:most]],
                        columns=["text", "intent", "remove"])


def edited(draft: Draft, before: pd.DataFrame, after: pd.DataFrame) -> Draft:
    """Return the draft with what an edited table changed; an emptied sentence is removed."""
    for old, new in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        pair = (str(old["text"]), str(old["intent"]))
        text, intent = str(new["text"] or "").strip(), str(new["intent"] or "").strip()
        if new["remove"] or not text:
            draft = draft.remove([pair])
        elif (text, intent) != pair and intent:
            draft = draft.remove([pair]).add([(text, intent)])
    return draft


def fresh(pairs: Sequence[Pair], read: Sentences) -> tuple[list[Pair], dict[str, int]]:
    """Return the sentences of a file that are new, and counts: new, known, conflicts, unlabelled.

    A sentence that is known with another intent is new: the conflict is shown, not hidden.
    """
    known: dict[str, set[str]] = {}
    for text, intent in pairs:
        known.setdefault(normalise(text), set()).add(intent)
    told = {"new": 0, "known": 0, "conflicts": 0, "unlabelled": 0}
    taken: list[Pair] = []
    for text, intent in zip(read.frame["text"], read.frame["intent"], strict=True):
        form = normalise(text)
        if not intent:
            told["unlabelled"] += 1
        elif intent in known.get(form, ()):
            told["known"] += 1
        else:
            told["conflicts"] += form in known
            told["new"] += 1
            known.setdefault(form, set()).add(intent)
            taken.append((text, intent))
    return taken, told


def keep(
    library: Library, old: IntentClassifier, new: IntentClassifier, before: Sequence[Pair],
    after: Sequence[Pair], old_engine: str, engine: str, judged: pd.DataFrame,
    seen: Sequence[str] = (),
) -> Version:
    """Compare two trainings and keep the new one as the version in force.

    Where there is no version yet, the old state is kept as the first, so that there is a way back.
    """
    if library.in_force() is None:
        library.save(old_engine, before, _figures(old), "start")
    learnt = pd.DataFrame(before, columns=["text", "intent"])
    r = regression.compare(
        old, new, pd.concat([judged[["text", "intent"]], learnt], ignore_index=True), seen)
    figures = _figures(new) | {
        "flips": r.flips.head(_FLIPS_KEPT).to_dict("records"),
        "counts": {k: r.count(k) for k in regression.KINDS},
        "by_intent": r.by_intent.to_dict("records"), "judged": len(judged) + len(learnt),
        "added": len(set(after) - set(before)), "removed": len(set(before) - set(after))}
    return library.save(engine, after, _plain(figures))


def changed(version: Version) -> regression.Regression:
    """Return what a version changed, as it was kept with it."""
    f = version.figures
    return regression.Regression(
        pd.DataFrame(f.get("flips", []), columns=[
            "kind", "text", "truth", "before", "after", "p_before", "p_after", "seen"]),
        pd.DataFrame(f.get("by_intent", []), columns=["intent", "messages", "before", "after"]))


def _figures(classifier: IntentClassifier) -> dict[str, Any]:
    result = evaluate.held_out(classifier)
    share, low, high = evaluate.accuracy(result)
    return _plain({"accuracy": share if len(result) else None, "low": low, "high": high,
                   "held_out": len(result), "engine": classifier.engine_})


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value
