"""Which column of a list of sends says who answered, where several could: opened, bought."""

from __future__ import annotations

import re
from collections.abc import Mapping

from omni_core.columns import SYNONYMS, normalise_header
from omni_core.ingest import guess
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.report import Question, Unanswered
from omni_core.ingest.words import parse_flag

_STEPS = re.compile(
    r"(is|was|has)?(opened|clicked|converted|conversion|responded|replied|purchased|purchase|bought|"
    r"ordered|placedorder|redeemed|used)(email)?|(是否)?已?(打开|点击|购买|下单|成交|核销|使用|转化|响应)")


def ask_which(roles: Mapping[str, int], dialect: Dialect, answers: Mapping[str, str]) -> None:
    """Ask where columns of yes and no differ: only she knows which of them the campaign was for.

    A time of the answer says it already. Raises ``Unanswered``.
    """
    if "outcome" in answers or "responded_at" in roles:
        return
    taken = {index for role, index in roles.items() if role != "outcome"}
    found = {}
    for index, header in enumerate(dialect.header):
        normal, cells = normalise_header(header), guess.cells(dialect, index)
        if index not in taken and cells and all(parse_flag(c) is not None for c in cells) and (
                normal in SYNONYMS["outcome"] or _STEPS.fullmatch(normal)):
            found[header] = [parse_flag(r[index]) for r in dialect.sample if index < len(r)]
    if len(found) > 1 and any(flags != found[next(iter(found))] for flags in found.values()):
        raise Unanswered(Question("outcome", "role", (*found, ""), {
            "found": ", ".join(found)}))
