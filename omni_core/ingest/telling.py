"""What a report says to a person: one sentence first, the money step by step, what was repaired.

The page and the command line say it with the same words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from omni_core.columns import EVENT_LABELS, ROLES, TABLES
from omni_core.i18n import N_, _, money, ngettext, number
from omni_core.ingest.messages import sentence
from omni_core.ingest.personal import TYING, Personal
from omni_core.ingest.platform import platform_label
from omni_core.ingest.report import SWITCHES, ImportReport, Note, Total

WORKBOOKS = frozenset({"xlsx", "xls", "xlsb", "ods"})  # cells, not separated by anything
DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}
OPTIONS = {"day first": N_("Day first: 31/12/2026"), "month first": N_("Month first: 12/31/2026"),
           "year first": N_("Year first: 26-12-31"),
           ".": N_("Point: 1,234.50"), ",": N_("Comma: 1.234,50"),
           "line": N_("The line: added up over an order"),
           "order": N_("The whole order: counted once")}
# notes on what a file can't support, and on what deserves a look; all others are remarks
LIMITS = frozenset({
    "no_buyer", "no_product", "no_items", "etsy_items_too", "taobao_items_too", "no_order_number",
    "anonymous_people", "no_answers"})
EMPTIED = frozenset({"optional_time", "optional_number", "optional_word", "impossible_age",
                     "unknown_age", "excel_fault"})
DOUBTS = frozenset({
    "total_differs", "refund_above_order", "masked_buyers", "future_times", "status_unknown",
    "several_currencies", "no_money", "other_sheets", "merged_cells", "all_purchases",
    "ratings_in_words", "discount_rates", "discount_unclear"})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to the file: its code and words, where, how often, and whether on.

    ``switch``: she may switch it off before the import (``answers={"step:CODE": "off"}``).
    """

    code: str
    words: str
    columns: tuple[str, ...]
    count: int
    switch: bool
    on: bool = True


def facts(report: ImportReport) -> list[str]:
    """Return what the file is, in a few words each: kind, platform, encoding, delimiter, rows."""
    found = []
    if report.table:
        found.append(_(TABLES[report.table].label))
    if report.profile:
        found.append(_("from {platform}").format(
            platform=_(platform_label(report.profile))))
    if report.encoding:
        found.append(_("encoding {encoding}").format(encoding=report.encoding.upper()))
    if report.delimiter and report.encoding not in WORKBOOKS:
        found.append(_("separated by {delimiter}").format(
            delimiter=_(DELIMITERS.get(report.delimiter, report.delimiter))))
    if report.rows_in:
        found.append(rows(report.rows_in))
    return found


def rows(n: int) -> str:
    """Return a number of rows in words."""
    return ngettext("{n} row", "{n} rows", n).format(n=number(n))


def summary(report: ImportReport) -> str:
    """Return the one sentence that comes first."""
    if report.status in ("refused", "already_imported"):
        return report.message
    if report.status == "needs_answers":
        return _("The file can't be read to its end before a question is answered.")
    emptied, repaired = (int(report.cleaned["count"][report.cleaned["code"].isin(EMPTIED) == kind]
                             .sum()) for kind in (True, False))
    template = (N_("{rows}: {good} imported, {bad} can't be used, {out} left out on purpose. "
                   "{cells}") if report.status == "imported" else
                N_("{rows}: {good} to import, {bad} can't be used, {out} left out on purpose. "
                   "{cells}"))
    told = ""
    if repaired:
        told = ngettext("{n} cell repaired.", "{n} cells repaired.", repaired).format(
            n=number(repaired))
    if emptied:
        left = ngettext("{n} cell can't be read and was left empty.",
                        "{n} cells can't be read and were left empty.", emptied).format(
            n=number(emptied))
        told = _("{sentence} {next}").format(sentence=told, next=left) if told else left
    return _(template).format(
        rows=rows(report.rows_in), good=number(report.accepted), bad=number(report.rejected),
        out=number(report.excluded), cells=told).rstrip()


def total_sentence(total: Total, currency: str) -> str:
    """Return what the file says of its sum and what was read; ``currency`` where none is stated."""
    def shown(amount: Decimal) -> str:
        return money(float(amount), total.currency or currency)

    if total.said is None:
        text = _("“{column}” adds up to {summed} over the file's rows.")
    elif total.gap:
        text = _("Your file's own total of “{column}” says {said}, but its rows add up to "
                 "{summed}: a gap of {gap}.")
    else:
        text = _("Your file's own total of “{column}” says {said}; we read {summed}.")
    told = text.format(
        column=total.column, said=shown(total.said or Decimal(0)),
        summed=shown(total.summed if total.gap or total.said is None else total.said),
        gap=shown(abs(total.gap or Decimal(0))))
    return _("{sum} Revenue from this file: {read}.").format(sum=told, read=shown(total.read))


