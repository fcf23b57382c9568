"""From a campaign table, or a file of one row a person, to a hashed audience file, timed."""

import csv
import hashlib
import random
import time

import pytest

from tests.browser.driver import ROOT, settle, unfold, zh

pytestmark = pytest.mark.browser
LIMIT = 120  # seconds, from the first page to the saved file


def wait_for_line(page, text):
    page.get_by_text(text).first.wait_for()


def contact_file(path, users):
    """A customer file as a shop system exports it: id, mobile, consent."""
    with path.open("w", newline="", encoding="gb18030") as out:
        rows = csv.writer(out)
        rows.writerow(["客户编号", "手机号", "是否同意"])
        for i, user in enumerate(users):
            rows.writerow([user, f"138{i:08}", "否" if i % 10 == 0 else "是"])
    return path


def pick(page, key, words):
    box = page.locator(f".st-key-{key}").get_by_role("combobox")
    box.evaluate("e => e.scrollIntoView({block: 'center'})")
    from playwright import sync_api

    option = page.get_by_role("option", name=words)
    for _time in range(5):  # a list closes by itself when what is above it is still being drawn
        box.click()
        try:
            option.click(timeout=3_000)
            break
        except sync_api.TimeoutError:
            settle(page)
    settle(page)
    assert words in page.locator(f".st-key-{key}").inner_text() or box.input_value() == words


def make(page):
    """Ask for the hashed file: nothing is hashed before."""
    button = page.locator(".st-key-ads_make button")
    button.wait_for()
    assert not page.locator(".st-key-ads_hashed").count()
    button.click()


def saved(page):
    button = page.locator(".st-key-ads_hashed button")
    button.wait_for()
    settle(page)
    with page.expect_download() as caught:
        button.click()
    return caught.value.path().read_text(), caught.value.suggested_filename


def test_from_the_sample_shop_s_campaigns_to_a_hashed_file(visit, tmp_path):
    with (ROOT / "sample_data" / "customers.csv").open(encoding="utf-8") as file:
        users = [row["customer_id"] for row in csv.DictReader(file)]
    contacts = contact_file(tmp_path / "客户.csv", users)
    page = visit("/")
    start = time.monotonic()
    page.locator(".st-key-open_sample button").first.click()
    page.locator(".st-key-sample_ribbon").wait_for()
    page.get_by_role("link", name="Ads").first.click()
    unfold(page, "Hand it to an ad platform")
    pick(page, "ads_platform", "Tencent Ads")
    page.locator(".st-key-ads_contacts").get_by_test_id(
        "stFileUploaderDropzoneInput").set_input_files(contacts)
    make(page)
    wait_for_line(page, "people chosen")  # counted before it is saved
    text, name = saved(page)
    assert time.monotonic() - start < LIMIT
    lines = text.split()
    assert name == "audience_tencent.txt" and len(lines) > 100
    hashes = {hashlib.md5(f"138{i:08}".encode()).hexdigest() for i in range(len(users)) if i % 10}
    assert set(lines) <= hashes and len(set(lines)) == len(lines)  # who refused is not there
    assert page.hosts == {"127.0.0.1"}


def test_from_the_articles_file_to_a_hashed_file(visit, tmp_path):
    people = ROOT / "sample_data" / "people.csv"
    with people.open(encoding="utf-8") as file:
        users = [row["user_id"] for row in csv.DictReader(file)]
    contacts = contact_file(tmp_path / "客户.csv", users)
    page = visit("/targeting?lang=zh", locale="zh-CN")
    start = time.monotonic()
    page.locator(".st-key-ads_own button").click()
    page.locator(".st-key-ads_file").get_by_test_id(
        "stFileUploaderDropzoneInput").set_input_files(people)
    box = page.locator("[class*=st-key-ads_outcome_]").get_by_role("combobox")
    box.click()
    page.get_by_role("option", name="rating", exact=True).click()
    unfold(page, zh("Hand it to an ad platform"))
    pick(page, "ads_platform", zh("Meta (Facebook, Instagram)"))
    page.locator(".st-key-ads_contacts").get_by_test_id(
        "stFileUploaderDropzoneInput").set_input_files(contacts)
    make(page)
    wait_for_line(page, "在文件中")
    text, name = saved(page)
    assert time.monotonic() - start < LIMIT
    lines = text.split()
    assert name == "audience_meta.csv" and lines[0] == "phone,country"
    phones = {hashlib.sha256(f"86138{i:08}".encode()).hexdigest()
              for i in range(len(users)) if i % 10}
    assert len(lines[1:]) > 5 and {line.split(",")[0] for line in lines[1:]} <= phones
    assert page.hosts == {"127.0.0.1"}


# such files go through the page without a browser in tests/app/test_targeting_own.py
@pytest.mark.slow
def test_a_file_with_age_gender_interests_and_an_outcome(visit, tmp_path):
    draw = random.Random(4)
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "age", "gender", "interests", "bought", "email"])
        for i in range(500):
            age, music = draw.randint(18, 70), draw.random() < 0.5
            yes = draw.random() < (0.6 if age < 35 else 0.15) + 0.15 * music
            rows.writerow([f"P{i:03}", age, draw.choice(["male", "female"]),
                           "music" if music else "sport", "yes" if yes else "no",
                           f"p{i}@example.com"])
    page = visit("/targeting")
    start = time.monotonic()
    page.locator(".st-key-ads_own button").click()
    page.locator(".st-key-ads_file").get_by_test_id(
        "stFileUploaderDropzoneInput").set_input_files(path)
    unfold(page, "Hand it to an ad platform")
    make(page)
    wait_for_line(page, "people chosen")  # outcome, yes and addresses were found by themselves
    text, name = saved(page)
    assert time.monotonic() - start < LIMIT
    lines = text.splitlines()
    assert name == "audience_google.csv" and lines[0].startswith("Email,Phone")
    hashes = {hashlib.sha256(f"p{i}@example.com".encode()).hexdigest() for i in range(500)}
    assert len(lines) > 50
    assert {line.split(",")[0] for line in lines[1:]} <= hashes
    assert page.hosts == {"127.0.0.1"}
