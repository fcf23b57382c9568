"""What the money of a cut-off says, as sentences in the language of the context."""

from __future__ import annotations

from omni_core.i18n import _, money, ngettext, number, percent, together
from omni_core.targeting.evaluate import Holdout
from omni_core.targeting.money import Money, Point, Ranking
from omni_core.targeting.shop_money import ShopMoney

_Z90 = 1.644854


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
        text = together(text, _("The cost of one contact, {cost}, is the invented shop's: a card "
                                 "sent by post.").format(cost=money(shop.contact_cost, currency)))
    return text


def reach_words(point: Point, held: Holdout) -> str:
    """Say what a cut-off finds, before there is any money to count."""
    if not point.reach:
        return _("This cut-off reaches nobody.")
    if not point.held_reach:
        return _("Nobody in the trial scores that high.")
    return _("In the trial this cut-off takes {share} of the people and finds {recall} of the "
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
        text = together(text, _("The budget ends the list."))
    if point.held_profit == point.held_profit:
        text = together(text, _("In the trial, people of these scores really brought {held} "
                                 "({low} to {high}).").format(
            held=money(point.held_profit, currency, 0),
            low=money(point.held_profit - _Z90 * point.held_sd, currency, 0),
            high=money(point.held_profit + _Z90 * point.held_sd, currency, 0),
        ))
        if point.profit > point.held_profit + _Z90 * point.held_sd:
            text = together(text, _("Plan with that: the score promises more than it kept."))
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
        text = together(text, _("The budget pays for no more."))
    return text


def no_best_words() -> str:
    """Say why no cut-off is called the best one."""
    return _("No cut-off is marked as the best: this score cannot be told from random choice.")
