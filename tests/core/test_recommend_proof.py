"""The proof of a "because", the duel, the views of the measure, settings as a file."""

import json

import numpy as np
import pandas as pd
import pytest

from omni_core.errors import NotAdditive, UnknownName
from omni_core.i18n import use_language
from omni_core.recommend import (
    MODELS,
    Interactions,
    moves,
    newcomer,
    quality,
    seeking,
    settings,
    wording,
)
from omni_core.recommend import desk as desks
from omni_core.recommend.evaluate import Evaluation
from omni_core.recommend.reasons import reasons
from omni_core.recommend.search import find_settings
from omni_core.recommend.task import Task
from omni_core.recommend.without import rank_of, scores_without
from tests.core.recommend_frames import shop
from tests.core.test_recommend_models import ADDITIVE, described


@pytest.mark.parametrize("name, fields", [
    c for c in ADDITIVE if c.values[0] != "hybrid"])
def test_taking_everything_out_of_a_history_piece_by_piece_leaves_nothing(name, fields):
    model = MODELS[name](**fields).fit(described(shop()))
    for user in (0, 3, 11):
        whole = model._scores(np.array([user])).toarray().ravel()
        items, _events, value = model._history(user)
        total = sum(v * model._unit(user, int(i)) for i, v in zip(items, value, strict=True))
        np.testing.assert_allclose(np.maximum(total, 0.0), whole, atol=1e-9)


@pytest.mark.parametrize("name, fields", [c for c in ADDITIVE if c.values[0] != "hybrid"])
def test_a_whole_list_is_given_the_reasons_that_its_items_are_given_one_by_one(name, fields):
    model = MODELS[name](**fields).fit(described(shop()))
    items = list(model.train.items)
    for user in ("u5", "u11"):
        found = model.strongest(int(model.train.codes_of([user])[0]), np.arange(len(items)))
        for item, because, event, share in zip(items, *found, strict=True):
            parts = model.explain(user, item)
            assert parts.empty == (because < 0)
            if not parts.empty:
                first, total = parts.iloc[0], parts["contribution"].sum()
                assert (model.train.items[because], model.train.events[event]) == (
                    first["because_item"], first["event"])
                same = parts["because_item"] == first["because_item"]
                assert share == pytest.approx(parts.loc[same, "contribution"].sum() / total)


def test_a_fall_is_what_a_sum_over_the_rest_of_the_history_says():
    frame = shop(3000, 80, 30)
    model = MODELS["item_neighbours"](min_common=2).fit(Interactions.from_frame(frame))
    user = int(model.train.codes_of(["u5"])[0])
    items, events, value = model._history(user)
    links = model.neighbours(np.arange(len(model.train.items))).toarray()
    owned = model.train.having(("purchase",))[user].indices
    shown = model.recommend(["u5"], 10)["item"]
    told = [r for r in reasons(model, "u5", shown) if r.because is not None]
    assert any(r.falls_to > r.rank for r in told), "something falls"
    for reason in told:
        gone = model.train.item_codes([reason.because])[0]
        kept = ~((items == gone) & (np.array(model.train.events)[events] == reason.event))
        left = value[kept] @ links[items[kept]]
        code = int(model.train.item_codes([reason.item])[0])
        left[owned] = -1
        better = (left > left[code] + 1e-12).sum() + (
            np.isclose(left, left[code], atol=1e-12) & (np.arange(len(left)) < code)).sum()
        assert reason.falls_to == (better + 1 if left[code] > 1e-12 else 0)
        assert shown[reason.rank - 1] == reason.item


def test_a_blend_and_a_ladder_fall_too_and_a_network_says_it_cannot():
    x = described(shop())
    blend = MODELS["hybrid"](parts={"content": 0.5, "item_neighbours": 0.5}).fit(x)
    on_ladder = desks.fitted(x, "item_neighbours", {}, {"enough": 3})
    for model in (blend, on_ladder):
        found = [r for r in reasons(model, "u5", model.recommend(["u5"], 5)["item"]) if r.because]
        assert found and all(r.falls_to is not None for r in found)
    with pytest.raises(NotAdditive):
        scores_without(MODELS["neural"](rounds=1).fit(x), 0, 0, "view")


def test_nothing_that_speaks_for_an_item_is_no_rank():
    assert rank_of(np.array([0.0, 2.0, 1.0]), 0, np.array([], int)) is None
    assert rank_of(np.array([0.0, 2.0, 1.0]), 2, np.array([1])) == 1


def evaluation(values, shoppers=None):
    values = np.array(values, dtype=float)
    shoppers = np.arange(len(values)) if shoppers is None else np.array(shoppers)
    return Evaluation(
        {"ndcg@10": values.mean(), "users": len(values)}, {"ndcg@10": values}, shoppers)


def test_a_duel_counts_wins_ties_losses_on_shoppers_whom_both_could_be_tested_on():
    a = evaluation([1, .5, 0, 0, .2] * 20)
    b = evaluation([.5, .5, 1, 0, .1] * 20)
    found = moves.duel(a, b)
    assert (found.wins, found.ties, found.losses) == (40, 40, 20)
    assert found.verdict.word == "same" and found.verdict.difference.low < 0
    assert found.telling[:2] == (0, 2) and len(found.telling) == 3
    part = moves.duel(a, evaluation([1.0] * 60, range(60, 120)))
    assert part.verdict.shoppers == 40 and not part.verdict.asked_alike
    for language in ("en", "zh"):
        with use_language(language):
            assert "{" not in quality.duel(part)


