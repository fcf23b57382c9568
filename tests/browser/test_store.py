"""Nothing lost, one person one key, private by default: as she sees it, and as it lies on disk."""

import random
import re

import pytest

from omni_core import Workspace
from omni_core.backups import unpack
from tests.browser import driver
from tests.browser.driver import settle
from tests.browser.test_journey import pick

pytestmark = pytest.mark.browser
PEOPLE = ("customer id,age,email\n" + "".join(
    f"shopper-{n},{20 + n},mail{n}@x.com\n" for n in range(1, 31))).encode()
ORDERS = ("order id,customer id,product,amount,created at\n" + "".join(
    f"{n},shopper-{n % 30 + 1},tea,{10 + n},2026-01-{1 + n % 28:02d} 10:00:00\n"
    for n in range(1, 91))).encode()
GONE = "shopper-7"  # who is forgotten


def log(rows, seed):
    dice = random.Random(seed)
    return b"customer id,product,event,time\n" + b"".join(
        b"shopper-%d,p%d,view,2026-02-%02d %02d:%02d:%02d\n" % (
            dice.randrange(1, 31), dice.randrange(50), 1 + n % 28, n // 28 % 24, n // 672 % 60,
            n // 40320 % 60) for n in range(rows))


def bring(page, *files):
    """Drop files and wait until each has its card with a button to import it."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": data} for name, data in files])
    for name, _data in files:
        card(page, name).locator("[class*=st-key-import_] button").wait_for()


def card(page, name):
    return page.locator("[class*=st-key-card_]").filter(has_text=name)


def start_import(page, name, may_be_over=False):
    """Press the button and wait until the import says that it writes, or is over."""
    settle(page)
    card(page, name).locator("[class*=st-key-import_] button").click()
    seen = page.locator("[class*=st-key-working_]").get_by_text("Importing")
    if may_be_over:
        seen = seen.or_(page.locator("[class*=st-key-past_]").filter(has_text=name))
    seen.first.wait_for()


def imported(page):
    """The names of the files that are in."""
    page.get_by_role("heading", name="What has been imported").wait_for()
    settle(page)
    return re.findall(r"[\w-]+\.csv", " ".join(
        page.locator("[class*=st-key-past_]").all_inner_texts()))


def shoppers(page, address):
    page.goto(address + "/start?lang=en")
    page.get_by_role("heading", name="What is loaded").wait_for()
    settle(page)
    return int(page.get_by_test_id("stMetricValue").first.inner_text().replace(",", ""))


def folder_of(home):
    (found,) = (p for p in (home / "workspaces").iterdir() if (p / "omni.duckdb").exists())
    return found


def holds(ws, words):
    """Where any text of any table holds one of the words."""
    with ws._database.cursor() as cursor:
        tables = [t for (t,) in cursor.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()]
        return [t for t in tables for (row,) in cursor.execute(
            f"SELECT CAST(t AS VARCHAR) FROM {t} t").fetchall()
            if any(re.search(rf"\b{re.escape(w)}\b", row) for w in words)]


def test_killed_in_an_import_joined_parted_and_forgotten(chromium, tmp_path):
    home = tmp_path / "home"
    process, address = driver.launch(home)
    page = chromium.new_context(locale="en-US", timezone_id="Asia/Shanghai",
                                accept_downloads=True).new_page()
    page.set_default_timeout(60_000)
    try:
        page.goto(address + "/data?lang=en")
        bring(page, ("people.csv", PEOPLE), ("orders.csv", ORDERS))
        page.locator(".st-key-import_all button").click()
        assert sorted(imported(page)) == ["orders.csv", "people.csv"]
        bring(page, ("log.csv", log(400_000, 1)))  # so many that a kill is in time
        start_import(page, "log.csv")
        process.kill()
        process.wait(timeout=20)

        # a new server: the old state, and the file still waits
        process, address = driver.launch(home)
        page.goto(address + "/data?lang=en")
        assert sorted(imported(page)) == ["orders.csv", "people.csv"]
        card(page, "log.csv").locator("[class*=st-key-import_] button").wait_for()
        start_import(page, "log.csv")
        page.locator("[class*=st-key-past_]").filter(has_text="log.csv").wait_for()
        assert sorted(imported(page)) == ["log.csv", "orders.csv", "people.csv"]
        assert shoppers(page, address) == 30

        # two ids are one person, and two again
        page.goto(address + "/privacy?lang=en")
        page.locator(".st-key-pv_by_hand summary").click()
        page.locator(".st-key-pv_first").get_by_role("textbox").fill("shopper-1")
        page.locator(".st-key-pv_other").get_by_role("textbox").fill("shopper-2")
        page.get_by_role("button", name="Join them").click()
        page.locator("[class*=st-key-pv_back_]").wait_for()
        settle(page)
        assert shoppers(page, address) == 29
        page.goto(address + "/privacy?lang=en")
        page.locator("[class*=st-key-pv_back_] button").click()
        page.locator("[class*=st-key-pv_back_]").wait_for(state="detached")
        settle(page)
        assert shoppers(page, address) == 30

        # one of them wants to be forgotten
        page.goto(address + "/privacy?lang=en")
        search = page.locator(".st-key-pv_search").get_by_role("textbox")
        search.fill(GONE)
        search.press("Enter")
        pick(page, page.locator(".st-key-pv_who"), GONE)
        page.locator(".st-key-pv_sure label").click()
        page.locator(".st-key-pv_forget button:enabled").click()
        page.get_by_text("Forgotten for good").wait_for()
        settle(page)
        with page.expect_download() as caught:
            page.locator(".st-key-pv_file_0 button").click()
        caught.value.save_as(tmp_path / "kept.omni")
        assert shoppers(page, address) == 29
    finally:
        page.context.close()
        process.terminate()
        process.wait(timeout=20)

    her = [GONE, "mail7@x.com"]
    shop = folder_of(home)
    with Workspace.open(shop) as ws:
        assert ws.imports()["file_name"].tolist() == ["log.csv", "orders.csv", "people.csv"]
        assert not holds(ws, her) and holds(ws, ["shopper-8"])
    left = b"".join(p.read_bytes() for p in shop.rglob("*") if p.is_file())
    assert not any(word.encode() in left for word in her)
    # the backup that was downloaded after it, which is packed
    unpack(tmp_path / "kept.omni", tmp_path / "again")
    with Workspace.open(tmp_path / "again") as ws:
        assert not holds(ws, her) and int(ws.query("summary").shoppers[0]) == 29


@pytest.mark.slow
def test_a_closed_browser_and_two_windows_leave_each_file_in_once(chromium, tmp_path):
    home = tmp_path / "home"
    with driver.serving(home) as address:

        def window():
            page = chromium.new_context(locale="en-US", timezone_id="Asia/Shanghai").new_page()
            page.set_default_timeout(60_000)
            page.goto(address + "/data?lang=en")
            settle(page)
            return page

        page = window()
        bring(page, ("log.csv", log(80_000, 1)))
        start_import(page, "log.csv")
        page.context.close()  # as by closing the window

        page, other = window(), window()
        past = page.locator("[class*=st-key-past_]").filter(has_text="log.csv")
        button = card(page, "log.csv").locator("[class*=st-key-import_] button")
        past.or_(button).first.wait_for()
        bring(other, ("more.csv", log(40_000, 2)))
        if button.is_visible():
            button.click()
        start_import(other, "more.csv", may_be_over=True)
        for each in (page, other):
            for name in ("log.csv", "more.csv"):
                while name not in imported(each):
                    each.reload()
            each.context.close()
    with Workspace.open(folder_of(home)) as ws:
        assert sorted(ws.imports()["file_name"]) == ["log.csv", "more.csv"]
        taken = ws.imports()["accepted"].sum()
        assert ws.counts()["events"] == taken == ws.query("summary").events[0]
