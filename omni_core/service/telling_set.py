"""What the page says of the training set, its versions and the review queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from omni_core.i18n import N_, _, gap, ngettext, number, percent
from omni_core.service.csvfile import Sentences
from omni_core.service.intents import intent_name
from omni_core.service.regression import Regression
from omni_core.service.review import MOST
from omni_core.service.settings import engine_name
from omni_core.service.training import Draft, Pair, Version
from omni_core.service.wording import ROUTES, chance

_KINDS = {"broken": N_("broken"), "mended": N_("mended"), "moved": N_("wrong before and after"),
          "unjudged": N_("not judged")}


def set_words(pairs: Sequence[Pair]) -> str:
    """Say how many sentences and intents there are."""
    return _("{n} sentences in {k} intents.").format(
        n=number(len(pairs)), k=number(len({i for _t, i in pairs})))


def draft_words(draft: Draft) -> str:
    """Say what is not learnt yet."""
    if not len(draft):
        return _("The bot has learnt every sentence below. Add or change some, then retrain.")
    return _("Not learnt yet: {added} added, {removed} removed. The bot answers as before until "
             "you retrain.").format(added=number(len(draft.added)),
                                    removed=number(len(draft.removed)))


def draft_table(draft: Draft) -> pd.DataFrame:
    """Return the changes that are not learnt yet."""
    rows = [(_("added"), t, intent_name(i)) for t, i in draft.added]
    rows += [(_("removed"), t, intent_name(i)) for t, i in draft.removed]
    return pd.DataFrame(rows, columns=["change", "sentence", "intent"])


def count_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return ``training.counts`` with intents in words."""
    return counts.assign(intent=[intent_name(i) for i in counts["intent"]])


def found_words(rows: pd.DataFrame, most: int) -> str:
    """Say how many sentences the editor shows."""
    if len(rows) < most:
        return ngettext("{n} sentence found.", "{n} sentences found.", len(rows)).format(
            n=number(len(rows)))
    return _("The first {n} are shown; search for the one you mean.").format(n=number(most))


def import_words(read: Sentences, told: dict[str, int]) -> str:
    """Say what a file of sentences holds: every row is counted."""
    text = _("{rows} rows: {new} new, {known} known already, {unlabelled} without intent, {empty} "
             "without text.").format(
        rows=number(read.rows_in), new=number(told["new"]), known=number(told["known"]),
        unlabelled=number(told["unlabelled"]), empty=number(read.empty))
    if told["conflicts"]:
        text += gap() + ngettext(
            "{n} is known with another intent; look at it under Duplicates and conflicts.",
            "{n} are known with another intent; look at them under Duplicates and conflicts.",
            told["conflicts"]).format(n=number(told["conflicts"]))
    return text


def problem_words(table: pd.DataFrame) -> str:
    """Say whether sentences are there twice, or under two intents."""
    torn, twice = int((table["problem"] == "conflict").sum()), int(
        (table["problem"] == "duplicate").sum())
    if not torn and not twice:
        return _("No sentence is there twice.")
    return _("{torn} sentences have two intents and so teach neither: remove one of each under "
             "Edit. {twice} are there more than once.").format(
        torn=number(torn), twice=number(twice))


def problem_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``training.problems`` in words."""
    names = {"conflict": _("two intents"), "duplicate": _("there twice")}
    return pd.DataFrame({
        "problem": [names[p] for p in table["problem"]], "sentence": table["sentence"],
        "intent": [_(", ").join(intent_name(i) for i in many) for many in table["intents"]],
        "times": table["times"]})


def regression_words(version: Version, changed: Regression) -> str:
    """Say what a retraining changed, what broke first."""
    f = version.figures
    c = f.get("counts", {})
    text = _("Of {n} sentences with a known intent {broken} broke (right before, wrong now) and "
             "{mended} mended.").format(
        n=number(f.get("judged", 0)), broken=number(c.get("broken", 0)),
        mended=number(c.get("mended", 0)))
    text += gap() + _("Learnt: {added} added, {removed} removed.").format(
        added=number(f.get("added", 0)), removed=number(f.get("removed", 0)))
    if f.get("accuracy") is not None:
        text += gap() + _(
            "On sentences kept back {share} are right (likely {low} to {high})."
        ).format(
            share=percent(f["accuracy"], 1), low=percent(f["low"], 1), high=percent(f["high"], 1))
    if not len(changed.flips):
        text += gap() + _("No sentence is understood otherwise than before.")
    return text


def flip_table(flips: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences that flipped, those that broke first."""
    return pd.DataFrame({
        "change": [_(_KINDS[k]) for k in flips["kind"]], "message": flips["text"],
        "expected": [intent_name(i) if i else "–" for i in flips["truth"]],
        "understood_before": [intent_name(i) for i in flips["before"]],
        "understood_now": [intent_name(i) for i in flips["after"]],
        "confidence": flips["p_after"].astype(float)})


