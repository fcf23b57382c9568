"""Any order of imports, undos, joins, forgettings, backups and restores: the answers are right."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from hypothesis.stateful import run_state_machine_as_test as run

from omni_core import Workspace
from omni_core.store import archive, refresh
from tests.core.store_faults import child, state
from tests.core.store_model import TABLES, Import, Model, text

USERS, ITEMS = [f"u{n}" for n in range(4)], [f"p{n}" for n in range(2)]
ROWS = {
    "log": st.tuples(st.sampled_from(USERS), st.sampled_from(ITEMS),
                     st.sampled_from(["view", "cart"]), st.integers(0, 3)).map(
        # the channel follows from the rest: the same event is the same in each export
        lambda r: (*r, ("app", "web")[r[3] % 2])),
    "lines": st.tuples(st.integers(1, 4), st.sampled_from(ITEMS)),
    "heads": st.tuples(st.integers(1, 4), st.sampled_from(["paid", "cancelled", "unpaid"]),
                       st.integers(1, 90)),
    "people": st.tuples(st.sampled_from(USERS), st.sampled_from([None, 16, 22, 30, 44, 70])),
}
# what was decided stays when all imports are taken out
KEPT = {"identity_rules", "identity_choices", "forgotten", "artefacts"}
FILES = st.sampled_from(sorted(ROWS)).flatmap(lambda kind: st.tuples(
    st.just(kind), st.lists(ROWS[kind], min_size=2, max_size=8)))


@cache
def room() -> Path:
    """Where the shops lie: in memory where that can be, for nothing here depends on a disk."""
    memory = Path("/dev/shm")
    made = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    with Workspace.open(made / "empty", timezone="UTC"):
        return made


class Shop(RuleBasedStateMachine):
    """A workspace beside the model of it, compared when rows go and at the end."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=room()))
        shutil.copytree(room() / "empty", self.folder / "shop")
        self.ws = Workspace.open(self.folder / "shop")
        self.model = Model()
        self.kept: list[tuple[Path, Model, dict]] = []
        self.before = refresh.SMALL, refresh._LARGEST_SHARE

    @initialize(files=st.lists(FILES, min_size=1, max_size=2),
                largest=st.sampled_from([None, float("inf"), 0]))
    def begin(self, files, largest):
        """Let changes be counted by parts, or anew with what was before kept for an undo."""
        if largest is not None:  # else anew, as in any small shop
            refresh.SMALL, refresh._LARGEST_SHARE = 0, largest
        for file in files:
            self.take(file)

    def teardown(self):
        try:
            self.end()
        finally:
            refresh.SMALL, refresh._LARGEST_SHARE = self.before
            self.ws.close()
            shutil.rmtree(self.folder)

    def end(self):
        """Whatever came before: the answers are right, then every import taken out again."""
        state(self.ws)
        self.compare()
        if self.kept:
            self.bring_back(0)
        for number in sorted(self.model.imports):
            self.ws.undo(number)
            del self.model.imports[number]
            if self.model.imports:
                self.compare()
        left = {name: rows for name, (rows, _hash) in self.hashes().items() if rows}
        assert not set(left) - KEPT, left

    def hashes(self):
        with self.ws._database.cursor() as cursor:
            return archive.hashes(cursor)

    @rule(file=FILES)
    def take(self, file):
        kind, rows = file
        if kind == "heads":  # one header an order in a file
            rows = list({r[0]: r for r in rows}.values())
        r = self.ws.import_file(data=text(kind, rows), name="f.csv", answers={
            "table": TABLES[kind], "personal": "key"})
        if r.status == "already_imported":
            assert r.import_id in self.model.imports
            return
        assert r.status == "imported", (r.code, r.questions)
        kept = [row for row in rows if self.model.lets_in(kind, row)]
        assert r.exclusions.get("forgotten", 0) == len(rows) - len(kept)
        self.model.imports[r.import_id] = Import(kind, kept)

    # where a command has nothing to work on, one that gives it something stands in for it: a
    # precondition would have whole histories thrown away for want of a command that is allowed
    @rule(data=st.data())
    def undo(self, data):
        if not self.model.imports:
            return self.take(data.draw(FILES))
        number = data.draw(st.sampled_from(sorted(self.model.imports)))
        self.ws.undo(number)
        del self.model.imports[number]
        self.compare()

    @rule(kind=st.sampled_from(["email", "phone"]), is_on=st.booleans())
    def set_rule(self, kind, is_on):
        self.ws.people.set_rule(kind, is_on)
        (self.model.rules.add if is_on else self.model.rules.discard)(kind)

    @rule(data=st.data(), parts=st.booleans())
    def choose(self, data, parts):
        if len(self.model.ids()) < 2:
            return self.take(data.draw(FILES))
        one, other = data.draw(st.lists(st.sampled_from(sorted(self.model.ids())), min_size=2,
                                        max_size=2, unique=True))
        number = self.ws.people.part(one) if parts else self.ws.people.join(one, other)
        self.model.choices[number] = (one, None if parts else other)

    @rule(data=st.data())
    def take_back(self, data):
        if not self.model.choices:
            return self.choose(data, data.draw(st.booleans()))
        number = data.draw(st.sampled_from(sorted(self.model.choices)))
        self.ws.people.take_back(number)
        del self.model.choices[number]

    @rule(data=st.data())
    def forget(self, data):
        if not self.model.ids():
            return self.take(data.draw(FILES))
        user = data.draw(st.sampled_from(sorted(self.model.ids())))
        self.ws.people.forget(user)
        self.model.forget(user)
        self.compare()

    @rule()
    def back_up(self):
        path = self.ws.backups.make(self.folder / f"{len(self.kept)}.omni")
        self.kept.append((path, self.model.copy(), self.hashes()))

    @rule(data=st.data())
    def restore(self, data):
        if not self.kept:
            return self.undo(data)
        self.bring_back(data.draw(st.integers(0, len(self.kept) - 1)))

    def bring_back(self, which):
        path, then, hashes = self.kept[which]
        self.ws.backups.restore(path)
        now, self.model = self.model, then.copy()
        if now.gone_users == then.gone_users:
            assert self.hashes() == hashes
        for user in sorted(now.gone_users - then.gone_users):  # who was forgotten stays so
            if user in self.model.ids():
                self.model.forget(user)
        for gone in ("gone_users", "gone_orders", "gone_emails"):
            setattr(self.model, gone, getattr(self.model, gone) | getattr(now, gone))
        if now.gone_users != then.gone_users:
            self.compare()

    @rule()
    def reopen(self):
        self.ws.close()
        self.ws = Workspace.open(self.folder / "shop")

    def compare(self):
        ask, told = self.ws.query, self.model.answers()
        row = ask("summary").iloc[0]
        found = {"summary": [row.shoppers, row.buyers, row.events, row.orders, row.revenue]}
        for name, columns in (
                ("age_histogram", ["band", "shoppers"]), ("browsing_counts", ["views", "shoppers"]),
                ("top_products", ["item", "views", "carts", "purchases", "revenue"]),
                ("channels", ["channel", "shoppers", "revenue"]),
                ("hour_by_weekday", ["weekday", "hour", "events"])):
            found[name] = sorted(ask(name)[columns].round(4).itertuples(index=False, name=None))
        found["funnel"] = list(ask("funnel")[["step", "shoppers"]].itertuples(
            index=False, name=None))
        found["shoppers"] = sorted(ask("shoppers", search=None)[
            ["events", "purchases"]].itertuples(index=False, name=None))
        for name in told:
            assert found[name] == told[name], name


def machine(runs: int, steps: int, first: int = 0) -> None:
    """Go through so many histories; ``first`` chooses which."""
    run(seed(first)(Shop), settings=settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck)))


def test_any_short_history():
    """Half of them in a process beside this one: each is one small statement after another."""
    beside = child("from tests.core.test_store_machine import machine; machine(50, 3, 1)")
    try:
        machine(50, 3)
        said = beside.communicate(timeout=300)[1]
    finally:
        beside.kill()
    assert beside.returncode == 0, said


@pytest.mark.slow
def test_any_history():
    machine(100, 12)


@pytest.mark.slow
def test_any_long_history():
    machine(10_000, 20)
