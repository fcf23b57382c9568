"""Data: bring files in, see what was understood, answer, correct, import, undo."""

import streamlit as st

from omni_core.i18n import _, number
from pages.ui import desk as desks
from pages.ui import filecard, history, places, session, shell, taking, widgets

ws = shell.begin("data")
shell.title(
    _("Bring your files"),
    _("Drop the exports you have, all at once. Nothing is imported before you say so."),
)
if session.is_sample(ws):
    widgets.note(_("The sample shop can't take your files. Turn to your own workspace first."))
    if st.button(_("Use my own files"), type="primary", key="data_own"):
        shell.go_to_own()
    st.header(_("What the sample shop was made from"), anchor=False)
    history.draw(ws, undo=False)
    st.stop()

st.markdown(_("Orders, views and clicks, customers, products, campaign sends, reviews or messages; "
              "as CSV, text or Excel, also packed (gz, zip), in any encoding, up to {limit} MB "
              "each.").format(limit=number(st.get_option("server.maxUploadSize"))))
uploads = st.file_uploader(
    _("Files"), accept_multiple_files=True, key="data_files", label_visibility="collapsed",
)
places.zone(ws)
sources = [desks.dropped(u) for u in uploads] + places.folder()
desk = desks.desk(ws)

taking.interrupted(desk)
if desk.stopped is None:
    taking.work(ws, desk, sources)
found = taking.read_all(ws, desk, sources)
together = taking.in_order(found)
if len(together) > 1:
    st.button(
        _("Import all {n} files that are ready").format(n=number(len(together))), type="primary",
        key="import_all", on_click=desk.line_up, args=(together,))
reports = [report for _source, report in found]
for source, report in found:
    filecard.draw(ws, desk, source, report, waiting=taking.waits(report, reports),
                  alone=len(found) == 1)
if any(report is None or report.status != "imported" for report in reports):
    widgets.note(_("If you reload the page, files that are not imported yet have to be dropped "
                   "again. What is imported stays."))

if len(ws.imports()):
    st.header(_("What has been imported"), anchor=False)
    history.draw(ws)
elif not sources:
    st.header(_("Which files help"), anchor=False)
    for table in ("events", "orders", "customers", "products", "sends", "reviews", "messages"):
        st.markdown("- " + shell.columns_of(table))
