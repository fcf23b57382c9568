"""What the views of the service page say beside the decision itself: sentences and tables.

``wording`` holds what concerns one decision and the threshold; this, what concerns the training
set, its versions, batches, the queue and the reviews.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from omni_core.i18n import N_, _, gap, language, ngettext, number, percent, use_language
from omni_core.metrics import wilson
from omni_core.service import comparison, replies
from omni_core.service.csvfile import Sentences
from omni_core.service.entities import Entity
from omni_core.service.intents import intent_name
from omni_core.service.regression import Regression
from omni_core.service.sentiment import Mood
from omni_core.service.talk import Turn
from omni_core.service.training import Draft, Pair, Version
from omni_core.service.wording import ROUTES, chance, ranged, route_reason

ENTITY_TYPES: dict[str, str] = {
    "order_no": N_("Order number"), "tracking_no": N_("Tracking number"), "phone": N_("Phone"),
    "email": N_("E-mail"), "price": N_("Price"), "date": N_("Date"), "quantity": N_("Number of"),
    "size": N_("Size"), "coupon": N_("Coupon"), "product": N_("Product"), "brand": N_("Brand"),
}
_OPERATORS = {"max": N_("at most"), "min": N_("at least"), "about": N_("about"),
              "range": N_("between")}
_KINDS = {"broken": N_("broken"), "mended": N_("mended"), "moved": N_("wrong before and after"),
          "unjudged": N_("not judged")}
_LATER = 30  # fewer messages than this, and a share is mostly chance
# Some of hundreds of products look bad by chance: 3.3 standard errors are passed by one in 1,000.
_LEAST_REVIEWS, _AMONG_MANY = 5, 3.3


# -- one turn --------------------------------------------------------------------------------------
def happens(turn: Turn) -> str:
    """Say what happens to a message in a conversation."""
    if turn.reply.asks:
        return _("The bot asks for what is missing")
    way = "clarify" if turn.reply.choices else "person" if turn.reply.person else "answer"
    return _(ROUTES[way])


def turn_reason(turn: Turn, threshold: float, margin: float) -> str:
    """Say why a message of a conversation takes its way."""
    if turn.filled:
        return _("It answers what the bot had asked for.")
    if turn.intent != turn.decision.intent:
        return _("You chose “{intent}” among those offered.").format(
            intent=intent_name(turn.intent))
    return route_reason(turn.decision, threshold, margin)


def entity_value(e: Entity) -> str:
    """Return an entity's value in words."""
    if e.type == "price":
        value = " – ".join(number(v, 2 if v % 1 else 0) for v in e.value) if (
            e.operator == "range") else number(e.value, 2 if e.value % 1 else 0)
        return f"{_(_OPERATORS[e.operator])} {value}" if e.operator else value
    if isinstance(e.value, dt.date):
        return e.value.isoformat()
    return str(e.value)


def entity_label(e: Entity) -> str:
    """Return the kind of an entity in words."""
    return _(ENTITY_TYPES[e.type])


def entity_table(text: str, entities: Sequence[Entity]) -> pd.DataFrame:
    """Return what a message names: kind, the words, the value."""
    return pd.DataFrame(
        [(_(ENTITY_TYPES[e.type]), text[e.start:e.end], entity_value(e)) for e in entities],
        columns=["kind", "words", "value"])


def template(intent: str, code: str) -> str:
    """Return the shipped reply to an intent in a language; "" where there is none."""
    known = replies.TEMPLATES.get(intent)
    if known is None:
        return ""
    with use_language(code):
        return _(known.text)


def gap_words() -> str:
    """Say which gaps a reply of hers can have."""
    return _("These are filled from your files: {gaps}. Leave a field empty to keep the shipped "
             "reply.").format(gaps=" ".join("{" + g + "}" for g in (
                 "order", "day", "status", "product", "price", "category", "brand", "goods")))


def check_reply(*texts: str) -> None:
    """Raise ``BadTemplate`` where a reply has a gap that can't be filled."""
    for text in texts:
        replies.gaps(text)


# -- the training set ------------------------------------------------------------------------------
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


