"""The knobs of the recommend page: a method, its settings, what to leave out: a ``Task``."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _
from omni_core.recommend import MODELS, settings, wording
from omni_core.recommend.cold import LadderParameters
from omni_core.recommend.task import Task
from pages.ui import link, widgets

_STARTS = {"model": "item_neighbours", "leave": "bought", "n": 10, "stock": True, "ladder": False}
_BLEND = {"hy_first": "item_neighbours", "hy_second": "content", "hy_say": 70}


def choose(label: str, options: Any, default: Any, key: str, words: Any, **more: Any) -> Any:
    """A select box of codes shown by their words, kept in the link."""
    return widgets.choose(st.selectbox, label, options, default, key, lambda o: _(words[o]), **more)


def panel(desk: Any, names: Any, level: str, chosen: dict[str, Any]) -> Task:
    """Draw all controls; every one of them changes something on these data."""
    model = choose(
        _("Method"), MODELS, "item_neighbours", "rc_model",
        {name: kind.label for name, kind in MODELS.items()})
    widgets.note(_(settings.ABOUT[model]))
    first: dict[str, Any] = {}  # where each control begins, for the reset
    ready = st.container()
    worth = _worth(desk, first)
    fields = {"weights": worth.weights()} | _method(desk, model, first)
    _presets(ready, model, fields, desk.least)
    options = settings.leave_out(desk.all.present)
    first["leave"], first["n"] = next(iter(options)), _STARTS["n"]
    leave = choose(_("Leave out"), options, first["leave"], "rc_leave", wording.LEAVE_OUT, help=_(
        "A list names a product once: goods of the same name under another id are left out, too. "
        "The figures are measured by id, before that."))
    length = st.slider(_("Length of the list"), 5, 30, _STARTS["n"], key="rc_n",
                       bind="query-params")
    stock = _toggle(_("Leave out what is sold out"), "stock", first) if names.sold_out() else True
    ladder = _ladder(desk, first)
    st.button(_("Reset"), key="rc_reset", on_click=widgets.put, args=("rc", first))
    return Task(
        model=model, fields=fields, level=level, n=length, exclude=options[leave],
        sold_out=not stock, ladder=ladder,
        filters={k: v for k, v in chosen.items() if v is not None},
        most=len(desk.all.items) if desk.left_out else None)


def _toggle(label: str, name: str, first: dict[str, Any], help: str | None = None) -> bool:
    first[name] = _STARTS[name]
    return st.toggle(label, value=_STARTS[name], key=f"rc_{name}", help=help, bind="query-params")


def _worth(desk: Any, first: dict[str, Any]) -> settings.Worth:
    """What one purchase is worth in other events, with what the data suggest and why."""
    names = settings.worths(desk.all)
    suggested = desk.suggested
    first |= {n: v for n, v in widgets.first_values(settings.Worth).items() if n in names}
    worth = widgets.parameters(settings.Worth, "rc", only=names, reset=False)
    widgets.note(wording.worth(suggested, desk.all.present))
    values = settings.on_the_slider(suggested)
    if values:
        set_so = all(getattr(worth, n) == v for n, v in values.items())
        st.button(_("Use these as weights"), key="rc_use", disabled=set_so,
                  on_click=widgets.put, args=("rc", values))
    return worth


def _method(desk: Any, model: str, first: dict[str, Any]) -> dict[str, Any]:
    """The controls made from the method's own parameter class."""
    short, kind = settings.SHORT[model], MODELS[model].parameters
    prefix = f"rc_{short}"
    held = {"similarity": link.held(f"{prefix}_similarity", "general"),
            "shrink": float(link.held(f"{prefix}_shrink", 0) or 0)}
    timed = desk.train is None or desk.train.ts is not None
    only, expert = settings.shown(model, desk.all, held, timed)
    blend = _blend(first) if model == "hybrid" else {}
    high = settings.highest(model, desk.all)
    start, low = settings.start(model, desk.least), settings.lowest(model, desk.least)
    # those that are hidden now, too: they come back with another formula
    first |= {f"{short}_{n}": v for n, v in widgets.first_values(kind, start, high).items()
              if not isinstance(v, tuple)}
    made = widgets.parameters(
        kind, prefix, only=only, expert=expert, start=start, reset=False,
        highest={n: v for n, v in high.items() if n in only},
        lowest={n: v for n, v in low.items() if n in only},
        choices={"scope": settings.scopes(desk.all)} if "scope" in only else None,
        about=settings.FORMULA if model == "item_neighbours" else "")
    if low:
        widgets.note(wording.least(desk.least))
    own = {n: getattr(made, n) for n in only}
    return own | blend


