"""A public grocery panel, 1.47 million lines: imported as files, then every page on it."""

import json
import re

import pandas as pd
import pytest

from omni_core import home, panel
from omni_core.i18n import LANGUAGES, number, use_language
from omni_core.service.replies import GAPS
from omni_core.targeting import campaigns
from omni_core.workspace import Workspace
from pages.ui import navigation
from tests.app.conftest import finish, words

pytestmark = pytest.mark.realdata
PAGES = [name for pages in navigation._SECTIONS.values() for name, _ in pages]
DEAR = {"service": "en", "targeting": "en", "recommend": "zh", "customers": "zh"}


@pytest.fixture(scope="module")
def raw():
    """The panel's own frames, as pandas reads them: what every figure is checked against."""
    try:
        source = panel.source()
    except panel.NoPanel as reason:
        pytest.skip(str(reason))
    return {name: pd.read_parquet(source / f"{name}.parquet") for name in
            ("transactions", "products", "demographics", "campaigns", "campaign_descriptions",
             "coupon_redemptions")}


@pytest.fixture(scope="module")
def _panel(raw, tmp_path_factory):
    """The panel written as exports and imported into a workspace of the app."""
    files = panel.write_panel(tmp_path_factory.mktemp("panel"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMNI_HOME", str(tmp_path_factory.mktemp("home")))
        folder = home.new_workspace()
        with Workspace.open(folder, timezone="UTC") as ws:
            reports = {path.stem: ws.import_file(path) for path in files}
            ws.prepare()  # as the page does after an import
        home.remember(folder)
        for path in files[:-1]:
            path.unlink()
        return home.home(), folder, reports, files[-1]


@pytest.fixture
def ws(_panel):
    with Workspace.open(_panel[1]) as workspace:
        yield workspace


@pytest.fixture
def shop(_panel, monkeypatch):
    """The panel as the workspace that was open last."""
    monkeypatch.setenv("OMNI_HOME", str(_panel[0]))
    return _panel[1]


def test_every_row_of_every_file_gets_in(_panel, raw):
    rows = {"transactions": len(raw["transactions"]), "products": len(raw["products"]),
            "customers": len(raw["demographics"]), "sends": len(raw["campaigns"])}
    tables = {"transactions": "events", "products": "products", "customers": "customers",
              "sends": "sends"}
    for name, report in _panel[2].items():
        assert report.status == "imported", (name, report.code, report.questions)
        assert report.table == tables[name]
        assert report.rows_in == report.accepted == rows[name]
        assert not report.questions and report.rejects.empty


def test_the_shop_counts_what_pandas_counts(ws, raw):
    lines = raw["transactions"]
    row = ws.query("summary").iloc[0]
    assert row.shoppers == lines.household_id.nunique()
    assert row.orders == lines.basket_id.nunique()
    assert row.revenue == pytest.approx(lines.sales_value.sum(), abs=0.005)
    month = lines[lines.transaction_timestamp.dt.month == 5]
    may = ws.query("summary", start="2017-05-01", end="2017-06-01").iloc[0]
    assert (may.shoppers, may.events) == (month.household_id.nunique(), len(month))
    assert may.revenue == pytest.approx(month.sales_value.sum(), abs=0.005)


def test_ages_products_and_hours_are_those_of_the_files(ws, raw):
    lines = raw["transactions"]
    bands = ws.query("age_histogram").set_index("band").shoppers
    given = raw["demographics"].age.value_counts()
    assert sorted(bands.drop("unknown")) == sorted(given)
    assert bands["65+"] == given["65+"] and list(bands.index)[-1] == "unknown"
    assert bands.sum() == lines.household_id.nunique()

    best = lines.groupby("product_id").agg(n=("basket_id", "size"), paid=("sales_value", "sum"))
    best = best.sort_values("n", ascending=False).head(10)
    top = ws.query("top_products").head(10)
    assert top["item"].astype("int64").tolist() == best.index.tolist()
    assert top.purchases.tolist() == best.n.tolist()
    assert top.revenue.tolist() == pytest.approx(best.paid.tolist(), abs=0.005)
    names = raw["products"].set_index("product_id").product_type
    assert top.name.tolist() == names.loc[best.index].tolist()

    when = lines.transaction_timestamp.dt
    hours = lines.groupby([when.day_of_week + 1, when.hour]).size()
    mine = ws.query("hour_by_weekday").set_index(["weekday", "hour"]).events
    assert mine.to_dict() == hours.to_dict()


def test_campaigns_and_answers_are_those_of_the_files(ws, raw):
    mine = campaigns(ws).set_index("campaign").rename(int)
    assert mine.people.to_dict() == raw["campaigns"].groupby("campaign_id").size().to_dict()
    pairs = raw["campaigns"].merge(raw["coupon_redemptions"], on=["campaign_id", "household_id"])
    first = pairs.groupby(["campaign_id", "household_id"]).redemption_date.min().reset_index()
    begun = raw["campaign_descriptions"].set_index("campaign_id").start_date
    first = first[first.redemption_date >= first.campaign_id.map(begun)]
    answered = first.groupby("campaign_id").size()
    assert mine.answers[mine.answers > 0].to_dict() == answered.to_dict()


@pytest.mark.parametrize(
    ("page", "language"),
    # these are dear here; in the other language they are driven on the sample shop
    [(p, code) for p in PAGES for code in LANGUAGES
     if p not in DEAR or code == DEAR[p]])
def test_every_page_stands_on_it(open_page, shop, page, language):
    at = open_page(page, language)
    assert at.title and at.title[0].value
    text = words(at)
    # what stands between dollars is a formula; the service page names the gaps of a reply
    unfilled = set(re.findall(r"\{(\w*)\}", re.sub(r"\$[^$\n]+\$", "", text)))
    assert unfilled <= set(GAPS), unfilled - set(GAPS)
    shown = "\n".join(str(e.value) for e in [*at.metric, *at.dataframe, *at.text]) + text
    if page in ("start", "behaviour"):
        with Workspace.open(shop) as ws, use_language(language):
            row = ws.query("summary").iloc[0]
            assert number(row.shoppers) in shown and number(row.orders) in shown
    if page == "behaviour":
        ages = json.loads(at.get("plotly_chart")[1].proto.spec)["data"][0]
        assert len(ages["x"]) == 7
    if page == "data":
        assert sum(str(b.key).startswith("undo_") for b in at.button) == 4
    if page == "recommend":  # goods that go together are counted beside the page
        finish(at, lambda: bool(at.metric))
    if page in ("recommend", "targeting"):
        assert at.metric and at.get("plotly_chart")
        assert all(m.value not in ("", "–") for m in at.metric[:2])


def test_undo_takes_one_file_out_and_it_can_come_back(_panel, ws, raw):
    before, bands = ws.counts(), ws.query("age_histogram")
    ws.undo(_panel[2]["sends"].import_id)
    assert ws.counts() == before | {"sends": 0}
    again = ws.import_file(_panel[3])
    assert again.accepted == len(raw["campaigns"]) and ws.counts() == before
    pd.testing.assert_frame_equal(ws.query("age_histogram"), bands)
