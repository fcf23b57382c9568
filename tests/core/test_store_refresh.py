"""What is counted anew by parts is what a rebuild of everything makes, whatever came and went."""

from __future__ import annotations

import random

import pytest

from omni_core import Workspace
from omni_core.segments import Condition, Segment
from omni_core.store import archive, kept, meta, on_demand, refresh, touched
from tests.core.store_faults import state
from tests.core.store_state import everything


def log(r):
    """Behaviour of people and of nobody, with purchases that may be orders of another file."""
    rows = [f"{r.choice(['u1', 'u2', 'u3', 'u4', ''])},p{r.randrange(3)},"
            f"{r.choice(['view', 'cart', 'purchase'])},2026-01-{r.randrange(1, 9):02d} "
            f"{r.randrange(24):02d}:00,{r.choice(['app', 'web', ''])}" for _ in range(14)]
    return "user,item,event,time,channel\n" + "\n".join(rows) + "\n"


def lines(r):
    """Order lines, some sent back, in two currencies; a shopper may differ between two files."""
    rows = [f"{n},u{r.randrange(1, 5)},p{r.randrange(3)},{r.choice([1, 1, 2, -1])},"
            f"{5 + n},2026-01-{n % 9 + 1:02d} 1{r.randrange(10)}:00,{r.choice(['CNY', 'USD'])},"
            f"{r.choice(['paid', 'paid', 'cancelled', 'refunded'])}"
            for n in sorted(r.sample(range(1, 12), 6)) for _ in range(r.randrange(1, 3))]
    return ("order id,customer id,product id,quantity,price,created at,currency,order status\n"
            + "\n".join(rows) + "\n")


def heads(r):
    """Order headers with totals, by day."""
    rows = [f"{n},u{r.randrange(1, 5)},{20 + n},2026-01-{n % 9 + 1:02d},"
            f"{r.choice(['paid', 'unpaid'])},{r.choice(['CNY', 'USD'])}"
            for n in sorted(r.sample(range(1, 12), 5))]
    return "order id,customer id,total,created at,order status,currency\n" + "\n".join(rows) + "\n"


def people(r):
    rows = [f"u{n},{r.choice('fm')},{20 + 10 * n},e{r.randrange(3)}@x.com"
            for n in range(1, 5)]
    return "customer id,gender,age,email\n" + "\n".join(rows) + "\n"


def history(folder, seed, steps, check=state):
    """Do and undo in any order; after each step every table is as a rebuild makes it."""
    r = random.Random(seed)
    with Workspace.open(folder, timezone="Asia/Shanghai") as ws:
        ws.people.set_rule("email", True)
        for step in range(steps):
            numbers = ws.imports()["import_id"].tolist()
            ids = [i for i in ("u1", "u2", "u3", "u4") if len(ws.query("find_shoppers", search=i))]
            deed = r.choice(["take"] * 5 + ["undo", "join", "rule"]) if numbers else "take"
            if deed == "take":
                data = r.choice([log, log, lines, lines, heads, people])(r).encode()
                report = ws.import_file(data=data, name=f"{step}.csv")
                assert report.status in ("imported", "already_imported"), report.message
            elif deed == "undo":
                ws.undo(r.choice(numbers))
            elif deed == "join" and len(ids) > 1:
                ws.people.join(*r.sample(ids, 2))
            elif deed == "rule":
                ws.people.set_rule("email", r.random() < 0.5)
            check(ws)


@pytest.fixture
def by_parts(monkeypatch):
    monkeypatch.setattr(refresh, "SMALL", 0)
    monkeypatch.setattr(refresh, "_LARGEST_SHARE", float("inf"))


@pytest.fixture
def all_large(monkeypatch):
    monkeypatch.setattr(refresh, "SMALL", 0)
    monkeypatch.setattr(refresh, "_LARGEST_SHARE", 0)


@pytest.mark.parametrize("seed", range(2))
def test_after_each_step_all_is_as_if_made_anew(tmp_path, by_parts, seed):
    history(tmp_path, seed, 7)


