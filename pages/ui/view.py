"""What a page of charts looks at: one group of shoppers, or two side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from omni_core import small_cells
from omni_core.behaviour import compare, facts, labels
from omni_core.charts import compare as charts
from omni_core.i18n import _
from omni_core.metrics import DEFINITIONS
from pages.ui import cached, filters, link, widgets

AGE = ("age", "age_band")  # the conditions that a chart of ages is about


@dataclass(frozen=True)
class View:
    """A workspace, the groups looked at, and the prefix of the page's keys."""

    ws: Any
    groups: filters.Groups
    prefix: str

    @property
    def two(self) -> bool:
        """Whether two groups are compared."""
        return self.groups.other is not None

    def ask(self, name: str, **more: Any) -> Any:
        """A named query's frame for the chosen group."""
        return cached.query(self.ws, name, **self.groups.chosen, **more)

    def ask_both(self, name: str, **more: Any) -> tuple[Any, Any]:
        """The frames of both groups."""
        return self.ask(name, **more), cached.query(self.ws, name, **self.groups.other, **more)

    def frames(self, name: str) -> tuple[Any, ...]:
        """The frames of the groups that are looked at, one or two."""
        return self.ask_both(name) if self.two else (self.ask(name),)

    def nothing(self, name: str) -> bool:
        """Whether a named query has no row for any of the groups."""
        return all(frame.empty for frame in self.frames(name))

    def people(self) -> tuple[float, float]:
        """How many shoppers both groups have, each person once."""
        first, second = (facts.one(row)["shoppers"] for row in self.ask_both("summary"))
        return first, second

    def draw(
        self, fig: Any, sentence: str, name: str, table: Any,
        picked: Callable[[int], None] | None = None,
    ) -> None:
        """A chart with its sentence above and its figures below; why some of them are hidden."""
        widgets.chart(fig, sentence, f"{self.prefix}_{name}_chart", labels.readable(table),
                      self.ws.currency, picked)
        if "shoppers" in table and small_cells.any_hidden(table):
            widgets.note(small_cells.note(self.ws.small_cells))

    def pair(self, name: str, table: Any, lying: bool = False, about: tuple[str, ...] = ()) -> None:
        """Both groups' shares (``compare.shares``) in one chart, with where they differ most.

        ``about``: the fields of ``segments.FIELDS`` that the chart shows. Where the groups are
        chosen by one of them no difference is told.
        """
        names = self.groups.names
        said = (compare.by_choice(table, names) if self.groups.made_by & set(about)
                else compare.sentence(table, names))
        widgets.chart(
            charts.pair(table, names, lying=lying), said,
            f"{self.prefix}_{name}_pair", compare.named(table, names))

    def clicks(self, name: str, codes: list[Any]) -> Callable[[int], None]:
        """What a click on a bar does: the page's filter ``name`` becomes the bar's code."""
        return lambda place: filters.set_filter(self.prefix, name, codes[place])

    def switch(self, label: str, options: dict[str, str], name: str) -> str:
        """A small switch over named options; the names are translated. One needs no switch."""
        if len(options) == 1:
            return next(iter(options))
        return link.choose(
            st.segmented_control, label, options, next(iter(options)), f"{self.prefix}_{name}",
            lambda o: _(options[o]), required=True, label_visibility="collapsed")


def heading(words: str, metric: str | None = None) -> None:
    """The heading of one chart; with the definition of the ``metric`` that it shows."""
    st.header(words, anchor=False, help=_(DEFINITIONS[metric]) if metric else None)


def useful(table: Any, options: dict[str, str]) -> dict[str, str]:
    """The options that hold more than zeros."""
    return {name: options[name] for name in facts.telling(table, list(options))}


def clickable() -> None:
    """Says that a bar can be clicked."""
    widgets.note(_("Click a bar to see the whole page for it alone."))


