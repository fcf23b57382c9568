"""Data: bring files in, see what was understood, answer, correct, import, undo."""

import streamlit as st

from omni_core.i18n import _, number
from omni_core.waiting import HOURS
from pages.ui import counting, filecard, history, places, session, shell, taking, widgets
from pages.ui import desk as desks

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
desk = desks.desk(ws)
places.dropped(ws, desk)
places.zone(ws)
sources = desk.waiting(ws) + places.folder()

taking.interrupted(desk)
if desk.stopped is None and taking.work(ws, desk, sources):
    sources = [s for s in sources if s.id not in desk.done]
counting.show(ws)
found = taking.read_all(ws, desk, sources)
together = taking.in_order(found)
if len(together) > 1:
    st.button(
        _("Import all {n} files that are ready").format(n=number(len(together))), type="primary",
        key="import_all", on_click=desk.line_up, args=(together,))
reports = [report for _source, report in found]
if any(source.waits and source.id not in desk.done for source, _report in found):
    st.caption(_("Files that are not imported yet wait here, also if you leave or reload the page. "
                 "After {n} hours they are deleted.").format(n=number(HOURS)))
for source, report in found:
    filecard.draw(ws, desk, source, report, waiting=taking.waits(report, reports),
                  alone=len(found) == 1)

if len(ws.imports()):
    st.header(_("What has been imported"), anchor=False)
    history.draw(ws)
elif not found:
    st.header(_("Which files help"), anchor=False)
    for table in ("events", "orders", "customers", "products", "sends", "reviews", "messages"):
        st.markdown("- " + shell.columns_of(table))
