"""Every mistake a caller or a user can make, as a code with the values needed to repair it.

A file is never an exception: a bad file is a refused or asked import (see ``ingest``). What is
raised here is an impossible request. ``str(error)`` is a plain sentence in the language of the
current context; ``error.code`` and ``error.values`` are for programs.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from typing import Any

from omni_core.i18n import N_, _, number, together


class OmniError(ValueError):
    """Root of all errors of ``omni_core``: a ``code`` and ``values`` to repair the request."""

    code = "error"
    message = N_("This request can't be met.")
    counts: tuple[str, ...] = ()  # values that are said as the language writes numbers

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__(self.code, values)

    def __str__(self) -> str:
        return self._said(self.message)

    def _said(self, message: str) -> str:
        return _(message).format(**self.values | {c: number(self.values[c]) for c in self.counts})


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``name``, for a "did you mean", or None."""
    found = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=0.5)
    return found[0] if found else None


def is_disk_full(error: OSError) -> bool:
    """Whether the operating system has no room left for a file."""
    return error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def no_room(error: OSError, folder: object) -> OmniError:
    """Return what to say where a folder could not be written: no room is left, or no leave."""
    return (DiskFull if is_disk_full(error) else FolderNotWritable)(folder=str(folder))


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
        kind, known = self.values["kind"], self.values["known"]
        kind = _(kind)
        if not known:
            return _("There is no {kind} called “{name}”, and no other yet.").format(
                kind=kind, name=self.values["name"])
        text = _(self.message).format(kind=kind, name=self.values["name"], known=known)
        guess = self.values["did_you_mean"]
        return together(text, _("Did you mean “{name}”?").format(name=guess)) if guess else text


class BadParameter(OmniError):
    """A parameter outside its range or not among its choices."""

    code = "bad_parameter"
    message = N_("{name} = {value} is not possible; allowed: {allowed}.")

    def __init__(self, name: str, value: Any, allowed: Any) -> None:
        super().__init__(name=name, value=value, allowed=allowed)

    def __str__(self) -> str:
        allowed = self.values["allowed"]
        shown = _(allowed) if isinstance(allowed, str) else allowed
        return _(self.message).format(**{**self.values, "allowed": shown})


class NotFitted(OmniError):
    """A model was asked before it was fitted."""

    code = "not_fitted"
    message = N_("This model has not been trained yet.")


class NotEnoughData(OmniError):
    """Too little data for an honest answer; values say what is needed and what there is."""

    code = "not_enough_data"
    message = N_("This needs at least {need} {what}; found: {have}.")
    none = N_("There are no {what} yet; at least {need} needed.")

    def __init__(self, what: str, need: int, have: int) -> None:
        super().__init__(what=what, need=need, have=have)

    def __str__(self) -> str:
        message, what = self.message if self.values["have"] else self.none, self.values["what"]
        return _(message).format(what=_(what), need=number(self.values["need"]),
                                 have=number(self.values["have"]))


class MissingColumns(OmniError):
    """A frame given to the library lacks columns it needs."""

    code = "missing_columns"
    message = N_("The table lacks {missing}; it has {found}.")

    def __init__(self, missing: Iterable[str], found: Iterable[str]) -> None:
        super().__init__(missing=", ".join(missing), found=", ".join(map(str, found)))


class NoWorkspace(OmniError):
    """A folder was named as a workspace and is none."""

    code = "no_workspace"
    message = N_("There is no workspace in {folder}. Is the folder written right? The first import "
                 "makes a new one.")

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder)


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


class DiskFull(OmniError):
    """No room is left on the disk of the workspace."""

    code = "disk_full"
    message = N_(
        "The disk with {folder} is full. Nothing was changed; make room and try again.")


class TracesLeft(OmniError):
    """Something was deleted, but its old rows could not be wiped out of the file yet."""

    code = "traces_left"
    message = N_(
        "Deleted: no page shows it any more. But traces are still in the file of this workspace "
        "({reason}) and go when it is opened next.")


