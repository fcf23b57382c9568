"""The training set as she changes it, the versions learnt from it, and the way back.

Everything lies in the workspace as sentences and settings; a model is learnt anew from them. No
model is stored, so none can be tampered with or outlive the program that wrote it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from omni_core.errors import UnknownName
from omni_core.i18n import N_
from omni_core.service import sentences
from omni_core.service.normal_form import normalise

_VERSIONS, _STATE = "service_versions", "service_state"
KEPT = 20  # versions; the oldest go, the one in force stays

Pair = tuple[str, str]


@dataclass(frozen=True)
class Version:
    """One state of the bot: what it learnt from, with which engine, and how it was judged then."""

    name: str
    made_at: str
    engine: str
    pairs: tuple[Pair, ...]
    figures: dict[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Draft:
    """Changes that are not learnt yet, against the sentences in force."""

    added: tuple[Pair, ...] = ()
    removed: tuple[Pair, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    def apply(self, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
        """Return the sentences with the changes made; a removed pair goes once."""
        gone = Counter(self.removed)
        kept = []
        for pair in pairs:
            if gone[pair]:
                gone[pair] -= 1
            else:
                kept.append(pair)
        return (*kept, *self.added)

    def add(self, pairs: Iterable[Pair]) -> Draft:
        """Return the draft with sentences added; one that was to be removed stays instead."""
        added, removed = list(self.added), list(self.removed)
        for pair in pairs:
            if pair in removed:
                removed.remove(pair)
            else:
                added.append(pair)
        return Draft(tuple(added), tuple(removed))

    def remove(self, pairs: Iterable[Pair]) -> Draft:
        """Return the draft with sentences taken out; one that was only drafted is forgotten."""
        added, removed = list(self.added), list(self.removed)
        for pair in pairs:
            if pair in added:
                added.remove(pair)
            else:
                removed.append(pair)
        return Draft(tuple(added), tuple(removed))


class Library:
    """The versions and the draft of a workspace."""

    def __init__(self, ws: Any) -> None:
        self._ws = ws

    def in_force(self) -> Version | None:
        """Return the version that answers, or None where nothing was learnt explicitly yet."""
        name = self._ws.artefact(_STATE, "in_force")
        return self._read(name) if name else None

    def names(self) -> list[str]:
        """Return the versions' names, the newest first."""
        return sorted(self._ws.artefacts(_VERSIONS), reverse=True)

    def table(self) -> pd.DataFrame:
        """Return the versions, the newest first.

        Columns: version, made_at, engine, sentences, intents, accuracy (on held-out sentences at
        the time), note, in_use.
        """
        current = self._ws.artefact(_STATE, "in_force")
        rows = []
        for name in self.names():
            v = self._read(name)
            rows.append((v.name, v.made_at, v.engine, len(v.pairs), len({i for _t, i in v.pairs}),
                         v.figures.get("accuracy"), v.note, v.name == current))
        return pd.DataFrame(rows, columns=[
            "version", "made_at", "engine", "sentences", "intents", "accuracy", "note", "in_use"])

    def version(self, name: str) -> Version:
        """Return a version. Raises ``UnknownName``."""
        if name not in self.names():
            raise UnknownName(N_("version"), name, self.names())
        return self._read(name)

    def save(self, engine: str, pairs: Sequence[Pair], figures: dict[str, Any],
             note: str = "") -> Version:
        """Keep a new version, put it in force, and empty the draft."""
        names = self.names()
        number = 1 + max((int(n) for n in names if n.isdecimal()), default=0)
        made = dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat()
        v = Version(f"{number:04d}", made, engine, tuple(pairs), figures, note)
        self._ws.save_artefact(_VERSIONS, v.name, {
            "made_at": made, "engine": engine, "pairs": [list(p) for p in v.pairs],
            "figures": figures, "note": note})
        self.use(v.name)
        self.set_draft(Draft())
        for old in names[KEPT - 1:]:
            self._ws.delete_artefact(_VERSIONS, old)
        return v

    def use(self, name: str) -> None:
        """Put a version in force (the way back). Raises ``UnknownName``."""
        if name not in self.names():
            raise UnknownName(N_("version"), name, self.names())
        self._ws.save_artefact(_STATE, "in_force", name)

    def forget(self) -> None:
        """Go back to what is learnt without any version: the sample's or her labelled messages."""
        self._ws.delete_artefact(_STATE, "in_force")

    def draft(self) -> Draft:
        """Return the changes that are not learnt yet."""
        kept = self._ws.artefact(_STATE, "draft") or {}
        return Draft(*(tuple((str(t), str(i)) for t, i in kept.get(k, []))
                       for k in ("added", "removed")))

    def set_draft(self, draft: Draft) -> None:
        """Keep the changes."""
        if not len(draft):
            self._ws.delete_artefact(_STATE, "draft")
            return
        self._ws.save_artefact(_STATE, "draft", {
            "added": [list(p) for p in draft.added], "removed": [list(p) for p in draft.removed]})

    def _read(self, name: str) -> Version:
        kept = self._ws.artefact(_VERSIONS, name) or {}
        return Version(name, str(kept.get("made_at", "")), str(kept.get("engine", "auto")),
                       tuple((str(t), str(i)) for t, i in kept.get("pairs", [])),
                       dict(kept.get("figures", {})), str(kept.get("note", "")))


