"""A whole workspace as one file: Parquet tables and a manifest in a zip, for backup and moving.

Only what was imported and decided is in it; everything derived is rebuilt when it is read. A file
that comes from elsewhere is hostile until each of its parts is what the manifest and the schema
say: known tables, known columns, stored uncompressed, within the caps.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import duckdb

from omni_core.errors import DiskFull, FileNotReadable, NotAnArchive, OutOfMemory, StoreNewer
from omni_core.ingest.sql import columns
from omni_core.store import faults, schema, wiping
from omni_core.store.database import Database, build_store, quoted
from omni_core.store.rollups import rebuild
from omni_core.store.vetting import flaw

SUFFIX = ".omni"
FORMAT = "omni-archive-1"
MAX_BYTES = 32 << 30
MAX_ROWS = 1_000_000_000
_MANIFEST = "manifest.json"
_MAX_MANIFEST = 1 << 20
_ORDERED = ("import_id", "source_row", "user_key", "item_key", "order_key", "choice_id", "name",
            "kind", "code", "saved_at")

Progress = Callable[[float], None]


def write_archive(database: Database, target: Path, progress: Progress,
                  contacts: bool = False) -> None:
    """Write the store's content as it stands at one moment into ``target``, whole or not at all.

    ``contacts``: also the addresses kept for audiences. Raises ``DiskFull`` and kin.
    """
    room = database.staging / secrets.token_hex(8)
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        room.mkdir(parents=True)
        with database.cursor() as cursor, zipfile.ZipFile(
                partial, "w", zipfile.ZIP_STORED, allowZip64=True) as out:
            cursor.execute("BEGIN")  # one moment for all tables
            every = schema.base_tables(cursor)
            names = [n for n in every if contacts or n != "contacts"]
            tables = {}
            for done, name in enumerate(names):
                progress(done / len(names))
                part = room / f"{name}.parquet"
                tables[name] = _write_table(cursor, name, every[name], part)
                out.write(part, part.name)
                part.unlink()
            version = schema.version_of(cursor)
            (next_id,) = cursor.execute(
                "SELECT coalesce(last_value + 1, start_value) FROM duckdb_sequences() "
                "WHERE sequence_name = 'import_ids'").fetchall()[0]
            cursor.execute("ROLLBACK")
            out.writestr(_MANIFEST, json.dumps({
                "format": FORMAT, "version": version, "tables": tables,
                "next_import": int(next_id), "made_at": dt.datetime.now(dt.UTC).isoformat(),
            }, indent=1))
        os.replace(partial, target)
        progress(1.0)
    finally:
        partial.unlink(missing_ok=True)
        shutil.rmtree(room, ignore_errors=True)


def _write_table(cursor: duckdb.DuckDBPyConnection, name: str, has: Collection[str],
                 part: Path) -> dict[str, Any]:
    order = ", ".join(c for c in _ORDERED if c in has)
    (rows,) = cursor.execute(
        f"COPY (SELECT * FROM {name} {'ORDER BY ' + order if order else ''}) TO '{quoted(part)}' "
        "(FORMAT parquet, COMPRESSION zstd)").fetchall()[0]
    with part.open("rb") as stream:
        return {"rows": int(rows), "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def read_archive(source: Path, staging: Path, fresh: Path, progress: Progress,
                 after: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> None:
    """Build a store at ``fresh`` (inside ``staging``) from an archive.

    ``after`` runs before everything derived is made, in the same transaction. Raises
    ``NotAnArchive``, ``StoreNewer``, ``DiskFull``.
    """
    room = staging / secrets.token_hex(8)
    try:
        room.mkdir(parents=True)
        with _open_zip(source) as packed:
            manifest = _manifest(packed, source.name)
            version, tables = int(manifest["version"]), manifest["tables"]

            def fill(cursor: duckdb.DuckDBPyConnection) -> None:
                schema.lay(cursor, version)
                every = schema.base_tables(cursor)
                known = set(every)
                if not known - {"contacts"} <= set(tables) <= known:
                    raise NotAnArchive(name=source.name, reason="table")
                cursor.execute("DELETE FROM meta")  # what a new store begins with
                for done, name in enumerate(sorted(tables)):
                    progress(0.8 * done / len(tables))
                    _read_table(cursor, packed, name, every[name], tables[name], room, source.name)
                cursor.execute("CREATE OR REPLACE SEQUENCE import_ids "
                               f"START {int(manifest['next_import'])}")
                schema.migrate(cursor, version)
                # what the store was to be rid of when it was copied is not in the copy
                wiping.is_done(cursor)
                wrong = _blame(lambda: flaw(cursor, int(manifest["next_import"])),
                               source.name, "content")
                if wrong:
                    raise NotAnArchive(name=source.name, reason=wrong)
                if after is not None:
                    after(cursor)
                _blame(lambda: rebuild(cursor), source.name, "content")

            build_store(fresh, staging, fill)
        progress(1.0)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _blame(step: Callable[[], Any], name: str, reason: str) -> Any:
    """Do a step; where its rows are to blame, not disk or memory, the file is no archive."""
    try:
        return step()
    except duckdb.Error as error:
        if isinstance(faults.told(error, "", ""), DiskFull | OutOfMemory):
            raise
        raise NotAnArchive(name=name, reason=reason) from error


def _open_zip(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except FileNotFoundError:
        raise FileNotReadable(source.name) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError):
        raise NotAnArchive(name=source.name, reason="zip") from None


def _manifest(packed: zipfile.ZipFile, name: str) -> dict[str, Any]:
    """Read and check the table of contents against what the zip really holds."""
    try:
        entries = {e.filename: e for e in packed.infolist()}
        if entries[_MANIFEST].file_size > _MAX_MANIFEST:
            raise NotAnArchive(name=name, reason="manifest")
        manifest: dict[str, Any] = json.loads(packed.read(_MANIFEST))
        tables = manifest["tables"]
        whole = sum(e.file_size for e in entries.values())
        rows = sum(int(t["rows"]) for t in tables.values())
        version, following = int(manifest["version"]), int(manifest["next_import"])
        hashes = [t["sha256"] for t in tables.values()]
        sound = (manifest["format"] == FORMAT and 1 <= following < 2**31 and version >= 1
                 and len(entries) == len(packed.infolist()) == len(tables) + 1
                 and set(entries) == {f"{t}.parquet" for t in tables} | {_MANIFEST}
                 and all(isinstance(h, str) for h in hashes)
                 # nothing in it is packed, so nothing can be larger than the file
                 and all(e.compress_type == zipfile.ZIP_STORED and e.compress_size == e.file_size
                         for e in entries.values()))
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile, OSError,
            NotImplementedError, RuntimeError):
        raise NotAnArchive(name=name, reason="manifest") from None
    if not sound:
        raise NotAnArchive(name=name, reason="manifest")
    if whole > MAX_BYTES or rows > MAX_ROWS:
        raise NotAnArchive(name=name, reason="size")
    if version > schema.newest():
        raise StoreNewer(found=version, known=schema.newest())
    return manifest


def _read_table(cursor: duckdb.DuckDBPyConnection, packed: zipfile.ZipFile, table: str,
                has: Collection[str], told: dict[str, Any], room: Path, name: str) -> None:
    part = room / f"{table}.parquet"  # a table's own name, checked to be one of ours
    digest = hashlib.sha256()
    try:
        with packed.open(f"{table}.parquet") as stream, part.open("wb") as out:
            while chunk := stream.read(1 << 22):
                digest.update(chunk)
                out.write(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise NotAnArchive(name=name, reason=table) from None
    if digest.hexdigest() != told["sha256"]:
        raise NotAnArchive(name=name, reason=table)
    rows = f"read_parquet('{quoted(part)}')"

    def fill() -> None:
        given = columns(cursor, f"SELECT * FROM {rows}")
        (many,) = cursor.execute(f"SELECT count(*) FROM {rows}").fetchall()[0]
        if sorted(given) != sorted(has) or many != told["rows"]:
            raise NotAnArchive(name=name, reason=table)
        if many:
            cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {rows}")

    _blame(fill, name, table)
    part.unlink()


def hashes(cursor: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Return (rows, a hash that doesn't depend on their order) of every table but ``meta``."""
    return {name: (int(rows), int(mixed)) for name, rows, mixed in cursor.execute(
        " UNION ALL ".join(
            f"SELECT '{name}', count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM {name} t"
            for name in schema.tables(cursor) if name != "meta")).fetchall()}
