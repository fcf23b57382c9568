"""Data: bring CSV files in, see what was understood, correct it, import, undo."""

import streamlit as st

from omni_core.i18n import _, ngettext, number
from pages.ui import filecard, session, shell, widgets

ws = shell.begin("data")
shell.title(
    _("Bring your files"),
    _("Drop the CSV exports you have, all at once. Nothing is imported before you say so."),
)
if session.is_sample(ws):
    widgets.note(_("The sample shop can't take your files. Turn to your own workspace first."))
    if st.button(_("Use my own files"), type="primary", key="data_own"):
        shell.go_to_own()
    st.header(_("What the sample shop was made from"), anchor=False)
    filecard.history(ws, undo=False)
    st.stop()

st.markdown(_("Orders, views and clicks, customers, products, campaign sends, reviews or messages; "
              "as CSV or text, in any encoding, up to {limit} MB each.").format(
                  limit=number(st.get_option("server.maxUploadSize"))))
files = st.file_uploader(
    _("CSV files"), accept_multiple_files=True, key="data_files", label_visibility="collapsed",
)
widgets.note(_("Times without a time zone are read as {zone} time.").format(zone=ws.timezone))

reports = [(file, filecard.inspect(ws, file)) for file in files]
ready = [file for file, report in reports if report.status == "ready"]
everything = False
if len(ready) > 1:
    everything = st.button(
        _("Import all {n} files that are ready").format(n=number(len(ready))), type="primary",
        key="import_all")
chosen = [file for file, report in reports
          if filecard.draw(ws, file, report) or (everything and file in ready)]
for file in chosen:
    done = filecard.take(ws, file)
    if done.status == "imported":
        st.session_state[f"imported_{file.file_id}"] = done.accepted
        st.toast(ngettext("{n} row imported", "{n} rows imported", done.accepted).format(
            n=number(done.accepted)))
    else:
        st.error(shell.literal(done.message or _("Another answer is needed; see the file's card.")))
if chosen:
    st.rerun()

if len(ws.imports()):
    st.header(_("What has been imported"), anchor=False)
    filecard.history(ws)
elif not files:
    st.header(_("Which files help"), anchor=False)
    for table in ("events", "orders", "customers", "products", "sends", "reviews", "messages"):
        st.markdown("- " + shell.columns_of(table))
