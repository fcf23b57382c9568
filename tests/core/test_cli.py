"""The command line: what it prints, where it looks for the workspace, its exit codes."""

import io
import json

import pandas as pd
import pytest

from omni_core import home
from omni_core.cli import main

ORDERS = "order_id,customer_id,created_at,total\n" + "".join(
    f"o{i},c{i % 4},2026-01-{1 + i:02d} 10:00:00,{10 + i}.50\n" for i in range(12))


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path / "home"))
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


def test_import_query_undo(orders, tmp_path, capsys):
    at = ["--workspace", str(tmp_path / "shop")]
    assert main(["import", *at, str(orders)]) == 0
    assert "imported as Orders: 12 rows, 12 accepted, 0 rejected, 0 left out" in (
        capsys.readouterr().out)
    assert main(["import", *at, str(orders)]) == 0
    assert "nothing was added twice" in capsys.readouterr().out
    assert main(["query", "summary", "--start", "2026-01-03", *at]) == 0
    row = pd.read_csv(io.StringIO(capsys.readouterr().out)).iloc[0]
    assert (row.orders, row.revenue) == (10, sum(10.5 + i for i in range(2, 12)))
    assert main(["undo", "1", *at]) == 0
    capsys.readouterr()
    assert main(["imports", *at]) == 0
    assert len(pd.read_csv(io.StringIO(capsys.readouterr().out))) == 0


def test_a_bad_file_and_a_bad_request_are_sentences(tmp_path, capsys):
    path = tmp_path / "strange.csv"
    path.write_text("alpha,beta\n1,2\n", encoding="utf-8")
    at = ["--workspace", str(tmp_path / "shop")]
    assert main(["import", *at, str(path), str(tmp_path / "gone.csv")]) == 1
    out = capsys.readouterr().out
    assert "--answer table=orders" in out and "gone.csv: not imported." in out
    assert main(["--lang", "zh", "query", "sumary", *at]) == 1
    assert "summary" in capsys.readouterr().err
    assert main(["undo", "7", *at]) == 1
    assert main(["import", "--answer", "nonsense", *at, str(path)]) == 1
    assert "FIELD=VALUE" in capsys.readouterr().err


def test_what_is_not_there_is_said_in_the_language_asked_for(tmp_path, capsys):
    gone = str(tmp_path / "gone")
    for words in (["classify", gone], ["restore", gone], ["evaluate", "--settings", gone]):
        assert main(words) == 1
        assert capsys.readouterr().err == (
            "The file gone can't be opened. Is it still there, and not open in Excel?\n")
    assert main(["undo", "3", "--lang", "zh"]) == 1
    assert capsys.readouterr().err == "没有名为“3”的导入记录，目前一个也没有。\n"
    assert main(["query", "summary", "--start", "2026-02-01", "--end", "2026-01-01"]) == 1
    assert "2026-01-01" in capsys.readouterr().err
    assert main(["query", "summary", "--start", "2026-9-1", "--end", "2026-10-1"]) == 1
    assert "start = 2026-9-1" in capsys.readouterr().err, "the end is after it: its form is wrong"
    assert main(["query", "summary", "--start", "2026-09-01", "--end", "20261001"]) == 0


def test_the_app_opens_what_was_imported(orders, capsys):
    assert main(["import", str(orders)]) == 0
    folder = home.last_opened()
    assert folder is not None and folder == home.workspaces()[0].resolve()
    assert main(["query", "summary"]) == 0
    assert "12" in capsys.readouterr().out


def test_help_speaks_the_terminals_language(monkeypatch, capsys):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main([]) == 2
    assert "撤销一次导入" in capsys.readouterr().out


def test_the_doctor_says_everything_and_touches_nothing(orders, tmp_path, capsys):
    strange = tmp_path / "strange.csv"
    strange.write_text("wer,sku,time,amount\nanna,p1,2026-01-01,5.00\nben,p2,gestern,6.00\n",
                       "utf-8")
    assert main(["doctor", str(orders)]) == 0
    out = capsys.readouterr().out
    assert "ready to import as Orders: 12 rows" in out and "Revenue from this file: ¥192.00" in out
    assert main(["doctor", str(orders), str(strange), "--format", "json"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["status"], first["encoding"], first["rows_in"]) == ("ready", "utf-8", 12)
    assert {m["role"]: m["column"] for m in first["mapping"]}["ts"] == "created_at"
    assert first["totals"][0]["read"] == "192.0000"
    (question,) = second["questions"]
    assert (question["field"], question["code"]) == ("user", "role")
    assert "wer" in question["options"]
    assert {"wer": "anna"}.items() <= second["examples"][0].items()
    # answered, it is read to its end: every reject with its line, as many as asked for
    assert main(["doctor", str(strange), "--format=json", "--answer", "user=wer"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["rejects"][0] | {"line": 3, "code": "bad_time", "value": "gestern"} == (
        report["rejects"][0])
    assert main(["doctor", str(strange), "--format=json", "--answer", "user=wer",
                 "--rejects=0"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["rejects"], report["rejected"]) == ([], 1)
    assert not home.workspaces() and home.last_opened() is None


def test_an_import_answers_in_json_too(orders, tmp_path, capsys):
    at = ["--workspace", str(tmp_path / "shop"), "--format", "json"]
    assert main(["import", *at, str(orders)]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert (report["status"], report["accepted"], report["import_id"]) == ("imported", 12, 1)


def test_a_mistyped_name_is_refused_and_makes_nothing(orders, tmp_path, capsys):
    at = ["--workspace", str(tmp_path / "shop")]
    gone = tmp_path / "shpo"
    assert main(["import", *at, str(orders)]) == 0
    for words, said in (
        (["query", "summary", "--workspace", str(gone)], f"There is no workspace in {gone}."),
        (["undo", "1", "--workspace", str(gone)], f"There is no workspace in {gone}."),
        (["query", "summary", "--channel", "wbe", *at], "There is no channel called “wbe”"),
        (["query", "summary", "--segment", "vpi", *at], "There is no segment called “vpi”"),
        (["doctor", str(orders), "--answer", "usr=buyer"], "answers = usr is not possible"),
        (["doctor", str(orders), "--answer", "step:refunds=off"], "answers = step:refunds is not"),
    ):
        capsys.readouterr()
        assert main(words) == 1
        assert said in capsys.readouterr().err
    assert not gone.exists()
    with pytest.raises(SystemExit):
        main(["--lang", "zh", "undo"])
    assert "用法：omni undo" in (said := capsys.readouterr().err) and "还缺这些参数：NUMBER" in said