def test_a_date_alone_tells_no_hour_whatever_else_comes_and_goes(tmp_path, by_parts):
    """Of lines and of headers without lines; also where a file's only rows with a time go."""
    heads = b"order id,customer id,total,created at\n1,u1,20,03/08/2026\n2,u2,30,03/20/2026\n"
    lines = (b"order id,customer id,product id,price,quantity,created at\n"
             b"3,u3,p,5,1,2026-03-07\n4,u4,p,5,1,2026-03-09\n")
    mixed = b"user,item,event,time\nu5,p,view,2026-03-07 10:05\nu6,p,view,2026-03-09 00:00\n"
    with Workspace.open(tmp_path, timezone="America/New_York") as ws:
        ws.import_file(data=mixed, name="log.csv")
        for data in (heads, lines):
            number = ws.import_file(data=data, name="days.csv").import_id
        hours = ws.query("hour_by_weekday")
        assert hours.values.tolist() == [[1, 0, 1], [6, 10, 1]]  # the mixed file's midnight counts
        assert ws.query("events_without_hour").values.tolist() == [[4, 6]]
        assert ws.query("events_without_hour", end="2026-03-08").values.tolist() == [[1, 2]]
        state(ws)
        ws.people.forget("u5")
        state(ws)
        assert ws.query("hour_by_weekday").empty
        ws.undo(number)
        state(ws)
        assert ws.query("events_without_hour").values.tolist() == [[3, 3]]
        ws.undo(2)  # headers alone, whose rows are gone when what they counted for is looked for
        state(ws)
        assert ws.query("events_without_hour").values.tolist() == [[1, 1]]


def test_what_an_undo_lets_count_again_or_leaves_without_a_row(tmp_path, by_parts):
    """A log's purchase that an order's line stood for; an id of a person, with views only."""
    seen = b"user,item,event,time\n"
    line = (b"order id,customer id,product id,price,quantity,created at\n"
            b"1,u1,p,5,1,2026-01-02 10:00\n")
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=seen + b"u1,p,purchase,2026-01-02 10:01\nu1,q,view,2026-01-05 09:00\n",
                       name="log.csv")
        order = ws.import_file(data=line, name="orders.csv").import_id
        assert ws.query("summary").events[0] == 2
        more = ws.import_file(data=seen + b"m1,q,view,2026-01-01 08:00\nm1,q,view,2026-01-09\n",
                              name="more.csv").import_id
        ws.people.join("u1", "m1")
        state(ws)
        for number, left in ((more, 2), (order, 2)):
            ws.undo(number)
            state(ws)
            assert ws.query("summary")[["shoppers", "events"]].values.tolist() == [[1, left]]
        assert everything(ws)["shopper_ids"].user_id.tolist() == ["u1"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 102))
def test_after_each_step_of_many_histories(tmp_path, by_parts, seed):
    history(tmp_path, seed, 16)


def test_the_undo_of_the_latest_large_import_puts_back_what_was_derived_before(
        tmp_path, all_large, monkeypatch):
    def hashes():
        with ws._database.cursor() as cursor:
            return archive.hashes(cursor)

    def take(kind, name):
        report = ws.import_file(data=kind(r).encode(), name=name)
        assert report.status == "imported", report.message
        return report.import_id

    r = random.Random(6)
    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        ws.people.set_rule("email", True)
        for kind, more in ((lines, [heads, log]), (people, [lines, people]), (log, [log, heads])):
            take(kind, "stays.csv")
            for other in more:
                before, number = hashes(), take(other, "goes.csv")
                with monkeypatch.context() as counting:
                    counting.delattr(refresh, "rebuild")  # nothing is counted
                    ws.undo(number)
                assert hashes() == before
        state(ws)


def test_what_was_derived_before_is_kept_until_anything_else_changes(
        tmp_path, all_large, monkeypatch):
    def is_kept(number):
        with ws._database.cursor() as cursor:
            return kept.is_before(cursor, number)

    said = b"user,time,text\nu1,2026-01-01 10:00,where is the parcel\nu9,2026-01-02 11:00,thanks\n"
    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        ws.import_file(data=lines(random.Random(1)).encode(), name="a.csv")
        assert ws.import_file(data=said, name="b.csv").status == "imported"
        r, anew, by_parts = random.Random(2), 0, float("inf")
        for share, change in (
                (by_parts, lambda: ws.people.set_rule("email", True)),
                (anew, lambda: ws.people.join("u1", "u2")), (anew, lambda: ws.set_timezone("UTC")),
                (by_parts, lambda: ws.undo(1)),
                (by_parts, lambda: ws.import_file(data=people(r).encode(), name="c.csv")),
                (anew, lambda: ws.backups.restore(ws.backups.make())),
                (anew, lambda: ws.people.forget("u1"))):
            number = ws.import_file(data=log(r).encode(), name="d.csv").import_id
            ws.save_artefact("any", "name", 1)  # nothing derived
            assert is_kept(number)
            monkeypatch.setattr(refresh, "_LARGEST_SHARE", share)
            change()
            assert not is_kept(number)
            monkeypatch.setattr(refresh, "_LARGEST_SHARE", anew)
        state(ws)
        held = str([frame.values.tolist() for frame in everything(ws).values()])
        assert "thanks" in held and "parcel" not in held


