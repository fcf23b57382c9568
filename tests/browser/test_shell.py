"""What only a browser shows: deep links, the language in the link, F5, no foreign host."""

import pytest

from tests.browser.driver import settle, zh

pytestmark = pytest.mark.browser


def heading(page, name):
    page.get_by_role("heading", name=name, exact=True).wait_for()


def test_a_deep_link_on_a_fresh_server_has_language_navigation_and_filters(visit):
    page = visit("/behaviour?lang=zh")
    heading(page, zh("Behaviour"))
    page.get_by_role("link", name=zh("Start")).wait_for()  # the navigation of app.py
    assert page.url.split("?")[0].endswith("/behaviour") and "lang=zh" in page.url


def test_the_first_page_is_found_by_its_name_too(visit):
    page = visit("/start?lang=zh")
    heading(page, zh("What you will get"))
    assert not page.get_by_role("dialog").count()  # Streamlit's "Page not found"


def test_the_sample_opens_by_one_click_stays_after_f5_and_asks_no_foreign_host(visit):
    page = visit("/")
    page.get_by_text("Nothing is sent").first.wait_for()
    page.locator(".st-key-open_sample button").click()
    heading(page, "What is loaded")
    page.locator(".js-plotly-plot").first.wait_for()
    shown = page.get_by_test_id("stMetricValue").first.inner_text()
    page.reload()
    heading(page, "What is loaded")
    page.locator(".st-key-sample_ribbon").wait_for()
    page.get_by_test_id("stMetricValue").first.filter(has_text=shown).wait_for()
    page.locator(".st-key-lang").get_by_text("中文").click()
    heading(page, zh("What is loaded"))
    assert "lang=zh" in page.url
    page.get_by_role("link", name=zh("Behaviour")).first.click()
    heading(page, zh("Behaviour"))
    box = page.locator(".st-key-b_period").get_by_role("combobox")
    box.click()
    page.get_by_role("option", name=zh("Last 90 days")).click()
    page.get_by_text(zh("Arrows: against the equally long period before.")).wait_for()
    assert "b_period=90" in page.url  # the code, not the Chinese words
    page.reload()
    page.get_by_text(zh("Arrows: against the equally long period before.")).wait_for()
    settle(page)  # else a chart that arrives pushes the button away under the hand
    button = page.locator(".st-key-b_trend_chart_table_csv button")
    page.get_by_test_id("stExpander").filter(has=button).locator("summary").click()
    button.wait_for()
    with page.expect_download() as caught:
        button.click()
    saved = caught.value.path().read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf") and "日期" in saved.decode("utf-8-sig")
    assert page.hosts == {"127.0.0.1"}


def test_the_browser_language_is_the_first_language(visit):
    heading(visit("/", locale="zh-CN"), zh("What you will get"))
