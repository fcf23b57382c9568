"""A CSV that Excel opens in Chinese and that runs no formula."""

import pandas as pd
import pytest

from omni_core import Workspace, export
from omni_core.i18n import use_language

RISKY = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", "|calc", "-"]


@pytest.mark.parametrize("cell", RISKY)
def test_what_could_run_is_guarded(cell):
    assert export.guard(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12.50", "+8613800138000", "2026-05-01", "亚麻裙", "", 5, None])
def test_signed_numbers_and_plain_words_stay(cell):
    assert export.guard(cell) == cell


def test_bytes_are_utf8_with_a_mark_and_headings_are_guarded_too():
    frame = pd.DataFrame({"=user": ["=cmd", "小明"], "amount": [-1.5, None]}, index=[7, 8])
    text = export.to_csv(frame)
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig") == "'=user,amount\r\n'=cmd,-1.5\r\n小明,\r\n"
    assert list(frame.columns) == ["=user", "amount"]  # the caller's frame is left alone


def test_two_columns_of_one_name_and_a_category_are_guarded():
    frame = pd.DataFrame([["=a", "=b"]], columns=["x", "x"]).astype("category")
    assert export.to_csv(frame).decode("utf-8-sig").splitlines()[1] == "'=a,'=b"


def test_headings_speak_the_language_and_leave_unknown_columns():
    with use_language("zh"):
        assert export.headings(["shoppers", "my_column"]) == {
            "shoppers": "顾客数", "my_column": "my_column"}
    assert export.headings(["shoppers"]) == {"shoppers": "Shoppers"}


def test_the_import_takes_the_guard_off_again(tmp_path):
    names = [*RISKY[:4], "＝1+1", "|calc", "%x", "plain", "it's"]
    frame = pd.DataFrame({"product id": [f"p{i}" for i in range(len(names))], "name": names,
                          "price": 1})
    with Workspace.open(tmp_path) as ws:
        ws.import_file(data=export.to_csv(frame), name="p.csv")
        with ws._database.cursor() as cursor:
            stored = cursor.execute("SELECT name FROM products ORDER BY item_key").fetchall()
    assert [name for (name,) in stored] == names