def bridge(total: Total) -> list[tuple[str, Decimal]]:
    """Return the steps from the file's sum to the revenue it brings: words, signed amount."""
    listed = [] if total.listed is None else [
        (_("Sum of “{column}” over the file's rows").format(column=total.listed_as), total.listed),
        (_("What “{column}” says beyond that; it counts").format(column=total.column)
         if total.summed > total.listed else
         _("What “{column}” says less than that; it counts").format(column=total.column),
         total.summed - total.listed)]
    return [*listed,
            (_("Sum of “{column}” over the file's rows").format(column=total.column), total.summed),
            *((sentence(code), amount) for code, amount in total.parts),
            (_("Revenue from this file"), total.read)]


def cells(report: ImportReport, column: str) -> list[str]:
    """Return the filled cells of a column among the file's first rows, cut for a line of text."""
    found = report.preview.get(column, ())
    return [str(cell)[:40] for cell in found if str(cell).strip()]


def steps(report: ImportReport, answers: Mapping[str, str]) -> list[Step]:
    """Return what was repaired or left out, switched-off steps too; ``answers`` are hers."""
    told = {**report.remembered, **answers}
    counts: dict[str, int] = {}
    columns: dict[str, list[str]] = {}
    for column, code, count in report.cleaned.itertuples(index=False):
        counts[code] = counts.get(code, 0) + int(count)
        columns.setdefault(code, []).append(column)
    for code, count in report.exclusions.items():
        counts[code] = counts.get(code, 0) + count
    for note in report.notes:
        if note.code in SWITCHES:
            counts[note.code] = int(note.values["rows"])
    off = [field.removeprefix("step:") for field, value in told.items()
           if field.startswith("step:") and value == "off"]
    found = [Step(code, _step_words(code), tuple(columns.get(code, ())), count, code in SWITCHES)
             for code, count in counts.items() if code not in off]
    found += [Step(code, _step_words(code), (), 0, True, on=False) for code in sorted(off)]
    return sorted(found, key=lambda s: (not s.switch, s.code))


def _step_words(code: str) -> str:
    # the note says the number of rows in its sentence; the step has it in a column
    return _("Negative amount or quantity read as a refund") if code == "refund_rows" else (
        sentence(code))


def sort_notes(report: ImportReport) -> tuple[list[Note], list[Note], list[Note]]:
    """Return the notes on what the file can't support, those to look at, and the others."""
    told = {"total_differs"} if report.totals else set()  # the sentence on the money says it
    notes = [n for n in report.notes if n.code not in told and n.code not in SWITCHES]
    limits = [n for n in notes if n.code in LIMITS]
    doubts = [n for n in notes if n.code in DOUBTS]
    return limits, doubts, [n for n in notes if n not in limits and n not in doubts]


def decision(field: str, value: str) -> str:
    """Return what was decided, in words: an answer's field and value."""
    if field.startswith("step:"):
        text = _("left undone: {step}") if value == "off" else _("done: {step}")
        return text.format(step=_step_words(field.removeprefix("step:")))
    if field.startswith("event:"):
        return _("“{word}” means: {meaning}").format(
            word=field.removeprefix("event:"), meaning=_(EVENT_LABELS.get(value, value)) or _(
                "nothing that Omni counts"))
    if field in ROLES:
        return _("{role}: {column}").format(
            role=_(ROLES[field].label), column=value or _("not in this file"))
    if field.startswith("personal"):
        column = field.partition(":")[2] or _("personal columns")
        words = {"key": N_("only a code is kept, or nothing"), "drop": N_("not read"),
                 "keep": N_("kept for audiences")}
        return _("{role}: {column}").format(role=column, column=_(words.get(value, value)))
    names = {"table": N_("What the file holds"), "date_order": N_("Dates"),
             "decimal_mark": N_("Decimals"), "sheet": N_("Sheet"),
             "join_with": N_("Buyer and time from"), "total_of": N_("An amount is that of")}
    return _("{role}: {column}").format(
        role=_(names.get(field, field)), column=option(field, value))


def fate(column: Personal, chosen: str) -> str:
    """Return what a fate means for a personal column, in words."""
    if chosen == "keep":
        return _("Kept for audiences")
    if column.kind == "member":
        return _("Used to tell who is who") if chosen == "key" else _("Left out")
    return _("Only a code is kept") if chosen == "key" and column.kind in TYING else _("Left out")


def fates(columns: Sequence[Personal]) -> str:
    """Return what becomes of the personal columns, each fate once with its count."""
    counts = Counter(fate(c, c.fate) for c in columns)
    return _(", ").join(f"{words} ({number(n)})" if len(counts) > 1 else words
                        for words, n in counts.items())


def option(code: str, value: str) -> str:
    """Return one possible answer to a question of a code (or a field), in words."""
    if code == "table" and value in TABLES:
        return _(TABLES[value].label)
    if code == "event_word":
        return _(EVENT_LABELS[value]) if value else _("Nothing that Omni counts")
    if code == "role" and not value:
        return _("not in this file")
    return _(OPTIONS[value]) if code in ("date_order", "decimal_mark", "total_of") else value
