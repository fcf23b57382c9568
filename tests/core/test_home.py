"""Where workspaces live, and the pointer to the one opened last."""

import json
import shutil

import pytest

from omni_core import home


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("OMNI_HOME", str(tmp_path))
    return tmp_path


def test_the_last_opened_is_remembered_until_it_is_gone():
    assert home.last_opened() is None
    new = home.new_workspace()
    new.mkdir(parents=True)
    home.remember(new)
    assert home.last_opened() == new.resolve()
    shutil.rmtree(new)
    assert home.last_opened() is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"folder": 5}', '{"folder": ".."}', '{"folder": "/"}', "\0"]
)
def test_a_broken_or_foreign_pointer_is_no_pointer(folder, content):
    (folder / "last.json").write_text(content, "utf-8")
    assert home.last_opened() is None


def test_nothing_half_written_is_left(folder):
    new = home.new_workspace()
    new.mkdir(parents=True)
    for _ in range(3):
        home.remember(new)
    assert json.loads((folder / "last.json").read_text("utf-8"))
    assert [p.name for p in folder.iterdir() if p.is_file()] == ["last.json"]
    assert home.workspaces() == [new]


@pytest.mark.parametrize("content", ["", "[]", '{"name": 5, "opened": "soon", "listed": 1}', "\0"])
def test_shops_have_names_an_order_and_survive_what_is_written_there(content):
    one, two = home.new_workspace(), home.new_workspace()
    for folder, name in ((one, "a\nb" + "c" * 99), (two, "Two")):
        folder.mkdir(parents=True)
        home.rename(folder, name)
        home.remember(folder)
    assert home.workspaces() == [two, one]
    home.remember(one)
    assert [s.name for s in home.shops()] == ["a b" + "c" * 57, "Two"]
    home.put_on_list(one, False)
    assert home.workspaces() == [two] and len(home.shops()) == 2
    (one / "about.json").write_text(content, "utf-8")
    assert {(s.folder, s.name, s.listed) for s in home.shops()} == {
        (one, "", True), (two, "Two", True)}
