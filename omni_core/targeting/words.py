"""What the figures of the ads page say, as sentences in the language of the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omni_core.i18n import _, day, ngettext, number, percent, together
from omni_core.targeting.alarms import NEED_POSITIVES, NEED_ROWS
from omni_core.targeting.evaluate import Holdout
from omni_core.targeting.metrics import gains
from omni_core.targeting.stack import Stack
from omni_core.targeting.targets import parse_target

if TYPE_CHECKING:
    import pandas as pd

FIFTH = 0.2  # the share of the people that the page begins with and speaks of


def target_name(target: str, known: pd.DataFrame) -> str:
    """Name a target for a list: the campaign with its day, people and answers, or the days."""
    wanted = parse_target(target)
    if wanted.kind == "buys_within":
        return _("Buys within {n} days").format(n=number(wanted.days))
    if wanted.kind == "lapses_within":
        return _("Lapses: bought in the last {n} days, buys nothing in the next {n}").format(
            n=number(wanted.days))
    if wanted.kind == "buys_category":
        return _("Buys “{category}” within {n} days").format(
            category=wanted.category, n=number(wanted.days))
    row = known.set_index("campaign").loc[wanted.campaign]
    return _("Answers campaign {name} ({day}: {answers} of {people} people)").format(
        name=wanted.campaign, day=day(row["day"]), answers=number(row["answers"]),
        people=number(row["people"]),
    )


def answer_words(target: str, known: pd.DataFrame, rows: Stack) -> str:
    """Say what counts as an answer here, and who was left out of learning."""
    wanted = parse_target(target)
    if wanted.kind != "responded":
        text = {
            "buys_within": _("An answer is a purchase within {n} days of the day of scoring."),
            "lapses_within": _(
                "Only people who bought in the last {n} days are scored; an “answer” is that they "
                "buy nothing in the next {n}. A high score is a warning, not a wish."),
            "buys_category": _("An answer is a purchase of “{category}” within {n} days of the day "
                               "of scoring."),
        }[wanted.kind].format(n=number(wanted.days), category=wanted.category)
        return together(text, _("Learned and tested on {n} past stretches of that length.").format(
            n=number(len(set(rows.name)))))
    held_back = known.set_index("campaign").loc[sorted(set(rows.name)), "held_back"].sum()
    text = ngettext(
        "An answer is what your file of sends calls one. Learned and tested on {n} campaign.",
        "An answer is what your file of sends calls one. Learned and tested on {n} campaigns.",
        len(set(rows.name)),
    ).format(n=number(len(set(rows.name))))
    if rows.skipped:
        text = together(text, _("{n} earlier ones have too little activity before them.").format(
            n=number(rows.skipped)))
    early = known.set_index("campaign").loc[sorted(set(rows.name)), "early"].sum()
    if early:
        text = together(text, _("{n} answers are dated before their message and not counted: check "
                                "the two time columns of the file.").format(n=number(early)))
    if held_back:
        text = together(text, _("{n} people of a control group, who got no message, are left "
                                 "out.").format(n=number(held_back)))
    return together(text, _("Below, everyone known is scored as if it were sent to them now; "
                             "people it never went to may answer otherwise."))


def unread_words(found: pd.DataFrame, most: int) -> str:
    """Say which outcomes of the sends nobody has explained, and what they count as until then."""
    shown = [_("“{word}” ({n} messages)").format(word=w, n=number(n))
             for w, n in found[["word", "sends"]].iloc[:most].itertuples(index=False)]
    text = _("The outcome column of your sends holds words that may mean an answer or not: "
             "{words}.").format(words=_(", ").join(shown))
    if len(found) > most:
        text = together(text, _("{n} more words follow.").format(n=number(len(found) - most)))
    return together(text, _("Until you say, they count as no answer, and the score learns that."))


def explained_words(told: dict[str, list[str]]) -> str:
    """Say which outcomes count as answers or as none because she said so."""
    parts = {"yes": _("You said that these mean an answer: {words}."),
             "no": _("You said that these mean none: {words}.")}
    said = [parts[side].format(words=_(", ").join(f"“{w}”" for w in told[side]))
            for side in ("yes", "no") if told[side]]
    return together(*said)


def gate(held: Holdout) -> tuple[str, str]:
    """Return the trust lamp ("green" or "orange") and why it shows that."""
    n, k = held.figures["n"], held.figures["positives"]
    counts = (
        _("Tried on {n} cases with {k} answers that it had not seen; learned from {rows} cases "
          "with {hits} answers before them.") if held.how == "time" else
        _("Tried on {n} people with {k} answers that it had not seen; learned from {rows} others "
          "with {hits} answers.")
    ).format(rows=number(held.trained_on), hits=number(held.trained_positives), n=number(n),
             k=number(k))
    if held.random:
        counts = together(_("This score cannot be told from random choice: do not choose people "
                             "by it."), counts)
    elif held.plain:
        counts = together(_("This score is no better than age, gender and channel alone."), counts)
    if held.trained_positives < NEED_POSITIVES or held.trained_on < NEED_ROWS \
            or k < NEED_POSITIVES:
        return "orange", together(counts, _(
            "Steady figures need {need} answers and {rows} rows on either side, so read the ranges."
        ).format(need=number(NEED_POSITIVES), rows=number(NEED_ROWS)))
    if held.how != "time":
        return "orange", together(counts, _(
            "There is no earlier campaign to learn from, so shoppers were divided at random: this "
            "says nothing about how long the score will hold."
        ))
    return "orange" if held.random or held.plain else "green", counts


def quality(held: Holdout) -> str:
    """Say how well the score ranks people it has not seen, beside the baseline."""
    f = held.figures
    text = _("Of two people, one who answers and one who does not, the score puts the right one "
             "first in {auc} of cases ({low}–{high}).").format(
        auc=percent(f["auc"], 0), low=percent(f["auc_low"], 0), high=percent(f["auc_high"], 0)
    )
    if held.cut is not None:
        text = together(text, tried_words(held))
    if held.articles:
        return together(text, _("It sees only age, gender, channel and interests, as the articles' "
                                "model does: the bar to beat is chance, 50 %."))
    if held.baseline is None:
        return together(
            text, _("Age, gender and channel are not known, so there is no baseline."))
    return together(text, _("Age, gender and channel alone reach {base}.").format(
        base=percent(held.baseline["auc"], 0)))


def tried_words(held: Holdout) -> str:
    """Say on which campaigns or days the score was tried, and what it knew before each."""
    assert held.cut is not None
    n, since = len(held.names), day(held.cut)
    if held.kind == "own":
        return _("Tried on the rows from {day} on, learned from the earlier ones.").format(
            day=since)
    if held.kind == "responded":
        return ngettext(
            "Tried on the last campaign, of {day}: foreseen from what was known before it.",
            "Tried on the last {n} campaigns, from {day} on: each foreseen from what was known "
            "before it.", n).format(n=number(n), day=since)
    return ngettext(
        "Tried on the last stretch of days, from {day} on: foreseen from what was known before it.",
        "Tried on the last {n} stretches of days, from {day} on: each foreseen from what was known "
        "before it.", n).format(n=number(n), day=since)


def gains_words(held: Holdout) -> str:
    """Say how many responders the best fifth holds."""
    share = float(gains(held.y, held.p, FIFTH))
    return _("The best-scored fifth of the people holds {share} of those who answered; a fifth "
             "taken at random would hold {random}.").format(
        share=percent(share, 0), random=percent(FIFTH, 0)
    )


def lift_words(held: Holdout) -> str:
    """Say how much more often the best tenth answers."""
    return _("The best-scored tenth answers {lift} times as often as people on average "
             "({base}).").format(
        lift=number(held.figures["lift_10"], 1), base=percent(held.figures["base_rate"])
    )


def calibration_words(held: Holdout) -> str:
    """Say how far predicted and observed rates are apart, and which way."""
    gap = float(held.p.mean() - held.y.mean())
    text = _("Predicted and observed rates are {ece} percentage points apart on average, over ten "
             "groups of equal size.").format(ece=number(100 * held.figures["ece"], 1))
    if abs(gap) > 0.01:
        text = together(text, (
            _("On the whole the score promised too much: {p} predicted, {y} observed.") if gap > 0
            else _("On the whole the score promised too little: {p} predicted, {y} observed.")
        ).format(p=percent(float(held.p.mean())), y=percent(float(held.y.mean()))))
    return text


def group_name(name: Any) -> str:
    """Return an age band's or a gender's name for display."""
    known = {
        "unknown": _("unknown"), "under 18": _("under 18"), "female": _("female"),
        "male": _("male"), "other": _("other"),
    }
    text = str(name)
    return known.get(text, text.replace("-", "–") if text[:1].isdigit() else text)
