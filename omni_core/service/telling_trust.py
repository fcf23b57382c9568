"""What the page says of how far the bot can be trusted: work, confusion, batches, engines."""

from __future__ import annotations

from typing import Any

import pandas as pd

from omni_core.i18n import _, gap, ngettext, number, percent
from omni_core.service import comparison
from omni_core.service.csvfile import Sentences
from omni_core.service.intents import intent_name
from omni_core.service.settings import engine_name
from omni_core.service.wording import ROUTES, ranged


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
        n=number(len(decided)), encoding=read.encoding,
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
    name = engine_name(chosen)
    if best is top:
        return _("Take “{engine}”: {share} right on sentences it had not seen (likely {low} to "
                 "{high}), the most of all; its confidence is off by {ece}.").format(
            engine=name, share=percent(best["cv"], 0), low=percent(best["cv_low"], 0),
            high=percent(best["cv_high"], 0), ece=percent(best["ece"], 1))
    return _("Take “{engine}”: as right as “{other}” within chance ({share} against {most}), and "
             "its confidence is nearer the truth (off by {ece}).").format(
        engine=name, other=engine_name(other), share=percent(best["cv"], 0),
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
    text = _("With {n} sentences “{engine}” is right in {share} of {k} kept back.").format(
        n=number(best["sentences"]), engine=engine_name(engine), share=percent(best["accuracy"], 0),
        k=number(best["judged"]))
    if best["accuracy"] > before["high"]:
        return text + gap() + _("The last quarter of the sentences still helped: add more.")
    return text + gap() + _(
        "The last quarter of the sentences made no difference that could be told from chance.")


def learning_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the learning curve in words."""
    return pd.DataFrame({
        "engine": [engine_name(e) for e in table["engine"]], "sentences": table["sentences"],
        "accuracy": ranged(table, "accuracy", "low", "high", "judged"),
        "kept_sentences": table["judged"]})