# -- versions --------------------------------------------------------------------------------------
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
        "engine": [_(e) for e in table["engine"]], "sentences": table["sentences"],
        "intents": table["intents"], "kept_back": table["accuracy"].astype(float),
        "note": [_("before the first change") if n == "start" else n for n in table["note"]]})


# -- trust -----------------------------------------------------------------------------------------
def workload_figures(w: dict[str, Any], minutes: float | None) -> list[tuple[Any, ...]]:
    """Return (label, value, help, under) of the figures of a threshold."""
    n = w["messages"]
    of = _("n = {n}").format(n=number(n))
    rows: list[tuple[Any, ...]] = [
        (_("Answered by the bot"), percent(w["answered_share"], 0) if n else "–",
         _("Messages that get a reply at once."), f"{number(w['answered'])} / {number(n)}"),
        (_("Right among the answered"), percent(w["right_share"], 0) if w["answered"] else "–",
         _("How many of these replies are to the right intent; the range holds in 95 of 100 "
           "cases."),
         f"{percent(w['right_low'], 0)}–{percent(w['right_high'], 0)}" if w["answered"] else None),
        (_("Passed on or asked back"), number(w["passed"] + w["asked"]),
         _("{passed} to a person, {asked} asked back.").format(
             passed=number(w["passed"]), asked=number(w["asked"])), of),
    ]
    if minutes is not None and n:
        saved = w["right"] * minutes
        rows.append((
            _("Minutes saved"), number(saved),
            _("Right answers times your minutes for a message, on these {n} messages. Wrong "
              "answers save nothing; what they cost is not counted.").format(n=number(n)),
            _("{m} per 100 messages").format(m=number(100 * saved / n))))
    return rows


def confidence_words(result: pd.DataFrame) -> str:
    """Say how far the confidence can be believed."""
    from omni_core.service.evaluate import calibration_error

    if result.empty:
        return _("There is no message to measure this on.")
    sure = result[result["confidence"] >= 0.9]
    right = (sure["truth"] == sure["intent"]).mean() if len(sure) else float("nan")
    text = _("The confidence is off by {ece} on average.").format(
        ece=percent(calibration_error(result), 1))
    if len(sure):
        text += gap() + _(
            "Where it is sure (90 % or more, {n} messages), {right} are right.").format(
                n=number(len(sure)), right=percent(right, 0))
    return text


def confusion_words(result: pd.DataFrame) -> str:
    """Say which intent is most often taken for which."""
    wrong = result[result["truth"] != result["intent"]]
    if wrong.empty:
        return _("No message was taken for another intent.")
    (truth, taken), n = wrong.groupby(["truth", "intent"]).size().sort_values(
        ascending=False, kind="stable").items().__iter__().__next__()
    return ngettext(
        "Most often “{truth}” is taken for “{taken}”: {n} message of {all}.",
        "Most often “{truth}” is taken for “{taken}”: {n} messages of {all}.", int(n)).format(
        truth=intent_name(str(truth)), taken=intent_name(str(taken)), n=number(int(n)),
        all=number(len(result)))


def pair_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return ``evaluate.confused_pairs`` in words."""
    return pd.DataFrame({
        "expected": [intent_name(i) for i in pairs["truth"]],
        "understood": [intent_name(i) for i in pairs["intent"]], "messages": pairs["messages"]})


def batch_words(read: Sentences, decided: pd.DataFrame) -> str:
    """Say what became of a file of messages."""
    routes = decided["route"].value_counts()
    text = _("{n} messages ({encoding}): the bot answers {answered}, asks back in {asked}, passes "
             "{passed} to a person.").format(
        n=number(len(decided)), encoding=read.encoding.replace("-sig", ""),
        answered=number(int(routes.get("answer", 0))), asked=number(int(routes.get("clarify", 0))),
        passed=number(int(routes.get("person", 0))))
    if read.empty:
        text += gap() + ngettext(
            "{n} row had no text.", "{n} rows had no text.", read.empty).format(
                n=number(read.empty))
    known = decided[decided["truth"] != ""]
    if len(known):
        right = int((known["truth"] == known["intent"]).sum())
        text += gap() + _(
            "Of {n} whose intent you gave, {k} are understood as you say ({share})."
        ).format(
            n=number(len(known)), k=number(right), share=percent(right / len(known), 0))
    return text


def batch_table(decided: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions on a file in words."""
    table = pd.DataFrame({
        "message": decided["text"], "understood": [intent_name(i) for i in decided["intent"]],
        "confidence": decided["confidence"].astype(float),
        "runner_up": [intent_name(i) for i in decided["runner_up"]],
        "route": [_(ROUTES[r]) for r in decided["route"]]})
    if (decided["truth"] != "").any():
        table.insert(1, "expected", [intent_name(i) if i else "–" for i in decided["truth"]])
    return table


