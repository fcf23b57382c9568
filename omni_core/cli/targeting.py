"""``omni audience``: score everyone, draw the line, write the list or an ad platform's upload."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from omni_core import export
from omni_core.cli import commands
from omni_core.errors import BadParameter, FolderNotWritable, NotEnoughData
from omni_core.i18n import N_, _
from omni_core.targeting import audience as people
from omni_core.targeting import contacts, handover, outcomes, people_words, stack, words
from omni_core.targeting.addresses import PLATFORMS
from omni_core.targeting.case import people_of, shop_case
from omni_core.targeting.model import KINDS
from omni_core.targeting.money import Money

AUDIENCE = N_("write the people worth contacting to a file: ids, or hashes for an ad platform")
PLAIN = "plain"


def add(known: argparse._SubParsersAction, *shared: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    ask = known.add_parser("audience", parents=list(shared), help=_(AUDIENCE))
    ask.add_argument("--out", metavar="FILE", type=Path, required=True, help=_("the file to write"))
    ask.add_argument("--target", help=_(
        "responded:CAMPAIGN, buys_within:DAYS, lapses_within:DAYS or buys_category:DAYS:CATEGORY; "
        "without it the steadiest one"))
    ask.add_argument("--model", choices=tuple(KINDS), default=next(iter(KINDS)))
    ask.add_argument("--without-age-and-gender", action="store_true", dest="blind",
                     help=_("do not let the score see age or gender"))
    ask.add_argument("--platform", choices=(PLAIN, *PLATFORMS), default=PLAIN,
                     help=_("whose form the file has; plain: ids and probabilities"))
    ask.add_argument("--contacts", metavar="FILE", type=Path, help=_(
        "a customer file with addresses, read once and kept nowhere; without it the addresses that "
        "the workspace keeps"))
    ask.add_argument("--country", choices=handover.COUNTRIES, default="CN",
                     help=_("where phone numbers without a country code are from"))
    ask.add_argument("--consent", choices=people.CONSENTS)
    ask.add_argument("--segment", metavar="NAME", help=_("only people of this saved segment"))
    ask.add_argument("--threshold", type=float, metavar="P", help=_(
        "everyone whose probability is at least P (0 to 1)"))
    ask.add_argument("--top", type=int, metavar="N", help=_("the N people who score highest"))
    sums = {"margin": N_("margin of one order"), "coupon": N_("value of the coupon"),
            "cost": N_("cost of one contact"), "budget": N_("budget")}
    for name, words_of in sums.items():
        ask.add_argument(f"--{name}", type=float, help=_(words_of))
    ask.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the file and say what is in it; 1 where something is missing."""
    money = _money(options)
    with commands.opened(options) as ws:
        unread = outcomes.unread(ws)
        targets, known = stack.choices(ws)
        target = options.target or next(iter(targets), None)
        if target is None:
            raise NotEnoughData(N_("days of activity"), stack.HISTORY, 0)
        rows = stack.stack(ws, target)
        case = shop_case(ws, rows, options.model, options.blind)
        held, scores = case.held, case.scores
        who = people.audience(
            case.people, scores, held, options.consent,
            None if options.segment is None else people_of(ws, options.segment).index)
        reach = _reach(options, who, money)
        users = who.people["user"].iloc[:reach]
        given = None
        if options.platform != PLAIN:
            given = contacts.kept(ws, users) if options.contacts is None else \
                contacts.from_table(ws.read_table(options.contacts), scores.user)
    if len(unread):
        print(words.unread_words(unread, 12), file=sys.stderr)
    print(words.target_name(target, known))
    for line in (words.gate(held)[1], words.quality(held), people_words.consent_words(who, scores)):
        print(line)
    if options.segment is not None:
        print(people_words.segment_words(who, options.segment))
    if given is None:
        data = export.to_csv(people.chosen(who, reach))
        print(people_words.list_words(who, reach))
    else:
        made = handover.handover(users, given, options.platform, options.country)
        data = handover.as_bytes(made)
        for line in people_words.handover_words(made):
            print(line)
        for line in people_words.handover_warnings(
                made, who, given.consent_column is not None):
            print(line, file=sys.stderr)
        if not len(made.rows):
            return 1
    _write(options.out, data)
    print(options.out)
    return 0


def _money(options: argparse.Namespace) -> Money:
    """Check what was asked before minutes are spent on it."""
    money = Money(options.margin or 0.0, options.coupon or 0.0, options.cost or 0.0, options.budget)
    if options.top is not None and options.top < 1:
        raise BadParameter("--top", options.top, "1 …")
    if options.threshold is not None and not 0 <= options.threshold <= 1:
        raise BadParameter("--threshold", options.threshold, "0 – 1")
    if options.margin is not None and money.gain <= 0:
        raise BadParameter("--margin", options.margin, _("a margin that pays for a contact"))
    return money


def _reach(options: argparse.Namespace, who: people.Audience, money: Money) -> int:
    """How many people of the ranking the options ask for."""
    if options.top is not None:
        return int(min(options.top, len(who.ranking), money.affordable))
    if options.threshold is not None:
        return who.ranking.at(options.threshold, money).reach
    if options.margin is not None and options.cost is not None:
        best = who.ranking.best_step(money)
        if best is None:
            raise BadParameter("--margin", options.margin, _("a margin that pays for a contact"))
        return best.reach
    return who.ranking.at(who.ranking.top(words.FIFTH), money).reach


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except OSError:
        raise FolderNotWritable(folder=str(path.resolve().parent)) from None
    finally:
        part.unlink(missing_ok=True)
