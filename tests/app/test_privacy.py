"""The privacy page: joining ids, small groups, forgetting, backups."""

from __future__ import annotations

import re

import pytest

from omni_core import Workspace, home

LOG = (b"customer id,e-mail,event,item,time\n"
       b"u1,anna@x.com,view,p1,2026-01-01 09:00\nu2,ANNA@x.com,purchase,p1,2026-01-01 10:00\n"
       b"u3,bert@x.com,view,p1,2026-01-02 09:00\n")


@pytest.fixture
def shop(tmp_path, monkeypatch):
    folder = home.new_workspace()
    with Workspace.open(folder, timezone="UTC") as ws:
        assert ws.import_file(data=LOG, name="log.csv").status == "imported"
    home.remember(folder)
    return folder


def people(folder):
    with Workspace.open(folder) as ws:
        return int(ws.query("summary").shoppers[0])


@pytest.mark.parametrize(("language", "title"), [
    ("en", "Privacy and backups"), ("zh", "隐私与备份")])
def test_ids_are_joined_a_customer_forgotten_a_backup_restored(open_page, shop, language, title):
    twice = {"en": "counted twice", "zh": "重复计算"}[language]
    start = open_page("start", language)
    assert any(twice in m.value for m in start.markdown)
    assert {"en": "Look and join", "zh": "查看并合并"}[language] in [
        link.proto.label for link in start.get("page_link")]
    at = open_page("privacy", language)
    assert not at.exception and at.title[0].value == title
    at.toggle(key="pv_rule_email").set_value(True).run()
    assert not any(twice in m.value for m in open_page("start", language).markdown)
    assert not at.exception and people(shop) == 2
    at.button(key="pv_backup").click().run()
    at.text_input(key="pv_search").set_value("Bert@x.com").run()
    at.selectbox(key="pv_who").set_value("u3").run()
    assert [re.findall(r"\d+", w.value) for w in at.warning] == [["1", "0", "1"]]
    at.checkbox(key="pv_sure").check().run()
    at.button(key="pv_forget").click().run()
    assert not at.exception and people(shop) == 1
    told = [re.findall(r"\d+", s.value) for s in at.success]
    assert told == [["1", "0", "1"]]  # 1 id, 0 orders, 1 row
    with Workspace.open(shop) as ws:
        assert ws.backups.listing().why.tolist() == ["after-forgetting"]
    at.toggle(key="pv_rule_email").set_value(False).run()
    assert people(shop) == 2 and not at.success  # told once
    with Workspace.open(shop) as ws:  # taken back in another tab before it is taken back here
        ws.people.join("u1", "u2")
        at.run()
        ws.people.take_back(int(ws.people.choices().choice_id.iloc[0]))
    next(b for b in at.button if b.key.startswith("pv_back_")).click().run()
    assert not at.exception and len(at.error) == 1 and at.title[0].value == title
    at.run()
    assert not at.error, "it is told once"
    at.button(key="pv_restore_0").click().run()
    assert not at.exception and people(shop) == 1