def test_each_view_keeps_something_aside_and_says_what():
    desk = desks.prepare(shop(4000, 300, 60))
    fields = settings.fields("item_neighbours")
    seen = {}
    for by in desks.VIEWS:
        view = desk.viewed(by)
        assert view.testable and view.by == by and not view.sampled
        seen[by] = view.measure("item_neighbours", fields, ("purchase",))
        with use_language("zh"):
            assert "{" not in quality.measured(seen[by], seen[by], view, "UTC")
    assert len({e["hit_rate@10"] for e in seen.values()}) == 3
    last = desk.viewed("last")
    theirs = last.validation.frame().groupby("user")["ts"].max()
    before = last.train.frame().groupby("user")["ts"].max().reindex(theirs.index)
    assert (before < theirs).all()
    few = desk.viewed("time", shoppers=20)
    assert few.sampled and len(few.validation.users) == 20
    told = []
    all_of_them = few.measure("item_neighbours", fields, ("purchase",), everyone=True,
                              progress=told.append)
    assert all_of_them == seen["time"] and told[-1] == pytest.approx(1.0)


def test_random_lists_are_the_floor_and_the_same_each_time():
    desk = desks.prepare(shop(4000, 300, 60))
    one, two = (desk.chance(("purchase",)) for _ in range(2))
    assert one == two and one["coverage@10"] > 0.9
    share = 10 / 60  # of the goods; some are owned, so a little more
    assert share * 0.6 < one["recall@20"] / 2 < share * 1.8


def test_a_ladder_is_measured_with_its_rungs():
    frame = shop(4000, 300, 60)
    people = pd.DataFrame({"user": [f"u{i}" for i in range(300)]})
    people["segment"] = np.where(np.arange(300) % 2, "odd", "even")
    desk = desks.prepare(frame, users=people)
    fields = settings.fields("item_neighbours")
    plain = desk.measure("item_neighbours", fields, ())
    helped = desk.measure("item_neighbours", fields, (), ladder={"window": None})
    assert list(plain.shoppers) == list(helped.shoppers)
    model = desk.model("item_neighbours", fields, ladder={"window": None})
    unknown = [u for u in helped.shoppers if u not in set(desk.train.users)]
    routed = model.routed(list(helped.shoppers), 10, ())
    for place, user in enumerate(helped.shoppers):
        wanted = desk.validation.frame().query("user == @user")["item"]
        hit = routed.loc[routed["user"] == user, "item"].isin(wanted).any()
        assert helped.per_user["hit_rate@10"][place] == hit, (user, user in unknown)


def test_a_new_shopper_climbs_from_bestsellers_to_her_segment_to_her_clicks():
    frame = shop(4000, 300, 60)
    people = pd.DataFrame({"user": [f"u{i}" for i in range(300)]})
    people["segment"] = np.where(np.arange(300) % 2, "odd", "even")
    desk = desks.prepare(frame, users=people)
    ladder = newcomer.rungs(desk, Task(fields=settings.fields("item_neighbours")))
    assert newcomer.segments(desk.all) == ["even", "odd"]
    assert newcomer.serve(ladder, (), None, 5).route == "bestsellers"
    assert newcomer.serve(ladder, (), "odd", 5).route == "segment"
    click = newcomer.windows(desk.all)[0]
    served = newcomer.serve(ladder, (click,), "odd", 5)
    assert served.route == "session" and click not in served.items
    assert served.reasons[0].because == click and served.reasons[0].event == "click"


def test_a_setting_goes_through_its_file_unchanged():
    task = Task(
        model="hybrid", fields=settings.fields("hybrid") | settings.blend("ease", "content", 0.6),
        level="name", n=7, exclude=(), sold_out=True, ladder={"enough": 3},
        filters={"segment": "gold"}, most=50)
    again = Task.read(task.text())
    assert again.key == task.key and json.loads(task.text())["filters"] == {"segment": "gold"}
    assert Task.read('{"n": 8}').key != Task().key and Task.read("{}").key == Task().key
    with pytest.raises(UnknownName):
        Task(filters={"sgment": "gold"})


def test_words_of_a_setting_name_what_was_moved_and_nothing_else():
    plain = wording.setting(Task(fields=settings.fields("item_neighbours")))
    assert plain == "Item neighbours · standard setting"
    moved = settings.fields("item_neighbours", view=20.0, k=60)
    text = wording.setting(Task(fields=moved))
    assert "60" in text and "20" in text and text.count("·") == 2


def test_a_search_says_what_it_found_in_both_languages():
    desk = desks.prepare(shop(4000, 300, 60))
    found = find_settings("item_neighbours", desk.train, desk.validation, desk.test, desk.earlier,
                          tries=4, events=desk.events)
    for language in ("en", "zh"):
        with use_language(language):
            text = seeking.words(found) + seeking.test_words(found)
            assert "{" not in text and ("4" in text)
    values = seeking.hers(found)
    MODELS["item_neighbours"](**values)
