"""A pile of mixed files dropped at once, in a real browser: what became of each, in words."""

import csv
import gzip
import io
import re

import pytest
from openpyxl import Workbook

from omni_core.i18n import money, number, use_language
from tests.browser.driver import ROOT, settle, zh
from tests.corpus.base import Lines
from tests.corpus.shop import orders
from tests.corpus.western import SHOPIFY, shopify_rows

pytestmark = pytest.mark.browser
TWIN = ROOT / "sample_data" / "orders_dirty_gbk.csv"


def pile(folder):
    """A GBK export, a workbook, a packed log, Shopify's orders, a report of sums, a riddle."""
    book = Workbook()
    book.active.append(["客户编号", "年龄", "性别"])
    for i in range(90):
        book.active.append([f"C{i:05d}", f"{20 + i % 50}岁", "女"])
    book.save(folder / "顾客.xlsx")
    views = "user,item,event,time\n" + "".join(
        f"C{i % 90:05d},P{i % 40},view,2026-10-{i % 28 + 1:02d} 10:00:00\n" for i in range(900))
    (folder / "views.csv.gz").write_bytes(gzip.compress(views.encode()))
    out = Lines(newline="\n")
    out.header(SHOPIFY)
    for order in orders(1, 60):
        shopify_rows(out, order)
    (folder / "orders_export.csv").write_bytes(out.text.encode())
    (folder / "ga4.csv").write_text(
        "# ----\n# Free form\n# 20260301-20260331\n\nEvent name,Event count,Total users\n"
        ",90,20\n" + "view,1,1\n" * 20)
    (folder / "riddle.csv").write_text("order,user,item,time,price\n" + "".join(
        f"o{i},u{i},p,0{i}/0{i + 1}/2026,5.50\n" for i in range(1, 6)))
    return [TWIN, *sorted(folder.iterdir())]


def card(page, name):
    return page.locator("[class*=st-key-card_]").filter(has=page.get_by_text(name, exact=True))


def open_fold(place, words):
    place.get_by_test_id("stExpander").locator("summary").filter(has_text=words).first.click()


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_a_pile_of_files_is_told_apart_answered_imported_and_kept(visit, tmp_path, language):
    def say(text):
        return text if language == "en" else zh(text)

    page = visit(f"/data?lang={language}", locale={"en": "en-US", "zh": "zh-CN"}[language])
    page.get_by_role("heading", name=say("Bring your files")).wait_for()
    (tmp_path / "pile").mkdir()
    files = pile(tmp_path / "pile")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    states = {TWIN.name: "Ready to import", "顾客.xlsx": "Ready to import",
              "views.csv.gz": "Ready to import", "orders_export.csv": "Ready to import",
              "ga4.csv": "Can't be imported", "riddle.csv": "Needs your answer"}
    for name, state in states.items():
        card(page, name).get_by_text(say(state), exact=True).wait_for()
    settle(page)
    with use_language(language):
        # of the twin: the file's own total is what was read, and each step to the revenue
        assert money(78316.7, "CNY") in card(page, TWIN.name).inner_text()
        assert number(1932) in card(page, TWIN.name).inner_text()
    assert "GB18030" in card(page, TWIN.name).inner_text()
    assert say("Shopify, orders") in card(page, "orders_export.csv").inner_text()
    assert say("This is a report of sums from Google Analytics: it doesn't say who did what. Take "
               "the orders of your shop instead, or the events that Analytics exports to "
               "BigQuery.") in card(page, "ga4.csv").inner_text()

    # two bad rows to take home, with their lines
    open_fold(card(page, TWIN.name), "2")
    settle(page)
    with page.expect_download() as caught:
        card(page, TWIN.name).get_by_test_id("stDownloadButton").get_by_role("button").click()
    rows = list(csv.reader(io.StringIO(caught.value.path().read_bytes().decode("utf-8-sig"))))
    lines = TWIN.read_bytes().decode("gb18030").split("\r\n")
    assert len(rows) == 3
    for row in rows[1:]:
        assert row[-3] in lines[int(re.sub(r"\D", "", row[0])) - 1]  # its state of the order

    card(page, "riddle.csv").locator("label").filter(has_text=say("Day first: 31/12/2026")).click()
    card(page, "riddle.csv").get_by_text(say("Ready to import"), exact=True).wait_for()
    page.reload()  # nothing is lost, not even the answer
    card(page, "riddle.csv").get_by_text(say("Ready to import"), exact=True).wait_for()
    settle(page)
    page.locator(".st-key-import_all button").click()
    page.get_by_role("heading", name=say("What has been imported")).wait_for()
    for name in states:
        expected = "Can't be imported" if name == "ga4.csv" else "Imported"
        card(page, name).get_by_text(say(expected), exact=True).wait_for()
    settle(page)
    assert page.locator("[class*=st-key-past_]").count() == 5
    page.reload()
    page.get_by_role("heading", name=say("What has been imported")).wait_for()
    settle(page)
    assert page.locator("[class*=st-key-card_]").count() == 1  # only the report still waits
    assert "{" not in page.get_by_test_id("stMain").inner_text()
    assert page.hosts == {"127.0.0.1"}


def test_a_long_import_is_cancelled_by_a_click(visit, tmp_path):
    big = tmp_path / "big.csv"
    with big.open("w") as out:
        out.write("user,item,event,time\n")
        out.writelines(f"u{i % 9000},p{i % 500},view,2026-03-{i % 28 + 1:02d} 10:00:{i % 60:02d}\n"
                       for i in range(600_000))
    page = visit("/data")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(big)
    card(page, "big.csv").get_by_text("Ready to import", exact=True).wait_for()
    settle(page)
    page.locator("[class*=st-key-import_] button").last.click()
    page.get_by_role("button", name="Cancel the import").click()
    page.get_by_text("Nothing of big.csv was imported").wait_for()
    settle(page)
    assert page.get_by_role("heading", name="What has been imported").count() == 0
    page.get_by_role("button", name="Leave it").click()
    card(page, "big.csv").get_by_text("Ready to import", exact=True).wait_for()
