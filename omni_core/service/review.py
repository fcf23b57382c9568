"""What the bot was unsure of: the queue to read, and what the unanswered messages speak of."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from omni_core.service.answering import Own
from omni_core.service.classifier import IntentClassifier
from omni_core.service.decide import routes, summarise
from omni_core.service.normal_form import bare, is_noise, mask, normalise
from omni_core.service.words import words

_LOG = ("service_log", "log")
MOST = 1000  # messages kept of what was tried on the page
UP, DOWN = "up", "down"
_FILLERS = frozenset(re.findall(
    r"\S+",
    "的 了 吗 呢 啊 吧 呀 嘛 么 我 你 您 他 她 它 们 我们 你们 这 那 这个 那个 就 都 也 还 "
    "又 很 是 在 有 没 没有 不 要 会 能 可以 给 把 被 和 跟 与 或 一 一下 一个 上 下 到 去 "
    "来 里 什么 怎么 多少 为什么 哪 哪里 啥 请问 想 说 看 再 the a an and or of to in on at "
    "for from with is are was were be been am i me my you your it its this that these those "
    "do does did can could will would should have has had not no so if but what when where "
    "why how which who there here please just get got t s m re ve ll d don didn doesn isn",
))


def log(ws: Any) -> list[dict[str, Any]]:
    """Return the messages tried on the page: text, intent, confidence, route, at, thumb."""
    return list(ws.artefact(*_LOG) or [])


def note(ws: Any, text: str, intent: str, confidence: float, route: str,
         sign: str | None = None) -> None:
    """Keep a message with the answer it got (once; the latest answer counts)."""
    kept = [e for e in log(ws) if e["text"] != text[:2000]]
    kept.append({
        "text": text[:2000], "intent": intent, "confidence": round(float(confidence), 4),
        "route": route, "at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "thumb": sign})
    ws.save_artefact(*_LOG, kept[-MOST:])


def clear(ws: Any) -> None:
    """Delete the messages tried on the page."""
    ws.delete_artefact(*_LOG)


def _form(text: str) -> str:
    """Return what messages that read the same have in common."""
    return bare(mask(normalise(text))) or text


def thumb(ws: Any, text: str, sign: str) -> None:
    """Keep her thumb ("up", "down") on the answer to a message."""
    kept = log(ws)
    for e in kept:
        if e["text"] == text[:2000] and e.get("thumb") != sign:
            e["thumb"] = sign
            ws.save_artefact(*_LOG, kept)


def without(table: pd.DataFrame, added: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Return the queue without the messages that were added to the training set."""
    forms = {_form(t) for t, _i in added}
    keep = [_form(t) not in forms for t in table["message"]]
    return table[np.array(keep, dtype=bool)].reset_index(drop=True)


def unanswered(table: pd.DataFrame) -> list[str]:
    """Return the messages of a queue that the bot did not answer."""
    return table[table["route"] != "answer"]["message"].tolist()


def silent(table: pd.DataFrame) -> pd.DataFrame:
    """Return intent, messages: those of a queue that are passed on only for want of a reply."""
    lost = table[table["lacking"].astype(bool)]
    return lost.groupby("intent").size().sort_values(
        ascending=False, kind="stable").reset_index(name="messages")


def queue(
    classifier: IntentClassifier, texts: Sequence[str], thumbs: dict[str, str] | None = None,
    own: Own | None = None,
) -> pd.DataFrame:
    """Return messages to read, the least certain first, those with a thumb down before all.

    Columns: message, times, intent, confidence, runner_up, second, route, thumb, lacking (passed
    on only since the intent has no reply). Each message once (as it reads), without noise and
    without what is a training sentence already. ``own``: her replies by intent; what the bot has
    no words for goes to a person.
    """
    thumbs = thumbs or {}
    times: Counter[str] = Counter()
    first: dict[str, str] = {}
    for text in texts:
        form = _form(text)
        times[form] += 1
        first.setdefault(form, text)
    shown = [f for f in first if not is_noise(first[f]) and (
        classifier.reason(first[f]) != "exact" or thumbs.get(first[f]) == DOWN)]
    columns = ["message", "times", "intent", "confidence", "runner_up", "second", "route", "thumb",
               "lacking"]
    if not shown:
        return pd.DataFrame(columns=columns)
    given = [first[f] for f in shown]
    table = summarise(classifier.predict_proba(given), classifier.classes_)
    table["text"] = given
    table["route"] = routes(table, classifier.threshold, classifier.margin, own).to_numpy()
    sure = routes(table, classifier.threshold, classifier.margin).to_numpy() == "answer"
    table["lacking"] = sure & (table["route"] != "answer")
    table["message"], table["times"] = given, [times[f] for f in shown]
    table["thumb"] = [thumbs.get(t) or "" for t in given]
    lead = table["confidence"] - table["second"]
    order = np.lexsort((lead, table["confidence"], table["thumb"] != DOWN))
    return table.iloc[order][columns].reset_index(drop=True)


def frequent_words(texts: Iterable[str], most: int = 30) -> pd.DataFrame:
    """Return word, messages, example: the words that most of some messages hold, fillers left out.

    A word counts once a message; one that a single message holds is not listed.
    """
    seen: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for word in dict.fromkeys(words(mask(normalise(text)))):
            if word not in _FILLERS and word[0] != "<" and not word.isdigit() and (
                    len(word) > 1 or not word.isascii()):
                seen[word].append(text)
    ranked = sorted(((w, t) for w, t in seen.items() if len(t) > 1),
                    key=lambda r: (-len(r[1]), r[0]))
    return pd.DataFrame([(w, len(t), t[0]) for w, t in ranked[:most]],
                        columns=["word", "messages", "example"])
