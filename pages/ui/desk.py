"""The files on the data page: where they lie, what she answered, what was read, what is in.

The desk is a plain object in the session. It is changed in place, never through session_state,
while a file is read: any click may cut the run off there, and the store alone says what is in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from omni_core.columns import ROLES

_KEY = "data_desk"


@dataclass(frozen=True)
class Source:
    """A file she chose: brought into the workspace's folder, or read in its place."""

    id: str
    name: str
    size: int
    path: Any
    waits: bool = True  # it lies in the workspace's folder until it is imported

    def read(
        self, ws: Any, answers: dict[str, str], progress: Callable[[float], None], commit: bool
    ) -> Any:
        """Inspect the file, or with ``commit`` import it."""
        take = ws.import_file if commit else ws.inspect
        return take(self.path, name=self.name, answers=answers, progress=progress)


def in_place(found: Any) -> Source:
    """The source of a file of a folder; a file that has changed since is another one."""
    mark = f"{found.path}\0{found.size}\0{found.changed}"
    return Source("p" + hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()[:16],
                  found.name, found.size, found.path, waits=False)


@dataclass
class Desk:
    """What became of the files so far; ``stopped`` names the one whose import was cut off."""

    workspace: str
    reports: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    done: dict[str, tuple[Source, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)  # fields of questions answered
    unread: set[str] = field(default_factory=set)
    queue: list[str] = field(default_factory=list)
    stopped: str | None = None
    finished: int = 0  # files imported by the present queue
    order: list[str] = field(default_factory=list)  # of the cards: as the files came
    dropped: int = 0  # how often files were dropped: each time the uploader is a new one

    def told(self, source: Source) -> dict[str, str]:
        """Her answers about a file."""
        return dict(self.answers.get(source.id, {}))

    def answer(self, source_id: str, name: str, value: str, asked: bool = False) -> None:
        """Keep one answer; a column means one thing, and what was chosen last counts."""
        answers = dict(self.answers.get(source_id, {}))
        if name == "table":
            answers = {}  # other columns matter to another kind of table
        elif value and name in ROLES:
            answers = {f: v for f, v in answers.items() if v != value or f not in ROLES}
        answers[name] = value
        self.answers[source_id] = answers
        if asked:
            self.asked.setdefault(source_id, []).append(name)

    def forget(self, source_id: str) -> None:
        """Drop what she said of a file: its questions are asked anew."""
        self.answers[source_id] = {}  # not what the folder still has of it
        self.asked.pop(source_id, None)

    def take(self, ws: Any, uploads: Sequence[Any]) -> bool:
        """Bring dropped files into the workspace's folder, where they wait; whether any came."""
        for upload in uploads:
            source_id = ws.waiting.add(upload.getbuffer(), upload.name)
            if self.done.pop(source_id, None):  # dropped once more: another sheet may be meant
                self.answers.pop(source_id, None)
                self.asked.pop(source_id, None)
            self.unread.discard(source_id)
        self.dropped += bool(uploads)
        return bool(uploads)

    def waiting(self, ws: Any) -> list[Source]:
        """The files that wait in the workspace's folder, with what was said of them."""
        found = []
        for waiter in ws.waiting.files():
            if waiter.id not in self.answers:
                self.answers[waiter.id] = dict(waiter.told.get("answers", {}))
                self.asked[waiter.id] = list(waiter.told.get("asked", ()))
            source = Source(waiter.id, waiter.name, waiter.size, waiter.path)
            told = {"answers": self.told(source), "asked": self.asked.get(waiter.id, [])}
            if told != waiter.told:
                ws.waiting.tell(waiter.id, told)
            found.append(source)
        return found

    def put_away(self, ws: Any, source: Source) -> None:
        """Take a file off the desk; one that waits is deleted from the workspace's folder."""
        if source.waits:
            ws.waiting.remove(source.id)
        for kept in (self.done, self.reports, self.answers, self.asked):
            kept.pop(source.id, None)
        self.unread.discard(source.id)

    def line_up(self, ids: list[str]) -> None:
        """Take these files into the store, in this order."""
        self.queue, self.stopped, self.finished = list(ids), None, 0


def desk(ws: Any) -> Desk:
    """The desk of the open workspace; turning to another one clears it."""
    kept = st.session_state.get(_KEY)
    if kept is None or kept.workspace != str(ws.path):
        kept = st.session_state[_KEY] = Desk(str(ws.path))
    return kept
