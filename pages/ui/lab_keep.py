"""Settings kept under a name, in the link and as a file; the lists of all shoppers as a file."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _, number
from omni_core.recommend.task import Task
from omni_core.recommend.writing import write_lists
from pages.ui import cached, jobs, lab_controls, shell, widgets
from pages.ui.lab_work import Bench

KIND = "recommend_settings"  # artefacts of the store
_CONTROLS = "rc_"


def from_link(ws: Any) -> None:
    """Set the controls to the saved setting that a link names, if it says nothing else of them."""
    name = st.query_params.get("rc_saved")
    others = [k for k in st.query_params if k.startswith(_CONTROLS) and k not in (
        "rc_saved", "rc_shopper", "rc_search", "rc_more")]
    first = not st.session_state.get("rc_saved_read")
    st.session_state["rc_saved_read"] = True
    if first and name and not others:
        _use(ws, name)


def _use(ws: Any, name: str | None = None) -> None:
    task = _saved(ws, name or st.session_state.get("rc_saved"))
    if task is not None:
        lab_controls.take_over(task.model, dict(task.fields), task)


def _saved(ws: Any, name: str | None) -> Task | None:
    value = ws.artefact(KIND, name) if name else None
    try:
        return None if value is None else Task(**value)
    except (OmniError, TypeError):  # saved by a version that knew other settings
        return None


def _place(task: Task) -> tuple[str, dict[str, str]]:
    """What a setting was made on: the level of goods and the filters; saved days are texts."""
    return task.level, {k: str(v) for k, v in task.filters.items() if v is not None}


def saved(ws: Any, task: Task) -> None:
    """Save the setting under a name, take a saved one over, save it as a file for the command."""
    names = list(ws.artefacts(KIND))
    with st.expander(_("Save and load settings")):
        name = st.text_input(_("Name"), key="rc_name", max_chars=60,
                             placeholder=_("such as Spring")).strip()
        st.button(_("Save"), key="rc_save", disabled=not name, on_click=shell.caught(_save),
                  args=(ws, name, task))
        if names:
            chosen = widgets.choose(
                st.selectbox, _("Saved settings"), names, None, "rc_saved",
                placeholder=_("choose one"))
            with st.container(horizontal=True, gap="small"):
                st.button(_("Use it"), key="rc_load", disabled=chosen is None,
                          on_click=shell.caught(_use), args=(ws,))
                st.button(_("Delete it"), key="rc_forget", disabled=chosen is None,
                          on_click=shell.caught(_delete), args=(ws, chosen))
            kept = _saved(ws, chosen)
            if kept is not None and _place(kept) != _place(task):
                widgets.note(_("Saved on another choice of goods or filters; “Use it” sets the "
                               "controls here and leaves that choice as it is now."))
        st.download_button(
            _("Download the settings (JSON)"), data=task.text, file_name="settings.json",
            mime="application/json", key="rc_json", on_click="ignore")
        widgets.note(_("The command “omni recommend --settings” takes this file. The link above "
                       "holds the settings, too."))


def _save(ws: Any, name: str, task: Task) -> None:
    cached.saving(ws, lambda: ws.save_artefact(KIND, name, dataclasses.asdict(task)))
    st.session_state["rc_saved"] = name


def _delete(ws: Any, name: str) -> None:
    cached.saving(ws, lambda: ws.delete_artefact(KIND, name))
    st.session_state["rc_saved"] = None


def for_all(bench: Bench, task: Task, without: tuple, names: Any) -> None:
    """The lists of all shoppers as CSV, made beside the page some thousands at a time."""
    widgets.note(_("A file with the list of each of {n} shoppers.").format(
        n=number(len(bench.desk.all.users))))
    key = ("lists", repr((bench.place, task.key)))
    job = jobs.look(key, _("Making the lists …"), "rc_lists")
    if job is not None and job.result is not None:
        folder, rows, shoppers = job.result
        st.download_button(
            _("Download as CSV"), data=(Path(folder.name) / "lists.csv").read_bytes,
            file_name="recommendations_all.csv", mime="text/csv", key="rc_all_csv",
            on_click="ignore")
        widgets.note(_("{rows} rows for {shoppers} shoppers.").format(
            rows=number(rows), shoppers=number(shoppers)))
    elif not jobs.working(key):
        st.button(_("Make the lists"), key="rc_all", on_click=shell.caught(_make),
                  args=(bench, key, task, without, names))


def _make(bench: Bench, key: tuple, task: Task, without: tuple, names: Any) -> None:
    people = cached.query(bench.ws, "shopper_names")
    desk = dataclasses.replace(bench.desk, all=dataclasses.replace(bench.desk.all))

    def work(job: jobs.Job) -> tuple[Any, int, int]:
        model = desk.live(task.model, task.fields, task.ladder, lambda s: job.tell(0.3 * s))
        folder = tempfile.TemporaryDirectory(prefix="omni-lists-")
        with (Path(folder.name) / "lists.csv").open("wb") as out:
            rows, _routes = write_lists(out, task, model, people, names, without, True,
                                        lambda share: job.tell(0.3 + 0.7 * share))
        return folder, rows, len(model.train.users)

    jobs.start(key, work)


