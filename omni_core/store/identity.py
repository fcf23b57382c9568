"""Which ids are one person: by rules she switches on, and by what she decided herself.

Rows keep the id they came with. ``merged_ids`` (id_key, user_key, rule) says which id stands for
which, and everything derived reads through it; so joining and parting people never touches a row,
and undoing either is another rebuild. The id that came first stands for the person, so that it
stays the same when more arrive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from omni_core.errors import BadParameter, UnknownId, UnknownName
from omni_core.ingest.personal import code
from omni_core.ingest.sql import as_table
from omni_core.store import meta

KINDS = ("email", "phone", "id_number", "member")
BY_HAND = "by_hand"
MOST_IDS = 5  # a code that more ids share is a shop's own phone or a placeholder, no person
_CONFLICTS = """CASE WHEN ids > $most THEN 'shared_by_many'
  WHEN birth_low <> birth_high THEN 'different_birthday'
  WHEN gender_low <> gender_high THEN 'different_gender'
  WHEN kind <> 0 AND mails > 1 AND mails = mailed THEN 'different_email' END"""


def lay_merged(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make an empty ``merged_ids``, in the caller's transaction."""
    cursor.execute(
        "CREATE OR REPLACE TABLE merged_ids (id_key INTEGER, user_key INTEGER, rule VARCHAR)")