def engine_verdict(rows: list[dict[str, Any]]) -> str:
    """Say which engine to take and why."""
    best = comparison.recommended(rows)
    top = max(rows, key=lambda r: r["cv"])
    chosen, other = best["engine"], top["engine"]
    name = _(chosen)
    if best is top:
        return _("Take {engine}: {share} right on sentences it had not seen (likely {low} to "
                 "{high}), the most of all; its confidence is off by {ece}.").format(
            engine=name, share=percent(best["cv"], 0), low=percent(best["cv_low"], 0),
            high=percent(best["cv_high"], 0), ece=percent(best["ece"], 1))
    return _("Take {engine}: as right as {other} within chance ({share} against {most}), and its "
             "confidence is nearer the truth (off by {ece}).").format(
        engine=name, other=_(other), share=percent(best["cv"], 0),
        most=percent(top["cv"], 0), ece=percent(best["ece"], 1))


def learning_words(table: pd.DataFrame) -> str:
    """Say whether more sentences still help the best engine."""
    if table.empty:
        return _("There are too few sentences to draw this.")
    last = table.loc[table.groupby("engine")["share"].idxmax()]
    best = last.sort_values("accuracy", ascending=False).iloc[0]
    engine = best["engine"]
    own = table[table["engine"] == engine].sort_values("share")
    before = own.iloc[-2] if len(own) > 1 else best
    text = _("With {n} sentences {engine} is right in {share} of {k} kept back.").format(
        n=number(best["sentences"]), engine=_(engine), share=percent(best["accuracy"], 0),
        k=number(best["judged"]))
    if best["accuracy"] > before["high"]:
        return text + gap() + _("The last quarter of the sentences still helped: add more.")
    return text + gap() + _(
        "The last quarter of the sentences made no difference that could be told from chance.")


def learning_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the learning curve in words."""
    return pd.DataFrame({
        "engine": [_(e) for e in table["engine"]], "sentences": table["sentences"],
        "accuracy": ranged(table, "accuracy", "low", "high", "judged"),
        "kept_sentences": table["judged"]})


# -- the queue -------------------------------------------------------------------------------------
def queue_words(waiting: pd.DataFrame, draft: Draft) -> str:
    """Say how many messages wait."""
    if waiting.empty:
        return _("Nothing is left to read.")
    return ngettext("{n} message, the least certain first. Say what it asks for, and add it.",
                    "{n} messages, the least certain first. Say what each asks for, and add it.",
                    len(waiting)).format(n=number(len(waiting)))


def guess_words(row: Any) -> str:
    """Say what the bot took a message of the queue for."""
    text = _("{intent} {p}, else {other} {q}: {route}").format(
        intent=intent_name(row.intent), p=chance(row.confidence),
        other=intent_name(row.runner_up), q=chance(row.second), route=_(ROUTES[row.route]))
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


# -- reviews ---------------------------------------------------------------------------------------
def mood_source(mood: Mood) -> str:
    """Say what the model learnt from and how far to believe it."""
    if mood.source == "own":
        text = _("Learnt from the stars of {n} of your reviews.").format(n=number(mood.learnt))
    else:
        text = _("Your reviews have too few clear stars to learn from ({n}; 200 are needed, 40 of "
                 "the rarer kind), so it starts from {k} written sentences.").format(
            n=number(mood.judged), k=number(mood.learnt))
    if mood.judged:
        text += gap() + _("On {n} reviews it had not seen, it agrees with the stars in {share} "
                        "(likely {low} to {high}); always saying the commoner would in "
                        "{base}.").format(
            n=number(mood.judged), share=percent(mood.accuracy, 0), low=percent(mood.low, 0),
            high=percent(mood.high, 0), base=percent(mood.baseline, 0))
    return text


def mood_figures(read: pd.DataFrame, mood: Mood) -> list[tuple[Any, ...]]:
    """Return (label, value, help, under) of the reviews' figures."""
    n = len(read)
    rows = []
    for code, label in (("positive", _("Positive")), ("negative", _("Negative")),
                        ("mixed", _("Mixed"))):
        k = int((read["mood"] == code).sum())
        rows.append((label, percent(k / n, 0), _("What the words say, whatever the stars."),
                     f"{number(k)} / {number(n)}"))
    k = int(read["contradicts"].sum())
    rows.append((_("Stars say otherwise"), number(k),
                 _("The words are clearly of another mind than the stars: a slip, or irony."),
                 f"{number(k)} / {number(n)}"))
    return rows


