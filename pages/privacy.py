"""Privacy and backups: who is one person, what may be shown, who is forgotten, and the way back."""


from omni_core.i18n import _
from pages.ui import people, safekeeping, shell

ws = shell.begin("privacy")
shell.title(
    _("Privacy and backups"),
    _("Everything lies on this computer. Here you decide what is shown, kept and forgotten."),
)
people.one_person(ws)
people.small_groups(ws)
people.forget(ws)
safekeeping.backups(ws)