def _blend(first: dict[str, Any]) -> dict[str, Any]:
    """Which two methods are blended, and the say of the first."""
    first |= _BLEND
    words = {n: kind.label for n, kind in MODELS.items() if n != "hybrid"}
    one = choose(_("First method"), words, _BLEND["hy_first"], "rc_hy_first", words)
    left = [n for n in words if n != one]
    default = _BLEND["hy_second"] if _BLEND["hy_second"] in left else left[0]
    other = choose(_("Second method"), left, default, "rc_hy_second", words,
                   help=_("Each takes part with its standard setting."))
    say = st.slider(_("Say of the first (%)"), 5, 95, _BLEND["hy_say"], 5, key="rc_hy_say",
                    bind="query-params")
    return settings.blend(one, other, say / 100)


def _presets(place: Any, model: str, fields: dict[str, Any], least: int) -> None:
    """A button for each preset; the one in force is marked."""
    given = settings.presets(model, least)
    if not given:
        return
    short = settings.SHORT[model]
    with place.container(horizontal=True, key="rc_presets", gap="small"):
        for name, values in given.items():
            on = all(fields.get(n) == v for n, v in values.items())
            st.button(
                _(settings.PRESETS[name]), key=f"rc_preset_{name}", on_click=widgets.put,
                args=("rc", {f"{short}_{n}": v for n, v in values.items()}),
                type="primary" if on else "secondary")


def _ladder(desk: Any, first: dict[str, Any]) -> dict[str, Any] | None:
    """Help for shoppers and goods with little behind them."""
    on = _toggle(
        _("Help the new"), "ladder", first,
        _("Shoppers without a history get the bestsellers of their segment; new goods borrow from "
          "goods like them."))
    if not on:
        return None
    high = {"window": settings.highest("popularity", desk.all).get("window")}
    high = {n: v for n, v in high.items() if v is not None}
    only = [n for n in widgets.first_values(LadderParameters) if n != "weights"]
    if not high:
        only.remove("window")
    values = widgets.first_values(LadderParameters, None, high)
    first |= {f"la_{n}": values[n] for n in only}
    made = widgets.parameters(LadderParameters, "rc_la", only=only, highest=high, reset=False)
    return {n: getattr(made, n) for n in only}


def take_over(model: str, fields: dict[str, Any], found: Task | None = None) -> None:
    """Set the controls to a setting that was found or saved; for a button's ``on_click``."""
    short = settings.SHORT[model]
    st.session_state["rc_model"] = model
    values = settings.worth_of(dict(fields.get("weights", {})))
    for name, value in fields.items():
        if name == "parts":
            one, other = sorted(value, key=value.get, reverse=True)[:2]
            values |= {"hy_first": one, "hy_second": other, "hy_say": round(100 * value[one])}
        elif name not in ("weights", "settings"):
            values[f"{short}_{name}"] = value
            described = widgets.optional(MODELS[model].parameters, name)
            if described:
                values[f"{short}_{name}_on"] = value is not None
    if found is not None:
        values |= {"n": found.n, "stock": not found.sold_out, "ladder": found.ladder is not None}
        values |= {f"la_{n}": v for n, v in (found.ladder or {}).items()}
        values |= {f"la_{n}_on": v is not None for n, v in (found.ladder or {}).items()
                   if widgets.optional(LadderParameters, n)}
        values["leave"] = next(
            (name for name, kinds in settings.LEAVE_OUT.items()
             if kinds is not None and set(found.exclude) == set(kinds)), "seen")
    widgets.put("rc", {n: v for n, v in values.items() if v is not None})


