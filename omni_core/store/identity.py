"""Which ids are one person: by rules she switches on, and by what she decided herself.

Rows keep the id they came with. ``merged_ids`` (id_key, user_key, rule) says which id stands for
which, and everything derived reads through it; so joining and parting people never touches a row,
and undoing either is another rebuild. The id that came first stands for the person, so that it
stays the same when more arrive.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb
import pandas as pd

from omni_core.errors import BadParameter, UnknownId, UnknownName
from omni_core.ingest.personal import code
from omni_core.ingest.sql import as_table
from omni_core.store import meta

KINDS = ("email", "phone", "id_number", "member")
BY_HAND = "by_hand"
MOST_IDS = 5  # a code that more ids share is a shop's own phone or a placeholder, no person
_LINKS = """
  SELECT DISTINCT kind, code, user_key FROM identity_links
  UNION
  -- a member number that is itself the id of rows in another file
  SELECT DISTINCT l.kind, l.code, s.user_key FROM identity_links l
  JOIN shopper_ids s ON s.user_id = l.code WHERE l.kind = 'member'"""


@dataclass(frozen=True, slots=True)
class _Edges:
    """Ids that a code ties together (kind, code, user_key), and why some codes don't count."""

    good: pd.DataFrame
    doubtful: pd.DataFrame  # kind, code, reason


