"""What the figures of the ads page say, as sentences in the language of the context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omni_core.i18n import _, day, language, money, ngettext, number, percent
from omni_core.targeting.alarms import NEED_POSITIVES, NEED_ROWS
from omni_core.targeting.audience import Audience
from omni_core.targeting.evaluate import Holdout, Scores
from omni_core.targeting.metrics import gains
from omni_core.targeting.money import Money, Point, Ranking
from omni_core.targeting.shop_money import ShopMoney
from omni_core.targeting.stack import Stack
from omni_core.targeting.targets import parse_target

if TYPE_CHECKING:
    import pandas as pd

_Z90 = 1.644854
FIFTH = 0.2  # the share of the people that the page begins with and speaks of


def _together(*sentences: str) -> str:
    """Join sentences as the language does: Chinese puts no space after a full stop."""
    return ("" if language() == "zh" else " ").join(s for s in sentences if s)


def target_name(target: str, known: pd.DataFrame) -> str:
    """Name a target for a list: the campaign with its day, people and answers, or the days."""
    wanted = parse_target(target)
    if wanted.kind == "buys_within":
        return _("Buys within {n} days").format(n=number(wanted.days))
    row = known.set_index("campaign").loc[wanted.campaign]
    return _("Answers campaign {name} ({day}: {answers} of {people} people)").format(
        name=wanted.campaign, day=day(row["day"]), answers=number(row["answers"]),
        people=number(row["people"]),
    )


def answer_words(target: str, known: pd.DataFrame, rows: Stack) -> str:
    """Say what counts as an answer here, and who was left out of learning."""
    wanted = parse_target(target)
    if wanted.kind == "buys_within":
        text = _("An answer is a purchase within {n} days of the day of scoring.").format(
            n=number(wanted.days))
        return _together(text, _("Learned and tested on {n} past stretches of that length.").format(
            n=number(len(set(rows.name)))))
    held_back = known.set_index("campaign").loc[sorted(set(rows.name)), "held_back"].sum()
    text = ngettext(
        "An answer is what your file of sends calls one. Learned and tested on {n} campaign.",
        "An answer is what your file of sends calls one. Learned and tested on {n} campaigns.",
        len(set(rows.name)),
    ).format(n=number(len(set(rows.name))))
    if rows.skipped:
        text = _together(text, _("{n} earlier ones have too little activity before them.").format(
            n=number(rows.skipped)))
    if held_back:
        text = _together(text, _("{n} people of a control group, who got no message, are left "
                                 "out.").format(n=number(held_back)))
    return _together(text, _("Below, everyone known is scored as if it were sent to them now; "
                             "people it never went to may answer otherwise."))


def gate(held: Holdout) -> tuple[str, str]:
    """Return the trust lamp ("green" or "orange") and why it shows that."""
    n, k = held.figures["n"], held.figures["positives"]
    counts = _("Learned from {rows} rows with {hits} answers; tested on {n} with {k}.").format(
        rows=number(held.trained_on), hits=number(held.trained_positives), n=number(n), k=number(k)
    )
    if held.random:
        counts = _together(_("This score cannot be told from random choice: do not choose people "
                             "by it."), counts)
    elif held.plain:
        counts = _together(_("This score is no better than age, gender and channel alone."), counts)
    if held.trained_positives < NEED_POSITIVES or held.trained_on < NEED_ROWS \
            or k < NEED_POSITIVES:
        return "orange", _together(counts, _(
            "Steady figures need {need} answers and {rows} rows on either side, so read the ranges."
        ).format(need=number(NEED_POSITIVES), rows=number(NEED_ROWS)))
    if held.how != "time":
        return "orange", _together(counts, _(
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
        text = _together(text, _("Measured from {day} on, learned from what was known "
                                 "before.").format(day=day(held.cut)))
    if held.baseline is None:
        return _together(
            text, _("Age, gender and channel are not known, so there is no baseline."))
    return _together(text, _("Age, gender and channel alone reach {base}.").format(
        base=percent(held.baseline["auc"], 0)))


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
        text = _together(text, (
            _("On the whole the score promised too much: {p} predicted, {y} observed.") if gap > 0
            else _("On the whole the score promised too little: {p} predicted, {y} observed.")
        ).format(p=percent(float(held.p.mean())), y=percent(float(held.y.mean()))))
    return text


def money_words(shop: ShopMoney, currency: str) -> str:
    """Say where the money fields begin."""
    value, n = money(shop.mean_value, currency), number(shop.orders)
    if not shop.orders:
        text = _("Your data hold no paid orders, so the margin begins empty: put in yours.")
    elif shop.margin is None:
        text = _("No product has a cost, so the margin begins empty: put in what an order leaves "
                 "you. Your mean order value is {value} over {n} orders.").format(value=value, n=n)
    else:
        text = _("The margin begins at your mean order value, {value} over {n} orders, times the "
                 "{share} that your products' costs leave.").format(
            value=value, n=n, share=percent(shop.margin_share or 0.0, 0))
    if shop.contact_cost is not None:
        text = _together(text, _("The cost of one contact, {cost}, is the invented shop's: a card "
                                 "sent by post.").format(cost=money(shop.contact_cost, currency)))
    return text


def reach_words(point: Point, held: Holdout) -> str:
    """Say what a cut-off finds, before there is any money to count."""
    if not point.reach:
        return _("This cut-off reaches nobody.")
    if not point.held_reach:
        return _("Nobody among the people held out scores that high.")
    return _("Of the people held out, this cut-off takes {share} and finds {recall} of the "
             "answers; as many taken at random would hold {share}.").format(
        share=percent(point.held_reach / len(held.y)), recall=percent(point.recall))


def ask_words(held: Holdout) -> str:
    """Ask for the two numbers without which there is no profit to show."""
    if held.random:
        return _("Type what one contact costs you and what an order leaves you: then you see cost "
                 "and profit.")
    return _("Type what one contact costs you and what an order leaves you: then you see cost, "
             "profit and the best cut-off.")


def profit_words(point: Point, money_in: Money, currency: str) -> str:
    """Say what this cut-off costs and brings, expected and held out."""
    if money_in.gain <= 0:
        return _("No cut-off pays: the coupon gives away the whole margin.")
    if not point.reach:
        return _("This cut-off reaches nobody.")
    text = ngettext(
        "Contacting {n} person costs {cost} and brings about {orders} orders: {profit} expected "
        "({low} to {high}).",
        "Contacting {n} people costs {cost} and brings about {orders} orders: {profit} expected "
        "({low} to {high}).",
        point.reach,
    ).format(
        n=number(point.reach), cost=money(point.cost, currency, 0),
        orders=number(point.conversions), profit=money(point.profit, currency, 0),
        low=money(point.profit - _Z90 * point.sd, currency, 0),
        high=money(point.profit + _Z90 * point.sd, currency, 0),
    )
    if point.capped:
        text = _together(text, _("The budget ends the list."))
    if point.held_profit == point.held_profit:
        text = _together(text, _("People held out at the same cut-off really brought {held} "
                                 "({low} to {high}), weighted to the scores found "
                                 "here.").format(
            held=money(point.held_profit, currency, 0),
            low=money(point.held_profit - _Z90 * point.held_sd, currency, 0),
            high=money(point.held_profit + _Z90 * point.held_sd, currency, 0),
        ))
    return text


def best_words(ranking: Ranking, money_in: Money, best: Point | None, currency: str) -> str:
    """Name the best cut-off (see ``Ranking.best_step``) and the break-even behind it."""
    edge = money_in.break_even
    if edge is None:
        return _("No cut-off pays: the coupon gives away the whole margin.")
    if best is None:
        return _("A contact pays from a probability of {edge} on, and nobody reaches that.").format(
            edge=percent(edge))
    text = _("A contact pays from a probability of {edge} on. The most is expected at a cut-off of "
             "{best}: {n} people, {profit}.").format(
        edge=percent(edge), best=percent(best.threshold), n=number(best.reach),
        profit=money(best.profit, currency, 0),
    )
    if ranking.reach(edge) > money_in.affordable:
        text = _together(text, _("The budget pays for no more."))
    return text


def no_best_words() -> str:
    """Say why no cut-off is called the best one."""
    return _("No cut-off is marked as the best: this score cannot be told from random choice.")


def random_list_words() -> str:
    """Warn beside the file of a score that says nothing."""
    return _("As far as can be told, as many people drawn at random would answer just as often as "
             "those in this file.")


def consent_words(who: Audience, scores: Scores) -> str:
    """Say how many people may be contacted, and who of the customer file is not among them."""
    if who.consent is None:
        text = _("Your customer file has no consent column, so all {n} known shoppers are scored: "
                 "check yourself who may be written to.").format(n=number(who.known))
    else:
        text = _("{kept} of {n} known shoppers consent and are scored; {out} do not, or did not "
                 "say, and are left out.").format(
            kept=number(who.known - who.unconsented), n=number(who.known),
            out=number(who.unconsented))
    if scores.silent:
        text = _together(text, ngettext(
            "{n} of the known shoppers stands in the customer file without a date and has done "
            "nothing yet, so that score is rough.",
            "{n} of the known shoppers stand in the customer file without a date and have done "
            "nothing yet, so their scores are rough.", scores.silent,
        ).format(n=number(scores.silent)))
    if who.later:
        text = _together(text, ngettext(
            "{n} customer who joined on or after {day}, when your other data end, is left out.",
            "{n} customers who joined on or after {day}, when your other data end, are left out.",
            who.later,
        ).format(n=number(who.later), day=day(scores.as_of)))
    return text


def list_words(who: Audience, reach: int) -> str:
    """Say what the file will hold, before the button."""
    return ngettext(
        "The file will hold {n} person of the {all} who may be contacted, best score first.",
        "The file will hold {n} people of the {all} who may be contacted, best score first.",
        reach,
    ).format(n=number(reach), all=number(len(who.people)))


def group_words(table: pd.DataFrame, by: str) -> str:
    """Say which group is chosen most and least often, among groups of at least 30."""
    if (table[by] == "unknown").all():
        return {"band": _("No age is known of these people."),
                "gender": _("No gender is known of these people.")}[by]
    enough = table[~table["few"] & (table[by] != "unknown")]
    if len(enough) < 2:
        return _("Too few groups of 30 people or more to compare.")
    top, low = enough.loc[enough["share"].idxmax()], enough.loc[enough["share"].idxmin()]
    return _("Chosen most often: {top} ({a}); least often: {low} ({b}). This is a difference "
             "between the groups; it does not say why.").format(
        top=group_name(top[by]), a=percent(top["share"], 0), low=group_name(low[by]),
        b=percent(low["share"], 0),
    )


def group_name(name: Any) -> str:
    """Return an age band's or a gender's name for display."""
    known = {
        "unknown": _("unknown"), "under 18": _("under 18"), "female": _("female"),
        "male": _("male"), "other": _("other"),
    }
    text = str(name)
    return known.get(text, text.replace("-", "–") if text[:1].isdigit() else text)
