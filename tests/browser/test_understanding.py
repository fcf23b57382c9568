"""Behaviour and customers in a browser: a click filters, groups compare, a segment is made."""

import re

import pytest

from omni_core.i18n import _ as said
from omni_core.i18n import use_language
from tests.browser.driver import settle
from tests.browser.test_journey import go, heading, metrics, pick

pytestmark = pytest.mark.browser
CHARTS = {"people": 3, "visits": 3, "carts": 1, "goods": 2, "calendar": 2}
PARTS = {"groups": "Customer groups", "cohorts": "By the month of the first order",
         "value": "What customers are likely to bring", "lapsed": "Regulars who have gone quiet",
         "segments": "Build a segment"}
LONG = pytest.mark.slow  # the second language says nothing new but its words: AppTest reads them


def words_of(language):
    def words(message):
        with use_language(language):
            return said(message)
    return words


def part(page, prefix, place):
    page.locator(f".st-key-{prefix}_part").get_by_role("radio").nth(place).click()
    settle(page)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0


def look_through(page, words):
    """Every part of both pages draws its charts, without an error."""
    go(page, words("Behaviour"), words("Behaviour"))
    for place, count in enumerate(CHARTS.values(), 1):
        part(page, "b", place)
        page.locator(".js-plotly-plot").nth(count - 1).wait_for()
    go(page, words("Your customers"), words("Your customers"))
    for place, name in zip((0, 2, 3, 4, 5), PARTS.values(), strict=True):
        part(page, "c", place)
        heading(page, words(name))


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=LONG)])
def test_bars_filter_groups_compare_and_a_segment_reaches_the_filters(visit, language):
    words = words_of(language)
    page = visit(f"/?lang={language}", locale={"zh": "zh-CN", "en": "en-US"}[language])
    page.locator(".st-key-open_sample button").click()
    page.locator(".st-key-sample_ribbon").wait_for()
    look_through(page, words)

    page.locator(".st-key-c_name input").fill("regulars")
    page.get_by_role("button", name=words("Save segment")).click()
    page.get_by_text(words("Saved: choose it as a segment on any page.")).wait_for()

    go(page, words("Behaviour"), words("Behaviour"))
    part(page, "b", 0)
    whole = metrics(page)
    bar = page.locator(".st-key-b_age_chart .bars .point path").nth(1)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("b_band=18-24"))
    settle(page)
    young = metrics(page)
    assert all(a != b for a, b in zip(whole, young, strict=True))
    pick(page, page.locator(".st-key-b_against"), words("the rest"))
    page.locator(".st-key-b_channels_pair .js-plotly-plot").wait_for()
    assert metrics(page) == young
    pick(page, page.locator(".st-key-b_segment"), "regulars")
    page.wait_for_url(re.compile("b_segment=regulars"))
    assert metrics(page) != young
    assert page.hosts == {"127.0.0.1"}


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_public_panel_fills_both_pages(chromium, tmp_path, language):
    from omni_core import home, panel
    from omni_core.workspace import Workspace
    from tests.browser import driver

    try:
        files = panel.write_panel(tmp_path)
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMNI_HOME", str(tmp_path / "home"))
        folder = home.new_workspace()
        with Workspace.open(folder, timezone="UTC") as ws:
            for path in files:
                assert ws.import_file(path).status == "imported"
        home.remember(folder)
    with driver.serving(tmp_path / "home") as address:
        context = chromium.new_context(locale={"zh": "zh-CN", "en": "en-US"}[language])
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"{address}/behaviour?lang={language}")
        words = words_of(language)
        heading(page, words("Behaviour"))
        settle(page)
        page.locator(".js-plotly-plot").nth(3).wait_for()
        go(page, words("Your customers"), words("Your customers"))
        for place, name in zip((0, 2, 3, 4, 5), PARTS.values(), strict=True):
            part(page, "c", place)
            heading(page, words(name))
        context.close()
