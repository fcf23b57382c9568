"""Archives that somebody made by hand: none gets in, nothing changes, and the reason is plain."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import duckdb
import pytest

from omni_core import Workspace, backups
from omni_core.errors import FileNotReadable, NotAnArchive, OmniError, StoreNewer
from omni_core.store import archive
from tests.core.store_faults import log, orders, plain, works
from tests.core.store_state import answers


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with Workspace.open(folder, timezone="UTC") as ws:
        ws.import_file(data=log(80), name="a.csv")
        ws.import_file(data=orders(20), name="o.csv")
        ws.save_artefact("settings", "x", {"k": 5})
        yield ws, ws.backups.make(folder / "good.omni")


def parts(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as packed:
        return {n: packed.read(n) for n in packed.namelist()}


def manifest(change):
    """A change of the table of contents (and perhaps of the files)."""
    def make(files: dict[str, bytes], room) -> None:
        told = json.loads(files["manifest.json"])
        change(told, files)
        files["manifest.json"] = json.dumps(told).encode()
    return make


def told(**values):
    return manifest(lambda m, _: m.update(values))


def file(table: str, data: bytes, rows: int):
    """Other content for a table, with the manifest told of it."""
    def change(m, files):
        files[f"{table}.parquet"] = data
        m["tables"][table] = {"rows": rows, "sha256": hashlib.sha256(data).hexdigest()}
    return manifest(change)


def rows(table: str, sql: str):
    """Other rows for a table, made by SQL from those it has (``{t}``)."""
    def make(files: dict[str, bytes], room) -> None:
        before, after = room / "b.parquet", room / "a.parquet"
        before.write_bytes(files[f"{table}.parquet"])
        with duckdb.connect() as c:
            c.execute(f"COPY ({sql.format(t=f'read_parquet({str(before)!r})')}) TO '{after}' "
                      "(FORMAT parquet)")
            count = c.execute(f"SELECT count(*) FROM '{after}'").fetchall()[0][0]
        file(table, after.read_bytes(), count)(files, room)
    return make


def meta(name: str, value: str):
    return rows("meta", "SELECT * FROM {t} WHERE name <> '" + name + "' UNION ALL SELECT '"
                + name + "', " + value)


def untold(table: str):
    return manifest(lambda m, files: (m["tables"].pop(table), files.pop(f"{table}.parquet")))


TWICE = "SELECT * FROM {t} UNION ALL SELECT * FROM {t}"
HOSTILE = {
    "no manifest": lambda files, _: files.pop("manifest.json"),
    "a table is missing": lambda files, _: files.pop("events.parquet"),
    "a table is not told of": untold("imports"), "settings are not told of": untold("meta"),
    "one more file": lambda files, _: files.update({"more.txt": b"x"}),
    "a path upwards": lambda files, _: files.update({"../../evil.parquet": b"x"}),
    "another format": told(format="zip"), "no tables": told(tables=[]),
    "a table of its own": told(tables={"evil": {"rows": 1, "sha256": ""}}),
    "a version of words": told(version="two"), "version 0": told(version=0),
    "numbers that come again": told(next_import=1), "a negative number": told(next_import=-5),
    "rows that are not there": manifest(lambda m, _: m["tables"]["events"].update(rows=101)),
    "another hash": manifest(lambda m, _: m["tables"]["events"].update(sha256="0" * 64)),
    "no hash": manifest(lambda m, _: m["tables"]["events"].pop("sha256")),
    "not parquet": file("events", b"PAR1 is what it begins with" * 50, 50),
    "a column missing": rows("events", "SELECT * EXCLUDE (ts) FROM {t}"),
    "a column more": rows("events", "SELECT *, 1 AS more FROM {t}"),
    "another type": rows("events", "SELECT * REPLACE ({{'a': 1}} AS ts) FROM {t}"),
    "an unknown event": rows("events", "SELECT * REPLACE ('steal' AS event) FROM {t}"),
    "a shopper twice": rows("shopper_ids", TWICE), "an import twice": rows("imports", TWICE),
    "a shopper without an id": rows("shopper_ids", "SELECT * FROM {t} LIMIT 1"),
    "rows of no import": rows("events", "SELECT * REPLACE (77 AS import_id) FROM {t}"),
    "no JSON": rows("artefacts", "SELECT * REPLACE ('{{' AS value) FROM {t}"),
    "JSON too deep": rows(
        "artefacts", "SELECT * REPLACE (repeat('[', 200000) AS value) FROM {t}"),
    "no such zone": meta("timezone", "'Mars/Olympus'"), "no zone": meta("timezone", "NULL"),
    "a zone upwards": meta("timezone", "'../../etc/passwd'"),
    "a limit of words": meta("small_cells", "'few'"), "a limit of none": meta("small_cells", "'0'"),
    "a key that is none": meta("key", "'zz'"),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_an_archive_made_by_hand_changes_nothing(shop, tmp_path, how):
    ws, good = shop
    files = parts(good)
    HOSTILE[how](files, tmp_path)
    bad = tmp_path / "bad.omni"
    pack(bad, files)
    refuse(ws, bad)


def pack(target, files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(target, "w", method) as out:
        for name, data in files.items():
            out.writestr(name, data)


def refuse(ws, bad, kind: type[OmniError] = NotAnArchive) -> None:
    before = ws.revision
    with pytest.raises(kind) as error:
        ws.backups.restore(bad)
    plain(error.value)
    assert ws.revision == before and not list(ws._database.staging.iterdir())
    assert ws.query("summary").events[0] == 100
    elsewhere = bad.parent / "elsewhere"
    with pytest.raises(kind):
        backups.unpack(bad, elsewhere)
    assert not list(elsewhere.glob("*.duckdb"))


def test_what_is_no_zip_or_packed_or_newer_is_refused(shop, tmp_path):
    ws, good = shop
    data, files = good.read_bytes(), parts(good)
    bad = tmp_path / "bad.omni"
    for content in (b"", b"PK\x03\x04", b"hello" * 1000, data[:-30], data[:len(data) // 2]):
        bad.write_bytes(content)
        refuse(ws, bad)
    pack(bad, {**files, "events.parquet": b"\0" * (50 << 20)}, zipfile.ZIP_DEFLATED)
    refuse(ws, bad)
    twice = io.BytesIO()
    with pytest.warns(UserWarning), zipfile.ZipFile(twice, "w") as out:
        for name, part in [*files.items(), *files.items()]:
            out.writestr(name, part)
    bad.write_bytes(twice.getvalue())
    refuse(ws, bad)
    told(version=99)(files, tmp_path)
    pack(bad, files)
    refuse(ws, bad, StoreNewer)
    refuse(ws, tmp_path / "is not there.omni", FileNotReadable)
    refuse(ws, tmp_path)


def test_a_flipped_bit_anywhere_in_an_archive_is_noticed_or_harmless(shop, tmp_path):
    ws, good = shop
    data = good.read_bytes()
    right = answers(ws)
    for place in range(7, len(data), max(len(data) // 25, 1)):
        flipped = bytearray(data)
        flipped[place] ^= 16
        bad = tmp_path / f"{place}.omni"
        bad.write_bytes(flipped)
        folder = tmp_path / str(place)
        try:
            backups.unpack(bad, folder)
        except (NotAnArchive, StoreNewer) as error:
            plain(error)
            continue
        with Workspace.open(folder) as other:  # a time in the zip's own list of contents
            for name, frame in answers(other).items():
                assert frame.equals(right[name])


def test_a_good_archive_comes_back_whole(shop, tmp_path):
    ws, good = shop
    backups.unpack(good, tmp_path)
    with Workspace.open(tmp_path) as other:
        with ws._database.cursor() as one, other._database.cursor() as two:
            assert archive.hashes(one) == archive.hashes(two)
        works(other)
        assert ws.imports().equals(other.imports())


def test_a_backup_made_right_after_a_restore_can_be_restored(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="UTC") as ws:
        for n in (1, 2):
            ws.import_file(data=b"user,item,event,time\nu%d,p,view,2026-01-01 10:00\n" % n,
                           name=f"{n}.csv")
        first = ws.backups.make(tmp_path / "1.omni")
        ws.backups.restore(first)
        second = ws.backups.make(tmp_path / "2.omni")  # before any other import
        ws.undo(1)
        ws.backups.restore(second)
        assert sorted(ws.imports()["import_id"]) == [1, 2]
        r = ws.import_file(data=b"user,item,event,time\nu3,p,view,2026-01-02 10:00\n", name="3.csv")
        assert r.import_id > 2 and ws.query("summary").events[0] == 3
