"""The desk of the data page: several files, what is decided about them, and where they wait."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException

from omni_core import Workspace, home
from pages.ui import desk as desks
from tests.app.test_data import GBK, press, words

ORDERS = ("订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间\n" + "".join(
    f"{i},甲{i},{i}0.00,交易成功,2026-03-0{i} 10:00:00\n" for i in range(1, 5))).encode()
LINES = ("订单编号,标题,价格,购买数量,商品属性,商家编码\n" + "".join(
    f"{i},茶,{i}0.00,1,红,sku{i}\n" for i in range(1, 5))).encode()
PEOPLE = ("customer id,email,age\n" + "".join(
    f"c{i},Anna{i}@mail.example,3{i}\n" for i in range(6))).encode()
RIDDLE = ("order,user,item,time,amount\n" + "".join(
    f"o{i},u{i},p,0{i}/0{i + 1}/2026,5\n" for i in range(1, 6))).encode()


def drop(at, *files):
    at.file_uploader[0].upload(*files[0], "text/csv")
    for name, data in files[1:]:
        at.file_uploader[0].upload(name, data, "text/csv")
    at.run()
    assert not at.exception
    return at


def badges(at):
    return [str(m.value).partition("[")[2].rstrip("]") for m in at.markdown
            if "-badge[" in str(m.value)]


def store():
    return Workspace.open(home.last_opened())


@pytest.mark.parametrize(("language", "expected"), [
    ("en", ["Ready to import", "Goes in after its orders", "Needs your answer",
            "Can't be imported"]),
    ("zh", ["可以导入", "排在订单之后导入", "需要你回答", "不能导入"])])
def test_several_files_at_once_each_with_its_state_and_orders_before_their_lines(
        open_page, language, expected):
    at = open_page("data", language)
    drop(at, ("订单.csv", ORDERS), ("宝贝.csv", LINES), ("riddle.csv", RIDDLE), ("bad.csv", b""))
    assert badges(at) == expected
    press(at, "import_all")
    with store() as ws:
        assert ws.counts()["orders"] == 4 and ws.counts()["events"] == 4
        assert ws.query("summary").revenue[0] == 100
        assert [f.name for f in ws.waiting.files()] == ["riddle.csv", "bad.csv"]
    assert badges(at)[:2] == [expected[0].replace("Ready to import", "Imported").replace(
        "可以导入", "已导入")] * 2


def test_a_reload_finds_the_files_and_the_answers_again_until_they_are_removed(open_page):
    at = drop(open_page("data"), ("riddle.csv", RIDDLE))
    next(r for r in at.radio if r.key.startswith("ask_")).set_value("day first").run()
    assert badges(at) == ["Ready to import"]
    at = open_page("data")  # another session
    assert badges(at) == ["Ready to import"] and "Day first" in words(at)
    press(at, "again_")  # what was said can be taken back for good
    assert badges(open_page("data")) == ["Needs your answer"]
    press(at, "away_")
    assert badges(at) == badges(open_page("data")) == []


def test_a_step_switched_off_changes_what_is_read(open_page):
    at = drop(open_page("data"), ("x.csv", GBK))
    toggle = next(t for t in at.toggle if t.key.endswith("_totals_row"))
    toggle.set_value(False).run()
    assert not at.exception
    assert "3 rows: 1 to import, 2 can't be used, 0 left out" in words(at)


def test_a_decision_is_applied_to_next_months_file_and_can_be_dropped(open_page):
    at = drop(open_page("data"), ("march.csv", RIDDLE))
    next(r for r in at.radio if r.key.startswith("ask_")).set_value("day first").run()
    press(at, "import_")
    drop(at, ("april.csv", RIDDLE.replace(b"/2026", b"/2025")))
    assert badges(at) == ["Imported", "Ready to import"]
    assert "Applied again, as you decided for such a file before:" in words(at)
    press(at, "anew_")
    assert badges(at) == ["Imported", "Needs your answer"]


@pytest.mark.parametrize(("fate", "kept"), [("key", 0), ("drop", 0), ("keep", 6)])
def test_the_fate_of_a_personal_column_is_chosen_on_the_card(open_page, fate, kept):
    at = drop(open_page("data"), ("customers.csv", PEOPLE.replace(b"email", b"e-mail *1*")))
    picker = next(s for s in at.selectbox if s.key.startswith("personal_"))
    assert (picker.label, picker.value) == (r"e\-mail \*1\*", "key"), "a header is no Markdown"
    picker.set_value(fate).run()
    press(at, "import_")
    with store() as ws:
        assert len(ws.people.contacts([f"c{i}" for i in range(6)])) == kept
        with ws._database.cursor() as cursor:
            (ties,) = cursor.execute("SELECT count(*) FROM identity_links").fetchall()[0]
        assert ties == (0 if fate == "drop" else 6)


def test_files_of_a_folder_are_read_where_they_lie(open_page, tmp_path):
    (tmp_path / "exports").mkdir()
    for name, data in (("a.csv", ORDERS), ("b.csv", PEOPLE)):
        (tmp_path / "exports" / name).write_bytes(data)
    at = open_page("data")
    at.text_input(key="data_path").set_value(str(tmp_path / "exports")).run()
    at.multiselect(key="data_chosen").set_value(["b.csv"]).run()
    assert badges(at) == ["Ready to import"]
    press(at, "import_")
    assert badges(at) == ["Imported"] and (tmp_path / "exports" / "b.csv").exists()
    with store() as ws:
        assert ws.counts()["customers"] == 6 and ws.waiting.files() == ()


def test_another_zone_is_asked_once_and_the_files_are_read_anew(open_page):
    at = drop(open_page("data"), ("订单.csv", ORDERS))
    assert "Asia/Shanghai" in words(at).replace("\\", "")
    at.selectbox(key="zone_choice").set_value("Europe/Paris").run()
    press(at, "zone_use")
    press(at, "import_")
    with store() as ws:
        assert ws.timezone == "Europe/Paris"
        with ws._database.cursor() as cursor:
            assert str(cursor.execute("SELECT min(ts) FROM order_rows").fetchall()[0][0]) == (
                "2026-03-01 09:00:00")


def test_an_import_that_is_cancelled_leaves_nothing_and_can_be_gone_on_with(
        open_page, monkeypatch):
    at = drop(open_page("data"), ("订单.csv", ORDERS))
    read = desks.Source.read

    def cut_off(source, ws, answers, progress, commit):
        def click(share):  # as a click on any control does, in the middle of the writing
            if commit and share >= 0.6:
                raise StopException
            progress(share)
        return read(source, ws, answers, click, commit)

    with monkeypatch.context() as patched:
        patched.setattr(desks.Source, "read", cut_off)
        press(at, "import_")
    at.run()
    assert "Nothing of 订单\\.csv was imported" in " ".join(w.value for w in at.warning)
    with store() as ws:
        assert sum(ws.counts().values()) == 0 and len(ws.waiting.files()) == 1
    press(at, "go_on")
    with store() as ws:
        assert ws.counts()["orders"] == 4
