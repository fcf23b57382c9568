"""The start page: the two ways in, the language, the frame that all pages share."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from omni_core import home, sample
from omni_core.i18n import LANGUAGES, _, use_language
from omni_core.workspace import Workspace
from pages.ui import shell
from tests.app.conftest import ROOT, assert_well, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_visit_promises_and_offers_two_ways(open_page, language):
    at = open_page(language=language)
    text = words(at)
    assert {"en": "Nothing is sent", "zh": "数据不会外传"}[language] in text
    assert [b.key for b in at.button] == ["open_sample", "use_own"]
    assert not at.metric


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_shop_shows_its_numbers_under_a_ribbon(open_page, sample_shop, language):
    at = open_page(language=language)
    assert {"en": "Sample", "zh": "示例"}[language] in at.markdown[0].value
    assert len(at.metric) == 4 and all(m.value not in ("", "–", "0") for m in at.metric)
    with Workspace.open(sample_shop) as ws:
        assert at.metric[0].value.replace(",", "") == str(ws.query("summary")["shoppers"].iloc[0])


def test_one_click_opens_the_sample_and_the_next_session_comes_back_to_it(
    open_page, _sample_home, monkeypatch
):
    monkeypatch.setenv("OMNI_HOME", str(_sample_home))
    (home.home() / "last.json").unlink(missing_ok=True)
    at = open_page()
    at.button(key="open_sample").click().run()
    assert_well(at)
    assert len(at.metric) == 4
    assert home.last_opened() == sample.open_sample().resolve()
    assert len(open_page().metric) == 4


def test_a_changed_sample_is_built_anew_and_an_interrupted_one_never_used(tmp_path, monkeypatch):
    source = tmp_path / "files"
    source.mkdir()
    for name in sample.FILES:
        path = sample.SOURCE / f"{name}.csv"
        if not path.is_file():
            pytest.skip("the sample shop's files are not there")
        lines = path.read_text("utf-8-sig").splitlines()[:40]
        (source / path.name).write_text("\n".join(lines) + "\n", "utf-8")
    shares = []

    def stop(share, words):
        shares.append(share)
        if share > 0.3:
            raise KeyboardInterrupt  # as a rerun or Ctrl-C would

    with pytest.raises(KeyboardInterrupt):
        sample.open_sample(stop, source)
    assert shares and not [p for p in home.home().iterdir() if "sample" in p.name]
    first = sample.open_sample(source=source)
    assert sample.open_sample(source=source) == first and sample.is_sample_folder(first)
    with (source / "reviews.csv").open("a", encoding="utf-8") as out:
        out.write("\n")
    second = sample.open_sample(source=source)
    assert second != first and not first.exists()


LOG = b"user,item,event,time\nu1,p1,view,2026-01-01 09:00\nu2,p1,view,2026-01-01 10:00\n"


def shop_with(data=LOG):
    folder = home.new_workspace()
    with Workspace.open(folder, timezone="UTC") as ws:
        assert ws.import_file(data=data, name="log.csv").status == "imported"
    home.remember(folder)
    return folder


def begun():
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


@pytest.mark.parametrize("with_backup", [True, False])
def test_a_broken_store_gets_a_sentence_a_backup_and_ways_on(own_home, with_backup):
    folder = shop_with()
    if with_backup:
        with Workspace.open(folder) as ws:
            ws.backups.make()
    (folder / "omni.duckdb").write_bytes(b"not a store at all" * 100)
    at = begun()
    assert not at.exception and len(at.error) == 1 and "Traceback" not in at.error[0].value
    if with_backup:
        at.button(key="stuck_restore_0").click().run()
        assert_well(at)
        assert at.metric[0].value == "2" and home.last_opened() == folder.resolve()
    else:
        at.button(key="stuck_new").click().run()
        assert_well(at)
        assert home.last_opened() != folder.resolve()
        # and nothing of the damaged one is lost: it is on the list, with its way on
        at.button(key=f"shop_open_{folder.name}").click().run()
        assert len(at.error) == 1 and at.get("file_uploader")
    damaged = [*folder.glob("damaged-*.duckdb"), folder / "omni.duckdb"][0]
    assert damaged.read_bytes().startswith(b"not a store")


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_shops_are_begun_named_opened_and_taken_off_the_list(open_page, language):
    first = shop_with()
    at = open_page(language=language)
    at.text_input(key="shop_name").set_value(" <b>Tea</b>  &  cups ")
    submit(at, "Begin", language)
    assert_well(at)
    second = home.last_opened()
    assert [s.name for s in home.shops()] == ["<b>Tea</b> & cups", ""] and not at.metric
    assert "\\<b\\>Tea" in " ".join(m.value for m in at.sidebar.caption)
    at.button(key=f"shop_open_{first.name}").click().run()
    assert_well(at)
    assert at.metric[0].value == "2" and home.last_opened() == first.resolve()
    assert at.query_params["shop"] == first.name
    home.remember(second)  # as another tab does
    for asked, opened in ((first.name, "2"), ("../" + first.name, None)):
        tab = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        tab.query_params["shop"] = asked
        tab.run()
        assert [m.value for m in tab.metric[:1]] == ([opened] if opened else []), asked
    home.remember(first)
    at.text_input(key=f"shop_name_{first.name}").set_value("Old")
    submit(at, "Save", language)
    assert [s.name for s in home.shops()] == ["Old", "<b>Tea</b> & cups"]
    at.button(key=f"shop_off_{first.name}").click().run()
    assert_well(at)
    assert home.workspaces() == [second] == [home.last_opened()] and not at.metric
    assert (first / "omni.duckdb").exists() and str(first) in re.sub(r"\\(.)", r"\1", words(at))
    at.button(key=f"shop_back_{first.name}").click().run()
    at.button(key=f"shop_open_{first.name}").click().run()
    assert at.metric[0].value == "2"


def submit(at, label, language):
    """Press the first button of a form with this label."""
    with use_language(language):
        wanted = _(label)
    next(b for b in at.button if b.label == wanted).click().run()


def test_the_link_carries_the_language(open_page):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.context = {"locale": "en-GB"}
    at.session_state["lang"] = "zh"
    assert "数据不会外传" in words(at.run())


@pytest.mark.parametrize(
    "hostile",
    ["[a](javascript:x)", ":red[x] :smile: $x$ `x`", "<b>&amp;</b>", "# x\n- y", "a|b~c~\\"],
)
def test_literal_text_escapes_every_mark_and_loses_none(hostile):
    escaped = shell.literal(hostile)
    assert re.sub(r"\\(.)", r"\1", escaped) == " ".join(hostile.split())
    assert not re.search(r"(?<!\\)(\\\\)*[\[\]<>:$`#*_~|&-]", escaped)


def test_both_themes_have_the_colours_of_the_charts():
    import tomllib

    from omni_core.charts.theme import COLOURS

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    for theme in ("light", "dark"):
        assert config["theme"][theme]["chartCategoricalColors"] == list(COLOURS)
    assert "http" not in json.dumps(config)
