"""Service: what a message asks for, what decided it, the work it saves, and how to teach it."""

import streamlit as st

from omni_core.i18n import N_, _
from pages.ui import (
    service_bot,
    service_mood,
    service_replies,
    service_review,
    service_teach,
    service_trust,
    service_try,
    shell,
    widgets,
)

ws = shell.begin("service")
shell.title(
    _("Service"),
    _("Does a bot understand what shoppers write? Try a message, see what decided, and set from "
      "which confidence it may answer."),
)

VIEWS = {
    "try": N_("Try it"), "trust": N_("Trust it"), "review": N_("Review"), "teach": N_("Teach it"),
    "mood": N_("Reviews"),
}
DRAW = {
    "try": service_try.draw, "trust": service_trust.draw, "review": service_review.draw,
    "teach": service_teach.draw,
}

view = widgets.choose(
    st.segmented_control, _("View"), VIEWS, "try", "sv_view", lambda v: _(VIEWS[v]),
    required=True, label_visibility="collapsed")
if view == "mood":
    service_mood.draw(ws)
    st.stop()
bot = service_bot.current(ws)
widgets.note(service_bot.summary(bot))
DRAW[view](bot)
if view == "try":
    service_replies.section(bot)
