"""The recommender in a real browser: one move, three answers, all in view; on the panel, too."""

import re

import pytest

from omni_core import home, panel
from omni_core.workspace import Workspace
from tests.browser.driver import serving, settle

pytestmark = pytest.mark.browser
LIST = ".st-key-rc_list"
FIGURES = ".st-key-rc_figures"
KNOB = ".st-key-rc_in_norm_to"


def answers(page):
    """What a move changes: her list, and the figures by name."""
    settle(page)
    names = page.locator(f"{LIST} strong").all_inner_texts()
    labels = page.locator(f"{FIGURES} [data-testid=stMetricLabel]").all_inner_texts()
    values = page.locator(f"{FIGURES} [data-testid=stMetricValue]").all_inner_texts()
    return names, dict(zip(labels, values, strict=True))


def turn(page, steps=5):
    """Move the knob by the keyboard and wait until the figures answer."""
    before = page.locator(FIGURES).inner_text()
    handle = page.locator(KNOB).get_by_role("slider")
    handle.focus()
    for _step in range(steps):
        handle.press("ArrowRight")
    page.wait_for_function(
        "([place, old]) => document.querySelector(place).innerText !== old",
        arg=[FIGURES, before])


def in_view(element):
    """How much of an element's height is seen, in pixels: in the window, and not under the knobs.
    """
    return element.first.evaluate(
        "e => { const r = e.getBoundingClientRect(), x = r.left + 20; let n = 0;"
        " const box = e.closest('[data-testid=stColumn]');"
        " for (let y = Math.max(r.top, 0); y < Math.min(r.bottom, innerHeight); y++)"
        " n += box.contains(document.elementFromPoint(x, y)); return n }")


def one_move_three_answers(page):
    page.locator(LIST).wait_for()
    page.locator(FIGURES).wait_for()  # on many events they come after the list
    first, figures = answers(page)
    assert len(first) == 10 and len(figures) == 6
    turn(page)
    second, moved = answers(page)
    changed = {name for name in figures if figures[name] != moved[name]}
    assert second != first, "her list"
    assert {"Found what they bought", "Goods shown"} <= changed, "the held-out figures"
    marks = page.locator(LIST).inner_text()
    assert "▲" in marks or "▼" in marks or "new" in marks
    assert page.locator(f"{FIGURES} [data-testid=stMetricDelta]").count() == 6
    assert "bestsellers" in page.locator(FIGURES).inner_text()
    assert "rc_in_norm_to=" in page.url
    return moved


@pytest.fixture
def sample(visit):
    def go(**settings):
        page = visit("/", **settings)
        page.locator(".st-key-open_sample button").click()
        page.locator(".st-key-sample_ribbon").wait_for()
        page.goto(page.url.split("?")[0].rstrip("/") + "/recommend?lang=en")
        page.locator(LIST).wait_for()
        settle(page)
        return page

    return go


def test_one_move_gives_three_answers_that_are_seen_together_and_stay_in_the_link(sample):
    page = sample()
    moved = one_move_three_answers(page)
    for width in (1280, 900, 420):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        if width == 900:  # from here on the knobs are a bar at the lower edge
            assert not page.locator(KNOB).is_visible(), "folded until she opens it"
            page.locator(".st-key-rc_adjust label").click()
            settle(page)
        page.locator(FIGURES).evaluate("e => e.scrollIntoView({block: 'start'})")
        page.locator(KNOB).evaluate(
            "e => { const box = e.closest('[data-testid=stColumn]');"
            " box.scrollTop += e.getBoundingClientRect().top - box.getBoundingClientRect().top"
            " - 100 }")
        assert in_view(page.locator(KNOB).get_by_role("slider")) > 8, width
        assert in_view(page.locator(FIGURES)) > 80, width
        assert in_view(page.locator(f"{LIST} p")) > 40, width
    page.reload()
    page.locator(LIST).wait_for()
    assert answers(page)[1] == moved
    assert page.hosts == {"127.0.0.1"}


@pytest.mark.slow
def test_work_that_lasts_shows_its_way_and_can_be_stopped(sample):
    page = sample()
    page.goto(page.url.split("?")[0] + "?lang=en&rc_model=neural&rc_ne_rounds=100")
    page.locator(".st-key-rc_go button").click()
    page.locator(".st-key-working_rc_work").wait_for()
    page.locator(".st-key-stop_rc_work button").click()
    page.get_by_text("Stopped").first.wait_for()
    page.locator(".st-key-rc_go button").wait_for()


@pytest.mark.slow
@pytest.mark.realdata
def test_one_move_gives_three_answers_on_the_panel(chromium, tmp_path, monkeypatch):
    try:
        panel.source()
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    monkeypatch.setenv("OMNI_HOME", str(tmp_path / "home"))
    files = panel.write_panel(tmp_path)
    folder = home.new_workspace()
    with Workspace.open(folder, timezone="UTC") as ws:
        for file in files:
            assert ws.import_file(file).status == "imported"
    home.remember(folder)
    with serving(tmp_path / "home") as address:
        context = chromium.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(180_000)
        page = context.new_page()
        page.goto(f"{address}/recommend?lang=en")
        moved = one_move_three_answers(page)
        assert re.search(r"\d", moved["How high it stands"])
        context.close()
