"""Start: is this safe, the two ways in, and what is loaded."""

import streamlit as st

from omni_core.behaviour import sentences
from omni_core.charts import behaviour as charts
from omni_core.columns import TABLES
from omni_core.i18n import N_, _, day, number
from pages.ui import cached, numbers, people, session, shell, shops, widgets
from pages.ui.filters import EVERYTHING, span

ws = shell.begin("start")
shell.title(
    _("Know your shoppers from the files you already have"),
    _("Runs on this computer. Nothing is sent. No account, no connection needed."),
)
sample = session.is_sample(ws)
counts = {name: n for name, n in ws.counts().items() if n}

with st.container(horizontal=True, key="ways_in"):
    if not sample and st.button(
        _("Try the sample shop"), key="open_sample", type="secondary" if counts else "primary"
    ):
        shell.open_sample()
    if st.button(
        _("Bring more files") if counts and not sample else _("Use my own files"),
        key="use_own", type="primary" if sample or counts else "secondary",
    ):
        shell.go_to_own()
    if sample and session.own_has_data() and st.button(_("Back to my shop"), key="back_own"):
        shell.go_to_own("start")

NEXT = {
    "behaviour": N_("Who buys, at what age, when, and where they leave."),
    "customers": N_("Groups, who comes back, what they are worth, and one customer's whole story."),
    "recommend": N_("What each shopper would see, why, and whether it beats the bestsellers."),
    "service": N_("Which questions a bot understands, and what made it decide."),
    "targeting": N_("Whom to send an ad: how many, at what cost, for what profit."),
}

if counts:
    st.header(_("What is loaded"), anchor=False)
    first, last = span(ws)
    if first is not None:
        st.markdown(_("From {first} to {last}.").format(first=day(first), last=day(last)))
    people.twice(ws)
    people.goods_apart(ws)
    total = numbers.four(ws, EVERYTHING)
    left, right = st.columns([3, 2], gap="large")
    with left:
        steps = cached.query(ws, "funnel", **EVERYTHING)
        if len(steps) > 1:
            widgets.chart(
                charts.funnel(steps, 200), sentences.funnel(steps, total["buyers"]),
                "start_funnel",
            )
        elif len(steps):
            st.markdown(sentences.funnel(steps))
    with right:
        st.dataframe(
            {
                _("Loaded"): [_(TABLES[name].label) if name in TABLES else name for name in counts],
                _("Rows"): [number(n) for n in counts.values()],
            },
            hide_index=True, key="start_counts",
        )
        if total["not_counted"]:
            widgets.note(_("These are the rows of your files. The number of orders above is lower: "
                           "{why}").format(why=sentences.not_counted(total["not_counted"])))
    st.header(_("Where to go"), anchor=False)
else:
    widgets.note(
        _("A CSV export of your orders is enough to begin; shoppers, products, views and "
          "campaigns add to it.")
    )
    st.header(_("What you will get"), anchor=False)

for name, words in NEXT.items():
    if shell.exists(name):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(shell.path(name), label=shell.page_title(name), width=140)
            st.markdown(_(words))

shops.mine(ws, bool(counts))
