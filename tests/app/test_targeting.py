"""The ads page: the score's proof, money that moves with every control, the audience."""

import datetime as dt
import json
import random
import re
from types import SimpleNamespace

import pytest

from omni_core import home, sample
from omni_core.i18n import LANGUAGES, _, number, use_language
from omni_core.segments import Condition, Segment
from omni_core.targeting import stack
from omni_core.workspace import Workspace
from pages.ui import ads_export
from tests.app.conftest import assert_well, words

EVERY_PART = {f"ads_in_{part}": "true" for part in (
    "people", "person", "trust", "models", "coupon", "made")}


def metrics(at):
    return {m.label: m.value for m in at.metric}


def listed(at):
    """The people shown of the audience."""
    return set(next(d.value for d in at.dataframe if "score" in d.value)["user"])


def profit(at):
    """The traces of the profit chart by name."""
    figures = [json.loads(c.proto.spec) for c in at.get("plotly_chart")]
    (found,) = [f for f in figures if any(t.get("name") == "Random people" for t in f["data"])]
    return {t["name"]: t for t in found["data"] if t.get("name")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_in_either_language(open_page, sample_shop, language):
    with use_language(language):
        at = open_page("targeting", language, **EVERY_PART)
        assert len(at.get("plotly_chart")) == 9
        assert all(c.proto.alt for c in at.get("plotly_chart"))
        text = words(at)
        assert not re.search(r"\{\w+\}", text) and "nan" not in text.lower()
        if language == "zh":
            assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", text), text
        with Workspace.open(sample_shop) as ws:
            targets = stack.choices(ws)[0]
        box = at.selectbox(key="ads_target")
        assert box.value == targets[0] and len(box.options) == len(targets)
        link = "buys_within:30"
        again = open_page("targeting", language, ads_target=link)
        assert again.selectbox(key="ads_target").value == link


def test_every_control_moves_the_money(open_page, sample_shop):
    at = open_page("targeting")
    assert len(at.get("plotly_chart")) == 1  # what is folded is not drawn
    assert at.number_input(key="ads_contact_cost").value == sample.CONTACT_COST
    assert "is the invented shop" in words(at).replace("\\", "")  # whose cost it is
    first = metrics(at)
    lines = profit(at)
    everyone, best = lines["Everyone"], lines["Best cut-off"]
    assert lines["Random people"]["x"] == lines["Expected profit"]["x"]
    assert (best["x"], best["y"]) == (lines["Your cut-off"]["x"], lines["Your cut-off"]["y"])
    assert number(best["x"][0]) == first["People reached"]
    assert best["y"][0] > max(0, everyone["y"][0])
    cut = at.slider(key="ads_cut")
    cut.set_value(cut.value + 10).run()
    assert_well(at)
    fewer = metrics(at)
    assert int(fewer["People reached"].replace(",", "")) < int(
        first["People reached"].replace(",", ""))
    assert profit(at)["Your cut-off"]["y"][0] < best["y"][0]
    for key in ("ads_margin", "ads_coupon", "ads_contact_cost"):
        before = metrics(at)
        at.number_input(key=key).set_value(at.number_input(key=key).value + 5).run()
        assert_well(at)
        after = metrics(at)
        assert after["Expected profit"] != before["Expected profit"], key
        assert after["Profit in the trial"] != before["Profit in the trial"], key
    at.button(key="ads_cut_suggested").click().run()
    lines = profit(at)
    assert lines["Your cut-off"]["x"] == lines["Best cut-off"]["x"]
    at.toggle(key="ads_budget_on").set_value(True).run()
    at.number_input(key="ads_budget").set_value(200.0).run()
    assert_well(at)
    assert int(metrics(at)["People reached"]) * at.number_input(key="ads_contact_cost").value <= 200
    assert "The budget ends the list" in words(at)
    # a coupon worth the margin pays nowhere
    at.number_input(key="ads_coupon").set_value(at.number_input(key="ads_margin").value).run()
    assert_well(at)
    assert "No cut" in words(at) and "Best cut-off" not in profit(at)


@pytest.fixture
def chance_shop(own_home):
    """A shop without costs where 300 of 400 shoppers buy by chance; how many never did."""
    rng = random.Random(3)
    lines, people = ["user,item,ts,event,order,quantity,amount"], ["user,age,gender"]
    for i in range(400):
        people.append(f"u{i:03},{rng.randint(18, 70)},female")
        for day in range(1, 150) if i < 300 else ():
            if rng.random() < 0.012:
                when = dt.datetime(2026, 1, 1, 12) + dt.timedelta(days=day)
                lines.append(f"u{i:03},p1,{when},purchase,o{i}-{day},1,20.00")
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        for name, rows in {"events": lines, "customers": people}.items():
            assert ws.import_file(data="\n".join(rows).encode(), name=f"{name}.csv").accepted
    home.remember(folder)
    return 400 - len({line.split(",")[0] for line in lines[1:]})


def test_a_word_that_may_mean_an_answer_is_asked_about(open_page, chance_shop):
    sends = [f"spring,u{i:03},2026-04-10 10:00:00,{'opened' if i % 3 else 'bounced'}"
             for i in range(200)]
    with Workspace.open(home.last_opened()) as ws:
        ws.import_file(data="\n".join(["campaign,user,sent_at,outcome", *sends]).encode(),
                       name="sends.csv")
    at = open_page("targeting")
    said = words(at).replace("\\", "")
    assert "“opened” (133 messages)" in said and "bounced" not in said
    assert not any("spring" in o for o in at.selectbox(key="ads_target").options)
    at.multiselect(key="ads_answer_words").set_value(["opened"])
    at.button[0].click().run()
    assert_well(at)
    assert any("133 of 200" in o for o in at.selectbox(key="ads_target").options)
    assert "mean an answer: “opened”" in words(at).replace("\\", "")
    at.button(key="ads_answers_again").click().run()
    assert at.multiselect(key="ads_answer_words").value == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_money_is_shown_before_the_two_numbers_are_given(open_page, chance_shop, language):
    with use_language(language):
        at = open_page("targeting", language)
        assert at.number_input(key="ads_margin").value is None
        assert at.number_input(key="ads_contact_cost").value is None
        assert at.number_input(key="ads_coupon").value == 0
        shown, text = metrics(at), words(at).replace("\\", "")
        assert {_("People reached"), _("Answer, of those contacted"),
                _("Reached, of all who answer")} <= set(shown)
        assert not {_("Cost"), _("Expected profit"), _("Profit in the trial")} & set(shown)
        assert at.info[0].value.replace("\\", "") == _(
            "Type what one contact costs you and what an order leaves you: then you see cost and "
            "profit.")  # a score by chance has no best cut-off to promise
        assert number(400) in text and number(chance_shop) in text  # all of the file are scored
        marked = [t for c in at.get("plotly_chart") for t in json.loads(c.proto.spec)["data"]
                  if t.get("name") == _("Your cut-off")]
        assert len(marked) == 1 and not re.search(r"\{\w+\}", text) and "nan" not in text.lower()


def test_a_score_by_chance_names_no_best_cut_off(open_page, chance_shop):
    at = open_page("targeting", ads_in_people="true")
    assert "random choice" in words(at) and "steady" not in words(at)
    assert at.button(key="ads_cut_suggested").disabled
    assert any("drawn at random" in w.value for w in at.warning)
    at.number_input(key="ads_margin").set_value(20.0).run()
    at.number_input(key="ads_contact_cost").set_value(2.0).run()
    assert_well(at)
    assert "Best cut-off" not in profit(at) and "Expected profit" in metrics(at)
    assert "No cut-off is marked" in words(at).replace("\\", "")
    assert "The most is expected" not in words(at) and not at.info


def test_the_way_of_writing_decides_whose_consent_counts(open_page, sample_shop):
    at = open_page("targeting")
    seen = set()
    for consent in ("consent_email", "consent_sms"):
        at.segmented_control(key="ads_consent").set_value(consent).run()
        assert_well(at)
        with Workspace.open(sample_shop) as ws:
            people = ws.query("audience_people")
        kept = int(people[consent].eq(True).fillna(False).sum())
        assert f"{number(kept)} of {number(len(people))}" in words(at).replace("\\", "")
        seen.add(kept)
    assert len(seen) == 2


def test_each_model_can_be_chosen(open_page, sample_shop):
    at = open_page("targeting", ads_target="responded:autumn-2026", ads_in_trust="true")
    seen = {tuple(m.value + str(m.delta) for m in at.metric)}
    for kind in ("boosting", "tree"):
        at.selectbox(key="ads_model").set_value(kind).run()
        assert_well(at)
        seen.add(tuple(m.value + str(m.delta) for m in at.metric))
    assert len(seen) == 3


def test_a_shop_that_is_too_young_is_told_what_it_needs(open_page):
    folder = home.new_workspace()
    with Workspace.open(folder) as ws:
        report = ws.import_file(
            data=b"user,item,ts,event\na,p,2026-01-01 10:00,view\nb,p,2026-01-09 10:00,purchase\n",
            name="events.csv")
        assert report.status == "imported"
    home.remember(folder)
    at = open_page("targeting")
    assert not at.metric and "28 days" in words(at)


def test_without_files_it_says_which_one_is_missing(open_page):
    home.remember(home.new_workspace())
    at = open_page("targeting")
    assert not at.metric and at.button(key="need_data")


def test_a_saved_segment_narrows_people_and_file_and_hashes_wait_for_the_button(
    open_page, sample_shop
):
    regulars = Segment((Condition("orders", "at_least", 3),))
    with Workspace.open(sample_shop) as ws:
        ws.save_artefact("segment", "regulars", regulars.as_dict())
        inside = set(ws.query("audience_people", segment="regulars")["user"])
    try:
        at = open_page("targeting", ads_in_people="true")
        before = listed(at)
        whole = int(metrics(at)["People reached"].replace(",", ""))
        assert before - inside
        at.selectbox(key="ads_whom_segment").set_value("regulars").run()
        assert_well(at)
        assert 0 < int(metrics(at)["People reached"].replace(",", "")) < whole
        assert listed(at) <= inside
        assert "belong to “regulars”" in words(at)
        users = [*sorted(inside), "C0"]
        at.file_uploader(key="ads_contacts").set_value(
            ("people.csv", "\n".join(["user_id,email", *(f"{u},{u}@a.cn" for u in users)]).encode(),
             "text/csv")).run()
        assert_well(at)
        assert "people chosen" not in words(at)
        at.button(key="ads_make").click().run()
        assert_well(at)
        reach = metrics(at)["People reached"]
        said = words(at).replace("\\", "")
        assert f"Of {reach} people chosen, {reach} are in the file" in said, said[-1500:]
        cut = at.slider(key="ads_cut")
        cut.set_value(cut.value + 5).run()
        assert "people chosen" not in words(at)
    finally:
        with Workspace.open(sample_shop) as ws:
            ws.delete_artefact("segment", "regulars")


def test_a_customer_file_is_read_anew_for_people_of_other_numbers(tmp_path, monkeypatch):
    kept = {}
    monkeypatch.setattr(ads_export.cached, "resource", lambda _ws, key, build: kept[key] if (
        key in kept) else kept.setdefault(key, build()))
    data = b"user,phone\nu1,13800000001\nu2,13800000002\n"
    dropped = SimpleNamespace(name="people.csv", getvalue=lambda: data)
    with Workspace.open(tmp_path) as ws:
        found = [ads_export._read(ws, SimpleNamespace(scores=SimpleNamespace(user=users)), key,
                                  dropped)[1] for key, users in (
            ("own", ["13800000001"]), ("shop", ["u1", "u2"]))]
    assert [set(f.rows["user"]) for f in found] == [
        {"13800000001", "13800000002"}, {"u1", "u2"}]
