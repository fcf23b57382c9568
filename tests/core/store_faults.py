"""What the fault tests share: a store with something in it, a child to kill, plain sentences."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from omni_core import Workspace
from omni_core.i18n import use_language
from omni_core.store import archive
from omni_core.store.rollups import rebuild

ROOT = Path(__file__).resolve().parents[2]
_ENGINE = re.compile(
    r"duckdb_|exception|error:|errno|traceback|checksum|wal\b|parquet|\bsql\b", re.I)


def log(rows: int, seed: int = 0) -> bytes:
    """A behaviour log of some shoppers."""
    r = random.Random(seed)
    return b"user,item,event,time\n" + b"".join(
        b"u%d,p%d,%s,2026-01-%02d %02d:%02d:00\n" % (
            r.randrange(max(rows // 5, 1)), r.randrange(60), r.choice([b"view", b"cart"]),
            1 + r.randrange(28), r.randrange(24), r.randrange(60)) for _ in range(rows))


def orders(rows: int, first: int = 1, status: str = "paid") -> bytes:
    """Order lines with an e-mail each."""
    return b"order id,buyer,buyer email,product,amount,created at,status\n" + b"".join(
        b"%d,b%d,b%d@x.com,p%d,%d,2026-02-%02d 10:00:00,%s\n" % (
            n, n % 7, n % 7, n % 5, 10 + n, 1 + n % 28, status.encode())
        for n in range(first, first + rows))


def plain(told: object) -> None:
    """A sentence for a marketer in both languages: whole, and none of the engine's words."""
    for language in ("en", "zh"):
        with use_language(language):
            text = told.message if hasattr(told, "rows_in") else str(told)
            assert text and "{" not in text and not _ENGINE.search(text), text
            assert (re.search("[一-鿿]", text) is not None) == (language == "zh"), text


def state(ws: Workspace) -> dict[str, tuple[int, int]]:
    """Every table's rows and hash, after checking that what is derived is as if made anew."""
    with ws._database.cursor() as cursor:
        found = archive.hashes(cursor)
    with ws._database.transaction() as cursor:
        rebuild(cursor)
    with ws._database.cursor() as cursor:
        assert archive.hashes(cursor) == found
    return found


def works(ws: Workspace, seed: int = 77) -> None:
    """The workspace answers, takes a file and gives it back."""
    before = ws.query("summary")
    r = ws.import_file(data=log(30, seed), name="after.csv")
    assert r.status == "imported", r.message
    ws.undo(r.import_id)
    assert ws.query("summary").equals(before)


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python of its own on ``code``; what it prints can be read."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def in_child(code: str, *arguments: object) -> str:
    """Run a Python of its own on ``code`` to its end and return what it printed."""
    done = child(code, *arguments)
    out, said = done.communicate(timeout=100)
    assert done.returncode == 0, said
    return out


@contextmanager
def unprivileged():
    """A folder of somebody whom permissions bind, also where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder, root = Path(name), hasattr(os, "geteuid") and os.geteuid() == 0
        if root:
            with Workspace.open(folder / "ours", timezone="UTC") as ws:
                works(ws)  # what is loaded at its first use may lie where only root may read
                ws.backups.make()
            shutil.rmtree(folder / "ours")
            folder.chmod(0o755)
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            for path in [folder, *folder.rglob("*")]:
                path.chmod(0o700)
