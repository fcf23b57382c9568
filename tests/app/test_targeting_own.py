"""The ads page on a file of one row a person, and its parts that are made when asked for."""

import re

import numpy as np
import pandas as pd
import pytest

from omni_core import home
from omni_core.i18n import LANGUAGES, _, number, use_language
from tests.app.conftest import assert_well, words


def people(n=400, buyers=None):
    rng = np.random.default_rng(1)
    age = rng.integers(16, 75, n)
    yes = rng.random(n) < 1 / (1 + np.exp(0.08 * (age - 35)))
    if buyers is not None:
        yes = np.arange(n) < buyers
    return pd.DataFrame({
        "user_id": [f"U{i:03}" for i in range(n)], "age": age,
        "gender": rng.choice(np.array(["male", "female"]), n),
        "region": rng.choice(np.array(["05", "06"]), n),
        "minutes": np.where(yes, 9, 1) + rng.random(n), "email": [f"u{i}@x.com" for i in range(n)],
        "bought": np.where(yes, "yes", "no")})


def give(at, frame):
    at.get("file_uploader")[0].upload("people.csv", frame.to_csv(index=False).encode(), "text/csv")
    at.run()
    assert_well(at)
    return at


def key(at, kind, start):
    """The key of the widget that begins so: it ends in a mark of the file."""
    (found,) = [w.key for w in at.get(kind) if str(w.key).startswith(start)]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_becomes_an_audience(open_page, language):
    home.remember(home.new_workspace())
    with use_language(language):
        at = open_page("targeting", language, ads_source="file", ads_in_trust="true",
                       ads_in_made="true")
        give(at, people())
        text = words(at).replace("\\", "")
        assert _("{n} rows with an outcome, {k} of them yes.").split("{")[0] in text
        assert any("minutes" in w.value for w in at.warning)  # the leak is told
        assert _("These count as no: {values}.").partition("{")[0] in text
        assert not re.search(r"\{(?!name|category|product|price)\w+\}", text)
        assert "nan" not in text.lower()
        # no file says a currency: an English reader is shown none
        cost = [w.label for w in at.number_input if w.key == "ads_contact_cost"]
        assert [("CNY" in label, "(" in label) for label in cost] == [(language == "zh",) * 2]
        base = [m for m in at.metric if m.label == _("Right one of two first")][0].value
        at.multiselect(key=key(at, "multiselect", "ads_after_")).set_value(["minutes"]).run()
        assert_well(at)
        text = words(at).replace("\\", "")
        assert not any("minutes" in w.value for w in at.warning)
        now = [m for m in at.metric if m.label == _("Right one of two first")][0].value
        assert float(now.strip("%")) < float(base.strip("%"))
        # its own addresses are found, and counted before the download
        at.slider(key="ads_cut").set_value(20).run()
        at.button(key="ads_make").click().run()
        assert_well(at)
        text = words(at).replace("\\", "")
        reached = [m for m in at.metric if m.label == _("People reached")][0].value
        assert _("Of {chosen} people chosen, {people} are in the file ({rows} rows).").format(
            chosen=reached, people=reached, rows=reached) in text
        at.toggle(key="ads_blind").set_value(True).run()
        at.toggle(key="ads_whole").set_value(True).run()
        assert_well(at)
        assert "gender" not in [o for o in at.selectbox(key="ads_swept").options]
        assert any(_("Without age and gender the ranking is worse: the right one of two comes "
                     "first {gap} points less often ({low} to {high}).")[:9] in i.value
                   for i in at.info)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("buyers, shown", [(0, None), (400, None), (12, 12)])
def test_a_file_that_can_not_teach_says_why(open_page, language, buyers, shown):
    home.remember(home.new_workspace())
    with use_language(language):
        at = open_page("targeting", language, ads_source="file")
        give(at, people(buyers=buyers))
        (said,) = [w.value.replace("\\", "") for w in at.warning]
        assert "bought" in said if shown is None else number(shown) in said
        assert not at.metric and said.endswith((".", "。"))


def test_without_an_outcome_it_asks_and_a_number_serves(open_page):
    home.remember(home.new_workspace())
    at = open_page("targeting", ads_source="file")
    give(at, people().drop(columns=["bought", "minutes"]).assign(
        rating=np.random.default_rng(2).integers(1, 6, 400)))
    assert "Choose the column with the outcome" in at.info[0].value
    at.selectbox(key=key(at, "selectbox", "ads_outcome_")).set_value("rating").run()
    assert_well(at)
    assert at.number_input(key=key(at, "number_input", "ads_least_")).value == 3
    assert any(m.label == "People reached" for m in at.metric)


@pytest.mark.slow
def test_what_is_made_when_asked_for(open_page, sample_shop):
    at = open_page("targeting", ads_target="buys_within:30", ads_in_people="true",
                   ads_in_made="true", ads_in_coupon="true")
    for name in ("ads_blind", "ads_even_band", "ads_whole"):
        at.toggle(key=name).set_value(True).run()
        assert_well(at)
    text = words(at).replace("\\", "") + "".join(i.value for i in at.info).replace("\\", "")
    assert "Without age and gender the ranking is" in text
    assert "people would come in and as many go" in text and "evening out costs" in text
    assert "Shuffled among people" in text and "Were “" in text
    at.toggle(key="ads_coupons").set_value(True).run()
    assert "value of the coupon" in at.info[-1].value
    at.number_input(key="ads_coupon").set_value(10.0).run()
    assert_well(at)
    text = words(at).replace("\\", "")
    assert "may need a coupon" in text and "not effects" in text


@pytest.mark.slow
def test_the_models_side_by_side(open_page, sample_shop):
    at = open_page("targeting", ads_target="responded:autumn-2026", ads_in_models="true")
    at.toggle(key="ads_compare").set_value(True).run(timeout=300)
    assert_well(at)
    assert "The data favour: " in words(at).replace("\\", "")
    (table,) = [d.value for d in at.dataframe if "f1" in d.value.columns]
    assert len(table) == 6 and table["model"].str.contains("★").sum() == 1


@pytest.mark.slow
def test_another_outcome_has_a_comparison_of_its_own(open_page):
    home.remember(home.new_workspace())
    at = open_page("targeting", ads_source="file", ads_in_models="true", ads_compare="true")
    give(at, people().drop(columns="minutes").assign(
        clicked=np.where(np.arange(400) % 2, "yes", "no")))
    seen = {}
    for outcome in ("bought", "clicked"):
        at.selectbox(key=key(at, "selectbox", "ads_outcome_")).set_value(outcome).run(timeout=300)
        assert_well(at)
        (table,) = [d.value for d in at.dataframe if "f1" in d.value.columns]
        seen[outcome] = dict(zip(table["model"].str.removesuffix(" ★"), table["auc"], strict=True))
    assert seen["bought"].keys() == seen["clicked"].keys()
    assert all(seen["bought"][m] > seen["clicked"][m] + 0.1 for m in seen["bought"])
