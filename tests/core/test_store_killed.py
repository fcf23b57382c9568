"""Killed, replaced, shared: what a store goes through while others use it."""

from __future__ import annotations

import os
import random
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from omni_core import Workspace
from omni_core.errors import StoreDamaged, StoreInUse
from omni_core.store import archive, files
from tests.core.store_faults import child, in_child, log, orders, plain, state, works
from tests.core.store_state import answers

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
STARTED = """
import sys
from pathlib import Path
from omni_core import Workspace
ws = Workspace.open(sys.argv[1])
print("ready", flush=True)
"""
DEEDS = {
    "import": "ws.import_file(sys.argv[2])",
    "undo": "ws.undo(1)",
    "forget": "ws.people.forget('b3')",
    "restore": "ws.backups.restore(Path(sys.argv[2]))",
}


def kill_in(deed: str, folder: Path, argument: Path, delay: float) -> None:
    running = child(STARTED + DEEDS[deed] + "\nws.close()", folder, argument)
    try:
        assert running.stdout.readline() == "ready\n", running.stderr.read()
        time.sleep(delay)
    finally:
        running.kill()
        running.communicate()


def survive_kills(tmp_path: Path, deed: str, times: int, longest: float) -> None:
    """Kill a deed at random moments; the store is then as before it or as after it."""
    r = random.Random(deed)
    shop = tmp_path / "shop"
    with Workspace.open(shop, timezone="UTC") as ws:
        for name, data in (("a.csv", log(2000)), ("o.csv", orders(60))):
            assert ws.import_file(data=data, name=name).status == "imported"
        ws.people.set_rule("email", True)
        argument = ws.backups.make(tmp_path / "old.omni")
        ws.import_file(data=orders(30, 50, "cancelled"), name="o2.csv")
        if deed == "import":
            argument = tmp_path / "more.csv"
            argument.write_bytes(log(20_000, 5))
        old = answers(ws)
    after = tmp_path / "after"
    shutil.copytree(shop, after)
    in_child(STARTED + DEEDS[deed] + "\nws.close()", after, argument)
    with Workspace.open(after) as ws:
        new = answers(ws)
    for turn in range(times):
        again = tmp_path / f"turn{turn}"
        shutil.copytree(shop, again)
        kill_in(deed, again, argument, r.random() * longest)
        with Workspace.open(again) as ws:
            state(ws)
            found = answers(ws)
            is_old, is_new = (all(f.equals(other[n]) for n, f in found.items())
                              for other in (old, new))
            assert is_old or is_new, f"neither old nor new at turn {turn}"
            assert not list(ws._database.staging.iterdir())
            assert not list(again.glob("*.before*"))
            if deed == "forget" and is_new:
                assert b"b3@" not in (again / "omni.duckdb").read_bytes()
                assert ws.backups.listing().why.tolist() == ["after-forgetting"]
            if deed == "import":
                r2 = ws.import_file(argument)
                assert r2.status == ("already_imported" if is_new else "imported")
                assert answers(ws)["summary"].equals(new["summary"])
        shutil.rmtree(again)


@posix
@pytest.mark.parametrize("deed, times", [("import", 3), ("forget", 1), ("restore", 1)])
def test_killed_at_any_moment_it_is_the_old_state_or_the_new(tmp_path, deed, times):
    survive_kills(tmp_path, deed, times, 0.7)


@posix
@pytest.mark.slow
@pytest.mark.parametrize("deed, times", [("import", 100), ("undo", 25), ("forget", 40),
                                         ("restore", 40)])
def test_killed_at_a_hundred_moments(tmp_path, deed, times):
    survive_kills(tmp_path, deed, times, 1.0)


@pytest.mark.parametrize("done", range(6))
@pytest.mark.parametrize("with_log", [False, True])
def test_a_replacement_cut_off_after_each_step_leaves_one_whole_store(tmp_path, done, with_log):
    shop, copy = tmp_path / "shop", tmp_path / "copy"
    with Workspace.open(shop, timezone="UTC") as ws:
        ws.import_file(data=log(50), name="a.csv")
        old = ws.query("summary")
        kept = ws.backups.make(tmp_path / "k.omni")
        ws.import_file(data=log(70, 1), name="b.csv")
        new = ws.query("summary")
        shutil.copytree(shop, copy)
    fresh = shop / "staging" / "fresh.duckdb"
    archive.read_archive(kept, shop / "staging", fresh, lambda _: None)
    path = shop / "omni.duckdb"
    aside = path.with_suffix(".before")
    if with_log:  # what a close could not write into the file is in its log
        for part in copy.glob("omni.duckdb*"):
            shutil.copy(part, shop)
        assert files.log_of(path).exists()
    steps = [lambda: os.replace(path, aside),
             lambda: files.log_of(path).exists() and os.replace(
                 files.log_of(path), files.log_of(aside)),
             lambda: os.replace(fresh, path),
             lambda: files.log_of(aside).unlink(missing_ok=True), aside.unlink]
    for step in steps[:done]:  # as Database.replace and files do them
        step()
    with Workspace.open(shop) as ws:
        assert ws.query("summary").equals(old if done > 2 else new)
        assert not list(shop.glob("*.before*")) and not list((shop / "staging").iterdir())
        state(ws)
        works(ws)


