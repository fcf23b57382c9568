"""A recommendation said once, as a file of settings, so that it can be done again without a page.

The file is JSON, every key of it optional: ``model``, ``fields`` (of its parameter class),
``level`` ("item", "name", "category"), ``n``, ``exclude`` (kinds of event), ``sold_out`` (true:
show what is sold out, too), ``ladder`` (fields of ``LadderParameters``: help new shoppers and
goods), ``filters`` (of the events that are learnt from: ``start``, ``end``, ``channel``,
``segment``), ``most`` (only the goods that so many others don't outsell take part).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from omni_core.errors import BadParameter, BadSettings, UnknownName
from omni_core.i18n import N_
from omni_core.recommend import MODELS
from omni_core.recommend.base import Model
from omni_core.recommend.cold import Ladder
from omni_core.recommend.distinct import one_each
from omni_core.recommend.interactions import Interactions

LEVELS = ("item", "name", "category")
FILTERS = ("start", "end", "channel", "segment")
_JSON = {Mapping: '{"…": …}', int: "1, 2, 3 …", bool: "true, false"}
_AT_ONCE = 2000  # shoppers whose lists are in memory at a time


@dataclass(frozen=True)
class Task:
    """What to recommend and how; ``Task.read`` makes it of a file's text."""

    model: str = "item_neighbours"
    fields: Mapping[str, Any] = field(default_factory=dict)
    level: str = "item"
    n: int = 10
    exclude: tuple[str, ...] = ("purchase",)
    sold_out: bool = False
    ladder: Mapping[str, Any] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    most: int | None = None

    def __post_init__(self) -> None:
        kinds = {"fields": Mapping, "n": int, "sold_out": bool, "filters": Mapping}
        for name, kind in kinds.items():
            value = getattr(self, name)
            if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
                raise BadParameter(name, value, _JSON[kind])
        if self.n < 1:
            raise BadParameter("n", self.n, "≥ 1")
        if self.most is not None and (type(self.most) is not int or self.most < 1):
            raise BadParameter("most", self.most, _JSON[int])
        for name in self.filters:
            if name not in FILTERS:
                raise UnknownName(N_("filter"), name, FILTERS)
        if self.ladder is not None and not isinstance(self.ladder, Mapping):
            raise BadParameter("ladder", self.ladder, _JSON[Mapping])
        if isinstance(self.exclude, str) or not all(isinstance(e, str) for e in self.exclude):
            raise BadParameter("exclude", self.exclude, '["purchase", "cart"]')
        object.__setattr__(self, "exclude", tuple(self.exclude))
        if self.level not in LEVELS:
            raise BadParameter("level", self.level, ", ".join(LEVELS))
        self.made()  # a wrong name or value is said before any work is done

    @classmethod
    def read(cls, text: str) -> Task:
        """Read a file of settings; raises ``BadSettings``, ``UnknownName``, ``BadParameter``."""
        try:
            given = json.loads(text)
        except json.JSONDecodeError as error:
            raise BadSettings(line=error.lineno) from None
        if not isinstance(given, dict):
            raise BadSettings(line=1)
        known = [f.name for f in dataclasses.fields(cls)]
        for name in given:
            if name not in known:
                raise UnknownName(N_("setting"), name, known)
        if not isinstance(given.get("exclude", []), list):
            raise BadParameter("exclude", given["exclude"], '["purchase", "cart"]')
        return cls(**given)

    def text(self) -> str:
        """Return the file of settings: what ``read`` takes, with every key in it."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=2, default=str)

    @property
    def quality(self) -> tuple[Any, ...]:
        """What its measured quality depends on, as a key."""
        return self.model, _plain(self.fields), self.exclude, _plain(self.ladder)

    @property
    def key(self) -> tuple[Any, ...]:
        """All that one shopper's list depends on, as a key."""
        return (*self.quality, self.n, self.sold_out, self.level, _plain(self.filters), self.most)

    def made(self) -> Model:
        """Return the model, not yet fitted; raises ``UnknownName``, ``BadParameter``."""
        if self.model not in MODELS:
            raise UnknownName(N_("method"), self.model, MODELS)
        model = MODELS[self.model](**self.fields)
        return model if self.ladder is None else Ladder(model, **self.ladder)

    def lists(self, model: Model, without: tuple[Any, ...]) -> Iterator[pd.DataFrame]:
        """Yield the lists of all shoppers, some thousands at a time, in the order of their ids."""
        users = model.train.users
        for start in range(0, len(users), _AT_ONCE):
            some = list(users[start : start + _AT_ONCE])
            ask = model.routed if isinstance(model, Ladder) else model.recommend
            yield one_each(lambda m, some=some, ask=ask: ask(  # type: ignore[misc]
                some, m, self.exclude, without), model.train, self.n, self.exclude)[0]


def gather(
    interactions: pd.DataFrame, catalogue: pd.DataFrame, people: pd.DataFrame
) -> Interactions:
    """Put the queries "interactions", "catalogue" and "shopper_names" together."""
    return Interactions.from_frame(interactions, items=catalogue, users=people)


def _plain(value: Any) -> Any:
    """Return a value of JSON as a key, whatever the order of its names."""
    if isinstance(value, Mapping):
        return tuple(sorted((str(k), _plain(v)) for k, v in value.items() if v is not None))
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value