def test_a_change_of_the_usual_currency_reaches_every_order(tmp_path, by_parts):
    head = b"order id,customer id,total,created at,currency\n"
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=head + b"1,a,10,2026-01-01 10:00,CNY\n2,b,20,2026-01-02 10:00,CNY\n",
                       name="a.csv")
        r = ws.import_file(data=head + b"".join(
            b"%d,c,7,2026-01-03 10:00,USD\n" % n for n in range(3, 7)), name="b.csv")
        assert ws.query("summary").revenue[0] == 28
        state(ws)
        ws.undo(r.import_id)
        assert ws.query("summary").revenue[0] == 30
        state(ws)


def test_a_store_made_by_other_definitions_is_counted_anew_when_it_is_opened(tmp_path):
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=log(random.Random(1)).encode(), name="a.csv")
        before = ws.query("summary")
        with ws._database.transaction() as cursor:
            cursor.execute("DROP TABLE shopper_sums")
            cursor.execute("CREATE TABLE shopper_facts AS SELECT 1 AS user_key")  # made no more
            meta.put(cursor, "derived_by", "an older program")
    with Workspace.open(tmp_path) as ws:
        assert ws.query("summary").equals(before)
        with ws._database.cursor() as cursor:
            assert not cursor.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = "
                                      "'shopper_facts' AND database_name <> 'on_demand'").fetchall()
        state(ws)


def test_visits_made_in_pieces_are_those_made_at_once(tmp_path, monkeypatch):
    def asked():
        return [ws.query(name, **given) for name in (
            "visits", "visit_views", "daily_views", "first_steps", "funnel_in_order")
            for given in ({}, {"channel": "app"}, {"start": "2026-01-03T09:30"})
        ] + [ws.query("summary", segment=Segment((condition,))) for condition in (
            Condition("views", "at_least", 6), Condition("left_carts", "at_least", 1),
            Condition("channel", "is", "web"))]

    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        for seed in range(3):
            ws.import_file(data=log(random.Random(seed)).encode(), name="a.csv")
        at_once = asked()
        assert at_once[0].visits[0] > 10
        monkeypatch.setattr(on_demand, "_PIECE", 2)
        with ws._database.transaction() as cursor:
            touched.note_all(cursor)
        for before, now in zip(at_once, asked(), strict=True):
            assert now.equals(before)


def prepared(ws):
    """What was prepared and brought up to date is what its definition says, row by row."""
    ws.prepare()
    with ws._database.cursor() as cursor:
        given = {"now": on_demand.now(), "zone": "Asia/Shanghai", "pieces": 1, "piece": 0}
        for table, body in on_demand.definitions().items():
            made = on_demand.ready(cursor, body)
            values = {k: v for k, v in given.items() if f"${k}" in made}
            kept = f"SELECT * FROM prepared.{table}"
            for one, other in ((made, kept), (kept, made)):
                odd = cursor.execute(f"({one}) EXCEPT ALL ({other})", values).fetchall()
                assert not odd, (table, odd)


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr(on_demand, "LARGE", 0)


def test_what_was_prepared_follows_each_step(tmp_path, by_parts, large, monkeypatch):
    followed = []
    update = on_demand._bring_up_to_date
    monkeypatch.setattr(on_demand, "_bring_up_to_date",
                        lambda *given: (followed.append(1), update(*given)))
    history(tmp_path / "any", 0, 4, prepared)
    with Workspace.open(tmp_path / "shop", timezone="Asia/Shanghai") as ws:
        goods = "product id,category\np0,{}\np1,tea\np2,tea\n"
        for data in (log(random.Random(1)), goods.format("tea"),
                     "user,item,event,time\nu9,p0,purchase,2026-01-03 10:00\n"):
            report = ws.import_file(data=data.encode(), name="a.csv")
        prepared(ws)
        ws.undo(report.import_id)  # nothing is left of u9
        prepared(ws)
        ws.import_file(data=goods.format("cups").encode(), name="goods.csv")
        prepared(ws)
    assert followed


def test_what_was_prepared_outlives_the_program_and_no_forgotten_customer(tmp_path, large):
    file = tmp_path / "prepared" / "prepared.duckdb"
    with Workspace.open(tmp_path, timezone="Asia/Shanghai") as ws:
        ws.import_file(data=log(random.Random(1)).encode(), name="a.csv")
        assert not ws.is_prepared
        shares = []
        ws.prepare(shares.append)
        assert shares[0] == 0 and shares == sorted(shares) and shares[-1] == 1
        ws.save_artefact("any", "name", 1)  # another revision, but no other rows
        assert ws.is_prepared
        before = ws.query("visits")
    with Workspace.open(tmp_path) as ws:
        assert ws.is_prepared
        ws.people.forget("u1")
        assert not file.exists() and not ws.is_prepared
        assert ws.query("visits").shoppers[0] == before.shoppers[0] - 1
    file.write_bytes(b"no store of anybody" * 1000)
    with Workspace.open(tmp_path) as ws:
        assert ws.query("visits").shoppers[0] == before.shoppers[0] - 1
