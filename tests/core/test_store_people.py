"""One person with several ids, addresses kept or coded, small cells, and a customer forgotten."""

from __future__ import annotations

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.errors import BadParameter, TooFewPeople, UnknownId, UnknownName
from omni_core.small_cells import hidden
from omni_core.store.database import Database
from tests.core.store_state import answers, everything

ORDERS = """order id,buyer,buyer email,product,amount,created at
1,anna,Anna@x.com ,p1,10,2026-01-01 10:00:00
2,bert,bert@x.com,p2,20,2026-01-02 10:00:00
3,carl,carl@x.com,p1,30,2026-01-03 10:00:00
"""
LOG = """customer id,e-mail,phone,event,item,time
u1,anna@x.com,138-0013-8000,view,p2,2026-01-01 09:00:00
u2,dora@x.com,138 0013 8000,view,p2,2026-01-01 09:10:00
u3,erik@x.com,+8613900139000,view,p3,2026-01-01 09:20:00
"""


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="UTC") as workspace:
        for name, text in (("orders.csv", ORDERS), ("log.csv", LOG)):
            r = workspace.import_file(data=text.encode(), name=name)
            assert r.status == "imported", (r.code, r.questions)
        yield workspace


def shoppers(ws):
    return int(ws.query("summary").shoppers[0])


def test_a_person_is_found_by_an_address_however_it_is_written(ws):
    anna, u1 = ws.people.named(" ANNA@x.com")
    assert u1 == "u1" and ws.people.named("138 0013-8000") == ("u1", "u2")
    assert ws.people.named("nobody@x.com") == ws.people.named("") == ws.people.named("anna") == ()
    ws.people.set_rule("email", True)
    assert ws.people.named("anna@X.com") == (anna,)
    assert ws.people.named("138 0013-8000") == (anna, "u2")  # u1 is Anna now


def test_ids_that_look_like_people_counted_already_are_counted(ws):
    ws.import_file(data=b"customer id,e-mail,phone\nx,f@x.com,13700137000\n"
                        b"y,F@x.com,137 0013 7000\nz,F@x.com,137 0013 7000\n", name="c.csv",
                   answers={"table": "customers"})
    assert ws.people.counted_twice() == 3  # Anna, y and z; two of them by their phone, too
    ws.people.part("z")
    assert ws.people.counted_twice() == 2
    ws.people.set_rule("phone", True)
    assert ws.people.counted_twice() == 1  # y is joined already
    ws.people.set_rule("email", True)
    assert ws.people.counted_twice() == 0


def test_a_phone_of_different_addresses_ties_nobody_unless_two_of_them_are_one(tmp_path):
    for third, joined in (("a@x.com", 3), ("c@x.com", 0), ("", 0)):
        rows = f"1,13800138000,a@x.com\n2,13800138000,b@x.com\n3,13800138000,{third}\n"
        with Workspace.open(tmp_path / f"shop{third}") as ws:
            ws.import_file(data=b"customer id,phone,email\n" + rows.encode(), name="a.csv",
                           answers={"table": "customers"})
            phone = ws.people.rules().set_index("kind").loc["phone"]
            assert (phone.ids, phone.conflicts) == (joined, 0 if joined else 1)


def test_a_rule_joins_what_shares_an_address_and_lists_what_looks_like_two(ws):
    assert shoppers(ws) == 6
    before = answers(ws)
    rules = ws.people.rules().set_index("kind")
    assert rules.loc["email", ["ids", "people", "conflicts"]].tolist() == [2, 1, 0]
    assert rules.loc["phone", "conflicts"] == 1  # two e-mails, one phone
    assert ws.people.conflicts()[["reason", "users"]].values.tolist() == [
        ["different_email", ("u1", "u2")]]
    ws.people.set_rule("email", True)
    assert shoppers(ws) == 5
    assert ws.people.identities().values.tolist() == [["u1", "anna", "email"]]
    ws.people.set_rule("phone", True)  # a conflict joins nobody
    assert shoppers(ws) == 5
    apart = ws.people.part("u1")
    assert shoppers(ws) == 6
    ws.people.take_back(apart)
    assert shoppers(ws) == 5
    for kind in ("email", "phone"):
        ws.people.set_rule(kind, False)
    pd.testing.assert_frame_equal(before["summary"], ws.query("summary"))
    assert before.keys() == answers(ws).keys()


