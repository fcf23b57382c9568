"""What a file of sends calls an answer: words that are known, and words that the shop explains.

A word that nobody explained counts as no answer, which is a guess: it is counted, shown and asked
about. What she says is kept as an artefact and holds for every page and command.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

YES = frozenset((
    "yes", "y", "true", "t", "responded", "response", "answered", "converted", "conversion",
    "purchase", "purchased", "bought", "buy", "order", "ordered", "redeemed", "used", "是", "有",
    "已响应", "响应", "已转化", "转化", "成交", "已购买", "购买", "已下单", "下单", "已核销",
    "核销", "已使用"))
# Sent, received or taken is not yet an answer.
NO = frozenset((
    "no", "n", "false", "f", "none", "not responded", "no response", "not answered", "no answer",
    "not converted", "not purchased", "not bought", "not redeemed", "unredeemed", "not used",
    "unused", "expired", "ignored", "sent", "delivered", "received", "issued", "claimed", "pending",
    "bounced", "failed", "unsubscribed", "否", "无", "没有", "未", "未响应", "无响应", "未转化",
    "未成交", "未购买", "未下单", "未核销", "待核销", "未使用", "待使用", "已过期", "过期",
    "已失效", "已发送", "已送达", "已领取", "领取", "未领取", "发送失败", "已退订", "退订"))
_KIND, _NAME = "answers", "words"
_BETWEEN = "\x1f"  # no cell holds it


def explained(ws: Any) -> dict[str, list[str]]:
    """Return the words that the shop explained: "yes" and "no"."""
    said = ws.artefact(_KIND, _NAME) or {}
    return {side: [str(w) for w in said.get(side, ())] for side in ("yes", "no")}


def answers(ws: Any) -> str:
    """Return all words that mean an answer, as the queries take them."""
    return _BETWEEN.join(sorted({*YES, *explained(ws)["yes"]}))


def unread(ws: Any) -> pd.DataFrame:
    """Return word and sends: outcomes neither known nor explained, most frequent first.

    Sends with a time of answer are left out: they were answered whatever the word says.
    """
    words = ws.query("outcome_words")
    said = explained(ws)
    known = {*YES, *NO, *said["yes"], *said["no"]}
    return words[~words["word"].isin(known)].reset_index(drop=True)


def explain(ws: Any, words: Iterable[str], yes: Iterable[str]) -> None:
    """Keep what the shop says of ``words``: those in ``yes`` are answers, the others are none."""
    said, wanted = explained(ws), set(yes)
    for word in words:
        for side in ("yes", "no"):
            if word in said[side]:
                said[side].remove(word)
        said["yes" if word in wanted else "no"].append(word)
    ws.save_artefact(_KIND, _NAME, said)


def ask_again(ws: Any) -> None:
    """Forget what the shop said."""
    ws.delete_artefact(_KIND, _NAME)
