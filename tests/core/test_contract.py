"""The names that outside scripts call, and the shapes they get, as the README promises them."""

import datetime as dt
import importlib.util
import inspect
import pkgutil

import pandas as pd
import pytest

import omni_core
from omni_core import OmniError, Workspace

SHOP = "user_id,item_id,event,time,channel\n" + "".join(
    f"u{i % 9},p{i % 13},{('view', 'cart', 'purchase')[i % 3]},2026-03-{1 + i % 28:02d} "
    f"1{i % 10}:00:00,{('app', 'shop')[i % 2]}\n" for i in range(120))


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop") as workspace:
        yield workspace


def frame(model_frame, *columns):
    assert isinstance(model_frame, pd.DataFrame) and list(model_frame.columns) == list(columns)
    return model_frame


def test_one_import_report(ws, tmp_path):
    path = tmp_path / "behaviour.csv"
    path.write_text(SHOP, encoding="utf-8")
    r = ws.inspect(path)
    assert r.status == "ready" and not sum(ws.counts().values())
    before = ws.revision
    r = ws.import_file(str(path), answers={})
    assert (r.status, r.table, r.tables[0]) == ("imported", "events", "events")
    assert (r.encoding, r.delimiter, r.profile, r.code) == ("utf-8", ",", None, None)
    assert r.rows_in == r.accepted + r.rejected + r.excluded == 120
    frame(r.rejects, "line", "column", "code", "value")
    frame(r.cleaned, "column", "code", "count")
    assert isinstance(r.notes, tuple) and all(n.code and n.values is not None for n in r.notes)
    assert r.questions == () and ws.revision != before
    assert ws.import_file(data=SHOP.encode(), name="again.csv").status == "already_imported"
    assert ws.import_file(data=b"", name="empty.csv").status == "refused"
    asked = ws.import_file(data=b"alpha,beta\n1,2\n", name="what.csv")
    assert asked.status == "needs_answers"
    assert [(q.field, q.code) for q in asked.questions] == [("table", "table")]
    assert "orders" in asked.questions[0].options
    assert ws.imports().import_id.tolist() == [r.import_id]
    after = ws.revision
    ws.undo(r.import_id)
    assert len({before, after, ws.revision}) == 3 and ws.imports().empty


COLUMNS = {
    "summary": "shoppers events orders revenue conversion",
    "age_histogram": "band shoppers share",
    "browsing_counts": "views shoppers",
    "funnel": "step shoppers share_of_previous",
    "hour_by_weekday": "weekday hour events",
    "top_products": "item name views purchases revenue",
    "channels": "channel shoppers revenue",
}


@pytest.mark.parametrize("filters", [
    {}, {"start": "2026-03-05", "end": "2026-03-20"}, {"channel": "app"}, {"segment": "vip"}])
@pytest.mark.parametrize("name", COLUMNS)
def test_named_queries(ws, name, filters):
    ws.import_file(data=SHOP.encode(), name="behaviour.csv")
    assert name in ws.queries()
    found = ws.query(name, **filters)
    assert set(COLUMNS[name].split()) <= set(found.columns)
    assert len(found) or filters.get("segment")


def test_errors_have_a_code_and_values_to_repair(ws):
    for wrong in (lambda: ws.query("sumary"), lambda: ws.undo(99),
                  lambda: ws.query("summary", start="yesterday"),
                  lambda: Workspace.open(ws.path, timezone="Mars/Olympus")):
        with pytest.raises(OmniError) as caught:
            wrong()
        assert isinstance(caught.value, ValueError)
        assert caught.value.code and caught.value.values and str(caught.value)
        assert "{" not in str(caught.value)