def test_joining_by_hand_is_undone_without_a_trace(ws):
    before = answers(ws)
    number = ws.people.join("bert", "u3")
    assert shoppers(ws) == 5
    funnel = ws.query("funnel").set_index("step").shoppers
    assert funnel["purchase"] == 1  # bert now viewed before he bought; the others only bought
    ws.people.take_back(number)
    for name, frame in answers(ws).items():
        pd.testing.assert_frame_equal(frame, before[name])
    with pytest.raises(UnknownId):
        ws.people.join("bert", "nobody")
    with pytest.raises(BadParameter):
        ws.people.join("bert", "bert")
    with pytest.raises(UnknownName):
        ws.people.take_back(99)


def test_a_choice_outlives_the_undo_of_an_import(ws):
    ws.people.join("bert", "u3")
    log = int(ws.imports().import_id[0])
    ws.undo(log)
    assert shoppers(ws) == 3 and ws.people.identities().empty
    ws.import_file(data=LOG.encode(), name="log.csv")
    assert ws.people.identities().values.tolist() == [["u3", "bert", "by_hand"]]


def test_addresses_are_coded_dropped_or_kept_as_she_says(tmp_path):
    kept = {}
    for fate in ("key", "drop", "keep"):
        with Workspace.open(tmp_path / fate, timezone="UTC") as ws:
            r = ws.import_file(data=ORDERS.encode(), name="o.csv", answers={"personal": fate})
            assert [(p.column, p.kind, p.fate) for p in r.personal] == [
                ("buyer email", "email", fate)]
            assert ws.people.would_forget("anna").rows == 1  # wherever parts of it lie
            kept[fate] = ws.people.contacts(["anna", "bert"])["value"].tolist()
            assert ("anna@x.com" in str(everything(ws)).lower()) == (fate == "keep")
            assert len(everything(ws)["identity_links"]) == (0 if fate == "drop" else 3)
            if fate == "keep":
                assert "Anna@x.com" not in str(answers(ws))
                plain = ws.backups.make(tmp_path / "plain.omni")
                ticked = ws.backups.make(tmp_path / "ticked.omni", contacts=True)
                ws.people.drop_contacts()
                assert ws.people.contacts(["anna"]).empty
                ws.backups.restore(plain)
                assert ws.people.contacts(["anna"]).empty
                ws.backups.restore(ticked)
                assert ws.people.contacts(["anna"])["value"].tolist() == ["Anna@x.com"]
    assert kept == {"key": [], "drop": [], "keep": ["Anna@x.com", "bert@x.com"]}
    with Workspace.open(tmp_path / "bad") as ws:
        r = ws.import_file(data=ORDERS.encode(), name="o.csv", answers={"personal": "sell"})
        assert (r.status, r.code) == ("refused", "unknown_answer")


def test_a_forgotten_customer_is_nowhere_and_stays_away(ws, tmp_path):
    ws.people.set_rule("email", True)
    ws.save_artefact("list", "gifts", {"users": ["anna", "bert"], "note": "k"})
    ws.save_artefact("settings", "x", {"k": 5})
    ws.save_artefact("service_log", "log", [{"text": t} for t in (
        "where is order 1, please?", "Anna here", "it is for berta", "order 10")])
    old = ws.backups.make()
    elsewhere = ws.backups.make(tmp_path / "elsewhere.omni")
    told = ws.people.would_forget("u1")
    done, fresh = ws.people.forget("u1")  # also the other id of the same person
    assert done == told and (done.ids, done.orders, done.artefacts) == (2, 1, 2)
    assert ws.artefact("list", "gifts") == {"users": ["bert"], "note": "k"}
    assert [m["text"] for m in ws.artefact("service_log", "log")] == [
        "it is for berta", "order 10"]
    assert not old.exists() and ws.backups.listing().path.tolist() == [fresh]

    def no_trace():
        assert shoppers(ws) == 4
        held = {name: frame for name, frame in everything(ws).items() if name != "forgotten"}
        for trace in ("anna", "u1"):
            assert trace not in str({n: f.values.tolist() for n, f in held.items()})
        assert ws.query("summary").revenue[0] == 50
        assert b"anna" not in (ws.path / "omni.duckdb").read_bytes()

    no_trace()
    for name, text in (("again.csv", ORDERS + "\n"), ("log again.csv", LOG + "\n")):
        r = ws.import_file(data=text.encode(), name=name)
        assert r.exclusions["forgotten"] == 1 and r.rows_in == 3
    no_trace()
    ws.backups.restore(elsewhere)  # made before she was forgotten
    no_trace()


