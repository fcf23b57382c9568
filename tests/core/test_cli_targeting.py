"""``omni audience``: from a workspace to a file for a platform, with its losses told."""

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.cli import main
from omni_core.targeting import addresses, evaluate, stack
from omni_core.targeting.audience import audience, chosen
from omni_core.targeting.case import people_of
from tests.core.targeting_shop import grow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    at = tmp_path_factory.mktemp("shop")
    grow(at).close()
    return at


def run(*arguments, lang="en"):
    return main(["--lang", lang, "audience", *map(str, arguments)])


def test_the_list_is_that_of_the_library(folder, tmp_path, capsys):
    out = tmp_path / "list.csv"
    assert run("--workspace", folder, "--out", out, "--margin", 20, "--cost", 4, "--budget",
               100) == 0
    got = pd.read_csv(out, dtype={"user": str})
    with Workspace.open(folder) as ws:
        rows = stack.stack(ws, "responded:c4")
        who = audience(people_of(ws), evaluate.score_everyone(ws, rows), evaluate.holdout(ws, rows))
    assert len(got) == 25  # the budget ends the list
    assert got["user"].tolist() == ["'" + u for u in chosen(who, 25)["user"]]  # =u… is guarded
    said = capsys.readouterr().out
    assert "134 of 400 known shoppers consent" in said and str(out) in said
    assert run("--workspace", folder, "--out", out, "--top", 7, "--without-age-and-gender",
               "--target", "buys_within:30") == 0
    assert len(pd.read_csv(out)) == 7


def test_an_upload_from_a_customer_file(folder, tmp_path, capsys):
    people = tmp_path / "people.csv"
    people.write_text("user_id,mobile\n" + "".join(
        f"=u{i:03},138{i:08}\n" for i in range(0, 400, 6)), encoding="utf-8")
    out = tmp_path / "up.txt"
    assert run("--workspace", folder, "--out", out, "--threshold", 0, "--platform", "tencent",
               "--contacts", people) == 0
    lines = out.read_text().split()
    assert len(lines) == 67 and addresses.md5("13800000000") in lines
    told = capsys.readouterr()
    assert "Of 134 people chosen, 67 are in the file" in told.out
    assert "67 have no address" in told.out and "MD5" in told.err
    assert run("--workspace", folder, "--out", out, "--threshold", 0, "--platform", "google") == 1
    assert "nobody to hand over" in capsys.readouterr().err


@pytest.mark.parametrize("wrong, said", [
    (["--target", "buys_within:x"], "buys_within:DAYS"), (["--target", "responded:c9"], "c9"),
    (["--threshold", "2"], "0 – 1"), (["--top", "0"], "--top"), (["--cost", "-1"], "-1"),
    (["--margin", "5", "--coupon", "5", "--cost", "1"], "pays for a contact"),
])
def test_impossible_wishes_are_sentences(folder, tmp_path, capsys, wrong, said):
    out = tmp_path / "list.csv"
    assert run("--workspace", folder, "--out", out, *wrong) == 1
    assert said in capsys.readouterr().err and not out.exists()


def test_what_is_unknown_is_named_in_chinese(folder, tmp_path, capsys):
    assert run("--workspace", folder, "--out", tmp_path / "list.csv", "--target",
               "buys_category:30:茶叶罐", lang="zh") == 1
    assert "名为“茶叶罐”的商品类目" in capsys.readouterr().err