class OutOfMemory(OmniError):
    """A request needs more memory than the store may use."""

    code = "out_of_memory"
    message = N_(
        "This needs more memory than Omni may take. Nothing was changed; close other programs, or "
        "ask for a shorter period.")


class NotAnArchive(OmniError):
    """A file that should be a workspace's archive is none, is damaged, or holds too much."""

    code = "not_an_archive"
    message = N_(
        "{name} is not a backup of Omni, or it is damaged. Nothing was changed; choose "
        "another file.")


class FolderNotReadable(OmniError):
    """A folder that files should be taken from can't be; the code of its own says why."""

    code = "folder_not_readable"
    messages = {
        "not_found": N_("There is no folder {folder}. Copy its path from the file manager."),
        "not_whole": N_("“{folder}” is not a whole path. Write it from the drive or from / on."),
        "not_allowed": N_("Omni may not look into {folder}. Change its permissions, or copy the "
                          "files to another folder."),
        "no_files": N_("In {folder} there is no file that Omni reads (CSV, text, Excel, gz, zip). "
                       "Folders inside it are not searched."),
    }

    def __init__(self, reason: str, folder: object) -> None:
        super().__init__(reason=reason, folder=str(folder))

    def __str__(self) -> str:
        return self._said(self.messages[str(self.values["reason"])])


class FileNotReadable(OmniError):
    """A file that was named isn't there, or may not be read."""

    code = "file_not_readable"
    message = N_("The file {name} can't be opened. Is it still there, and not open in Excel?")

    def __init__(self, name: object) -> None:
        super().__init__(name=str(name))


class UnreadableTable(OmniError):
    """A file that was to be read once, for its rows, and can't be; ``reason`` is a sentence."""

    code = "unreadable_table"
    message = N_("{reason} Until then {name} can't be read.")

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name=name, reason=reason)


class NoAddresses(OmniError):
    """A customer file that was to give addresses and has none, or no column of its people."""

    code = "no_addresses"
    message = N_("This file has no column of e-mail addresses or phone numbers beside the customer "
                 "numbers that your other files use. Found: {found}.")

    def __init__(self, found: str) -> None:
        super().__init__(found=found)


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
    counts = ("count",)

    def __init__(self, column: str, count: int) -> None:
        super().__init__(column=column, count=count)


class NoTime(OmniError):
    """The request needs the time of each event and the data have none."""

    code = "no_time"
    message = N_(
        "These data carry no usable time, so the past can't be kept apart from the future.")


class NoWeightedEvents(OmniError):
    """None of the kinds of event in the data has a weight above zero."""

    code = "no_weighted_events"
    message = N_("None of the events in the data ({events}) has a weight above zero.")

    def __init__(self, events: Iterable[str]) -> None:
        super().__init__(events=", ".join(map(str, events)))


class NotAdditive(OmniError):
    """The model's score is not a sum over the shopper's history, so it can't be taken apart."""

    code = "not_additive"
    message = N_(
        "This list does not come from the shopper's own history, so there is no “because”.")


class BadSettings(OmniError):
    """A file of settings that is no JSON object; ``line`` says where reading stopped."""

    code = "bad_settings"
    message = N_(
        "The file of settings can't be read (line {line}). It should look like {example}.")

    def __init__(self, line: int) -> None:
        super().__init__(
            line=line, example='{"model": "item_neighbours", "fields": {"k": 100}, "n": 10}')


class NotDescribed(OmniError):
    """The request needs something about items or shoppers that the data don't say."""

    code = "not_described"
    message = N_("These data don't say the {what}, so it can't be used here.")

    def __init__(self, what: str) -> None:
        super().__init__(what=what)

    def __str__(self) -> str:
        what = self.values["what"]
        return _(self.message).format(what=_(what))


