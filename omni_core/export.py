"""Tables for spreadsheets: translated headings, CSV that Excel opens in Chinese, no formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from omni_core.columns import ROLES
from omni_core.i18n import N_, _

# What Excel, LibreOffice and WPS may read as the start of a formula; the wide forms are the ones
# a Chinese input method types.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_SIGNED_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column of a result is called and how its numbers are shown."""

    label: str
    form: str = "text"  # text | count | number | percent | money | day | time


# Columns of the named queries and of the subjects' results, beside the roles of ``columns``.
HEADINGS: dict[str, Heading] = {
    "band": Heading(N_("Age band")),
    "shoppers": Heading(N_("Shoppers"), "count"),
    "share": Heading(N_("Share"), "percent"),
    "views": Heading(N_("Views"), "count"),
    "step": Heading(N_("Step")),
    "share_of_previous": Heading(N_("Share of the step before"), "percent"),
    "weekday": Heading(N_("Weekday")),
    "hour": Heading(N_("Hour"), "count"),
    "events": Heading(N_("Events"), "count"),
    "item": Heading(N_("Product")),
    "name": Heading(N_("Product name")),
    "name_en": Heading(N_("Product name in English")),
    "carts": Heading(N_("Carts"), "count"),
    "buyers": Heading(N_("Buyers"), "count"),
    "purchases": Heading(N_("Purchases"), "count"),
    "revenue": Heading(N_("Revenue"), "money"),
    "orders": Heading(N_("Orders"), "count"),
    "conversion": Heading(N_("Conversion"), "percent"),
    "day": Heading(N_("Day"), "day"),
    "week": Heading(N_("Week from"), "day"),
    "rank": Heading(N_("Rank"), "count"),
    "score": Heading(N_("Score"), "number"),
    "probability": Heading(N_("Probability"), "percent"),
    "contacted": Heading(N_("People contacted"), "percent"),
    "found": Heading(N_("Answers found"), "percent"),
    "found_baseline": Heading(N_("Found by age, gender, channel"), "percent"),
    "tenth": Heading(N_("Tenth of the people"), "count"),
    "people": Heading(N_("People"), "count"),
    "lift": Heading(N_("Times the average"), "number"),
    "predicted": Heading(N_("Predicted"), "percent"),
    "observed": Heading(N_("Observed"), "percent"),
    "low": Heading(N_("Range from"), "percent"),
    "high": Heading(N_("Range to"), "percent"),
    "reach": Heading(N_("People reached"), "count"),
    "threshold": Heading(N_("Cut-off"), "percent"),
    "profit": Heading(N_("Expected profit"), "money"),
    "profit_low": Heading(N_("Profit from"), "money"),
    "profit_high": Heading(N_("Profit to"), "money"),
    "held_profit": Heading(N_("Profit in the trial"), "money"),
    "random_profit": Heading(N_("Profit with random people"), "money"),
    "chosen": Heading(N_("Chosen"), "count"),
    "few": Heading(N_("Fewer than 30")),
    "input": Heading(N_("Column")),
    "meaning": Heading(N_("Meaning")),
    "source": Heading(N_("From table")),
    "state": Heading(N_("Used or left out")),
    "effect": Heading(N_("Weight"), "number"),
    "value": Heading(N_("Value")),
    "adds": Heading(N_("Adds to the score"), "number"),
    "drop": Heading(N_("AUC lost"), "number"),
    "response": Heading(N_("Mean probability"), "percent"),
    "kind": Heading(N_("Kind")),
    "filled": Heading(N_("Filled"), "percent"),
    "distinct": Heading(N_("Different values"), "count"),
    "example": Heading(N_("For example")),
    "model": Heading(N_("Model")),
    "n": Heading(N_("People tested"), "count"),
    "auc": Heading(N_("AUC"), "number"),
    "auc_low": Heading(N_("AUC from"), "number"),
    "auc_high": Heading(N_("AUC to"), "number"),
    "log_loss": Heading(N_("Log loss"), "number"),
    "choice_loss": Heading(N_("Log loss of the choice"), "number"),
    "ece": Heading(N_("Calibration error"), "percent"),
    "precision": Heading(N_("Precision"), "percent"),
    "recall": Heading(N_("Recall"), "percent"),
    "f1": Heading(N_("F1"), "percent"),
    "group": Heading(N_("Group")),
    "positives": Heading(N_("Answered"), "count"),
    "selected": Heading(N_("Chosen"), "percent"),
    "tpr": Heading(N_("Answers found"), "percent"),
    "judged": Heading(N_("Remark")),
    "held": Heading(N_("People tested"), "count"),
    "bought": Heading(N_("Bought"), "percent"),
    "bought_low": Heading(N_("Bought, from"), "percent"),
    "bought_high": Heading(N_("Bought, to"), "percent"),
    "with_coupon": Heading(N_("Bought with a coupon"), "percent"),
    "coupon_low": Heading(N_("With a coupon, from"), "percent"),
    "coupon_high": Heading(N_("With a coupon, to"), "percent"),
    "brings": Heading(N_("Coupons bring at most"), "money"),
    # the service page
    "message": Heading(N_("Message")),
    "expected": Heading(N_("Expected")),
    "understood": Heading(N_("Understood as")),
    "confidence": Heading(N_("Confidence"), "percent"),
    "route": Heading(N_("What happens")),
    "sentence": Heading(N_("Training sentence")),
    "similarity": Heading(N_("Similarity"), "percent"),
    "word": Heading(N_("Word")),
    "without": Heading(N_("Probability without it"), "percent"),
    "weight": Heading(N_("Difference it makes"), "percent"),
    "language": Heading(N_("Language")),
    "messages": Heading(N_("Messages"), "count"),
    "accuracy": Heading(N_("First guess right")),
    "answered": Heading(N_("Answered by the bot")),
    "right": Heading(N_("Right among the answered")),
    "asked": Heading(N_("Asked back"), "count"),
    "passed": Heading(N_("Passed to a person"), "count"),
    "engine": Heading(N_("Method")),
    "held_out_accuracy": Heading(N_("Right on sentences kept back")),
    "test_zh": Heading(N_("Right on the Chinese test")),
    "test_en": Heading(N_("Right on the English test")),
    "calibration_error": Heading(N_("Confidence off by"), "percent"),
    # visits, carts and customers
    "visits": Heading(N_("Visits"), "count"),
    "days": Heading(N_("Days"), "count"),
    "steps": Heading(N_("First steps")),
    "fate": Heading(N_("What became of it")),
    "new_or_returning": Heading(N_("New or returning")),
    "of": Heading(N_("At the step before"), "count"),
    "lost": Heading(N_("Lost before it"), "percent"),
    "hours": Heading(N_("Hours since the step before"), "number"),
    "product": Heading(N_("Product")),
    "put_at": Heading(N_("Put into the cart"), "time"),
    "priced": Heading(N_("With a price"), "count"),
    "usual": Heading(N_("On a usual day"), "number"),
    "monthday": Heading(N_("Day of the month"), "count"),
    "ratio": Heading(N_("Times a usual day"), "number"),
    "months": Heading(N_("Months"), "count"),
    "rank_before": Heading(N_("Rank before"), "count"),
    "rfm": Heading(N_("Customer group")),
    "before": Heading(N_("Before"), "count"),
    "cohort": Heading(N_("First order in")),
    "month": Heading(N_("Months later"), "count"),
    "active": Heading(N_("Ordered"), "count"),
    "whole": Heading(N_("Month is complete")),
    "mean_order": Heading(N_("Mean order"), "money"),
    "days_since_order": Heading(N_("Days since the last order"), "count"),
    "days_since_seen": Heading(N_("Days since last seen"), "count"),
    "repeats": Heading(N_("Purchases after the first"), "count"),
    "expected_purchases": Heading(N_("Expected purchases"), "number"),
    "spend": Heading(N_("Expected amount a purchase"), "money"),
    "expected_value": Heading(N_("Expected value"), "money"),
    "alive": Heading(N_("Chance to be a customer still"), "percent"),
    "at": Heading(N_("Time"), "time"),
    "first": Heading(N_("First seen"), "day"),
    "last": Heading(N_("Last seen"), "day"),
    # the service page's training set and reviews
    "words": Heading(N_("Words")),
    "change": Heading(N_("Change")),
    "problem": Heading(N_("Problem")),
    "times": Heading(N_("Times"), "count"),
    "sentences": Heading(N_("Sentences"), "count"),
    "intents": Heading(N_("Intents"), "count"),
    "chinese": Heading(N_("In Chinese"), "count"),
    "english": Heading(N_("In English"), "count"),
    "understood_before": Heading(N_("Understood before")),
    "understood_now": Heading(N_("Understood now")),
    "right_before": Heading(N_("Right before"), "count"),
    "right_now": Heading(N_("Right now"), "count"),
    "more_right": Heading(N_("Difference"), "count"),
    "version": Heading(N_("Version")),
    "made_at": Heading(N_("Made at")),
    "in_use": Heading(N_("In force")),
    "kept_back": Heading(N_("Right on sentences kept back"), "percent"),
    "note": Heading(N_("Remark")),
    "kept_sentences": Heading(N_("Sentences kept back"), "count"),
    "runner_up": Heading(N_("Else")),
    "from_confidence": Heading(N_("Confidence from"), "percent"),
    "right_count": Heading(N_("Right"), "count"),
    "wrong_count": Heading(N_("Wrong"), "count"),
    "review": Heading(N_("What was written")),
    "reviews": Heading(N_("Reviews"), "count"),
    "review_month": Heading(N_("Month")),
    "stars": Heading(N_("Stars"), "number"),
    "mood": Heading(N_("Mood")),
    "content": Heading(N_("Positive, with range")),
    "negative": Heading(N_("Negative"), "count"),
    "positive_share": Heading(N_("Probability of positive"), "percent"),
    # the recommend page
    "id": Heading(N_("Product number")),
    "why": Heading(N_("Why")),
    "metric": Heading(N_("Figure")),
    "mine": Heading(N_("This setting")),
    "range": Heading(N_("Likely range")),
    "bestsellers": Heading(N_("Bestsellers")),
    "chance": Heading(N_("At random")),
    "difference": Heading(N_("Difference, likely")),
    "whom": Heading(N_("Shoppers")),
    "users": Heading(N_("Number"), "count"),
    "a": Heading("A"),
    "b": Heading("B"),
    "both": Heading(N_("Have both")),
}


