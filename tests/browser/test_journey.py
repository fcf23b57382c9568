"""Her ten minutes: bring a dirty export in, correct it, take it out; then the sample shop."""

import csv
import io
import re

import pytest

from omni_core.service import intent_name
from tests.browser.driver import ROOT, settle, unfold, zh

pytestmark = pytest.mark.browser
TWIN = ROOT / "sample_data" / "orders_dirty_gbk.csv"


def heading(page, name):
    page.get_by_role("heading", name=name, exact=True).first.wait_for()


def go(page, link, name):
    page.get_by_role("link", name=link).first.click()
    heading(page, name)
    settle(page)


def metrics(page):
    settle(page)
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def slide(page, key, steps=4):
    """Move a slider by the keyboard, as someone without a mouse would."""
    handle = page.locator(f".st-key-{key}").get_by_role("slider")
    handle.focus()
    for _step in range(steps):
        handle.press("ArrowRight")
    settle(page)


def pick(page, place, words):
    """Choose from a list by typing. A list closes when the page scrolls, so scroll first."""
    from playwright.sync_api import TimeoutError as TooLate

    box = place.get_by_role("combobox")
    box.evaluate("e => e.scrollIntoView({block: 'center'})")
    option = page.get_by_role("option", name=words)
    for _attempt in range(5):
        box.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)  # a long list shows only a part of itself
        try:
            option.click(timeout=3_000)
        except TooLate:
            page.keyboard.press("Escape")  # an expander was still unfolding
        else:
            return settle(page)
    raise AssertionError(f"{words} can't be chosen")


def saved_csv(page, button):
    with page.expect_download() as caught:
        button.click()
    data = caught.value.path().read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # Excel reads Chinese only with the mark
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_gbk_export_is_brought_in_corrected_kept_and_taken_out(visit):
    page = visit("/?lang=zh", locale="zh-CN")
    page.locator(".st-key-use_own button").click()
    heading(page, zh("Bring your files"))
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(TWIN)
    page.get_by_text("GB18030").wait_for()  # it says which encoding it read
    said = page.get_by_text(re.compile(r"共 [\d,]+ 行：将导入 [\d,]+ 行")).first.inner_text()
    rows, accepted = (int(n.replace(",", "")) for n in re.findall(r"[\d,]+", said)[:2])
    assert 0 < accepted <= rows

    # the channel column is none of hers: say so before anything is written
    role = page.locator("[class*=st-key-role_][class*=_channel]")
    if not role.is_visible():
        page.get_by_test_id("stExpander").locator("summary").filter(
            has_text=zh("Which column means what")).click()
    pick(page, role, zh("not in this file"))
    page.locator("[class*=st-key-import_] button").last.click()
    heading(page, zh("What has been imported"))
    page.reload()  # F5: a new session finds the shop again
    heading(page, zh("What has been imported"))
    page.get_by_text(TWIN.name).first.wait_for()

    go(page, zh("Behaviour"), zh("Behaviour"))
    assert int(re.sub(r"\D", "", metrics(page)[0])) > 0
    assert page.locator(".st-key-b_channel").count() == 0  # the correction held

    go(page, zh("Data"), zh("Bring your files"))
    page.get_by_role("button", name=zh("Undo")).first.click()
    page.locator("[class*=st-key-undo_] button").first.click()
    heading(page, zh("Which files help"))
    assert page.hosts == {"127.0.0.1"}


def test_the_sample_shop_answers_a_new_user(visit):
    page = visit("/")
    page.locator(".st-key-open_sample button").click()
    page.locator(".st-key-sample_ribbon").wait_for()

    go(page, "Recommend", "Recommend")
    heading(page, "Shown today")
    before, listed = metrics(page), page.locator("h3 ~ *, strong").all_inner_texts()
    slide(page, "rc_in_norm_to")
    page.wait_for_function(
        "old => document.querySelector('[data-testid=stMetricValue]').innerText !== old",
        arg=before[0])
    assert metrics(page) != before  # quality moves with the control
    assert page.locator("h3 ~ *, strong").all_inner_texts() != listed  # and so does her list
    assert "rc_in_norm_to=" in page.url
    moved = metrics(page)
    page.reload()
    heading(page, "Shown today")
    settle(page)
    assert metrics(page) == moved  # the link holds the setting

    go(page, "Service", "Service")
    box = page.locator(".st-key-sv_text").get_by_role("textbox")
    box.fill("什么时候发货")
    box.press("Enter")
    page.get_by_test_id("stMetricValue").filter(has_text=intent_name("delivery_time")).wait_for()

    go(page, "Ads", "Ads")
    heading(page, "Whom does it pay to contact?")
    cut = page.locator(".st-key-ads_cut").get_by_role("slider")
    cut.wait_for()
    settle(page)
    page.locator(".st-key-ads_cut_suggested button").click()
    settle(page)
    reach = page.get_by_test_id("stMetric").filter(has_text="People reached")
    first = reach.get_by_test_id("stMetricValue").inner_text()
    unfold(page, "Who is in the audience?")
    people = saved_csv(page, page.locator(".st-key-ads_csv button"))
    assert len(people) == int(first.replace(",", "")) > 0
    assert people[0].keys() and len({p[next(iter(p))] for p in people}) == len(people)
    from playwright.sync_api import expect

    slide(page, "ads_cut", 5)
    expect(reach.get_by_test_id("stMetricValue")).not_to_have_text(first)
    assert int(reach.get_by_test_id("stMetricValue").inner_text().replace(",", "")) < len(people)
    assert page.hosts == {"127.0.0.1"}
