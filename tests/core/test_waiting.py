"""Files that wait to be imported: found again, gone in time, and nowhere after a forgetting."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from omni_core import Workspace, waiting
from omni_core.errors import DiskFull

DATA = b"user,item,time\nanna@x.com,p,2026-03-01 10:00:00\n"


def test_a_file_waits_under_a_name_of_ours_with_what_was_said_of_it(tmp_path):
    with Workspace.open(tmp_path) as ws:
        key = ws.waiting.add(DATA, "../../x.csv")
        assert ws.waiting.add(DATA, "../../x.csv") == key != ws.waiting.add(DATA, "b.csv")
        ws.waiting.tell(key, {"answers": {"date_order": "day first"}})
    with Workspace.open(tmp_path) as ws:  # another day's session
        first, second = ws.waiting.files()
        assert (first.name, first.size, second.name) == ("../../x.csv", len(DATA), "b.csv")
        assert first.told == {"answers": {"date_order": "day first"}}
        assert first.path.parent == tmp_path / "waiting" and first.path.read_bytes() == DATA
        ws.waiting.remove(key)
        assert [f.name for f in ws.waiting.files()] == ["b.csv"]
    assert not (tmp_path.parent / "x.csv").exists()


def test_what_waits_too_long_goes_when_the_workspace_is_opened(tmp_path):
    with Workspace.open(tmp_path) as ws:
        ws.waiting.add(DATA, "a.csv")
        old = time.time() - waiting.HOURS * 3600 - 60
        for path in (tmp_path / "waiting").iterdir():
            os.utime(path, (old, old))
        ws.waiting.add(DATA, "b.csv")
    with Workspace.open(tmp_path) as ws:
        assert [f.name for f in ws.waiting.files()] == ["b.csv"]
    assert len(list((tmp_path / "waiting").iterdir())) == 2


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    with Workspace.open(tmp_path) as ws:
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(DiskFull):
            ws.waiting.add(DATA, "a.csv")
        assert ws.waiting.files() == () and list((tmp_path / "waiting").iterdir()) == []
        monkeypatch.undo()
        ws.waiting.add(DATA, "a.csv")
        monkeypatch.setattr(Path, "write_bytes", full)  # dropped once more, it waits already
        assert ws.waiting.add(DATA, "a.csv") == ws.waiting.files()[0].id


def test_forgetting_a_customer_deletes_the_files_that_wait(tmp_path):
    with Workspace.open(tmp_path) as ws:
        ws.import_file(data=b"user,item,time\nu1,p,2026-03-01\n", name="x.csv")
        ws.waiting.add(DATA, "a.csv")
        ws.people.forget("u1")
        assert ws.waiting.files() == ()
    assert not any(b"anna@x.com" in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
