"""An intent is added from the queue, the model retrained, what broke is read, and rolled back."""

import re

import pytest

from omni_core import Workspace, home
from omni_core.i18n import use_language
from omni_core.service import INTENTS, intent_name, sentences
from omni_core.service.training import Library
from tests.browser.driver import settle, zh

pytestmark = pytest.mark.browser
SAID = {"en": "could you laser my name onto the mug", "zh": "杯子上能帮忙激光打个名字不"}
WORDS = {"en": str, "zh": zh}


@pytest.fixture
def small_bot(tmp_path, monkeypatch):
    """A shop whose bot has learnt a few sentences of each intent: each training is a blink."""
    monkeypatch.setenv("OMNI_HOME", str(tmp_path / "home"))
    few = sentences.shipped().groupby(["intent", "language"], sort=False).head(4)
    with Workspace.open(tmp_path / "home" / "shop") as ws:
        Library(ws).save("auto", tuple(zip(few["text"], few["intent"], strict=True)), {})
    home.remember(tmp_path / "home" / "shop")


def heading(page, name):
    page.get_by_role("heading", name=name, exact=True).first.wait_for()
    settle(page)


def view(page, words):
    page.locator(".st-key-sv_view").get_by_role("radio", name=words).or_(
        page.locator(".st-key-sv_view").get_by_role("button", name=words)).first.click()
    settle(page)


# one language in each run: the second says nothing new but its words, which AppTest reads, too
@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_an_intent_from_the_queue_is_learnt_read_and_rolled_back(small_bot, visit, language):
    w = WORDS[language]
    page = visit(f"/service?lang={language}",
                 locale={"en": "en-US", "zh": "zh-CN"}[language])
    heading(page, w("Service"))
    box = page.locator(".st-key-sv_text textarea")
    box.wait_for()
    box.fill(SAID[language])
    box.press("Enter")
    page.get_by_test_id("stMetric").filter(has_text=w("Intent")).wait_for()
    settle(page)

    view(page, w("Review"))
    heading(page, w("What it was unsure of"))
    row = page.locator(".st-key-sv_row_0")
    row.get_by_text(SAID[language]).wait_for()
    pick = row.get_by_role("combobox")
    pick.click()
    page.get_by_role("option", name=w("A new intent …")).click()
    settle(page)
    name = row.get_by_label(w("Name of the new intent"))
    name.fill("engraving")  # an intent that there was not
    name.press("Enter")
    settle(page)
    row.get_by_role("button", name=w("Add to this intent")).click()
    page.get_by_text(w("Nothing is left to read.")).wait_for()
    settle(page)

    view(page, w("Teach it"))
    page.locator(".st-key-sv_retrain button").click()
    heading(page, w("What version {name} changed").format(name="0002"))
    told = page.get_by_text(re.compile(w("Learnt: {added} added, {removed} removed.").format(
        added="1", removed="0"))).first
    told.wait_for()

    view(page, w("Try it"))
    box = page.locator(".st-key-sv_text textarea")
    box.fill(SAID[language])
    box.press("Enter")
    intent = page.get_by_test_id("stMetric").filter(has_text=w("Intent")).get_by_test_id(
        "stMetricValue")
    from playwright.sync_api import expect
    expect(intent).to_have_text("engraving")
    page.reload()  # a new session: the version is in the workspace
    heading(page, w("Service"))

    view(page, w("Teach it"))
    heading(page, w("Versions"))
    page.locator(".st-key-sv_back button").click()
    settle(page)
    view(page, w("Try it"))
    box = page.locator(".st-key-sv_text textarea")
    box.fill(SAID[language])
    box.press("Enter")
    page.get_by_test_id("stMetric").filter(has_text=w("Intent")).wait_for()
    expect(intent).not_to_have_text("engraving", timeout=60_000)
    settle(page)
    with use_language(language):
        assert intent.inner_text() in {intent_name(i) for i in INTENTS}
    assert page.hosts == {"127.0.0.1"}