def test_a_fresh_store_that_cannot_be_opened_gives_way_to_the_old_one(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=log(50), name="a.csv")
        before = ws.query("summary")
        broken = ws._database.staging / "broken.duckdb"
        broken.write_bytes(b"no store at all" * 1000)
        with pytest.raises(StoreDamaged) as error:
            ws._database.replace(broken)
        plain(error.value)
        assert ws.query("summary").equals(before)
        works(ws)
    # the same, found only at the next start
    os.replace(tmp_path / "omni.duckdb", tmp_path / "omni.before")
    (tmp_path / "omni.duckdb").write_bytes(b"torn" * 5000)
    with Workspace.open(tmp_path) as ws:
        assert ws.query("summary").equals(before)


# several at once ----------------------------------------------------------------------------------
def test_two_sessions_import_different_files_at_once(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws, ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(
            lambda n: ws.import_file(data=log(400, n), name=f"{n}.csv"), range(4)))
        assert {r.status for r in reports} == {"imported"}
        assert len({r.import_id for r in reports}) == 4
        state(ws)
        assert ws.query("summary").events[0] == sum(r.accepted for r in reports)


def test_two_sessions_import_the_same_file_at_once_and_it_is_in_once(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws, ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(
            lambda n: ws.import_file(data=log(400), name=f"{n}.csv"), range(3)))
        assert sorted(r.status for r in reports) == ["already_imported"] * 2 + ["imported"]
        assert len(ws.imports()) == 1 and ws.query("summary").events[0] == 400
        plain(next(r for r in reports if r.status == "already_imported"))


def test_queries_go_on_while_the_store_is_changed_replaced_and_compacted(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws, ThreadPoolExecutor(3) as pool:
        a = ws.import_file(data=log(3000), name="a.csv").import_id
        kept = ws.backups.make(tmp_path / "kept.omni")
        ws.import_file(data=orders(50), name="o.csv")
        stop, seen = threading.Event(), set()

        def ask():
            while not stop.is_set():
                frame = ws.query("summary")
                seen.add((int(frame.events[0]), int(frame.orders[0])))
                assert ws.timezone == "UTC"

        asking = [pool.submit(ask) for _ in range(3)]
        for deed in (lambda: ws.undo(a), lambda: ws.backups.restore(kept), ws._database.compact,
                     lambda: ws.people.forget("u3"), lambda: ws.import_file(
                         data=orders(50), name="o.csv")):
            deed()
            time.sleep(0.05)
        stop.set()
        for one in asking:
            one.result(20)
        left = int(ws.query("summary").events[0]) - 50
        assert seen <= {(3050, 50), (50, 50), (3000, 0), (left, 0), (left + 50, 50)}


def test_after_a_fault_of_the_engine_readers_that_were_inside_don_t_wait_for_themselves(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws, ThreadPoolExecutor(2) as pool:
        ws.import_file(data=log(50), name="a.csv")
        inside, go = threading.Event(), threading.Event()

        def nested():
            with ws._database.cursor():
                inside.set()
                go.wait(10)
                return ws.timezone  # another cursor, from within

        one = pool.submit(nested)
        inside.wait(10)
        ws._database._dead = True
        other = pool.submit(lambda: ws.query("summary"))
        go.set()
        assert one.result(10) == "UTC" and other.result(10).events[0] == 50


def test_a_session_that_ends_does_not_close_the_store_under_an_import(tmp_path):
    first = Workspace.open(tmp_path, timezone="UTC")
    started, go = threading.Event(), threading.Event()

    def slowly(share):
        if share >= 0.6:
            started.set()
            go.wait(10)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first.import_file, data=log(500), name="a.csv", progress=slowly)
        started.wait(10)
        first.close()
        go.set()
        assert running.result(20).status == "imported"
    with Workspace.open(tmp_path) as ws:
        assert ws.query("summary").events[0] == 500


def test_a_second_program_leaves_an_import_s_files_alone(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        busy = ws._database.staging / "busy.csv"
        busy.write_text("x")
        out = in_child("import sys\nfrom omni_core import Workspace, OmniError\n"
                       "try: Workspace.open(sys.argv[1])\nexcept OmniError as e: print(e.code)",
                       tmp_path)
        assert out.strip() == StoreInUse.code and busy.exists()
