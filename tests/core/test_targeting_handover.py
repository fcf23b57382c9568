"""Addresses to hashes, and an audience to an upload: known answers, consent, every loss counted."""

import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.errors import NoAddresses, UnknownName, UnreadableTable
from omni_core.targeting import addresses, contacts, handover
from omni_core.targeting.addresses import PLATFORMS
from omni_core.targeting.contacts import Contacts

GMAIL = "87924606b4131a8aceeeae8868531fbb9712aaa07a5d3a756b26ce0f5d6ca674"
PHONE = "2ebdcb1bacf1ff0801da3dac97a864a1d35d3b3b7aa75c47bd4b220f9f04c4e2"
PLAIN_MD5 = "4c0115d39ddea1eba5a7cdf8edfc18a9"


def known(rows, refused=()):
    frame = pd.DataFrame(rows, columns=["user", "kind", "value"])
    return Contacts(frame, frozenset(refused), frame["user"].nunique(), {})


def test_hashes_are_those_of_the_platforms():
    assert addresses.sha256(addresses.email(" Test@Gmail.com\t")) == GMAIL
    for written in ("138 1234 5678", "+86 138-1234-5678", "0086 13812345678", "8613812345678",
                    "'13812345678", "１３８１２３４５６７８"):
        assert addresses.phone(written, "CN") == "+8613812345678", written
    assert addresses.sha256("+8613812345678") == PHONE
    (tencent,) = PLATFORMS["tencent"].fields
    assert addresses.cell(tencent, "+8613812345678") == PLAIN_MD5
    for other in ("+85251234567", "+861062345678"):  # no mainland mobile
        assert addresses.cell(tencent, other) is None
    meta = {f.header: f for f in PLATFORMS["meta"].fields}
    assert addresses.cell(meta["phone"], "+8613812345678") == addresses.sha256("8613812345678")
    assert addresses.cell(meta["gen"], "女") == addresses.sha256("f")
    assert addresses.email("first.last+a@gmail.com") == "first.last+a@gmail.com"  # dots stay
    for bad in ("no mail", "a@b", "@x.com", "a@b@c.com", "", None):
        assert addresses.email(bad) is None
    assert addresses.phone("12", "CN") is addresses.phone("abc", "CN") is None
    assert addresses.birthday("1990/1/5") == addresses.birthday("1990-01-05") == "19900105"
    assert addresses.birthday("5.1.1990") is None


def test_the_counts_add_up_and_the_order_is_the_audience_s():
    given = known([
        ("b", "email", "B@x.com"), ("a", "phone", "13812345678"), ("a", "email", "test@gmail.com"),
        ("a", "email", "second@x.com"), ("c", "phone", "xx"), ("d", "email", "d@x.com"),
        ("e", "first", "Eve"), ("f", "email", "b@x.com "),
    ], refused={"d"})
    made = handover.handover(["b", "c", "a", "d", "e", "f", "b"], given, "tiktok")
    assert (made.chosen, made.people, made.without_address, made.unreadable, made.refused,
            made.merged) == (6, 3, 1, 1, 1, 1)
    assert made.chosen == made.people + made.without_address + made.unreadable + made.refused
    assert made.rows["Email_SHA256"].tolist() == [
        addresses.sha256(m) for m in ("b@x.com", "second@x.com", "test@gmail.com")]
    assert made.rows["Phone_SHA256"].tolist()[1:2] == [PHONE]
    shuffled = Contacts(given.rows.sample(frac=1, random_state=1), given.refused, 6, {})
    again = handover.handover(["b", "c", "a", "d", "e", "f"], shuffled, "tiktok")
    assert handover.as_bytes(again) == handover.as_bytes(made)
    assert made.too_small and not handover.handover([], given, "tencent").too_small
    with pytest.raises(UnknownName):
        handover.handover([], given, "googel")


