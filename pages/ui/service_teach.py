"""Teach it: the training set, the retraining with what it broke, the versions and the way back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _, number
from omni_core.service import csvfile, intent_name, review, teaching
from omni_core.service import telling_set as telling
from omni_core.service import training as teach
from omni_core.service.settings import ENGINE_CHOICES, engine_name
from pages.ui import cached, service_bot, shell, widgets

_ROWS = 200  # sentences shown in the editor at a time


def draw(bot: service_bot.Bot) -> None:
    draft = bot.library.draft()
    pairs = draft.apply(bot.pairs)
    retraining(bot, draft, pairs)
    report(bot)
    versions(bot)
    st.header(_("The sentences it learns from"), anchor=False)
    widgets.note(telling.set_words(pairs))
    add, edit, files, faults, count = st.tabs([
        _("Add"), _("Edit"), _("Import and export"), _("Duplicates and conflicts"), _("Counts")])
    with add:
        adding(bot, draft)
    with edit:
        editing(bot, draft, pairs)
    with files:
        exchange(bot, draft, pairs)
    with faults:
        problems(bot, draft, pairs)
    with count:
        widgets.show(telling.count_table(teach.counts(pairs)), "sv_counts")


def retraining(bot: service_bot.Bot, draft: teach.Draft, pairs: Any) -> None:
    """What is not learnt yet, the engine, and the button."""
    with st.container(border=True, key="sv_retrain_box"):
        st.markdown(telling.draft_words(draft))
        if len(draft):
            with st.expander(_("The changes")):
                widgets.show(telling.draft_table(draft), "sv_draft")
        engine = widgets.choose(
            st.selectbox, _("How messages are compared"), ENGINE_CHOICES, bot.engine,
            "sv_new_engine", engine_name)
        with st.container(horizontal=True):
            start = st.button(_("Retrain"), type="primary", key="sv_retrain",
                              disabled=not len(draft) and engine == bot.engine)
            st.button(_("Discard the changes"), key="sv_discard", disabled=not len(draft),
                      on_click=shell.caught(bot.library.set_draft), args=(teach.Draft(),))
        if start:
            retrain(bot, draft, pairs, engine)


def retrain(bot: service_bot.Bot, draft: teach.Draft, pairs: Any, engine: str) -> None:
    """Learn, compare with what was in force, keep both as versions."""
    try:
        new = service_bot.trained(bot.ws, pairs, engine)
    except OmniError as error:
        st.error(shell.literal(error))
        return
    with st.spinner(_("Comparing with the version before …")):
        teaching.keep(bot.library, bot.classifier, new, bot.pairs, pairs, bot.engine, engine,
                      bot.test_sentences(), [e["text"] for e in review.log(bot.ws)])
    st.rerun()


def report(bot: service_bot.Bot) -> None:
    """What the latest retraining changed: what broke first."""
    if bot.version is None or "flips" not in bot.version.figures:
        return
    st.header(_("What version {name} changed").format(name=bot.version.name), anchor=False)
    changed = teaching.changed(bot.version)
    st.markdown(shell.literal(telling.regression_words(bot.version, changed)))
    if len(changed.flips):
        widgets.show(telling.flip_table(changed.flips), "sv_flips")
    with st.expander(_("Per intent, before and after")):
        widgets.show(telling.before_after_table(changed.by_intent), "sv_before_after")


def versions(bot: service_bot.Bot) -> None:
    """All versions, and a button that puts one back in force."""
    table = bot.library.table()
    if table.empty:
        return
    st.header(_("Versions"), anchor=False)
    widgets.show(telling.version_table(table, bot.ws.timezone), "sv_versions")
    others = [n for n in bot.library.names() if bot.version is None or n != bot.version.name]
    if not others:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(_("Version"), others, key="sv_back_to", width=160)
        st.button(_("Go back to this version"), key="sv_back",
                  on_click=shell.caught(bot.library.use), args=(name,))
    widgets.note(_("Going back changes what answers; no sentence and no version is lost."))


def adding(bot: service_bot.Bot, draft: teach.Draft) -> None:
    with st.form("sv_add", clear_on_submit=True, border=False):
        text = st.text_input(_("A sentence"), max_chars=2000, key="sv_add_text",
                             placeholder=_("as a shopper would write it"))
        intent = st.selectbox(
            _("Its intent"), teaching.intents(bot.pairs), key="sv_add_intent", index=None,
            format_func=intent_name, placeholder=_("choose one"))
        new = st.text_input(_("Or a new intent"), max_chars=60, key="sv_add_new",
                            placeholder=_("its name")).strip()
        if st.form_submit_button(_("Add")):
            intent = new or intent
            if not text.strip() or not intent:
                st.warning(_("A sentence and its intent are needed."))
            else:
                bot.library.set_draft(draft.add([(text.strip(), intent)]))
                st.rerun()


def editing(bot: service_bot.Bot, draft: teach.Draft, pairs: Any) -> None:
    with st.container(horizontal=True):
        search = st.text_input(_("Find"), key="sv_find", placeholder=_("a part of the sentence"))
        intent = st.selectbox(
            _("Intent"), teaching.intents(pairs), key="sv_find_intent", index=None,
            format_func=intent_name, placeholder=_("all"))
    rows = teaching.found(pairs, search, intent, _ROWS)
    widgets.note(telling.found_words(rows, _ROWS))
    with st.form(f"sv_edit_{len(draft)}", border=False):
        edited = st.data_editor(
            rows, hide_index=True, key=f"sv_editor_{hash((search, intent, draft))}",
            disabled=["language"], width="stretch",
            column_config={
                "text": st.column_config.TextColumn(_("Sentence"), width="large"),
                "intent": st.column_config.SelectboxColumn(
                    _("Intent"), options=teaching.intents(pairs), required=True,
                    format_func=intent_name),
                "remove": st.column_config.CheckboxColumn(_("Remove")),
            })
        if st.form_submit_button(_("Keep these changes")):
            bot.library.set_draft(teaching.edited(draft, rows, edited))
            st.rerun()


def exchange(bot: service_bot.Bot, draft: teach.Draft, pairs: Any) -> None:
    widgets.download(teaching.frame(pairs), "intents.csv", _("Download all sentences (CSV)"),
                     "sv_export")
    st.markdown(_("A CSV file with the columns text and intent (or 消息 and 意图). What it holds "
                  "is added; what you have stays."))
    upload = st.file_uploader(_("Sentences to add"), type=csvfile.SUFFIXES, key="sv_import")
    if upload is None:
        return
    try:
        read = csvfile.sentences(bot.ws.read_table(data=upload.getvalue(), name=upload.name),
                                 upload.name, need_intent=True)
    except OmniError as error:
        st.error(shell.literal(error))
        return
    fresh, told = teaching.fresh(pairs, read)
    st.markdown(shell.literal(telling.import_words(read, told)))
    if fresh and st.button(_("Add these sentences"), key="sv_import_add", type="primary"):
        bot.library.set_draft(draft.add(fresh))
        st.rerun()


def problems(bot: service_bot.Bot, draft: teach.Draft, pairs: Any) -> None:
    table = cached.content(bot.ws, ("problems", teach.key(pairs, "")),
                           lambda: teach.problems(pairs))
    st.markdown(telling.problem_words(table))
    if not len(table):
        return
    widgets.show(telling.problem_table(table), "sv_problems")
    twice = teach.doubled(pairs)
    if twice and st.button(
            _("Take the {n} duplicates out").format(n=number(len(twice))), key="sv_dedupe"):
        bot.library.set_draft(draft.remove(twice))
        st.rerun()


