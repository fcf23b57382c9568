"""The command line's copies: backup, restore, forget, and a copy of what another program holds."""

from __future__ import annotations

import sys

import pytest

from omni_core import Workspace, home
from omni_core.cli import main
from tests.core.store_faults import child, orders


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def shop(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        assert ws.import_file(data=orders(14), name="o.csv").status == "imported"
    return tmp_path / "shop"


def placed(folder):
    with Workspace.open(folder) as ws:
        return int(ws.query("summary").orders[0])


def test_backup_undo_restore_and_a_damaged_store(shop, tmp_path, capsys):
    at = ["--workspace", str(shop)]
    assert main(["backup", *at]) == 0
    made = capsys.readouterr().out.strip()
    kept = str(tmp_path / "kept.omni")
    assert main(["backup", kept, *at]) == 0 and main(["undo", "1", *at]) == 0 and placed(shop) == 0
    capsys.readouterr()
    assert main(["restore", *at]) == 0
    assert capsys.readouterr().out.split() == [made]
    assert main(["restore", made, *at]) == 0 and placed(shop) == 14
    (shop / "omni.duckdb").write_bytes(b"no store " * 999)
    assert main(["query", "summary", *at]) == 1
    capsys.readouterr()
    assert main(["restore", kept, *at]) == 0 and placed(shop) == 14
    assert "set aside" in capsys.readouterr().out
    assert [p.read_bytes()[:8] for p in shop.glob("damaged-*.duckdb")] == [b"no store"]
    assert main(["restore", str(shop / "omni.duckdb"), *at]) == 1  # no backup: nothing changed
    assert "is not a backup" in capsys.readouterr().err and placed(shop) == 14
    # into a shop that isn't there yet, which the app then opens
    assert main(["restore", kept]) == 0
    assert placed(home.last_opened()) == 14


def test_forgetting_asks_first(shop, capsys):
    at = ["--workspace", str(shop)]
    assert main(["forget", "b3", *at]) == 1
    assert "2 orders" in capsys.readouterr().out and placed(shop) == 14
    assert main(["forget", "b3", "--yes", *at]) == 0 and placed(shop) == 12
    assert main(["forget", "b3", "--yes", *at]) == 1
    assert "b3" in capsys.readouterr().err


def test_a_held_workspace_is_asked_as_a_copy(shop, capsys, monkeypatch):
    holder = child("import sys\nfrom omni_core import Workspace\nws = Workspace.open(sys.argv[1])\n"
                   "print('ready', flush=True)\nimport time\ntime.sleep(600)", shop)
    try:
        assert holder.stdout.readline() == "ready\n"
        at = ["--workspace", str(shop)]
        assert main(["query", "summary", *at]) == 1
        said = capsys.readouterr()
        assert "--copy" in said.err and not said.out
        assert main(["query", "summary", "--copy", *at]) == 0
        assert ",14," in capsys.readouterr().out
        assert main(["backup", "--copy", *at]) == 0
        made = capsys.readouterr().out.strip()
        assert main(["undo", "1", *at]) == 1 and "--copy" not in capsys.readouterr().err
        # at a terminal it asks
        for stream in (sys.stdin, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)
        for answer, code in (("n\n", 1), ("y\n", 0)):
            monkeypatch.setattr(sys.stdin, "readline", lambda answer=answer: answer)
            assert main(["query", "summary", *at]) == code
            said = capsys.readouterr()
            assert "(y/n)" in said.err and said.err.count("another program") == 1
            assert (",14," in said.out) is (code == 0)
    finally:
        holder.kill()
        holder.communicate()
    assert placed(shop) == 14
    assert main(["restore", made, "--workspace", str(shop)]) == 0 and placed(shop) == 14