def test_each_upload_has_its_platform_s_form():
    given = known([("a", "email", "test@gmail.com"), ("a", "phone", "13812345678"),
                   ("a", "first", " Li "), ("a", "zip", "=cmd|x"), ("a", "country", "cn")])
    google = handover.as_bytes(handover.handover(["a"], given, "google")).decode()
    assert google == ("Email,Phone,First Name,Last Name,Country,Zip\r\n"
                      f"{GMAIL},{PHONE},{addresses.sha256('li')},,CN,'=cmd|x\r\n")
    tencent = handover.handover(["a"], given, "tencent")
    assert handover.as_bytes(tencent) == f"{PLAIN_MD5}\r\n".encode()
    assert handover.file_name(tencent) == "audience_tencent.txt"
    meta = handover.handover(["a"], given, "meta").rows
    assert list(meta.columns) == ["email", "phone", "fn", "country"]  # what nobody has is no column
    assert meta["country"][0] == addresses.sha256("cn")
    for name in PLATFORMS:  # nothing readable leaves but country and zip
        text = handover.as_bytes(handover.handover(["a"], given, name)).decode().lower()
        assert "gmail" not in text and "138123" not in text and "li," not in text


@pytest.mark.parametrize(("written", "letters"), [
    ("China", "CN"), ("中国大陆", "CN"), ("cn", "CN"), ("Atlantis", "CN"), ("United States", "US"),
    ("UK", "GB"), ("Deutschland", "DE"), ("日本", "JP"), ("", "CN")])
def test_a_country_is_known_by_its_name_and_else_is_the_one_chosen(written, letters):
    given = known([("a", "email", "test@gmail.com"), ("a", "country", written)])
    assert handover.handover(["a"], given, "google", "CN").rows["Country"].tolist() == [letters]
    if letters == "CN":
        given = known([("a", "phone", "13812345678"), ("a", "country", written)])
        assert handover.handover(["a"], given, "tiktok", "CN").rows["Phone_SHA256"][0] == PHONE


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop") as workspace:
        yield workspace


def test_a_customer_file_gives_addresses_and_is_forgotten(ws):
    text = ("会员编号,手机号,邮箱,姓名,是否同意,退订\n" "u1,13812345678,a@x.com,王芳,是,否\n"
            "u2,13912345678,,李四,否,否\nu3,,c@x.com,赵六,是,是\nu9,13712345678,,钱七,是,否\n")
    before = ws.revision
    table = ws.read_table(data=text.encode("gb18030"), name="客户.csv")
    found = contacts.from_table(table, ["u1", "u2", "u3"])
    assert found.refused == {"u2", "u3"} and found.consent_column == "是否同意"
    assert found.names["u1"] == "王芳" and found.ids == 4
    made = handover.handover(["u1", "u2", "u3", "u4"], found, "tencent")
    assert (made.people, made.refused, made.without_address) == (1, 2, 1)
    assert ws.revision == before and not list(ws.path.glob("**/*.upload"))
    assert ws.people.kept_contacts().empty
    with pytest.raises(NoAddresses):
        contacts.from_table(ws.read_table(data=b"user_id,age\nu1,20\n", name="x.csv"), ["u1"])
    with pytest.raises(UnreadableTable) as caught:
        ws.read_table(data=b"%PDF-1.4", name="x.pdf")
    assert "PDF" in str(caught.value)


def test_shoppers_named_by_their_address_are_found_by_its_code(ws):
    orders = "email,order id,created at,total\n" + "".join(
        f"p{i}@x.com,o{i},2026-01-0{1 + i} 10:00,10\n" for i in range(5))
    assert ws.import_file(data=orders.encode(), name="orders.csv").status == "imported"
    users = ws.query("shopper_names")["id"]
    table = ws.read_table(data=b"e-mail,phone\np1@x.com,13812345678\np9@x.com,1\n", name="c.csv")
    found = contacts.from_table(table, users)
    made = handover.handover(users, found, "google")
    assert made.people == 1 and made.without_address == len(users) - 1
    assert made.rows["Email"][0] == addresses.sha256("p1@x.com")


def test_kept_addresses_serve_too(ws):
    file = b"customer_id,age,email\nu1,20,test@gmail.com\nu2,30,b@x.com\n"
    assert ws.import_file(data=file, name="customers.csv",
                          answers={"personal": "keep"}).status == "imported"
    made = handover.handover(["u2", "u1"], contacts.kept(ws, ["u1", "u2"]), "google")
    assert made.rows["Email"].tolist() == [addresses.sha256("b@x.com"), GMAIL]
