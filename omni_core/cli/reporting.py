"""Reports on files as lines of text or as JSON: ``omni import`` and ``omni doctor`` alike."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from omni_core.columns import TABLES
from omni_core.errors import BadParameter
from omni_core.i18n import _, money, number
from omni_core.ingest import telling
from omni_core.ingest.messages import sentence
from omni_core.ingest.report import ImportReport
from omni_core.workspace import Workspace

MOST_REJECTS = 1000


def answers(given: Iterable[str]) -> dict[str, str]:
    """Return answers by field from words like ``user=buyer``. Raises ``BadParameter``."""
    pairs = {}
    for text in given:
        field, sign, value = text.partition("=")
        if not sign:
            raise BadParameter("--answer", text, "FIELD=VALUE")
        pairs[field.strip()] = value
    return pairs


def tell(reports: Iterable[ImportReport], ws: Workspace, form: str, well: Collection[str],
         most_rejects: int = MOST_REJECTS) -> int:
    """Print reports as they come (``form`` "text"), or all at once ("json").

    Returns the exit code: 0 if the status of each is among ``well``, else 1.
    """
    failed, told = 0, []
    for report in reports:
        failed += report.status not in well
        if form == "json":
            told.append(as_json(report, most_rejects))
            continue
        for line in as_text(report, ws.currency):
            print(line)
    if form == "json":
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return 1 if failed else 0


def as_text(report: ImportReport, currency: str) -> Iterator[str]:
    """Yield the lines that say what became of a file; ``currency`` where it states none."""
    words = {
        "ready": _("ready to import as {table}: {rows} rows, {accepted} accepted, {rejected} "
                   "rejected, {excluded} left out"),
        "imported": _("imported as {table}: {rows} rows, {accepted} accepted, {rejected} rejected, "
                      "{excluded} left out"),
        "already_imported": "{message}",
        "refused": _("not imported. {message}"),
        "needs_answers": _("not imported: it needs an answer."),
    }[report.status]
    yield f"{report.name}: " + words.format(
        table=_(", ").join(_(TABLES[t].label) for t in report.tables), rows=number(report.rows_in),
        accepted=number(report.accepted), rejected=number(report.rejected),
        excluded=number(report.excluded), message=report.message)
    if report.status == "already_imported":
        return
    if facts := telling.facts(report):
        yield "  " + " · ".join(facts)
    for question in report.questions:
        yield "  ? " + str(question)
        yield "    " + " | ".join(
            "--answer " + _pasted(f"{question.field}={o}") for o in question.options)
    for total in report.totals:
        yield "  = " + telling.total_sentence(total, currency)
        for label, amount in telling.bridge(total):
            yield f"    {label}: {money(float(amount), total.currency or currency)}"
    for step in telling.steps(report, {}):
        where = f" ({', '.join(step.columns)})" if step.columns else ""
        switch = f"  [--answer step:{step.code}=off]" if step.switch and step.on else ""
        yield f"  - {step.words}{where}: {number(step.count)}{switch}"
    if len(report.rejects):
        grouped = report.rejects.groupby(["column", "code"], sort=True)
        for (column, code), rows in grouped:
            yield "  ! " + _("{column}: {reason} ({count} rows, the first on line {line})").format(
                column=column or "–", reason=sentence(code), count=number(len(rows)),
                line=rows["line"].min())
    for notes in telling.sort_notes(report):
        for note in notes:
            yield "  · " + str(note)


def _pasted(word: str) -> str:
    """Return a word as it can be pasted into a terminal, of Windows too."""
    return f'"{word}"' if re.search(r"[^\w=.:/-]", word) and '"' not in word else word


def as_json(report: ImportReport, most_rejects: int = MOST_REJECTS) -> dict[str, Any]:
    """Return everything a report says as JSON-able values; sums of money as text, exact.

    At most so many rejects are listed; ``rejected`` counts all of them.
    """
    return {
        "name": report.name, "status": report.status, "code": report.code,
        "values": _plain(report.values), "message": report.message, "tables": list(report.tables),
        "profile": report.profile, "encoding": report.encoding, "delimiter": report.delimiter,
        "header_line": report.header_line, "columns": list(report.columns),
        "rows_in": report.rows_in, "accepted": report.accepted, "rejected": report.rejected,
        "excluded": report.excluded, "import_id": report.import_id,
        "mapping": [{"role": g.role, "column": g.column, "confidence": g.confidence,
                     "reason": g.reason} for g in report.mapping],
        "questions": [{"field": q.field, "code": q.code, "options": list(q.options),
                       "values": _plain(q.values), "text": str(q)} for q in report.questions],
        "examples": report.examples.to_dict("records"),
        "remembered": dict(report.remembered),
        "cleaned": [{"column": column, "code": code, "count": int(count)}
                    for column, code, count in report.cleaned.itertuples(index=False)],
        "exclusions": dict(report.exclusions),
        "totals": [{"column": t.column, "currency": t.currency, "said": _plain(t.said),
                    "summed": str(t.summed), "gap": _plain(t.gap), "read": str(t.read),
                    "parts": [{"code": code, "amount": str(amount)} for code, amount in t.parts]}
                   for t in report.totals],
        "notes": [{"code": n.code, "values": _plain(n.values), "text": str(n)}
                  for n in report.notes],
        "rejects": [{"line": int(line), "column": column, "code": code, "reason": sentence(code),
                     "value": value} for line, column, code, value in
                    report.rejects.head(most_rejects).itertuples(index=False)],
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "items"):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