def before_after_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return per intent how many were right before and after."""
    return pd.DataFrame({
        "intent": [intent_name(i) for i in table["intent"]], "messages": table["messages"],
        "right_before": table["before"], "right_now": table["after"],
        "more_right": table["after"] - table["before"]})


def version_table(table: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return the versions in words; times in the shop's zone."""
    def at(made: str) -> str:
        try:
            return dt.datetime.fromisoformat(made).astimezone(ZoneInfo(zone)).strftime(
                "%Y-%m-%d %H:%M")
        except ValueError:
            return made

    return pd.DataFrame({
        "version": table["version"], "made_at": [at(m) for m in table["made_at"]],
        "in_use": [_("in force") if u else "" for u in table["in_use"]],
        "engine": [engine_name(e) for e in table["engine"]], "sentences": table["sentences"],
        "intents": table["intents"], "kept_back": table["accuracy"].astype(float),
        "note": [_("before the first change") if n == "start" else n for n in table["note"]]})


def queue_words(waiting: pd.DataFrame, draft: Draft) -> str:
    """Say how many messages wait."""
    if waiting.empty:
        return _("Nothing is left to read.")
    return ngettext("{n} message, the least certain first. Say what it asks for, and add it.",
                    "{n} messages, the least certain first. Say what each asks for, and add it.",
                    len(waiting)).format(n=number(len(waiting)))


def typed_words(n: int) -> str:
    """Say what is kept of the messages typed on the page."""
    return ngettext(
        "{n} message typed under Try it is kept in this workspace (at most the last {most}). It is "
        "tied to nobody. Forgetting a customer also deletes those that hold a number, an order or "
        "a kept address of theirs; sentences that you added to the training set stay.",
        "{n} messages typed under Try it are kept in this workspace (at most the last {most}). "
        "They are tied to nobody. Forgetting a customer also deletes those that hold a number, an "
        "order or a kept address of theirs; sentences that you added to the training set stay.", n,
    ).format(n=number(n), most=number(MOST))


def guess_words(row: Any) -> str:
    """Say what the bot took a message of the queue for."""
    text = _("{intent} {p}, else {other} {q}: {route}").format(
        intent=intent_name(row.intent), p=chance(row.confidence),
        other=intent_name(row.runner_up), q=chance(row.second), route=_(ROUTES[row.route]))
    if row.lacking:
        text += " · " + _("this intent has no reply yet")
    if row.times > 1:
        text += " · " + _("{n} times").format(n=number(row.times))
    return text + (" · " + _("thumb down") if row.thumb == "down" else "")


def queue_table(waiting: pd.DataFrame) -> pd.DataFrame:
    """Return the queue in words."""
    return pd.DataFrame({
        "message": waiting["message"], "times": waiting["times"],
        "understood": [intent_name(i) for i in waiting["intent"]],
        "confidence": waiting["confidence"].astype(float),
        "runner_up": [intent_name(i) for i in waiting["runner_up"]],
        "route": [_(ROUTES[r]) for r in waiting["route"]]})


def frequent_words(words: pd.DataFrame, n: int) -> str:
    """Say which word most unanswered messages hold."""
    top = words.iloc[0]
    return _("Of {n} unanswered messages {k} speak of “{word}”, for example: {example}").format(
        n=number(n), k=number(top["messages"]), word=top["word"], example=top["example"])