def join_people(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Bring ``merged_ids`` to what links, rules and choices say, in the caller's transaction.

    Returns whether that changed it.
    """
    merged = _standing(cursor)
    before = cursor.execute("SELECT id_key, user_key, rule FROM merged_ids ORDER BY id_key")
    if merged.values.tolist() == [list(row) for row in before.fetchall()]:
        return False
    lay_merged(cursor)
    if len(merged):
        as_table(cursor, "merged", merged)
        cursor.execute("INSERT INTO merged_ids SELECT id_key, user_key, rule FROM merged")
    return True


def still_apart(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return how many more ids would be joined to another one were all rules on."""
    (now,) = cursor.execute("SELECT count(*) FROM merged_ids").fetchall()[0]
    return len(_standing(cursor, KINDS)) - int(now)


def _standing(cursor: duckdb.DuckDBPyConnection,
              rules: Sequence[str] | None = None) -> pd.DataFrame:
    """Return which id stands for which by her choices and by rules (None: those that are on)."""
    on, decided, alone = cursor.execute(
        """SELECT (SELECT list(kind) FROM identity_rules WHERE is_on),
          count(*) FILTER (joined), count(*) FILTER (NOT joined) FROM identity_choices"""
    ).fetchall()[0]
    ties = pd.DataFrame({"code": [], "kind": [], "user_key": []}, dtype=np.int64)
    on = on if rules is None else rules
    if on:
        apart = [k for (k,) in cursor.execute(
            """SELECT s.user_key FROM identity_choices c JOIN shopper_ids s USING (user_id)
            WHERE NOT c.joined""").fetchall()] if alone else []
        ties = _ties(cursor, on)
        ties = ties[~ties["user_key"].isin(apart)]
    if decided:
        pairs = cursor.execute(
            """SELECT a.user_key AS one, b.user_key AS other FROM identity_choices c
            JOIN shopper_ids a ON a.user_id = c.user_id JOIN shopper_ids b ON b.user_id = c.other_id
            WHERE c.joined ORDER BY c.choice_id""").fetchall()
        ties = pd.concat([ties, pd.DataFrame(
            [(-1 - n, len(KINDS), key) for n, pair in enumerate(pairs) for key in pair],
            columns=ties.columns, dtype=np.int64)])
    return _merged(ties)


def _note_shared(cursor: duckdb.DuckDBPyConnection, kinds: Sequence[str]) -> None:
    """Make ``shared`` (number, kind, reason) of the codes that several ids have, and ``sharing``.

    ``sharing`` (number, user_key) are those ids; ``kind`` is a place in KINDS; ``reason`` says why
    a code ties nobody. Codes are compared by two hashes: most are of one id, and texts are slow.
    """
    cursor.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest($1::VARCHAR[]) AS kind",
                   [list(kinds)])
    every = """SELECT kind, code, user_key FROM identity_links
        WHERE kind IN (SELECT kind FROM asked)"""
    if "member" in kinds:  # a member number may itself be the id of rows in another file
        every += """ UNION ALL SELECT 'member', user_id, user_key FROM shopper_ids
        WHERE hash(user_id) IN (SELECT hash(code) FROM identity_links WHERE kind = 'member')"""
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE hints AS SELECT hash(kind, code) AS hint FROM ({every})
        GROUP BY hint HAVING min(user_key) <> max(user_key)""")
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE sharing AS
        SELECT DISTINCT h.rowid AS number, list_position($kinds, e.kind) - 1 AS kind, e.user_key,
          hash(reverse(e.code)) AS other_hint
        FROM ({every}) e JOIN hints h ON h.hint = hash(e.kind, e.code)""", {"kinds": list(KINDS)})
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE shared AS
        WITH known AS (
          SELECT user_key, min(gender) AS gender, min(birth_date) AS birth FROM customer_rows
          WHERE user_key IN (SELECT user_key FROM sharing) GROUP BY user_key),
        mails AS (
          SELECT user_key, min(hash(code)) AS mail FROM identity_links
          WHERE kind = 'email' AND user_key IN (SELECT user_key FROM sharing) GROUP BY user_key),
        told AS (
          SELECT s.number, min(s.kind) AS kind, count(*) AS ids, min(k.gender) AS gender_low,
            max(k.gender) AS gender_high, min(k.birth) AS birth_low, max(k.birth) AS birth_high,
            len(list_distinct(list(m.mail))) AS mails, count(m.mail) AS mailed
          FROM sharing s LEFT JOIN known k ON k.user_key = s.user_key
          LEFT JOIN mails m ON m.user_key = s.user_key
          GROUP BY s.number HAVING count(*) > 1 AND min(s.other_hint) = max(s.other_hint))
        SELECT number, kind, {_CONFLICTS} AS reason FROM told""", {"most": MOST_IDS})


def _ties(cursor: duckdb.DuckDBPyConnection, kinds: Sequence[str]) -> pd.DataFrame:
    """Return which ids a code ties: code (a number), kind (its place in KINDS), user_key."""
    _note_shared(cursor, kinds)
    return cursor.execute(
        """SELECT t.number AS code, CAST(t.kind AS BIGINT) AS kind,
          CAST(s.user_key AS BIGINT) AS user_key
        FROM shared t JOIN sharing s ON s.number = t.number WHERE t.reason IS NULL""").df()


def _merged(ties: pd.DataFrame) -> pd.DataFrame:
    """Return id_key, user_key (of the id that stands for it) and rule (how), ordered by id.

    The id that came first stands for all that are tied to it, near or far, and has no row.
    """
    if ties.empty:  # as in most shops, after each change
        return pd.DataFrame(columns=["id_key", "user_key", "rule"])
    ties = ties[ties.groupby("code")["user_key"].transform("size") > 1]
    keys, place = np.unique(ties["user_key"], return_inverse=True)
    first = pd.Series(place).groupby(ties["code"].to_numpy()).transform("min").to_numpy()
    graph = csr_array((np.ones(len(place), bool), (first, place)), shape=(len(keys), len(keys)))
    parts = connected_components(graph, directed=False)[1]
    tops = np.full(len(keys), len(keys))
    np.minimum.at(tops, parts, np.arange(len(keys)))
    hows = np.zeros(len(keys), np.int64)
    np.bitwise_or.at(hows, place, 1 << ties["kind"].to_numpy())
    names = (*KINDS, BY_HAND)
    told = {int(how): "+".join(sorted(n for i, n in enumerate(names) if how >> i & 1))
            for how in np.unique(hows)}
    found = pd.DataFrame({"id_key": keys, "user_key": keys[tops[parts]],
                          "rule": [told[h] for h in hows.tolist()]})
    return found[found["id_key"] != found["user_key"]].reset_index(drop=True)


# what she sees and decides -----------------------------------------------------------------------
def rules(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return kind, is_on, ids (that it ties to another id), people (those they are), conflicts."""
    on = {k for (k,) in cursor.execute(
        "SELECT kind FROM identity_rules WHERE is_on").fetchall()}
    ties = _ties(cursor, KINDS)
    doubtful = dict(cursor.execute(
        "SELECT kind, count(*) FROM shared WHERE reason IS NOT NULL GROUP BY kind").fetchall())
    rows = []
    for n, kind in enumerate(KINDS):
        merged = _merged(ties[ties["kind"] == n])
        people = merged["user_key"].nunique()
        rows.append((kind, kind in on, len(merged) + people, people, doubtful.get(n, 0)))
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
    _note_shared(cursor, KINDS)
    found = cursor.execute(
        """SELECT $kinds[t.kind + 1] AS kind, t.reason, list(i.user_id ORDER BY i.user_key) AS users
        FROM shared t JOIN sharing s ON s.number = t.number
        JOIN shopper_ids i ON i.user_key = s.user_key
        WHERE t.reason IS NOT NULL GROUP BY t.number, t.kind, t.reason""",
        {"kinds": list(KINDS)}).df()
    found["users"] = [tuple(u) for u in found["users"]]
    return found.sort_values(["kind", "reason", "users"], ignore_index=True)


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
