"""A table of any schema, read as text and forgotten: nothing of it reaches the store.

The same reading as an import's (encoding, delimiter, title lines, workbooks, archives), without its
meaning: what the columns are is the caller's matter.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from omni_core.errors import UnreadableTable, no_room
from omni_core.ingest import cells
from omni_core.ingest.dialect import find_dialect
from omni_core.ingest.mend import mended
from omni_core.ingest.messages import sentence
from omni_core.ingest.personal import TYING, code, kind_of
from omni_core.ingest.read import read_rows
from omni_core.ingest.repair import repair
from omni_core.ingest.report import Refused, Unanswered
from omni_core.ingest.scan import scan
from omni_core.store import meta
from omni_core.store.database import Database

_SAMPLE = 500


@dataclass(frozen=True)
class PlainTable:
    """``rows``: every cell as text, empty ones None; in the file's order and under its headers.

    ``personal``: header -> "email", "phone", "id_number", "name" or "address", by what the header
    says and the cells look like. ``codes``: for each of them that can name a shopper, the code that
    an import would keep in its place. ``broken``: rows that could not be cut into cells.
    """

    rows: pd.DataFrame
    personal: dict[str, str]
    codes: pd.DataFrame
    broken: int
    encoding: str = ""


def read_table(database: Database, source: Path | bytes, name: str) -> PlainTable:
    """Read a file whole. Raises ``UnreadableTable`` with what is wrong and how to mend it."""
    left: list[Path] = []
    try:
        database.staging.mkdir(exist_ok=True)
        if isinstance(source, bytes):
            upload = database.staging / f"{secrets.token_hex(8)}.upload"
            left.append(upload)
            upload.write_bytes(source)
            source = upload
        scanned = scan(source, database.staging, name, {})
        left.append(scanned.path)
        scanned, _named = mended(scanned)
        left.append(scanned.path)
        dialect = find_dialect(scanned, {})
        with database.cursor() as cursor:
            try:
                if dialect.odd:
                    raise Refused("rows_disagree", expected=0, found=0)
                raw = read_rows(cursor, scanned, dialect, range(len(dialect.header)), {}, {})
            except Refused:
                scanned, dialect = repair(scanned, dialect)
                left.append(scanned.path)
                raw = read_rows(cursor, scanned, dialect, range(len(dialect.header)), {}, {})
            wanted = ", ".join(
                f"{cells.unwrapped(f'CAST(c{i} AS VARCHAR)')} AS c{i}"
                for i in range(len(dialect.header)))
            rows = cursor.execute(f"SELECT {wanted} FROM raw ORDER BY n").df()
            key = meta.get(cursor, "key")
    except Refused as reason:
        raise UnreadableTable(name, sentence(reason.code, reason.values)) from None
    except Unanswered as stop:  # a workbook of several sheets
        raise UnreadableTable(name, str(stop.questions[0])) from None
    except OSError as error:
        raise no_room(error, database.path.parent) from error
    finally:
        for path in left:
            path.unlink(missing_ok=True)
    rows.columns = pd.Index(dialect.header)
    rows = rows.astype(object).where(rows.notna(), None)
    samples = {h: [c for c in rows[h].head(_SAMPLE) if c is not None] for h in dialect.header}
    personal = {h: kind for h in dialect.header if (kind := kind_of(h, samples[h]))}
    # a workspace without a key holds no codes to meet
    codes = {h: [None if c is None else code(c, bytes.fromhex(key)) for c in rows[h]]
             for h, kind in personal.items() if kind in TYING and key}
    return PlainTable(rows, personal, pd.DataFrame(codes, index=rows.index),
                      raw.records - len(rows), scanned.encoding)
