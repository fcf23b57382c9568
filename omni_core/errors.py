"""Every mistake a caller or a user can make, as a code with the values needed to repair it.

A file is never an exception: a bad file is a refused or asked import (see ``ingest``). What is
raised here is an impossible request. ``str(error)`` is a plain sentence in the language of the
current context; ``error.code`` and ``error.values`` are for programs.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from omni_core.i18n import N_, _


class OmniError(ValueError):
    """Root of all errors of ``omni_core``: a ``code`` and ``values`` to repair the request."""

    code = "error"
    message = N_("This request can't be met.")

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__(self.code, values)

    def __str__(self) -> str:
        return _(self.message).format(**self.values)


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``name``, for a "did you mean", or None."""
    found = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.5)
    return found[0] if found else None


class UnknownName(OmniError):
    """A name that is not in a fixed list (a query, a model, an engine, a filter)."""

    code = "unknown_name"
    message = N_("There is no {kind} called “{name}”. Known: {known}.")

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(str(k) for k in known)
        super().__init__(
            kind=kind, name=name, known=", ".join(names), did_you_mean=closest(name, names)
        )

    def __str__(self) -> str:
        text = super().__str__()
        guess = self.values["did_you_mean"]
        return text + " " + _("Did you mean “{name}”?").format(name=guess) if guess else text


class BadParameter(OmniError):
    """A parameter outside its range or not among its choices."""

    code = "bad_parameter"
    message = N_("{name} = {value} is not possible; allowed: {allowed}.")

    def __init__(self, name: str, value: Any, allowed: Any) -> None:
        super().__init__(name=name, value=value, allowed=allowed)


class NotFitted(OmniError):
    """A model was asked before it was fitted."""

    code = "not_fitted"
    message = N_("This model has not been trained yet.")


class NotEnoughData(OmniError):
    """Too little data for an honest answer; values say what is needed and what there is."""

    code = "not_enough_data"
    message = N_("This needs at least {need} {what}; there are {have}.")

    def __init__(self, what: str, need: int, have: int) -> None:
        super().__init__(what=what, need=need, have=have)


class MissingColumns(OmniError):
    """A frame given to the library lacks columns it needs."""

    code = "missing_columns"
    message = N_("The table lacks {missing}; it has {found}.")

    def __init__(self, missing: Iterable[str], found: Iterable[str]) -> None:
        super().__init__(missing=", ".join(missing), found=", ".join(map(str, found)))


class StoreInUse(OmniError):
    """Another process holds the workspace's store."""

    code = "store_in_use"
    message = N_(
        "This workspace is open in another program. Close the other Omni window (or its terminal) "
        "and try again."
    )


class StoreDamaged(OmniError):
    """The store's file can't be read as a store of ours."""

    code = "store_damaged"
    message = N_(
        "The file {name} in this workspace is damaged or is not an Omni store. It was left as it "
        "is; choose another folder, or restore a copy of it."
    )


class StoreNewer(OmniError):
    """The store was written by a newer version of Omni."""

    code = "store_newer"
    message = N_(
        "This workspace was made by a newer Omni (store version {found}; this one reads "
        "{known}). Update Omni to open it."
    )


class FolderNotWritable(OmniError):
    """The folder of the workspace can't be written."""

    code = "folder_not_writable"
    message = N_("Omni can't write into {folder}. Choose another folder or change its permissions.")


class UnknownId(OmniError):
    """A shopper or an item that the model's data do not hold."""

    code = "unknown_id"
    message = N_("“{id}” does not occur in these data.")

    def __init__(self, kind: str, id: object) -> None:
        super().__init__(kind=kind, id=id)


class BadInteractions(OmniError):
    """Rows given to the recommender that can't be read: which column and how many rows."""

    code = "bad_interactions"
    message = N_("{count} rows have an empty or unreadable “{column}”.")

    def __init__(self, column: str, count: int) -> None:
        super().__init__(column=column, count=count)


class NoTime(OmniError):
    """The request needs the time of each event and the data have none."""

    code = "no_time"
    message = N_("These data carry no usable time, so the past can't be kept apart from the future.")


class NoWeightedEvents(OmniError):
    """None of the kinds of event in the data has a weight above zero."""

    code = "no_weighted_events"
    message = N_("None of the events in the data ({events}) has a weight above zero.")

    def __init__(self, events: Iterable[str]) -> None:
        super().__init__(events=", ".join(map(str, events)))


class NotAdditive(OmniError):
    """The model's score is not a sum over the shopper's history, so it can't be taken apart."""

    code = "not_additive"
    message = N_("This list does not come from the shopper's own history, so there is no “because”.")
