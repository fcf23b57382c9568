"""What a file is taken for, what its own total says, and the folder that files come from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from omni_core import Workspace
from omni_core.folder import readable_files

TWIN = Path(__file__).parents[2] / "sample_data" / "orders_dirty_gbk.csv"


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="Asia/Shanghai") as workspace:
        yield workspace


def test_lines_that_say_who_bought_and_when_are_no_file_of_mere_lines(ws):
    r = ws.inspect(TWIN)
    assert (r.status, r.table, r.profile) == ("ready", "events", None)
    assert r.totals[0].gap == 0


@pytest.mark.parametrize(("said", "gap"), [("40.00", 0), ("20.00", None), ("39.00", None)])
def test_a_total_under_unit_prices_is_only_taken_for_money_where_it_is_the_money(ws, said, gap):
    text = ("order,user,item,time,quantity,price\n"
            "o1,u1,p1,2026-03-01 10:00:00,2,10.00\no2,u2,p2,2026-03-02 10:00:00,1,5.00\n"
            f"o3,u3,p2,2026-03-02 11:00:00,3,5.00\ntotal,,,,6,{said}\n")
    (total,) = ws.inspect(data=text.encode(), name="x.csv").totals
    assert (total.summed, total.gap) == (Decimal(40), gap)


def test_a_file_that_goes_while_the_folder_is_read_is_one_file_less(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("user,item,time\n")
    look = Path.stat

    def gone(path, **settings):
        if path.name == "a.csv":
            raise FileNotFoundError(path)
        return look(path, **settings)

    monkeypatch.setattr(Path, "stat", gone)
    assert [f.name for f in readable_files(str(tmp_path))] == ["b.csv"]