def heading(column: str) -> Heading:
    """Return how a column is shown: a known result, a role, or its own name as it is."""
    if column in HEADINGS:
        return HEADINGS[column]
    if column in ROLES:
        return Heading(ROLES[column].label)
    return Heading(column)


def headings(columns: Any) -> dict[str, str]:
    """Return the words over each known column, in the language of the current context."""
    return {c: _(heading(c).label) for c in map(str, columns)}


def guard(cell: Any) -> Any:
    """Return a cell that no spreadsheet runs: text that could start a formula gets an apostrophe.

    Signed numbers (a refund, a phone number with its +) stay as they are.
    """
    if isinstance(cell, str) and cell.startswith(_RISKY) and not _SIGNED_NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def unguard(cell: str, digits: bool = False) -> str:
    """Take off the apostrophe that ``guard`` put on; with ``digits`` one before a number, too."""
    bare = cell[1:] if cell.startswith("'") else cell
    return bare if guard(bare) != bare or (digits and bare.isdecimal()) else cell


def to_csv(
    frame: pd.DataFrame, names: Mapping[str, str] | None = None, first: bool = True
) -> bytes:
    """Return a frame as CSV bytes: UTF-8 with a byte-order mark, CRLF, guarded against formulas.

    ``names`` replaces column names by headings; the index is not written. Without ``first`` these
    are further rows of a file that was begun: neither mark nor headings. Source of the guard:
    OWASP, "CSV Injection".
    """
    safe = frame.rename(columns=dict(names or {}))
    safe.columns = pd.Index([guard(str(c)) for c in safe.columns])
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        kinds = pd.api.types
        if not (kinds.is_numeric_dtype(column) or kinds.is_datetime64_any_dtype(column)):
            safe.isetitem(place, column.astype(object).map(guard, na_action="ignore"))
    text: str = safe.to_csv(index=False, header=first, lineterminator="\r\n")
    return text.encode("utf-8-sig" if first else "utf-8", errors="replace")
