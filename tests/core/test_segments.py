"""Segments by conditions: the same people as a plain recount, in every query, and never too few."""

import json

import pandas as pd
import pytest

from omni_core.errors import BadParameter, OmniError, TooFewPeople, UnknownName
from omni_core.segments import Condition, Rest, Segment, both, is_one, words
from omni_core.workspace import Workspace

DAY = pd.Timestamp("2026-03-01")
FILE = "user_id,item,event,time,channel,order id,amount\n" + "\n".join(
    f"u{u},p{(u + n) % 4},{event},{DAY + pd.Timedelta(days=3 * n + u % 5, hours=u % 20)},"
    f"{'app' if u % 3 else 'web'},{f'o{u}-{n}' if event == 'purchase' else ''},"
    f"{10 * (u % 7 + 1) if event == 'purchase' else ''}"
    for u in range(40) for n in range(u % 6) for event in ("view", "cart", "purchase")[: u % 4])
PEOPLE = "customer id,age,gender,segment\n" + "\n".join(
    f"u{u},{18 + u if u % 5 else ''},{'f' if u % 2 else 'm'},{'vip' if u < 12 else 'plain'}"
    for u in range(40))


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("shop")) as ws:
        for name, text in (("events", FILE), ("people", PEOPLE)):
            report = ws.import_file(data=text.encode(), name=f"{name}.csv")
            assert report.status == "imported", (report.code, report.questions)
        yield ws


def people(ws, segment, **more):
    return set(ws.query("segment_people", segment=segment, **more)["user"])


def everyone(ws):
    return ws.query("segment_people").set_index("user")


def test_conditions_are_met_by_who_meets_them(ws):
    facts = everyone(ws)
    twice = Condition("orders", "at_least", 2)
    assert people(ws, Segment((twice,))) == set(facts.index[facts["orders"] >= 2]) != set()
    assert people(ws, Segment((twice,)).rest) == set(facts.index[facts["orders"] < 2])
    old = Condition("age", "at_least", 40)
    wanted = {f"u{u}" for u in range(22, 40) if u % 5}
    assert people(ws, Segment((old,))) == wanted
    assert people(ws, Segment((twice, old))) == people(ws, Segment((twice,))) & wanted
    assert people(ws, Segment((twice, old), any=True)) == people(ws, Segment((twice,))) | wanted
    assert not {"u0", "u25"} & people(ws, Segment((Condition("age", "at_most", 200),))), "unknown"
    assert people(ws, Segment((Condition("channel", "is", "web"),))) == {
        f"u{u}" for u in range(40) if u % 3 == 0 and u % 6 and u % 4}


def test_a_saved_one_and_a_file_s_answer_every_query_alike(ws):
    group = Segment((Condition("orders", "at_least", 2), is_one("vip")))
    ws.save_artefact("segment", "good vips", group.as_dict())
    assert people(ws, "vip") == {f"u{u}" for u in range(12)}
    assert people(ws, "good vips") == people(ws, group) == people(ws, both("good vips", "vip"))
    assert Segment.from_dict(json.loads(json.dumps(group.as_dict()))) == group
    whole = ws.query("summary").iloc[0]
    parts = [ws.query("summary", segment=s).iloc[0] for s in (group, group.rest)]
    for number in ("shoppers", "orders", "revenue", "events"):
        assert sum(p[number] for p in parts) == pytest.approx(whole[number]), number
        assert parts[0][number] == ws.query("summary", segment="good vips").iloc[0][number]
    for name in set(ws.queries()) - {"interactions"}:
        try:
            ws.query(name, segment=group, start="2026-03-02", end="2026-03-20", channel="app")
        except OmniError as error:  # a query that wants a parameter of its own
            assert isinstance(error, BadParameter) and error.values["name"] != "segment", name
    ws.delete_artefact("segment", "good vips")
    assert people(ws, "good vips") == set()


def test_everything_but_a_channel(ws):
    whole, app, rest = (ws.query("summary", channel=c).iloc[0] for c in (None, "app", Rest("app")))
    assert app["events"] + rest["events"] == whole["events"] and app["orders"] > 0
    for name in ("hour_by_weekday", "visits", "trend", "top_products"):
        found = [ws.query(name, channel=c) for c in (None, "app", Rest("app"))]
        column = {"visits": "visits", "trend": "orders", "top_products": "views"}.get(
            name, "events")
        a, b, c = (f[column].sum() for f in found)
        assert a == b + c and b and c, name


def test_conditions_are_data_and_no_sql(ws):
    for evil in ("') OR 1=1 --", "$now", "x' UNION SELECT 1"):
        assert people(ws, Segment((Condition("gender", "is", evil),))) == set()
        assert people(ws, evil) == set()
    for wrong in (lambda: Condition("1=1 OR orders", "at_least", 1),
                  lambda: Condition("orders", ">= 0 OR 1 =", 1)):
        with pytest.raises(UnknownName):
            wrong()
    for wrong in (lambda: Condition("orders", "at_least", float("nan")), lambda: Segment(()),
                  lambda: Condition("orders", "at_least", "1"),
                  lambda: Segment.from_dict({"conditions": 3}),
                  lambda: ws.query("summary", segment=7)):
        with pytest.raises(OmniError):
            wrong()


def test_a_segment_within_itself_is_refused(ws):
    ws.save_artefact("segment", "loop", Segment((is_one("loop"),)).as_dict())
    with pytest.raises(BadParameter):
        ws.query("summary", segment="loop")
    ws.delete_artefact("segment", "loop")


def test_so_few_people_that_a_number_points_at_them_are_refused(ws):
    few = Segment((Condition("age", "at_least", 55),))
    assert 0 < len(people(ws, few)) < 5
    ws.set_small_cells(5)
    try:
        poor = Condition("orders", "at_most", 9)
        for group in (few, few.rest, Segment((few.conditions[0], poor))):
            with pytest.raises(TooFewPeople):
                ws.query("summary", segment=group)
        spenders = Segment((Condition("revenue", "at_least", 250),))
        size = ws.query("segment_size", segment=spenders)["shoppers"].iloc[0]
        assert 0 < size < 5, "what she did is no attribute"
        assert ws.query("condition_values").query("field == 'age_band'")["shoppers"].isna().any()
    finally:
        ws.set_small_cells(1)


def test_facts_follow_the_store(ws):
    more = "order id,buyer,total,created at\nx1,u0,5,2026-04-30 10:00\n"
    assert everyone(ws).loc["u0", "orders"] == 0
    report = ws.import_file(data=more.encode(), name="more.csv")
    assert everyone(ws).loc["u0", "orders"] == 1
    ws.undo(report.import_id)
    assert everyone(ws).loc["u0", "orders"] == 0


def test_a_condition_reads_as_a_phrase():
    assert words(Condition("orders", "at_least", 2)) == "Number of orders at least 2"
    assert words(Condition("bot", "is", True)) == "Looks like a machine: yes"