def test_bytes_of_hers_that_the_engine_leaves_in_a_file_are_written_over(
        ws, tmp_path, monkeypatch):
    """It fills small gaps with what its memory held: here always, in the first file written."""
    real, turns, path = Database.compact, [], ws.path / "omni.duckdb"

    def compact(self):
        real(self)
        turns.append(path)
        if len(turns) == 1:
            with path.open("ab") as file:
                file.write(b"anna")

    old = ws.backups.make(tmp_path / "old.omni")
    monkeypatch.setattr(Database, "compact", compact)
    for deed in (lambda: ws.people.forget("anna"), lambda: ws.backups.restore(old)):
        turns.clear()
        deed()
        assert len(turns) == 2 and b"anna" not in path.read_bytes()


def test_a_file_is_not_written_over_and_over_for_a_word_that_is_part_of_another(ws, monkeypatch):
    real, turns = Database.compact, []
    monkeypatch.setattr(Database, "compact", lambda self: (turns.append(1), real(self)))
    ws.import_file(data=b"user,item,event,time\nhannah,p1,view,2026-01-04 10:00\n", name="h.csv")
    ws.people.forget("anna")
    assert len(turns) <= 3 and len(ws.query("find_shoppers", search="hannah")) == 1


@pytest.mark.parametrize("counts, k, expected", [
    ([10, 20, 30], 5, []), ([3, 20, 30], 5, [0, 1]), ([3, 4, 30], 5, [0, 1]),
    ([1, 1, 30, 9], 5, [0, 1, 3]), ([0, 3, 8], 5, [1, 2]), ([2], 5, [0]), ([2, 9], 1, []),
    ([0, 0], 5, [])])
def test_small_cells_can_neither_be_seen_nor_worked_out(counts, k, expected):
    assert [i for i, h in enumerate(hidden(counts, k)) if h] == expected


def test_queries_hide_small_cells_at_her_limit(tmp_path):
    ages = [20] * 3 + [30] * 8 + [40] * 20 + [None] * 6
    text = "customer id,age\n" + "".join(f"u{i},{a or ''}\n" for i, a in enumerate(ages))
    with Workspace.open(tmp_path, small_cells=5) as ws:
        ws.import_file(data=text.encode(), name="people.csv")
        shown = ws.query("age_histogram").set_index("band")
        assert shown.loc["35-44", "shoppers"] == 20
        away = shown[shown.shoppers.isna()].index.tolist()
        assert away == ["18-24", "unknown"] and shown.loc[away, "share"].isna().all()
        years = ws.query("ages").set_index("age").shoppers
        assert years.isna().to_dict() == {20: True, 30: True, 40: False}
        ws.set_small_cells(1)
        assert ws.query("age_histogram").shoppers.sum() == 37
        with pytest.raises(BadParameter):
            ws.set_small_cells(0)
    with Workspace.open(tmp_path, small_cells=5) as ws:
        assert ws.small_cells == 1  # what she set counts


def test_a_segment_of_a_file_that_few_belong_to_or_stay_out_of_has_no_numbers(tmp_path):
    rows = "".join(f"u{n},{20 + n},{'rare' if n < 3 else 'usual'}\n" for n in range(13))
    with Workspace.open(tmp_path, timezone="UTC") as ws:
        ws.import_file(data=f"customer id,age,segment\n{rows}".encode(), name="c.csv")
        assert ws.query("summary", segment="rare").shoppers[0] == 3  # no limit was set
        ws.set_small_cells(4)
        for segment in ("rare", "usual"):
            with pytest.raises(TooFewPeople):
                ws.query("summary", segment=segment)
        ws.set_small_cells(3)
        assert ws.query("summary", segment="usual").shoppers[0] == 10


def test_an_openid_in_a_list_of_members_names_whom_a_log_saw(ws):
    members = "会员卡号,微信openid,年龄\n" + "".join(f"VIP{i},oX{i},3{i}\n" for i in range(6))
    log = "访问时间,用户openid,事件名称,商品ID\n" + "".join(
        f"2026-01-0{i + 1} 10:00:00,oX{i},浏览商品详情,p1\n" for i in range(6))
    for name, text in (("members.csv", members), ("mini.csv", log)):
        assert ws.import_file(data=text.encode(), name=name).status == "imported"
    before = shoppers(ws)
    ws.people.set_rule("member", True)
    assert ws.people.rules().set_index("kind").loc["member", ["ids", "people"]].tolist() == [12, 6]
    assert set(ws.people.identities()["rule"]) == {"member"} and shoppers(ws) == before