def base(
    source: str, messages: pd.DataFrame | None = None, foreign: bool = False
) -> tuple[Pair, ...]:
    """Return the sentences of a source ("shipped", "own", "both") as pairs.

    ``foreign``: with hers alone, some shipped sentences of what no shop is asked as well.
    """
    frame = sentences.training_set(source, messages)
    if foreign and source == "own" and messages is not None:
        frame = pd.concat([frame, sentences.foreign(messages)], ignore_index=True)
    return tuple(zip(frame["text"].astype(str), frame["intent"].astype(str), strict=True))


def key(pairs: Sequence[Pair], engine: str) -> str:
    """Return a name for what a model learns: the same for the same sentences and engine."""
    digest = hashlib.blake2b(digest_size=16)
    for text, intent in pairs:
        digest.update(f"{len(text)} {text}\0{intent}\0".encode("utf-8", "replace"))
    return f"{engine}-{digest.hexdigest()}"


def problems(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return duplicates and conflicts: problem ("conflict", "duplicate"), sentence, intents, times.

    Sentences are the same when they read the same (width, case, greeting). Conflicts come first:
    one sentence with two intents teaches neither.
    """
    groups: dict[str, list[Pair]] = {}
    for text, intent in pairs:
        groups.setdefault(normalise(text), []).append((text, intent))
    rows = []
    for members in groups.values():
        intents = sorted({i for _t, i in members})
        if len(members) > 1:
            rows.append(("conflict" if len(intents) > 1 else "duplicate", members[0][0],
                         intents, len(members)))
    rows.sort(key=lambda r: (r[0] != "conflict", -r[3], r[1]))
    return pd.DataFrame(rows, columns=["problem", "sentence", "intents", "times"])


def doubled(pairs: Sequence[Pair]) -> list[Pair]:
    """Return what can be taken out without loss: later copies with the same intent."""
    seen: set[tuple[str, str]] = set()
    found = []
    for text, intent in pairs:
        form = normalise(text), intent
        if form in seen:
            found.append((text, intent))
        seen.add(form)
    return found


def counts(pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return intent, sentences, chinese, english: how many there are of each, fewest first."""
    rows: dict[str, Counter[str]] = {}
    for text, intent in pairs:
        rows.setdefault(intent, Counter())[sentences.language_of(text)] += 1
    table = pd.DataFrame(
        [(i, c.total(), c["zh"], c["en"]) for i, c in rows.items()],
        columns=["intent", "sentences", "chinese", "english"])
    return table.sort_values(["sentences", "intent"], ignore_index=True)