class TooManyItems(OmniError):
    """More items than a model can hold in memory or work out in reasonable time."""

    code = "too_many_items"
    message = N_(
        "This method takes up to {most} products; these data have {have}. Choose another method, "
        "or recommend product types instead of single products."
    )
    counts = ("have", "most")

    def __init__(self, have: int, most: int) -> None:
        super().__init__(have=have, most=most)


class NotInstalled(OmniError):
    """A method whose optional package is missing."""

    code = "not_installed"
    message = N_(
        "This method needs an extra part that is not installed. Run “{command}” in the project's "
        "folder."
    )

    def __init__(self, command: str) -> None:
        super().__init__(command=command)


class BadTarget(OmniError):
    """A target of a response model that can't be read."""

    code = "bad_target"
    message = N_(
        "“{target}” is no target; write responded:CAMPAIGN, buys_within:DAYS, lapses_within:DAYS "
        "or buys_category:DAYS:CATEGORY.")


class SentBefore(OmniError):
    """A campaign whose messages all went out before the day the features end."""

    code = "sent_before"
    message = N_(
        "Campaign {campaign} was sent before {as_of}; its answers may already be in the features. "
        "Choose the day it was sent, or an earlier one."
    )


class TargetNotOver(OmniError):
    """The days in which an outcome is awaited reach beyond the data."""

    code = "target_not_over"
    message = N_(
        "The {days} days after {as_of} end on {until}, but the data end before {last}. Choose an "
        "earlier day."
    )


class BadModelInput(OmniError):
    """Rows or outcomes given to a response model that it can't learn from."""

    code = "bad_model_input"
    message = N_("The outcome must be 0 or 1 for each of the {rows} rows; found: {found}.")
    counts = ("rows",)


class NotExplainable(OmniError):
    """The model's probability is not a sum over columns, so it can't be taken apart exactly."""

    code = "not_explainable"
    message = N_("Only the logistic model can say what each column adds; this one is “{kind}”.")


class TooFewOutcomes(OmniError):
    """Too few people who answered (or who did not) for a response model."""

    code = "not_enough_data"
    message = N_(
        "A response model needs at least {need} people who answered and {need} who did not; of the "
        "rarer kind there are {have}. Bring a longer period, or choose an outcome that happens "
        "more often."
    )


class TooShortHistory(OmniError):
    """The data begin too shortly before the outcome."""

    code = "not_enough_data"
    message = N_("At least {need} days of activity are needed before the outcome; there are fewer.")


class NoOutcome(OmniError):
    """A column of outcomes in which nothing is said."""

    code = "no_outcome"
    message = N_("“{column}” is empty, so it can't say what came of each person. Choose another "
                 "column.")


class OneOutcome(OmniError):
    """A column of outcomes in which everyone says the same."""

    code = "one_outcome"
    messages = {
        True: N_("In “{column}” all {rows} rows mean yes. Learning needs both: choose fewer values "
                 "as yes, a higher number, or a file that has the others too."),
        False: N_("In “{column}” all {rows} rows mean no. Learning needs both: choose other values "
                  "as yes, a lower number, or a file that has those who said yes too."),
    }
    counts = ("rows",)

    def __str__(self) -> str:
        return self._said(self.messages[bool(self.values["yes"])])


class NothingToLearn(OmniError):
    """No usable column differs between people."""

    code = "nothing_to_learn"
    message = N_("No column that may be used differs from one person to the next. Bring a file "
                 "that says more about each person, such as age, interests or past orders.")


class NoConvergence(OmniError):
    """A model's parameters could not be found in these data."""

    code = "no_convergence"
    message = N_("The model “{model}” finds no answer in these purchases.")


class TooFewPeople(OmniError):
    """What was asked would be about so few people that it would point at them."""

    code = "too_few_people"
    message = N_(
        "Fewer than {k} people fit this choice, so their numbers are not shown. Widen the choice; "
        "the limit is set under Privacy and backups."
    )
