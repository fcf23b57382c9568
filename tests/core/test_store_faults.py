"""Disk, file and memory fail: the state before, a plain sentence, and life after.

Killed processes are in test_store_killed.py, hostile archives in test_store_archive.py.
"""

from __future__ import annotations

import os
import random
import shutil
import sys

import duckdb
import pytest

from omni_core import Workspace, backups
from omni_core.errors import (
    DiskFull,
    FolderNotWritable,
    OutOfMemory,
    StoreDamaged,
    StoreInUse,
    TracesLeft,
)
from omni_core.store import database, rollups, schema
from tests.core.store_faults import in_child, log, orders, plain, unprivileged, works
from tests.core.store_state import answers

# the disk -----------------------------------------------------------------------------------------
FULL = """
import resource, signal, sys
from pathlib import Path
from omni_core import OmniError, Workspace
from tests.core.store_faults import log, orders, plain, state, works
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
ws = Workspace.open(sys.argv[1], timezone="UTC")
ws.import_file(data=log(3000), name="a.csv")
ws.import_file(data=orders(60), name="o.csv")
kept = ws.backups.make()
before = state(ws)
big = log(60_000, 3)
def tried(deed, size):
    room(size)
    try:
        found = deed()
        code = getattr(found, "code", None)
        if code: plain(found)
    except OmniError as error:
        plain(error)
        code = error.code
    summary = ws.query("summary")  # it answers while the disk is still full
    room(-1)
    return code
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")


@posix
def test_a_full_disk_refuses_the_import_wherever_it_strikes(tmp_path):
    in_child(FULL + """
for size in (10_000, 1_000_000, len(big) + 1000, len(big) + 1_000_000):
    assert tried(lambda: ws.import_file(data=big, name="b.csv"), size) == "disk_full", size
    assert state(ws) == before
works(ws)
assert ws.import_file(data=big, name="b.csv").status == "imported"
""", tmp_path)


@posix
def test_a_full_disk_at_a_backup_or_a_restore_changes_nothing(tmp_path):
    in_child(FULL + """
for size in (100, 20_000):
    assert tried(ws.backups.make, size) == "disk_full"
for size in (100, 20_000, 200_000, 700_000):
    assert tried(lambda: ws.backups.restore(kept), size) == "disk_full", size
    assert state(ws) == before
    assert not list(ws._database.staging.iterdir()), size
assert [p for p in kept.parent.iterdir()] == [kept]
works(ws)
""", tmp_path)


@posix
def test_a_full_disk_after_a_forgetting_says_that_traces_are_left_and_wipes_them_later(tmp_path):
    in_child(FULL + """
ws.close()
ws = Workspace.open(sys.argv[1])  # its log is in the file now
assert tried(lambda: ws.people.forget("b3"), 200_000) == "traces_left"
assert not kept.exists()
assert "b3" not in str(ws.query("shopper_names").values.tolist())
ws.close()
with Workspace.open(sys.argv[1]) as ws:
    assert ws.backups.listing().why.tolist() == ["after-forgetting"]
    assert b"b3@" not in Path(sys.argv[1], "omni.duckdb").read_bytes()
    works(ws)
""", tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_a_folder_that_cannot_be_written_is_named():
    with unprivileged() as folder:
        shut = folder / "shut"
        shut.mkdir(mode=0o500)
        with pytest.raises(FolderNotWritable) as error:
            Workspace.open(shut / "shop")
        plain(error.value)
        with Workspace.open(folder / "shop", timezone="UTC") as ws:
            ws.import_file(data=log(50), name="a.csv")
            before = ws.query("summary")
            for path in (ws._database.staging, ws.path):
                path.chmod(0o500)
            r = ws.import_file(data=log(60, 1), name="b.csv")
            assert (r.status, r.code) == ("refused", "folder_not_writable")
            plain(r)
            with pytest.raises(FolderNotWritable) as error:
                ws.backups.make()
            plain(error.value)
            assert ws.query("summary").equals(before)
            for path in (ws.path, ws._database.staging):
                path.chmod(0o700)
            works(ws)
        (folder / "shop" / "omni.duckdb").chmod(0o400)
        with pytest.raises(FolderNotWritable) as error:
            Workspace.open(folder / "shop")
        plain(error.value)


def test_a_staging_folder_that_vanishes_is_made_again(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=log(50), name="a.csv")
        before = ws.query("summary")
        shutil.rmtree(ws._database.staging)
        works(ws)
        shutil.rmtree(ws._database.staging)
        kept = ws.backups.make()
        shutil.rmtree(ws._database.staging)
        ws.backups.restore(kept)
        assert ws.query("summary").equals(before)

        def vanish(share):  # between the reading of the file and its rows
            if share >= 0.1:
                shutil.rmtree(ws._database.staging, ignore_errors=True)

        r = ws.import_file(data=log(300, 1), name="b.csv", progress=vanish)
        assert (r.status, r.code) == ("refused", "folder_not_writable")
        plain(r)
        assert ws.query("summary").equals(before)
        works(ws)


# the file -----------------------------------------------------------------------------------------
def damaged(data: bytes, r: random.Random) -> bytes:
    place = r.randrange(len(data))
    if r.random() < 0.3:
        return data[:place]
    flipped = bytearray(data)
    flipped[place] ^= 1 << r.randrange(8)
    return bytes(flipped)


def test_a_flipped_or_cut_store_is_called_damaged_and_never_counts_wrong(tmp_path):
    whole = tmp_path / "whole"
    with Workspace.open(whole, timezone="UTC") as ws:
        ws.import_file(data=log(5000), name="a.csv")
        ws.import_file(data=orders(200), name="o.csv")
        right = answers(ws)
    data, told = (whole / "omni.duckdb").read_bytes(), 0
    for turn in range(24):
        folder = tmp_path / f"t{turn}"
        folder.mkdir()
        (folder / "omni.duckdb").write_bytes(damaged(data, random.Random(turn)))
        try:
            with Workspace.open(folder) as ws:
                for name, frame in answers(ws).items():
                    assert frame.equals(right[name])
        except StoreDamaged as error:
            plain(error)
            told += 1
        shutil.rmtree(folder)
    assert told > 8  # the rest hit places that nothing reads


def test_a_torn_log_brings_the_state_before_or_is_called_damaged(tmp_path):
    shop, r = tmp_path / "shop", random.Random(3)
    with Workspace.open(shop, timezone="UTC") as ws:
        ws.import_file(data=log(60), name="a.csv")
        for path in shop.glob("omni.duckdb*"):
            shutil.copy(path, tmp_path)
    data = (tmp_path / "omni.duckdb.wal").read_bytes()
    for turn in range(16):
        folder = tmp_path / f"t{turn}"
        folder.mkdir()
        shutil.copy(tmp_path / "omni.duckdb", folder)
        (folder / "omni.duckdb.wal").write_bytes(damaged(data, r))
        try:
            with Workspace.open(folder) as ws:
                assert (60 if len(ws.imports()) else 0) == ws.query("summary").events[0]
        except StoreDamaged as error:
            plain(error)


def test_a_damaged_store_is_set_aside_and_a_backup_takes_its_place(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=log(50), name="a.csv")
        before = ws.query("summary")
        kept = ws.backups.make()
    store = tmp_path / "omni.duckdb"
    store.write_bytes(b"bad" * 4000)
    with pytest.raises(StoreDamaged) as error:
        Workspace.open(tmp_path)
    plain(error.value)
    assert backups.archives(tmp_path / "backups") == [kept]
    backups.unpack(kept, tmp_path)
    with Workspace.open(tmp_path) as ws:
        assert ws.query("summary").equals(before)
        with pytest.raises(StoreInUse):
            backups.unpack(kept, tmp_path)
    assert [p.read_bytes() for p in tmp_path.glob("damaged-*")] == [b"bad" * 4000]


def test_another_database_is_no_store(tmp_path):
    for turn, sql in enumerate((
            "CREATE TABLE hers (a INTEGER)", "CREATE TABLE meta (a INTEGER)",
            "CREATE TABLE meta (name VARCHAR, value VARCHAR)",
            "CREATE TABLE meta AS SELECT 'schema_version' AS name, 'two' AS value")):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with duckdb.connect(str(folder / "omni.duckdb")) as other:
            other.execute(sql)
        with pytest.raises(StoreDamaged):
            Workspace.open(folder)


# versions -----------------------------------------------------------------------------------------
def make_version_1(folder) -> dict:
    """A store as version 1 left it: its tables, its key in a file; returns its answers."""
    with Workspace.open(folder, timezone="UTC") as ws:
        ws.import_file(data=log(300), name="a.csv")
        ws.import_file(data=orders(40), name="o.csv", answers={"personal": "drop"})
        told = answers(ws)
    with duckdb.connect(str(folder / "omni.duckdb")) as c:
        for (view,) in c.execute(
                "SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            c.execute(f"DROP VIEW {view}")
        for table in ("identity_links", "identity_rules", "identity_choices", "contacts",
                      "forgotten", "merged_ids"):
            c.execute(f"DROP TABLE {table}")
        c.execute("UPDATE meta SET value = '1' WHERE name = 'schema_version'")
        c.execute("DELETE FROM meta WHERE name IN ('key', 'small_cells')")
    (folder / "key").write_bytes(bytes(range(32)))
    return told


def test_a_store_of_version_1_is_backed_up_and_brought_along(tmp_path):
    told = make_version_1(tmp_path)
    with Workspace.open(tmp_path) as ws:
        for name, frame in answers(ws).items():
            assert frame.equals(told[name]), name
        assert ws._meta("key") == bytes(range(32)).hex() and not (tmp_path / "key").exists()
        assert ws._meta("schema_version") == str(schema.newest())
        assert ws.backups.listing().why.tolist() == ["before-update"]
        (old,) = ws.backups.listing().path
        ws.backups.restore(old)  # of version 1 too
        assert ws._meta("key") == bytes(range(32)).hex()
        assert answers(ws)["summary"].equals(told["summary"])
        works(ws)


def test_an_update_that_fails_leaves_the_old_version(tmp_path, monkeypatch):
    make_version_1(tmp_path)
    with monkeypatch.context() as patch:
        def fails(cursor):
            raise OutOfMemory()
        patch.setattr(rollups, "rebuild", fails)
        with pytest.raises(OutOfMemory):
            Workspace.open(tmp_path)
    with duckdb.connect(str(tmp_path / "omni.duckdb")) as c:
        assert c.execute("SELECT value FROM meta WHERE name = 'schema_version'").fetchall() == [
            ("1",)]
    with Workspace.open(tmp_path) as ws:
        works(ws)


# memory and clock ---------------------------------------------------------------------------------
@pytest.mark.parametrize("limit", ["8MB", "12MB"])  # at the reading, at the writing
def test_too_little_memory_is_said_and_passes(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(database, "MEMORY_LIMIT", limit)
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        r = ws.import_file(data=log(150_000), name="a.csv")
        assert (r.status, r.code) == ("refused", "out_of_memory")
        plain(r)
        assert ws.query("summary").events[0] == 0
    monkeypatch.undo()
    with Workspace.open(tmp_path) as ws:
        works(ws)


def test_a_clock_that_jumps_back_loses_no_order_and_no_backup(tmp_path, monkeypatch):
    real = backups.dt.datetime

    def at(day):
        return type("Clock", (real,), {"now": classmethod(
            lambda cls, zone=None: real(2026, 5, day, 9, 0, tzinfo=zone))})

    with Workspace.open(tmp_path, timezone="UTC") as ws:
        for n, day in enumerate((20, 21, 22, 23, 24, 3, 4)):
            monkeypatch.setattr(backups.dt, "datetime", at(day))
            ws.import_file(data=orders(3, 1, "paid" if n < 6 else "cancelled") + b"\n" * n,
                           name=f"{n}.csv")
            made = ws.backups.daily()
            assert made is not None and made.exists()
            assert ws.backups.daily() is None
        assert len(ws.backups.listing()) == 5
        assert ws.imports().file_name[0] == "6.csv"  # by order of arrival, not by the clock
        assert ws.query("summary").orders[0] == 0  # and the last one to arrive is what counts
        (ws.backups.folder / "20269999-1-2-hers.omni").write_bytes(b"")
        assert len(ws.backups.listing()) == 5


def test_each_fault_has_a_sentence_in_both_languages():
    for error in (DiskFull(folder="/d"), OutOfMemory(), StoreInUse(), TracesLeft(reason="x"),
                  FolderNotWritable(folder="/d"), StoreDamaged(name="x")):
        plain(error)
