"""Where workspaces live, and the pointer to the one opened last."""

import json

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
    new.rmdir()
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
