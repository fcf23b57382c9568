"""Start: what this is, the two ways in, and what is loaded."""

from omni_core.i18n import _
from pages.ui import shell

ws = shell.begin("start")
shell.title(_("Start"), _("Runs on this computer. Nothing is sent."))
