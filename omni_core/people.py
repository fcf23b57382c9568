"""Who is one person, whose address is kept, and who is forgotten: ``Workspace.people``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import pandas as pd

from omni_core.backups import Backups
from omni_core.errors import OmniError, TracesLeft
from omni_core.store import forget as forgetting
from omni_core.store import identity, refresh, wiping
from omni_core.store.database import Database
from omni_core.store.forget import Forgotten
from omni_core.waiting import Waiting


class People:
    """The people behind the ids of one workspace. Every change is one transaction."""

    def __init__(self, database: Database, backups: Backups) -> None:
        self._database, self._backups = database, backups

    # one person, several ids ---------------------------------------------------------------------
    def rules(self) -> pd.DataFrame:
        """Return each rule: kind, is_on, ids (that it ties), people (those they are), conflicts."""
        with self._database.cursor() as cursor:
            return identity.rules(cursor)

    def counted_twice(self) -> int:
        """Return how many ids the rules that are off would join to another one."""
        with self._database.cursor() as cursor:
            return identity.still_apart(cursor)

    def set_rule(self, kind: str, is_on: bool) -> None:
        """Switch a rule ("email", "phone", "id_number", "member") on or off."""
        with self._database.transaction() as cursor:
            identity.set_rule(cursor, kind, is_on)
            _join_anew(cursor)

    def named(self, text: str) -> tuple[str, ...]:
        """Return the ids of those who have an address, phone, ID or member number, as typed.

        The files' addresses lie here as codes only, so a part of one can't be found.
        """
        if not text.strip():  # a page asks on each run, mostly for nothing
            return ()
        with self._database.cursor() as cursor:
            return identity.named(cursor, text)

    def conflicts(self) -> pd.DataFrame:
        """Return ids that a code ties though they look like several people: kind, reason, users."""
        with self._database.cursor() as cursor:
            return identity.conflicts(cursor)

    def identities(self) -> pd.DataFrame:
        """Return the ids that another stands for: id, user, rule."""
        with self._database.cursor() as cursor:
            return identity.identities(cursor)

    def choices(self) -> pd.DataFrame:
        """Return what was decided by hand, newest first: choice_id, id, other, joined, made_at."""
        with self._database.cursor() as cursor:
            return identity.choices(cursor)

    def join(self, user: str, other: str) -> int:
        """Say that two ids are one person; returns the number to ``take_back``.

        The id that came first stands for both. Raises ``UnknownId``, ``BadParameter``.
        """
        return self._choose(user, other, True)

    def part(self, user: str) -> int:
        """Say that an id is nobody else's, whatever the rules find; returns its number."""
        return self._choose(user, None, False)

    def take_back(self, choice_id: int) -> None:
        """Undo a decision made by hand. Raises ``UnknownName``."""
        with self._database.transaction() as cursor:
            identity.take_back(cursor, choice_id)
            _join_anew(cursor)

    def _choose(self, user: str, other: str | None, joined: bool) -> int:
        with self._database.transaction() as cursor:
            number = identity.choose(cursor, user, other, joined)
            _join_anew(cursor)
        return number

    # addresses -----------------------------------------------------------------------------------
    def contacts(self, users: Sequence[str]) -> pd.DataFrame:
        """Return the addresses kept of these shoppers: user, kind, value. For an audience only."""
        with self._database.cursor() as cursor:
            return cursor.execute(
                """SELECT DISTINCT s.user_id AS "user", c.kind, c.value FROM contacts c
                LEFT JOIN merged_ids m ON m.id_key = c.user_key
                JOIN shopper_ids s ON s.user_key = coalesce(m.user_key, c.user_key)
                WHERE s.user_id IN (SELECT unnest($users::VARCHAR[])) AND c.value IS NOT NULL
                ORDER BY "user", c.kind, c.value""", {"users": [str(u) for u in users]}).df()

    def kept_contacts(self) -> pd.DataFrame:
        """Return how many addresses of which kind are kept: kind, addresses, people."""
        with self._database.cursor() as cursor:
            return cursor.execute(
                """SELECT kind, count(DISTINCT value) AS addresses,
                count(DISTINCT user_key) AS people
                FROM contacts GROUP BY kind ORDER BY kind""").df()

    def drop_contacts(self) -> None:
        """Delete every address that was kept, from the file too."""
        with self._database.transaction() as cursor:
            cursor.execute("DELETE FROM contacts")
            wiping.leave_to_do(cursor, "file")
        self.finish()

    # forgetting ----------------------------------------------------------------------------------
    def would_forget(self, user: str) -> Forgotten:
        """Return what ``forget`` would delete. Raises ``UnknownId``."""
        with self._database.cursor() as cursor:
            return forgetting.preview(cursor, user)

    def forget(self, user: str) -> tuple[Forgotten, Path]:
        """Delete a customer with all her ids, orders, links, addresses and places in saved lists.

        Older backups hold her, so they are deleted and one is made anew, whose path is returned
        with the counts; files that wait to be imported are deleted too. Rows of hers in later files
        are left out. Raises ``UnknownId``, and ``TracesLeft`` where she is deleted but the old rows
        could not be wiped out of the file yet.
        """
        with self._database.transaction() as cursor:
            done, change, words = forgetting.forget(cursor, user)
            refresh.refresh(cursor, change)
            wiping.leave_to_do(cursor, "backups")
        made = self.finish(words)
        assert made is not None
        return done, made

    def finish(self, words: Collection[str] = ()) -> Path | None:
        """Wipe what was deleted out of the file and the backups, if that is still to do.

        ``words`` must not be found in the file. Returns the backup made anew. Called when a
        workspace is opened: a full disk or a crash may have come between. Raises ``TracesLeft``.
        """
        if self._to_wipe() is None:  # asked without the lock: an import holds it for minutes
            return None
        with self._database.write_lock:
            what = self._to_wipe()
            if what is None:  # another session was faster
                return None
            try:
                if what == "backups":
                    self._backups.delete_all()
                    Waiting(self._database.path.parent).clear()
                wiping.write_anew(self._database, words)
                # cut off before it is noted as done, all this is done again
                made = self._backups.make(why="after-forgetting") if what == "backups" else None
                with self._database.transaction() as cursor:
                    wiping.is_done(cursor)
                return made
            except (OmniError, OSError) as error:
                raise TracesLeft(reason=str(error)) from error

    def _to_wipe(self) -> str | None:
        with self._database.cursor() as cursor:
            return wiping.to_do(cursor)


def _join_anew(cursor: duckdb.DuckDBPyConnection) -> None:
    """Let what was decided about ids take effect; no row came or went."""
    refresh.refresh(cursor, refresh.begin(cursor))
