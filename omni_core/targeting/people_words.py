"""What is said of the people behind a cut-off and of the files they go into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omni_core.i18n import N_, _, day, ngettext, number, percent, together
from omni_core.targeting.audience import Audience
from omni_core.targeting.evaluate import Scores
from omni_core.targeting.handover import Handover
from omni_core.targeting.words import group_name

if TYPE_CHECKING:
    import pandas as pd


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
        text = together(text, ngettext(
            "{n} of the known shoppers stands in the customer file without a date and has done "
            "nothing yet, so that score is rough.",
            "{n} of the known shoppers stand in the customer file without a date and have done "
            "nothing yet, so their scores are rough.", scores.silent,
        ).format(n=number(scores.silent)))
    if who.later:
        text = together(text, ngettext(
            "{n} customer who joined on or after {day}, when your other data end, is left out.",
            "{n} customers who joined on or after {day}, when your other data end, are left out.",
            who.later,
        ).format(n=number(who.later), day=day(scores.as_of)))
    return text


def segment_words(who: Audience, segment: str) -> str:
    """Say how many of those who may be contacted belong to the segment, and what is not of it."""
    return ngettext(
        "{kept} person of the {all} who may be contacted belongs to “{segment}”: people, cost, "
        "profit and files below are theirs alone. What the trial says still comes from all people "
        "tried.",
        "{kept} people of the {all} who may be contacted belong to “{segment}”: people, cost, "
        "profit and files below are theirs alone. What the trial says still comes from all people "
        "tried.", len(who.people),
    ).format(kept=number(len(who.people)), all=number(len(who.people) + (who.elsewhere or 0)),
             segment=segment)


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
                "gender": _("No gender is known of these people."),
                "channel": _("No channel is known of these people."),
                "segment": _("No segment is known of these people.")}[by]
    enough = table[~table["few"] & (table[by] != "unknown")]
    if len(enough) < 2:
        return _("Too few groups of 30 people or more to compare.")
    top, low = enough.loc[enough["share"].idxmax()], enough.loc[enough["share"].idxmin()]
    return _("Chosen most often: {top} ({a}); least often: {low} ({b}). This is a difference "
             "between the groups; it does not say why.").format(
        top=group_name(top[by]), a=percent(top["share"], 0), low=group_name(low[by]),
        b=percent(low["share"], 0),
    )


def handover_words(made: Handover) -> list[str]:
    """Say what the upload will hold and what became of everyone else; the counts add up."""
    lines = [_("Of {chosen} people chosen, {people} are in the file ({rows} rows).").format(
        chosen=number(made.chosen), people=number(made.people), rows=number(len(made.rows)))]
    lost = [
        (made.without_address, N_("{n} have no address that {platform} matches by.")),
        (made.unreadable, N_("{n} have one that can't be read as an e-mail address or phone "
                             "number.")),
        (made.refused, N_("{n} are left out because the customer file says not to write to "
                          "them.")),
        (made.merged, N_("{n} rows were left out because another row has the same addresses.")),
    ]
    lines += [_(text).format(n=number(n), platform=_(made.platform.label))
              for n, text in lost if n]
    return lines


def handover_warnings(made: Handover, who: Audience, consented: bool = False) -> list[str]:
    """Say what may go wrong with the upload; ``consented``: its own file says who consents."""
    out = []
    if not len(made.rows):
        out.append(_("There is nobody to hand over: bring a customer file with addresses, or let "
                     "an import keep them."))
    elif made.too_small:
        out.append(_("{platform} shows ads only to audiences of {least} matched people or more, "
                     "and it never finds all you send. This file has {n}: lower the "
                     "cut-off.").format(
            platform=_(made.platform.label), least=number(made.platform.least or 0),
            n=number(made.people)))
    if who.consent is None and not consented:
        out.append(_("No file says who consents. Sending people's addresses to an ad platform "
                     "without their consent is against the law in many countries."))
    young = int((who.people["band"].iloc[:made.chosen] == "under 18").sum())
    if young:
        out.append(ngettext(
            "{n} person of the list is under 18; platforms forbid targeting minors.",
            "{n} people of the list are under 18; platforms forbid targeting minors.",
            young).format(n=number(young)))
    if made.platform.note:
        out.append(_(made.platform.note))
    return out
