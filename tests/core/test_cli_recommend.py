"""``omni recommend`` and ``omni evaluate``: a file of settings in, the library's answer out."""

import io
import json

import pandas as pd
import pytest

from omni_core.cli import main
from omni_core.export import to_csv
from omni_core.recommend import MODELS, evaluate, time_split, together
from omni_core.recommend.task import Task, gather
from omni_core.workspace import Workspace
from tests.core.recommend_frames import shop


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    events = shop(2500, 70, 40).rename(columns={"user": "user_id", "item": "item_id", "ts": "time"})
    people = pd.DataFrame({"customer_id": [*(f"u{i}" for i in range(70)), "new"],
                           "age": [20 + i % 40 for i in range(71)],
                           "segment": [("gold", "blue")[i % 2] for i in range(70)] + ["gold"]})
    names = [f"{'=1+' if i < 20 else 'Thing '}{i % 7}" for i in range(40)]
    goods = pd.DataFrame({"product_id": [f"p{i}" for i in range(40)], "product name": names,
                          "brand": [f"b{i % 3}" for i in range(40)],
                          "price": range(10, 50), "stock": [0 if i == 6 else 5 for i in range(40)]})
    at = tmp_path_factory.mktemp("cli") / "shop"
    with Workspace.open(at, timezone="UTC") as ws:
        for name, frame in (("events", events), ("customers", people), ("products", goods)):
            report = ws.import_file(data=frame.to_csv(index=False).encode(), name=f"{name}.csv")
            assert report.status == "imported", (name, report.code, report.questions)
    return at


def run(*arguments):
    return main(["--lang", "en", *map(str, arguments)])


def written(tmp_path, **settings):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


def data(folder):
    with Workspace.open(folder) as ws:
        frames = [ws.query("interactions", level="item"), ws.query("catalogue", level="item"),
                  ws.query("shopper_names")]
    return gather(*frames), frames[1].set_index("item")["id"], frames[2].set_index("user")["id"]


def test_the_lists_of_everyone_are_those_of_the_library(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("omni_core.recommend.task._AT_ONCE", 9)  # several parts of one file
    out = tmp_path / "lists.csv"
    settings = written(tmp_path, model="ease", fields={"l2": 20.0}, n=4, exclude=[])
    assert run("recommend", "--workspace", folder, "--settings", settings, "--out", out) == 0
    x, ids, people = data(folder)
    got = pd.read_csv(out, dtype={"user": str, "id": str})
    sold_out = ids[ids == "p6"].index
    lists = MODELS["ease"](l2=20.0).fit(x).recommend(x.users, 4, (), sold_out)
    assert list(got["user"]) == list(people.loc[lists["user"]])
    assert list(got["id"]) == list(ids.loc[lists["item"]]) and "p6" not in set(got["id"])
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfuser,rank,id,name,score\r\n") and raw.count(b"user,") == 1
    assert raw.count(b"\xef\xbb\xbf") == 1
    risky = got["name"][got["name"].str.contains("=")]
    assert len(risky) and risky.str.startswith("'=1+").all()  # no spreadsheet runs it
    assert f"{len(got)} rows for 70 shoppers" in capsys.readouterr().out
    assert not list(tmp_path.glob("*.part"))


def test_the_ladder_says_which_rung_served(folder, tmp_path, capsys):
    out = tmp_path / "lists.csv"
    settings = written(tmp_path, model="item_neighbours", ladder={"enough": 3}, n=3, sold_out=True)
    assert run("recommend", "--workspace", folder, "--settings", settings, "--out", out) == 0
    assert set(pd.read_csv(out)["route"]) == {"history"}
    assert "history: 70" in capsys.readouterr().out


def test_the_figures_are_those_of_the_library(folder, tmp_path, capsys):
    settings = written(tmp_path, model="content")
    assert run("evaluate", "--workspace", folder, "--settings", settings) == 0
    got = pd.read_csv(io.StringIO(capsys.readouterr().out)).set_index("metric")
    x, _ids, _people = data(folder)
    train, validation, test = time_split(x)
    model = MODELS["content"]().fit(together(train, validation))
    expected = evaluate(model, test, (10,), events=("purchase",))
    for metric in ("ndcg@10", "hit_rate_new@10", "coverage@10"):
        assert got.loc[metric, "value"] == pytest.approx(expected[metric])
    assert run("evaluate", "--workspace", folder, "--by", "segment") == 0
    groups = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(groups["group"]) == ["blue", "gold"] and groups["users"].sum() == expected["users"]
    with Workspace.open(folder) as ws:
        fewest = ws.small_cells
    assert fewest == 5  # as from any other command
    assert run("evaluate", "--workspace", folder, "--by", "age_band") == 0
    bands = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert not (bands["users"] < fewest).any()
    assert (bands["users"].isna() == bands["value"].isna()).all()


@pytest.mark.parametrize("text, said", [
    ("{", "line 1"), ("[]", "line 1"), ('{"modle": "ease"}', "Did you mean “model”"),
    ('{"model": "eese"}', "Did you mean “ease”"), ('{"fields": {"kk": 3}}', "kk"),
    ('{"n": 0}', "n = 0"), ('{"n": "10"}', "n = 10"), ('{"exclude": "purchase"}', "exclude"),
    ('{"level": "shop"}', "item, name, category"), ('{"ladder": 3}', "ladder"),
    ('{"fields": {"k": "many"}}', "k = many"), ('{"fields": []}', "fields"),
])
def test_a_bad_file_of_settings_is_a_sentence(folder, tmp_path, capsys, text, said):
    path, out = tmp_path / "settings.json", tmp_path / "lists.csv"
    path.write_text(text, encoding="utf-8")
    assert run("recommend", "--workspace", folder, "--settings", path, "--out", out) == 1
    assert said in capsys.readouterr().err and not out.exists()


def test_files_that_can_not_be_read_or_written_are_sentences(folder, tmp_path, capsys):
    assert run("evaluate", "--workspace", folder, "--settings", tmp_path / "gone.json") == 1
    assert "gone.json" in capsys.readouterr().err
    out = tmp_path / "no such folder" / "lists.csv"
    assert run("recommend", "--workspace", folder, "--out", out) == 1
    assert "can't write into" in capsys.readouterr().err


def test_a_setting_without_a_file_is_the_standard_one():
    task = Task.read("{}")
    assert task == Task() and task.made().name == "item_neighbours"
    more = to_csv(pd.DataFrame({"a": ["=x"]}), first=False)
    assert more == b"'=x\r\n"
