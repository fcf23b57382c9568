"""What of her shop a message can name: order numbers, goods, brands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from omni_core.service.normal_form import simplify

_LEAST, _LEAST_LATIN = 2, 4  # letters of a name that is looked for
_CLOSE = 0.75  # share of two-letter pieces that a mistyped name keeps


def flatten(text: str) -> str:
    """Return a text of the same length, sign by sign: narrow, lower case, simplified."""
    def one(c: str) -> str:
        narrow = unicodedata.normalize("NFKC", c)
        c = narrow if len(narrow) == 1 else c
        low = c.lower()
        return low if len(low) == 1 else c

    flat = "".join(map(one, text))
    plain = simplify(flat)
    return plain if len(plain) == len(flat) else "".join(
        s if len(s := simplify(c)) == 1 else c for c in flat)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shop's own names. ``names``: (flattened name, item id); the longest first.

    ``orders``: her order numbers; ``shape``: what they look like, or None when they differ.
    """

    orders: frozenset[str] = frozenset()
    names: tuple[tuple[str, str], ...] = ()
    brands: tuple[tuple[str, str], ...] = ()
    shape: re.Pattern[str] | None = None
    pieces: dict[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, orders: Sequence[Any] = (), goods: Sequence[tuple[Any, Sequence[Any]]] = (),
           brands: Sequence[Any] = ()) -> Catalogue:
        """Make one from order numbers, goods as (id, names in any language), and brands."""
        numbers = frozenset(str(o) for o in orders if o is not None and str(o).strip())
        names: dict[str, str] = {}
        for item, called in goods:
            for name in called:
                for form in _forms(name):
                    names.setdefault(form, str(item))
        marks: dict[str, str] = {}
        for brand in brands:
            for form in _forms(brand, parts=True):
                marks.setdefault(form, str(brand))
        listed = tuple(sorted(names.items(), key=lambda n: -len(n[0])))
        index: dict[str, set[int]] = {}
        for i, (name, _item) in enumerate(listed):
            for piece in _pairs(name):
                index.setdefault(piece, set()).add(i)
        return cls(numbers, listed, tuple(sorted(marks.items(), key=lambda n: -len(n[0]))),
                   _shape(numbers), {k: frozenset(v) for k, v in index.items()})

    def find_goods(self, flat: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, item id) of goods named in a flattened text, longest match first."""
        taken = [False] * len(flat)
        near: dict[int, int] = {}
        for piece in _pairs(flat):
            for i in self.pieces.get(piece, ()):
                near[i] = near.get(i, 0) + 1
        for i in sorted(near):  # the names are sorted, the longest first
            name, item = self.names[i]
            at = flat.find(name)
            while at >= 0:
                end = at + len(name)
                if not any(taken[at:end]) and _whole(flat, at, end):
                    taken[at:end] = [True] * len(name)
                    yield at, end, item
                at = flat.find(name, end)
        best = sorted(((near[i] / max(1, len(_pairs(self.names[i][0]))), i) for i in near
                       if near[i] >= 3), reverse=True)[:5]
        for share, i in best:  # mistyped, or with a part left out
            name, item = self.names[i]
            if share < _CLOSE or len(name) < 4:
                continue
            span = _span(flat, name)
            if span and not any(taken[span[0]:span[1]]):
                taken[span[0]:span[1]] = [True] * (span[1] - span[0])
                yield *span, item

    def find_brands(self, flat: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, brand) of brands named in a flattened text."""
        for name, brand in self.brands:
            at = flat.find(name)
            while at >= 0:
                if _whole(flat, at, at + len(name)):
                    yield at, at + len(name), brand
                at = flat.find(name, at + len(name))


def _forms(name: Any, parts: bool = False) -> Iterator[str]:
    if not isinstance(name, str) or not name.strip():
        return
    flat = flatten(name).strip()
    found = [flat]
    # 陈皮普洱小青柑 16颗 is also called by its words without what comes in the pack
    bare = re.split(r"[\s,，(（]+(?=[\d(（]|[一二三四五六七八九十两]+[件条颗包枚])", flat)[0].strip()
    found.append(bare)
    if " " in flat and re.search(r"[\u3400-\u9fff]", flat):
        found += [flat.split(" ")[0], flat.replace(" ", "")]
    if parts:
        found += flat.split(" ")
    for form in dict.fromkeys(found):
        least = _LEAST if re.search(r"[\u3400-\u9fff]", form) else _LEAST_LATIN
        if len(form) >= (least if parts else max(least, 3)):
            yield form


def _pairs(text: str) -> set[str]:
    return {text[i:i + 2] for i in range(len(text) - 1) if not text[i:i + 2].isspace()}


def _whole(flat: str, a: int, b: int) -> bool:
    """Tell whether a Latin name stands as words of its own."""
    def letter(c: str) -> bool:
        return c.isascii() and c.isalnum()

    before = a == 0 or not (letter(flat[a]) and letter(flat[a - 1]))
    after = b == len(flat) or not letter(flat[b - 1]) or not letter(flat[b]) or (
        flat[b] == "s" and (b + 1 == len(flat) or not letter(flat[b + 1])))
    return before and after


def _span(flat: str, name: str) -> tuple[int, int] | None:
    """Return the stretch of a text that is most like a name, if it is like enough."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, flat, name, autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    if not blocks:
        return None
    a, b = blocks[0].a, blocks[-1].a + blocks[-1].size
    if b - a > len(name) * 1.4:
        return None
    return (a, b) if SequenceMatcher(None, flat[a:b], name, autojunk=False).ratio() >= 0.8 else None


def _shape(orders: frozenset[str]) -> re.Pattern[str] | None:
    """Return what her order numbers look like, where nearly all look the same and tell enough."""
    shapes: dict[str, int] = {}
    some = sorted(orders)[:5000]
    for order in some:
        form = re.sub(r"[a-zA-Z]", "A", re.sub(r"\d", "0", order))
        shapes[form] = shapes.get(form, 0) + 1
    if not shapes:
        return None
    form, n = max(shapes.items(), key=lambda s: s[1])
    if n < 0.9 * len(some) or len(some) < 3 or form.count("0") < 4 or len(form) < 6:
        return None
    prefix = _prefix(some, form)
    rest = "".join(r"\d" if c == "0" else "[A-Za-z]" if c == "A" else re.escape(c)
                   for c in form[len(prefix):])
    return re.compile(rf"(?<![\dA-Za-z]){re.escape(prefix)}{rest}(?![\dA-Za-z])", re.I)


def _prefix(orders: Sequence[str], form: str) -> str:
    """Return the letters and marks that all numbers of a shape begin with."""
    same = [o for o in orders if re.sub(r"[a-zA-Z]", "A", re.sub(r"\d", "0", o)) == form]
    prefix = same[0]
    for order in same:
        while not order.startswith(prefix):
            prefix = prefix[:-1]
    found = re.match(r"[^\d]*", prefix)
    return found[0] if found else ""