def months(by_month: pd.DataFrame) -> list[str]:
    """Return the months of a summary as "2026-03", the latest first."""
    return [str(m)[:7] for m in reversed(by_month["month"].tolist())]


def month_words(by_month: pd.DataFrame) -> str:
    """Say how the latest month stands beside the one before."""
    last, before = by_month.iloc[-1], by_month.iloc[-2]
    text = _("{month}: {share} of {n} reviews are positive (likely {low} to {high}), {then} the "
             "month before.").format(
        month=str(last["month"])[:7], share=percent(last["content"], 0), n=number(last["reviews"]),
        low=percent(last["low"], 0), high=percent(last["high"], 0),
        then=percent(before["content"], 0))
    apart = last["low"] > before["high"] or last["high"] < before["low"]
    return text if apart else text + gap() + _("The two can't be told apart.")


def product_names(read: pd.DataFrame) -> dict[str, str]:
    """Return the reviewed products' names by id, the most reviewed first."""
    order = read["item"].value_counts().index
    first = read.drop_duplicates("item").set_index("item")
    english = language() == "en"
    return {str(i): str(first.loc[i, "name_en"] if english and isinstance(
        first.loc[i, "name_en"], str) else first.loc[i, "name"]) for i in order}


def product_words(by_item: pd.DataFrame, names: dict[str, str]) -> str:
    """Say which product is surely below the rest, though many are looked at."""
    total = by_item["positive"].sum() / by_item["reviews"].sum()
    enough = by_item[by_item["reviews"] >= _LEAST_REVIEWS]
    below = [wilson(k, n, _AMONG_MANY)[1] < total for k, n in zip(
        enough["positive"], enough["reviews"], strict=True)]
    low = enough[below].sort_values("content")
    if low.empty:
        return _("No product is surely less liked than the average ({share}).").format(
            share=percent(total, 0))
    worst = low.iloc[0]
    return _(
        "“{name}” is surely less liked than the average: {share} of {n} against {all}."
    ).format(
        name=names[str(worst["item"])], share=percent(worst["content"], 0),
        n=number(worst["reviews"]), all=percent(total, 0))


def mood_table(table: pd.DataFrame, read: pd.DataFrame) -> pd.DataFrame:
    """Return a summary of reviews for display."""
    by = table.columns[0]
    names = product_names(read) if by == "item" else {}
    first = [names[str(v)] if by == "item" else str(v)[:7] for v in table[by]]
    return pd.DataFrame({
        "name" if by == "item" else "review_month": first, "reviews": table["reviews"],
        "content": ranged(table, "content", "low", "high", "reviews"),
        "negative": table["negative"], "stars": table["stars"].round(2),
        "few": [_("yes") if n < _LATER else "" for n in table["reviews"]]})


def behind_words(rows: pd.DataFrame) -> str:
    """Say how many reviews are listed."""
    return ngettext("{n} review, the clearest first.", "{n} reviews, the clearest first.",
                    len(rows)).format(n=number(len(rows)))


def review_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return reviews for display."""
    names = product_names(rows) if len(rows) else {}
    moods = {"positive": _("Positive"), "negative": _("Negative"), "mixed": _("Mixed")}
    return pd.DataFrame({
        "review": rows["text"], "name": [names[str(i)] for i in rows["item"]],
        "review_month": [str(m)[:7] if m == m and m is not None else "–" for m in rows["month"]],
        "stars": rows["stars"], "mood": [moods[m] for m in rows["mood"]],
        "positive_share": rows["positive"].astype(float)})