def lay_merged(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make an empty ``merged_ids``, in the caller's transaction."""
    cursor.execute(
        "CREATE OR REPLACE TABLE merged_ids (id_key INTEGER, user_key INTEGER, rule VARCHAR)")


def join_people(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Bring ``merged_ids`` to what links, rules and choices say, in the caller's transaction.

    Returns whether that changed it.
    """
    on, decided, alone = cursor.execute(
        """SELECT (SELECT list(kind) FROM identity_rules WHERE is_on),
          count(*) FILTER (joined), count(*) FILTER (NOT joined) FROM identity_choices"""
    ).fetchall()[0]
    pairs: list[tuple[int, int, str]] = []
    if decided:
        pairs = [(a, b, BY_HAND) for a, b in cursor.execute(
            """SELECT a.user_key, b.user_key FROM identity_choices c
            JOIN shopper_ids a ON a.user_id = c.user_id JOIN shopper_ids b ON b.user_id = c.other_id
            WHERE c.joined ORDER BY c.choice_id""").fetchall()]
    if on:
        apart = {k for (k,) in cursor.execute(
            """SELECT s.user_key FROM identity_choices c JOIN shopper_ids s USING (user_id)
            WHERE NOT c.joined""").fetchall()} if alone else set()
        good = _edges(cursor, on).good
        for kind, _, keys in _groups(good[~good.user_key.isin(apart)]):
            pairs += [(keys[0], k, kind) for k in keys[1:]]
    merged = _components(pairs)
    if merged == cursor.execute(
            "SELECT id_key, user_key, rule FROM merged_ids ORDER BY id_key").fetchall():
        return False
    lay_merged(cursor)
    if merged:
        frame = pd.DataFrame(merged, columns=["id_key", "user_key", "rule"])
        as_table(cursor, "merged", frame)
        cursor.execute("INSERT INTO merged_ids SELECT id_key, user_key, rule FROM merged")
    return True


def _edges(cursor: duckdb.DuckDBPyConnection, kinds: list[str]) -> _Edges:
    shared = cursor.execute(
        f"""WITH links AS ({_LINKS}),
        counted AS (SELECT kind, code FROM links WHERE kind IN (SELECT unnest($kinds))
          GROUP BY kind, code HAVING count(*) > 1)
        SELECT l.kind, l.code, l.user_key FROM links l JOIN counted USING (kind, code)
        ORDER BY l.kind, l.code, l.user_key""", {"kinds": kinds}).df()
    if shared.empty:
        return _Edges(shared, pd.DataFrame(columns=["kind", "code", "reason"]))
    known = cursor.execute(
        """SELECT user_key, min(gender) AS gender, CAST(min(birth_date) AS VARCHAR) AS birth_date
        FROM customer_rows GROUP BY user_key""").df()
    mails = cursor.execute(
        """SELECT user_key, min(code) AS email FROM identity_links WHERE kind = 'email'
        GROUP BY user_key""").df()
    rich = shared.merge(known, on="user_key", how="left").merge(mails, on="user_key", how="left")
    told = rich.groupby(["kind", "code"], sort=True).agg(
        ids=("user_key", "size"), genders=("gender", "nunique"), births=("birth_date", "nunique"),
        mails=("email", "nunique"), mailed=("email", "count")).reset_index()
    told["reason"] = None
    told.loc[(told.kind != "email") & (told.mails > 1) & (told.mails == told.mailed),
             "reason"] = "different_email"
    told.loc[told.genders > 1, "reason"] = "different_gender"
    told.loc[told.births > 1, "reason"] = "different_birthday"
    told.loc[told.ids > MOST_IDS, "reason"] = "shared_by_many"
    doubtful = told.loc[told.reason.notna(), ["kind", "code", "reason"]]
    marked = shared.merge(doubtful, on=["kind", "code"], how="left")
    return _Edges(shared[marked.reason.isna().to_numpy()], doubtful)


def _groups(edges: pd.DataFrame) -> list[tuple[str, str, list[int]]]:
    return [(kind, code, keys.tolist()) for (kind, code), keys
            in edges.groupby(["kind", "code"], sort=True)["user_key"]]


def _components(pairs: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return (id, id that stands for it, how) for all ids but the first of each component."""
    above: dict[int, int] = {}
    how: dict[int, set[str]] = {}

    def top(key: int) -> int:
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for a, b, kind in pairs:
        low, high = sorted((top(a), top(b)))
        above[high] = low
        for key in (a, b):
            how.setdefault(key, set()).add(kind)
    return [(key, top(key), "+".join(sorted(how[key]))) for key in sorted(above)
            if top(key) != key]


# what she sees and decides -----------------------------------------------------------------------
def rules(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return kind, is_on, ids (that it ties to another id), people (those they are), conflicts."""
    on = {k for (k,) in cursor.execute(
        "SELECT kind FROM identity_rules WHERE is_on").fetchall()}
    rows = []
    for kind in KINDS:
        edges = _edges(cursor, [kind])
        merged = _components([(keys[0], k, kind) for _, _, keys in _groups(edges.good)
                              for k in keys[1:]])
        people = {person for _, person, _ in merged}
        rows.append((kind, kind in on, len(merged) + len(people), len(people),
                     len(edges.doubtful)))
    return pd.DataFrame(rows, columns=["kind", "is_on", "ids", "people", "conflicts"])


def named(cursor: duckdb.DuckDBPyConnection, text: str) -> tuple[str, ...]:
    """Return the ids of the people to whom an address or number ties, that came first in front."""
    key = meta.get(cursor, "key")
    if key is None:
        return ()
    rows = cursor.execute(
        """WITH tied AS (
          SELECT user_key FROM identity_links WHERE code IN ($code, $text)
          UNION SELECT user_key FROM shopper_ids WHERE user_id = $code)
        SELECT DISTINCT s.user_key, s.user_id FROM tied
        LEFT JOIN merged_ids m ON m.id_key = tied.user_key
        JOIN shoppers s ON s.user_key = coalesce(m.user_key, tied.user_key)
        ORDER BY s.user_key""",
        {"code": code(text, bytes.fromhex(key)), "text": text.strip()}).fetchall()
    return tuple(user for _key, user in rows)


def conflicts(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return codes that tie ids which seem to be different people: kind, reason, users (tuple)."""
    edges = _edges(cursor, list(KINDS))
    if edges.doubtful.empty:
        return pd.DataFrame(columns=["kind", "reason", "users"])
    users = cursor.execute(
        f"""WITH links AS ({_LINKS}) SELECT l.kind, l.code, list(s.user_id ORDER BY s.user_key)
        AS users FROM links l JOIN shopper_ids s USING (user_key) GROUP BY l.kind, l.code
        HAVING count(*) > 1""").df()
    found = edges.doubtful.merge(users, on=["kind", "code"])
    found["users"] = [tuple(u) for u in found["users"]]
    return found[["kind", "reason", "users"]].sort_values(
        ["kind", "reason", "users"], ignore_index=True)


def identities(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the ids that another stands for: id, user (the one that stands for it), rule."""
    return cursor.execute(
        """SELECT i.user_id AS id, u.user_id AS "user", m.rule FROM merged_ids m
        JOIN shopper_ids i ON i.user_key = m.id_key JOIN shopper_ids u ON u.user_key = m.user_key
        ORDER BY u.user_id, i.user_id""").df()


def choices(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what was decided by hand, newest first: choice_id, id, other, joined, made_at."""
    return cursor.execute(
        """SELECT choice_id, user_id AS id, other_id AS other, joined, made_at
        FROM identity_choices ORDER BY choice_id DESC""").df()


def set_rule(cursor: duckdb.DuckDBPyConnection, kind: str, is_on: bool) -> None:
    """Switch a rule on or off. Raises ``UnknownName``."""
    if kind not in KINDS:
        raise UnknownName("rule", kind, KINDS)
    cursor.execute("DELETE FROM identity_rules WHERE kind = $1", [kind])
    cursor.execute("INSERT INTO identity_rules VALUES ($1, $2)", [kind, is_on])


def choose(cursor: duckdb.DuckDBPyConnection, user: str, other: str | None, joined: bool) -> int:
    """Note that two ids are one person, or (``joined`` false) that an id is nobody else's.

    Returns the number of the choice. Raises ``UnknownId``, ``BadParameter``.
    """
    for one in (user, other):
        if one is not None and not cursor.execute(
                "SELECT 1 FROM shopper_ids WHERE user_id = $1", [str(one)]).fetchall():
            raise UnknownId("user", one)
    if joined and (other is None or str(user) == str(other)):
        raise BadParameter("other", other, "another shopper")
    (number,) = cursor.execute(
        "SELECT coalesce(max(choice_id), 0) + 1 FROM identity_choices").fetchall()[0]
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    cursor.execute("INSERT INTO identity_choices VALUES ($1, $2, $3, $4, $5)",
                   [number, str(user), None if other is None else str(other), joined, now])
    return int(number)


def take_back(cursor: duckdb.DuckDBPyConnection, choice_id: int) -> None:
    """Undo one decision made by hand. Raises ``UnknownName``."""
    known = [n for (n,) in cursor.execute("SELECT choice_id FROM identity_choices").fetchall()]
    if choice_id not in known:
        raise UnknownName("choice", str(choice_id), known)
    cursor.execute("DELETE FROM identity_choices WHERE choice_id = $1", [choice_id])


def ids_of(cursor: duckdb.DuckDBPyConnection, user: str) -> list[tuple[int, str]]:
    """Return (key, id) of every id of the person that an id belongs to. Raises ``UnknownId``."""
    rows = cursor.execute(
        """SELECT coalesce(m.user_key, s.user_key) FROM shopper_ids s
        LEFT JOIN merged_ids m ON m.id_key = s.user_key WHERE s.user_id = $1""",
        [str(user)]).fetchall()
    if not rows:
        raise UnknownId("user", user)
    return cursor.execute(
        """SELECT user_key, user_id FROM shopper_ids WHERE user_key = $1
        OR user_key IN (SELECT id_key FROM merged_ids WHERE user_key = $1) ORDER BY user_key""",
        [rows[0][0]]).fetchall()