def test_every_error_has_a_code_and_a_sentence():
    for module in pkgutil.walk_packages(omni_core.__path__, "omni_core."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds, rest = [], [OmniError]
    while rest:
        kinds += (found := rest.pop().__subclasses__())
        rest += found
    assert len(kinds) > 15
    for kind in kinds:
        assert kind.code != "error" and kind.message.endswith((".", "?")), kind


def test_recommend_names():
    from omni_core.recommend import MODELS, Interactions, evaluate, time_split

    df = pd.read_csv(pd.io.common.StringIO(SHOP)).rename(
        columns={"user_id": "user", "item_id": "item", "time": "ts"})
    x = Interactions.from_frame(df[["user", "item", "event", "ts"]])
    Interactions.from_frame(df[["user", "item"]])  # no event: all are purchases
    train, _validation, test = time_split(x, validation=0.1, test=0.1)
    assert list(MODELS) == ["popularity", "item_neighbours", "user_neighbours", "content", "ease",
                            "hybrid", "als", "neural"]
    fields = {
        "weights": {"purchase": 1.0, "view": 0.2}, "k": 100, "damping": 1.0, "norm_from": 0.8,
        "norm_to": 0.2, "popularity": 0.0, "shrink": 0.0, "min_common": 1, "half_life": None,
        "similarity": "general",
    }
    for name, kind in MODELS.items():
        if name == "als" and importlib.util.find_spec("implicit") is None:
            continue
        model = kind(**(fields if name == "item_neighbours" else {})).fit(train)
        found = frame(model.recommend(["u1", "stranger"], n=3, exclude=()), "user", "item", "rank",
                      "score")
        assert set(found.user) == {"u1", "stranger"} and found["rank"].min() == 1
        result = evaluate(model, test, k=(2, 3))
        for measure in ("ndcg", "recall", "hit_rate", "coverage", "novelty"):
            assert {f"{measure}@2", f"{measure}@3"} <= set(result)
        assert {"users", "unknown_users"} <= set(result)
        frame(model.similar_items("p1", n=4), "item", "rank", "score")
        if name in ("popularity", "neural"):
            with pytest.raises(OmniError) as caught:
                model.explain("u1", found["item"][0])
            assert caught.value.code == "not_additive"
        else:
            frame(model.explain("u1", found["item"][0]), "because_item", "event", "contribution")


def test_service_names():
    from omni_core.service import Entity, IntentClassifier, extract_entities

    texts = ["where is my parcel", "track my order", "refund me", "I want my money back"] * 3
    clf = IntentClassifier(engine="tfidf", threshold=0.5, margin=0.1).fit(
        texts, ["track", "track", "refund", "refund"] * 3)
    d = clf.classify("track my parcel")
    assert d.intent == "track" and 0 <= d.confidence <= 1
    assert all(len(pair) == 2 for pair in d.alternatives)
    assert d.route in ("answer", "clarify", "person")
    assert "out_of_scope" in clf.classes_
    assert clf.predict_proba(["a", "b"]).shape == (2, len(clf.classes_))
    for engine in ("semantic", "bayes", "label_cosine", "auto"):
        IntentClassifier(engine=engine)
    found = extract_entities("上周五买的两双袜子，1000元以下", today=dt.date(2026, 11, 25))
    assert [(e.type, e.operator, e.value, e.start, e.end) for e in found] == [
        ("date", None, dt.date(2026, 11, 20), 0, 3), ("quantity", None, 2, 5, 7),
        ("price", "max", 1000, 10, 17)]
    assert all(isinstance(e, Entity) for e in found)


def test_targeting_names(ws):
    from omni_core.targeting import KINDS, ResponseModel, build_features

    assert {"logistic", "boosting"} <= set(KINDS)
    signature = inspect.signature(build_features)
    assert list(signature.parameters) == ["ws", "as_of", "target"]
    x = pd.DataFrame({"spend": range(200), "city": ["a", "b"] * 100, "duration": range(200)})
    y = pd.Series([0] * 120 + [1] * 80)
    m = ResponseModel(kind="logistic", known_after=("duration",)).fit(x, y)
    assert m.predict_proba(x).shape == (200,)
    assert isinstance(m.alarms, tuple) and all(a.column and a.code for a in m.alarms)


def test_the_package_says_its_version():
    assert omni_core.__version__ and set(omni_core.__all__) >= {"Workspace", "OmniError"}
