"""The workspace as a thing on disk: reopened, shared, locked, damaged, told the truth about."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from omni_core import OmniError, Workspace
from omni_core.errors import BadParameter, StoreDamaged, StoreInUse, StoreNewer, UnknownName

FILE = b"user,item,event,time\n" + b"".join(
    b"u%d,p%d,view,2026-01-0%d 0%d:00:00\n" % (i, i % 3, 1 + i % 9, i % 10) for i in range(50))


def test_data_survive_closing_and_the_handle_is_shared(tmp_path):
    with Workspace.open(tmp_path) as first, Workspace.open(tmp_path) as second:
        first.import_file(data=FILE, name="a.csv")
        assert second.counts()["events"] == 50
        assert first.revision == second.revision
        kept = first.revision
    with Workspace.open(tmp_path) as again:
        assert again.counts()["events"] == 50
        assert again.revision == kept
        assert again.imports().file_name.tolist() == ["a.csv"]


def test_the_history_tells_the_shops_time(tmp_path):
    with Workspace.open(tmp_path, timezone="Pacific/Kiritimati") as ws:
        ws.import_file(data=FILE, name="a.csv")
        ahead = ws.imports()["imported_at"].iloc[0] - dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert abs(ahead - dt.timedelta(hours=14)) < dt.timedelta(minutes=1)


def test_two_sessions_with_the_same_file_add_it_once(tmp_path):
    with Workspace.open(tmp_path) as ws, ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: ws.import_file(data=FILE, name="a.csv"), range(2)))
        assert sorted(r.status for r in reports) == ["already_imported", "imported"]
        assert ws.counts()["events"] == 50


def test_queries_during_an_import_see_the_old_state_or_the_new(tmp_path):
    big = FILE.splitlines(keepends=True)[0] + b"".join(
        b"v%d,p%d,view,2026-01-01 00:00:%02d\n" % (i, i % 97, i % 60) for i in range(60_000))
    with Workspace.open(tmp_path) as ws, ThreadPoolExecutor(2) as pool:
        ws.import_file(data=FILE, name="a.csv")
        done = pool.submit(ws.import_file, data=big, name="b.csv")
        seen = set()
        while not done.done():
            seen.add(int(ws.query("summary").events[0]))
        assert done.result().status == "imported"
        assert seen <= {50, 60_050}


def test_a_workspace_opens_while_another_session_imports(tmp_path):
    # the lock is held as an import holds it
    with (Workspace.open(tmp_path) as ws, ThreadPoolExecutor(1) as pool,
          ws._database.write_lock):
        pool.submit(lambda: Workspace.open(tmp_path).close()).result(20)


def test_a_cancelled_import_leaves_nothing(tmp_path):
    class Cancelled(Exception):
        pass

    def stop(share):
        if share > 0.7:
            raise Cancelled

    with Workspace.open(tmp_path) as ws:
        before = ws.revision
        with pytest.raises(Cancelled):
            ws.import_file(data=FILE, name="a.csv", progress=stop)
        assert sum(ws.counts().values()) == 0 and ws.revision == before
        assert not list((tmp_path / "staging").glob("*.*"))
        assert ws.import_file(data=FILE, name="a.csv").status == "imported"


def test_a_second_process_is_told_so(tmp_path):
    with Workspace.open(tmp_path):
        code = ("import sys\nfrom omni_core import Workspace, OmniError\n"
                "try: Workspace.open(sys.argv[1])\nexcept OmniError as e: print(e.code)")
        out = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True,
                             text=True, check=True)
    assert out.stdout.strip() == StoreInUse.code


def test_a_foreign_or_newer_store_is_left_alone(tmp_path):
    foreign = tmp_path / "a"
    foreign.mkdir()
    (foreign / "omni.duckdb").write_bytes(b"not a database, but hers" * 100)
    with pytest.raises(StoreDamaged):
        Workspace.open(foreign)
    assert (foreign / "omni.duckdb").read_bytes().startswith(b"not a database")
    newer = tmp_path / "b"
    Workspace.open(newer).close()
    with duckdb.connect(str(newer / "omni.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    with pytest.raises(StoreNewer) as error:
        Workspace.open(newer)
    assert "99" in str(error.value)


def test_a_fresh_store_that_a_crash_left_empty_is_laid_anew(tmp_path):
    duckdb.connect(str(tmp_path / "omni.duckdb")).close()
    with Workspace.open(tmp_path) as ws:
        assert ws.import_file(data=FILE, name="a.csv").status == "imported"


def test_sql_reaches_nothing_outside_the_staging_folder(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with Workspace.open(tmp_path / "ws") as ws, ws._database.cursor() as cursor:
        for statement in (f"SELECT * FROM read_csv('{secret}')", f"COPY meta TO '{secret}'",
                          f"ATTACH '{tmp_path / 'x.duckdb'}'", "SET enable_external_access = true",
                          "INSTALL httpfs"):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)


def test_impossible_requests_have_codes_and_guesses(tmp_path):
    with Workspace.open(tmp_path) as ws:
        with pytest.raises(UnknownName) as error:
            ws.query("sumary")
        assert error.value.values["did_you_mean"] == "summary"
        with pytest.raises(BadParameter):
            ws.query("summary", start="yesterday")
        with pytest.raises(UnknownName):
            ws.undo(7)
        with pytest.raises(UnknownName):
            ws.query("summary", colour="red")
        with pytest.raises(BadParameter):
            Workspace.open(tmp_path / "b", timezone="Mars/Olympus")
    assert issubclass(OmniError, ValueError)


def test_the_period_is_the_shops_day_with_the_end_left_out(tmp_path):
    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        ws.import_file(data=b"user,item,event,time\na,p,view,2026-01-01 23:30:00\n"
                            b"b,p,view,2026-01-02 00:30:00\n", name="a.csv")
        day = ws.query("summary", start="2026-01-01", end="2026-01-02")
        assert day.events[0] == 1
        hours = ws.query("hour_by_weekday")
        assert hours.values.tolist() == [[4, 23, 1], [5, 0, 1]]  # a Thursday and a Friday


def test_settings_are_kept_as_artefacts(tmp_path):
    with Workspace.open(tmp_path) as ws:
        assert ws.artefact("settings", "safe") is None
        ws.save_artefact("settings", "safe", {"k": 5, "名": "稳"})
        ws.save_artefact("settings", "safe", {"k": 6, "名": "稳"})
    with Workspace.open(tmp_path) as ws:
        assert ws.artefact("settings", "safe") == {"k": 6, "名": "稳"}
        assert ws.artefacts("settings") == ("safe",)
